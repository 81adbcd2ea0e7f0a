"""The fields in which two events differ."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from ilocal.model.dates import iso
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS
from ilocal.model.serialization import plain_value, to_plain


def changed_fields(before: Event, after: Event) -> list[str]:
    """The fields in which two events differ; a time said in another zone is another one."""
    return [name for name in (*FIELDS, "extra") if _differ(getattr(before, name), getattr(after, name))]


def _differ(one: Any, other: Any) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return iso(one) != iso(other)
    return bool(one != other)


# What an import does not compare: what the registry gives, and where a record came from.
_OWN = ("id", "created", "updated", "revision", "source")


def differing(old: Event, event: Event, says: Collection[str] | None = None) -> list[str]:
    """The fields that the file gives and the registry has otherwise.

    What a file leaves out says nothing, but that in the fields that it `says` there is none.
    """
    names = [
        name for name in FIELDS if name not in _OWN and (name in says if says is not None else getattr(event, name))
    ]
    what = [name for name in names if _says_otherwise(old, event, name)]
    if says is not None:
        return what + ["extra"] * (
            "extra" in says and bool(plain_value(dict(old.extra)) != plain_value(dict(event.extra)))
        )
    if event.start is not None and event.end != old.end and "end" not in what:
        what.append("end")
    return what + ["extra"] * any(_unlike(old.extra.get(key), value) for key, value in event.extra.items())


def _says_otherwise(old: Event, event: Event, name: str) -> bool:
    if name in ("sections", "translations", "overrides"):  # may hold keys of the owner's own
        return bool(to_plain(old).get(name) != to_plain(event).get(name))
    return bool(getattr(old, name) != getattr(event, name))


def _unlike(old: Any, new: Any) -> bool:
    """Whether two values of an unknown key differ also as JSON has them, which knows no dates."""
    return bool(old != new) and (old is None or plain_value(old) != plain_value(new))
