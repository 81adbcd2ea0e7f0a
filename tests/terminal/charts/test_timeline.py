"""Events as bars on an axis of time."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.terminal.charts.time_axis import extend_axis_to_whole_months
from ilocal.terminal.charts.timeline import build_timeline_rows, find_axis_range, render_timeline_chart
from ilocal.terminal.styled_text import RenderOptions
from ilocal.terminal.text_width import measure_width
from tests.support import strategies
from tests.support.charts import axis_widths, draw_timeline


def test_bars_points_broken_lines_and_what_goes_on() -> None:
    assert (
        draw_timeline(60)
        == """\
2020      T2       T3         T4       T5         T6
┼─────────┼─────▼──┼──────────┼────────┼──────────┼─────────
╍ ● Đại hội ╍╍╍╍┃╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍▸
◂━━━━━┫ Chiến dịch
      ┣ ● Tập huấn ━━┫
                │             ╍╍╍╍╍╍╍╍╍╍ ? Công bố báo cáo
                │                       ◆ Họp
                │                   ✗ Hội nghị quốc gia ┣━━▸
                │ hôm nay 2020/02/20
"""
    )


@given(st.lists(strategies.placed, min_size=1, max_size=8), axis_widths, st.booleans())
def test_every_line_is_as_wide_as_the_axis_and_each_event_has_one(
    events: list[Event], columns: int, is_wrapped: bool
) -> None:
    dated = [event for event in events if event.date_range is not None]
    span = find_axis_range(build_timeline_rows(dated), DateRange(date.min, date.max))
    if span is None:
        assert dated == []
        return
    look = RenderOptions(columns, "vi", date(2019, 6, 1), is_wrapped=is_wrapped)
    lines = [line for line in render_timeline_chart(build_timeline_rows(dated), span, look) if line]
    bars = [line for line in lines[2:] if any(piece.style.startswith("line") for piece in line)]
    assert len(bars) == len(dated)
    for line in (*lines[:2], *bars):
        assert sum(measure_width(text) for text, _ in line) == columns
    for event, line in zip(dated, bars, strict=True):
        text = "".join(text for text, _ in line)
        assert ("┣" in text or "◆" in text or "◂" in text or "▸" in text) or "╍" in text or "◇" in text, event


def test_whole_months_are_the_extent_within_what_is_asked() -> None:
    assert extend_axis_to_whole_months(DateRange(date(2020, 2, 20), date(2020, 3, 3))) == (
        date(2020, 2, 1),
        date(2020, 3, 31),
    )
    within = DateRange(date(2020, 2, 10), date(2020, 12, 31))
    assert find_axis_range(build_timeline_rows([Event("a", start=date(2020, 2, 20), end=date(2020, 3, 3))]), within) == (
        date(2020, 2, 10), date(2020, 3, 31),
    )  # fmt: skip
    assert find_axis_range(build_timeline_rows([Event("a")]), within) is None
