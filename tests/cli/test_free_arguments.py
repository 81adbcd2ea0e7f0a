"""Dates, spans and words without an option: `list 2020-02`, `list csr`, `upcoming 7d`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.model.text_folding import fold_text
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY


@pytest.mark.parametrize(
    ("arguments", "same"),
    [
        ("2020-02", ("--month", "2020-02")),
        ("tháng 2/2020", ("--month", "2020-02")),
        ("Tháng Hai 2020", ("--month", "2020-02")),
        ("2019", ("--year", "2019")),
        ("Q1 2020", ("--from", "2020-01", "--to", "2020-03")),
        ("20/02/2020", ("--on", "2020-02-20")),
        ("hôm nay", ("--on", "today")),
        ("tuần sau", ("--on", "next week")),
        ("2020-02-24 - 2020-02-25", ("--on", "2020-02-24..2020-02-25")),
    ],
)
def test_a_date_that_stands_alone_is_a_filter_as_one_word_or_several(
    ilocal: Ilocal, registry: Path, arguments: str, same: tuple[str, ...]
) -> None:
    expected = ilocal("list", *same)
    assert expected.out
    assert ilocal("list", *arguments.split()) == ilocal("list", arguments) == expected


def test_other_words_are_searched_each_argument_as_a_phrase(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("list", "em", "khảo sát") == ilocal("search", "em", "khảo sát")
    assert ilocal("list", "em khảo sát").out == ""


def test_dates_words_and_options_all_narrow_the_list(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("list", "2019", "2020-02-25") == ilocal("list", "--on", "2019", "--on", "2020-02-25")  # either
    assert ilocal("list", "họp", "2020", "-f", "ids").out == "2020-hop\n"
    assert ilocal("list", "2020", "họp", "--topic", "lao động trẻ em") == (0, "", "No events match.\n")
    assert ilocal("list", "2020", "--on", "2020-02-25", "-f", "ids").out == "2020-khao-sat\n"
    assert ilocal("list", "topic:csr", "-f", "ids").out == "2020-hop\n"
    assert ilocal("list", "LĐTE", "-f", "ids").out == "2020-khao-sat\n"  # an alias


@pytest.mark.parametrize(
    ("lang", "words", "code", "err"),
    [
        ("en", "thanh tar", 0, 'No events match.\ndid you mean "Thanh tra"?\n'),
        ("vi", "thanh tar", 0, 'Không có sự kiện nào khớp với điều kiện.\ný bạn là "Thanh tra"?\n'),
        ("en", "yesterday", 0, 'No events match.\n"yesterday" was read as a date; to search for the word, run: ilocal search yesterday\n'),
        ("vi", "hôm qua", 0, 'Không có sự kiện nào khớp với điều kiện.\nở đây, "hôm qua" được hiểu là ngày; để tìm theo từ, hãy gõ: ilocal search hôm qua\n'),
        ("en", "20/2", 2, 'ilocal: cannot read "20/2" as a date: the year is missing: 20/02/2020?\nhint: to search for these words, run: ilocal search 20/2\n'),
        ("vi", "20/2", 2, 'ilocal: không hiểu ngày "20/2": thiếu năm; có phải 20/02/2020?\ngợi ý: để tìm theo từ, hãy gõ: ilocal search 20/2\n'),
    ],
)  # fmt: skip
def test_what_is_none_is_said_with_the_way_out(
    ilocal: Ilocal, registry: Path, lang: str, words: str, code: int, err: str
) -> None:
    assert ilocal("--lang", lang, "list", *words.split()) == (code, "", err)


def test_no_word_of_a_title_is_taken_for_a_bad_date(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_bytes(SHIPPED_REGISTRY.read_bytes())
    titles = [
        line.partition("= ")[2] for line in SHIPPED_REGISTRY.read_text("utf-8").split("\n") if line[:5] == "title"
    ]
    words = {word for title in titles for word in fold_text(title).split()} | {"10", "may", "COVID-19", "45/2019/NĐ-CP"}
    assert len(words) > 100
    assert {word for word in words if ilocal("list", word, "-f", "ids").code} == set()


def test_a_number_alone_is_no_span(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("upcoming", "7") == (
        2, "", 'ilocal: "7" is not a time span\nhint: write 7d for 7 days, 7w for 7 weeks, 7m for 7 months\n',
    )  # fmt: skip
    assert ilocal("--lang", "vi", "upcoming", "7").err == (
        'ilocal: "7" không phải là khoảng thời gian\ngợi ý: viết 7d là 7 ngày, 7w là 7 tuần, 7m là 7 tháng\n'
    )


@pytest.mark.parametrize(
    ("span", "ids"),
    [
        ("1d", "2020-hop"),
        ("5d", "2020-hop"),
        ("6d", "2020-hop 2020-khao-sat"),
        ("+6d", "2020-hop 2020-khao-sat"),
        ("1w", "2020-hop 2020-khao-sat"),
        ("1 tuần", "2020-hop 2020-khao-sat"),
        ("2 weeks", "2020-hop 2020-khao-sat"),
        ("1m", "2020-hop 2020-khao-sat"),
        ("99999y", "2020-hop 2020-khao-sat"),
        ("tuần sau", "2020-khao-sat"),
        ("next week", "2020-khao-sat"),
        ("2020-02", "2020-hop 2020-khao-sat"),
        ("25/02/2020", "2020-khao-sat"),
    ],
)
def test_upcoming_in_a_span(ilocal: Ilocal, registry: Path, span: str, ids: str) -> None:
    result = ilocal("upcoming", *span.split(), "-f", "ids")
    assert (result.code, result.out.split()) == (0, ids.split())


@pytest.mark.parametrize(
    ("arguments", "en", "vi"),
    [
        (("csr",), '"csr" is not a time span', '"csr" không phải là khoảng thời gian'),
        (("0d",), "a time span must have at least one day", "khoảng thời gian phải có ít nhất một ngày"),
        (("7d", "--days", "3"), "the time span is specified twice, as SPAN and with --days", "chỉ được nêu khoảng thời gian một lần: bằng tham số KHOẢNG hoặc bằng --days"),
        (("25/2",), 'cannot read "25/2" as a date: the year is missing: 25/02/2020?', 'không hiểu ngày "25/2": thiếu năm; có phải 25/02/2020?'),
    ],
)  # fmt: skip
def test_what_is_no_span_is_refused(
    ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], en: str, vi: str
) -> None:
    for lang, message in (("en", en), ("vi", vi)):
        result = ilocal("--lang", lang, "upcoming", *arguments)
        assert (result.code, result.out, result.err.split("\n")[0]) == (2, "", f"ilocal: {message}")
