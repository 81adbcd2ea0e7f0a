"""The fields of an event: their names and kinds, and what each is used for."""

from __future__ import annotations

import dataclasses

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.safe_text import safe

STATUSES = ("tentative", "confirmed", "cancelled", "postponed")
TEXTS = (
    "title", "timezone", "rrule", "location", "kind", "status", "language", "participants", "url", "uid", "source",
    "summary", "description",
)  # fmt: skip
LISTS = ("organizers", "projects", "topics")
POINTS = ("start", "end")
POINT_LISTS = ("rdates", "exdates")
STAMPS = ("created", "updated")
# What one occurrence of a series may have otherwise.
OVERRIDDEN = (
    "title", "start", "end", "timezone", "location", *LISTS, "kind", "status", "language", "participants", "url",
    "summary", "description", "updated", "revision",
)  # fmt: skip


FIELDS = tuple(f.name for f in dataclasses.fields(Event) if f.compare and f.name != "extra")


SINGULAR = {
    "organizer": "organizers", "project": "projects", "topic": "topics", "section": "sections",
    "participant": "participants", "translation": "translations", "rdate": "rdates", "exdate": "exdates",
    "override": "overrides", "repeat": "rrule",
}  # fmt: skip
# What a search without a field looks into.
SEARCHED = (
    "title", "location", "organizers", "projects", "topics", "kind", "participants", "url", "source", "summary",
    "description", "sections", "translations",
)  # fmt: skip
SEARCHABLE = (*SEARCHED, "id", "status", "language")


def field_named(name: str) -> str:
    """The field that a user calls `name`, in the singular or plural. Raises UsageError."""
    field = SINGULAR.get(name.lower(), name.lower())
    if field not in FIELDS:
        said = _('there is no field "{name}"', name=safe(name))
        raise UsageError(said, hint=_("one of {names}", names=", ".join(FIELDS)))
    return field
