"""The event: a frozen record with its sections, translations and changed occurrences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from ilocal.errors import DateError, RecordError
from ilocal.i18n import third_party
from ilocal.i18n.messages import _
from ilocal.model.dates import Days, Point, Span, check_order, days, form, iso, moved
from ilocal.model.fields import STATUSES
from ilocal.model.safe_text import safe

_PLAIN_ID = re.compile("[!-~]+")


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of an event's own page; `body` is Markdown."""

    heading: str
    body: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)  # keys that ilocal does not know


@dataclass(frozen=True, slots=True)
class Translation:
    """Title and description in another language (BCP 47 tag)."""

    language: str
    title: str = ""
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Override:
    """One occurrence of a series that is otherwise than the rest."""

    recurrence_id: Point  # when it would begin
    values: Mapping[str, Any] = field(default_factory=dict)  # what is otherwise, as fields of an Event
    extra: Mapping[str, Any] = field(default_factory=dict)  # keys that ilocal does not know


@dataclass(frozen=True, slots=True)
class Event:
    """One event. The order of the fields is the order in which they are written.

    Only `title` is required; an empty text or tuple means that the field is absent. An Event that exists is valid:
    the constructor raises RecordError for anything that the record forbids.
    """

    title: str
    id: str = ""  # unique in its registry; "" until the registry gives one
    start: Point | None = None
    end: Point | None = None  # inclusive, in the form of start
    timezone: str = ""  # IANA name, of local times; absent: the registry's
    rrule: str = ""  # RFC 5545: "FREQ=YEARLY;BYMONTH=6"
    rdates: tuple[Point, ...] = ()  # further beginnings, in the form of start
    exdates: tuple[Point, ...] = ()  # beginnings that are left out, in the form of start, or days
    location: str = ""
    organizers: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kind: str = ""
    status: str = ""  # one of STATUSES
    language: str = ""  # BCP 47; absent: the registry's
    participants: str = ""
    url: str = ""
    uid: str = ""  # in calendars; absent: the id, and the registry's uid_domain
    source: str = ""  # where the record came from
    created: date | None = None
    updated: date | None = None
    revision: int = 0  # how often ilocal changed it (RFC 5545, SEQUENCE)
    summary: str = ""
    description: str = ""
    sections: tuple[Section, ...] = ()
    translations: tuple[Translation, ...] = ()
    overrides: tuple[Override, ...] = ()
    recurrence_id: Point | None = None  # of an occurrence: when it would begin without an override
    extra: Mapping[str, Any] = field(default_factory=dict)  # keys that ilocal does not know, as TOML values
    source_file: str = field(default="", compare=False)
    source_line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise RecordError("title", _("an event needs a title"))
        if self.status and self.status not in STATUSES:
            known = ", ".join(STATUSES)
            raise RecordError("status", _('unknown status "{status}" ({known})', status=safe(self.status), known=known))
        if self.id and not _PLAIN_ID.fullmatch(self.id) and (safe(self.id) != self.id or self.id.split() != [self.id]):
            said = _('"{id}" has a blank, a control or an invisible character in it', id=safe(self.id))
            raise RecordError("id", said)
        if self.end is not None:
            if self.start is None:
                raise RecordError("end", _("an end without a start"))
            try:
                check_order(self.start, self.end)
            except DateError as error:
                raise RecordError("end", error.message) from None
        if self.recurs:
            self._check_recurrence()

    def _check_recurrence(self) -> None:
        if self.start is None:
            raise RecordError("rrule", _("what recurs needs a start"))
        if self.rrule:
            from ilocal.model.recurrence import check

            try:
                check(self.rrule, self.start)
            except DateError as error:
                raise RecordError("rrule", error.message) from None
        for name, points in (("rdates", self.rdates), ("exdates", self.exdates)):
            for point in points:
                if form(point) != form(self.start) and (name == "rdates" or form(point) != "a day"):
                    raise _other_form(name, point)
        for override in self.overrides:
            at = override.recurrence_id
            if form(at) != form(self.start):
                raise _other_form("overrides", at)
            try:
                self.occurrence(at, override)
            except RecordError as error:
                values = {"day": iso(at), "field": error.field, "reason": error.reason}
                raise RecordError("overrides", _("{day}: {field}: {reason}", **values)) from None
            except (ValueError, OverflowError) as error:
                reason = third_party.told(str(error))
                raise RecordError("overrides", _("{day}: {reason}", day=iso(at), reason=reason)) from None

    @property
    def recurs(self) -> bool:
        """Whether it may take place more than once, or otherwise than it says itself."""
        return bool(self.rrule or self.rdates or self.exdates or self.overrides)

    def occurrence(self, at: Point, override: Override | None = None) -> Event:
        """The occurrence that begins `at`, or would without the override; an event by itself, with the id of this one.

        Raises RecordError, and ValueError or OverflowError where the calendar ends before it does.
        """
        assert self.start is not None
        values = {**override.values} if override else {}
        begin = values.setdefault("start", at)
        if "end" not in values and self.end is not None:
            values["end"] = moved(self.end, self.start, begin)
        extra = {**self.extra, **override.extra} if override else self.extra
        if self.translations and {"title", "description"} & values.keys():
            values["translations"] = tuple(_still(one, values) for one in self.translations)
        single: dict[str, Any] = {"rrule": "", "rdates": (), "exdates": (), "overrides": ()}
        return replace(self, **{**single, **values}, extra=extra, recurrence_id=at)

    @property
    def span(self) -> Span | None:
        return None if self.start is None else Span(self.start, self.end)

    @property
    def days(self) -> Days | None:
        """The first and the last day on which it may take place; None without a date."""
        return None if self.start is None else Days(days(self.start).first, days(self.end or self.start).last)


def _still(translation: Translation, values: Mapping[str, Any]) -> Translation:
    """What is still right of a translation where an occurrence has other texts, which nobody has translated."""
    title = "" if "title" in values else translation.title
    description = "" if "description" in values else translation.description
    return replace(translation, title=title, description=description)


def _other_form(field: str, point: Point) -> RecordError:
    said = _("{day} ({form}) must have the form of the start", day=iso(point), form=_(form(point)))
    return RecordError(field, said)


def touch(one: Event, other: Event) -> bool:
    """Whether two events may take place on the same day; two without a date may."""
    first, second = one.days, other.days
    if first is None or second is None:
        return first is second
    return first.first <= second.last and second.first <= first.last


def stamped(event: Event, now: datetime) -> Event:
    """The event as it is after one more change by ilocal."""
    return replace(event, updated=now, revision=event.revision + 1)
