"""`ilocal upcoming`: what is running and what comes, the soonest first."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS


def test_upcoming_is_soonest_first_and_marks_what_is_running(ilocal: Ilocal, registry: Path) -> None:
    assert (
        ilocal("--today", "2020-02-20", "upcoming").out
        == """\
Tháng Hai 2020
  1. 2020/02/20               Họp "Nhóm cố vấn CSR"  [đang diễn ra]
  2. 2020/02/25 - 2020/02/29  Khảo sát cuối kì về lao động trẻ em

Chưa định ngày
  1. Chưa định ngày           Hội nghị Thanh tra
"""
    )
    assert ilocal("--today", "29/02/2020", "upcoming", "-f", "ids").out == "2020-khao-sat\ntba-hoi-nghi\n"
    assert ilocal("--today", "2019-11-30", "upcoming", "--days", "83", "-f", "ids").out == "2019-dien-dan\n2020-hop\n"


def test_upcoming_says_when_nothing_is_coming_and_names_the_last(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(FOUR_EVENTS[: FOUR_EVENTS.index('\n[[event]]\nid = "tba')], encoding="utf-8")
    assert ilocal("--today", "2020-03-01", "upcoming") == (
        0, "",
        "Nothing is coming.\n"
        "The last event was: 2020/02/25 - 2020/02/29 Khảo sát cuối kì về lao động trẻ em\n",
    )  # fmt: skip
    assert ilocal("--today", "2020-01-01", "upcoming", "--topic", "none").err == (
        'Nothing is coming.\n--topic: no event has "none"\n'
    )
    assert ilocal("--today", "2020-01-01", "upcoming", "--days", "3").err.endswith(
        "The last event was: 2019/11 Diễn đàn Lao động\n"
    )
    assert ilocal("--today", "9999-12-31", "upcoming", "--days", "3").code == 0
