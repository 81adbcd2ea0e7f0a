"""Occurrences of a series within days asked for, with those that are excluded or otherwise."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import DateRange, Month, PartialDate, Year
from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.occurrences import list_occurrences
from ilocal.model.query import Query
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.recurrence import list_starts


def test_an_excluded_start_is_left_out_and_a_day_excludes_its_times() -> None:
    start = datetime(2020, 3, 2, 9)
    assert list_starts(start, "FREQ=DAILY;COUNT=4", exdates=(start, date(2020, 3, 4))) == [
        datetime(2020, 3, 3, 9), datetime(2020, 3, 5, 9),
    ]  # fmt: skip


def test_a_month_recurs_as_a_month_and_a_year_as_a_year() -> None:
    assert list_starts(Month(2020, 11), "FREQ=MONTHLY;INTERVAL=2;COUNT=3") == [
        Month(2020, 11),
        Month(2021, 1),
        Month(2021, 3),
    ]
    assert list_starts(Year(2020), "FREQ=YEARLY;INTERVAL=5;UNTIL=20301231") == [Year(2020), Year(2025), Year(2030)]


def test_beyond_a_year_ahead_what_is_written_down_and_the_next_is_seen() -> None:
    window, ahead = DateRange(date.min, date.max), date(2020, 12, 31)

    def seen(
        start: date, rule: str, rdates: tuple[date, ...] = (), overrides: tuple[OccurrenceOverride, ...] = ()
    ) -> list[PartialDate]:
        event = Event("a", start=start, rrule=rule, rdates=rdates, overrides=overrides)
        return [one.start for one in list_occurrences(event, window, ahead) if one.start is not None]

    assert seen(date(2022, 6, 1), "FREQ=YEARLY") == [date(2022, 6, 1)]
    assert seen(date(2019, 6, 1), "FREQ=YEARLY;INTERVAL=4") == [date(2019, 6, 1)]
    assert seen(date(2020, 6, 1), "FREQ=YEARLY", (date(2030, 1, 1),)) == [date(2020, 6, 1), date(2030, 1, 1)]
    moved = OccurrenceOverride(date(2020, 6, 1), {"start": date(2025, 1, 1)})
    assert seen(date(2019, 6, 1), "FREQ=YEARLY", (), (moved,)) == [date(2019, 6, 1), date(2025, 1, 1)]


@given(
    strategies.series().filter(lambda event: event.is_recurring),
    st.tuples(strategies.days, strategies.days).map(sorted),
)
def test_a_window_leaves_out_nothing_that_touches_it(event: Event, ends: list[date]) -> None:
    window = DateRange(*ends)
    everything = list_occurrences(event, DateRange(date(2015, 1, 1), date(2022, 12, 31)))
    touching = [
        one
        for one in everything
        if one.date_range and one.date_range.first <= window.last and one.date_range.last >= window.first
    ]
    assert list_occurrences(event, window) == touching


def test_an_occurrence_that_is_otherwise_counts_as_what_it_is(tmp_path: Path) -> None:
    override = OccurrenceOverride(date(2020, 2, 17), {"start": date(2020, 2, 19), "title": "Họp muộn", "topics": ()})
    event = Event(
        "Họp", id="a", start=date(2020, 2, 3), rrule="FREQ=WEEKLY;COUNT=4", topics=("CSR",), overrides=(override,)
    )
    window = DateRange(date(2020, 2, 1), date(2020, 3, 31))
    found = Query(occurrence_window=window).evaluate([event])
    assert [(one.start, one.title, one.topics, one.recurrence_id) for one in found] == [
        (date(2020, 2, 3), "Họp", ("CSR",), date(2020, 2, 3)),
        (date(2020, 2, 10), "Họp", ("CSR",), date(2020, 2, 10)),
        (date(2020, 2, 19), "Họp muộn", (), date(2020, 2, 17)),
        (date(2020, 2, 24), "Họp", ("CSR",), date(2020, 2, 24)),
    ]
    path = tmp_path / "events.toml"
    path.write_text(
        '[[event]]\nid = "a"\ntitle = "Họp"\nstart = 2020-02-03\nrrule = "FREQ=WEEKLY;COUNT=4"\ntopics = ["CSR"]\n'
        '[[event.override]]\nrecurrence_id = 2020-02-17\ntitle = "Họp muộn"\nstart = 2020-02-19\ntopics = []\n'
    )
    assert list(Registry(path).select(Query(occurrence_window=window))) == found
