"""Synchronization of a registry with a collection of calendar items: list, fetch, plan, write here, write there.

Remote writes are recorded item by item, so that a sync interrupted at any moment is completed by the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ilocal import progress
from ilocal.errors import InputError, NetworkError
from ilocal.i18n.messages import _, format_number
from ilocal.model.dates import Month, Year
from ilocal.model.event import Event, increment_event_revision
from ilocal.model.event_uids import make_event_uid
from ilocal.model.query import Query
from ilocal.model.safe_text import make_text_safe
from ilocal.sync.collection import Collection, ItemChangedError, ItemRefusedError
from ilocal.sync.planned_items import Direction, ItemPlan, KnownItem, LocalItem, Preference, RemoteItem
from ilocal.sync.remote_scan import RemoteChanges, RemoteScan
from ilocal.sync.sync_state import SyncConflict, SyncedItem, SyncState, compute_synced_event_digest

if TYPE_CHECKING:
    from ilocal.storage.transaction import Transaction
    from ilocal.sync.sync_plan import ItemPlanner
    from ilocal.workspace import Registry

MAX_LOCAL_ATTEMPTS = 3  # to plan, where the registry changes between plan and write
MAX_ITEM_ATTEMPTS = 2  # to plan an item again if it changes there between plan and write


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """Options of a sync: which events, in which direction, and what is accepted beforehand."""

    query: Query = field(default_factory=Query)
    direction: Direction = "both"
    preference: Preference = ""
    has_undated: bool = False  # whether events known to a month or a year are synced, as spanning all of it
    accepted_removals: int | None = None
    is_dry_run: bool = False
    has_links: bool | None = None  # whether new events of the same title and days are linked; None: ask


@dataclass
class SyncReport:
    """Result of a sync: outcomes as words for programs, and sentences for people."""

    here: list[tuple[str, str]] = field(default_factory=list)  # new, updated or removed, and the id
    there: list[tuple[str, str]] = field(default_factory=list)
    conflicts: list[SyncConflict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # items that are left for the next sync
    failure: NetworkError | None = None  # why the sync ended early


class _RegistryChangedError(Exception):
    """The registry is not as it was when the sync was planned."""


class Synchronizer:
    """One sync of a registry with a collection."""

    def __init__(
        self,
        registry: Registry,
        collection: Collection,
        state: SyncState,
        options: SyncOptions,
        now: datetime,
        confirm_links: Callable[[Sequence[Event]], bool] = lambda _events: False,
    ) -> None:
        """Prepare a sync; `confirm_links` decides whether new events are the remote items of their title and days."""
        self._registry, self._collection, self._state, self._options = registry, collection, state, options
        self._now, self._confirm_links, self._has_links = now, confirm_links, options.has_links
        self._info = registry.info
        self._known = state.read_items()
        self.report = SyncReport()

    def run(self) -> SyncReport:
        """Sync and return the result.

        Raises ConflictError if too much is gone on one side, NetworkError if nothing was done, RegistryError.
        """
        is_dry_run = self._options.is_dry_run
        changes = RemoteScan(self._collection, self._state, self._known, is_dry_run=is_dry_run).collect_changes()
        self.report.problems += changes.problems
        plans: list[ItemPlan] = []
        for attempt in range(MAX_LOCAL_ATTEMPTS):
            plans = list(self._plan(changes))
            self._require_few_removals(plans, changes)
            if self._options.is_dry_run:
                self._report_plans(plans)
                return self.report
            try:
                plans = self._write_here(plans)
                break
            except _RegistryChangedError:
                if attempt == MAX_LOCAL_ATTEMPTS - 1:
                    raise self._make_changed_error() from None
        self._save_agreed_plans(plans)
        self._write_there(plans)
        self._finish(changes.token)
        return self.report

    @cached_property
    def _planner(self) -> ItemPlanner:
        """The planner of items; a sync of nothing does without."""
        from ilocal.sync.remote_changes import ItemReader
        from ilocal.sync.sync_plan import ItemPlanner

        return ItemPlanner(ItemReader(self._info, self._now.date()), self._options.direction, self._options.preference)

    def _make_changed_error(self) -> NetworkError:
        return NetworkError(
            _("the registry keeps changing; nothing was synchronized"), hint=_("try again"), exit_code=5
        )

    def _finish(self, token: str) -> None:
        """Keep the token, unless something has to be looked at again, and the time."""
        is_settled = not (self.report.conflicts or self.report.problems or self.report.failure)
        if is_settled and token:
            self._state.set_value("token", token)
        self._state.set_value("last_run", self._now.astimezone(UTC).isoformat(timespec="seconds"))

    # ------------------------------------------------------------------------------------------------------------ plan

    def _read_local_items(self) -> dict[str, LocalItem]:
        """Return the events that may travel by their UIDs."""
        found = {}
        for event in self._registry.select(Query()):
            uid = make_event_uid(event, self._info)
            is_selected = self._is_selected(event)
            found[uid] = LocalItem(event, is_selected)
        return found

    def _is_selected(self, event: Event) -> bool:
        return is_event_to_sync(event, self._options)

    def _plan(self, changes: RemoteChanges) -> Iterator[ItemPlan]:
        """Yield a plan for each item that changed since the last sync."""
        local = self._read_local_items()
        links = self._find_links(local, changes)
        for uid in dict.fromkeys([*links, *local, *self._known, *changes.items]):
            if uid in links.values():
                continue  # it is planned with the item of the other UID
            known, here = self._known.get(uid), local.get(links.get(uid, uid))
            there = changes.items.get(uid)
            is_gone = uid in changes.gone
            if known is None and there is None and here is not None and not here.is_selected:
                continue
            if known is not None and there is None and not is_gone and _is_unchanged(known, here):
                continue
            plan = self._plan_item(uid, known, here, there, is_gone=is_gone)
            if plan is not None:
                yield plan.link() if uid in links and plan.event else plan

    def _find_links(self, local: Mapping[str, LocalItem], changes: RemoteChanges) -> dict[str, str]:
        """Return the UIDs of new remote items that are new events here, with the UIDs of those."""
        others = [uid for uid in changes.items if uid not in self._known and uid not in local]
        if not others or self._has_links is False:
            return {}
        from ilocal.sync.event_links import find_event_links

        new = {
            uid: one.event
            for uid, one in local.items()
            if uid not in {**self._known, **changes.items} and one.is_selected
        }
        links = find_event_links(new, dict(self._read_remote_events(changes, others)))
        if links and self._has_links is None:
            self._has_links = self._confirm_links([new[uid] for uid in links.values()])
        return links if self._has_links else {}

    def _read_remote_events(self, changes: RemoteChanges, uids: Sequence[str]) -> Iterator[tuple[str, Event]]:
        for uid in uids:
            with suppress(InputError):  # it is reported when it is planned
                yield uid, self._planner.reader.read_item(changes.items[uid].text).event

    def _plan_item(
        self, uid: str, known: SyncedItem | None, here: LocalItem | None, there: RemoteItem | None, *, is_gone: bool
    ) -> ItemPlan | None:
        """Return the plan for an item; None, with a recorded problem, if it cannot be read."""
        agreed = KnownItem(known, self._state.read_base(uid)) if known else None
        try:
            return self._planner.plan_item(uid, agreed, here, there, is_gone=is_gone)
        except InputError as error:
            name = there.href if there else uid
            said = _("{item}: {reason}", item=make_text_safe(name), reason=error.message)
            if said not in self.report.problems:
                self.report.problems.append(said)
            return None

    def _require_few_removals(self, plans: Sequence[ItemPlan], changes: RemoteChanges) -> None:
        """Raise ConflictError if so many items are gone on one side that it may be a mistake."""
        if not plans:
            return
        from ilocal.sync.sync_plan import format_removals_here, format_removals_there, require_consent_to_sync

        known, accepted = len(self._known), self._options.accepted_removals
        here = sum(plan.here == "remove" for plan in plans)
        there = sum(plan.there == "delete" for plan in plans)
        if here and len(changes.gone) == known:
            here = known
        hint = _("to remove these events, add --accept-deletions {n}", n=max(here, there))
        require_consent_to_sync(here, known, accepted, format_removals_here, hint)
        require_consent_to_sync(there, known, accepted, format_removals_there, hint)

    def _report_plans(self, plans: Sequence[ItemPlan]) -> None:
        """Report what would be done."""
        for plan in plans:
            self._report_here(plan, plan.event)
            self._report_there(plan)
            self._report_decision(plan)

    def _report_here(self, plan: ItemPlan, event: Event | None) -> None:
        words = {"create": "new", "update": "updated", "remove": "removed"}
        if plan.here:
            named = plan.before if plan.here == "remove" else event
            self.report.here.append((words[plan.here], (named.id if named else "") or plan.uid))

    def _report_there(self, plan: ItemPlan) -> None:
        words = {"create": "new", "replace": "updated", "delete": "removed"}
        if plan.there:
            known = self._known.get(plan.uid)
            id = plan.event.id if plan.event else known.id if known else ""
            self.report.there.append((words[plan.there], id or plan.uid))

    def _report_decision(self, plan: ItemPlan) -> None:
        if plan.conflict is not None:
            self.report.conflicts.append(plan.conflict)
        if plan.note:
            name = plan.event.id if plan.event and plan.event.id else plan.uid
            self.report.notes.append(_("{item}: {reason}", item=make_text_safe(name), reason=_(plan.note)))

    # ----------------------------------------------------------------------------------------------------- here: write

    def _write_here(self, plans: Sequence[ItemPlan]) -> list[ItemPlan]:
        """Change the registry in one write; return the plans with the resulting events.

        Raises _RegistryChangedError if an event has changed; then nothing was written.
        """
        from ilocal.storage.signals import unblock_signals

        if not any(plan.here for plan in plans):
            return list(plans)
        with self._registry.transaction() as draft:
            done = [self._apply_plan(draft, plan) for plan in plans]
        unblock_signals()  # the rest may take long, and may be interrupted
        return done

    def _apply_plan(self, draft: Transaction, plan: ItemPlan) -> ItemPlan:
        """Apply a plan in a transaction; return the plan with the resulting event."""
        if not plan.here:
            return plan
        if plan.before is not None and draft.get(plan.before.id) != plan.before:
            raise _RegistryChangedError
        event = plan.event
        if plan.here == "remove":
            assert plan.before is not None
            draft.remove(plan.before.id)
        elif plan.here == "update":
            assert plan.before is not None and event is not None
            uid = plan.uid if plan.is_linked else plan.before.uid
            event = replace(event, id=plan.before.id, uid=uid, revision=plan.before.revision)
            event = increment_event_revision(event, self._now)
            draft.update(plan.before.id, event)
        else:
            assert event is not None
            event = self._add_event(draft, event, plan.uid)
        self._report_here(plan, event)
        return replace(plan, event=event)

    def _add_event(self, draft: Transaction, event: Event, uid: str) -> Event:
        """Add an event under its own id, or another one if that is in use; its UID stays."""
        if not event.id or event.id in draft:
            event = replace(event, id="", uid=uid)
        created: date = event.created or self._now
        return draft.add(replace(event, created=created))

    def _save_agreed_plans(self, plans: Sequence[ItemPlan]) -> None:
        """Record the items on which both sides agree now, and those that need a decision."""
        for plan in plans:
            self._report_decision(plan)
            if plan.conflict is not None:
                self._state.save_conflict(plan.conflict)
            elif not plan.there:
                self._save_plan(plan, plan.href, plan.etag, plan.text)

    def _save_plan(self, plan: ItemPlan, href: str, etag: str, text: str) -> None:
        if plan.is_forgotten:
            self._state.forget_item(plan.uid)
        elif plan.is_agreed and plan.event is not None:
            known = self._known.get(plan.uid)
            is_selected = self._is_selected(plan.event) or bool(known and known.is_selected)
            agreed = plan.agreed or plan.event
            self._state.save_item(plan.uid, agreed, href, etag, text, is_selected=is_selected)

    # ------------------------------------------------------------------------------------------------ remote writes

    def _write_there(self, plans: Sequence[ItemPlan]) -> None:
        """Change the remote items one by one; a refused one does not stop the others."""
        waiting = [plan for plan in plans if plan.there]
        total = format_number(len(waiting))
        with progress.track_progress(
            lambda n: _("Writing items: {n} of {total} …", n=format_number(n), total=total)
        ) as task:
            for plan in task.iterate(waiting):
                try:
                    self._write_item(plan)
                except ItemRefusedError as error:
                    self.report.problems.append(f"{make_text_safe(plan.uid)}: {error.message}")
                except NetworkError as error:
                    self.report.failure = error
                    return

    def _write_item(self, plan: ItemPlan) -> None:
        """Change a remote item; if it is not as listed, plan it again."""
        for _attempt in range(MAX_ITEM_ATTEMPTS):
            try:
                self._perform(plan)
            except ItemChangedError:
                again = self._plan_again(plan)
                if again is None or again.here or not again.there:
                    break
                plan = again
            else:
                self._report_there(plan)
                return
        said = _(
            "{item}: changed on the server by another program; the next sync will read the change",
            item=make_text_safe(plan.uid),
        )
        self.report.problems.append(said)

    def _perform(self, plan: ItemPlan) -> None:
        """Change a remote item and record it."""
        if plan.there == "delete":
            self._collection.delete_item(plan.href, plan.etag)
            self._save_plan(plan, "", "", "")
            return
        from ilocal.sync.calendar_items import format_item_for_server

        assert plan.event is not None
        text = format_item_for_server(plan.event, self._info, plan.text)
        href = plan.href
        if plan.there == "create":
            href, etag = self._collection.create_item(plan.uid, text)
        else:
            etag = self._collection.replace_item(href, plan.etag, text)
        self._save_plan(plan, href, etag, text)

    def _plan_again(self, plan: ItemPlan) -> ItemPlan | None:
        """Return a new plan for a remote item that is not as it was listed."""
        if plan.there == "create":
            return None
        found = self._collection.fetch_items([plan.href]).get(plan.href)
        there = RemoteItem(plan.href, found.etag, found.text) if found else None
        here = LocalItem(plan.event) if plan.event else None
        return self._plan_item(plan.uid, self._known.get(plan.uid), here, there, is_gone=there is None)


def _is_unchanged(known: SyncedItem, here: LocalItem | None) -> bool:
    """Return whether an event is as both sides agreed on it, and still selected."""
    if here is None or (known.is_selected and not here.is_selected):
        return False
    return compute_synced_event_digest(here.event) == known.digest


def count_pending_changes(registry: Registry, state: SyncState, options: SyncOptions) -> int:
    """Return the number of events to be sent, as far as known without contacting the other side."""
    if options.direction == "pull":
        return 0
    known, info = state.read_items(), registry.info
    pending, seen = 0, set[str]()
    for event in registry.select(Query()):
        uid = make_event_uid(event, info)
        seen.add(uid)
        here = LocalItem(event, is_event_to_sync(event, options))
        pending += here.is_selected if uid not in known else not _is_unchanged(known[uid], here)
    return pending + len(known.keys() - seen)


def is_event_to_sync(event: Event, options: SyncOptions) -> bool:
    """Return whether an event is synced: selected, and with an exact day unless undated ones are included."""
    if event.start is None or (isinstance(event.start, (Month, Year)) and not options.has_undated):
        return False
    return bool(options.query.find_results(event))
