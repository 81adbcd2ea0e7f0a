"""Projections: events as a format without all fields shows them, merged back with changes made by another program.

The exported projection is the base of a merge in which the format's fields are never older than the other program's.
"""

from __future__ import annotations

from dataclasses import replace

from ilocal.model.event import Event
from ilocal.model.merge import merge_lists, merge_override_lists

# Where another program changed one of these, ours are out of date for all of the group.
_FIELD_GROUPS = (
    ("id", "uid"), ("start", "end", "timezone"), ("rrule",), ("rdates",), ("exdates", "overrides"),
    ("summary", "description", "sections"),
)  # fmt: skip
_GROUP_BY_FIELD = {name: group for group in _FIELD_GROUPS for name in group}


def merge_overrides(heard: Event, ours: Event, told: Event) -> Event:
    """Return the event as received with our changed occurrences, plus the other program's changes to each.

    Arguments:
        heard: the event as received.
        ours: the event in the registry.
        told: the projection of `ours` that was exported.

    Raises InvalidEventError.
    """
    merged = merge_override_lists(told.overrides, ours.overrides, heard.overrides, prefer="theirs")
    then, now = ({str(one.recurrence_id) for one in event.overrides} for event in (told, heard))
    # An occurrence that the format could not show was exported as left out; the other program may have restored it.
    kept = [one for one in merged if str(one.recurrence_id) in then | now or one.recurrence_id in heard.exdates]
    return replace(heard, overrides=tuple(kept), exdates=merge_lists(told.exdates, ours.exdates, heard.exdates))


def is_event_unchanged_since(heard: Event, told: Event, name: str) -> bool:
    """Return whether two events agree in the field `name` and in all fields that belong together with it."""
    if name == "extra":
        return True
    return all(getattr(heard, one) == getattr(told, one) for one in _GROUP_BY_FIELD.get(name, (name,)))
