"""What rows of a spreadsheet ask of a registry beside new events: removals, and occurrences of a series."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ilocal.errors import DateError, Problem, RecordError
from ilocal.i18n.messages import _
from ilocal.model.dates import Point, days, iso
from ilocal.model.differences import differing
from ilocal.model.event import Event, Override, stamped
from ilocal.model.fields import OVERRIDDEN
from ilocal.model.occurrences import listed, occurrences, override_of

if TYPE_CHECKING:
    from ilocal.formats.base import Entry
    from ilocal.storage.transaction import Draft

Result = tuple[Literal["updated", "unchanged", "differs", "removed"], Event, list[str]]


@dataclass
class Ledger:
    """What became of the rows of one file, beside how many."""

    changes: list[tuple[Event, Event | None]] = field(default_factory=list)  # before and after; None: removed
    problems: list[Problem] = field(default_factory=list)  # rows that were rejected late
    stamped: set[str] = field(default_factory=set)  # the ids of events that have their stamp already

    def reject(self, entry: Entry, error: RecordError) -> None:
        """Note why a row is passed over."""
        self.problems.append(Problem(entry.event.source_line, error.reason, error.field, text=entry.text))

    def stamp(self, event: Event, now: datetime) -> Event:
        """The event as changed by this import, which counts once."""
        if event.id in self.stamped:
            return event
        self.stamped.add(event.id)
        return stamped(event, now)


def unlike(old: Event, entry: Entry) -> list[str]:
    """The fields that a row has otherwise than it would have if nobody had edited it."""
    what = differing(old, entry.event, entry.says)
    if entry.reread is None:
        return what
    if "source" in (entry.says or ()) and entry.event.source != old.source:
        what.append("source")  # which other files only have for new events
    if not what:
        return []
    unedited = entry.reread(old)
    edited = differing(unedited, entry.event, entry.says)
    if unedited.source != entry.event.source:
        edited.append("source")
    return [name for name in what if name in edited]


def named(entry: Entry, draft: Draft, claimed: Collection[str]) -> Event | None:
    """The event that a row is of: its id stands there, whatever else was edited; or the row says just that event."""
    event, reread = entry.event, entry.reread
    if reread is None:
        return None
    if event.id:
        return draft.get(event.id) if event.id not in claimed else None
    alike = (old for old in draft.titled(event.title) if old.id not in claimed)
    return next((old for old in alike if not differing(reread(old), event, entry.says)), None)


def placed(entry: Entry, draft: Draft) -> Entry:
    """A row of a series that says neither its rule nor which occurrence it is, as the one with its date.

    What says just that of the series, or of one that is otherwise, is that.
    """
    event, says = entry.event, entry.says or ()
    old = draft.get(event.id) if event.id and entry.reread is not None else None
    if old is None or not old.recurs or {"recurrence_id", "rrule"} & {*says}:
        return entry
    others = [old.occurrence(one.recurrence_id, one) for one in old.overrides]
    if "start" in says and event.start is not None:
        own = [old] if override_of(old, old.start or event.start) is None else []
        found = [one for one in (*own, *listed(old, days(event.start)), *others) if one.start == event.start]
        otherwise = event.start  # which `apply` will say is none
    else:
        found, otherwise = [old, *others], None
    likely = [one for one in found if not unlike(one, entry)] or found
    return replace(entry, event=replace(event, recurrence_id=likely[0].recurrence_id if likely else otherwise))


def is_special(entry: Entry, draft: Draft) -> bool:
    """Whether a row is one of those that `apply` understands; an occurrence is, where it names its series by id."""
    event = entry.event
    if entry.remove or event.recurrence_id is None or not (event.id or entry.reread):
        return entry.remove
    old = draft.get(event.id) if event.id else None
    return old is None or old.recurrence_id is None


def apply(draft: Draft, entry: Entry, now: datetime, ledger: Ledger, *, update: bool) -> Result | None:
    """Do what a row asks; None where it is rejected."""
    try:
        event = entry.event
        old = draft.get(event.id) if event.id else draft.with_uid(event.uid) if event.uid else None
        if old is None and entry.remove and event.recurrence_id is None:
            said = _('there is no event "{id}" to remove; perhaps it was removed before', id=event.id)
            ledger.problems.append(Problem(event.source_line, said, "id", "warning"))
            return "unchanged", event, []
        if old is None:
            raise RecordError("id", _no_such(event))
        if event.recurrence_id is not None:
            return _occurrence(draft, old, entry, now, ledger, update=update)
        if not update:
            return "differs", old, ["action"]
        draft.remove(old.id)
        ledger.changes.append((old, None))
        return "removed", old, []
    except RecordError as error:
        ledger.reject(entry, error)
    except (ValueError, OverflowError) as error:  # the calendar ends before the occurrence does
        ledger.reject(entry, RecordError("recurrence_id", str(error)))
    return None


def _no_such(event: Event) -> str:
    if event.recurrence_id is None:
        return _('there is no event "{id}"', id=event.id) if event.id else _("there is no event without an id")
    return _('there is no series "{id}"', id=event.id) if event.id else _("there is no series without an id")


def _occurrence(draft: Draft, series: Event, entry: Entry, now: datetime, ledger: Ledger, *, update: bool) -> Result:
    at = entry.event.recurrence_id
    assert at is not None
    if entry.remove and (at in series.exdates or (isinstance(at, datetime) and at.date() in series.exdates)):
        return "unchanged", series, []
    old = _existing(series, at)
    if entry.remove:
        what = ["exdates"]
        after, shown = _without(series, at), (series, _without(series, at))
    else:
        what = unlike(old, entry)
        if not what:
            return "unchanged", old, []
        after = changed(series, at, {name: getattr(entry.event, name) for name in what})
        shown = (old, after.occurrence(at, override_of(after, at)))
    if update:
        draft.put(series.id, ledger.stamp(after, now))
        ledger.changes.append(shown)
    return "updated" if update else "differs", old, what


def _existing(series: Event, at: Point) -> Event:
    """The occurrence that begins at, or would without an override. Raises RecordError where there is none."""
    if (override := override_of(series, at)) is not None:
        return series.occurrence(at, override)
    try:
        bare = replace(series, overrides=())
        own = occurrences(bare, days(at)) if bare.recurs else [bare.occurrence(at)] if at == series.start else []
        found = next((one for one in own if series.recurs and one.recurrence_id == at), None)
    except DateError as error:
        raise RecordError("recurrence_id", error.message) from None
    if found is None:
        raise RecordError("recurrence_id", _("{id} has no occurrence {at}", id=series.id, at=iso(at)))
    return found


def _without(series: Event, at: Point) -> Event:
    """The series without one of its occurrences."""
    others = tuple(one for one in series.overrides if one is not override_of(series, at))
    return replace(series, overrides=others, exdates=(*series.exdates, at))


def changed(series: Event, at: Point, values: dict[str, Any]) -> Event:
    """The series with other values in the occurrence `at`; an override holds what is otherwise than in the rest.

    Raises RecordError for what an occurrence cannot have of its own.
    """
    if alien := next((name for name in values if name not in OVERRIDDEN), None):
        raise RecordError(alien, _("an occurrence has that of its series"))
    old = override_of(series, at)
    plain = series.occurrence(at)
    wanted = replace(series.occurrence(at, old), **values)
    if wanted.end is None and plain.end is not None:
        wanted = replace(wanted, end=wanted.start)  # an override cannot take an end away
    kept = dict(old.values) if old else {}
    for name in {**kept, **values}:
        if name in OVERRIDDEN and getattr(wanted, name) != getattr(plain, name):
            kept[name] = getattr(wanted, name)
        else:
            kept.pop(name, None)
    override = Override(at, kept, old.extra if old else {})
    moved = series.occurrence(at, override)
    if moved.end != wanted.end:  # which moves along with the start, unless it is said
        override = replace(override, values={**kept, "end": wanted.end or wanted.start})
    others = tuple(one for one in series.overrides if one is not old)
    mine = (override,) if override.values or override.extra else ()
    return replace(series, overrides=(*others, *mine))
