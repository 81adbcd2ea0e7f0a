"""The fields in which two events differ."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from ilocal.model.dates import format_iso_date
from ilocal.model.event import Event
from ilocal.model.fields import AUTOMATIC_FIELDS, FIELD_NAMES, TABLE_FIELDS
from ilocal.model.serialization import event_to_dict, to_json_value


def find_changed_fields(before: Event, after: Event) -> list[str]:
    """Return the fields in which two events differ; the same moment in another time zone is different."""
    return [
        name
        for name in (*FIELD_NAMES, "extra")
        if _is_event_value_different(getattr(before, name), getattr(after, name))
    ]


def _is_event_value_different(one: Any, other: Any) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return format_iso_date(one) != format_iso_date(other)
    return bool(one != other)


# Not compared by imports: fields that the registry sets, and where an event came from.
_UNCOMPARED_FIELDS = ("id", "source", *AUTOMATIC_FIELDS)


def find_event_differences(old: Event, event: Event, stated_fields: Collection[str] | None = None) -> list[str]:
    """Return the fields of `event` that differ from those of `old`.

    Arguments:
        old: the event in the registry.
        event: the event as imported.
        stated_fields: fields that the imported file always states; an empty one there means that it has no value. If
            None, only fields with a value are compared.
    """
    names = [
        name
        for name in FIELD_NAMES
        if name not in _UNCOMPARED_FIELDS
        and (name in stated_fields if stated_fields is not None else getattr(event, name))
    ]
    what = [name for name in names if _is_event_field_different(old, event, name)]
    if stated_fields is not None:
        return what + ["extra"] * (
            "extra" in stated_fields and bool(to_json_value(dict(old.extra)) != to_json_value(dict(event.extra)))
        )
    if event.start is not None and event.end != old.end and "end" not in what:
        what.append("end")
    return what + ["extra"] * any(_is_json_different(old.extra.get(key), value) for key, value in event.extra.items())


def _is_event_field_different(old: Event, event: Event, name: str) -> bool:
    if name in TABLE_FIELDS:  # may hold keys of the owner's own
        return bool(event_to_dict(old).get(name) != event_to_dict(event).get(name))
    return bool(getattr(old, name) != getattr(event, name))


def _is_json_different(old: Any, new: Any) -> bool:
    """Return whether two values of an unknown key differ, also when compared as JSON, which has no dates."""
    return bool(old != new) and (old is None or to_json_value(old) != to_json_value(new))
