"""An axis of time: days in order, each with its share of the cells, and ticks apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.terminal.charts.time_axis import TimeAxis, choose_axis_ticks
from tests.support.charts import axis_widths, draw_timeline


@pytest.mark.parametrize("days", [3, 30, 90, 365])
def test_one_day_is_a_point_however_wide_the_axis(days: int) -> None:
    begin = date(2020, 2, 1)
    events = [Event("A", start=begin + timedelta(n)) for n in range(days)]
    lines = draw_timeline(60, events, DateRange(begin, begin + timedelta(days - 1))).split("\n")
    assert len([line for line in lines if "◆" in line]) == days
    assert not [line for line in lines if "┣" in line]


some_days = st.dates(date(1, 1, 1), date(9999, 12, 31))
spans = st.tuples(some_days, some_days).map(lambda pair: DateRange(min(pair), max(pair)))


@given(spans, axis_widths, some_days, some_days)
def test_later_days_never_stand_before_earlier_ones(span: DateRange, columns: int, one: date, other: date) -> None:
    axis = TimeAxis(*span, columns)
    one, other = min(one, other), max(one, other)
    assert 0 <= axis.first_cell_of(one) <= axis.first_cell_of(other) < columns
    assert axis.first_cell_of(one) <= axis.last_cell_of(one) <= axis.last_cell_of(other)
    assert (axis.first_cell_of(span.first), axis.last_cell_of(span.last)) == (0, columns - 1)


@given(st.integers(1, 60), st.integers(60, 150))
def test_days_part_the_cells_among_them(length: int, columns: int) -> None:
    some = [date(2020, 2, 1) + timedelta(days=n) for n in range(length)]
    axis = TimeAxis(some[0], some[-1], columns)
    cells = [cell for day in some for cell in range(axis.first_cell_of(day), axis.last_cell_of(day) + 1)]
    assert cells == list(range(columns))


@given(spans, axis_widths, st.sampled_from(["vi", "en"]))
def test_ticks_are_in_order_and_their_labels_apart(span: DateRange, columns: int, lang: str) -> None:
    axis = TimeAxis(*span, columns)
    found = choose_axis_ticks(axis, lang)
    assert [tick.day for tick in found] == sorted({tick.day for tick in found})
    at = -2
    for tick in found:
        assert span.first <= tick.day <= span.last
        assert axis.first_cell_of(tick.day) >= at + 2
        at = axis.first_cell_of(tick.day) + len(tick.label)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (date(2020, 2, 3), date(2020, 2, 9), "03/02 04/02 05/02 06/02 07/02 08/02 09/02"),
        (date(2020, 2, 1), date(2020, 3, 31), "03/02 10/02 17/02 24/02 02/03 09/03 16/03 23/03 30/03"),
        (date(2020, 1, 1), date(2020, 12, 31), "2020 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12"),
        (date(2018, 6, 1), date(2020, 12, 31), "T7 T10 2019 T4 T7 T10 2020 T4 T7 T10"),
        (date(1990, 1, 1), date(2030, 12, 31), "1990 1995 2000 2005 2010 2015 2020 2025 2030"),
        (date(1, 1, 1), date(9999, 12, 31), "1000 2000 3000 4000 5000 6000 7000 8000 9000"),
    ],
)  # fmt: skip
def test_ticks_are_as_fine_as_there_is_room(first: date, last: date, labels: str) -> None:
    assert " ".join(tick.label for tick in choose_axis_ticks(TimeAxis(first, last, 80), "vi")) == labels
