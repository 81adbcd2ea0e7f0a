"""Rules beside a brute-force count of the same, and the work that they may take."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from ilocal.errors import DateError
from ilocal.formats import ics
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.model.dates import DateRange, Month, PartialDate, Year
from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.occurrences import has_occurrence_at, list_occurrences, list_occurrences_or_self, possible_date_range
from ilocal.model.recurrence import expand_recurrence, has_further_dates, validate_rrule
from ilocal.model.registry_info import RegistryInfo
from tests.support import rule_oracle
from tests.support.cli import Ilocal

SEED = os.environ.get("ILOCAL_SEED", "8984")  # taken here, as the tests themselves see no such variable
YEARS = {"YEARLY": 9, "MONTHLY": 4, "WEEKLY": 2, "DAILY": 1, "HOURLY": 0}
FIRST_YEARS = (1, 1, 1600, 1899, 1970, 1996, 1999, 2004, 2008, 2015, 2020, 2026, 9985, 9996)


def random_start(draw: random.Random) -> datetime:
    """Return a start at any time of a year, often at its turn, at the end of a month or on 29 February."""
    year = draw.choice(FIRST_YEARS)
    day = date(year, 1, 1) + timedelta(
        days=draw.choice((draw.randrange(365), draw.randrange(5), 360 + draw.randrange(5)))
    )
    return datetime.combine(day, time(draw.randrange(24), draw.choice((0, 30, 59)), draw.choice((0, 0, 59))))


def random_rule(draw: random.Random, start: datetime) -> str:
    """Return a rule with any parts, including combinations for which RFC 5545 has no use."""
    frequency = draw.choice((*YEARS, "YEARLY", "YEARLY", "MONTHLY", "WEEKLY"))
    parts = {"FREQ": frequency}
    if draw.random() < 0.4:
        parts["INTERVAL"] = str(draw.choice((2, 2, 3, 4, 5, 7, 12, 18, 24, 25)))
    if draw.random() < 0.3:
        parts["WKST"] = draw.choice(rule_oracle.NAMES)
    numbers = {
        "BYMONTH": (0.3, range(1, 13)), "BYMONTHDAY": (0.25, (*range(1, 32), *range(-31, 0))),
        "BYYEARDAY": (0.1, (1, 2, 59, 60, 100, 200, 365, 366, -1, -2, -100, -306, -365, -366)),
        "BYWEEKNO": (0.2, (1, 1, 2, 20, 51, 52, 53, -1, -2, -52, -53)),
        "BYHOUR": (0.15, range(24)), "BYMINUTE": (0.1, (0, 15, 30, 59)), "BYSECOND": (0.05, (0, 30, 59, 60)),
    }  # fmt: skip
    for name, (chance, some) in numbers.items():
        if draw.random() < chance:
            parts[name] = ",".join(str(draw.choice(some)) for _ in range(draw.choice((1, 1, 2, 5, 12))))
    if draw.random() < 0.5:
        parts["BYDAY"] = ",".join(random_weekday(draw, frequency) for _ in range(draw.choice((1, 1, 2, 3, 5))))
    if draw.random() < 0.3 and any(name.startswith("BY") for name in parts):
        places = (1, 2, 3, 5, 13, -1, -2, -5, 52, 366)
        parts["BYSETPOS"] = ",".join(str(draw.choice(places)) for _ in range(draw.choice((1, 1, 2, 3))))
    if draw.random() < 0.2:
        parts["COUNT"] = str(draw.randrange(1, 30))
    elif draw.random() < 0.2:
        until = start.replace(year=min(start.year + 2, 9999), day=min(start.day, 28))
        parts["UNTIL"] = f"{until.year:04}{until:%m%dT%H%M%S}"
    head, *rest = parts.items()
    draw.shuffle(rest)
    return ";".join(f"{name}={value}" for name, value in (head, *rest))


def random_weekday(draw: random.Random, frequency: str) -> str:
    name = draw.choice(rule_oracle.NAMES)
    if frequency not in ("YEARLY", "MONTHLY") or draw.random() < 0.5:
        return name
    return f"{draw.choice((1, 1, 2, 3, 4, 5, 5, 20, 53, -1, -1, -2, -5, -20, -53, '+2'))}{name}"


def compared(n: int, seed: int) -> int:
    """Expand so many random rules in both ways; how many of them gave more than their start."""
    draw = random.Random(seed)
    fruitful = 0
    for _ in range(n):
        start = random_start(draw)
        rule = random_rule(draw, start)
        frequency = rule.split(";")[0].removeprefix("FREQ=")
        last = start.date() + timedelta(days=min(366 * YEARS[frequency] + 40, (date.max - start.date()).days))
        try:
            validate_rrule(rule, start)
        except DateError as error:  # which is said of no rule that gives a date, however late
            years = 1 if frequency == "HOURLY" else 29
            last = start.date() + timedelta(days=min(366 * years, (date.max - start.date()).days))
            assert rule_oracle.dates(rule, start, last)[1:] == [], (rule, start, error.message)
            continue
        expected = rule_oracle.dates(rule, start, last)
        if len(expected) > 5000:
            continue
        assert expand_recurrence(start, rule, (), (), DateRange(date.min, last), duration=timedelta()) == expected, (
            rule,
            start,
        )
        first = start.date() + timedelta(days=draw.randrange((last - start.date()).days + 1))
        window = DateRange(first, min(date.max, first) if draw.random() < 0.5 else last)
        found = expand_recurrence(start, rule, (), (), window, duration=timedelta())
        inside = [moment for moment in expected if window.first <= moment.date() <= window.last]
        assert [
            moment for moment in found if isinstance(moment, datetime) and moment.date() >= window.first
        ] == inside, (rule, start, window)
        fruitful += len(expected) > 1
    return fruitful


def test_some_hundred_rules_give_the_dates_that_a_brute_force_count_gives() -> None:
    assert compared(300, seed=5545) > 150


@pytest.mark.long
@pytest.mark.parametrize("quarter", range(4))
def test_ten_thousand_rules_give_the_dates_that_a_brute_force_count_gives(quarter: int) -> None:
    assert compared(2_500, seed=int(SEED) + quarter) > 1_250


# ---------------------------------------------------------------------------------------------------- one rule at a time


def first_dates(start: PartialDate, rule: str, n: int = 99, last: date = date(2030, 12, 31)) -> list[str]:
    """Return the first starts of a series, up to a day, as ISO text."""
    validate_rrule(rule, start)
    return [
        str(at) for at in expand_recurrence(start, rule, (), (), DateRange(date.min, last), duration=timedelta())[:n]
    ]


RULES = [
    # Each day of BYDAY has its own number or none (RFC 5545, 3.3.10): all Mondays, and the last Wednesday.
    (date(2020, 2, 3), "FREQ=MONTHLY;BYDAY=MO,-1WE;UNTIL=20200331",
     "02-03 02-10 02-17 02-24 02-26 03-02 03-09 03-16 03-23 03-25 03-30"),
    # With BYMONTH the number counts in the month, without it in the year (RFC 5545, 3.3.10).
    (date(2020, 1, 6), "FREQ=YEARLY;BYMONTH=1,2;BYDAY=1MO,SA;UNTIL=20200210",
     "01-06 01-11 01-18 01-25 02-01 02-03 02-08"),
    (date(2020, 1, 6), "FREQ=YEARLY;BYDAY=1MO,-1TH;COUNT=3", "01-06 12-31 2021-01-04"),
    # A number that no month has leaves the other days of the list as they are.
    (date(2020, 1, 7), "FREQ=MONTHLY;BYDAY=6MO,1TU;COUNT=3", "01-07 02-04 03-03"),
    # A fifth Monday is not in each month, and what is not there is passed over (RFC 5545, 3.3.10).
    (date(2020, 3, 30), "FREQ=MONTHLY;BYDAY=5MO;COUNT=4", "03-30 06-29 08-31 11-30"),
    (date(2020, 3, 2), "FREQ=MONTHLY;BYDAY=-5MO;COUNT=4", "03-02 06-01 08-03 11-02"),
    # BYWEEKNO without a day takes the start's day of the week (RFC 8984, 4.3.3.1): the Tuesday of week 20.
    (date(2020, 5, 12), "FREQ=YEARLY;BYWEEKNO=20;COUNT=4", "05-12 2021-05-18 2022-05-17 2023-05-16"),
    # Week 1 may begin in December, and week 53 end in January (ISO 8601, which RFC 5545, 3.3.10, follows).
    (date(2018, 12, 31), "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;COUNT=3", "2018-12-31 2019-12-30 2021-01-04"),
    (date(2021, 1, 1), "FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR;COUNT=2", "2021-01-01 2027-01-01"),
    # The 52nd week from the end of a year with 52 weeks is its first, also where that begins in the year before.
    (date(2024, 12, 31), "FREQ=YEARLY;BYWEEKNO=-52;BYDAY=TU;COUNT=3", "2024-12-31 2026-01-06 2027-01-05"),
    # Whether it has 52 or 53 weeks depends on whether the year after the one of the day is a leap year.
    (date(2013, 12, 31), "FREQ=YEARLY;BYWEEKNO=-52;BYDAY=TU;UNTIL=20200110",
     "2013-12-31 2015-01-06 2016-01-05 2017-01-03 2018-01-02 2019-01-01 01-07"),
    # Whether it has 52 or 53 weeks depends on whether the year after the one of the day is a leap year.
    (date(2002, 12, 31), "FREQ=YEARLY;BYWEEKNO=-52;BYMONTH=12;BYDAY=TU;UNTIL=20200110", "2002-12-31 2013-12-31"),
    # BYMONTHDAY alone takes the start's month in a yearly rule (RFC 8984, 4.3.3.1).
    (date(2020, 2, 1), "FREQ=YEARLY;BYMONTHDAY=1,-1;COUNT=4", "02-01 02-29 2021-02-01 2021-02-28"),
    # That month is a part of the rule like any other, so that the last Monday is that of the month.
    (date(2021, 2, 22), "FREQ=YEARLY;BYMONTHDAY=22;BYDAY=-1MO;COUNT=2", "2021-02-22 2027-02-22"),
    # The first period counts from its beginning for BYSETPOS, though the start is later (RFC 8984, 4.3.3.1): of this
    # week the second day was Tuesday, before the start on Thursday.
    (date(2020, 2, 6), "FREQ=WEEKLY;BYDAY=MO,TU,TH;BYSETPOS=2;COUNT=3", "02-06 02-11 02-18"),
    (date(2020, 2, 6), "FREQ=WEEKLY;BYDAY=MO,TU,TH;BYSETPOS=3,3;COUNT=3", "02-06 02-13 02-20"),
    # A start that its rule does not name is the first date all the same, and counts (RFC 8984, 4.3.3.1).
    (date(2020, 2, 4), "FREQ=WEEKLY;BYDAY=MO;COUNT=3", "02-04 02-10 02-17"),
    # RFC 7529: what these say is what a rule means without them.
    (date(2020, 1, 31), "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=OMIT;COUNT=3", "01-31 03-31 05-31"),
    # In both directions of a window that is cut off by the calendar there is nothing to find, and no error.
    (date(1, 1, 1), "FREQ=WEEKLY;BYDAY=SU,MO;WKST=SU;COUNT=3", "0001-01-01 0001-01-07 0001-01-08"),
    (date(9999, 12, 20), "FREQ=WEEKLY;BYDAY=MO,SA", "9999-12-20 9999-12-25 9999-12-27"),
    # What is seldom there is not taken for what never is.
    (date(4, 2, 29), "FREQ=YEARLY;INTERVAL=999", "0004-02-29 4000-02-29 7996-02-29"),
    (date(9999, 12, 20), "FREQ=WEEKLY;BYDAY=MO,SA", "9999-12-20 9999-12-25 9999-12-27"),
    # What is seldom there is not taken for what never is.
    (date(4, 2, 29), "FREQ=YEARLY;INTERVAL=999", "0004-02-29 4000-02-29 7996-02-29"),
    (Year(9998), "FREQ=YEARLY;COUNT=5", "9998 9999"),
    (Month(9999, 11), "FREQ=MONTHLY", "9999-11 9999-12"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "rule", "expected"), RULES)
def test_a_rule_gives_the_dates_of_the_rfc(start: PartialDate, rule: str, expected: str) -> None:
    last = date.max if start.year > 9000 or start.year == 4 else date(2030, 12, 31)
    is_day = isinstance(start, date)
    full = [f"2020-{one}" if is_day and len(one) == 5 else one for one in expected.split()]
    assert first_dates(start, rule, last=last) == full


def test_bysetpos_chooses_among_times_and_in_hours() -> None:
    start = datetime(2020, 2, 3, 9, 30)
    assert first_dates(start, "FREQ=DAILY;BYHOUR=8,9,17;BYMINUTE=0,30;BYSETPOS=-1,4;COUNT=4") == [
        "2020-02-03 09:30:00", "2020-02-03 17:30:00", "2020-02-04 09:30:00", "2020-02-04 17:30:00",
    ]  # fmt: skip
    assert first_dates(start, "FREQ=HOURLY;INTERVAL=5;BYMINUTE=0,30,45;BYSETPOS=-1;COUNT=3") == [
        "2020-02-03 09:30:00", "2020-02-03 09:45:00", "2020-02-03 14:45:00",
    ]  # fmt: skip


def test_parts_of_a_second_are_those_of_the_start_and_count_for_until() -> None:
    start = datetime(2020, 2, 3, 9, 0, 0, 500_000)
    for rule in ("FREQ=DAILY", "FREQ=DAILY;BYHOUR=9", "FREQ=WEEKLY;BYDAY=MO,TU,WE", "FREQ=HOURLY;INTERVAL=24"):
        assert first_dates(start, f"{rule};COUNT=2") == ["2020-02-03 09:00:00.500000", "2020-02-04 09:00:00.500000"]
        assert first_dates(start, f"{rule};UNTIL=20200205T090000")[1:] == ["2020-02-04 09:00:00.500000"]
        assert first_dates(start, f"{rule};UNTIL=20200205T090001")[2:] == ["2020-02-05 09:00:00.500000"]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=YEARLY;RSCALE=CHINESE", "RSCALE=CHINESE is not supported, only RSCALE=GREGORIAN"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;RSCALE=GREGORIAN;SKIP=FORWARD", "SKIP=FORWARD is not supported, only SKIP=OMIT"),
        ("FREQ=HOURLY;INTERVAL=24;BYHOUR=5", "INTERVAL=24 never reaches an hour listed in BYHOUR"),
        ("FREQ=HOURLY;INTERVAL=10;BYHOUR=2,4", "INTERVAL=10 never reaches an hour listed in BYHOUR"),
        ("FREQ=YEARLY;BYWEEKNO=10;BYMONTH=5", "there is no such day"),
        ("FREQ=YEARLY;BYMONTH=2;BYDAY=6MO,-6TU", "there is no such day"),
    ],
)
def test_a_rule_that_is_refused_is_refused_for_a_reason_that_is_true(rule: str, reason: str) -> None:
    with pytest.raises(DateError) as caught:
        validate_rrule(rule, datetime(2020, 1, 1, 9))
    assert caught.value.message.endswith(f"is not a recurrence rule: {reason}")


# ------------------------------------------------------------------------------------------------------------- windows


def shown(event: Event, first: date, last: date) -> list[str]:
    return [str(one.start) for one in list_occurrences(event, DateRange(first, last))]


def test_there_is_nothing_before_the_first_occurrence() -> None:
    event = Event("a", start=date(2020, 2, 3), rrule="FREQ=DAILY")
    assert shown(event, date(2020, 1, 1), date(2020, 2, 2)) == []
    assert shown(event, date(2020, 1, 1), date(2020, 2, 3)) == ["2020-02-03"]
    assert shown(event, date(2020, 2, 4), date(2020, 2, 4)) == ["2020-02-04"]


def test_what_lasts_into_a_window_is_in_it_up_to_its_last_day() -> None:
    event = Event("a", start=date(2020, 2, 3), end=date(2020, 2, 5), rrule="FREQ=WEEKLY")
    assert shown(event, date(2020, 2, 12), date(2020, 2, 12)) == ["2020-02-10"]
    assert shown(event, date(2020, 2, 13), date(2020, 2, 16)) == []
    night = Event("a", start=datetime(2020, 2, 3, 22), end=datetime(2020, 2, 4, 2), rrule="FREQ=WEEKLY;BYDAY=MO,WE")
    assert shown(night, date(2020, 2, 6), date(2020, 2, 6)) == ["2020-02-05 22:00:00"]
    assert shown(night, date(2020, 2, 7), date(2020, 2, 9)) == []


def test_an_occurrence_that_ends_as_it_begins_is_one() -> None:
    day = date(2020, 2, 3)
    at = datetime(2020, 2, 3, 9)
    for start in (day, at):
        event = Event("a", start=start, end=start, rrule="FREQ=DAILY;COUNT=2")
        found = list_occurrences(event, DateRange(day, date(2020, 2, 12)))
        assert [one.end for one in found] == [one.start for one in found] == [start, start.replace(day=4)]
        assert shown(event, day, day) == [str(start)]


def test_a_series_keeps_its_hour_across_a_change_of_clocks() -> None:
    event = Event(
        "a",
        start=datetime(2020, 3, 27, 12),
        end=datetime(2020, 3, 28, 11),
        timezone="Europe/Berlin",
        rrule="FREQ=DAILY;COUNT=4",
    )
    found = list_occurrences(event, DateRange(date(2020, 3, 27), date(2020, 4, 30)))
    assert [f"{one.start:%d %H} {one.end:%d %H}" for one in found] == [
        "27 12 28 11",
        "28 12 29 11",
        "29 12 30 11",
        "30 12 31 11",
    ]


@pytest.mark.parametrize(
    ("duration", "end"),
    [("P1D", "2020-03-29 12:00:00"), ("PT24H", "2020-03-29 13:00:00"), ("P1DT1H", "2020-03-29 13:00:00")],
)
def test_days_of_a_duration_are_days_of_the_calendar_and_hours_are_hours(duration: str, end: str) -> None:
    """RFC 5545, 3.3.6; in the night between the two noons the clocks go forward."""
    text = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:a@b\nSUMMARY:a\n"
        f"DTSTART;TZID=Europe/Berlin:20200328T120000\nDURATION:{duration}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    (entry,) = ics.load(text, ReadOptions(date(2020, 2, 20), RegistryInfo()))
    assert isinstance(entry, ImportedEvent)
    assert str(entry.event.end) == end


def test_an_occurrence_in_another_zone_is_inside_the_bounds_of_its_series() -> None:
    """The index finds a series by these."""
    start = datetime.fromisoformat("2020-02-20T08:00:00-09:00")
    further = datetime.fromisoformat("2020-02-10T00:30:00+14:00")  # the 9th, where the series is
    event = Event("a", start=start, rdates=(further,))
    assert shown(event, date(2020, 2, 9), date(2020, 2, 9)) == ["2020-02-09 01:30:00-09:00"]
    assert possible_date_range(event).first == date(2020, 2, 9)
    late = Event("b", start=datetime(2020, 2, 3, 1), end=datetime(2020, 2, 3, 3), rrule="FREQ=DAILY;BYHOUR=23;COUNT=3")
    assert shown(late, date(2020, 2, 5), date(2020, 2, 5)) == ["2020-02-04 23:00:00"]
    assert possible_date_range(late).last >= date(2020, 2, 5)


# ---------------------------------------------------------------------------------------------------------------- work


def calls(action: Callable[[], object]) -> int:
    """How many functions are called: the work that does not depend on the machine."""
    n = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal n
        n += event == "call"

    sys.setprofile(counted)
    try:
        action()
    finally:
        sys.setprofile(None)
    return n


NEVER = [
    (date(2019, 1, 1), "FREQ=DAILY;BYMONTH=4;BYSETPOS=2"),
    (date(2019, 1, 1), "FREQ=DAILY;INTERVAL=7;BYDAY=MO"),  # the start is a Tuesday
    (date(2019, 1, 1), "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2"),
    (date(2019, 1, 1), "FREQ=WEEKLY;INTERVAL=2;BYMONTH=2;BYDAY=MO,TU;BYSETPOS=3"),
    (date(2019, 1, 1), "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6"),
    (date(2019, 1, 1), "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29"),  # from an odd year
    (date(2019, 1, 1), "FREQ=YEARLY;INTERVAL=9999"),
    (datetime(2019, 1, 1, 9), "FREQ=HOURLY;INTERVAL=14;BYDAY=MO;BYHOUR=9,10"),
    (datetime(2019, 1, 1, 9), "FREQ=HOURLY;BYMINUTE=0;BYSETPOS=2"),
]


@pytest.mark.parametrize(("start", "rule"), NEVER)
def test_a_rule_that_never_comes_takes_little_work_and_is_remembered(start: date, rule: str) -> None:
    event = Event("a", start=start, rrule=rule)
    has_further_dates.cache_clear()
    whole = DateRange(date.min, date.max)
    assert not has_further_dates(start, rule)
    assert (
        calls(lambda: list_occurrences_or_self(event, whole)) < 1_500_000
    )  # a cycle of the calendar, and not all of it
    assert calls(lambda: list_occurrences_or_self(event, whole, date(2020, 2, 20))) < 2_000
    assert [one.start for one in list_occurrences_or_self(event, whole)] == [start]
    day = start.date() if isinstance(start, datetime) else start
    assert possible_date_range(event).last <= day + timedelta(
        days=1
    )  # by which the index knows that there is nothing to ask for


def test_check_names_a_rule_that_gives_no_date(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-02-03\nrrule = "FREQ=DAILY;BYMONTH=4;BYSETPOS=2"\n'
        '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-02-03\nrrule = "FREQ=DAILY;COUNT=1"\n'
        '[[event]]\nid = "c"\ntitle = "C"\nstart = 2020-02-03\nrrule = "FREQ=WEEKLY;UNTIL=20200203"\n',
        encoding="utf-8",
    )
    assert ilocal("check").out == "events.toml:5: rrule: the rule produces no dates after the start\n"
    assert ilocal("list", "-f", "ids").out == "a\nb\nc\n"
    assert ilocal("upcoming", "-f", "ids").out == ""


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=WEEKLY;COUNT=3", date(2020, 2, 17)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", date(2020, 3, 31)),
        ("FREQ=WEEKLY;UNTIL=20200220", date(2020, 2, 20)),
        ("FREQ=WEEKLY;UNTIL=20190220", date(2020, 2, 3)),
        ("FREQ=WEEKLY", date.max),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=100000", date.max),
    ],
)
def test_the_bounds_of_a_series_end_where_its_rule_does(rule: str, last: date) -> None:
    assert possible_date_range(Event("a", start=date(2020, 2, 3), rrule=rule)) == DateRange(date(2020, 2, 3), last)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;COUNT=1000000", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=1000000", "FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=100000",
     "FREQ=WEEKLY;INTERVAL=2;BYMONTH=1,2,3;BYDAY=MO,TH;COUNT=1000000"],
)  # fmt: skip
def test_a_rule_with_count_is_counted_from_its_beginning_once(rule: str) -> None:
    """Each exception asks for one day, thousands of years from the start."""
    exceptions = [datetime(2020, 3, day, 9) for day in range(1, 29)]
    overrides = tuple(OccurrenceOverride(at, {"title": "b"}) for at in exceptions[:5])
    event = Event("a", start=datetime(1, 1, 1, 9), rrule=rule, exdates=tuple(exceptions[5:]), overrides=overrides)
    first = calls(lambda: has_occurrence_at(event, exceptions[0]))
    later = calls(lambda: [has_occurrence_at(event, at) for at in exceptions])
    assert first < 1_000_000
    assert later < 28 * 10_000


def test_a_rule_with_count_ends_where_it_has_been_counted_from_any_window() -> None:
    start, rule = datetime(2000, 1, 3, 9), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;BYHOUR=9,17;COUNT=3000"
    everything = expand_recurrence(start, rule, (), (), DateRange(date.min, date.max), duration=timedelta())
    assert len(everything) == 3000
    draw = random.Random(3)
    first_days = [date(2000, 1, 1) + timedelta(days=draw.randrange(8000)) for _ in range(50)]
    for first in (*first_days, everything[-8].date()):  # type: ignore[union-attr]
        last = first + timedelta(days=30)
        found = expand_recurrence(start, rule, (), (), DateRange(first, last), duration=timedelta())
        assert [at for at in found if first <= at.date()] == [at for at in everything if first <= at.date() <= last]  # type: ignore[union-attr]
