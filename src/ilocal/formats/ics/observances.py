"""A VTIMEZONE as a time zone, by its own observances (RFC 5545, 3.6.5)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import NamedTuple

from ilocal.errors import DateError
from ilocal.formats.ics.content_lines import (
    Component,
    ComponentError,
    Property,
    parse_content_line,
    unfold_content_lines,
)
from ilocal.i18n.messages import _
from ilocal.model.recurrence import parse_rrule
from ilocal.model.rule_expansion import Expansion, complete_recurrence_parts
from ilocal.model.safe_text import make_text_safe

_UTC_OFFSET_PATTERN = re.compile("([+-])([0-9]{2}):?([0-9]{2}):?([0-9]{2})?")
_LOCAL_TIME_PATTERN = re.compile("([0-9]{8})(?:T([0-9]{6})Z?)?", re.IGNORECASE)
_MIN_RULE_YEAR, _MAX_RULE_YEAR = 1900, 2100  # of changes that are reckoned by a rule
_MAX_TRANSITIONS = 5000  # changes of the clocks in one zone


class Transition(NamedTuple):
    """A change of the clocks of a zone."""

    moment: datetime  # in UTC, without saying so
    offset_before: timedelta
    offset: timedelta


class ObservedZone(tzinfo):
    """A time zone with a complete list of transitions; before the first and after the last its offset is constant."""

    def __init__(self, changes: Sequence[Transition]) -> None:
        """Initialize from transitions, at least one, in order."""
        self.moments = [change.moment for change in changes]
        self._offsets = [changes[0].offset_before, *(change.offset for change in changes)]
        self.is_changing = len(set(self._offsets)) > 1
        pairs = list(zip(self.moments, self._offsets, self._offsets[1:], strict=False))
        # When clocks go back, an hour occurs twice, and fold distinguishes it; when they go forward, a skipped hour has
        # the
        # offset before the transition (RFC 5545, 3.3.5).
        self._local = (
            [moment + max(before, after) for moment, before, after in pairs],
            [moment + min(before, after) for moment, before, after in pairs],
        )

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Return the offset from UTC at a local time."""
        if dt is None:
            return None
        return self._offsets[bisect_right(self._local[dt.fold], dt.replace(tzinfo=None, fold=0))]

    def fromutc(self, dt: datetime) -> datetime:
        """Return the local time of a moment in UTC."""
        offset = self._offsets[bisect_right(self.moments, dt.replace(tzinfo=None))]
        local = dt + offset
        return local if self.utcoffset(local) == offset else local.replace(fold=1)

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Return None: which offset is standard time does not matter here."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """Return None: the zone has no name."""
        return None


def has_changing_vtimezone_offset(zone: tzinfo) -> bool:
    """Return whether the clocks of a zone without a name ever change."""
    return isinstance(zone, ObservedZone) and zone.is_changing


def build_observed_zone(component: Component) -> ObservedZone:
    """Return the time zone that a VTIMEZONE describes. Raises ComponentError."""
    found: list[tuple[datetime, timedelta, timedelta]] = []
    for properties in _split_observances(component):
        before, after = _parse_utc_offset(properties, "TZOFFSETFROM"), _parse_utc_offset(properties, "TZOFFSETTO")
        for onset in _list_onsets(properties, before):
            try:
                found.append((onset - before, before, after))
            except OverflowError:
                raise ComponentError(_("a time zone transition is out of range")) from None
            if len(found) > _MAX_TRANSITIONS:
                raise ComponentError(_("more than {n} time zone transitions", n=_MAX_TRANSITIONS))
    if not found:
        raise ComponentError(_("neither STANDARD nor DAYLIGHT found"))
    changes: list[Transition] = []
    for moment, before, after in sorted(found, key=lambda change: change[0]):
        changes.append(Transition(moment, changes[-1].offset if changes else before, after))
    return ObservedZone(changes)


def _split_observances(component: Component) -> Iterator[list[Property]]:
    """Yield the properties of each STANDARD and DAYLIGHT."""
    current: list[Property] | None = None
    for _number, line, _source in unfold_content_lines(component.text):
        word, _colon, name = line.strip().upper().partition(":")
        if word in ("BEGIN", "END") and name in ("STANDARD", "DAYLIGHT"):
            if word == "END" and current is not None:
                yield current
            current = [] if word == "BEGIN" else None
        elif current is not None and line.strip():
            current.append(parse_content_line(line))


def _parse_utc_offset(properties: Sequence[Property], name: str) -> timedelta:
    text = next((one.value.strip() for one in properties if one.name == name), "")
    found = _UTC_OFFSET_PATTERN.fullmatch(text)
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        raise ComponentError(_('{part}: "{text}" is not a UTC offset', part=name, text=make_text_safe(text[:40])))
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -offset if found[1] == "-" else offset


def _list_onsets(properties: Sequence[Property], offset: timedelta) -> Iterator[datetime]:
    """Yield when an observance begins, by the clocks before it. Raises ComponentError."""
    begin = next((one for one in properties if one.name == "DTSTART"), None)
    if begin is None:
        raise ComponentError(_("DTSTART is missing"))
    start = _parse_local_time(begin, begin.value)
    rules = [one.value.strip() for one in properties if one.name == "RRULE" and one.value.strip()]
    if not rules:
        yield start
    for rule in rules:
        yield from _expand_onset_rule(rule, start, offset)
    for one in properties:
        if one.name == "RDATE":
            yield from (
                _parse_local_time(one, value.partition("/")[0]) for value in one.value.split(",") if value.strip()
            )


def _parse_local_time(one: Property, text: str) -> datetime:
    found = _LOCAL_TIME_PATTERN.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        return datetime.strptime(found[1] + (found[2] or "000000"), "%Y%m%d%H%M%S")
    except ValueError:
        raise ComponentError(
            _('{part}: "{text}" is not a date', part=one.name, text=make_text_safe(text[:40]))
        ) from None


def _expand_onset_rule(text: str, start: datetime, offset: timedelta) -> Iterator[datetime]:
    """Yield the dates of a rule; the start counts only if it matches, as Windows writes 1 January 1601.

    Raises ComponentError.
    """
    try:
        rule = parse_rrule(text)
    except DateError as error:
        raise ComponentError(error.message) from None
    if rule.frequency not in ("YEARLY", "MONTHLY"):
        raise ComponentError(_("FREQ={frequency} is too frequent for a time zone", frequency=rule.frequency))
    if start.year < _MIN_RULE_YEAR and rule.count is None and rule.interval == 1:
        start = _replace_observance_year(start, _MIN_RULE_YEAR)
    first = start  # the expansion always includes its start, so it begins whole periods before
    if start.year > rule.interval:
        first = _replace_observance_year(start, start.year - rule.interval)
    else:
        yield start
    parts = replace(rule, count=None, by={**rule.by, **complete_recurrence_parts(rule, start)})
    found = Expansion(parts, first).between(start, datetime(_MAX_RULE_YEAR, 12, 31, 23, 59, 59))
    for onset in islice(found, rule.count):
        if rule.until is not None and _is_observance_after_until(onset, rule.until, offset):
            break
        yield onset


def _replace_observance_year(moment: datetime, year: int) -> datetime:
    return moment.replace(year=year, day=min(moment.day, 28) if moment.month == 2 else moment.day)


def _is_observance_after_until(onset: datetime, until: date, offset: timedelta) -> bool:
    if not isinstance(until, datetime):
        return onset.date() > until
    return onset - offset > until.replace(tzinfo=None) if until.tzinfo == UTC else onset > until
