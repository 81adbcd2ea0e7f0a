"""The fields of an event: their names and kinds, and what each is used for."""

from __future__ import annotations

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import escape_unsafe

STATUSES = ("tentative", "confirmed", "cancelled", "postponed")
TEXT_FIELDS = (
    "title", "timezone", "rrule", "location", "kind", "status", "language", "participants", "url", "uid", "source",
    "summary", "description",
)  # fmt: skip
LIST_FIELDS = ("organizers", "projects", "topics")
DATE_FIELDS = ("start", "end")
DATE_LIST_FIELDS = ("rdates", "exdates")
TIMESTAMP_FIELDS = ("created", "updated")
# What one occurrence of a series may have otherwise.
OVERRIDABLE_FIELDS = (
    "title", "start", "end", "timezone", "location", *LIST_FIELDS, "kind", "status", "language", "participants", "url",
    "summary", "description", "updated", "revision",
)  # fmt: skip
# Every field of an event, in the order of the record.
FIELD_NAMES = (
    "title", "id", "start", "end", "timezone", "rrule", "rdates", "exdates", "location", "organizers", "projects",
    "topics", "kind", "status", "language", "participants", "url", "uid", "source", "created", "updated", "revision",
    "summary", "description", "sections", "translations", "overrides", "recurrence_id",
)  # fmt: skip

FIELDS_BY_SINGULAR = {
    "organizer": "organizers", "project": "projects", "topic": "topics", "section": "sections",
    "participant": "participants", "translation": "translations", "rdate": "rdates", "exdate": "exdates",
    "override": "overrides", "repeat": "rrule",
}  # fmt: skip
# What a search without a field looks into.
DEFAULT_SEARCH_FIELDS = (
    "title", "location", "organizers", "projects", "topics", "kind", "participants", "url", "source", "summary",
    "description", "sections", "translations",
)  # fmt: skip
SEARCHABLE_FIELDS = (*DEFAULT_SEARCH_FIELDS, "id", "status", "language")


def resolve_field_name(name: str) -> str:
    """The field that a user calls `name`, in the singular or plural. Raises UsageError."""
    field = FIELDS_BY_SINGULAR.get(name.lower(), name.lower())
    if field not in FIELD_NAMES:
        said = _('there is no field "{name}"', name=escape_unsafe(name))
        raise UsageError(said, hint=_("one of {names}", names=", ".join(FIELD_NAMES)))
    return field
