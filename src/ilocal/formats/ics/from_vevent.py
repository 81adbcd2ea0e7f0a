"""The properties of VEVENTs as an event: what the standard says, without what ilocal adds of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from ilocal.errors import IlocalError
from ilocal.formats.ics.content_lines import Property
from ilocal.formats.ics.datetimes import Times, When
from ilocal.formats.ics.to_vevent import CANCELLED, DOMAIN
from ilocal.model.dates import Point
from ilocal.model.event import Event, Override
from ilocal.model.registry_info import Header
from ilocal.model.safe_text import safe

_STATUS = {"TENTATIVE": "tentative", "CONFIRMED": "confirmed", "CANCELLED": "cancelled"}
_UNTITLED = {"vi": "(không có tên)"}
# What an occurrence may have otherwise, and a calendar can say.
_OF_OCCURRENCE = (
    "title", "start", "end", "timezone", "location", "organizers", "topics", "status", "url", "description", "updated",
    "revision",
)  # fmt: skip


def first(properties: Sequence[Property], name: str) -> Property | None:
    return next((one for one in properties if one.name == name), None)


def text(properties: Sequence[Property], name: str) -> str:
    found = first(properties, name)
    return found.text if found else ""


def event_of(properties: Sequence[Property], others: Iterable[Sequence[Property]], times: Times) -> Event:
    """The event of a VEVENT, with the occurrences that are otherwise. Raises Unreadable, RecordError."""
    when = times.when(properties)
    event = _single(properties, when, times)
    rdates, ends = times.rdates(properties, when)
    event = replace(
        event,
        rrule=times.rule(properties, when),
        rdates=rdates,
        exdates=times.points(properties, "EXDATE", when),
        overrides=tuple(Override(at, {"end": end}) for at, end in ends.items()),
    )
    return with_overrides(event, [override_of(event, other, when, times) for other in others])


def override_of(event: Event, properties: Sequence[Property], when: When, times: Times) -> Override:
    """What one occurrence of an event has otherwise. Raises Unreadable, RecordError."""
    at = times.recurrence_id(properties, when)
    own = times.when(properties, when)
    override = Override(at, _otherwise(event, at, _single(properties, own, times)))
    replace(event, rdates=(), exdates=(), overrides=(override,))  # whether it can have that
    return override


def with_overrides(event: Event, found: Iterable[Override]) -> Event:
    """The event with occurrences that are otherwise; the last for each counts."""
    known = {one.recurrence_id: one for one in event.overrides}
    for one in found:
        known.pop(one.recurrence_id, None)
        known[one.recurrence_id] = one
    return replace(event, overrides=tuple(known.values()))


def _otherwise(event: Event, at: Point, one: Event) -> dict[str, Any]:
    """The fields that an occurrence has otherwise than its series."""
    assert one.start is not None
    values: dict[str, Any] = {}
    if one.start != at:
        values["start"] = one.start
    try:
        usual = event.occurrence(at, Override(at, values))
    except (IlocalError, ValueError, OverflowError):  # the series lasts otherwise than from there
        values["end"] = one.end or one.start
        usual = event.occurrence(at, Override(at, values))
    for name in _OF_OCCURRENCE:
        value = getattr(one, name)
        if name != "start" and value != getattr(usual, name):
            values[name] = one.start if value is None and name == "end" else value
    return {name: value for name, value in values.items() if value is not None}


def _single(properties: Sequence[Property], when: When, times: Times) -> Event:
    """What a VEVENT says of itself, but for when it recurs."""
    status = _STATUS.get(text(properties, "STATUS").strip().upper(), "")
    id, uid = names(text(properties, "UID"), times.header)
    if id and text(properties, "SUMMARY").startswith(tuple(CANCELLED.values())):
        status = "cancelled"  # Google drops the status of an event of ours, and keeps the title that says so
    return Event(
        title=_title(text(properties, "SUMMARY"), status, times.header),
        id=id,
        start=when.start,
        end=when.end,
        timezone=when.timezone,
        location=_one_line(text(properties, "LOCATION")),
        organizers=tuple(_organizers(properties)),
        topics=tuple(topic for topic in _topics(properties) if topic),
        status=status,
        url=_url(properties),
        uid=uid,
        created=_stamp(properties, "CREATED"),
        updated=_stamp(properties, "LAST-MODIFIED"),
        revision=_number(text(properties, "SEQUENCE")),
        description=text(properties, "DESCRIPTION"),
    )


def names(uid: str, header: Header) -> tuple[str, str]:
    """The id and the uid of the event with a UID: the registry's own UIDs are ids."""
    uid = _one_line(uid)
    id, at, domain = uid.rpartition("@")
    if at and domain == (header.uid_domain or DOMAIN) and re.fullmatch(r"\S+", id) and safe(id) == id:
        return id, ""
    return "", uid


def _title(summary: str, status: str, header: Header) -> str:
    title = _one_line(summary)
    if status == "cancelled":
        for prefix in CANCELLED.values():
            if title.startswith(prefix):
                title = title.removeprefix(prefix)
                break
    return title if title.strip() else _UNTITLED.get(header.language[:2], "(no title)")


def _one_line(text: str) -> str:
    return re.sub(r"\s*[\n\t]\s*", " ", text).strip() if "\n" in text or "\t" in text else text


def _topics(properties: Sequence[Property]) -> list[str]:
    return [_one_line(item).strip() for one in properties if one.name == "CATEGORIES" for item in one.texts]


def _organizers(properties: Sequence[Property]) -> list[str]:
    found = first(properties, "ORGANIZER")
    if found is None:
        return []
    name = found.params.get("CN", "").strip()
    address = re.sub("(?i)^mailto:", "", found.value).strip()
    return [name or address] if name or address else []


def _url(properties: Sequence[Property]) -> str:
    found = first(properties, "URL")
    return re.sub(r"\\([,;\\])", r"\1", found.value).strip() if found else ""


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,9}", text.strip()) else 0


def _stamp(properties: Sequence[Property], name: str) -> date | None:
    """A moment in UTC; None for what is no such moment, which matters little."""
    with suppress(ValueError):
        return datetime.strptime(text(properties, name).strip().rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return None
