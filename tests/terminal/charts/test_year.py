"""A year at a glance: even widths, and busier days never lighter."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import Year
from ilocal.model.event import Event
from ilocal.terminal.charts.year import choose_shade_level, render_year_chart
from ilocal.terminal.styled_text import RenderOptions
from ilocal.terminal.text_width import measure_width
from tests.support.charts import event_lists

JUST = RenderOptions(80, "vi", date(2020, 2, 20))


@given(event_lists, st.integers(2019, 2020))
def test_a_year_has_the_same_width_in_every_month(events: list[Event], year: int) -> None:
    known = [e for e in events if e.date_range and e.date_range.first.year <= year <= e.date_range.last.year]
    lines = list(render_year_chart(known, Year(year), JUST))
    small = [line for line in lines if len(line) > 8 and {piece.text for piece in line} & {"   "}]
    assert len(small) > 20
    assert {sum(measure_width(text) for text, _ in line) for line in small} == {69}
    pieces = [piece.text for line in lines for piece in line]
    counted = sum(int(text[1:-1]) for text in pieces if text[0:1] == "(" and text[1:-1].isdecimal())
    wanted = [e.date_range for e in known if e.date_range and not isinstance(e.start, Year)]
    touched = [min(own.last, date(year, 12, 31)).month - max(own.first, date(year, 1, 1)).month + 1 for own in wanted]
    assert counted == sum(touched)


@given(st.integers(1, 500))
def test_busier_days_are_never_lighter(most: int) -> None:
    levels = [choose_shade_level(n, most) for n in range(most + 1)]
    assert (levels, levels[0], levels[1] >= 1) == (sorted(levels), 0, True)
    assert levels[-1] == min(most, 4)
