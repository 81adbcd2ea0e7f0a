"""Rules of recurrence: RFC 5545's own examples, what is refused, and what comes out of a registry."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.dates import Days, Month, Point, Year
from ilocal.errors import DateError, RecordError, UsageError
from ilocal.event import Event, Override
from ilocal.query import Query
from ilocal.recurrence import MOST, check, starts
from ilocal.repeat import read, told
from ilocal.series import occurrences
from ilocal.workspace import Workspace
from tests.conftest import Ilocal
from tests.support import strategies

ALL = Days(date(1990, 1, 1), date(2030, 12, 31))


def begins(start: Point, rule: str, window: Days = ALL, exdates: tuple[Point, ...] = ()) -> list[Point]:
    return starts(start, rule, (), exdates, window, lasting=timedelta())


def dates(text: str) -> list[date]:
    """`1997: 9/2-4,10/1; 1998: 1/5` as days; a range within a month counts by days."""
    found = []
    for part in text.split(";"):
        year, _, days = part.partition(":")
        for item in days.split(","):
            month, _, numbers = item.strip().partition("/")
            first, _, last = numbers.partition("-")
            found += [date(int(year), int(month), day) for day in range(int(first), int(last or first) + 1)]
    return found


# RFC 5545, 3.8.5.3: all begin on 2 September 1997 at nine, unless the rule's line says another day. Rules without an
# end are looked at as far as the RFC lists them.
EXAMPLES = [
    ("FREQ=DAILY;COUNT=10", "1997: 9/2-11", ""),
    ("FREQ=DAILY;INTERVAL=2", "1997: 9/2,9/4,9/6,9/8", "1997-09-08"),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997: 9/2,9/12,9/22,10/2,10/12", ""),
    ("FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
     "1998: 1/1-31; 1999: 1/1-31; 2000: 1/1-31", "start 1998-01-01"),
    ("FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
     "1998: 1/1-31; 1999: 1/1-31; 2000: 1/1-31", "start 1998-01-01"),
    ("FREQ=WEEKLY;COUNT=10", "1997: 9/2,9/9,9/16,9/23,9/30,10/7,10/14,10/21,10/28,11/4", ""),
    ("FREQ=WEEKLY;UNTIL=19971224T000000Z",
     "1997: 9/2,9/9,9/16,9/23,9/30,10/7,10/14,10/21,10/28,11/4,11/11,11/18,11/25,12/2,12/9,12/16,12/23", ""),
    ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997: 9/2,9/16,9/30,10/14,10/28,11/11,11/25,12/9,12/23; 1998: 1/6",
     "1998-01-06"),
    ("FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "1997: 9/2,9/4,9/9,9/11,9/16,9/18,9/23,9/25,9/30,10/2",
     ""),
    ("FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997: 9/2,9/4,9/9,9/11,9/16,9/18,9/23,9/25,9/30,10/2", ""),
    ("FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
     "1997: 9/1,9/3,9/5,9/15,9/17,9/19,9/29,10/1,10/3,10/13,10/15,10/17,10/27,10/29,10/31,11/10,11/12,11/14,11/24,"
     "11/26,11/28,12/8,12/10,12/12,12/22", "start 1997-09-01"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997: 9/2,9/4,9/16,9/18,9/30,10/2,10/14,10/16", ""),
    ("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997: 9/5,10/3,11/7,12/5; 1998: 1/2,2/6,3/6,4/3,5/1,6/5", "start 1997-09-05"),
    ("FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "1997: 9/5,10/3,11/7,12/5", "start 1997-09-05"),
    ("FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
     "1997: 9/7,9/28,11/2,11/30; 1998: 1/4,1/25,3/1,3/29,5/3,5/31", "start 1997-09-07"),
    ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997: 9/22,10/20,11/17,12/22; 1998: 1/19,2/16", "start 1997-09-22"),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997: 9/28,10/29,11/28,12/29; 1998: 1/29,2/26", "start 1997-09-28 1998-02-26"),
    ("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
     "1997: 9/2,9/15,10/2,10/15,11/2,11/15,12/2,12/15; 1998: 1/2,1/15", ""),
    ("FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
     "1997: 9/30,10/1,10/31,11/1,11/30,12/1,12/31; 1998: 1/1,1/31,2/1", "start 1997-09-30"),
    ("FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997: 9/10-15; 1999: 3/10-13",
     "start 1997-09-10"),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
     "1997: 9/2,9/9,9/16,9/23,9/30,11/4,11/11,11/18,11/25; 1998: 1/6,1/13,1/20,1/27,3/3,3/10,3/17,3/24,3/31",
     "1998-03-31"),
    ("FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
     "1997: 6/10,7/10; 1998: 6/10,7/10; 1999: 6/10,7/10; 2000: 6/10,7/10; 2001: 6/10,7/10", "start 1997-06-10"),
    ("FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
     "1997: 3/10; 1999: 1/10,2/10,3/10; 2001: 1/10,2/10,3/10; 2003: 1/10,2/10,3/10", "start 1997-03-10"),
    ("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
     "1997: 1/1,4/10,7/19; 2000: 1/1,4/9,7/18; 2003: 1/1,4/10,7/19; 2006: 1/1", "start 1997-01-01"),
    ("FREQ=YEARLY;BYDAY=20MO", "1997: 5/19; 1998: 5/18; 1999: 5/17", "start 1997-05-19 1999-05-17"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997: 5/12; 1998: 5/11; 1999: 5/17", "start 1997-05-12 1999-05-17"),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997: 3/13,3/20,3/27; 1998: 3/5,3/12,3/19,3/26; 1999: 3/4,3/11,3/18,3/25",
     "start 1997-03-13 1999-12-31"),
    ("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
     "1997: 6/5,6/12,6/19,6/26,7/3,7/10,7/17,7/24,7/31,8/7,8/14,8/21,8/28", "start 1997-06-05 1997-12-31"),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998: 2/13,3/13,11/13; 1999: 8/13; 2000: 10/13",
     "not-start 1997-09-02 2000-10-13"),
    ("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
     "1997: 9/13,10/11,11/8,12/13; 1998: 1/10,2/7,3/7,4/11,5/9,6/13", "start 1997-09-13 1998-06-13"),
    ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996: 11/5; 2000: 11/7; 2004: 11/2",
     "start 1996-11-05 2004-11-02"),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997: 9/4,10/7,11/6", "start 1997-09-04"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
     "1997: 9/29,10/30,11/27,12/30; 1998: 1/29,2/26,3/30", "start 1997-09-29 1998-03-30"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997: 8/5,8/10,8/19,8/24", "start 1997-08-05"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997: 8/5,8/17,8/19,8/31", "start 1997-08-05"),
    ("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007: 1/15,1/30,2/15,3/15,3/30", "start 2007-01-15"),
]  # fmt: skip

CASES = [(*example, timed) for example in EXAMPLES for timed in (True, False) if timed or "T000000Z" not in example[0]]


@pytest.mark.parametrize(("rule", "expected", "said", "is_timed"), CASES)
def test_the_examples_of_the_rfc(rule: str, expected: str, said: str, is_timed: bool) -> None:
    words = said.split()
    first = date.fromisoformat(words[1] if words[:1] in (["start"], ["not-start"]) else "1997-09-02")
    last = date.fromisoformat(words[-1]) if len(words) in (1, 3) else ALL.last
    start: Point = datetime(first.year, first.month, first.day, 9) if is_timed else first
    found = begins(start, rule, Days(ALL.first, last))
    days = [point.date() if isinstance(point, datetime) else point for point in found]
    assert days == ([first] if words[:1] == ["not-start"] else []) + dates(expected)
    assert not is_timed or {point.time() for point in found if isinstance(point, datetime)} == {
        datetime(1, 1, 1, 9).time()
    }


def test_hours_of_the_rfc() -> None:
    start = datetime(1997, 9, 2, 9)
    assert begins(start, "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000") == [
        datetime(1997, 9, 2, 9), datetime(1997, 9, 2, 12), datetime(1997, 9, 2, 15),
    ]  # fmt: skip
    found = begins(start, "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40;COUNT=7")
    assert [f"{point:%d %H:%M}" for point in found if isinstance(point, datetime)] == [
        "02 09:00", "02 09:20", "02 09:40", "02 10:00", "02 10:20", "02 10:40", "03 09:00",
    ]  # fmt: skip


def test_an_excluded_start_is_left_out_and_a_day_excludes_its_times() -> None:
    start = datetime(2020, 3, 2, 9)
    assert begins(start, "FREQ=DAILY;COUNT=4", exdates=(start, date(2020, 3, 4))) == [
        datetime(2020, 3, 3, 9), datetime(2020, 3, 5, 9),
    ]  # fmt: skip


def test_a_month_recurs_as_a_month_and_a_year_as_a_year() -> None:
    assert begins(Month(2020, 11), "FREQ=MONTHLY;INTERVAL=2;COUNT=3") == [
        Month(2020, 11),
        Month(2021, 1),
        Month(2021, 3),
    ]
    assert begins(Year(2020), "FREQ=YEARLY;INTERVAL=5;UNTIL=20301231") == [Year(2020), Year(2025), Year(2030)]


def test_beyond_a_year_ahead_what_is_written_down_and_the_next_is_seen() -> None:
    window, ahead = Days(date.min, date.max), date(2020, 12, 31)

    def seen(
        start: date, rule: str, rdates: tuple[date, ...] = (), overrides: tuple[Override, ...] = ()
    ) -> list[Point]:
        event = Event("a", start=start, rrule=rule, rdates=rdates, overrides=overrides)
        return [one.start for one in occurrences(event, window, ahead) if one.start is not None]

    assert seen(date(2022, 6, 1), "FREQ=YEARLY") == [date(2022, 6, 1)]
    assert seen(date(2019, 6, 1), "FREQ=YEARLY;INTERVAL=4") == [date(2019, 6, 1)]
    assert seen(date(2020, 6, 1), "FREQ=YEARLY", (date(2030, 1, 1),)) == [date(2020, 6, 1), date(2030, 1, 1)]
    moved = Override(date(2020, 6, 1), {"start": date(2025, 1, 1)})
    assert seen(date(2019, 6, 1), "FREQ=YEARLY", (), (moved,)) == [date(2019, 6, 1), date(2025, 1, 1)]


def test_a_series_that_is_far_away_is_listed_and_exported(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text("")
    ilocal("add", "Đại hội", "2023-06-12", "--repeat", "yearly 3 times", "--id", "far")
    ilocal("add", "Hết", "2020-02-01", "--id", "over")
    registry.write_text(
        registry.read_text() + 'rrule = "FREQ=DAILY"\nexdates = [2020-02-01]\n'.replace("DAILY", "DAILY;COUNT=1")
    )
    assert ilocal("list", "-f", "csv", "--columns", "id,start").out == "id,start\nfar,2023-06-12\n"
    assert ilocal("upcoming", "-f", "ids").out == "far\n"
    assert ilocal("list", "--to", "9999-12-31", "-f", "ids").out == "far\n" * 3
    assert ilocal("list", "-f", "toml").out.count("[[event]]") == 2  # also the one whose only day is left out
    ilocal("export", "a.jsonl")
    assert len(Path("a.jsonl").read_text().splitlines()) == 2


@given(strategies.series().filter(lambda event: event.recurs), st.tuples(strategies.days, strategies.days).map(sorted))
def test_a_window_leaves_out_nothing_that_touches_it(event: Event, ends: list[date]) -> None:
    window = Days(*ends)
    everything = occurrences(event, Days(date(2015, 1, 1), date(2022, 12, 31)))
    touching = [
        one for one in everything if one.days and one.days.first <= window.last and one.days.last >= window.first
    ]
    assert occurrences(event, window) == touching


# ------------------------------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("", "not of the form FREQ=YEARLY;BYMONTH=6"),
        ("FREQ=YEARLY\nDTSTART:20200101", "not of the form FREQ=YEARLY;BYMONTH=6"),
        ("FREQ=SECONDLY", "FREQ=SECONDLY is too often (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)"),
        ("FREQ=MINUTELY;COUNT=3", "FREQ=MINUTELY is too often (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)"),
        ("BYMONTH=2", "FREQ is wanted (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL goes from 1 to 9999"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL goes from 1 to 9999"),
        ("FREQ=DAILY;COUNT=0", "COUNT goes from 1 to 1000000"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20200101", "COUNT and UNTIL exclude each other"),
        ("FREQ=DAILY;UNTIL=20201301", "UNTIL is written 20301231 or 20301231T170000Z"),
        ("FREQ=DAILY;FREQ=YEARLY", "a part stands there twice"),
        ("FREQ=DAILY;BYEASTER=0", "BYEASTER is no part of a rule that is known here"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH goes from 1 to 12"),
        ("FREQ=YEARLY;BYMONTHDAY=0", "BYMONTHDAY has no 0"),
        ("FREQ=YEARLY;BYDAY=XX", "BYDAY=XX is no day of the week"),
        ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY=2MO counts days of a month or a year, and not with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYSETPOS=2", "BYSETPOS chooses among the days of another BY part"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "there is no such day"),
        ("FREQ=DAILY;BYMONTH=2,4;BYMONTHDAY=31", "there is no such day"),
        ("FREQ=MONTHLY;BYDAY=6MO", "there is no such day"),
    ],
)
def test_a_rule_that_cannot_be_relied_on_is_refused_with_its_reason(rule: str, reason: str) -> None:
    with pytest.raises(DateError) as caught:
        check(rule, datetime(2020, 1, 1, 9))
    assert caught.value.message.endswith(f"is no rule of recurrence: {reason}")


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        (Month(2020, 2), "FREQ=WEEKLY"), (Month(2020, 2), "FREQ=MONTHLY;BYDAY=1MO"), (Year(2020), "FREQ=MONTHLY"),
        (date(2020, 2, 1), "FREQ=HOURLY"),
    ],
)  # fmt: skip
def test_a_rule_asks_for_no_more_than_the_start_knows(start: Point, rule: str) -> None:
    with pytest.raises(RecordError, match="^rrule: "):
        Event("a", start=start, rrule=rule)


BOMBS = (
    "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # the start is a Tuesday
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",  # from an odd year
    "FREQ=WEEKLY;INTERVAL=9999;BYMONTH=2;BYDAY=SU",
    "FREQ=HOURLY;BYHOUR=1;BYMINUTE=1;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
)


@pytest.mark.parametrize("rule", BOMBS)
def test_a_rule_that_finds_nothing_ends(rule: str) -> None:
    """Without a bound this takes minutes."""
    start = datetime(2019, 1, 1, 9)
    assert begins(start, rule, Days(date(2019, 1, 1), date(2019, 12, 31))) == [start]


def test_hours_that_an_interval_never_comes_to_are_an_error() -> None:
    with pytest.raises(RecordError, match="is no rule of recurrence"):
        Event("a", start=datetime(2019, 1, 1, 9), rrule="FREQ=HOURLY;INTERVAL=24;BYHOUR=5")


def test_too_many_occurrences_are_said_and_the_others_still_list(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "hourly"\nstart = 2010-01-01T09:00:00\nrrule = "FREQ=HOURLY"\n'
        '[[event]]\nid = "b"\ntitle = "broken"\nstart = 2020-01-01\nrrule = "FREQ=DAILY;INTERVAL=0"\n'
        '[[event]]\nid = "c"\ntitle = "other"\nstart = 2020-01-01\n',
        encoding="utf-8",
    )
    result = ilocal("list", "-f", "ids")
    assert (result.code, result.out) == (0, "c\na\n")
    assert result.err == (
        'ilocal: warning: events.toml:10: rrule: "FREQ=DAILY;INTERVAL=0" is no rule of recurrence: '
        "INTERVAL goes from 1 to 9999\n"
        f"ilocal: warning: events.toml:1: rrule: more than {MOST:,} occurrences up to 2021-02-20: shown once\n"
    )
    assert ilocal("list", "--on", "2020-02-20", "-f", "ids").out == "a\n" * 24


# ---------------------------------------------------------------------------------------------------------- said by people


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("yearly", "FREQ=YEARLY"), ("every year", "FREQ=YEARLY"), ("hằng năm", "FREQ=YEARLY"),
        ("hàng năm", "FREQ=YEARLY"), ("moi thang", "FREQ=MONTHLY"), ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("every other day", "FREQ=DAILY;INTERVAL=2"), ("2 tuần một lần", "FREQ=WEEKLY;INTERVAL=2"),
        ("every monday", "FREQ=WEEKLY;BYDAY=MO"), ("every Thursday and Monday", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("thứ hai hằng tuần", "FREQ=WEEKLY;BYDAY=MO"), ("mỗi thứ 5, chủ nhật", "FREQ=WEEKLY;BYDAY=TH,SU"),
        ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"), ("hằng quý", "FREQ=MONTHLY;INTERVAL=3"),
        ("yearly until 2030", "FREQ=YEARLY;UNTIL=20301231"), ("hằng tháng đến 31/12/2020", "FREQ=MONTHLY;UNTIL=20201231"),
        ("weekly 10 times", "FREQ=WEEKLY;COUNT=10"), ("hằng tuần 4 lần", "FREQ=WEEKLY;COUNT=4"),
        ("freq=monthly;byday=1mo", "FREQ=MONTHLY;BYDAY=1MO"), ("RRULE:FREQ=DAILY;COUNT=2", "FREQ=DAILY;COUNT=2"),
    ],
)  # fmt: skip
def test_rules_are_read_as_people_say_them(said: str, rule: str) -> None:
    assert read(said, date(2020, 2, 20), date(2020, 2, 20)) == rule


@pytest.mark.parametrize(
    "said",
    ["", "often", "every", "every blue moon", "yearly until never", "yearly until 2019", "FREQ=DAILY;UNTIL=20190101"],
)
def test_what_is_no_rule_is_refused(said: str) -> None:
    with pytest.raises(UsageError):
        read(said, date(2020, 2, 20), date(2020, 2, 20))


@pytest.mark.parametrize(
    ("rule", "en", "vi"),
    [
        ("FREQ=YEARLY", "every year", "hằng năm"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", "every 2 weeks, 3 times", "2 tuần một lần, 3 lần"),
        ("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20201231", "every week on Monday, Thursday until 2020/12/31",
         "hằng tuần vào Thứ Hai, Thứ Năm đến 2020/12/31"),
        ("FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO"),
    ],
)  # fmt: skip
def test_rules_are_told_in_words_where_they_fit(rule: str, en: str, vi: str) -> None:
    assert (told(rule, "en"), told(rule, "vi")) == (en, vi)


# ------------------------------------------------------------------------------------------------------------ commands


@pytest.fixture
def yearly(ilocal: Ilocal, registry: Path) -> Path:
    registry.write_text("")
    said = ("Hội nghị thường niên", "12 - 13 June 2018", "--repeat", "hằng năm", "--exdate", "2019-06-12")
    assert ilocal("add", *said).out == "2018-hoi-nghi-thuong-nien\n"
    return registry


def test_a_series_is_listed_each_time_up_to_a_year_ahead(ilocal: Ilocal, yearly: Path) -> None:
    assert "\n".join(yearly.read_text().splitlines()[1:7]) == (
        'id = "2018-hoi-nghi-thuong-nien"\ntitle = "Hội nghị thường niên"\nstart = 2018-06-12\nend = 2018-06-13\n'
        'rrule = "FREQ=YEARLY"\nexdates = [2019-06-12]'
    )
    assert ilocal("--lang", "en", "list").out == (
        "June 2020\n  1. 2020/06/12 - 2020/06/13  Hội nghị thường niên\n\n"
        "June 2018\n  1. 2018/06/12 - 2018/06/13  Hội nghị thường niên\n"
    )
    assert ilocal("upcoming", "-f", "jsonl", "--columns", "start,recurrence_id").out == (
        '{"start": "2020-06-12", "recurrence_id": "2020-06-12"}\n'
    )
    assert ilocal("list", "--year", "2025", "-f", "csv", "--columns", "when").out == "when\n2025/06/12 - 2025/06/13\n"
    assert ilocal("list", "--year", "2019", "-f", "ids").out == ""
    assert ilocal("search", "thuong nien", "-f", "ids").out == "2018-hoi-nghi-thuong-nien\n" * 2


def test_once_shows_the_series_alone(ilocal: Ilocal, yearly: Path) -> None:
    assert (
        ilocal("list", "--once", "-f", "csv", "--columns", "start,rrule").out == "start,rrule\n2018-06-12,FREQ=YEARLY\n"
    )
    assert ilocal("list", "--once", "--year", "2019", "-f", "ids").out == ""
    assert ilocal("list", "--year", "2025", "-f", "toml").out.splitlines()[3:6] == [
        "start = 2018-06-12", "end = 2018-06-13", 'rrule = "FREQ=YEARLY"',
    ]  # fmt: skip


def test_an_edit_excludes_a_day_or_ends_the_series(ilocal: Ilocal, yearly: Path) -> None:
    assert ilocal("edit", "2018-hoi", "--add-exdate", "2020-06-12").code == 0
    assert ilocal("upcoming", "-f", "csv", "--columns", "start").out == "start\n2021-06-12\n"
    assert ilocal("upcoming", "--days", "300", "-f", "ids").out == ""
    assert ilocal("edit", "2018-hoi", "--repeat", "yearly until 2020").code == 0
    assert ilocal("list", "--from", "2018", "-f", "csv", "--columns", "when").out == "when\n2018/06/12 - 2018/06/13\n"
    assert ilocal("edit", "2018-hoi", "--unset", "repeat", "--unset", "exdates").code == 0
    assert "rrule" not in yearly.read_text()


def test_filters_never_remove_a_series_by_one_of_its_days(ilocal: Ilocal, yearly: Path) -> None:
    before = yearly.read_bytes()
    result = ilocal("remove", "--year", "2020", "--yes")
    assert (result.code, result.out) == (2, "")
    assert "recurs, also outside of these days" in result.err
    assert yearly.read_bytes() == before


def test_an_occurrence_that_is_otherwise_counts_as_what_it_is(tmp_path: Path) -> None:
    override = Override(date(2020, 2, 17), {"start": date(2020, 2, 19), "title": "Họp muộn", "topics": ()})
    event = Event(
        "Họp", id="a", start=date(2020, 2, 3), rrule="FREQ=WEEKLY;COUNT=4", topics=("CSR",), overrides=(override,)
    )
    window = Days(date(2020, 2, 1), date(2020, 3, 31))
    found = Query(window=window).answer([event])
    assert [(one.start, one.title, one.topics, one.recurrence_id) for one in found] == [
        (date(2020, 2, 3), "Họp", ("CSR",), date(2020, 2, 3)),
        (date(2020, 2, 10), "Họp", ("CSR",), date(2020, 2, 10)),
        (date(2020, 2, 19), "Họp muộn", (), date(2020, 2, 17)),
        (date(2020, 2, 24), "Họp", ("CSR",), date(2020, 2, 24)),
    ]
    path = tmp_path / "events.toml"
    path.write_text(
        '[[event]]\nid = "a"\ntitle = "Họp"\nstart = 2020-02-03\nrrule = "FREQ=WEEKLY;COUNT=4"\ntopics = ["CSR"]\n'
        '[[event.override]]\nrecurrence_id = 2020-02-17\ntitle = "Họp muộn"\nstart = 2020-02-19\ntopics = []\n'
    )
    assert list(Workspace(path).select(Query(window=window))) == found


def test_a_page_shows_the_dates_of_a_series_as_it_shows_others_and_texts_as_they_are(
    ilocal: Ilocal, registry: Path
) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-02-03T09:00:00\nrrule = "FREQ=WEEKLY;COUNT=4"\n'
        "rdates = [2020-02-05T08:30:00]\nexdates = [2020-02-10]\n"
        '[[event.override]]\nrecurrence_id = 2020-02-17T09:00:00\nstart = 2020-02-18T10:00:00\ntitle = "THỬ Tổng kết"\n'
        'topics = ["T", "b"]\n',
        encoding="utf-8",
    )
    assert [line for line in ilocal("--lang", "en", "show", "a").out.splitlines() if "2020/02" in line] == [
        "Date       2020/02/03 09:00",
        "Also on    2020/02/05 08:30",
        "Except on  2020/02/10",
        "Changed    2020/02/17 09:00: start 2020/02/18 10:00, title THỬ Tổng kết, topics T; b",
    ]


def test_check_names_what_never_takes_place(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-02-03\nrrule = "FREQ=DAILY;UNTIL=20190101"\n'
        '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-02-03\nrrule = "FREQ=WEEKLY"\nexdates = [2020-02-04, 2020-02-10]\n'
        '[[event.override]]\nrecurrence_id = 2020-02-12\nlocation = "x"\n'
        '[[event.override]]\nrecurrence_id = 2020-02-17\nlocation = "x"\n',
        encoding="utf-8",
    )
    assert ilocal("check").out == (
        "events.toml:5: rrule: it takes place on no day\n"
        "events.toml:11: exdates: 2020-02-04 is no date of it\n"
        "events.toml:12: overrides: 2020-02-12 is no date of it, and is listed all the same\n"
    )


def test_check_names_an_exception_that_takes_nothing_out_also_among_times(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-03-02T09:00:00\nrrule = "FREQ=WEEKLY;COUNT=4"\n'
        "exdates = [2020-03-09, 2020-03-17, 2020-03-16T09:00:00, 2020-03-23T08:00:00]\n",
        encoding="utf-8",
    )
    assert ilocal("check").out == (
        "events.toml:6: exdates: 2020-03-17 is no date of it\n"
        "events.toml:6: exdates: 2020-03-23T08:00 is no date of it\n"
    )
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-03-02T09:00:00\nrdates = [2020-03-05T09:00:00]\n'
        "exdates = [2020-03-02, 2020-05-05]\n"
        '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-06-02T09:00:00\nexdates = [2020-05-05]\n',
        encoding="utf-8",
    )
    assert ilocal("check").out == (
        "events.toml:6: exdates: 2020-05-05 is no date of it\nevents.toml:11: exdates: 2020-05-05 is no date of it\n"
    )
