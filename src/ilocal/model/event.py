"""The event: a frozen record with its sections, translations and changed occurrences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from ilocal.errors import DateError, InvalidEventError
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.model.dates import (
    DateRange,
    PartialDate,
    Period,
    compute_date_range,
    format_iso_date,
    get_precision,
    in_zone_of,
    shift_end,
    validate_date_order,
)
from ilocal.model.fields import FIELDS, STATUSES
from ilocal.model.safe_text import make_text_safe

_ASCII_ID = re.compile("[!-~]+")


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
class OccurrenceOverride:
    """An occurrence of a series whose values differ from those of the series."""

    recurrence_id: PartialDate  # when it would begin
    values: Mapping[str, Any] = field(default_factory=dict)  # the differing values, as fields of an Event
    extra: Mapping[str, Any] = field(default_factory=dict)  # keys that ilocal does not know


@dataclass(frozen=True, slots=True)
class SeriesSummary:
    """Summary of a series, held by the occurrence that represents it in a list."""

    event: Event  # the series
    following_count: int = 0  # later occurrences in the requested period
    is_ended: bool = False  # whether the series has no occurrences after those counted


_Class = TypeVar("_Class", bound=type)


def declare_event_fields(cls: _Class) -> _Class:
    """Return the class with all fields of the table in the table's order, followed by the class's other fields.

    A field that the class does not annotate gets the type Any. Each field but the title defaults to the empty value of
    its kind.
    """
    types = {row.name: cls.__annotations__.get(row.name, "Any") for row in FIELDS}
    cls.__annotations__ = types | {name: type for name, type in cls.__annotations__.items() if name not in types}
    for row in FIELDS:
        if row.name != "title":
            setattr(cls, row.name, row.empty_value)
    return cls


@dataclass(frozen=True, slots=True)
@declare_event_fields
class Event:
    """One event. Its fields and their order come from the table `FIELDS`; types are repeated here for type checkers.

    Only `title` is required; an empty text or tuple means that the field is absent. An Event is always valid: the
    constructor raises InvalidEventError for any invalid value.
    """

    title: str
    id: str = ""  # unique in its registry; "" until the registry assigns one
    start: PartialDate | None = None
    end: PartialDate | None = None  # inclusive, in the form of start
    timezone: str = ""  # IANA name, of local times; absent: the registry's
    rrule: str = ""  # RFC 5545: "FREQ=YEARLY;BYMONTH=6"
    rdates: tuple[PartialDate, ...] = ()  # further beginnings, in the form of start
    exdates: tuple[PartialDate, ...] = ()  # beginnings that are left out, in the form of start, or days
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
    overrides: tuple[OccurrenceOverride, ...] = ()
    recurrence_id: PartialDate | None = None  # of an occurrence: when it would begin without an override
    extra: Mapping[str, Any] = field(default_factory=dict)  # keys that ilocal does not know, as TOML values
    source_file: str = field(default="", compare=False)
    source_line: int = field(default=0, compare=False)
    series: SeriesSummary | None = field(default=None, compare=False, repr=False)  # of which it is the one answer

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise InvalidEventError("title", _("an event must have a title"))
        if self.status and self.status not in STATUSES:
            from ilocal.model.value_labels import resolve_event_kind_or_status  # needed for errors alone

            known = ", ".join(STATUSES)
            if (meant := resolve_event_kind_or_status("status", self.status)) in STATUSES:
                values = {"text": make_text_safe(self.status), "proposal": f'"{meant}"'}
                raise InvalidEventError("status", _('write "{text}" as {proposal}', **values))
            raise InvalidEventError(
                "status", _('unknown status "{status}" ({known})', status=make_text_safe(self.status), known=known)
            )
        if (
            self.id
            and not _ASCII_ID.fullmatch(self.id)
            and (make_text_safe(self.id) != self.id or self.id.split() != [self.id])
        ):
            said = _(
                '"{id}" contains whitespace, a control character or an invisible character', id=make_text_safe(self.id)
            )
            raise InvalidEventError("id", said)
        if self.end is not None:
            if self.start is None:
                raise InvalidEventError("end", _("the event has an end but no start"))
            try:
                validate_date_order(self.start, self.end)
            except DateError as error:
                raise InvalidEventError("end", error.lazy_message) from None
        if self.is_recurring:
            self._validate_recurrence()

    def _validate_recurrence(self) -> None:
        if self.start is None:
            raise InvalidEventError("rrule", _("a recurring event must have a start"))
        if self.rrule:
            from ilocal.model.recurrence import validate_rrule

            try:
                validate_rrule(self.rrule, self.start)
            except DateError as error:
                raise InvalidEventError("rrule", error.lazy_message) from None
        for name, points in (("rdates", self.rdates), ("exdates", self.exdates)):
            for point in points:
                if get_precision(point) != get_precision(self.start) and (
                    name == "rdates" or get_precision(point) != "a day"
                ):
                    raise _precision_error(name, point)
                self._validate_event_timezone(name, point)
        for override in self.overrides:
            at = override.recurrence_id
            if get_precision(at) != get_precision(self.start):
                raise _precision_error("overrides", at)
            self._validate_event_timezone("overrides", at)
            try:
                self.build_occurrence(at, override)
            except InvalidEventError as error:
                values = {"day": format_iso_date(at), "field": error.field, "reason": error.lazy_message}
                raise InvalidEventError("overrides", _("{day}: {field}: {reason}", **values)) from None
            except (ValueError, OverflowError) as error:
                from ilocal.i18n.third_party import translate_library_message

                reason = translate_library_message(str(error))
                raise InvalidEventError(
                    "overrides", _("{day}: {reason}", day=format_iso_date(at), reason=reason)
                ) from None

    def _validate_event_timezone(self, name: str, point: PartialDate) -> None:
        """Raise InvalidEventError for a time that is beyond the calendar in the time zone of the start."""
        assert self.start is not None
        try:
            in_zone_of(point, self.start)
        except DateError as error:
            raise InvalidEventError(name, error.message) from None

    @property
    def is_recurring(self) -> bool:
        """Whether the event is a series: it has a rule, extra or excluded dates, or changed occurrences."""
        return bool(self.rrule or self.rdates or self.exdates or self.overrides)

    def build_occurrence(self, at: PartialDate, override: OccurrenceOverride | None = None) -> Event:
        """Return the occurrence that begins at `at` as an event of its own, with the id of the series.

        Arguments:
            at: the start of the occurrence according to the rule.
            override: the changes to this occurrence, if any.

        Raises InvalidEventError if the result is invalid, ValueError or OverflowError if it would end beyond the
        calendar.
        """
        assert self.start is not None
        values = {**override.values} if override else {}
        begin = values.setdefault("start", at)
        if "end" not in values and self.end is not None:
            values["end"] = shift_end(self.end, self.start, begin)
        extra = {**self.extra, **override.extra} if override else self.extra
        if self.translations and {"title", "description"} & values.keys():
            values["translations"] = tuple(_drop_outdated_translations(one, values) for one in self.translations)
        single: dict[str, Any] = {"rrule": "", "rdates": (), "exdates": (), "overrides": ()}
        return replace(self, **{**single, **values}, extra=extra, recurrence_id=at)

    @property
    def period(self) -> Period | None:
        return None if self.start is None else Period(self.start, self.end)

    @property
    def date_range(self) -> DateRange | None:
        """The first and last day on which the event may take place; None if it has no date."""
        return None if self.start is None else compute_date_range(self.start, self.end)


def _drop_outdated_translations(translation: Translation, values: Mapping[str, Any]) -> Translation:
    """Return a translation without the texts that the occurrence replaces, as those are not translated."""
    title = "" if "title" in values else translation.title
    description = "" if "description" in values else translation.description
    return replace(translation, title=title, description=description)


def _precision_error(field: str, point: PartialDate) -> InvalidEventError:
    said = _(
        "{day} ({form}) must have the same form as the start", day=format_iso_date(point), form=_(get_precision(point))
    )
    return InvalidEventError(field, said)


def can_overlap(one: Event, other: Event) -> bool:
    """Return whether two events may take place on the same day. Two events without a date may."""
    first, second = one.date_range, other.date_range
    if first is None or second is None:
        return first is second
    return first.overlaps(second)


def increment_event_revision(event: Event, now: datetime) -> Event:
    """Return the event with its revision number and change time updated."""
    return replace(event, updated=now, revision=event.revision + 1)
