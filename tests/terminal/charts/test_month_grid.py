"""Weeks of a month: each day once, each event on each of its days or counted."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import Month, to_date_range
from ilocal.model.event import Event
from ilocal.terminal.charts.month_grid import can_be_drawn_on_days, lay_out_month_grid, split_chart_month_into_weeks
from tests.support.charts import busy_months, event_lists

months = st.builds(Month, st.integers(2018, 2020), st.integers(1, 12)) | st.sampled_from([Month(1, 1), Month(9999, 12)])


@given(event_lists, busy_months, st.integers(0, 6), st.integers(1, 4) | st.none())
def test_each_event_is_on_each_of_its_days_or_counted(
    events: list[Event], month: Month, week_start: int, most: int | None
) -> None:
    shown: Counter[date] = Counter()
    for week in lay_out_month_grid(events, month, week_start, most):
        for at, day in enumerate(week.days):
            bars = [bar for bar in week.bars if bar.first_column <= at <= bar.last_column]
            assert len({bar.lane for bar in bars}) == len(bars), "two bars share a place"
            assert most is None or len(bars) <= most
            if day is not None:
                shown[day] += len(bars) + week.hidden_counts[at]
                for bar in bars:
                    own = events[bar.event_index].date_range
                    assert own and own.first <= day <= own.last
    first, last = to_date_range(month)
    wanted: Counter[date] = Counter()
    for event in filter(can_be_drawn_on_days, events):
        own = event.date_range
        assert own is not None
        for at in range(max(own.first, first).toordinal(), min(own.last, last).toordinal() + 1):
            wanted[date.fromordinal(at)] += 1
    assert +shown == wanted


@given(months, st.integers(0, 6))
def test_weeks_hold_each_day_of_a_month_once_and_begin_alike(month: Month, week_start: int) -> None:
    found = split_chart_month_into_weeks(month, week_start)
    inside = [day for week in found for day in week if day and (day.year, day.month) == (month.year, month.month)]
    first, last = to_date_range(month)
    assert [day.toordinal() for day in inside] == list(range(first.toordinal(), last.toordinal() + 1))
    assert {week[0].weekday() for week in found if week[0]} <= {week_start}
