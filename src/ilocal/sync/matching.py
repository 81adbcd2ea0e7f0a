"""Matching of imported events to a registry: new, existing or different."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from ilocal.errors import ConflictError, Diagnostic, InvalidEventError, format_line_error
from ilocal.i18n.messages import _
from ilocal.model.differences import find_changed_fields, find_event_differences
from ilocal.model.event import Event, can_overlap
from ilocal.sync.outdated_rows import is_outdated_row
from ilocal.sync.row_operations import (
    ImportLog,
    apply_imported_row,
    find_fields_edited_in_import,
    is_imported_row_operation,
    match_row_to_event,
    resolve_imported_occurrence,
)

if TYPE_CHECKING:
    from ilocal.formats.base import ImportedEvent
    from ilocal.storage.transaction import Transaction

ImportOutcome = Literal["new", "updated", "unchanged", "differs", "removed", "outdated"]


ImportResult = tuple[ImportOutcome, Event, list[str]]


def import_entries(
    draft: Transaction,
    entries: Iterable[ImportedEvent],
    now: datetime,
    *,
    update: bool,
    log: ImportLog,
    force: bool = False,
) -> Iterator[ImportResult]:
    """Import the events of one file into the draft; yield the result and the differing fields of each.

    An event of the file matches one of the registry if it has its id, or its title and overlapping dates; equal events
    within a file are separate. With `force`, an older state of an event also replaces a newer one.
    """
    claimed: set[str] = set()
    for entry in (resolve_imported_occurrence(entry, draft) for entry in entries):
        if is_imported_row_operation(entry, draft):
            result: ImportResult | None = apply_imported_row(draft, entry, now, log, update=update, force=force)
        elif entry.amend is not None:
            result = _import_amendment(draft, entry, now, log, update=update, force=force)
        elif (
            old := match_row_to_event(entry, draft, claimed) or _find_matching_event(entry.event, draft, claimed)
        ) is not None:
            claimed.add(old.id)
            result = _import_existing_event(draft, entry, old, now, log, update=update, force=force)
        elif draft.get(entry.event.id) is None and (lacking := _find_field_missing_for_import(entry)):
            log.reject_imported_row(
                entry,
                InvalidEventError(
                    "id",
                    _(
                        'there is no event "{id}", and a new event requires a {lacking}',
                        id=entry.event.id,
                        lacking=lacking,
                    ),
                ),
            )
            result = None
        else:
            result = _import_new_event(draft, entry, now)
            claimed.add(result[1].id)
        if result is not None:
            yield result


def _find_field_missing_for_import(entry: ImportedEvent) -> str:
    """Return the field that a row lacks for a new event; "" if none."""
    if entry.reduce_event is None or entry.stated_fields is None:
        return ""
    if "title" not in entry.stated_fields:
        return "title"
    return "start" if entry.event.end is not None and not {"start", "end"} <= entry.stated_fields else ""


def _import_amendment(
    draft: Transaction, entry: ImportedEvent, now: datetime, log: ImportLog, *, update: bool, force: bool
) -> ImportResult | None:
    """Apply a partial change in the file to an event of the registry; return None if it is rejected."""
    event = entry.event
    old = draft.find_by_uid(event.uid) if event.uid else draft.get(event.id)
    try:
        new = entry.apply_amendment_from_file_format(old)
    except InvalidEventError as error:
        if old is None:
            log.problems.append(Diagnostic(event.source_line, error.reason, error.field, "warning"))
            return "unchanged", event, []
        log.reject_imported_row(entry, error)
        return None
    if old is None:
        return _import_new_event(draft, replace(entry, event=new), now)
    what = [name for name in find_changed_fields(old, new) if name not in ("revision", "updated")]
    if not what:
        return "unchanged", old, []
    if not force and is_outdated_row(entry, old, log.history):
        return "outdated", old, what
    if update:
        draft.update(old.id, new)
        log.changes.append((old, new))
    return "updated" if update else "differs", old, what


def _import_existing_event(
    draft: Transaction, entry: ImportedEvent, old: Event, now: datetime, log: ImportLog, *, update: bool, force: bool
) -> ImportResult | None:
    """Update an existing event from the file and return the result; None if it is rejected."""
    if old.summary or old.sections:
        from ilocal.sync.description_parts import separate_imported_description  # imports the format of calendars

        entry = separate_imported_description(old, entry)
    event = entry.event
    what = find_fields_edited_in_import(old, entry)
    if what and not force and is_outdated_row(entry, old, log.history):
        return "outdated", old, what
    if not what or not update:
        return "differs" if what else "unchanged", old, what
    values = {name: getattr(event, name) for name in what}
    if "extra" in what and entry.stated_fields is None:
        values["extra"] = {**old.extra, **event.extra}
    if "start" in what and "end" not in what and (entry.stated_fields is None or "end" in entry.stated_fields):
        values["end"] = event.end
    try:
        new = replace(old, **values)
        new = (
            _copy_sequence_of_import(new, entry, now)
            if _takes_sequence_of_import(entry, old)
            else log.revise_once(new, now)
        )
    except InvalidEventError as error:
        log.reject_imported_row(entry, error)
        return None
    draft.update(old.id, new)
    log.changes.append((old, new))
    return "updated", old, what


def _takes_sequence_of_import(entry: ImportedEvent, old: Event) -> bool:
    """Return whether a changed event gets the file's SEQUENCE and time, by which its next state is recognized."""
    if entry.is_outdated is None or entry.is_outdated(old):
        return False
    event = entry.event
    return bool(old.uid) or (event.revision, event.updated) != (old.revision, old.updated)


def _copy_sequence_of_import(event: Event, entry: ImportedEvent, now: datetime) -> Event:
    return replace(event, revision=entry.event.revision, updated=entry.event.updated or now)


def _import_new_event(draft: Transaction, entry: ImportedEvent, now: datetime) -> ImportResult:
    """Add a new event and return the result. Raises ConflictError for an id that occurs twice in the file."""
    event = entry.event
    if event.uid and event.id and event.id in draft:  # another registry's id; its UID identifies it
        event = replace(event, id="")
    if event.id and (twin := draft.get(event.id)) is not None:
        if twin.is_recurring and not find_fields_edited_in_import(twin, entry):  # listed once per occurrence
            return "unchanged", twin, []
        raise ConflictError(
            format_line_error(event.source_line, _('the id "{id}" appears twice in the file', id=event.id)),
            hint=_("write the list without --occurrences, or with the column recurrence_id")
            if twin.is_recurring
            else "",
        )
    return "new", draft.add(replace(event, created=event.created or now)), []


def _find_matching_event(event: Event, draft: Transaction, claimed_ids: set[str]) -> Event | None:
    """Return the event of the registry that matches one of the file and is not yet claimed.

    An event with a UID only matches the one with that UID, as in calendars.
    """
    if event.uid:
        return draft.find_by_uid(event.uid)
    if event.id and event.id not in claimed_ids and (old := draft.get(event.id)) is not None:
        return old
    alike = [old for old in draft.find_by_title(event.title, claimed_ids) if old.id not in claimed_ids]
    same = [old for old in alike if not find_event_differences(old, event)]
    near = [old for old in alike if can_overlap(old, event) or (old.period is None and event.period is not None)]
    return next(iter([*same, *near]), None)
