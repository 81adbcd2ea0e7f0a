"""Fields that iCalendar lacks, as X-ILOCAL properties, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ilocal.errors import InvalidEventError
from ilocal.formats.ics import to_vevent
from ilocal.formats.ics.content_lines import ComponentError, Property, escape_text_value
from ilocal.formats.ics.datetimes import DateTimeReader
from ilocal.formats.ics.from_vevent import vevent_to_event
from ilocal.formats.ics.timezones import TimezoneResolver
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.fields import FIELD_NAMES
from ilocal.model.projections import is_event_unchanged_since, merge_overrides
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import escape_json
from ilocal.model.serialization import event_from_dict, event_to_dict, to_json_value

EXTENSION_PREFIX = "X-ILOCAL-"
_TIME_FIELDS = ("start", "end", "timezone", "rrule", "rdates", "exdates", "overrides")


def add_extension_properties(
    event: Event, vevents: Sequence[list[Property]], header: RegistryInfo
) -> list[list[Property]]:
    """Return the VEVENTs of an event with extension properties for everything the standard ones do not express."""
    real = _event_to_json_fields(event)
    try:
        heard = _event_to_json_fields(
            vevent_to_event(vevents[0], vevents[1:], DateTimeReader(TimezoneResolver({}), header))
        )
    except (ComponentError, InvalidEventError):  # it cannot be expressed: all goes into extension properties
        heard = {}
    names = ["id", *(name for name in (*FIELD_NAMES, "extra") if name != "id" and heard.get(name) != real.get(name))]
    own = [_build_extension_property(name, real.get(name)) for name in names if name != "recurrence_id"]
    return [[*vevents[0], *own], *vevents[1:]]


def _event_to_json_fields(event: Event) -> dict[str, Any]:
    """Return an event as JSON data, with unknown keys in `extra`."""
    plain = {name: value for name, value in event_to_dict(event).items() if name in FIELD_NAMES}
    return plain | ({"extra": to_json_value(dict(event.extra))} if event.extra else {})


def _build_extension_property(name: str, value: Any) -> Property:
    text = escape_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    text = text.replace("\\\\", "\\u005c")  # a backslash before N would be read as a line break
    return Property(EXTENSION_PREFIX + name.upper(), escape_text_value(text))


def parse_extension_properties(properties: Sequence[Property]) -> Iterator[tuple[str, Any]]:
    """Yield the fields in extension properties, None for an absent one. Raises ComponentError."""
    for one in properties:
        name = one.name.removeprefix(EXTENSION_PREFIX).lower()
        if one.name.startswith(EXTENSION_PREFIX) and name in (*FIELD_NAMES, "extra") and name != "recurrence_id":
            try:
                value = json.loads(one.text)
            except (ValueError, RecursionError):
                raise ComponentError(_("{part} is not valid JSON", part=one.name)) from None
            if name == "extra" and not isinstance(value, dict):
                raise ComponentError(_("{part} is not a JSON object", part=one.name))
            yield name, value


def merge_extension_properties(heard: Event, own: Mapping[str, Any], times: DateTimeReader) -> Event:
    """Return the event with the fields of extension properties, unless another program changed them since.

    Raises InvalidEventError.
    """
    try:
        whole = _apply_extension_fields(heard, own)
    except InvalidEventError:
        own = {name: value for name, value in own.items() if name not in _TIME_FIELDS}
        return _apply_extension_fields(heard, own)
    told = read_back_vevents(whole, times.registry_info)
    current = {
        name: value for name, value in own.items() if told is None or is_event_unchanged_since(heard, told, name)
    }
    if told is None or len(current) == len(own):
        return whole
    try:
        event = _apply_extension_fields(heard, current)
        return event if "overrides" not in own or "overrides" in current else merge_overrides(event, whole, told)
    except InvalidEventError:
        return _apply_extension_fields(
            heard, {name: value for name, value in current.items() if name not in _TIME_FIELDS}
        )


def _apply_extension_fields(heard: Event, own: Mapping[str, Any]) -> Event:
    plain = {
        name: value for name, value in {**event_to_dict(heard), **own}.items() if value is not None and name != "extra"
    }
    extra = own.get("extra") or {}
    unknown = {name: value for name, value in extra.items() if name not in FIELD_NAMES}
    return event_from_dict({**plain, **unknown}, source_line=heard.source_line)


def read_back_vevents(event: Event, header: RegistryInfo) -> Event | None:
    """Return an event as a reader of the standard alone would see it; None if it cannot be expressed."""
    if event.start is None:
        return None
    found = to_vevent.event_to_vevents(event, header, "en")
    try:
        return vevent_to_event(found[0], found[1:], DateTimeReader(TimezoneResolver({}), header))
    except (ComponentError, InvalidEventError):
        return None
