"""The events of a file put into a registry: what is new, what is there already, and what is otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from ilocal.errors import ConflictError, RecordError, at_line
from ilocal.i18n.messages import _
from ilocal.model.differences import differing
from ilocal.model.event import Event, touch
from ilocal.sync.row_operations import Ledger, apply, is_special, named, placed, unlike

if TYPE_CHECKING:
    from ilocal.formats.base import Entry
    from ilocal.storage.transaction import Draft

Outcome = Literal["new", "updated", "unchanged", "differs", "removed"]


Result = tuple[Outcome, Event, list[str]]


def merge(draft: Draft, entries: Iterable[Entry], now: datetime, *, update: bool, ledger: Ledger) -> Iterator[Result]:
    """Put the events of one file into the draft; yields what became of each, and the fields in which it differs.

    An event of the file is one of the registry when it has its id, or its title and dates that touch; a file that has
    the same title and date twice has two events.
    """
    claimed: set[str] = set()
    for entry in (placed(entry, draft) for entry in entries):
        if is_special(entry, draft):
            result: Result | None = apply(draft, entry, now, ledger, update=update)
        elif (old := named(entry, draft, claimed) or _match(entry.event, draft, claimed)) is not None:
            claimed.add(old.id)
            result = _known(draft, entry, old, now, ledger, update=update)
        elif draft.get(entry.event.id) is None and (lacking := _lacking(entry)):
            ledger.reject(
                entry,
                RecordError(
                    "id",
                    _('there is no event "{id}", and a new one needs a {lacking}', id=entry.event.id, lacking=lacking),
                ),
            )
            result = None
        else:
            result = _unknown(draft, entry, now)
            claimed.add(result[1].id)
        if result is not None:
            yield result


def _lacking(entry: Entry) -> str:
    """What a row leaves out that a new event could not do without."""
    if entry.reread is None or entry.says is None:
        return ""
    if "title" not in entry.says:
        return "title"
    return "start" if entry.event.end is not None and not {"start", "end"} <= entry.says else ""


def _known(draft: Draft, entry: Entry, old: Event, now: datetime, ledger: Ledger, *, update: bool) -> Result | None:
    """What becomes of an event that the registry has; None where it is rejected."""
    event = entry.event
    what = unlike(old, entry)
    if not what or not update:
        return "differs" if what else "unchanged", old, what
    values = {name: getattr(event, name) for name in what}
    if "extra" in what and entry.says is None:
        values["extra"] = {**old.extra, **event.extra}
    if "start" in what and "end" not in what and (entry.says is None or "end" in entry.says):
        values["end"] = event.end
    try:
        new = ledger.stamp(replace(old, **values), now)
    except RecordError as error:
        ledger.reject(entry, error)
        return None
    draft.put(old.id, new)
    ledger.changes.append((old, new))
    return "updated", old, what


def _unknown(draft: Draft, entry: Entry, now: datetime) -> Result:
    """What becomes of any other. Raises ConflictError for an id that stands twice in the file."""
    event = entry.event
    if event.uid and event.id and event.id in draft:  # another registry's id; its UID is what tells it apart
        event = replace(event, id="")
    if event.id and (twin := draft.get(event.id)) is not None:
        if twin.recurs and not unlike(twin, entry):  # listed once for each of its times
            return "unchanged", twin, []
        raise ConflictError(
            at_line(event.source_line, _('the id "{id}" stands twice in the file', id=event.id)),
            hint=_("list it with --once, or with the column recurrence_id") if twin.recurs else "",
        )
    return "new", draft.add(replace(event, created=event.created or now)), []


def _match(event: Event, draft: Draft, claimed: set[str]) -> Event | None:
    """The event of the registry that one of the file is, if none before it was the same.

    One with a UID is the one with the same UID and no other, as calendars know them.
    """
    if event.uid:
        return draft.with_uid(event.uid)
    if event.id and event.id not in claimed and (old := draft.get(event.id)) is not None:
        return old
    alike = [old for old in draft.titled(event.title, claimed) if old.id not in claimed]
    same = [old for old in alike if not differing(old, event)]
    near = [old for old in alike if touch(old, event) or (old.span is None and event.span is not None)]
    return next(iter([*same, *near]), None)
