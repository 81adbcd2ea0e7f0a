"""Web pages as text: the real ones whole, layouts of other offices, and pages made at random with their expected events."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import Diagnostic, UsageError
from ilocal.formats import page
from ilocal.formats.base import ReadOptions
from ilocal.model.date_names import MONTH_NAMES
from ilocal.model.dates import Month, format_iso_date
from ilocal.model.event import Event
from tests.support.cli import Ilocal
from tests.support.paths import PAGES

HOW = ReadOptions(date(2020, 2, 1))
EXPECTED = json.loads((PAGES / "expected.json").read_text(encoding="utf-8"))


def read_page(text: str) -> tuple[list[Event], list[Diagnostic]]:
    found = list(page.load(text, HOW))
    return [item for item in found if isinstance(item, Event)], [item for item in found if isinstance(item, Diagnostic)]


def join_lines(text: str) -> str:
    """Paragraphs as they are, lines inside them joined."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text.strip()))


# ----------------------------------------------------------------------------------------------------- the real pages


def test_the_first_seed_whole() -> None:
    text = (PAGES / "listing-vi.txt").read_text(encoding="utf-8")
    events, problems = read_page(text)
    assert problems == []
    # Every line of the page is its title, or a title, a date or a description of the events, in their order.
    said: list[str] = []
    heading = None
    for event in events:
        assert isinstance(event.start, date)
        month = f"Tháng {MONTH_NAMES['vi'][event.start.month - 1]} {event.start.year}"
        said += [month] * (month != heading) + [event.title]
        heading = month
        end = f" - {event.end:%Y/%m/%d}" if isinstance(event.end, date) else ""
        said += [f"{event.start:%Y/%m/%d}{end}", *([event.description] if event.description else [])]
    lines = [re.sub("^ [0-9]+[.] ", "", line).strip() for line in text.split("\n") if line.strip()]
    assert (len(events), said) == (20, lines[1:])


def test_the_second_seed_whole() -> None:
    text = (PAGES / "event-vi.txt").read_text(encoding="utf-8")
    (event,), problems = read_page(text)
    assert [problem.format_with_file("f") for problem in problems] == [
        "f:1: start: no date on the page; the event is imported without a date"
    ]
    assert [section.heading for section in event.sections] == [
        "Bối cảnh",
        "Chủ đề chính",
        "Mục tiêu",
        "Đại biểu tham dự",
    ]
    parts = [event.title, event.summary, *(part for s in event.sections for part in (s.heading, s.body))]
    lines = [line.strip().replace("• ", "- ") for line in text.split("\n") if line.strip()]
    assert [line for part in parts for line in part.split("\n") if line] == lines


@pytest.mark.parametrize("name", ["listing-vi", "event-vi"])
def test_a_page_saved_with_decomposed_letters_or_other_line_ends_is_the_same_page(name: str) -> None:
    text = (PAGES / f"{name}.txt").read_text(encoding="utf-8")
    assert read_page(normalize("NFD", text)) == read_page(text)
    assert read_page(text.replace("\n", "\r\n").replace("  ", "\u00a0 ")) == read_page(text)


# ------------------------------------------------------------------------------------------------------- other layouts


@pytest.mark.parametrize("name", EXPECTED)
def test_a_layout(name: str) -> None:
    events, problems = read_page((PAGES / f"{name}.txt").read_text(encoding="utf-8"))
    found = [
        {
            "title": event.title,
            **({"start": format_iso_date(event.start)} if event.start else {}),
            **({"end": format_iso_date(event.end)} if event.end else {}),
            **({"desc": join_lines(event.description)} if event.description else {}),
        }
        for event in events
    ]
    keys = ("title", "start", "end", "desc")
    assert found == [{key: wanted[key] for key in keys if key in wanted} for wanted in EXPECTED[name]["events"]]
    assert set(EXPECTED[name]["lines_named"]) <= {problem.line for problem in problems}


@pytest.mark.parametrize("name", [*EXPECTED, "listing-vi", "event-vi"])
def test_importing_a_page_twice_changes_nothing_the_second_time(ilocal: Ilocal, name: str) -> None:
    ilocal("init", "events.toml")
    path = str(PAGES / f"{name}.txt")
    first = ilocal("import", path)
    assert first.code == 0
    before = ilocal("list", "-f", "toml").out
    second = ilocal("import", path)
    assert (second.code, second.out) == (0, "")
    assert ilocal("list", "-f", "toml").out == before


@pytest.mark.parametrize(
    ("text", "titles", "said"),
    [
        # An agenda is no list of events, neither in a description nor on an event's page.
        ("May 2020\n\n1. A\n\n2 May 2020\n\nAgenda:\n\n1. 9:15-10:15 Opening\n\n2. 10h30 Panel\n\n2. B\n\n3 May 2020\n",
         ["A", "B"], []),
        ("Meeting\n\n2 May 2020\n\nAgenda\n\n1. 9:15-10:15\n\n2. 10:30 Panel\n", ["Meeting"], []),
        ("1. 9:15-10:15\n\n17 September 2020\n", None, []),
        # A date that contradicts its heading is kept, and said.
        ("May 2020\n\n1. A\n\n2 June 2020\n", ["A"], ["f:5: start: 2020/06/02 is below the heading May 2020; the date was used"]),
        # The same meeting twice with other text is two events, and said.
        ("1. A\n\n2 May 2020\n\nOne.\n\n2. A\n\n2 May 2020\n\nTwo.\n", ["A", "A"],
         ["f:7: title: same title and date as on line 1; both events are kept"]),
        # An event of which only the month is known.
        ("May 2020\n\n 1. A\n\n  2 May 2020\n\n 2. B: “C” & 'D' 2021\n\n  Text.\n", ["A", "B: “C” & 'D' 2021"],
         ["f:7: start: no date below the title; May 2020 was used instead"]),
        ("May 2020\n\n1. A\n\n31 - 32 May 2020\n\nText.\n\n2. B\n\n3 May 2020\n", ["B"],
         ["f:5: start: cannot read \"31 - 32 May 2020\" as a date: May 2020 has 31 days"]),
        # A page without blank lines, and a date that is none.
        ("1. A\n20 February 2020\ntext\n2. B\n20 February 2020 | Hanoi\n3. C\n22 February 2020\n", ["A", "B 20 February 2020 | Hanoi", "C"],
         ["f:4: start: no date below the title; the event is imported without a date"]),
        # Date and place in one block below the title.
        ("Workshop\n\nDate: 25 February 2020\nVenue: Hanoi\n\nBackground\n\nText.\n", ["Workshop"], []),
        # No events at all.
        ("", None, []), ("\n \n", None, []), ("Sự kiện\n\nTháng Hai 2020\n\nKhông có.\n", None, []),
        ("Hello\n\nThis is prose.\n", None, []), ("<p>Workshop</p>\n\n2 May 2020\n", None, []), ("A\0\n\n2 May 2020\n", None, []),
    ],
)  # fmt: skip
def test_small_pages(text: str, titles: list[str] | None, said: list[str]) -> None:
    if titles is None:
        with pytest.raises(UsageError):
            read_page(text)
        return
    events, problems = read_page(text)
    assert [event.title for event in events] == titles
    assert [problem.format_with_file("f") for problem in problems] == said


# --------------------------------------------------------------------------------------------------------------- a law

TITLES = st.sampled_from([
    "Khảo sát cuối kì", 'Họp "Nhóm cố vấn CSR"', "100 năm ILO – Con đường", "SCORE - Tập huấn 3 doanh nghiệp", "Q&A: how many?",
    "“Future of work”: 2030", "Launch: Report 2020/21", "4.0 & jobs (part 2)", "ILO/JICA: 5th meeting, no. 7", "2020 Forum",
])  # fmt: skip
PARAGRAPHS = st.sampled_from([
    "Khoảng 30 người sẽ tham dự vào ngày 20/2 tại Hà Nội.", "It runs from 25 - 29 February 2020 at 9:15.", "- một\n- hai",
    "Chủ đề: việc làm & kỹ năng.", "1. 9:15-10:15 Opening",
])  # fmt: skip


@st.composite
def listings(draw: st.DrawFn) -> tuple[str, list[Event]]:
    """Draw a listing page and its events, with or without headings, in either language, in varied formats."""
    lang, headed = draw(st.sampled_from(["vi", "en"])), draw(st.booleans())
    number, body = draw(st.sampled_from([(" ", "  "), ("", ""), (" ", "\t"), ("  ", "     ")]))
    days = sorted(draw(st.lists(st.dates(date(2019, 6, 1), date(2020, 6, 30)), min_size=1, max_size=6)), reverse=True)
    lines = list(draw(st.sampled_from([[], ["Events", "", "Skip to content", ""]])))
    events: list[Event] = []
    heading, n = None, 0
    for day in days:
        month = Month(day.year, day.month)
        if headed and month != heading:
            name = MONTH_NAMES[lang][month.month - 1]
            lines += [f"Tháng {name} {month.year}" if lang == "vi" else f"{name} {month.year}", ""]
            heading, n = month, 0
        n += 1
        title = draw(TITLES) + f" {len(events)}"
        end = day + timedelta(days=draw(st.sampled_from([0, 0, 1, 20])))
        paragraphs = draw(st.lists(PARAGRAPHS, max_size=2))
        shown = [line for paragraph in paragraphs for line in [*(body + part for part in paragraph.split("\n")), ""]]
        lines += [f"{number}{n}. {title}", "", body + draw(written_days(day, end)), "", *shown]
        events.append(
            Event(title, start=day, end=end if end != day else None, description="\n\n".join(paragraphs))
        )  # fmt: skip
    return "\n".join(lines), events


@st.composite
def written_days(draw: st.DrawFn, first: date, last: date) -> str:
    """Two days as pages print them."""
    en = [MONTH_NAMES["en"][day.month - 1] for day in (first, last)]
    if first == last:
        single = [
            f"{first:%Y/%m/%d}",
            f"{first.day} {en[0]} {first.year}",
            f"{first.day} tháng {first.month} năm {first.year}",
        ]
        return draw(st.sampled_from(single))
    ways = [f"{first:%Y/%m/%d} - {last:%Y/%m/%d}", f"{first.day} {en[0]} {first.year} – {last.day} {en[1]} {last.year}"]
    if first.year == last.year:
        ways.append(f"{first.day} {en[0]} - {last.day} {en[1]} {last.year}")
    if first.month == last.month and first.year == last.year:
        ways.append(f"{first.day} - {last.day} {en[0]} {last.year}")
    return draw(st.sampled_from(ways))


@given(listings())
def test_every_event_of_a_listing_is_read(made: tuple[str, list[Event]]) -> None:
    text, events = made
    assert read_page(text)[0] == events


@given(
    st.lists(
        st.one_of(PARAGRAPHS, TITLES, st.sampled_from(["1. A", "2020/02/25", "May 2020", "31 May 2019", "B"])),
        max_size=9,
    )
)
def test_every_line_of_any_page_is_in_an_event_or_named(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    try:
        events, problems = read_page(text)
    except UsageError:
        return
    kept = "\n".join(
        "\n".join((event.title, event.summary, event.description, *(f"{s.heading}\n{s.body}" for s in event.sections)))
        for event in events
    )
    named = {problem.line for problem in problems}
    rejected = "\n".join(problem.text for problem in problems)
    for number, line in enumerate(text.split("\n"), 1):
        bare = re.sub("^[0-9]+[.] ", "", line)
        is_date = re.fullmatch("2020/02/25|May 2020|31 May 2019", line)
        assert not bare or is_date or number in named or bare in kept or line in rejected, (line, text)


def test_an_event_without_a_date_in_a_month_has_none_and_one_that_says_nothing_has_the_month() -> None:
    text = "Tháng Hai 2020\n\n1. Họp\nChưa có ngày\n\n2. Lễ\n\n3. Hội thảo\n2020/02/20\n"
    events, problems = read_page(text)
    assert [(event.title, event.start) for event in events] == [
        ("Họp", None), ("Lễ", Month(2020, 2)), ("Hội thảo", date(2020, 2, 20)),
    ]  # fmt: skip
    assert [(problem.line, problem.message) for problem in problems] == [
        (6, "no date below the title; February 2020 was used instead")
    ]
