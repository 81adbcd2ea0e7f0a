"""Operations of spreadsheet rows other than new events: removals, and occurrences of a series."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ilocal.errors import DateError, Diagnostic, InvalidEventError
from ilocal.i18n.messages import _
from ilocal.model.dates import PartialDate, format_iso_date, to_date_range
from ilocal.model.differences import find_event_differences
from ilocal.model.event import Event, OccurrenceOverride, increment_event_revision
from ilocal.model.fields import OVERRIDABLE_FIELDS
from ilocal.model.occurrences import find_override, list_occurrences, list_occurrences_or_self
from ilocal.sync.outdated_rows import FileHistory, is_outdated_row

if TYPE_CHECKING:
    from ilocal.formats.base import ImportedEvent
    from ilocal.storage.transaction import Transaction

RowResult = tuple[Literal["updated", "unchanged", "differs", "removed", "outdated"], Event, list[str]]


@dataclass
class ImportLog:
    """Log of the rows of one file: changes and problems."""

    changes: list[tuple[Event, Event | None]] = field(default_factory=list)  # before and after; None: removed
    problems: list[Diagnostic] = field(default_factory=list)  # rows that were rejected late
    revised_ids: set[str] = field(default_factory=set)  # ids of events whose revision is already incremented
    history: FileHistory = field(default_factory=FileHistory)  # earlier imports of the file

    def reject_imported_row(self, entry: ImportedEvent, error: InvalidEventError) -> None:
        """Record why a row is rejected."""
        self.problems.append(Diagnostic(entry.event.source_line, error.reason, error.field, text=entry.text))

    def revise_once(self, event: Event, now: datetime) -> Event:
        """Return the event with its revision incremented, once per import."""
        if event.id in self.revised_ids:
            return event
        self.revised_ids.add(event.id)
        return increment_event_revision(event, now)


def find_fields_edited_in_import(old: Event, entry: ImportedEvent) -> list[str]:
    """Return the fields of a row that were edited, compared with an export of the event."""
    what = find_event_differences(old, entry.event, entry.stated_fields)
    if entry.reduce_event is None:
        return what
    if "source" in (entry.stated_fields or ()) and entry.event.source != old.source:
        what.append("source")  # other files only set it for new events
    if not what:
        return []
    unedited = entry.reduce_event(old)
    edited = find_event_differences(unedited, entry.event, entry.stated_fields)
    if unedited.source != entry.event.source:
        edited.append("source")
    return [name for name in what if name in edited]


def match_row_to_event(entry: ImportedEvent, draft: Transaction, claimed_ids: Collection[str]) -> Event | None:
    """Return the event of a row: by its id, whatever else was edited, or by identical content."""
    event, reread = entry.event, entry.reduce_event
    if reread is None:
        return None
    if event.id:
        return draft.get(event.id) if event.id not in claimed_ids else None
    alike = (old for old in draft.find_by_title(event.title) if old.id not in claimed_ids)
    return next((old for old in alike if not find_event_differences(reread(old), event, entry.stated_fields)), None)


def resolve_imported_occurrence(entry: ImportedEvent, draft: Transaction) -> ImportedEvent:
    """Return a row of a series without rule or recurrence id as the occurrence with its date.

    A row that equals the series, or a changed occurrence, is that. A row with the start of the series is the row of the
    series.
    """
    event, says = entry.event, entry.stated_fields or ()
    old = draft.get(event.id) if event.id and entry.reduce_event is not None else None
    if old is None or not old.is_recurring or {"recurrence_id", "rrule"} & {*says}:
        return entry
    others = [old.build_occurrence(one.recurrence_id, one) for one in old.overrides]
    if "start" in says and event.start is not None:
        dated = list_occurrences_or_self(old, to_date_range(event.start))
        found = [one for one in (old, *dated, *others) if one.start == event.start]
        otherwise = event.start  # which is reported as missing later
    else:
        found, otherwise = [old, *others], None
    likely = [one for one in found if not find_fields_edited_in_import(one, entry)] or found
    return replace(entry, event=replace(event, recurrence_id=likely[0].recurrence_id if likely else otherwise))


def is_imported_row_operation(entry: ImportedEvent, draft: Transaction) -> bool:
    """Return whether a row is handled by `apply_imported_row`: a removal, or an occurrence of a series by id."""
    event = entry.event
    if entry.is_removal or event.recurrence_id is None or not (event.id or entry.reduce_event):
        return entry.is_removal
    old = draft.get(event.id) if event.id else None
    return old is None or old.recurrence_id is None


def apply_imported_row(
    draft: Transaction, entry: ImportedEvent, now: datetime, log: ImportLog, *, update: bool, force: bool
) -> RowResult | None:
    """Apply the operation of a row and return the result; None if it is rejected."""
    try:
        event = entry.event
        old = draft.get(event.id) if event.id else draft.find_by_uid(event.uid) if event.uid else None
        if old is None and entry.is_removal and event.recurrence_id is None:
            said = _('there is no event "{id}" to remove; the event may have been removed before', id=event.id)
            log.problems.append(Diagnostic(event.source_line, said, "id", "warning"))
            return "unchanged", event, []
        if old is None:
            raise InvalidEventError("id", _describe_event_missing_for_import(event))
        if event.recurrence_id is not None:
            return _apply_imported_row_to_occurrence(draft, old, entry, now, log, update=update, force=force)
        if not force and is_outdated_row(entry, old, log.history):
            return "outdated", old, ["action"]
        if not update:
            return "differs", old, ["action"]
        draft.remove(old.id)
        log.changes.append((old, None))
        return "removed", old, []
    except InvalidEventError as error:
        log.reject_imported_row(entry, error)
    except (ValueError, OverflowError) as error:  # the calendar ends before the occurrence does
        log.reject_imported_row(entry, InvalidEventError("recurrence_id", str(error)))
    return None


def _describe_event_missing_for_import(event: Event) -> str:
    if event.recurrence_id is None:
        return (
            _('there is no event "{id}"', id=event.id)
            if event.id
            else _("the row has no id, so its event cannot be found")
        )
    return (
        _('there is no series "{id}"', id=event.id)
        if event.id
        else _("the row has no id, so its series cannot be found")
    )


def _apply_imported_row_to_occurrence(
    draft: Transaction,
    series: Event,
    entry: ImportedEvent,
    now: datetime,
    log: ImportLog,
    *,
    update: bool,
    force: bool,
) -> RowResult:
    at = entry.event.recurrence_id
    assert at is not None
    if entry.is_removal and (at in series.exdates or (isinstance(at, datetime) and at.date() in series.exdates)):
        return "unchanged", series, []
    old = _find_occurrence_of_imported_row(series, at)
    if entry.is_removal:
        what = ["exdates"]
        after, shown = _exclude_occurrence(series, at), (series, _exclude_occurrence(series, at))
    else:
        what = find_fields_edited_in_import(old, entry)
        if not what:
            return "unchanged", old, []
        after = override_occurrence_by_import(series, at, {name: getattr(entry.event, name) for name in what})
        shown = (old, after.build_occurrence(at, find_override(after, at)))
    if not force and series.id not in log.revised_ids and is_outdated_row(entry, old, log.history):
        return "outdated", old, what
    if update:
        draft.update(series.id, log.revise_once(after, now))
        log.changes.append(shown)
    return "updated" if update else "differs", old, what


def _find_occurrence_of_imported_row(series: Event, at: PartialDate) -> Event:
    """Return the occurrence that begins at `at` by the rule. Raises InvalidEventError if there is none."""
    if (override := find_override(series, at)) is not None:
        return series.build_occurrence(at, override)
    try:
        bare = replace(series, overrides=())
        own = (
            list_occurrences(bare, to_date_range(at))
            if bare.is_recurring
            else [bare.build_occurrence(at)]
            if at == series.start
            else []
        )
        found = next((one for one in own if series.is_recurring and one.recurrence_id == at), None)
    except DateError as error:
        raise InvalidEventError("recurrence_id", error.message) from None
    if found is None:
        raise InvalidEventError(
            "recurrence_id", _("{id} has no occurrence with the start {at}", id=series.id, at=format_iso_date(at))
        )
    return found


def _exclude_occurrence(series: Event, at: PartialDate) -> Event:
    """Return the series without one of its occurrences."""
    others = tuple(one for one in series.overrides if one is not find_override(series, at))
    return replace(series, overrides=others, exdates=(*series.exdates, at))


def override_occurrence_by_import(series: Event, at: PartialDate, values: dict[str, Any]) -> Event:
    """Return the series with changed values in the occurrence `at`, stored as differences from the series.

    Raises InvalidEventError for values that an occurrence cannot have.
    """
    if alien := next((name for name in values if name not in OVERRIDABLE_FIELDS), None):
        raise InvalidEventError(
            alien, _("an occurrence cannot have a different value in this field; change the series instead")
        )
    old = find_override(series, at)
    plain = series.build_occurrence(at)
    wanted = replace(series.build_occurrence(at, old), **values)
    if wanted.end is None and plain.end is not None:
        wanted = replace(wanted, end=wanted.start)  # an override cannot take an end away
    kept = dict(old.values) if old else {}
    for name in {**kept, **values}:
        if name in OVERRIDABLE_FIELDS and getattr(wanted, name) != getattr(plain, name):
            kept[name] = getattr(wanted, name)
        else:
            kept.pop(name, None)
    override = OccurrenceOverride(at, kept, old.extra if old else {})
    moved = series.build_occurrence(at, override)
    if moved.end != wanted.end:  # the end moves along with the start, unless it is set
        override = replace(override, values={**kept, "end": wanted.end or wanted.start})
    others = tuple(one for one in series.overrides if one is not old)
    mine = (override,) if override.values or override.extra else ()
    return replace(series, overrides=(*others, *mine))
