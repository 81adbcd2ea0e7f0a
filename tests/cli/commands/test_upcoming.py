"""`ilocal upcoming`: what is running and what comes, the soonest first."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS


def test_upcoming_is_soonest_first_and_marks_what_is_running(ilocal: Ilocal, registry: Path) -> None:
    assert (
        ilocal("--today", "2020-02-20", "upcoming").out
        == """\
Hôm nay
  1. 2020/02/20               Họp "Nhóm cố vấn CSR"

Tháng Hai 2020
  1. 2020/02/25 - 2020/02/29  Khảo sát cuối kì về lao động trẻ em

Chưa có ngày
  1. Chưa có ngày             Hội nghị Thanh tra
"""
    )
    assert ilocal("--today", "29/02/2020", "upcoming", "-f", "ids").out == "2020-khao-sat\ntba-hoi-nghi\n"
    assert ilocal("--today", "2019-11-30", "upcoming", "--days", "83", "-f", "ids").out == "2019-dien-dan\n2020-hop\n"


def test_upcoming_begins_with_what_is_running_and_with_today(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\ntitle = "Project"\nstart = 2019-12-09\nend = 2020-04-30\n'
        '[[event]]\ntitle = "Called off"\nstart = 2020-02-19\nend = 2020-02-21\nstatus = "cancelled"\n'
        '[[event]]\ntitle = "Some day"\nstart = "2020-02"\n'
        '[[event]]\ntitle = "Meeting"\nstart = 2020-02-20T08:30:00\n'
        '[[event]]\ntitle = "Last days"\nstart = 2020-02-18T08:00:00\nend = 2020-02-20T17:00:00\n'
        '[[event]]\ntitle = "Later"\nstart = 2020-02-21\n',
        encoding="utf-8",
    )
    assert ilocal("--lang", "en", "upcoming").out == (
        "Running\n"
        "  1. until 2020/04/30         Project\n"
        "  2. until 2020/02/20         Last days\n"
        "  3. until 2020/02/21         Called off  [cancelled]\n\n"
        "Today\n"
        "  1. 2020/02/20 08:30         Meeting\n\n"
        "February 2020\n"
        "  1. 2020/02                  Some day  [running]\n"
        "  2. 2020/02/21               Later\n"
    )
    assert ilocal("--lang", "vi", "upcoming", "-n", "1").out == (
        "Đang diễn ra\n  1. đến 2020/04/30           Project\n"
    )
    assert ilocal("--lang", "en", "upcoming", "--reverse", "-n", "2").out == (
        "February 2020\n  1. 2020/02/21               Later\n  2. 2020/02/20 08:30         Meeting  [today]\n"
    )


def test_a_list_of_a_month_has_what_began_earlier_in_a_last_group(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\ntitle = "Project"\nstart = 2019-12-09\nend = 2020-04-30\n'
        '[[event]]\ntitle = "Workshop"\nstart = 2020-01-30\nend = 2020-02-02\n'
        '[[event]]\ntitle = "Meeting"\nstart = 2020-02-20\n[[event]]\ntitle = "Some day"\nstart = "2020"\n',
        encoding="utf-8",
    )
    assert ilocal("--lang", "en", "list", "--month", "2020-02").out == (
        "February 2020\n  1. 2020/02/20               Meeting\n\n"
        "2020\n  1. 2020                     Some day\n\n"
        "Began earlier\n  1. 2020/01/30 - 2020/02/02  Workshop\n  2. 2019/12/09 - 2020/04/30  Project\n"
    )
    assert ilocal("--lang", "vi", "list", "--from", "2020-02-01", "--reverse").out.split("\n\n")[-1] == (
        "Đã bắt đầu trước đó\n  1. 2019/12/09 - 2020/04/30  Project\n  2. 2020/01/30 - 2020/02/02  Workshop\n"
    )


def test_upcoming_says_when_nothing_is_coming_and_names_the_last(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(FOUR_EVENTS[: FOUR_EVENTS.index('\n[[event]]\nid = "tba')], encoding="utf-8")
    assert ilocal("--today", "2020-03-01", "upcoming") == (
        0, "",
        "No upcoming events.\n"
        "The last event was: 2020/02/25 - 2020/02/29 Khảo sát cuối kì về lao động trẻ em\n",
    )  # fmt: skip
    assert ilocal("--today", "2020-01-01", "upcoming", "--topic", "none").err == (
        'No upcoming events.\n--topic: no event has "none"\n'
    )
    assert ilocal("--today", "2020-01-01", "upcoming", "--days", "3").err.endswith(
        'The next event is: 2020/02/20 Họp "Nhóm cố vấn CSR"\n'
    )
    assert ilocal("--today", "9999-12-31", "upcoming", "--days", "3").code == 0


def test_where_nothing_is_in_the_days_asked_for_the_next_event_is_named(ilocal: Ilocal, registry: Path) -> None:
    answers = {
        "en": "No events in this period.\nThe next event is: 2020/02/25 - 2020/02/29 Khảo sát cuối kì về lao động trẻ em [vi]\n",
        "vi": "Không có sự kiện nào trong khoảng thời gian này.\n"
        "Sự kiện tiếp theo: 2020/02/25 - 2020/02/29 Khảo sát cuối kì về lao động trẻ em\n",
    }
    for lang, said in answers.items():
        assert ilocal("--today", "2020-02-21", "--lang", lang, "upcoming", "2d") == (0, "", said)
