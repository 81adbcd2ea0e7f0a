"""A calendar file as events: each component by itself, so that a broken one hides no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ilocal.errors import Diagnostic, InvalidEventError, Severity
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.formats.ics.content_lines import (
    MAX_PROPERTY_CHARACTERS,
    Component,
    ComponentError,
    Property,
    parse_components,
    parse_content_line,
)
from ilocal.formats.ics.datetimes import DateTimeReader, EventTimes
from ilocal.formats.ics.extension_properties import merge_extension_properties, parse_extension_properties
from ilocal.formats.ics.from_vevent import (
    add_vevent_overrides,
    find_vevent_property,
    get_property_text,
    vevent_to_event,
    vevent_to_override,
)
from ilocal.formats.ics.timezones import TimezoneResolver
from ilocal.i18n.messages import _, n_
from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.fields import FIELDS
from ilocal.model.occurrences import has_occurrence_at
from ilocal.model.safe_text import escape_unsafe

# What a calendar always says, also by silence: a field that is gone there is gone here.
STATED_FIELDS = frozenset(
    field.name for field in FIELDS if field.ical_property and not field.is_automatic and field.name != "organizers"
)
_UNREPORTED_COMPONENTS = ("VTIMEZONE",)  # read for the sake of the events, and worth no note
# Of an event; the others are not kept, and may be broken.
_KNOWN_PROPERTIES = {field.ical_property for field in FIELDS} - {""} | {"DURATION", "EXRULE", "DTSTAMP"}
_SINGLE_PROPERTIES = ("UID", "DTSTART", "DTEND", "RECURRENCE-ID", "SUMMARY")


@dataclass
class Vevent:
    """A VEVENT cut into its properties."""

    component: Component
    properties: list[Property] = field(default_factory=list)

    @property
    def uid(self) -> str:
        return get_property_text(self.properties, "UID")

    @property
    def is_override(self) -> bool:
        return find_vevent_property(self.properties, "RECURRENCE-ID") is not None

    @property
    def rank(self) -> tuple[int, str]:
        """The higher, the newer."""
        sequence = get_property_text(self.properties, "SEQUENCE").strip()
        stamp = get_property_text(self.properties, "LAST-MODIFIED") or get_property_text(self.properties, "DTSTAMP")
        return int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0, stamp

    def make_diagnostic(self, reason: str, severity: Severity = "error", *, has_text: bool = True) -> Diagnostic:
        """Return a problem of this VEVENT, which is named by its UID, and shown where `has_text`."""
        said = _("UID {uid}: {reason}", uid=escape_unsafe(self.uid), reason=reason) if self.uid else reason
        text = self.component.text if has_text else ""
        return Diagnostic(self.component.line, said, severity=severity, text=text)


def read_calendar(source: str, options: ReadOptions) -> Iterator[ImportedEvent | Diagnostic]:
    """The events of a calendar and its problems. Raises UsageError where it is none."""
    found = list(parse_components(source))
    zones = TimezoneResolver(_collect_vtimezones(found))
    groups: dict[str, list[Vevent]] = {}
    for component in found:
        if component.kind == "VEVENT" and component.is_complete:
            vevent = Vevent(component)
            yield from _read_content_lines(vevent)
            if vevent.properties:
                groups.setdefault(vevent.uid or f"\n{component.line}", []).append(vevent)
        elif not component.is_complete:
            yield _truncated_component_diagnostic(component)
    for group in groups.values():
        yield from _read_uid_group(group, zones, options)
    yield from _report_skipped_components(found)


def _collect_vtimezones(found: Sequence[Component]) -> dict[str, str]:
    """The VTIMEZONE components by their TZID."""
    defined = {}
    for component in found:
        if component.kind == "VTIMEZONE" and component.is_complete:
            tzid = next((line.partition(":")[2] for line in component.content_lines if line[:5].upper() == "TZID:"), "")
            defined[tzid.strip()] = component.text.replace("\n", "\r\n") + "\r\n"
    return defined


def _truncated_component_diagnostic(component: Component) -> Diagnostic:
    if not component.kind:
        said = _("the file ends before END:VCALENDAR; what stands before its end was read")
        return Diagnostic(component.line, said)
    level: Severity = "error" if component.kind == "VEVENT" else "warning"
    said = _("cut off: there is no END:{kind}", kind=escape_unsafe(component.kind))
    return Diagnostic(component.line, said, severity=level, text=component.text)


def _report_skipped_components(found: Sequence[Component]) -> Iterator[Diagnostic]:
    kinds = Counter(component.kind for component in found if component.is_complete)
    lines = {component.kind: component.line for component in reversed(found)}  # the first of each
    for kind, n in kinds.items():
        if kind not in ("VEVENT", *_UNREPORTED_COMPONENTS):
            said = _("{n} {kind} passed over: only events are read", n=n, kind=escape_unsafe(kind))
            yield Diagnostic(lines[kind], said, severity="note")


def _read_content_lines(vevent: Vevent) -> Iterator[Diagnostic]:
    """Fill in the properties; what is none is doubtful, what stands there twice is not read at all."""
    for line in vevent.component.content_lines:
        try:
            if len(line) > MAX_PROPERTY_CHARACTERS:
                raise ComponentError(n_("a property of {n} character", "a property of {n} characters", len(line)))
            one = parse_content_line(line)
        except ComponentError as error:
            if line.strip():
                said = _("{reason}; passed over", reason=error)
                yield vevent.make_diagnostic(said, "warning", has_text=False)
            continue
        if one.name in _KNOWN_PROPERTIES or one.name.startswith("X-ILOCAL-"):
            vevent.properties.append(one)
    counts = Counter(one.name for one in vevent.properties)
    twice = [name for name in _SINGLE_PROPERTIES if counts[name] > 1]
    if twice or not vevent.properties:
        said = _("{what} stands there twice", what=twice[0]) if twice else _("an empty VEVENT")
        yield vevent.make_diagnostic(said)
        vevent.properties.clear()


# -------------------------------------------------------------------------------------------------------------- events


def _read_uid_group(
    group: list[Vevent], zones: TimezoneResolver, options: ReadOptions
) -> Iterator[ImportedEvent | Diagnostic]:
    """The VEVENTs of one UID as one event: a series and its exceptions, in their newest state."""
    masters, older = _split_newest_vevent([one for one in group if not one.is_override])
    overrides: list[Vevent] = []
    by_occurrence: dict[str, list[Vevent]] = {}
    for one in group:
        if one.is_override:
            by_occurrence.setdefault(get_property_text(one.properties, "RECURRENCE-ID").strip(), []).append(one)
    for same in by_occurrence.values():
        newest, old = _split_newest_vevent(same)
        overrides += newest
        older += old
    for one in older:
        newer = next(other for other in group if other is not one)
        if one.properties == newer.properties:
            yield one.make_diagnostic(_("stands there twice"), "note")
        else:
            yield one.make_diagnostic(_("the same UID stands there in a newer state, which was taken"))
    times = DateTimeReader(zones, options.registry_info)
    yield from _read_vevent_series(masters[0] if masters else None, overrides, times)


def _split_newest_vevent(same: list[Vevent]) -> tuple[list[Vevent], list[Vevent]]:
    if not same:
        return [], []
    newest = max(same, key=lambda one: one.rank)
    return [newest], [one for one in same if one is not newest]


def _read_vevent_series(
    master: Vevent | None, overrides: list[Vevent], times: DateTimeReader
) -> Iterator[ImportedEvent | Diagnostic]:
    begin, rest = (master, overrides) if master else (overrides[0], overrides[1:])
    try:
        when = times.read_event_times(begin.properties)
        event = vevent_to_event(begin.properties, (), times)
    except (ComponentError, InvalidEventError) as error:
        yield begin.make_diagnostic(_error_text(error))
        if rest:
            yield from _read_vevent_series(None, rest, times)
        return
    if master is None:
        said = _("an occurrence whose series is not in the file; taken by itself, if new")
        yield begin.make_diagnostic(said, "warning")
    found: list[OccurrenceOverride] = []
    for one in rest:
        try:
            found.append(_read_vevent_override(event, master, one, when, times))
        except (ComponentError, InvalidEventError, ValueError, OverflowError) as error:
            yield one.make_diagnostic(_error_text(error))
    if master is None:  # the first is the event, each other one a further date of it
        further = [one.recurrence_id for one in found if one.recurrence_id != event.start]
        event = replace(event, rdates=(*event.rdates, *further))
    event = add_vevent_overrides(event, found)
    yield from _complete_vevent(replace(event, source_line=begin.component.line), begin, times)


def _read_vevent_override(
    event: Event, master: Vevent | None, one: Vevent, when: EventTimes, times: DateTimeReader
) -> OccurrenceOverride:
    """One occurrence that is otherwise. Raises ComponentError for one that a later change of its series took out."""
    if (
        master
        and one.rank < master.rank
        and not has_occurrence_at(event, times.read_recurrence_id(one.properties, when))
    ):
        raise ComponentError(_("its series has no such occurrence in its newer state"))
    return vevent_to_override(event, one.properties, when, times)


def _complete_vevent(event: Event, begin: Vevent, times: DateTimeReader) -> Iterator[ImportedEvent | Diagnostic]:
    try:
        own = dict(parse_extension_properties(begin.properties))
        event = replace(merge_extension_properties(event, own, times), source_line=event.source_line)
    except (ComponentError, InvalidEventError) as error:
        own = {}
        said = _("{reason}; what ilocal had added is left out", reason=_error_text(error))
        yield begin.make_diagnostic(said, "warning")
    for doubt in dict.fromkeys(times.warnings):
        yield begin.make_diagnostic(doubt, "warning")
    if begin.is_override:  # says nothing of a series that the registry may have under its UID
        yield ImportedEvent(event, stated_fields=frozenset())
        return
    organizers = {"organizers"} if event.organizers else set()
    yield ImportedEvent(event, stated_fields=STATED_FIELDS | organizers | (own.keys() - {"id"}))


def _error_text(error: Exception) -> str:
    return str(error)
