"""Time zones of calendars: what a TZID means here, and a VTIMEZONE for each that is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

_OFFSET = re.compile(r"(?:UTC|GMT)([+-])([0-9]{1,2}):?([0-9]{2})?")
_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY)", re.IGNORECASE)
FIRST, LAST = date(1970, 1, 1), date(2038, 1, 1)  # what a VTIMEZONE covers at least


@dataclass(frozen=True, slots=True)
class Zone:
    """What a TZID means: a zone with an IANA name, or one that the file alone knows and that has none."""

    name: str
    info: tzinfo


class Zones:
    """The time zones that a file may speak of."""

    def __init__(self, defined: Mapping[str, str]) -> None:
        self._defined = defined  # VTIMEZONE components as text, by TZID
        self._found: dict[str, Zone | None] = {}

    def find(self, tzid: str) -> Zone | None:
        """The zone of a TZID; None for one that nobody knows."""
        if tzid and tzid not in self._found:
            info = known(tzid)
            self._found[tzid] = Zone(tzid, info) if info else self._meant(tzid)
        return self._found.get(tzid)

    def _meant(self, tzid: str) -> Zone | None:
        """A zone known by another name, unless the file tells otherwise."""
        guess, own = named(tzid) or _offset(tzid), self._own(tzid)
        return guess if guess and (own is None or _alike(guess.info, own.info)) else own

    def _own(self, tzid: str) -> Zone | None:
        text = self._defined.get(tzid)
        if text is None or _OFTEN.search(text):  # clocks are not changed each week, and the search would not end
            return None
        from icalendar import Timezone

        try:
            component: Any = Timezone.from_ical(text)
            info: tzinfo = component.to_tz(lookup_tzid=False)
            datetime(2020, 1, 1, tzinfo=info).utcoffset()
        except Exception:  # a foreign library on a foreign file: whatever it says, the zone is not known
            return None
        return Zone("", info)


def _alike(one: tzinfo, other: tzinfo) -> bool:
    """Whether two zones tell the same time, in winter and in summer."""
    moments = (datetime(2020, 1, 15, 12), datetime(2020, 7, 15, 12))
    return all(one.utcoffset(at.replace(tzinfo=one)) == other.utcoffset(at.replace(tzinfo=other)) for at in moments)


@cache
def known(name: str) -> ZoneInfo | None:
    """The zone with this IANA name, written as IANA writes it."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


@cache
def named(tzid: str) -> Zone | None:
    """The IANA zone that a TZID means: also in other case, behind a vendor's prefix, or by its name in Windows."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    name = tzid.strip().strip("/")
    parts = name.split("/")
    for candidate in [name, WINDOWS_TO_OLSON.get(name, ""), *("/".join(parts[n:]) for n in range(1, len(parts)))]:
        if "/" in candidate or candidate in (name, "Utc", "UTC"):
            exact = candidate if known(candidate) else _by_case().get(candidate.lower(), "")
            if info := known(exact):
                return Zone(exact, info)
    return None


@cache
def _by_case() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _offset(tzid: str) -> Zone | None:
    """`UTC+05:30`: a zone that is nothing but its offset."""
    found = _OFFSET.fullmatch(tzid.strip())
    if found is None or int(found[2]) > 23 or int(found[3] or 0) > 59:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return Zone("", timezone(-offset if found[1] == "-" else offset))


def of_offset(offset: timedelta) -> str:
    """A TZID for times with this offset from UTC: Etc/GMT-7 for seven hours ahead, as IANA has it, or UTC+05:30."""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    ahead = minutes >= 0
    if rest == 0 and hours <= (14 if ahead else 12):
        return f"Etc/GMT{'-' if ahead else '+'}{hours}" if hours else "Etc/UTC"
    return f"UTC{'+' if ahead else '-'}{hours:02}:{rest:02}"


def component(tzid: str, first: int, last: int) -> str:
    """The VTIMEZONE of a TZID for events of these years, and some more for what recurs (RFC 5545, 3.6.5)."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    zone = named(tzid) or _offset(tzid)
    assert zone is not None
    begin = date(max(1900, min(FIRST.year, first)), 1, 1)
    end = date(min(2100, max(LAST.year, last + 10)), 1, 1)
    made: Any = Timezone()
    made.add("TZID", tzid)
    groups: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {}
    for onset, before, info in _observances(zone.info, begin, end):
        groups.setdefault((before, info.offset, info.name, info.is_daylight), []).append(onset)
    for (before, offset, name, is_daylight), onsets in groups.items():
        part: Any = (TimezoneDaylight if is_daylight else TimezoneStandard)()
        part.add("DTSTART", onsets[0])
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", offset)
        part.add("TZNAME", name)
        for onset in onsets[1:]:
            part.add("RDATE", onset)
        made.add_component(part)
    return str(made.to_ical().decode())


class Observance(NamedTuple):
    """What a zone's clocks show for a while."""

    offset: timedelta
    name: str
    is_daylight: bool


def _observances(zone: tzinfo, begin: date, end: date) -> Iterator[tuple[datetime, timedelta, Observance]]:
    """What the clocks show from `begin`, and each change: when, by the clocks before it, their offset, and to what."""
    at = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
    last = _observed(zone, at)
    yield at.replace(tzinfo=None), last.offset, last
    stop = datetime(end.year, end.month, end.day, tzinfo=UTC)
    while at < stop:
        after = at + timedelta(days=1)
        now = _observed(zone, after)
        if now != last:
            onset = _change(zone, at, after)
            yield (onset + last.offset).replace(tzinfo=None), last.offset, now
            last = now
        at = after


def _observed(zone: tzinfo, at: datetime) -> Observance:
    local = at.astimezone(zone)
    return Observance(local.utcoffset() or timedelta(), local.tzname() or "", bool(local.dst()))


def _change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The moment between two at which the clocks are changed, to the second."""
    first = _observed(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        before, after = (middle, after) if _observed(zone, middle) == first else (before, middle)
    return after
