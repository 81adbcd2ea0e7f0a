"""Counts of events as bars for people and as data for programs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from ilocal.model.event import Event
from ilocal.model.statistics import GroupBy, count_events_by
from ilocal.terminal.charts.bars import render_bar_chart
from ilocal.terminal.styled_text import RenderOptions, draw_styled_text_as_plain
from ilocal.terminal.text_width import measure_width
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.terminal import run_on_terminal, strip_escapes

BYS: tuple[GroupBy, ...] = get_args(GroupBy)


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


@pytest.mark.process
def test_months_in_order_with_empty_ones_and_a_line_a_year(tmp_path: Path) -> None:
    text = strip_escapes(run_on_terminal(tmp_path, 60, "-r", str(SHIPPED_REGISTRY), "stats", "--from", "2019-08"))
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
20 events
"""
    )


@pytest.mark.process
def test_topics_by_count_then_name(tmp_path: Path) -> None:
    text = strip_escapes(
        run_on_terminal(tmp_path, 60, "-r", str(SHIPPED_REGISTRY), "stats", "--by", "topic", "-n", "6")
    )
    assert (
        text
        == """\
lao động trẻ em           9  ███████████████████████████████
chuỗi cung ứng            4  █████████████▊
doanh nghiệp              3  ██████████▎
gỗ                        3  ██████████▎
thống kê                  3  ██████████▎
tiêu chuẩn lao động quố…  3  ██████████▎
21 events
52 in total; an event with several values is counted under
each value
21 lines are not shown
"""
    )


@pytest.mark.process
def test_kinds_on_a_plain_terminal(tmp_path: Path) -> None:
    text = run_on_terminal(
        tmp_path, 80, "-r", str(SHIPPED_REGISTRY), "--lang", "en", "stats", "--by", "kind", TERM="dumb"
    )
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
def test_every_screen_fits(columns: int, by: GroupBy) -> None:
    events = [Event("a", topics=("thủy sản " * 20,), location="社會科學院 " * 9, start=date(2020, 2, 1))] * 1234
    lines = list(
        draw_styled_text_as_plain(
            render_bar_chart(count_events_by(events, by), RenderOptions(columns, "vi", date(2020, 2, 20)))
        )
    )
    assert max(measure_width(line.rstrip("\n")) for line in lines) <= columns
    assert any("1.234" in line for line in lines)


# ---------------------------------------------------------------------------------------------------------------- data


def test_csv_tsv_and_json(ilocal: Ilocal, tmp_path: Path) -> None:
    ask = ("-r", str(SHIPPED_REGISTRY), "stats", "--by", "project")
    assert ilocal(*ask, "-f", "csv").out == "project,count\nENHANCE,5\nRSCA,2\nSCORE,2\nNIRF,1\n,11\n"
    assert ilocal(*ask, "-f", "tsv").out == "project\tcount\nENHANCE\t5\nRSCA\t2\nSCORE\t2\nNIRF\t1\n\t11\n"
    assert json.loads(ilocal(*ask, "-f", "json").out) == [
        {"project": "ENHANCE", "count": 5}, {"project": "RSCA", "count": 2}, {"project": "SCORE", "count": 2},
        {"project": "NIRF", "count": 1}, {"project": None, "count": 11},
    ]  # fmt: skip
    assert ilocal(*ask, "-o", "p.csv") == (0, "", "")
    assert (tmp_path / "p.csv").read_text(encoding="utf-8") == ilocal(*ask, "-f", "csv").out


def test_an_event_with_several_topics_counts_for_each_and_that_is_said(ilocal: Ilocal) -> None:
    done = ilocal("-r", str(SHIPPED_REGISTRY), "stats", "--by", "topic", "--topic", "thuy san", "-f", "csv")
    assert done == (
        0, "topic,count\nchuỗi cung ứng,2\nCSR,2\nthủy sản,2\nEVFTA,1\ngỗ,1\n",
        "8 in total; an event with several values is counted under each value\n",
    )  # fmt: skip


def test_lines_that_are_left_out_are_said(ilocal: Ilocal) -> None:
    done = ilocal("-r", str(SHIPPED_REGISTRY), "stats", "--by", "year", "-f", "csv", "-n", "2")
    assert done == (0, "year,count\n2018,1\n2019,14\n", "1 line is not shown\n")


def test_formulas_are_guarded(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text('[[event]]\ntitle = "a"\nkind = "=1+1"\n', encoding="utf-8")
    assert ilocal("stats", "--by", "kind", "-f", "csv").out == "kind,count\n'=1+1,1\n"
    assert ilocal("stats", "--by", "kind", "-f", "tsv").out == "kind\tcount\n'=1+1\t1\n"


def test_what_recurs_counts_each_time_or_once(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(
        '[[event]]\ntitle = "a"\nstart = 2020-01-06\nrrule = "FREQ=WEEKLY;COUNT=9"\n', encoding="utf-8"
    )
    each = ("stats", "-f", "csv", "--occurrences")
    assert ilocal(*each).out == "month,count\n2020-01,4\n2020-02,4\n2020-03,1\n"
    assert ilocal(*each, "--month", "2020-02").out == "month,count\n2020-02,4\n"
    assert ilocal("stats", "-f", "csv", "--once").out == ilocal("stats", "-f", "csv").out == "month,count\n2020-02,1\n"
    assert ilocal("stats", "-f", "csv", "--from", "2020-01").out == "month,count\n2020-01,1\n"


def test_no_event_at_all(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text("[registry]\n", encoding="utf-8")
    assert ilocal("stats", "--by", "topic") == (0, "", "There are no events yet.\nto add an event, run: ilocal add\n")
    assert ilocal("stats", "-f", "json") == (0, "[]\n", "There are no events yet.\nto add an event, run: ilocal add\n")
