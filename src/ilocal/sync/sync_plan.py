"""Plan for one item from its state here, there and at the last sync: pure functions.

No value is ever lost: what only one side changed is taken from it, what both changed is merged by field, and if that is
impossible both sides stay as they are until the user decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from ilocal.errors import ConflictError
from ilocal.i18n.messages import N_, n_
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event
from ilocal.model.fields import AUTOMATIC_FIELDS
from ilocal.model.merge import MergeConflict, merge_events
from ilocal.model.serialization import event_to_dict
from ilocal.sync.calendar_items import format_item_for_server
from ilocal.sync.planned_items import (
    Direction,
    HereAction,
    ItemPlan,
    KnownItem,
    LocalItem,
    Preference,
    RemoteItem,
)
from ilocal.sync.remote_changes import (
    ItemError,
    ItemReader,
    ReadItem,
    TheirVersion,
    apply_remote_changes,
    flatten_remote_description,
)
from ilocal.sync.sync_state import SyncConflict, compute_synced_event_digest

MIN_SUSPICIOUS_REMOVALS = 5  # items; up to here, and up to a tenth of all, removals need no consent
KEPT_HERE_NOTE = N_("removed there but changed here; sent again")
KEPT_THERE_NOTE = N_("removed here but changed there; restored here")
PUT_BACK_NOTE = N_("removed there; sent again")


@dataclass(frozen=True, slots=True)
class ItemPlanner:
    """Plan items in one direction; `preference` is the side that wins where both changed the same field."""

    reader: ItemReader
    direction: Direction = "both"
    preference: Preference = ""

    def plan_item(
        self, uid: str, known: KnownItem | None, here: LocalItem | None, there: RemoteItem | None, *, is_gone: bool
    ) -> ItemPlan:
        """Return the plan for an item that may have changed since the last sync.

        Arguments:
            uid: the UID of the event in calendars.
            known: the item as both sides agreed on it, if they did.
            here: the event in the registry.
            there: the remote item, if it is new or changed.
            is_gone: whether the remote item was removed.

        Raises ItemError for an unreadable item.
        """
        if known is None:
            return self._plan_unknown(uid, here, there)
        if is_gone:
            return self._plan_gone_there(uid, known, here)
        if there is None:
            return self._plan_change_here(uid, known, here)
        return self._plan_change_there(uid, known, here, there)

    # --------------------------------------------------------------------------------------------------------- unknown

    def _plan_unknown(self, uid: str, here: LocalItem | None, there: RemoteItem | None) -> ItemPlan:
        if here is not None and there is not None:
            return self._link(uid, here, there)
        if here is not None and here.is_selected and self.direction != "pull":
            return ItemPlan(uid, there="create", event=here.event, before=here.event)
        if there is not None and self.direction != "push":
            event = self.reader.read_item(there.text).event
            return ItemPlan(uid, "create", "", event, None, there.href, there.etag, there.text)
        return ItemPlan(uid, is_agreed=False)

    def _link(self, uid: str, here: LocalItem, there: RemoteItem) -> ItemPlan:
        """Return the plan for an event that is on both sides without a known common state."""
        ours = here.event
        now = self.reader.read_item(there.text)
        their = TheirVersion(now.event)
        if ours.start is not None:
            with suppress(ItemError):  # an item of ours that cannot be read back is compared as it is
                before = self.reader.read_item(format_item_for_server(ours, self.reader.info))
                their = apply_remote_changes(ours, before, now)
        return self._merge(uid, None, ours, their, now, there)

    # ----------------------------------------------------------------------------------------------- one side changed

    def _plan_change_here(self, uid: str, known: KnownItem, here: LocalItem | None) -> ItemPlan:
        there = _unchanged_remote(known)
        if self.direction == "pull":
            return ItemPlan(uid, is_agreed=False)
        if here is None or _is_event_leaving_sync(known, here):
            return ItemPlan(uid, "", "delete", None, None, *there, is_agreed=False, is_forgotten=True)
        return ItemPlan(uid, "", "replace", here.event, here.event, *there)

    def _plan_gone_there(self, uid: str, known: KnownItem, here: LocalItem | None) -> ItemPlan:
        if here is None or _is_event_leaving_sync(known, here):
            return ItemPlan(uid, is_agreed=False, is_forgotten=True)
        is_changed = compute_synced_event_digest(here.event) != known.item.digest
        if self.direction == "push":
            return ItemPlan(uid, there="create", event=here.event, before=here.event, note=PUT_BACK_NOTE)
        if not is_changed:
            return ItemPlan(uid, here="remove", before=here.event, is_agreed=False, is_forgotten=True)
        if self.direction == "pull":
            return ItemPlan(uid, is_agreed=False, is_forgotten=True)
        return ItemPlan(uid, there="create", event=here.event, before=here.event, note=KEPT_HERE_NOTE)

    def _plan_change_there(self, uid: str, known: KnownItem, here: LocalItem | None, there: RemoteItem) -> ItemPlan:
        base = known.agreed.event
        now = self.reader.read_item(there.text)
        their = apply_remote_changes(base, self.reader.read_item(known.agreed.text), now)
        where = (there.href, there.etag, there.text)
        if _is_same_as_remote_event(their.event, base) and not their.unplaced_fields:
            if here is not None and compute_synced_event_digest(here.event) == known.item.digest:
                return ItemPlan(uid, "", "", here.event, here.event, *where)
            return replace(self._plan_change_here(uid, known, here), href=there.href, etag=there.etag, text=there.text)
        if here is None:
            if self.direction == "push":
                return ItemPlan(uid, "", "delete", None, None, *where, is_agreed=False, is_forgotten=True)
            event = flatten_remote_description(their, now)
            return ItemPlan(uid, "create", "", event, None, *where, note=KEPT_THERE_NOTE)
        if self.direction == "push" and self.preference == "mine":
            return ItemPlan(uid, "", "replace", here.event, here.event, *where)
        if self.direction == "push" and not self.preference:
            values = _list_push_conflicts(base, their)
            conflict = SyncConflict(uid, here.event.id, here.event.title, values)
            return ItemPlan(uid, is_agreed=False, before=here.event, conflict=conflict)
        return self._merge(uid, base, here.event, their, now, there)

    # ----------------------------------------------------------------------------------------------------------- merge

    def _merge(
        self, uid: str, base: Event | None, ours: Event, their: TheirVersion, now: ReadItem, there: RemoteItem
    ) -> ItemPlan:
        """Plan an item with the changes of both sides; where they conflict, for the side that is preferred."""
        theirs = flatten_remote_description(their, now) if self.preference == "theirs" else their.event
        side: Literal["ours", "theirs"] = "theirs" if self.preference == "theirs" else "ours"
        merged, found = ours, list[MergeConflict]()
        if base is not None or not _is_same_as_remote_event(ours, theirs):
            result = merge_events(base, ours, theirs, prefer=side)
            merged = _keep_identity(result.event, ours)
            found = [one for one in result.conflicts if not set(one.fields) <= {*AUTOMATIC_FIELDS, "id", "uid"}]
        conflicts = [_describe_conflict(one.fields, one.part, ours, theirs) for one in found]
        if their.unplaced_fields and self.preference != "theirs":
            conflicts.append(("description", ours.description, now.heard.description))
        if conflicts and not self.preference:
            conflict = SyncConflict(uid, ours.id, ours.title, tuple(conflicts))
            return ItemPlan(uid, is_agreed=False, before=ours, conflict=conflict)
        here: HereAction = "" if _is_same_as_remote_event(merged, ours) else "update"
        is_there = _is_same_as_remote_event(merged, theirs) and not (
            their.unplaced_fields and self.preference == "mine"
        )
        where = (there.href, there.etag, there.text)
        if self.direction == "pull" and not is_there:
            return ItemPlan(uid, here, "", merged, ours, *where, agreed=_keep_identity(theirs, ours))
        return ItemPlan(uid, here, "" if is_there else "replace", merged, ours, *where)


def _unchanged_remote(known: KnownItem) -> tuple[str, str, str]:
    return known.item.href, known.item.etag, known.agreed.text


def _is_event_leaving_sync(known: KnownItem, here: LocalItem) -> bool:
    """Return whether an event is no longer selected for the sync."""
    return known.item.is_selected and not here.is_selected


def _is_same_as_remote_event(one: Event, other: Event) -> bool:
    """Return whether two events are equal, except for values specific to each registry."""
    return compute_synced_event_digest(_drop_identity_of_remote_event(one)) == compute_synced_event_digest(
        _drop_identity_of_remote_event(other)
    )


def _drop_identity_of_remote_event(event: Event) -> Event:
    return replace(event, id="", uid="")


def _keep_identity(event: Event, ours: Event) -> Event:
    """Return an event with the identity that it has in this registry."""
    return replace(event, id=ours.id, uid=ours.uid, created=ours.created)


def _describe_conflict(fields: Sequence[str], part: str, ours: Event, theirs: Event) -> tuple[str, str, str]:
    name = ", ".join(fields) + (f" ({part})" if part else "")
    return name, _format_fields_in_sync_plan(ours, fields), _format_fields_in_sync_plan(theirs, fields)


def _list_push_conflicts(base: Event, their: TheirVersion) -> tuple[tuple[str, str, str], ...]:
    """Return the remote changes as conflicts, if nothing may be taken from there."""
    names = [name for name in find_changed_fields(base, their.event) if name not in AUTOMATIC_FIELDS]
    return tuple(_describe_conflict((name,), "", base, their.event) for name in (*names, *their.unplaced_fields))


def _format_fields_in_sync_plan(event: Event, fields: Sequence[str]) -> str:
    plain: Mapping[str, Any] = event_to_dict(event)
    found = [plain[name] for name in fields if name in plain]
    return ", ".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in found)


# --------------------------------------------------------------------------------------------------------------- guard


def is_suspicious_removal(removed: int, known: int) -> bool:
    """Return whether a number of removals is too high to be ordinary work."""
    return bool(removed) and (removed == known or removed > max(MIN_SUSPICIOUS_REMOVALS, known // 10))


def require_consent_to_sync(
    removed: int, known: int, accepted: int | None, make_message: Callable[[int], str], hint: str
) -> None:
    """Raise ConflictError for a suspicious number of removals, unless so many are accepted."""
    if is_suspicious_removal(removed, known) and (accepted is None or accepted < removed):
        raise ConflictError(make_message(removed), hint=hint)


def format_removals_here(removed: int) -> str:
    """Return the message about items that were removed there."""
    return n_(
        "{n} event was removed remotely and would be removed locally; nothing was changed",
        "{n} events were removed remotely and would be removed locally; nothing was changed",
        removed,
    )


def format_removals_there(removed: int) -> str:
    """Return the sentence on events that are gone here."""
    return n_(
        "{n} event was removed locally and would be removed remotely; nothing was changed",
        "{n} events were removed locally and would be removed remotely; nothing was changed",
        removed,
    )
