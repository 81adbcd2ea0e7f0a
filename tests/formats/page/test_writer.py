"""The page as the office prints it: written line for line, and read back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.formats import page
from ilocal.formats.base import ReadOptions, WriteOptions
from ilocal.model.dates import Month, Year
from ilocal.model.event import Event
from ilocal.model.fields import STATUSES
from ilocal.model.registry_info import RegistryInfo
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.paths import PAGES, SHIPPED_REGISTRY
from tests.support.registry import parse_registry

HOW = ReadOptions(date(2020, 2, 20))


def dump_page(events: list[Event], lang: str = "vi") -> tuple[str, list[str]]:
    how = WriteOptions(registry_info=RegistryInfo(title="Sự kiện"), lang=lang)
    return "".join(page.dump(events, how)), how.notes


def describe_event(event: Event) -> tuple[object, ...]:
    paragraphs = [line.split() for line in event.description.split("\n") if line.strip()]
    status = "" if event.status == "confirmed" else event.status  # which is what an event is that says nothing
    facts = status, event.location, event.kind, event.topics, event.url, event.rrule, event.rdates, event.exdates
    return event.title.split(), event.start, event.end or event.start, facts, paragraphs


def test_the_page_of_the_office_is_given_back_line_for_line(ilocal: Ilocal) -> None:
    ilocal("--lang", "vi", "init")
    ilocal("import", str(PAGES / "listing-vi.txt"))
    listed = ilocal("list", "-f", "page")
    assert listed.out.splitlines() == (PAGES / "listing-vi.txt").read_text(encoding="utf-8").splitlines()
    assert listed.err == ""


MIXED = [
    Event("Họp\tquý", start=datetime(2020, 2, 20, 8, 30), end=datetime(2020, 2, 20, 10), location="Hà Nội"),
    Event("Hội thảo", start=date(2020, 2, 3), description="Gồm:\n\n- một\n  hai\n- ba\n\nHết.", topics=("CSR",)),
    Event("Gọi", start=datetime(2020, 1, 5, 9, tzinfo=UTC), description="1. A\n\n2020/02/25\n\nTháng Hai 2020"),
    Event("Đào tạo", start=Month(2019, 11), end=Month(2019, 12)),
    Event("Năm việc làm", start=Year(2019)),
    Event("Hội nghị", description="To be announced"),
    Event("Diễn đàn"),
]  # fmt: skip
LAID_OUT = """\
Sự kiện

Tháng Hai 2020

 1. Họp quý

  2020/02/20 08:30 - 10:00
  Địa điểm: Hà Nội

 2. Hội thảo

  2020/02/03
  Chủ đề: CSR

  Gồm:

    • một
      hai
    • ba

  Hết.

Tháng Một 2020

 1. Gọi

  2020/01/05 09:00 UTC+00:00

  1. A

  2020/02/25

  Tháng Hai 2020

Tháng Mười Một 2019

 1. Đào tạo

  2019/11 - 2019/12

Năm 2019

 1. Năm việc làm

  2019

Chưa có ngày

 1. Hội nghị

  Chưa có ngày

  To be announced

 2. Diễn đàn

  Chưa có ngày
"""


def test_events_of_every_precision_are_laid_out() -> None:
    assert dump_page(MIXED) == (LAID_OUT, [])


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("events", [MIXED, MIXED[:1], MIXED[-1:], MIXED[4:5]])
def test_events_of_every_precision_are_read_back(lang: str, events: list[Event]) -> None:
    text, _ = dump_page(events, lang)
    found = list(page.load(text, HOW))
    assert [describe_event(item) for item in found if isinstance(item, Event)] == [
        describe_event(event) for event in events
    ]
    assert [item for item in found if not isinstance(item, Event)] == []  # not even the page's own title


def test_what_the_page_cannot_say_is_noted() -> None:
    event = Event("9:15 Họp", start=date(2020, 2, 20), description="# Một", projects=("RSCA",), id="a", revision=3)
    text, notes = dump_page([event, Event("B", start=date(2020, 2, 1), description="x\x1b[0m")])
    assert notes == ["fields not included in the page: projects (1 event)", "2 events would change if imported again"]
    assert "  x\\x1b[0m\n" in text


def test_what_recurs_is_one_event_of_which_something_is_left_out() -> None:
    times = [Event("Họp", start=date(2020, 2, n), id="a", projects=("RSCA",)) for n in (3, 10, 17)]
    assert dump_page(times)[1] == ["fields not included in the page: projects (1 event)"]
    assert dump_page([Event("A", projects=("x",)), Event("B", projects=("x",))])[1] == [
        "fields not included in the page: projects (2 events)"
    ]


LINES = st.sampled_from([
    "Khoảng 30 người vào ngày 20/2.", "- một", "- hai", "  hai rưỡi", "1. 9:15-10:15 Khai mạc", "2. Họp", "2020/02/25", "",
    "May 2020", "“Tương lai”: việc làm", "# Một", "To be announced", "2020", "• ba",
])  # fmt: skip
DESCRIPTIONS = st.lists(LINES, max_size=5).map("\n".join)


RULES = [
    "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "FREQ=DAILY;COUNT=4",
    "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=YEARLY;UNTIL=20300101", "FREQ=YEARLY;BYMONTH=6;BYDAY=1MO",
]  # fmt: skip
FACTS = st.fixed_dictionaries({}, optional={
    "status": st.sampled_from(STATUSES),
    "location": strategies.titles,
    "kind": st.sampled_from(["meeting", "press", "họp kín", "a: b"]),
    "topics": st.lists(strategies.names, max_size=3, unique=True).map(tuple),
    "url": st.sampled_from(["https://ilo.example/a?b=c", "mailto:a@ilo.example", "nội bộ"]),
})  # fmt: skip


@st.composite
def simple_events(draw: st.DrawFn) -> Event:
    start, end = draw(strategies.spans())
    facts: dict[str, Any] = draw(FACTS)
    if isinstance(start, date) and draw(st.booleans()):
        further = st.lists(st.integers(1, 500).map(lambda n: start + timedelta(n)), max_size=2, unique=True).map(tuple)
        facts |= {"rrule": draw(st.sampled_from(RULES)), "rdates": draw(further), "exdates": draw(further)}
    return Event(draw(strategies.titles), start=start, end=end, description=draw(DESCRIPTIONS), **facts)


@given(st.lists(simple_events(), min_size=1, max_size=5), st.sampled_from(["vi", "en"]))
def test_what_is_not_noted_is_read_back(events: list[Event], lang: str) -> None:
    kept = [event for event in events if not dump_page([event], lang)[1]]
    if kept:
        found = page.load(dump_page(kept, lang)[0], HOW)
        assert [describe_event(item) for item in found if isinstance(item, Event)] == [
            describe_event(event) for event in kept
        ]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("style", ["ymd", "dmy", "iso"])
def test_a_list_for_people_is_not_mistaken_for_a_page(ilocal: Ilocal, registry: Path, lang: str, style: str) -> None:
    ilocal("config", "date_format", style)
    refused = {
        "en": "this is a list printed by ilocal, which cannot be imported\nhint: to import a list, write it in another format: ilocal export events.toml, .csv or .xlsx\n",
        "vi": "tệp này là danh sách mà ilocal in cho người đọc\ngợi ý: để nhập lại được, hãy xuất ra tệp dành cho việc đó: ilocal export events.toml, .csv hoặc .xlsx\n",
    }[lang]
    ilocal("add", "A", "2020-02-01", "--end", "2020-03-01")
    before = registry.read_bytes()
    for command in ("list", "upcoming"):
        Path("a.txt").write_text(ilocal("--lang", lang, command).out, encoding="utf-8")
        code, out, err = ilocal("--lang", lang, "import", "a.txt")
        assert (code, out, err.partition(": ")[0]) == (2, "", "ilocal")
        assert err.endswith(f": {refused}")
    assert registry.read_bytes() == before


def test_markdown_is_not_mistaken_for_a_page(ilocal: Ilocal, registry: Path) -> None:
    ilocal("export", "a.md")
    assert ilocal("import", "a.md") == (
        2,
        "",
        "ilocal: a.md:5: this is Markdown written by ilocal, which cannot be imported\nhint: to import a list, write it in another format: ilocal export events.toml, .csv or .xlsx\n",
    )
    Path("b.md").write_text("# Events\n\n## May 2020\n\n1. A\n\n2 May 2020\n", encoding="utf-8")
    assert ilocal("import", "b.md").out == "new 2020-a\n"


WITH_FACTS = """\
[[event]]
id = "2020-giao-ban"
title = "Giao ban"
start = 2020-02-03T08:30:00
end = 2020-02-03T10:00:00
rrule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20200630"
rdates = [2020-02-05T08:30:00]
exdates = [2020-03-02]
location = "Hà Nội, 48-50 Nguyễn Thái Học"
topics = ["CSR", "gỗ, giấy"]
kind = "meeting"
status = "cancelled"
url = "https://ilo.example/giao-ban?a=1"
summary = "Tóm tắt."
description = "Loại: không phải là dữ kiện."

[[event.section]]
heading = "Mục tiêu"
body = "Một."
"""
SAID = {
    "vi": """\
  2020/03/16 08:30 - 10:00
  Trạng thái: đã hủy
  Lặp lại: 2 tuần một lần vào thứ Hai đến 2020/06/30
  Thêm các ngày: 2020/02/05 08:30
  Bắt đầu: 2020/02/03 08:30 - 10:00
  Trừ các ngày: 2020/03/02
  Địa điểm: Hà Nội, 48-50 Nguyễn Thái Học
  Loại: họp
  Chủ đề: CSR; "gỗ, giấy"
  Liên kết: https://ilo.example/giao-ban?a=1
""",
    "en": """\
  2020/03/16 08:30 - 10:00
  Status: cancelled
  Repeats: every 2 weeks on Monday until 2020/06/30
  Also on: 2020/02/05 08:30
  Start: 2020/02/03 08:30 - 10:00
  Except on: 2020/03/02
  Location: Hà Nội, 48-50 Nguyễn Thái Học
  Kind: meeting
  Topics: CSR; "gỗ, giấy"
  Link: https://ilo.example/giao-ban?a=1
""",
}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_page_says_the_facts_of_an_event_and_gives_them_back(ilocal: Ilocal, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "events.toml"
    path.write_text(WITH_FACTS, encoding="utf-8")
    title, first, later, begun = {
        "vi": ("Sự kiện", "Tháng Hai 2020", "Tháng Ba 2020", "  Bắt đầu: 2020/02/03 08:30 - 10:00\n"),
        "en": ("Events", "February 2020", "March 2020", "  Start: 2020/02/03 08:30 - 10:00\n"),
    }[lang]
    listed = f"{title}\n\n{later}\n\n 1. Giao ban\n\n{SAID[lang]}\n  Loại: không phải là dữ kiện.\n"
    assert ilocal("--lang", lang, "list", "-f", "page").out == listed  # at the next occurrence
    shown = listed.replace(later, first).replace("  2020/03/16", "  2020/02/03").replace(begun, "")
    assert ilocal("--lang", lang, "show", "giao-ban", "-f", "page").out == shown
    ilocal("--lang", lang, "export", "a.txt")
    assert ilocal("--lang", "en", "import", "a.txt", "--update", "-f", "page").err.splitlines()[-1] == (
        "0 new, 0 updated, 1 unchanged, 0 rejected"
    )
    assert path.read_text(encoding="utf-8") == WITH_FACTS  # with its one section
    path.write_text("", encoding="utf-8")
    ilocal("import", "a.txt")
    (old,), (new,) = (parse_registry(text).events.values() for text in (WITH_FACTS, path.read_text(encoding="utf-8")))
    assert describe_event(new) == describe_event(old)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_shipped_events_are_unchanged_by_their_own_page(ilocal: Ilocal, tmp_path: Path, lang: str) -> None:
    (tmp_path / "events.toml").write_bytes(SHIPPED_REGISTRY.read_bytes())
    ilocal("--lang", lang, "export", "a.txt")
    said = ilocal("--lang", "en", "import", "a.txt", "--update").err.splitlines()[-1]
    assert said == "0 new, 0 updated, 21 unchanged, 0 rejected"
    assert (tmp_path / "events.toml").read_bytes() == SHIPPED_REGISTRY.read_bytes()


def test_facts_of_a_page_of_one_event_and_lines_that_are_none(ilocal: Ilocal) -> None:
    text = "Hội nghị\n\n25/02/2020\nĐịa điểm: Huế\nTrạng thái: hoãn\nLưu ý: mang thẻ.\n\nMục tiêu\n\nMột.\n"
    (event,) = (item for item in page.load(text, HOW) if isinstance(item, Event))
    assert (event.location, event.status, event.kind, event.summary) == ("Huế", "postponed", "", "Lưu ý: mang thẻ.")
    assert [(one.heading, one.body) for one in event.sections] == [("Mục tiêu", "Một.")]
    listed = "1. A\n25/02/2020\nStatus: who knows\nKind: press\n"
    (event,) = (item for item in page.load(listed, HOW) if isinstance(item, Event))
    assert (event.status, event.kind, event.description) == ("", "", "Status: who knows\nKind: press")
