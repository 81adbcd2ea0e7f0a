"""Counts of events: the sums, the spelling of names, and periods of time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import Month, Point, Year
from ilocal.model.event import Event
from ilocal.model.statistics import By, Row, tally
from ilocal.model.text_folding import fold
from ilocal.terminal.charts.bars import bars_page
from ilocal.terminal.styled_text import Look, printed
from tests.support import strategies

LOOK = Look(60, "vi", date(2020, 2, 20))
BYS: tuple[By, ...] = get_args(By)


def test_names_alike_count_together_under_the_most_frequent_spelling() -> None:
    topics = [("CSR",), ("csr",), ("CSR", "Csr"), ("thuỷ sản",), ("thủy sản",), ()]
    found = tally([Event("a", topics=names) for names in topics], "topic")
    assert found.rows == (Row("CSR", 3), Row("thuỷ sản", 2), Row("", 1))


def test_periods_of_which_less_is_known_stand_where_they_begin() -> None:
    starts: list[Point | None] = [date(2020, 2, 1), Year(2020), None, Month(2019, 12), Year(2018)]
    found = tally([Event("a", start=start) for start in starts], "month")
    assert found.rows == (
        Row("2018", 1), Row("2019-12", 1), Row("2020", 1), Row("2020-01", 0), Row("2020-02", 1), Row("", 1)
    )  # fmt: skip
    text = "".join(printed(bars_page(found, LOOK)))
    assert text.startswith("2018 (chưa rõ tháng)  1  ")
    assert [row.key for row in tally([Event("a", start=Year(2018)), Event("a", start=date(2020, 2, 1))], "year").rows] == [
        "2018", "2019", "2020",
    ]  # fmt: skip


def test_a_long_empty_time_is_one_line() -> None:
    found = tally([Event("a", start=date(1, 1, 1)), Event("a", start=date(9999, 12, 31))], "year")
    assert len(found.rows) == 9999
    lines = list(printed(bars_page(found, LOOK)))
    assert lines[1] == "⋮ 9.997 kỳ liền không có sự kiện\n"
    assert len(lines) == 3


@given(st.lists(strategies.events(), max_size=6), st.sampled_from(BYS))
def test_sums_are_the_count(events: list[Event], by: By) -> None:
    found = tally(iter(events), by)
    assert found.events == len(events)
    if by in ("project", "topic", "organizer"):
        names = [{fold(name) for name in getattr(event, f"{by}s")} or {""} for event in events]
        assert {fold(row.key): row.n for row in found.rows} == Counter(name for some in names for name in some)
    else:
        assert found.total == len(events)
    assert len({fold(row.key) for row in found.rows}) == len(found.rows)


def test_a_hundred_thousand_events_are_counted_as_they_come() -> None:
    """Nothing is kept but the counts; folding a name is done once."""

    def events() -> Iterator[Event]:
        for n in range(100_000):
            yield some[n % len(some)]

    some = [
        Event("a", start=date(1990 + n % 40, 1 + n % 12, 1), topics=(f"chủ đề {n % 30}", "CSR")) for n in range(1000)
    ]
    begin = time.process_time()
    assert (tally(events(), "topic").events, tally(events(), "month").total) == (100_000, 100_000)
    assert time.process_time() - begin < 5  # about 0.4 s on two cores
