"""Recurrence rules: RFC 5545's own examples, and what is refused."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ilocal.errors import DateError, InvalidEventError
from ilocal.model import recurrence
from ilocal.model.dates import DateRange, Month, PartialDate, Year
from ilocal.model.event import Event
from ilocal.model.recurrence import validate_rrule
from tests.support.recurrence import ALL_DAYS, list_starts


def read_dates(text: str) -> list[date]:
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
    last = date.fromisoformat(words[-1]) if len(words) in (1, 3) else ALL_DAYS.last
    start: PartialDate = datetime(first.year, first.month, first.day, 9) if is_timed else first
    found = list_starts(start, rule, DateRange(ALL_DAYS.first, last))
    days = [point.date() if isinstance(point, datetime) else point for point in found]
    assert days == ([first] if words[:1] == ["not-start"] else []) + read_dates(expected)
    assert not is_timed or {point.time() for point in found if isinstance(point, datetime)} == {
        datetime(1, 1, 1, 9).time()
    }


def test_hours_of_the_rfc() -> None:
    start = datetime(1997, 9, 2, 9)
    assert list_starts(start, "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000") == [
        datetime(1997, 9, 2, 9), datetime(1997, 9, 2, 12), datetime(1997, 9, 2, 15),
    ]  # fmt: skip
    found = list_starts(start, "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40;COUNT=7")
    assert [f"{point:%d %H:%M}" for point in found if isinstance(point, datetime)] == [
        "02 09:00", "02 09:20", "02 09:40", "02 10:00", "02 10:20", "02 10:40", "03 09:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("", "expected a rule such as FREQ=YEARLY;BYMONTH=6"),
        ("FREQ=YEARLY\nDTSTART:20200101", "expected a rule such as FREQ=YEARLY;BYMONTH=6"),
        ("FREQ=SECONDLY", "FREQ=SECONDLY is too frequent (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)"),
        ("FREQ=MINUTELY;COUNT=3", "FREQ=MINUTELY is too frequent (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)"),
        ("BYMONTH=2", "FREQ is missing (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY)"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL must be from 1 to 9999"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL must be from 1 to 9999"),
        ("FREQ=DAILY;COUNT=0", "COUNT must be from 1 to 1000000"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20200101", "COUNT and UNTIL cannot be used together"),
        ("FREQ=DAILY;UNTIL=20201301", "write UNTIL as 20301231 or 20301231T170000Z"),
        ("FREQ=DAILY;FREQ=YEARLY", "a part of the rule appears twice"),
        ("FREQ=DAILY;BYEASTER=0", "BYEASTER is not a supported part of a recurrence rule"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH must be from 1 to 12"),
        ("FREQ=YEARLY;BYMONTHDAY=0", "BYMONTHDAY cannot be 0"),
        ("FREQ=YEARLY;BYDAY=XX", "BYDAY=XX is not a day of the week"),
        ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY=2MO has a number and cannot be used with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYSETPOS=2", "BYSETPOS requires another BY part to choose from"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "there is no such day"),
        ("FREQ=DAILY;BYMONTH=2,4;BYMONTHDAY=31", "there is no such day"),
        ("FREQ=MONTHLY;BYDAY=6MO", "there is no such day"),
    ],
)
def test_a_rule_that_cannot_be_relied_on_is_refused_with_its_reason(rule: str, reason: str) -> None:
    with pytest.raises(DateError) as caught:
        validate_rrule(rule, datetime(2020, 1, 1, 9))
    assert caught.value.message.endswith(f"is not a recurrence rule: {reason}")


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        (Month(2020, 2), "FREQ=WEEKLY"), (Month(2020, 2), "FREQ=MONTHLY;BYDAY=1MO"), (Year(2020), "FREQ=MONTHLY"),
        (date(2020, 2, 1), "FREQ=HOURLY"),
    ],
)  # fmt: skip
def test_a_rule_asks_for_no_more_than_the_start_knows(start: PartialDate, rule: str) -> None:
    with pytest.raises(InvalidEventError, match="^rrule: "):
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
    assert list_starts(start, rule, DateRange(date(2019, 1, 1), date(2019, 12, 31))) == [start]


def test_hours_that_an_interval_never_comes_to_are_an_error() -> None:
    with pytest.raises(InvalidEventError, match="is not a recurrence rule"):
        Event("a", start=datetime(2019, 1, 1, 9), rrule="FREQ=HOURLY;INTERVAL=24;BYHOUR=5")


def test_a_rule_that_is_none_is_refused_in_vietnamese(vietnamese: None) -> None:
    with pytest.raises(DateError) as error:
        recurrence.parse_rrule("FREQ=WEEKLY;BYDAY=XX")
    text = 'quy tắc lặp lại "FREQ=WEEKLY;BYDAY=XX" không hợp lệ: BYDAY=XX không phải là ngày trong tuần'
    assert error.value.message == text
