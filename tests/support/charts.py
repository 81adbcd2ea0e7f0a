"""Events for charts, and a timeline drawn without a command."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import strategies as st

from ilocal.model.dates import DateRange, Month, Year
from ilocal.model.event import Event
from ilocal.terminal.charts.timeline import build_timeline_rows, render_timeline_chart
from ilocal.terminal.styled_text import RenderOptions, draw_styled_text_as_plain
from tests.support import strategies

busy_months = st.sampled_from([Month(2020, 1), Month(2020, 2)])  # months in which the events below meet
near_days = st.dates(date(2019, 12, 20), date(2020, 3, 10))
day_events = st.builds(
    lambda title, one, other: Event(title, start=min(one, other), end=max(one, other)),
    strategies.titles,
    near_days,
    near_days,
)
point_events = st.builds(
    Event, strategies.titles, start=near_days | st.datetimes(datetime(2020, 1, 1), datetime(2020, 2, 29)) | busy_months
)
event_lists = st.lists(day_events | point_events | strategies.placed, min_size=3, max_size=12)

TIMELINE_EVENTS = [
    Event("Đại hội", start=Year(2020)),
    Event("Chiến dịch", start=date(2019, 11, 1), end=date(2020, 1, 20)),
    Event("Tập huấn", start=date(2020, 1, 20), end=date(2020, 3, 5)),
    Event("Công bố báo cáo", start=Month(2020, 4), status="tentative"),
    Event("Họp", start=date(2020, 5, 4)),
    Event("Hội nghị quốc gia", start=date(2020, 6, 20), end=date(2020, 7, 3), status="cancelled"),
]
HALF_YEAR = DateRange(date(2020, 1, 1), date(2020, 6, 30))


def draw_timeline(columns: int, events: list[Event] = TIMELINE_EVENTS, span: DateRange = HALF_YEAR) -> str:
    """Return a timeline as plain text."""
    return "".join(
        draw_styled_text_as_plain(
            render_timeline_chart(build_timeline_rows(events), span, RenderOptions(columns, "vi", date(2020, 2, 20)))
        )
    )


axis_widths = st.integers(10, 150)
