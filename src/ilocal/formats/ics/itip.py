"""Changes of events that are in the registry: cancellations and single occurrences, as they are sent (RFC 5546)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ilocal.errors import Diagnostic, IlocalError, InvalidEventError
from ilocal.formats.ics.content_lines import Component, ComponentError, Property
from ilocal.formats.ics.datetimes import DateTimeReader, EventTimes
from ilocal.formats.ics.extension_properties import read_back_vevents
from ilocal.formats.ics.from_vevent import (
    OCCURRENCE_FIELDS,
    add_vevent_overrides,
    find_vevent_property,
    vevent_to_single_event,
)
from ilocal.formats.ics.to_vevent import timestamp_to_dtstamp
from ilocal.i18n.messages import N_, _
from ilocal.model.dates import PartialDate, format_iso_date
from ilocal.model.differences import find_event_differences
from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.occurrences import find_override, has_occurrence_at
from ilocal.model.registry_info import RegistryInfo

# Methods of messages that change no event (RFC 5546, 3.2).
_PASSIVE_METHODS = {
    "REPLY": N_("a reply to an invitation"),
    "COUNTER": N_("an attendee's proposal"),
    "DECLINECOUNTER": N_("a declined proposal"),
    "REFRESH": N_("a request for the latest version"),
}
_DATES = ("start", "end", "timezone")


@dataclass(frozen=True, slots=True)
class Message:
    """A VEVENT that is part of an event: one occurrence, or a cancellation."""

    properties: Sequence[Property]
    method: str
    updated: date | None  # LAST-MODIFIED or DTSTAMP

    @property
    def is_itip_for_occurrence(self) -> bool:
        """Whether it is of one occurrence, and not of all of the event."""
        return self.method == "ADD" or find_vevent_property(self.properties, "RECURRENCE-ID") is not None


def is_passive_ics_method(component: Component) -> bool:
    """Return whether a component is of a message that changes no event."""
    return component.method in _PASSIVE_METHODS


def report_passive_ics_methods(found: Sequence[Component]) -> Iterator[Diagnostic]:
    """Yield a note for each kind of message that changes no event."""
    passive = [one for one in found if one.kind == "VEVENT" and is_passive_ics_method(one)]
    for method, n in Counter(one.method for one in passive).items():
        line = next(one.line for one in passive if one.method == method)
        said = _("METHOD:{method} is {reason} and changes no event", method=method, reason=_(_PASSIVE_METHODS[method]))
        yield Diagnostic(line, said if n == 1 else _("{reason} ({n} VEVENT)", reason=said, n=n), severity="note")


def is_ics_uninvitation(properties: Sequence[Property]) -> bool:
    """Return whether a CANCEL takes people from an event, and does not cancel it (RFC 5546, 3.2.5)."""
    return (
        find_vevent_property(properties, "STATUS") is None and find_vevent_property(properties, "ATTENDEE") is not None
    )


# ------------------------------------------------------------------------------------------------------------- changes


def apply_ics_messages(event: Event, messages: Sequence[Message], times: DateTimeReader) -> Event:
    """Return an event with the changes of messages applied. Raises InvalidEventError if one cannot be."""
    for message in messages:
        try:
            event = _apply_ics_message(event, message, times)
        except ComponentError as error:
            raise InvalidEventError("", str(error)) from None
        except OverflowError:
            raise InvalidEventError("", _("a date is out of range")) from None
    return event


def amend_event_by_ics_messages(
    old: Event | None, alone: Event | None, messages: Sequence[Message], times: DateTimeReader
) -> Event:
    """Return the registry's event with the changes of messages applied.

    Arguments:
        old: the registry's event, if any.
        alone: the event that the messages describe by themselves, if any.
        messages: the messages.
        times: reads their dates.

    Raises InvalidEventError if a change cannot be applied.
    """
    if old is None:
        if alone is None:
            raise InvalidEventError("", _("no event in the registry has this UID; nothing was changed"))
        return alone
    if alone is not None and not find_event_differences(old, alone):  # already imported by itself
        return old
    return apply_ics_messages(old, messages, times)


def _apply_ics_message(event: Event, message: Message, times: DateTimeReader) -> Event:
    if not message.is_itip_for_occurrence:
        if event.status == "cancelled":
            return event
        revision, updated = _get_ics_sequence(message, event)
        return replace(event, status="cancelled", revision=revision, updated=updated)
    when = times.get_dtstart_and_dtend(event)
    if when is None:
        raise InvalidEventError(
            "recurrence_id", _("{id} has no occurrences, because the event has no exact day", id=event.id)
        )
    properties = _add_recurrence_id(message)
    at = times.read_recurrence_id(properties, when)
    if message.method == "CANCEL" and {at, at.date() if isinstance(at, datetime) else at} & {*event.exdates}:
        return event
    known = _find_ics_occurrence(event, at)
    if known is None and message.method != "ADD":
        raise InvalidEventError(
            "recurrence_id", _("{id} has no occurrence with the start {at}", id=event.id, at=format_iso_date(at))
        )
    if known is None:
        event = replace(event, rdates=(*event.rdates, at))
    else:
        at = known
    if message.method == "CANCEL":
        values: dict[str, Any] = {"status": "cancelled"}
    else:
        values = _find_values_changed_by_vevent(
            event,
            at,
            vevent_to_single_event(properties, times.read_event_times(properties, when), times),
            times.registry_info,
        )
    return change_occurrence_by_ics_message(event, at, values, _get_ics_sequence(message, event))


def _get_ics_sequence(message: Message, event: Event) -> tuple[int, date | None]:
    """Return SEQUENCE and the timestamp of a message, if it has one."""
    sequence = find_vevent_property(message.properties, "SEQUENCE")
    text = sequence.value.strip() if sequence else ""
    return int(text) if text.isdecimal() and len(text) < 10 else 0, message.updated or event.updated


def _add_recurrence_id(message: Message) -> Sequence[Property]:
    """Return the properties of a message with which occurrence it is; a further one is at its start."""
    if message.method != "ADD":
        return message.properties
    start = find_vevent_property(message.properties, "DTSTART")
    if start is None:
        raise ComponentError(_("DTSTART is missing"))
    if any(one.name in ("RRULE", "RDATE", "EXDATE") for one in message.properties):
        raise ComponentError(_("METHOD:ADD with its own recurrence properties is not supported"))
    return [*message.properties, replace(start, name="RECURRENCE-ID")]


def _find_ics_occurrence(event: Event, at: PartialDate) -> PartialDate | None:
    """Return the occurrence that begins `at`, by the series or by an override; None if there is none."""
    if find_override(event, at) is not None or has_occurrence_at(event, at):
        return at
    moved = (
        one.recurrence_id for one in event.overrides if _is_dtstart_with_time(at) and one.values.get("start") == at
    )
    return next(moved, None)


def _is_dtstart_with_time(point: PartialDate) -> bool:
    return isinstance(point, datetime) and point.tzinfo is not None


def _find_values_changed_by_vevent(event: Event, at: PartialDate, said: Event, header: RegistryInfo) -> dict[str, Any]:
    """Return the values of an occurrence in a VEVENT that differ from the registry."""
    now = event.build_occurrence(at, find_override(event, at))
    heard = read_back_vevents(replace(now, recurrence_id=None), header) or now
    names = [name for name in OCCURRENCE_FIELDS if name not in (*_DATES, "revision", "updated")]
    values = {name: getattr(said, name) for name in names if getattr(said, name) != getattr(heard, name)}
    if not said.organizers:
        values.pop("organizers", None)  # a calendar may leave them out
    if any(getattr(said, name) != getattr(now, name) for name in _DATES):
        values |= {name: getattr(said, name) for name in _DATES}
    return values


def change_occurrence_by_ics_message(
    event: Event, at: PartialDate, values: dict[str, Any], state: tuple[int, date | None]
) -> Event:
    """Return a series with changed values in the occurrence `at`, stored as differences from the series.

    Raises InvalidEventError for values that an occurrence cannot have.
    """
    ours = find_override(event, at) or OccurrenceOverride(at)
    if all(getattr(event.build_occurrence(at, ours), name) == value for name, value in values.items()):
        return event
    plain = event.build_occurrence(at)
    wanted = {**ours.values, **values, "revision": state[0], "updated": state[1]}
    if "end" in values:
        del wanted["end"]
    for name, value in list(wanted.items()):
        if name != "end" and (getattr(plain, name) == value or value is None):
            del wanted[name]
    try:
        if "end" in values and event.build_occurrence(at, OccurrenceOverride(at, wanted)).end != values["end"]:
            wanted["end"] = values["end"] or wanted.get("start", at)
        return add_vevent_overrides(event, [replace(ours, values=wanted)])
    except InvalidEventError:
        raise
    except (IlocalError, ValueError, OverflowError) as error:  # the calendar ends before it does
        raise InvalidEventError("overrides", str(error)) from None


# -------------------------------------------------------------------------------------------------------------- states


def has_older_ics_sequence(event: Event, old: Event, header: RegistryInfo) -> bool:
    """Return whether an event is in an older state than `old`: by SEQUENCE, then by time (RFC 5546, 2.1.5).

    A changed occurrence has a state of its own.
    """
    mine, theirs = (event.revision, event.updated), (old.revision, old.updated)
    if _is_older_ics_sequence(mine, theirs, header) or _is_older_ics_sequence(theirs, mine, header):
        return _is_older_ics_sequence(mine, theirs, header)
    for one in old.overrides:
        if "revision" in one.values or "updated" in one.values:
            same = find_override(event, one.recurrence_id)
            if _is_older_ics_sequence(
                _get_ics_override_sequence(event, same), _get_ics_override_sequence(old, one), header
            ):
                return True
    return False


def has_older_ics_message(messages: Sequence[Message], old: Event, times: DateTimeReader) -> bool:
    """Return whether a message is older than the state of its occurrence, or its event, in the registry."""
    when = times.get_dtstart_and_dtend(old)
    for message in messages:
        state: tuple[int, date | None] = old.revision, old.updated
        if message.is_itip_for_occurrence:
            one = _find_ics_override(old, message, when, times)
            if one is None or not {"revision", "updated"} & one.values.keys():
                continue
            state = _get_ics_override_sequence(old, one)
        if _is_older_ics_sequence((_get_ics_sequence(message, old)[0], message.updated), state, times.registry_info):
            return True
    return False


def _find_ics_override(
    old: Event, message: Message, when: EventTimes | None, times: DateTimeReader
) -> OccurrenceOverride | None:
    try:
        at = times.read_recurrence_id(_add_recurrence_id(message), when) if when else None
        known = None if at is None else _find_ics_occurrence(old, at)
    except (ComponentError, OverflowError):
        return None
    return None if known is None else find_override(old, known)


def _get_ics_override_sequence(event: Event, one: OccurrenceOverride | None) -> tuple[int, date | None]:
    values = one.values if one else {}
    return values.get("revision", event.revision), values.get("updated", event.updated)


def _is_older_ics_sequence(one: tuple[int, date | None], other: tuple[int, date | None], header: RegistryInfo) -> bool:
    if one[0] != other[0] or one[1] is None or other[1] is None:
        return one[0] < other[0]
    first, second = (timestamp_to_dtstamp(stamp, header).replace(microsecond=0) for stamp in (one[1], other[1]))
    return first < second
