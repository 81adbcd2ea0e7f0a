"""Fields that iCalendar lacks, as X-ILOCAL properties, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ilocal.errors import RecordError
from ilocal.formats.ics import to_vevent
from ilocal.formats.ics.content_lines import Property, Unreadable, escaped
from ilocal.formats.ics.datetimes import Times
from ilocal.formats.ics.from_vevent import event_of
from ilocal.formats.ics.timezones import Zones
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS
from ilocal.model.merge import is_unchanged_since, merge_overrides
from ilocal.model.registry_info import Header
from ilocal.model.safe_text import json_escaped
from ilocal.model.serialization import from_plain, plain_value, to_plain

PREFIX = "X-ILOCAL-"
_DATES = ("start", "end", "timezone", "rrule", "rdates", "exdates", "overrides")


def with_own(event: Event, vevents: Sequence[list[Property]], header: Header) -> list[list[Property]]:
    """The VEVENTs of an event with all that a reader of the standard would not hear from them."""
    real = _fields(event)
    try:
        heard = _fields(event_of(vevents[0], vevents[1:], Times(Zones({}), header)))
    except (Unreadable, RecordError):  # cannot be told at all: then all of it is ours
        heard = {}
    names = ["id", *(name for name in (*FIELDS, "extra") if name != "id" and heard.get(name) != real.get(name))]
    own = [_property(name, real.get(name)) for name in names if name != "recurrence_id"]
    return [[*vevents[0], *own], *vevents[1:]]


def _fields(event: Event) -> dict[str, Any]:
    """The event as JSON has it, unknown keys apart."""
    plain = {name: value for name, value in to_plain(event).items() if name in FIELDS}
    return plain | ({"extra": plain_value(dict(event.extra))} if event.extra else {})


def _property(name: str, value: Any) -> Property:
    text = json_escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    text = text.replace("\\\\", "\\u005c")  # a backslash before an N would be taken for the end of a line
    return Property(PREFIX + name.upper(), escaped(text))


def fields_of(properties: Sequence[Property]) -> Iterator[tuple[str, Any]]:
    """The fields that our properties say, None where there is none. Raises Unreadable."""
    for one in properties:
        name = one.name.removeprefix(PREFIX).lower()
        if one.name.startswith(PREFIX) and name in (*FIELDS, "extra") and name != "recurrence_id":
            try:
                value = json.loads(one.text)
            except (ValueError, RecursionError):
                raise Unreadable(_("{part} is not valid JSON", part=one.name)) from None
            if name == "extra" and not isinstance(value, dict):
                raise Unreadable(_("{part} is no JSON object", part=one.name))
            yield name, value


def completed(heard: Event, own: Mapping[str, Any], times: Times) -> Event:
    """The event with what our properties say of it, but for what another program changed since. Raises RecordError."""
    try:
        whole = _with(heard, own)
    except RecordError:
        own = {name: value for name, value in own.items() if name not in _DATES}
        return _with(heard, own)
    told = _told(whole, times.header)
    current = {name: value for name, value in own.items() if told is None or is_unchanged_since(heard, told, name)}
    if told is None or len(current) == len(own):
        return whole
    try:
        event = _with(heard, current)
        return event if "overrides" not in own or "overrides" in current else merge_overrides(event, whole, told)
    except RecordError:
        return _with(heard, {name: value for name, value in current.items() if name not in _DATES})


def _with(heard: Event, own: Mapping[str, Any]) -> Event:
    plain = {name: value for name, value in {**to_plain(heard), **own}.items() if value is not None and name != "extra"}
    extra = own.get("extra") or {}
    unknown = {name: value for name, value in extra.items() if name not in FIELDS}
    return from_plain({**plain, **unknown}, source_line=heard.source_line)


def _told(event: Event, header: Header) -> Event | None:
    """What the standard part of an event's own component would say."""
    if event.start is None:
        return None
    found = to_vevent.vevents(event, header, "en")
    try:
        return event_of(found[0], found[1:], Times(Zones({}), header))
    except (Unreadable, RecordError):
        return None
