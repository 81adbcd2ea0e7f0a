"""Conversion of VEVENTs to events, by the standard and without extension properties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from ilocal.errors import IlocalError
from ilocal.formats.ics.content_lines import Property
from ilocal.formats.ics.datetimes import DateTimeReader, EventTimes
from ilocal.formats.ics.to_vevent import CANCELLED_PREFIXES
from ilocal.model.dates import PartialDate
from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.event_uids import DEFAULT_UID_DOMAIN
from ilocal.model.fields import FIELDS_BY_NAME, OVERRIDABLE_FIELDS
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import make_text_safe

_EVENT_STATUS = {"TENTATIVE": "tentative", "CONFIRMED": "confirmed", "CANCELLED": "cancelled"}
_DEFAULT_TITLES = {"vi": "(không có tên)"}
# Fields that may differ in an occurrence and that a calendar can express.
OCCURRENCE_FIELDS = tuple(name for name in OVERRIDABLE_FIELDS if FIELDS_BY_NAME[name].ical_property)


def find_vevent_property(properties: Sequence[Property], name: str) -> Property | None:
    return next((one for one in properties if one.name == name), None)


def get_property_text(properties: Sequence[Property], name: str) -> str:
    found = find_vevent_property(properties, name)
    return found.text if found else ""


def vevent_to_event(
    properties: Sequence[Property], others: Iterable[Sequence[Property]], times: DateTimeReader
) -> Event:
    """Return the event of a VEVENT, including changed occurrences. Raises ComponentError, InvalidEventError."""
    when = times.read_event_times(properties)
    event = _vevent_to_recurring_event(properties, when, times)
    if when.has_nominal_dtstart_offset and times.adopt_iana_zone(properties, event, when):
        when = times.read_event_times(properties)
        event = _vevent_to_recurring_event(properties, when, times)
    elif when.has_nominal_dtstart_offset and when.tz is not None:
        from ilocal.formats.ics.zone_matching import override_utc_offsets

        event, said = override_utc_offsets(event, when.tz)
        times.warnings += [said] if said else []
    return add_vevent_overrides(event, [vevent_to_override(event, other, when, times) for other in others])


def _vevent_to_recurring_event(properties: Sequence[Property], when: EventTimes, times: DateTimeReader) -> Event:
    """Return the event of a VEVENT with its rule and dates, all in the form of its start."""
    rdates, ends = times.read_rdates(properties, when)
    return replace(
        vevent_to_single_event(properties, when, times),
        rrule=times.read_rrule(properties, when),
        rdates=rdates,
        exdates=times.read_date_list(properties, "EXDATE", when),
        overrides=tuple(OccurrenceOverride(at, {"end": end}) for at, end in ends.items()),
    )


def vevent_to_override(
    event: Event, properties: Sequence[Property], when: EventTimes, times: DateTimeReader
) -> OccurrenceOverride:
    """Return the override of one occurrence. Raises ComponentError, InvalidEventError."""
    at = times.read_recurrence_id(properties, when)
    own = times.read_event_times(properties, when)
    override = OccurrenceOverride(
        at, find_vevent_override_values(event, at, vevent_to_single_event(properties, own, times))
    )
    replace(event, rdates=(), exdates=(), overrides=(override,))  # raises an error if it cannot have that
    return override


def add_vevent_overrides(event: Event, found: Iterable[OccurrenceOverride]) -> Event:
    """Return the event with changed occurrences added; the last one for each date counts."""
    known = {one.recurrence_id: one for one in event.overrides}
    for one in found:
        known.pop(one.recurrence_id, None)
        known[one.recurrence_id] = one
    return replace(event, overrides=tuple(known.values()))


def find_vevent_override_values(event: Event, at: PartialDate, one: Event) -> dict[str, Any]:
    """Return the fields in which an occurrence differs from its series."""
    assert one.start is not None
    values: dict[str, Any] = {}
    if one.start != at:
        values["start"] = one.start
    try:
        usual = event.build_occurrence(at, OccurrenceOverride(at, values))
    except (IlocalError, ValueError, OverflowError):  # the duration of the series does not fit from there
        values["end"] = one.end or one.start
        usual = event.build_occurrence(at, OccurrenceOverride(at, values))
    for name in OCCURRENCE_FIELDS:
        value = getattr(one, name)
        if name != "start" and value != getattr(usual, name):
            values[name] = one.start if value is None and name == "end" else value
    return {name: value for name, value in values.items() if value is not None}


def vevent_to_single_event(properties: Sequence[Property], when: EventTimes, times: DateTimeReader) -> Event:
    """Return the event that a VEVENT describes, without its recurrence."""
    status = _EVENT_STATUS.get(get_property_text(properties, "STATUS").strip().upper(), "")
    id, uid = split_vevent_uid(get_property_text(properties, "UID"), times.registry_info)
    if id and get_property_text(properties, "SUMMARY").startswith(tuple(CANCELLED_PREFIXES.values())):
        status = "cancelled"  # Google drops the status of our events but keeps the title, which includes it
    return Event(
        title=_clean_summary(get_property_text(properties, "SUMMARY"), status, times.registry_info),
        id=id,
        start=when.start,
        end=when.end,
        timezone=when.timezone,
        location=_join_text_lines(get_property_text(properties, "LOCATION")),
        organizers=tuple(_read_organizer(properties)),
        topics=tuple(topic for topic in _read_categories(properties) if topic),
        status=status,
        url=_read_url(properties),
        uid=uid,
        created=read_vevent_timestamp(properties, "CREATED"),
        updated=read_vevent_timestamp(properties, "LAST-MODIFIED"),
        revision=_parse_sequence(get_property_text(properties, "SEQUENCE")),
        description=get_property_text(properties, "DESCRIPTION"),
    )


def split_vevent_uid(uid: str, header: RegistryInfo) -> tuple[str, str]:
    """Return the id and the uid for a UID: the registry's own UIDs contain ids."""
    uid = _join_text_lines(uid)
    id, at, domain = uid.rpartition("@")
    if (
        at
        and domain == (header.uid_domain or DEFAULT_UID_DOMAIN)
        and re.fullmatch(r"\S+", id)
        and make_text_safe(id) == id
    ):
        return id, ""
    return "", uid


def _clean_summary(summary: str, status: str, header: RegistryInfo) -> str:
    title = _join_text_lines(summary)
    if status == "cancelled":
        for prefix in CANCELLED_PREFIXES.values():
            if title.startswith(prefix):
                title = title.removeprefix(prefix)
                break
    return title if title.strip() else _DEFAULT_TITLES.get(header.language[:2], "(no title)")


def _join_text_lines(text: str) -> str:
    return re.sub(r"\s*[\n\t]\s*", " ", text).strip() if "\n" in text or "\t" in text else text


def _read_categories(properties: Sequence[Property]) -> list[str]:
    return [
        _join_text_lines(item).strip()
        for one in properties
        if one.name == "CATEGORIES"
        for item in one.split_property_texts
    ]


def _read_organizer(properties: Sequence[Property]) -> list[str]:
    found = find_vevent_property(properties, "ORGANIZER")
    if found is None:
        return []
    name = _join_text_lines(found.params.get("CN", "")).strip()
    address = re.sub("(?i)^mailto:", "", found.value).strip()
    return [name or address] if name or address else []


def _read_url(properties: Sequence[Property]) -> str:
    found = find_vevent_property(properties, "URL")
    return re.sub(r"\\([,;:\\])", r"\1", found.value).strip() if found else ""


def _parse_sequence(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,9}", text.strip()) else 0


def read_vevent_timestamp(properties: Sequence[Property], name: str) -> date | None:
    """Return a moment in UTC; None if it is invalid, which is ignored."""
    with suppress(ValueError):
        return datetime.strptime(get_property_text(properties, name).strip().rstrip("Z"), "%Y%m%dT%H%M%S").replace(
            tzinfo=UTC
        )
    return None
