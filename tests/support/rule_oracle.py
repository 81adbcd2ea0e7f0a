"""The dates of a rule by brute force, from RFC 5545, 3.3.10, and RFC 8984, 4.3.3.1, without code of the program.

RFC 8984 defines the dates as follows: the candidates of a period are all its moments; each BY part removes those that
do not match it; BYSETPOS selects among the rest; the start is the first date, and earlier ones are dropped. Here
moments are tested day by day, and on a day hour by hour, minute by minute and second by second.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def dates(text: str, start: datetime, last: date) -> list[datetime]:
    """Return the dates of a rule up to and including a day."""
    parts = dict(part.split("=") for part in text.split(";"))
    by = {name: value.split(",") for name, value in parts.items() if name.startswith("BY")}
    add_defaults(parts["FREQ"], by, start)
    count = int(parts["COUNT"]) if "COUNT" in parts else None
    until = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S") if "UNTIL" in parts else datetime.max
    found = [start] if start <= until else []
    minutes, seconds = list_matching(by["BYMINUTE"]), list_matching(by["BYSECOND"])
    for days, hours in periods(
        parts["FREQ"], int(parts.get("INTERVAL", 1)), NAMES.index(parts.get("WKST", "MO")), start, last
    ):
        candidates = [
            moment
            for day in days
            if matches_day(day, parts["FREQ"], by, NAMES.index(parts.get("WKST", "MO")))
            for hour in hours
            if "BYHOUR" not in by or str(hour) in by["BYHOUR"]
            for moment in (
                datetime.combine(day, time(hour, minute, second)) for minute in minutes for second in seconds
            )
        ]
        for moment in sorted(chosen(candidates, by)):
            if moment > start and moment <= until and (count is None or len(found) < count):
                found.append(moment)
        if count is not None and len(found) >= count:
            break
    return [moment for moment in found if moment.date() <= last]


def add_defaults(frequency: str, by: dict[str, list[str]], start: datetime) -> None:
    """Add the parts that a rule takes from its start (RFC 8984, 4.3.3.1, step 3 of the last list)."""
    by.setdefault("BYSECOND", [str(start.second)])
    by.setdefault("BYMINUTE", [str(start.minute)])
    if frequency != "HOURLY":
        by.setdefault("BYHOUR", [str(start.hour)])
    weekday = NAMES[start.weekday()]
    if frequency == "WEEKLY" and "BYDAY" not in by:
        by["BYDAY"] = [weekday]
    if frequency == "MONTHLY" and "BYDAY" not in by and "BYMONTHDAY" not in by:
        by["BYMONTHDAY"] = [str(start.day)]
    if frequency == "YEARLY" and "BYYEARDAY" not in by:
        said = set(by)
        if "BYMONTH" not in said and "BYWEEKNO" not in said and ("BYMONTHDAY" in said or "BYDAY" not in said):
            by["BYMONTH"] = [str(start.month)]
        if "BYMONTHDAY" not in said and "BYWEEKNO" not in said and "BYDAY" not in said:
            by["BYMONTHDAY"] = [str(start.day)]
        if "BYWEEKNO" in said and "BYMONTHDAY" not in said and "BYDAY" not in said:
            by["BYDAY"] = [weekday]


def periods(
    frequency: str, interval: int, week_start: int, start: datetime, last: date
) -> Iterator[tuple[list[date], range]]:
    """Yield the periods of a rule, from that of the start: the days of each, and the hours of these days."""
    at = start.date()
    number = 0
    while True:
        if frequency == "YEARLY":
            year = start.year + number * interval
            if year > last.year:
                return
            yield days_from(date(year, 1, 1), 366 if isleap(year) else 365), range(24)
        elif frequency == "MONTHLY":
            month = start.month - 1 + number * interval
            year, month = start.year + month // 12, month % 12 + 1
            if year > last.year:
                return
            yield days_from(date(year, month, 1), monthrange(year, month)[1]), range(24)
        elif frequency == "HOURLY":
            hours = start.hour + number * interval
            if hours // 24 > (last - at).days:
                return
            yield [at + timedelta(days=hours // 24)], range(hours % 24, hours % 24 + 1)
        else:
            length = 7 if frequency == "WEEKLY" else 1
            before = (start.weekday() - week_start) % 7 if frequency == "WEEKLY" else 0
            first = at.toordinal() - before + number * interval * length
            if first > last.toordinal():
                return
            ordinals = range(first, first + length)
            yield [date.fromordinal(one) for one in ordinals if 1 <= one <= date.max.toordinal()], range(24)
        number += 1


def days_from(first: date, n: int) -> list[date]:
    return [date.fromordinal(first.toordinal() + day) for day in range(n)]


def matches_day(day: date, frequency: str, by: dict[str, list[str]], week_start: int) -> bool:
    """Return whether a day matches each part about days."""
    if "BYMONTH" in by and str(day.month) not in by["BYMONTH"]:
        return False
    month_length = monthrange(day.year, day.month)[1]
    year_length = 366 if isleap(day.year) else 365
    day_of_year = day.toordinal() - date(day.year, 1, 1).toordinal() + 1
    if "BYMONTHDAY" in by and not is_in(by["BYMONTHDAY"], day.day, month_length):
        return False
    if "BYYEARDAY" in by and not is_in(by["BYYEARDAY"], day_of_year, year_length):
        return False
    if "BYWEEKNO" in by and not is_in(by["BYWEEKNO"], *week(day, week_start)):
        return False
    if "BYDAY" not in by:
        return True
    if frequency == "MONTHLY" or "BYMONTH" in by:
        place, length = day.day, month_length
    else:
        place, length = day_of_year, year_length
    name = NAMES[day.weekday()]
    forward, backward = (place - 1) // 7 + 1, (length - place) // 7 + 1
    return any(one in (name, f"{forward}{name}", f"+{forward}{name}", f"-{backward}{name}") for one in by["BYDAY"])


def is_in(wanted: list[str], place: int, length: int) -> bool:
    """Return whether a place, from 1, is among those wanted, counted from the beginning or from the end."""
    return any(int(one) == place or int(one) == place - length - 1 for one in wanted)


def week(day: date, week_start: int) -> tuple[int, int]:
    """Return the number of a day's week in the year with most of its days, and the number of weeks in that year.

    It counts days, as weeks at the ends of the calendar belong to years beyond it.
    """
    fourth = day.toordinal() - (day.weekday() - week_start) % 7 + 3  # the year with the fourth day has most of a week
    year_start, length = year_of(fourth)
    first_fourth = next(at for at in range(year_start, year_start + 7) if (at - fourth) % 7 == 0)
    return (fourth - first_fourth) // 7 + 1, len(range(first_fourth, year_start + length, 7))


def year_of(ordinal: int) -> tuple[int, int]:
    """Return the first day of the year of a day, and its length, also for the years 0 and 10000."""
    if ordinal < 1:
        return -365, 366
    if ordinal > date.max.toordinal():
        return date.max.toordinal() + 1, 366
    year = date.fromordinal(ordinal).year
    return date(year, 1, 1).toordinal(), 366 if isleap(year) else 365


def list_matching(wanted: list[str]) -> list[int]:
    """Return the minutes of an hour, or seconds of a minute, that are wanted. 60 is 59: here are no leap seconds."""
    return [n for n in range(60) if str(n) in wanted or (n == 59 and "60" in wanted)]


def chosen(candidates: list[datetime], by: dict[str, list[str]]) -> set[datetime]:
    """Return the candidates that BYSETPOS selects."""
    if "BYSETPOS" not in by:
        return set(candidates)
    size = len(candidates)
    return {moment for place, moment in enumerate(candidates, 1) if is_in(by["BYSETPOS"], place, size)}
