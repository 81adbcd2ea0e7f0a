"""What is said of dates, rules and files, in the language of the run."""

from __future__ import annotations

import json as json_of_python
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import tomli
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from ilocal import grammar, language, libraries, recurrence, repeat
from ilocal.dates import EXAMPLES, Month, Year, month_heading, month_name, weekday_name
from ilocal.errors import DateError, UsageError
from ilocal.formats import Reading, json
from ilocal.language import _, kept, n_, retold
from tests.conftest import Ilocal

TODAY = date(2020, 2, 20)
BROKEN = '[registry]\ntitle = 2\n\n[[event]]\ntitle = "A\n\n[[event]]\ntitle = "B"\nend = 2020-01-01\n\n[[event]]\ntitle = "C"\nrrule = "FREQ=NO"\nstart = 2020-01-01\n\n[[event]]\ntitle = "D"\n'


@pytest.fixture
def vietnamese() -> Iterator[None]:
    language.speak("vi")
    yield
    language.speak("en")


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A third language, which is a catalogue and nothing else."""
    catalog = Catalog(locale="fr")
    for message, text in {
        "January": "janvier", "Monday": "lundi", "every week": "chaque semaine", "{rule} on {days}": "{rule}, le {days}",
        "{year}": "an {year}",
    }.items():  # fmt: skip
        catalog.add(message, text)
    catalog.add(
        ("every {n} day", "every {n} days"), ("tous les {n} jour", "tous les {n} de jours", "tous les {n} jours")
    )
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with open(folder / "ilocal.mo", "wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    yield
    language._catalogue.cache_clear()


def said(text: str) -> str:
    with pytest.raises(DateError) as error:
        grammar.read(text, TODAY)
    return error.value.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("30/02/2020", "Tháng Hai 2020 chỉ có 29 ngày"),
        ("02/25/2020", "không có tháng 25; ngày đứng trước: 25/02/2020"),
        ("monday 25/02/2020", "2020-02-25 là Thứ Ba"),
        ("2020-02-25 - 2020-02-01", "lúc kết thúc (2020-02-01) sớm hơn lúc bắt đầu (2020-02-25)"),
        ("2020-02-25 - 2020", "lúc kết thúc (một năm) phải cùng dạng với lúc bắt đầu (một ngày)"),
        ("2020-02-20 25:00", "không có giờ 25:00"),
        ("x" * 1234, "1.234 ký tự thì không phải là ngày"),
    ],
)
def test_why_a_date_cannot_be_read_is_said_in_vietnamese(vietnamese: None, text: str, why: str) -> None:
    shown = text if len(text) <= 100 else text[:100] + "…"
    assert said(text) == f'không đọc được "{shown}" như một ngày: {why}'


def test_the_examples_in_a_hint_can_be_read(vietnamese: None) -> None:
    found = _(EXAMPLES).removeprefix("hãy viết ").replace(" hoặc ", ", ").split(", ")
    assert [str(grammar.read(text.strip('"'), TODAY)) for text in found] == [
        "2020-02-25", "2020-02-25", "2020-02-25..2020-02-29", "2020-02", "2020-02", "2020-03-21", "2020-02-20",
    ]  # fmt: skip
    rules = _(repeat.EXAMPLES).removeprefix("hãy viết ").replace(" hoặc ", ", ").split(", ")
    assert [repeat.read(text.strip('"'), TODAY, TODAY) for text in rules] == [
        "FREQ=YEARLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY", "FREQ=YEARLY;UNTIL=20301231",
        "FREQ=MONTHLY;BYDAY=1MO",
    ]  # fmt: skip


def test_a_rule_that_is_none_is_refused_in_vietnamese(vietnamese: None) -> None:
    with pytest.raises(DateError) as error:
        recurrence.parse("FREQ=WEEKLY;BYDAY=XX")
    text = '"FREQ=WEEKLY;BYDAY=XX" không phải là quy tắc lặp lại: BYDAY=XX không phải là ngày trong tuần'
    assert error.value.message == text


@pytest.mark.parametrize(
    ("text", "vi"),
    [
        ("Unclosed array", "mảng chưa đóng"),
        ("Cannot declare ('a',) twice", "không thể khai báo ('a',) hai lần"),
        ("',' expected after '\"'", "cần ',' sau '\"'"),
        ("Illegal trailing comma before end of array", "thừa dấu phẩy trước khi kết thúc mảng"),
        ("day 31 must be in range 1..30 for month 4 in year 2020", "tháng này không có ngày đó"),
        ("hour must be in 0..23, not 25", "giờ phải từ 0 đến 23"),
        ("something new", "something new"),
    ],
)
def test_what_libraries_say_is_said_in_vietnamese_where_it_is_known(vietnamese: None, text: str, vi: str) -> None:
    assert libraries.told(text) == vi


def test_a_line_that_is_not_json_is_told_in_vietnamese(vietnamese: None) -> None:
    with pytest.raises(UsageError) as error:
        list(json.load('[\n{"title": "A", x}\n]', Reading(TODAY)))
    assert error.value.message == "dòng 2: không phải JSON hợp lệ: cần tên thuộc tính trong dấu ngoặc kép"


def test_a_message_is_kept_and_told_again_in_another_language() -> None:
    text = n_(
        "{name} ({n} event)", "{name} ({n} events)", 2000, name=_("line {line}: {message}", line=3, message="x{y}")
    )
    stored = kept(text)
    assert (text, retold(stored)) == ("line 3: x{y} (2,000 events)",) * 2
    language.speak("vi")
    try:
        assert retold(stored) == "dòng 3: x{y} (2.000 sự kiện)"
    finally:
        language.speak("en")
    assert retold(kept("no message of ours")) == "no message of ours"


EN = """\
{0}:2: title: text is wanted here, not a number
{0}:5: not valid TOML: illegal character '\\n'
{0}:9: end: an end without a start
{0}:13: rrule: "FREQ=NO" is no rule of recurrence: FREQ is wanted (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)
"""
VI = """\
{0}:2: title: ở đây cần chữ, không phải số
{0}:5: không phải TOML hợp lệ: ký tự không được phép '\\n'
{0}:9: end: có lúc kết thúc mà không có lúc bắt đầu
{0}:13: rrule: "FREQ=NO" không phải là quy tắc lặp lại: thiếu FREQ (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)
"""


def test_what_the_index_keeps_is_told_in_the_language_of_each_run(ilocal: Ilocal, tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text(BROKEN)
    for lang, lines in (("vi", VI), ("en", EN), ("vi", VI)):
        found = ilocal("--lang", lang, "-r", str(path), "check").out
        assert [line for line in lines.format(path).splitlines() if line not in found] == []


def test_a_third_language_is_one_catalogue(french: None) -> None:
    assert month_heading(Month(2020, 1), "fr", "") == "janvier 2020"
    assert month_heading(Year(2020), "fr", "") == "an 2020"
    assert (month_name(1, "fr"), weekday_name(0, "fr")) == ("janvier", "lundi")
    assert repeat.told("FREQ=WEEKLY;BYDAY=MO", "fr") == "chaque semaine, le lundi"
    assert repeat.told("FREQ=DAILY;INTERVAL=2", "fr") == "tous les 2 jours"
    assert month_heading(Month(2020, 2), "fr", "") == "February 2020"  # what has no translation


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\na = 2", "a = 1\n[a]", "[a]\n[a]", 'a = "', "a = '''", "a = [1", "a = {b = 1", "a = {b = 1, b = 2}", "a", "a = ",
        "[a", "[[a]", "a = 1 b", 'a = "\\x"', 'a = "\\u12"', 'a = "\\ud800"', "a = 2020-13-01", "= 1", "a = {}\n[a.b]", "a = \x01",
        'a = "\x01"', "?",
    ],
)  # fmt: skip
def test_all_that_is_said_of_broken_toml_has_a_translation(vietnamese: None, text: str) -> None:
    with pytest.raises(tomli.TOMLDecodeError) as error:
        tomli.loads(text)
    said = error.value.msg
    assert libraries.told(said) != said[:1].lower() + said[1:]


@pytest.mark.parametrize(
    "text", ["[", "{", "{1}", '{"a"}', '{"a": 1 2}', '"', '"\x01"', '"\\u12"', "1 2", "[1,]", '{"a": 1,}', "x"]
)
def test_all_that_is_said_of_broken_json_has_a_translation(vietnamese: None, text: str) -> None:
    with pytest.raises(ValueError) as error:
        json_of_python.loads(text)
    said = json.wrong_in(error.value)
    assert said != f"không phải JSON hợp lệ: {error.value.msg[:1].lower()}{error.value.msg[1:]}"  # type: ignore[attr-defined]
