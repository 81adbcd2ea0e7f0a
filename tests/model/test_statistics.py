"""Counts of events: the sums, the spelling of names, and periods of time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import Month, PartialDate, Year
from ilocal.model.event import Event
from ilocal.model.statistics import GroupBy, StatisticsRow, count_events_by
from ilocal.model.text_folding import fold_text
from ilocal.terminal.charts.bars import render_bar_chart
from ilocal.terminal.styled_text import RenderOptions, draw_styled_text_as_plain
from tests.support import strategies

LOOK = RenderOptions(60, "vi", date(2020, 2, 20))
BYS: tuple[GroupBy, ...] = get_args(GroupBy)


def test_names_alike_count_together_under_the_most_frequent_spelling() -> None:
    topics = [("CSR",), ("csr",), ("CSR", "Csr"), ("thuỷ sản",), ("thủy sản",), ()]
    found = count_events_by([Event("a", topics=names) for names in topics], "topic")
    assert found.rows == (StatisticsRow("CSR", 3), StatisticsRow("thuỷ sản", 2), StatisticsRow("", 1))


def test_periods_of_which_less_is_known_stand_where_they_begin() -> None:
    starts: list[PartialDate | None] = [date(2020, 2, 1), Year(2020), None, Month(2019, 12), Year(2018)]
    found = count_events_by([Event("a", start=start) for start in starts], "month")
    assert found.rows == (
        StatisticsRow("2018", 1), StatisticsRow("2019-12", 1), StatisticsRow("2020", 1), StatisticsRow("2020-01", 0), StatisticsRow("2020-02", 1), StatisticsRow("", 1)
    )  # fmt: skip
    text = "".join(draw_styled_text_as_plain(render_bar_chart(found, LOOK)))
    assert text.startswith("2018 (chưa rõ tháng)  1  ")
    assert [row.key for row in count_events_by([Event("a", start=Year(2018)), Event("a", start=date(2020, 2, 1))], "year").rows] == [
        "2018", "2019", "2020",
    ]  # fmt: skip


def test_a_long_empty_time_is_one_line() -> None:
    found = count_events_by([Event("a", start=date(1, 1, 1)), Event("a", start=date(9999, 12, 31))], "year")
    assert len(found.rows) == 9999
    lines = list(draw_styled_text_as_plain(render_bar_chart(found, LOOK)))
    assert lines[1] == "⋮ 9.997 kỳ liên tiếp không có sự kiện\n"
    assert len(lines) == 3


@given(st.lists(strategies.events(), max_size=6), st.sampled_from(BYS))
def test_sums_are_the_count(events: list[Event], by: GroupBy) -> None:
    found = count_events_by(iter(events), by)
    assert found.event_count == len(events)
    if by in ("project", "topic", "organizer"):
        names = [{fold_text(name) for name in getattr(event, f"{by}s")} or {""} for event in events]
        assert {fold_text(row.key): row.event_count for row in found.rows} == Counter(
            name for some in names for name in some
        )
    else:
        assert found.count_all_events == len(events)
    assert len({fold_text(row.key) for row in found.rows}) == len(found.rows)


def test_a_hundred_thousand_events_are_counted_as_they_come() -> None:
    """Nothing is kept but the counts; folding a name is done once."""

    def events() -> Iterator[Event]:
        for n in range(100_000):
            yield some[n % len(some)]

    some = [
        Event("a", start=date(1990 + n % 40, 1 + n % 12, 1), topics=(f"chủ đề {n % 30}", "CSR")) for n in range(1000)
    ]
    begin = time.process_time()
    assert (count_events_by(events(), "topic").event_count, count_events_by(events(), "month").count_all_events) == (
        100_000,
        100_000,
    )
    assert time.process_time() - begin < 5  # about 0.4 s on two cores
