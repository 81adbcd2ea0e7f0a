"""Bars and sparks: as long as their counts, labels in line."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ilocal.model.event import Event
from ilocal.model.statistics import count_events_by
from ilocal.terminal.charts.bars import render_bar, render_bar_chart, render_sparkline
from ilocal.terminal.styled_text import RenderOptions, draw_styled_text_as_plain
from ilocal.terminal.text_width import measure_width

LOOK = RenderOptions(60, "vi", date(2020, 2, 20))


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 200), st.booleans())
def test_bars_are_as_long_as_their_counts(n: int, most: int, room: int, is_plain: bool) -> None:
    n = min(n, most)
    found = render_bar(n, most, room, is_plain=is_plain)
    assert (measure_width(found) <= room, bool(found)) == (True, n > 0)
    assert measure_width(render_bar(most, most, room, is_plain=is_plain)) == room
    if is_plain:
        assert set(found) <= {"#"}


def test_a_spark_shows_what_is_most_and_what_is_none() -> None:
    assert render_sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 8) == "·▁▂▃▄▅▆▇█"
    assert render_sparkline([1, 1000], 1000) == "▁█"


def test_labels_line_up_by_cells() -> None:
    found = count_events_by([Event("a", kind="社會"), Event("b", kind="ab"), Event("c", kind="Ho\u0323p")], "kind")
    assert [cell_len(line.partition("1")[0]) for line in draw_styled_text_as_plain(render_bar_chart(found, LOOK))] == [
        6,
        6,
        6,
    ]
