"""Time zones of calendars: resolving a TZID, and writing its VTIMEZONE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from ilocal.formats.ics.content_lines import Component, ComponentError, unescape_text_value
from ilocal.model.timezones import load_timezone

_OFFSET_TZID = re.compile(r"(?:UTC|GMT)([+-])([0-9]{1,2}):?([0-9]{2})?")
MIN_VTIMEZONE_START, MIN_VTIMEZONE_END = date(1970, 1, 1), date(2038, 1, 1)  # the minimum coverage of a VTIMEZONE


@dataclass(frozen=True, slots=True)
class ResolvedZone:
    """A resolved TZID: a zone with an IANA name, or one that is defined only in the file and has no name."""

    name: str
    tz: tzinfo


class TimezoneResolver:
    """Resolver of the time zones in a file."""

    def __init__(self, defined: Mapping[str, Component]) -> None:
        self.vtimezones = defined  # VTIMEZONE components by TZID
        self.vtimezone_errors: dict[str, str] = {}  # why requested ones are invalid
        self.adopted_names: dict[str, str] = {}  # IANA names for the TZIDs of zones defined only in the file
        self._resolved_zones: dict[str, ResolvedZone | None] = {}

    def resolve_tzid(self, tzid: str) -> ResolvedZone | None:
        """Return the zone of a TZID; None if it is unknown."""
        tzid = self.normalize_tzid(tzid)
        if tzid and tzid not in self._resolved_zones:
            info = load_timezone(tzid)
            self._resolved_zones[tzid] = ResolvedZone(tzid, info) if info else self._resolve_tzid_alias(tzid)
        return self._resolved_zones.get(tzid)

    def normalize_tzid(self, tzid: str) -> str:
        """Return a TZID as the file defines it: some programs escape it in parameters, too, as if it were TEXT."""
        plain = unescape_text_value(tzid)
        return plain if tzid not in self.vtimezones and (plain in self.vtimezones or load_timezone(plain)) else tzid

    def _resolve_tzid_alias(self, tzid: str) -> ResolvedZone | None:
        """Return a zone known by another name, unless the file's definition contradicts it."""
        guess, own = map_tzid_to_iana(tzid) or _parse_offset_tzid(tzid), self._load_vtimezone(tzid)
        return guess if guess and (own is None or _has_same_offsets(guess.tz, own.tz)) else own

    def _load_vtimezone(self, tzid: str) -> ResolvedZone | None:
        """Return the zone defined by the VTIMEZONE; None if there is none, or it is invalid."""
        if tzid not in self.vtimezones:
            return None
        from ilocal.formats.ics.observances import build_observed_zone

        try:
            return ResolvedZone("", build_observed_zone(self.vtimezones[tzid]))
        except ComponentError as error:
            self.vtimezone_errors[tzid] = str(error)
            return None


def _has_same_offsets(one: tzinfo, other: tzinfo) -> bool:
    """Return whether two zones have the same offsets in winter and in summer."""
    moments = (datetime(2020, 1, 15, 12), datetime(2020, 7, 15, 12))
    return all(one.utcoffset(at.replace(tzinfo=one)) == other.utcoffset(at.replace(tzinfo=other)) for at in moments)


@cache
def map_tzid_to_iana(tzid: str) -> ResolvedZone | None:
    """Return the IANA zone of a TZID: in any case, after a vendor's prefix, or by its Windows name."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    name = tzid.strip().strip("/")
    parts = name.split("/")
    for candidate in [name, WINDOWS_TO_OLSON.get(name, ""), *("/".join(parts[n:]) for n in range(1, len(parts)))]:
        if "/" in candidate or candidate in (name, "Utc", "UTC"):
            exact = candidate if load_timezone(candidate) else list_iana_names_for_tzid().get(candidate.lower(), "")
            if info := load_timezone(exact):
                return ResolvedZone(exact, info)
    return None


@cache
def list_iana_names_for_tzid() -> dict[str, str]:
    """Return the names of all IANA zones, by themselves in small letters."""
    return {name.lower(): name for name in available_timezones()}


def _parse_offset_tzid(tzid: str) -> ResolvedZone | None:
    """Return the zone of a TZID that is an offset: `UTC+05:30`."""
    found = _OFFSET_TZID.fullmatch(tzid.strip())
    if found is None or int(found[2]) > 23 or int(found[3] or 0) > 59:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return ResolvedZone("", timezone(-offset if found[1] == "-" else offset))


def make_offset_tzid(offset: timedelta) -> str:
    """Return a TZID for this UTC offset: Etc/GMT-7 for seven hours ahead, as IANA names it, or UTC+05:30."""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    ahead = minutes >= 0
    if rest == 0 and hours <= (14 if ahead else 12):
        return f"Etc/GMT{'-' if ahead else '+'}{hours}" if hours else "Etc/UTC"
    return f"UTC{'+' if ahead else '-'}{hours:02}:{rest:02}"


def build_vtimezone(tzid: str, first: int, last: int) -> str:
    """Return the VTIMEZONE of a TZID for events in these years and later occurrences (RFC 5545, 3.6.5)."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    zone = map_tzid_to_iana(tzid) or _parse_offset_tzid(tzid)
    assert zone is not None
    begin = date(max(1900, min(MIN_VTIMEZONE_START.year, first)), 1, 1)
    end = date(min(2100, max(MIN_VTIMEZONE_END.year, last + 10)), 1, 1)
    made: Any = Timezone()
    made.add("TZID", tzid)
    groups: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {}
    for onset, before, info in _iterate_observances(zone.tz, begin, end):
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
    """The offset and name of a zone for a period."""

    offset: timedelta
    name: str
    is_daylight: bool


def _iterate_observances(zone: tzinfo, begin: date, end: date) -> Iterator[tuple[datetime, timedelta, Observance]]:
    """Yield the state at `begin`, and each transition: local time and offset before it, and the new state."""
    at = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
    last = _read_observance(zone, at)
    yield at.replace(tzinfo=None), last.offset, last
    stop = datetime(end.year, end.month, end.day, tzinfo=UTC)
    while at < stop:
        after = at + timedelta(days=1)
        now = _read_observance(zone, after)
        if now != last:
            onset = _find_transition(zone, at, after)
            yield (onset + last.offset).replace(tzinfo=None), last.offset, now
            last = now
        at = after


def _read_observance(zone: tzinfo, at: datetime) -> Observance:
    local = at.astimezone(zone)
    return Observance(local.utcoffset() or timedelta(), local.tzname() or "", bool(local.dst()))


def _find_transition(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """Return the moment of a transition between two moments, to the second."""
    first = _read_observance(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        before, after = (middle, after) if _read_observance(zone, middle) == first else (before, middle)
    return after
