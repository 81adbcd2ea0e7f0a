"""A month as a grid: every line fits, and every event is named."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import Month, to_date_range
from ilocal.model.event import Event
from ilocal.terminal.charts.month import render_month_chart
from ilocal.terminal.styled_text import RenderOptions
from ilocal.terminal.text_width import measure_width
from tests.support.charts import busy_months, event_lists


@given(event_lists, busy_months, st.integers(10, 130), st.booleans())
def test_every_line_fits_and_every_event_is_named(
    events: list[Event], month: Month, columns: int, is_wrapped: bool
) -> None:
    look = RenderOptions(columns, "vi", date(2020, 2, 20), is_wrapped=is_wrapped)
    touching = [
        e
        for e in events
        if e.date_range
        and e.date_range.first <= to_date_range(month).last
        and e.date_range.last >= to_date_range(month).first
    ]
    lines = list(render_month_chart(touching, month, look))
    grid = [line for line in lines if line and line[0].text[:1] in ("│", "┌", "├", "└")]
    assert {sum(measure_width(text) for text, _ in line) for line in grid} <= {(columns - 8) // 7 * 7 + 8}
    for bar, _ in groupby(line[0].text.strip() for line in lines if line and line[0].style.startswith("event")):
        assert bar.rstrip(".").isdecimal() or bar == "·"
