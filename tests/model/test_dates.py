"""Dates of every precision: their order and their text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import Month, Period, Year, date_sort_key, format_iso_date, parse_iso_date
from tests.support import strategies


@given(strategies.spans().filter(lambda pair: pair[0] is not None))
def test_iso_text_is_read_back_in_its_own_precision(pair: tuple[object, object]) -> None:
    start = Period(*pair).start  # type: ignore[arg-type]
    assert parse_iso_date(format_iso_date(start)) == start
    assert type(parse_iso_date(format_iso_date(start))) is type(start)


def test_points_sort_by_their_earliest_day_and_the_vaguer_first() -> None:
    order = ["2019-12-31T23:59", "2020", "2020-01", "2020-01-01T00:00", "2020-01-01T08:30", "2020-01-02", "2020-02"]
    numbers = [date_sort_key(parse_iso_date(text)) for text in order]
    assert numbers == sorted(numbers)
    assert date_sort_key(parse_iso_date("2020-01")) == date_sort_key(parse_iso_date("2020-01-01"))


@given(st.dates(date(1, 1, 1)), st.times())
def test_a_day_sorts_before_all_of_its_times_midnight_too_and_these_by_the_clock(day: date, at: time) -> None:
    midnight, last = datetime.combine(day, time()), datetime.combine(day, time(23, 59, 59))
    assert (
        date_sort_key(day) < date_sort_key(midnight) <= date_sort_key(datetime.combine(day, at)) <= date_sort_key(last)
    )
    assert (date_sort_key(midnight) < date_sort_key(datetime.combine(day, at))) == (at >= time(0, 0, 1))
    assert date_sort_key(Year(day.year)) < date_sort_key(Month(day.year, 1)) == date_sort_key(date(day.year, 1, 1))
    if day < date.max:
        assert date_sort_key(last) < date_sort_key(day + timedelta(days=1))
