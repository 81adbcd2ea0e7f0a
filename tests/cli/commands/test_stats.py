"""Counts of events as bars for people and as data for programs."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ilocal.dates import Month, Point, Year
from ilocal.event import Event
from ilocal.text import fold
from ilocal.views.bars import bar_of, bars_page, spark
from ilocal.views.cells import Look, printed, width
from ilocal.views.tally import By, Row, tally
from tests.conftest import SHIPPED, Ilocal
from tests.support import strategies
from tests.terminal.test_tables import plain, screen

LOOK = Look(60, "vi", date(2020, 2, 20))
BYS: tuple[By, ...] = get_args(By)


def test_an_event_in_year_1_does_not_make_a_line_for_each_month_since(ilocal: Ilocal) -> None:
    text = '[[event]]\ntitle = "A"\nstart = 0001-01-01\n[[event]]\ntitle = "B"\nstart = 2020-02-20\n'
    Path("events.toml").write_text(text, encoding="utf-8")
    assert ilocal("stats", "-f", "csv").out.split() == ["month,count", "0001-01,1", "2020-02,1"]
    assert ilocal("stats", "--by", "year", "-f", "csv").out.split() == ["year,count", "0001,1", "2020,1"]
    bar = "█" * 68
    assert ilocal("stats").out == (
        f"0001/01  1  {bar}\n⋮ 24,228 periods without events\n2020/02  1  {bar}\n\n      1  4  7  10\n"
        "0001  █···········  1\n⋮ 2,018 periods without events\n2020  ·█··········  1\n"
    )


# ------------------------------------------------------------------------------------------------------------- screens


def test_months_in_order_with_empty_ones_and_a_line_a_year(tmp_path: Path) -> None:
    text = plain(screen(tmp_path, 60, "-r", str(SHIPPED), "stats", "--from", "2019-08"))
    assert (
        text
        == """\
2019/08  4  ██████████████████████████████████████▍
2019/09  5  ████████████████████████████████████████████████
2019/10  1  █████████▌
2019/11  2  ███████████████████▏
2019/12  2  ███████████████████▏
2020/01  2  ███████████████████▏
2020/02  4  ██████████████████████████████████████▍

      1  4  7  10
2019  ·······▇█▂▄▄  14
2020  ▄▇··········   6
20 sự kiện
"""
    )


def test_topics_by_count_then_name(tmp_path: Path) -> None:
    text = plain(screen(tmp_path, 60, "-r", str(SHIPPED), "stats", "--by", "topic", "-n", "6"))
    assert (
        text
        == """\
lao động trẻ em           9  ███████████████████████████████
chuỗi cung ứng            4  █████████████▊
doanh nghiệp              3  ██████████▎
gỗ                        3  ██████████▎
thống kê                  3  ██████████▎
tiêu chuẩn lao động quố…  3  ██████████▎
21 sự kiện
tổng cộng 52 lượt: sự kiện có nhiều giá trị được tính cho từng giá trị
còn 21 dòng không hiện ở đây
"""
    )


def test_kinds_on_a_plain_terminal(tmp_path: Path) -> None:
    text = screen(tmp_path, 80, "-r", str(SHIPPED), "--lang", "en", "stats", "--by", "kind", TERM="dumb")
    assert (
        text
        == """\
workshop     5  ################################################################
project      3  ######################################
training     3  ######################################
conference   2  #########################
meeting      2  #########################
survey       2  #########################
forum        1  ############
press        1  ############
publication  1  ############
(none)       1  ############
21 events
"""
    )


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("by", BYS)
def test_every_screen_fits(columns: int, by: By) -> None:
    events = [Event("a", topics=("thủy sản " * 20,), location="社會科學院 " * 9, start=date(2020, 2, 1))] * 1234
    lines = list(printed(bars_page(tally(events, by), Look(columns, "vi", date(2020, 2, 20)))))
    assert max(width(line.rstrip("\n")) for line in lines) <= columns
    assert any("1.234" in line for line in lines)


# ---------------------------------------------------------------------------------------------------------------- data


def test_csv_tsv_and_json(ilocal: Ilocal, tmp_path: Path) -> None:
    ask = ("-r", str(SHIPPED), "stats", "--by", "project")
    assert ilocal(*ask, "-f", "csv").out == "project,count\nENHANCE,5\nRSCA,2\nSCORE,2\nNIRF,1\n,11\n"
    assert ilocal(*ask, "-f", "tsv").out == "project\tcount\nENHANCE\t5\nRSCA\t2\nSCORE\t2\nNIRF\t1\n\t11\n"
    assert json.loads(ilocal(*ask, "-f", "json").out) == [
        {"project": "ENHANCE", "count": 5}, {"project": "RSCA", "count": 2}, {"project": "SCORE", "count": 2},
        {"project": "NIRF", "count": 1}, {"project": None, "count": 11},
    ]  # fmt: skip
    assert ilocal(*ask, "-o", "p.csv") == (0, "", "")
    assert (tmp_path / "p.csv").read_text(encoding="utf-8") == ilocal(*ask, "-f", "csv").out


def test_an_event_with_several_topics_counts_for_each_and_that_is_said(ilocal: Ilocal) -> None:
    done = ilocal("-r", str(SHIPPED), "stats", "--by", "topic", "--topic", "thuy san", "-f", "csv")
    assert done == (
        0, "topic,count\nchuỗi cung ứng,2\nCSR,2\nthủy sản,2\nEVFTA,1\ngỗ,1\n",
        "tổng cộng 8 lượt: sự kiện có nhiều giá trị được tính cho từng giá trị\n",
    )  # fmt: skip


def test_lines_that_are_left_out_are_said(ilocal: Ilocal) -> None:
    done = ilocal("-r", str(SHIPPED), "stats", "--by", "year", "-f", "csv", "-n", "2")
    assert done == (0, "year,count\n2018,1\n2019,14\n", "còn 1 dòng không hiện ở đây\n")


def test_formulas_are_guarded(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text('[[event]]\ntitle = "a"\nkind = "=1+1"\n', encoding="utf-8")
    assert ilocal("stats", "--by", "kind", "-f", "csv").out == "kind,count\n'=1+1,1\n"
    assert ilocal("stats", "--by", "kind", "-f", "tsv").out == "kind\tcount\n'=1+1\t1\n"


def test_what_recurs_counts_each_time_or_once(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(
        '[[event]]\ntitle = "a"\nstart = 2020-01-06\nrrule = "FREQ=WEEKLY;COUNT=9"\n', encoding="utf-8"
    )
    assert ilocal("stats", "-f", "csv").out == "month,count\n2020-01,4\n2020-02,4\n2020-03,1\n"
    assert ilocal("stats", "-f", "csv", "--month", "2020-02").out == "month,count\n2020-02,4\n"
    assert ilocal("stats", "-f", "csv", "--once").out == "month,count\n2020-01,1\n"


def test_no_event_at_all(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text("[registry]\n", encoding="utf-8")
    assert ilocal("stats", "--by", "topic") == (0, "", "There are no events yet.\n")
    assert ilocal("stats", "-f", "json") == (0, "[]\n", "There are no events yet.\n")


# ---------------------------------------------------------------------------------------------------------------- laws


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


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 200), st.booleans())
def test_bars_are_as_long_as_their_counts(n: int, most: int, room: int, is_plain: bool) -> None:
    n = min(n, most)
    found = bar_of(n, most, room, is_plain=is_plain)
    assert (width(found) <= room, bool(found)) == (True, n > 0)
    assert width(bar_of(most, most, room, is_plain=is_plain)) == room
    if is_plain:
        assert set(found) <= {"#"}


def test_a_spark_shows_what_is_most_and_what_is_none() -> None:
    assert spark([0, 1, 2, 3, 4, 5, 6, 7, 8], 8) == "·▁▂▃▄▅▆▇█"
    assert spark([1, 1000], 1000) == "▁█"


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


def test_labels_line_up_by_cells() -> None:
    found = tally([Event("a", kind="社會"), Event("b", kind="ab"), Event("c", kind="Ho\u0323p")], "kind")
    assert [cell_len(line.partition("1")[0]) for line in printed(bars_page(found, LOOK))] == [6, 6, 6]
