"""A calendar file as events: each component by itself, so that a broken one hides no other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from ilocal.errors import Diagnostic, InvalidEventError, Severity
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.formats.ics import itip
from ilocal.formats.ics.content_lines import (
    MAX_PROPERTY_CHARACTERS,
    Component,
    ComponentError,
    Property,
    parse_components,
    parse_content_line,
)
from ilocal.formats.ics.datetimes import ALL_DAY_PROPERTIES, DateTimeReader, EventTimes
from ilocal.formats.ics.extension_properties import merge_extension_properties, parse_extension_properties
from ilocal.formats.ics.from_vevent import (
    add_vevent_overrides,
    find_vevent_property,
    get_property_text,
    read_vevent_timestamp,
    split_vevent_uid,
    vevent_to_event,
    vevent_to_override,
)
from ilocal.formats.ics.timezones import TimezoneResolver
from ilocal.formats.ics.transfer_encoding import decode_property
from ilocal.i18n.messages import _, n_
from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.fields import FIELDS
from ilocal.model.occurrences import has_occurrence_at
from ilocal.model.safe_text import make_text_safe

# What a calendar always states: a field that is absent there is empty.
STATED_FIELDS = frozenset(
    field.name for field in FIELDS if field.ical_property and not field.is_automatic and field.name != "organizers"
)
_UNREPORTED_COMPONENTS = ("VTIMEZONE",)  # read for the sake of the events, and worth no note
# Of events; other properties are ignored and may be invalid.
_KNOWN_PROPERTIES = {field.ical_property for field in FIELDS} - {""} | {
    "DURATION",
    "EXRULE",
    "DTSTAMP",
    *ALL_DAY_PROPERTIES,
}
_UNKEPT_PROPERTIES = ("CLASS", "TRANSP")  # known but not imported
_SINGLE_PROPERTIES = ("UID", "DTSTART", "DTEND", "RECURRENCE-ID", "SUMMARY")


@dataclass
class Vevent:
    """A VEVENT cut into its properties."""

    component: Component
    properties: list[Property] = field(default_factory=list)
    unkept_names: list[str] = field(default_factory=list)  # names of properties that are not imported
    classification: str = ""  # its CLASS, where it is not public

    @property
    def uid(self) -> str:
        return get_property_text(self.properties, "UID")

    @property
    def is_override(self) -> bool:
        return find_vevent_property(self.properties, "RECURRENCE-ID") is not None

    @property
    def rank(self) -> tuple[int, datetime, datetime]:
        """The higher, the newer: SEQUENCE, then the time (RFC 5546, 2.1.5)."""
        sequence = get_property_text(self.properties, "SEQUENCE").strip()
        stamps = [self._stamp("LAST-MODIFIED"), self._stamp("DTSTAMP")]
        return int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0, max(stamps), stamps[0]

    def _stamp(self, name: str) -> datetime:
        found = read_vevent_timestamp(self.properties, name)
        return found if isinstance(found, datetime) else datetime.min.replace(tzinfo=UTC)

    @property
    def updated(self) -> date | None:
        """The last change: DTSTAMP counts for messages, as otherwise it may be the time of the export."""
        if self.component.method in ("", "PUBLISH"):
            return read_vevent_timestamp(self.properties, "LAST-MODIFIED") or read_vevent_timestamp(
                self.properties, "DTSTAMP"
            )
        newest = self.rank[1]
        return newest if newest > datetime.min.replace(tzinfo=UTC) else None

    @property
    def message(self) -> itip.Message:
        """The message for a VEVENT that is only part of an event."""
        return itip.Message(self.properties, self.component.method, self.updated)

    def make_diagnostic(self, reason: str, severity: Severity = "error", *, has_text: bool = True) -> Diagnostic:
        """Return a problem of this VEVENT, which is named by its UID, and shown where `has_text`."""
        said = _("UID {uid}: {reason}", uid=make_text_safe(self.uid), reason=reason) if self.uid else reason
        text = self.component.text if has_text else ""
        return Diagnostic(self.component.line, said, severity=severity, text=text)


def read_calendar(source: str, options: ReadOptions) -> Iterator[ImportedEvent | Diagnostic]:
    """Yield the events of a calendar and their diagnostics. Raises UsageError if the text is not a calendar."""
    found = list(parse_components(source))
    zones = TimezoneResolver(_collect_vtimezones(found))
    groups: dict[str, list[Vevent]] = {}
    unkept_names: Counter[str] = Counter()
    for component in found:
        if not component.is_complete:
            yield _truncated_component_diagnostic(component)
        elif component.kind == "VEVENT" and not itip.is_passive_ics_method(component):
            vevent = Vevent(component)
            yield from _read_content_lines(vevent)
            if vevent.properties:
                groups.setdefault(vevent.uid or f"\n{component.line}", []).append(vevent)
                unkept_names.update(vevent.unkept_names)
    for group in groups.values():
        yield from _read_uid_group(group, zones, options)
    yield from _report_adopted_zones(zones)
    yield from itip.report_passive_ics_methods(found)
    if unkept_names:
        counts = ", ".join(f"{n} {make_text_safe(name)}" for name, n in sorted(unkept_names.items()))
        yield Diagnostic(0, _("event properties that were not imported: {counts}", counts=counts), severity="note")
    yield from _report_skipped_components(found)


def _collect_vtimezones(found: Sequence[Component]) -> dict[str, Component]:
    """Return the VTIMEZONE components by their TZID, which is of type TEXT (RFC 5545, 3.8.3.1)."""
    defined = {}
    for component in found:
        if component.kind != "VTIMEZONE" or not component.is_complete:
            continue
        for line in component.content_lines:
            with suppress(ComponentError):
                if (one := parse_content_line(line)).name == "TZID":
                    defined[one.text.strip().strip('"')] = component
    return defined


def _report_adopted_zones(zones: TimezoneResolver) -> Iterator[Diagnostic]:
    """Yield a note for each zone defined in the file that was recognized as one of IANA's."""
    for tzid, name in zones.adopted_names.items():
        said = _(
            'the time zone "{zone}" matches {name} and was imported as {name}',
            zone=make_text_safe(tzid),
            name=name,
        )
        yield Diagnostic(zones.vtimezones[tzid].line, said, severity="note")


def _truncated_component_diagnostic(component: Component) -> Diagnostic:
    if not component.kind:
        said = _("the file ends before END:VCALENDAR; everything up to that point was read")
        return Diagnostic(component.line, said)
    level: Severity = "error" if component.kind == "VEVENT" else "warning"
    said = _("the file is truncated: END:{kind} is missing", kind=make_text_safe(component.kind))
    return Diagnostic(component.line, said, severity=level, text=component.text)


def _report_skipped_components(found: Sequence[Component]) -> Iterator[Diagnostic]:
    kinds = Counter(component.kind for component in found if component.is_complete)
    lines = {component.kind: component.line for component in reversed(found)}  # the first of each
    for kind, n in kinds.items():
        if kind not in ("VEVENT", *_UNREPORTED_COMPONENTS):
            said = _("skipped {n} {kind}; only events are imported", n=n, kind=make_text_safe(kind))
            yield Diagnostic(lines[kind], said, severity="note")


def _read_content_lines(vevent: Vevent) -> Iterator[Diagnostic]:
    """Parse the properties; warn about invalid ones."""
    for line in vevent.component.content_lines:
        try:
            if len(line) > MAX_PROPERTY_CHARACTERS:
                raise ComponentError(
                    n_("a property is too long ({n} character)", "a property is too long ({n} characters)", len(line))
                )
            one = parse_content_line(line)
            if one.name not in _KNOWN_PROPERTIES and not one.name.startswith("X-ILOCAL-"):
                _record_unkept_property(vevent, one)
                continue
        except ComponentError as error:
            if line.strip():
                said = _("{reason}; skipped", reason=error)
                yield vevent.make_diagnostic(said, "warning", has_text=False)
            continue
        try:
            one = decode_property(one)
        except ComponentError as error:
            said = _("{reason}; imported without decoding", reason=error)
            yield vevent.make_diagnostic(said, "warning", has_text=False)
        if one.name == "CATEGORIES" and vevent.component.version == "1.0":
            one = replace(one, value=re.sub(r"(?<!\\);", ",", one.value))
        vevent.properties.append(one)
    vevent.unkept_names += vevent.component.inner_kinds
    counts = Counter(one.name for one in vevent.properties)
    twice = [name for name in _SINGLE_PROPERTIES if counts[name] > 1]
    if twice or not vevent.properties:
        said = _("{what} appears twice", what=twice[0]) if twice else _("the VEVENT is empty")
        yield vevent.make_diagnostic(said)
        vevent.properties.clear()


def _record_unkept_property(vevent: Vevent, one: Property) -> None:
    """Record a property that is not imported, except those that other programs add for themselves."""
    if one.name == "CLASS" and one.value.strip().upper() not in ("PUBLIC", ""):
        vevent.classification = one.value.strip().upper()
    if one.name == "ATTENDEE" and vevent.component.method == "CANCEL":
        vevent.properties.append(one)
    if one.name not in _UNKEPT_PROPERTIES and not one.name.startswith("X-"):
        vevent.unkept_names.append(one.name)


# -------------------------------------------------------------------------------------------------------------- events


def _read_uid_group(
    group: list[Vevent], zones: TimezoneResolver, options: ReadOptions
) -> Iterator[ImportedEvent | Diagnostic]:
    """Yield the VEVENTs of one UID as one event: a series with its exceptions, in their newest state."""
    yield from _report_classified_vevents(group)
    messages = [one for one in group if one.component.method in ("CANCEL", "ADD")]
    events = [one for one in group if one not in messages]
    masters, older = _split_newest_vevent([one for one in events if not one.is_override])
    overrides: list[Vevent] = []
    by_occurrence: dict[str, list[Vevent]] = {}
    for one in events:
        if one.is_override:
            by_occurrence.setdefault(get_property_text(one.properties, "RECURRENCE-ID").strip(), []).append(one)
    for same in by_occurrence.values():
        newest, old = _split_newest_vevent(same)
        overrides += newest
        older += old
    for one in older:
        newer = next(other for other in group if other is not one)
        if one.properties == newer.properties:
            yield one.make_diagnostic(_("the event appears twice"), "note")
        else:
            yield one.make_diagnostic(_("the file contains a newer version with the same UID, which was used instead"))
    times = DateTimeReader(zones, options.registry_info)
    sent: list[Vevent] = []
    for one in sorted(messages, key=lambda message: message.rank):
        if one.component.method == "CANCEL" and itip.is_ics_uninvitation(one.properties):
            said = _("METHOD:CANCEL without STATUS:CANCELLED removes attendees; the event is not cancelled")
            yield one.make_diagnostic(said, "note")
        else:
            sent.append(one)
    if events:
        yield from _read_vevent_series(masters[0] if masters else None, overrides, sent, times)
    elif sent:
        yield from _read_partial_event(sent, None, times)


def _report_classified_vevents(group: Sequence[Vevent]) -> Iterator[Diagnostic]:
    """Yield a warning if an event is not public (RFC 5545, 3.8.1.3: unknown classes are private)."""
    for one in group:
        if one.classification == "CONFIDENTIAL":
            said = _("the event is marked confidential in the file, but the registry is public")
        elif one.classification:
            said = _("the event is marked private in the file, but the registry is public")
        else:
            continue
        yield one.make_diagnostic(said, "warning", has_text=False)
        return


def _read_partial_event(
    sent: Sequence[Vevent], event: Event | None, times: DateTimeReader
) -> Iterator[ImportedEvent | Diagnostic]:
    """Yield the change of an event that is not in the file; `event` is its result if the registry lacks the event."""
    begin = sent[0]
    if not begin.uid:
        yield begin.make_diagnostic(_("a change to an event requires a UID"))
        return
    messages = [one.message for one in sent]
    id, uid = split_vevent_uid(begin.uid, times.registry_info)
    said = event or Event("-", id=id, uid=uid, source_line=begin.component.line)
    yield ImportedEvent(
        said,
        stated_fields=frozenset(),
        amend=lambda old: itip.amend_event_by_ics_messages(old, event, messages, times),
        is_outdated=lambda old: itip.has_older_ics_message(messages, old, times),
        text=begin.component.text,
    )


def _split_newest_vevent(same: list[Vevent]) -> tuple[list[Vevent], list[Vevent]]:
    if not same:
        return [], []
    newest = max(same, key=lambda one: one.rank)
    return [newest], [one for one in same if one is not newest]


def _read_vevent_series(
    master: Vevent | None, overrides: list[Vevent], sent: list[Vevent], times: DateTimeReader
) -> Iterator[ImportedEvent | Diagnostic]:
    begin, rest = (master, overrides) if master else (overrides[0], overrides[1:])
    try:
        event = vevent_to_event(begin.properties, (), times)
        when = times.read_event_times(begin.properties)
        if master is None:
            times.read_recurrence_id(begin.properties, when)  # not of a RANGE
    except (ComponentError, InvalidEventError, OverflowError) as error:
        yield begin.make_diagnostic(_format_vevent_error(error))
        if rest:
            yield from _read_vevent_series(None, rest, sent, times)
        return
    if master is None:
        said = _(
            "the file contains an occurrence without its series; the occurrence changes the series in "
            "the registry or, if there is none, is added as a separate event"
        )
        yield begin.make_diagnostic(said, "warning")
    found: list[OccurrenceOverride] = []
    taken = [begin]
    for one in rest:
        try:
            found.append(_read_vevent_override(event, master, one, when, times))
            taken.append(one)
        except (ComponentError, InvalidEventError, ValueError, OverflowError) as error:
            yield one.make_diagnostic(_format_vevent_error(error))
    if master is None:  # the first is the event, each other one a further date of it
        further = [one.recurrence_id for one in found if one.recurrence_id != event.start]
        event = replace(event, rdates=(*event.rdates, *further))
    event = replace(add_vevent_overrides(event, found), source_line=begin.component.line)
    for one in sent if master else ():
        if one.rank >= begin.rank:
            try:
                event = itip.apply_ics_messages(event, [one.message], times)
            except InvalidEventError as error:
                yield one.make_diagnostic(error.reason)
    yield from _complete_vevent(event, begin, [] if master else [*taken, *sent], times)


def _read_vevent_override(
    event: Event, master: Vevent | None, one: Vevent, when: EventTimes, times: DateTimeReader
) -> OccurrenceOverride:
    """Return the override of an occurrence. Raises ComponentError if its newer series has no such occurrence."""
    if (
        master
        and one.rank < master.rank
        and not has_occurrence_at(event, times.read_recurrence_id(one.properties, when))
    ):
        raise ComponentError(_("the newer version of the series has no such occurrence"))
    return vevent_to_override(event, one.properties, when, times)


def _complete_vevent(
    event: Event, begin: Vevent, parts: Sequence[Vevent], times: DateTimeReader
) -> Iterator[ImportedEvent | Diagnostic]:
    """Yield an event with its warnings; `parts` are its occurrences if the file lacks the series."""
    try:
        own = dict(parse_extension_properties(begin.properties))
        event = replace(merge_extension_properties(event, own, times), source_line=event.source_line)
    except (ComponentError, InvalidEventError, OverflowError) as error:
        own = {}
        said = _("{reason}; the fields added by ilocal were not imported", reason=_format_vevent_error(error))
        yield begin.make_diagnostic(said, "warning")
    if not own:
        event = replace(event, updated=begin.updated)
    for doubt in dict.fromkeys(times.warnings):
        yield begin.make_diagnostic(doubt, "warning")
    if parts and begin.uid:
        yield from _read_partial_event(parts, event, times)
        return
    organizers = {"organizers"} if event.organizers else set()
    says = frozenset() if parts else STATED_FIELDS | organizers | (own.keys() - {"id"})
    yield ImportedEvent(
        event, stated_fields=says, is_outdated=lambda old: itip.has_older_ics_sequence(event, old, times.registry_info)
    )


def _format_vevent_error(error: Exception) -> str:
    return _("a date is out of range") if isinstance(error, OverflowError) else str(error)
