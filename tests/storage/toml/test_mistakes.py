"""Mistakes of people who write TOML by hand: each line is named, and how it is written right."""

from __future__ import annotations

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from ilocal.i18n import messages
from ilocal.storage.toml.mistakes import find_toml_mistake
from tests.support.cli import Ilocal
from tests.support.registry import parse_registry

BY_HAND = """\
[[event]]
title = “Họp”
start = 20/12/2026
location = Huế
topics = [CSR, gỗ]

[[event]]
title = "A"
start = "20/12/2026"
end = "x"
status = "sure"
topics = 3

[[event]]
title = "B
kind: họp

[[event]]
title = "C"
start = 20/12/2026 - 22/12/2026
end =
url = https://ilo.org/x  # the page

[[event]]
title = "D"
start = 2026-12
end = 2026-02-30

[[event]]
title = "good"
"""
ENGLISH = """\
f.toml:2: title: use straight quotes: title = "Họp"
f.toml:3: start: write a date as start = 2026-12-20
f.toml:4: location: put text in quotes: location = "Huế"
f.toml:5: topics: put text in quotes: topics = ["CSR", "gỗ"]
f.toml:9: start: write "20/12/2026" as "2026-12-20"
f.toml:10: end: cannot read "x" as a date
f.toml:11: status: unknown status "sure" (tentative, confirmed, cancelled, postponed)
f.toml:12: topics: expected a list of strings
f.toml:15: title: the closing quote is missing: title = "B"
f.toml:16: kind: put = after the name of the field: kind = "họp"
f.toml:20: start: write a range on two lines: start = 2026-12-20, end = 2026-12-22
f.toml:21: end: the field has no value; leave the line out
f.toml:22: url: put text in quotes: url = "https://ilo.org/x"
f.toml:26: start: write a date as start = "2026-12"
f.toml:27: end: February 2026 has 28 days
"""
VIETNAMESE = """\
f.toml:2: title: phải dùng dấu nháy thẳng: title = "Họp"
f.toml:3: start: ngày phải viết là start = 2026-12-20
f.toml:4: location: chữ phải được đặt trong dấu nháy: location = "Huế"
f.toml:5: topics: chữ phải được đặt trong dấu nháy: topics = ["CSR", "gỗ"]
f.toml:9: start: "20/12/2026" phải viết là "2026-12-20"
"""


# A line of an event by itself, and all that is said of it, in English and in Vietnamese.
LINES = (
    ("start = 2020-02-30", "start: February 2020 has 29 days", "start: Tháng Hai 2020 có 29 ngày"),
    ("start = 30/02/2020", "start: February 2020 has 29 days", "start: Tháng Hai 2020 có 29 ngày"),
    ("exdates = [2020-04-31]", "exdates: April 2020 has 30 days", "exdates: Tháng Tư 2020 có 30 ngày"),
    (
        "start = 2020-13-01",
        "start: there is no month 13; months are 1 to 12",
        "start: không có tháng 13; tháng là từ 1 đến 12",
    ),
    (
        "start = 2020-02-25T25:00:00",
        "start: there is no hour 25; hours are 0 to 23",
        "start: không có 25 giờ; giờ là từ 0 đến 23",
    ),
    (
        "end = 2020-02-25 10:61",
        "end: there is no minute 61; minutes are 0 to 59",
        "end: không có phút 61; phút là từ 0 đến 59",
    ),
    (
        "end = 2020-02-25T24:00:00",
        "end: a day ends at 00:00 of the next one, not at 24:00",
        "end: một ngày kết thúc lúc 00:00 của ngày sau, không phải 24:00",
    ),
    (
        "start = 2020-02-25T10:00:00+25:00",
        "start: +25:00 is not an offset from UTC, which is written as +07:00",
        "start: +25:00 không phải độ lệch so với UTC; độ lệch viết như +07:00",
    ),
    (
        "start = 2020-02-25T10:00:00+7",
        "start: write a date as start = 2020-02-25T10:00:00+07:00",
        "start: ngày phải viết là start = 2020-02-25T10:00:00+07:00",
    ),
    (
        "start = 2020-02-25T10:00:00 Asia/Ho_Chi_Minh",
        'start: write the time zone in a line of its own: start = 2020-02-25T10:00:00, timezone = "Asia/Ho_Chi_Minh"',
        'start: múi giờ phải viết ở dòng riêng: start = 2020-02-25T10:00:00, timezone = "Asia/Ho_Chi_Minh"',
    ),
    (
        "start = hôm nào đó",
        "start: not a date; write a day as 2020-02-25, a time as 2020-02-25T09:00:00",
        "start: không phải ngày; viết ngày là 2020-02-25, ngày giờ là 2020-02-25T09:00:00",
    ),
    (
        "start = 1",
        'start: expected a date, found a number; write a day as 2020-02-25, a month as "2020-02"',
        'start: ở đây cần ngày, không phải số; viết ngày là 2020-02-25, tháng là "2020-02"',
    ),
    (
        "start = 20200225",
        "start: expected a date, found a number; write 2020-02-25",
        "start: ở đây cần ngày, không phải số; hãy viết 2020-02-25",
    ),
    (
        "start = 09:00",
        "start: expected a date, found a time alone; write it after its day: 2020-02-25T09:00:00",
        "start: ở đây cần ngày, không phải giờ; giờ viết sau ngày: 2020-02-25T09:00:00",
    ),
    (
        'start = "30/02/2020"',
        'start: cannot read "30/02/2020" as a date: February 2020 has 29 days',
        'start: không hiểu ngày "30/02/2020": Tháng Hai 2020 có 29 ngày',
    ),
    (
        'topics = ["A" "B"]',
        'topics: a comma is missing: topics = ["A", "B"]',
        'topics: thiếu dấu phẩy: topics = ["A", "B"]',
    ),
    (
        'topics = ["A,,B",, "C"]',
        'topics: there is one comma too many: topics = ["A,,B", "C"]',
        'topics: thừa một dấu phẩy: topics = ["A,,B", "C"]',
    ),
    (
        'topics = [, "A"]',
        'topics: there is one comma too many: topics = [ "A"]',
        'topics: thừa một dấu phẩy: topics = [ "A"]',
    ),
    ('topics = [\n"A"\n"B"\n]', '+1 topics: a comma is missing: "A",', '+1 topics: thiếu dấu phẩy: "A",'),
    (
        'topics = ["A", B\nurl = "https://x.vn"',
        'topics: the closing bracket is missing: topics = ["A", "B"]',
        'topics: thiếu dấu ] đóng: topics = ["A", "B"]',
    ),
    (
        'topics = [\n"A",\nurl = "https://x.vn"',
        "topics: the list has no closing bracket ]",
        "topics: danh sách chưa có dấu ] đóng",
    ),
    (
        'topics = [\n"A",\nB,\n]',
        '+2 topics: put text in quotes: "B",',
        '+2 topics: chữ phải được đặt trong dấu nháy: "B",',
    ),
    (
        'topics = "A", "B"',
        'topics: a list needs brackets: topics = ["A", "B"]',
        'topics: danh sách phải đặt trong ngoặc vuông: topics = ["A", "B"]',
    ),
    (
        'title = "B"',
        "title: the field is set in line 2 already; leave one of the two lines out",
        "title: trường này đã có ở dòng 2; hãy bỏ một trong hai dòng",
    ),
    (
        'location = "Huế""',
        'location: there is one quote too many: location = "Huế"',
        'location: thừa một dấu nháy: location = "Huế"',
    ),
    (
        'location = "Nhà "Rông""',
        "location: a text with quotes in it needs single quotes around it: location = 'Nhà \"Rông\"'",
        "location: chữ có dấu nháy kép bên trong thì đặt trong dấu nháy đơn: location = 'Nhà \"Rông\"'",
    ),
    (
        r'source = "C:\Users"',
        r"source: a text with a backslash needs single quotes around it: source = 'C:\Users'",
        r"source: chữ có dấu \ thì đặt trong dấu nháy đơn: source = 'C:\Users'",
    ),
    (
        'description = """\nab\n\nc',
        'description: the text has no closing """',
        'description: chữ chưa có """ đóng',
    ),
    (
        'description = "ab\nc d"',
        'description: a text of several lines needs three quotes at both ends: description = """…"""',
        'description: chữ nhiều dòng cần ba dấu nháy ở cả hai đầu: description = """…"""',
    ),
    (
        'location = "Huế", url = "https://x.vn"',
        'location: write url in a line of its own: url = "https://x.vn"',
        'location: url phải viết ở dòng riêng: url = "https://x.vn"',
    ),
    (
        'location "Huế"',
        'location: put = after the name of the field: location = "Huế"',
        'location: sau tên trường phải là dấu =: location = "Huế"',
    ),
    (
        "location",
        "location: the field has no value; leave the line out",
        "location: trường này chưa có giá trị; hãy bỏ dòng này",
    ),
    (
        "url = null",
        "url: the field has no value; leave the line out",
        "url: trường này chưa có giá trị; hãy bỏ dòng này",
    ),
    (
        "địa điểm: Huế",
        'địa điểm: this field is called location: location = "Huế"',
        'địa điểm: trường này tên là location: location = "Huế"',
    ),
    (
        'số phòng = "3"',
        'số phòng: a name of other than plain letters needs quotes: "số phòng" = "3"',
        'số phòng: tên có dấu hoặc có khoảng trống phải đặt trong dấu nháy: "số phòng" = "3"',
    ),
    ('= "Huế"', "the name of the field is missing before =", "thiếu tên trường trước dấu ="),
    (
        "start == 2020-02-25",
        "start: one = is enough: start = 2020-02-25",
        "start: chỉ cần một dấu =: start = 2020-02-25",
    ),
    (
        "revision = 1,",
        "revision: no comma at the end: revision = 1",
        "revision: cuối dòng không có dấu phẩy: revision = 1",
    ),
    (
        "revision = 01",
        "revision: a number does not begin with 0: revision = 1",
        "revision: số không bắt đầu bằng 0: revision = 1",
    ),
    (
        "open = True",
        "open: true and false are written in small letters: open = true",
        "open: true và false phải viết thường: open = true",
    ),
    (
        '[[event.section]\nheading = "a"',
        "write the header as [[event.section]]",
        "dòng đầu mục phải viết là [[event.section]]",
    ),
)


@pytest.mark.parametrize(("line", "english", "other"), LINES, ids=[line for line, _english, _other in LINES])
def test_a_mistake_in_a_line_is_named_in_both_languages_and_hides_no_other_event(
    line: str, english: str, other: str
) -> None:
    registry = parse_registry(
        f'[[event]]\ntitle = "A"\n{line}\n\n[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-02-26\n'
    )
    assert list(registry.events) == ["b"]
    for language, said in (("en", english), ("vi", other)):
        with messages.use_language(language):
            found = [problem.format_with_file("f.toml") for problem in registry.diagnostics]
        later, text = (int(said[1]), said[3:]) if said[0] == "+" else (0, said)  # lines after the first
        assert found == [f"f.toml:{3 + later}: {text}"]


@pytest.mark.parametrize("header", ["[event", "[[event]", "[event]", "[[event]]]"])
def test_a_header_with_the_wrong_brackets_is_shown_as_it_is_written(ilocal: Ilocal, header: str) -> None:
    with open("events.toml", "w", encoding="utf-8") as file:
        file.write(f'[[event]]\nid = "a"\ntitle = "A"\n\n{header}\nid = "b"\ntitle = "B"\n')
    code, out, _err = ilocal("check")
    assert (code, out) == (3, "events.toml:5: write the header as [[event]]\n")


def list_problems() -> str:
    registry = parse_registry(BY_HAND)
    assert [event.title for event in registry.events.values()] == ["good"]
    return "".join(problem.format_with_file("f.toml") + "\n" for problem in registry.diagnostics)


def test_each_mistake_is_named_with_its_line_and_how_it_is_written_right() -> None:
    assert list_problems() == ENGLISH


def test_mistakes_are_named_in_vietnamese(vietnamese: None) -> None:
    assert list_problems().startswith(VIETNAMESE)


def test_an_event_with_several_errors_is_one_rejected_event_of_an_import(ilocal: Ilocal) -> None:
    with open("in.toml", "w", encoding="utf-8") as file:
        file.write(BY_HAND)
    assert ilocal("init").code == 0
    result = ilocal("import", "in.toml")
    assert result.err.splitlines()[-1].startswith("1 new, 0 updated, 0 unchanged, 5 rejected")


@given(st.text(st.characters(exclude_characters="\n"), max_size=40))
def test_what_is_proposed_is_toml(value: str) -> None:
    mistake = find_toml_mistake(f"title = {value}")
    if mistake is not None:
        assert tomli.loads(mistake.correction).keys() <= {"title"}
