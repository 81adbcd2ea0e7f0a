"""The page as the office prints it: written line for line, and read back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.formats import page
from ilocal.formats.base import ReadOptions, WriteOptions
from ilocal.model.dates import Month, Year
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.paths import PAGES

HOW = ReadOptions(date(2020, 2, 20))


def dump_page(events: list[Event], lang: str = "vi") -> tuple[str, list[str]]:
    how = WriteOptions(registry_info=RegistryInfo(title="Sự kiện"), lang=lang)
    return "".join(page.dump(events, how)), how.notes


def describe_event(event: Event) -> tuple[object, ...]:
    paragraphs = [line.split() for line in event.description.split("\n") if line.strip()]
    return event.title.split(), event.start, event.end or event.start, paragraphs


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

 2. Hội thảo

  2020/02/03

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
    assert dump_page(MIXED) == (LAID_OUT, ["not on the page: location (1 event), topics (1 event)"])


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("events", [MIXED, MIXED[:1], MIXED[-1:], MIXED[4:5]])
def test_events_of_every_precision_are_read_back(lang: str, events: list[Event]) -> None:
    text, _ = dump_page(events, lang)
    found = list(page.load(text, HOW))
    assert [describe_event(item) for item in found if isinstance(item, Event)] == [
        describe_event(event) for event in events
    ]
    assert [item.format_with_file("f") for item in found if not isinstance(item, Event)] == [
        "f:1: ignored, as it is not part of an event: Sự kiện"
    ]


def test_what_the_page_cannot_say_is_noted() -> None:
    event = Event("9:15 Họp", start=date(2020, 2, 20), description="# Một", status="cancelled", id="a", revision=3)
    text, notes = dump_page([event, Event("B", start=date(2020, 2, 1), description="x\x1b[0m")])
    assert notes == ["not on the page: status (1 event)", "2 events would be imported differently"]
    assert "  x\\x1b[0m\n" in text


def test_what_recurs_is_one_event_of_which_something_is_left_out() -> None:
    times = [Event("Họp", start=date(2020, 2, n), id="a", topics=("CSR",)) for n in (3, 10, 17)]
    assert dump_page(times)[1] == ["not on the page: topics (1 event)"]
    assert dump_page([Event("A", topics=("x",)), Event("B", topics=("x",))])[1] == [
        "not on the page: topics (2 events)"
    ]


LINES = st.sampled_from([
    "Khoảng 30 người vào ngày 20/2.", "- một", "- hai", "  hai rưỡi", "1. 9:15-10:15 Khai mạc", "2. Họp", "2020/02/25", "",
    "May 2020", "“Tương lai”: việc làm", "# Một", "To be announced", "2020", "• ba",
])  # fmt: skip
DESCRIPTIONS = st.lists(LINES, max_size=5).map("\n".join)


@st.composite
def simple_events(draw: st.DrawFn) -> Event:
    start, end = draw(strategies.spans())
    return Event(draw(strategies.titles), start=start, end=end, description=draw(DESCRIPTIONS))


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
        "en": "this is a list that ilocal printed for people\nhint: use -f toml for a list that ilocal can import\n",
        "vi": "đây là danh sách mà ilocal in ra cho người đọc\ngợi ý: để có danh sách đọc lại được: -f toml\n",
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
        "ilocal: a.md:5: this is Markdown that ilocal wrote\nhint: use -f toml for a list that ilocal can import\n",
    )
    Path("b.md").write_text("# Events\n\n## May 2020\n\n1. A\n\n2 May 2020\n", encoding="utf-8")
    assert ilocal("import", "b.md").out == "new 2020-a\n"
