"""A calendar file as events: each component by itself, so that a broken one hides no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ilocal.errors import Level, Problem, RecordError
from ilocal.formats.base import Entry, Reading
from ilocal.formats.ics.content_lines import LONGEST_VALUE, Component, Property, Unreadable, components, parsed
from ilocal.formats.ics.datetimes import Times, When
from ilocal.formats.ics.extension_properties import completed, fields_of
from ilocal.formats.ics.from_vevent import event_of, first, override_of, text, with_overrides
from ilocal.formats.ics.timezones import Zones
from ilocal.i18n.messages import _, n_
from ilocal.model.event import Event, Override
from ilocal.model.occurrences import begins
from ilocal.model.safe_text import safe

# What a calendar always says, also by silence: a field that is gone there is gone here.
STATED = frozenset((
    "title", "start", "end", "timezone", "rrule", "rdates", "exdates", "overrides", "location", "topics", "status",
    "url", "uid", "description",
))  # fmt: skip
_PASSED_OVER = ("VTIMEZONE",)  # read for the sake of the events, and worth no note
# Of an event; the others are not kept, and may be broken.
_KNOWN = frozenset((
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SUMMARY", "LOCATION",
    "DESCRIPTION", "CATEGORIES", "URL", "STATUS", "ORGANIZER", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTAMP",
))  # fmt: skip
_ONCE = ("UID", "DTSTART", "DTEND", "RECURRENCE-ID", "SUMMARY")


@dataclass
class Vevent:
    """A VEVENT cut into its properties."""

    component: Component
    properties: list[Property] = field(default_factory=list)

    @property
    def uid(self) -> str:
        return text(self.properties, "UID")

    @property
    def is_override(self) -> bool:
        return first(self.properties, "RECURRENCE-ID") is not None

    @property
    def rank(self) -> tuple[int, str]:
        """The higher, the newer."""
        sequence = text(self.properties, "SEQUENCE").strip()
        stamp = text(self.properties, "LAST-MODIFIED") or text(self.properties, "DTSTAMP")
        return int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0, stamp

    def problem(self, reason: str, **more: str) -> Problem:
        said = _("UID {uid}: {reason}", uid=safe(self.uid), reason=reason) if self.uid else reason
        return Problem(self.component.line, said, text=self.component.text, **more)  # type: ignore[arg-type]


def entries(source: str, how: Reading) -> Iterator[Entry | Problem]:
    """The events of a calendar and its problems. Raises UsageError where it is none."""
    found = list(components(source))
    zones = Zones(_defined(found))
    groups: dict[str, list[Vevent]] = {}
    for component in found:
        if component.kind == "VEVENT" and component.complete:
            vevent = Vevent(component)
            yield from _read_lines(vevent)
            if vevent.properties:
                groups.setdefault(vevent.uid or f"\n{component.line}", []).append(vevent)
        elif not component.complete:
            yield _cut_off(component)
    for group in groups.values():
        yield from _group(group, zones, how)
    yield from _others(found)


def _defined(found: Sequence[Component]) -> dict[str, str]:
    """The VTIMEZONE components by their TZID."""
    defined = {}
    for component in found:
        if component.kind == "VTIMEZONE" and component.complete:
            tzid = next((line.partition(":")[2] for line in component.logical if line[:5].upper() == "TZID:"), "")
            defined[tzid.strip()] = component.text.replace("\n", "\r\n") + "\r\n"
    return defined


def _cut_off(component: Component) -> Problem:
    if not component.kind:
        said = _("the file ends before END:VCALENDAR; what stands before its end was read")
        return Problem(component.line, said)
    level: Level = "error" if component.kind == "VEVENT" else "warning"
    said = _("cut off: there is no END:{kind}", kind=safe(component.kind))
    return Problem(component.line, said, level=level, text=component.text)


def _others(found: Sequence[Component]) -> Iterator[Problem]:
    kinds = Counter(component.kind for component in found if component.complete)
    lines = {component.kind: component.line for component in reversed(found)}  # the first of each
    for kind, n in kinds.items():
        if kind not in ("VEVENT", *_PASSED_OVER):
            said = _("{n} {kind} passed over: only events are read", n=n, kind=safe(kind))
            yield Problem(lines[kind], said, level="note")


def _read_lines(vevent: Vevent) -> Iterator[Problem]:
    """Fill in the properties; what is none is doubtful, what stands there twice is not read at all."""
    for line in vevent.component.logical:
        try:
            if len(line) > LONGEST_VALUE:
                raise Unreadable(n_("a property of {n} character", "a property of {n} characters", len(line)))
            one = parsed(line)
        except Unreadable as error:
            if line.strip():
                said = _("{reason}; passed over", reason=error)
                yield replace(vevent.problem(said), level="warning", text="")
            continue
        if one.name in _KNOWN or one.name.startswith("X-ILOCAL-"):
            vevent.properties.append(one)
    counts = Counter(one.name for one in vevent.properties)
    twice = [name for name in _ONCE if counts[name] > 1]
    if twice or not vevent.properties:
        said = _("{what} stands there twice", what=twice[0]) if twice else _("an empty VEVENT")
        yield vevent.problem(said)
        vevent.properties.clear()


# -------------------------------------------------------------------------------------------------------------- events


def _group(group: list[Vevent], zones: Zones, how: Reading) -> Iterator[Entry | Problem]:
    """The VEVENTs of one UID as one event: a series and its exceptions, in their newest state."""
    masters, older = _newest([one for one in group if not one.is_override])
    overrides: list[Vevent] = []
    by_occurrence: dict[str, list[Vevent]] = {}
    for one in group:
        if one.is_override:
            by_occurrence.setdefault(text(one.properties, "RECURRENCE-ID").strip(), []).append(one)
    for same in by_occurrence.values():
        newest, old = _newest(same)
        overrides += newest
        older += old
    for one in older:
        newer = next(other for other in group if other is not one)
        if one.properties == newer.properties:
            yield replace(one.problem(_("stands there twice")), level="note")
        else:
            yield one.problem(_("the same UID stands there in a newer state, which was taken"))
    times = Times(zones, how.header)
    yield from _series(masters[0] if masters else None, overrides, times)


def _newest(same: list[Vevent]) -> tuple[list[Vevent], list[Vevent]]:
    if not same:
        return [], []
    newest = max(same, key=lambda one: one.rank)
    return [newest], [one for one in same if one is not newest]


def _series(master: Vevent | None, overrides: list[Vevent], times: Times) -> Iterator[Entry | Problem]:
    begin, rest = (master, overrides) if master else (overrides[0], overrides[1:])
    try:
        when = times.when(begin.properties)
        event = event_of(begin.properties, (), times)
    except (Unreadable, RecordError) as error:
        yield begin.problem(_reason(error))
        if rest:
            yield from _series(None, rest, times)
        return
    if master is None:
        said = _("an occurrence whose series is not in the file; taken by itself, if new")
        yield replace(begin.problem(said), level="warning")
    found: list[Override] = []
    for one in rest:
        try:
            found.append(_override(event, master, one, when, times))
        except (Unreadable, RecordError, ValueError, OverflowError) as error:
            yield one.problem(_reason(error))
    if master is None:  # the first is the event, each other one a further date of it
        further = [one.recurrence_id for one in found if one.recurrence_id != event.start]
        event = replace(event, rdates=(*event.rdates, *further))
    event = with_overrides(event, found)
    yield from _entry(replace(event, source_line=begin.component.line), begin, times)


def _override(event: Event, master: Vevent | None, one: Vevent, when: When, times: Times) -> Override:
    """One occurrence that is otherwise. Raises Unreadable for one that a later change of its series took out."""
    if master and one.rank < master.rank and not begins(event, times.recurrence_id(one.properties, when)):
        raise Unreadable(_("its series has no such occurrence in its newer state"))
    return override_of(event, one.properties, when, times)


def _entry(event: Event, begin: Vevent, times: Times) -> Iterator[Entry | Problem]:
    try:
        own = dict(fields_of(begin.properties))
        event = replace(completed(event, own, times), source_line=event.source_line)
    except (Unreadable, RecordError) as error:
        own = {}
        said = _("{reason}; what ilocal had added is left out", reason=_reason(error))
        yield replace(begin.problem(said), level="warning")
    for doubt in dict.fromkeys(times.doubts):
        yield replace(begin.problem(doubt), level="warning")
    if begin.is_override:  # says nothing of a series that the registry may have under its UID
        yield Entry(event, says=frozenset())
        return
    organizers = {"organizers"} if event.organizers else set()
    yield Entry(event, says=STATED | organizers | (own.keys() - {"id"}))


def _reason(error: Exception) -> str:
    return str(error)
