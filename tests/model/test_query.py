"""Filters, order and names of a query."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import UsageError
from ilocal.model.dates import DateRange, Month
from ilocal.model.event import Event
from ilocal.model.fields import resolve_field_name
from ilocal.model.query import Query
from ilocal.model.text_folding import fold_text
from ilocal.storage.toml.event_writer import format_event_block
from ilocal.workspace import Registry
from tests.support.registry import SURVEY_EVENT


def test_a_group_of_days_is_any_and_groups_are_all() -> None:
    february, march = DateRange(date(2020, 2, 1), date(2020, 2, 29)), DateRange(date(2020, 3, 1), date(2020, 3, 31))
    assert Query(overlapping=((february, march),)).matches(SURVEY_EVENT)
    assert not Query(overlapping=((february,), (march,))).matches(SURVEY_EVENT)
    assert Query(overlapping=((DateRange(date(2020, 2, 29), date.max),),)).matches(SURVEY_EVENT)
    assert not Query(overlapping=((DateRange(date.min, date.max),),)).matches(Event("undated"))


def test_upcoming_is_what_may_not_be_over() -> None:
    day = date(2020, 2, 29)
    assert Query(not_over_before=day).matches(SURVEY_EVENT)
    assert not Query(not_over_before=date(2020, 3, 1)).matches(SURVEY_EVENT)
    assert Query(not_over_before=day).matches(Event("a", start=Month(2020, 2)))
    assert Query(not_over_before=day).matches(Event("to be announced"))


def test_names_are_whole_but_a_place_may_be_a_part() -> None:
    assert Query(field_values=(("location", ("ha noi",)),)).matches(SURVEY_EVENT)
    assert not Query(field_values=(("location", ("noi khach",)),)).matches(SURVEY_EVENT)
    assert not Query(field_values=(("topics", ("lao dong",)),)).matches(SURVEY_EVENT)
    assert Query(field_values=(("status", ("confirmed", "")),)).matches(SURVEY_EVENT)
    assert Query(empty_fields=("kind",)).matches(SURVEY_EVENT)
    assert not Query(empty_fields=("topics",)).matches(SURVEY_EVENT)


def test_dates_order_with_the_undated_last_and_equal_ones_as_they_stand() -> None:
    events = [
        Event("x"), Event("one", start=date(2020, 1, 1)), Event("two", start=date(2020, 1, 1), end=date(2020, 4, 30)),
        Event("late", start=date(2020, 2, 1)), Event("vague", start=Month(2020, 2)),
    ]  # fmt: skip
    assert [e.title for e in Query(is_descending=True).evaluate(events)] == ["late", "vague", "one", "two", "x"]
    assert [e.title for e in Query().evaluate(events)] == ["one", "two", "late", "vague", "x"]
    assert [e.title for e in Query(sort="title", limit=2).evaluate(events)] == ["late", "one"]


def test_an_unknown_field_lists_the_known() -> None:
    assert resolve_field_name("Topic") == "topics"
    with pytest.raises(UsageError) as error:
        resolve_field_name("colour")
    assert "title, " in error.value.hint


# A place is asked for by whole words of it, one after the other: Hà is in Hà Nội, and neither in Hàng Bài nor in Thanh Hà.
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("ha noi", ["hn", "melia"]), ("ha", ["hn", "melia", "th"]), ("noi", ["hn", "melia"]), ("thanh ha", ["th"]),
        ("hang", ["hb"]), ("an", []), ("ha n", []), ("a noi", []), ("melia ha", ["melia"]), ("khach san melia, hà nội", ["melia"]),
        ("nội hà", []), ("", ["none"]), ("★", ["star"]),
    ],
)  # fmt: skip
def test_a_place_is_found_by_whole_words(tmp_path: Path, wanted: str, found: list[str]) -> None:
    places = {
        "hn": "Hà Nội",
        "hb": "Hàng Bài",
        "th": "Thanh Hà",
        "melia": "Khách sạn Melia, Hà Nội",
        "none": "",
        "star": "★",
    }
    events = [Event("Họp", id=id, location=place) for id, place in places.items()]
    query = Query(field_values=(("location", (fold_text(wanted),)),))
    assert {event.id for event in events if query.matches(event)} == {*found}
    path = tmp_path / "events.toml"
    path.write_text("".join(map(format_event_block, events)), encoding="utf-8")
    with Registry(path) as workspace:
        assert {event.id for event in workspace.select(query)} == {*found}


def test_an_undated_event_is_in_no_month_and_a_dated_one_is_not_undated(tmp_path: Path) -> None:
    events = [
        Event("Họp", id="undated"), Event("Họp", id="month", start=Month(2020, 2)), Event("Họp", id="day", start=date(2020, 2, 3)),
        Event("Họp", id="other", start=Month(2020, 3)),
    ]  # fmt: skip
    path = tmp_path / "events.toml"
    path.write_text("".join(map(format_event_block, events)), encoding="utf-8")
    february = ((DateRange(date(2020, 2, 1), date(2020, 2, 29)),),)
    with Registry(path) as workspace:
        for query, found in (
            (Query(overlapping=february), {"month", "day"}),
            (Query(only_undated=True), {"undated"}),
            (Query(overlapping=february, only_undated=True), set()),
            (Query(not_over_before=date(2020, 2, 10)), {"undated", "month", "other"}),
            (Query(overlapping=february, not_over_before=date(2020, 2, 10)), {"month"}),
            (Query(), {"undated", "month", "day", "other"}),
        ):
            assert {event.id for event in events if query.matches(event)} == found
            assert {event.id for event in workspace.select(query)} == found


@given(
    start=st.datetimes(datetime(2020, 3, 27), datetime(2020, 3, 30)) | st.just(datetime(2020, 3, 28)),
    hours=st.integers(0, 72),
    at_midnight=st.booleans(),
)
def test_a_time_is_no_part_of_what_ends_at_it(start: datetime, hours: int, at_midnight: bool) -> None:
    """RFC 5545, 3.6.1: the end is not inclusive; what takes no time at all is at its start."""
    end = start + timedelta(hours=hours)
    if at_midnight:
        end = datetime.combine(end, time.min) + timedelta(days=1)
    event = Event("x", start=start, end=end)
    for n in range(-1, 6):
        day = start.date() + timedelta(days=n)
        first, after = datetime.combine(day, time.min), datetime.combine(day + timedelta(days=1), time.min)
        has_moment = max(start, first) < min(end, after) or first <= start < after
        assert Query(overlapping=((DateRange(day, day),),)).matches(event) == has_moment
        assert Query(not_over_before=day).matches(event) == (end > first or start >= first)
