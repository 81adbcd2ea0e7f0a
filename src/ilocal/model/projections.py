"""Projections: events as a format without all fields shows them, merged back with changes made by another program.

The exported projection is the base of a merge in which the format's fields are never older than the other program's.
"""

from __future__ import annotations

from dataclasses import replace

from ilocal.model.event import Event, OccurrenceOverride

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
    now = {str(one.recurrence_id): one for one in heard.overrides}
    then = {str(one.recurrence_id): one for one in told.overrides}
    kept, shown = [], list(heard.exdates)
    for one in ours.overrides:
        key = str(one.recurrence_id)
        if key not in then:  # a day could not show it, and it went out as left out
            if one.recurrence_id in shown:
                shown.remove(one.recurrence_id)
                kept.append(one)
        elif key in now:
            kept.append(_merge_override(one, then[key], now[key]))
    mine = {str(one.recurrence_id) for one in ours.overrides}
    new = [one for key, one in now.items() if key not in mine]
    exdates = ours.exdates if set(heard.exdates) == set(told.exdates) else tuple(shown)
    return replace(heard, overrides=(*kept, *new), exdates=exdates)


def _merge_override(ours: OccurrenceOverride, then: OccurrenceOverride, now: OccurrenceOverride) -> OccurrenceOverride:
    """Return one of our overrides with the changes made to its component, from `then` to `now`."""
    values = dict(ours.values)
    for name in {**then.values, **now.values}:
        if now.values.get(name) != then.values.get(name):
            if name in now.values:
                values[name] = now.values[name]
            else:
                values.pop(name, None)
    return replace(ours, values=values)


def is_unchanged_since(heard: Event, told: Event, name: str) -> bool:
    """Return whether two events agree in the field `name` and in all fields that belong together with it."""
    if name == "extra":
        return True
    return all(getattr(heard, one) == getattr(told, one) for one in _GROUP_BY_FIELD.get(name, (name,)))
