"""The application without a terminal: a registry's answers, and changing it. Also the Python API."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from ilocal.errors import (
    ConflictError,
    DurabilityError,
    FileChangedError,
    IlocalError,
    LaterChangeError,
    RegistryError,
    UsageError,
)
from ilocal.i18n.messages import _
from ilocal.model.fields import resolve_field_name
from ilocal.model.query import Query

if TYPE_CHECKING:  # imported where used: a question needs no parser, a change no index
    from datetime import date
    from types import TracebackType

    from ilocal.errors import Diagnostic
    from ilocal.index.index import Index
    from ilocal.index.suggestions import Suggestions
    from ilocal.model.event import Event
    from ilocal.model.query_builder import EventFilters
    from ilocal.model.registry_info import RegistryInfo
    from ilocal.model.similar_names import SuspectedTypo
    from ilocal.storage.changes.text_delta import FileChange
    from ilocal.storage.changes.undo_log import UndoEntry
    from ilocal.storage.changes.undo_stack import UndoStack
    from ilocal.storage.files import FileSnapshot
    from ilocal.storage.registry_index import RegistryIndex
    from ilocal.storage.transaction import Transaction


class Registry:
    """A registry of events at a path: one TOML file, or a folder with several.

    Answers describe the text as it is at the first query; after `close`, and after every change, the next query reads
    it again. A registry is a context manager that closes itself, has a length, and can be iterated over.
    """

    def __init__(self, path: Path | str, *, is_cli: bool = False, is_silent: bool = False) -> None:
        """Create a registry object; nothing is read before the first query.

        Arguments:
            path: a TOML file, or a folder of TOML files.
            is_cli: whether to keep signals blocked after a write until the program ends, so that it can report the
                write.
            is_silent: whether to leave `notes` to whoever opens the registry next.
        """
        self.path = Path(path)
        self.has_written = False  # whether something was written
        self.notes: list[str] = []  # messages for the user beyond the results
        self.command = ""  # the name of the command, recorded with changes in `undo_history`
        self.command_details = ""  # and its arguments, such as names of files
        self._allows_conflicts = False  # whether the next change may be to a text with conflict markers
        self._origin: dict[str, Any] = {}  # the changes that the next one undoes or redoes
        self._is_cli, self._is_silent = is_cli, is_silent

    def __repr__(self) -> str:
        """Show the path and the number of events, or that the registry cannot be read."""
        try:
            size = f"{len(self)} events"
        except IlocalError:
            size = "cannot be read"
        return f"<Registry {self.display_name!r}: {size}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Event]:
        """Iterate over all events by date, undated ones last; a recurring event comes once.

        Raises RegistryError.
        """
        return self.select(Query())

    @property
    def display_name(self) -> str:
        """Return the registry's name in messages: its path as it was given."""
        return str(self.path)

    @cached_property
    def _index(self) -> Index:
        from ilocal.index.opening import open_index

        index = open_index(self.path)
        if index.was_stale:
            from ilocal.storage import recovery

            lost = recovery.find_lost_writes(self.path, index)
            if lost and self._is_silent:
                index.invalidate()
            elif lost:
                recovery.record_lost_writes_if_unlocked(self.path, index, self.notes)
        return index

    def close(self) -> None:
        """Close the index; the next query opens it again and reads what has changed. May be called twice."""
        self._close_index()

    def _close_index(self) -> None:
        index = self.__dict__.pop("_index", None)
        if index is not None:
            index.close()

    @property
    def info(self) -> RegistryInfo:
        """Return the `[registry]` table: name, language, time zone, aliases. Raises RegistryError."""
        return self._index.info

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return errors and warnings about the text, in its order. Raises RegistryError."""
        return self._index.diagnostics

    def __len__(self) -> int:
        """Return the number of valid events; a recurring event counts once. Raises RegistryError."""
        return self._index.event_count

    def select(self, query: Query) -> Iterator[Event]:
        """Return an iterator over the results of `query`, in its order.

        Use `events` for filters written as on the command line. Raises RegistryError if the registry is unreadable, or
        has errors and no valid event.
        """
        from ilocal.index.index import select_events_from_index

        if not len(self):
            error = next((problem for problem in self.diagnostics if problem.severity == "error"), None)
            if error:
                raise RegistryError(error.format_with_file(self.display_name))
        return select_events_from_index(self._index, query)

    def events(self, **filters: Unpack[EventFilters]) -> Iterator[Event]:
        """Return an iterator over the events that match every filter, as `ilocal list` and `search` find them.

        A filter takes one value or several, of which any may match. Accents and case do not matter in names, and dates
        may be in any form that the command line accepts. A recurring event comes once for each occurrence in the
        requested days, or within a year if no filter limits them. Without filters: all events, oldest first.

        Arguments (all by keyword):
            from_: on this day or later.
            to: on this day or earlier.
            month: in this month.
            year: in this year.
            on: on this day, or in these days.
            project, topic, organizer, location, kind, status, language: names; of a location, whole words of it.
            undated: only events without a date.
            where_missing: fields that are empty.
            words: phrases that all occur in the texts of the event, each as an argument of `ilocal search`.
            without: phrases of which none occurs.
            once: return a recurring event once, not each occurrence.
            sort: "date" (the default), "title", "id" or "updated".
            reverse: reverse the order.
            limit: the maximum number of events.
            today: the day that "today" means; by default the present day in the registry's time zone.

        Raises UsageError (for dates its subclass DateError), RegistryError, and TypeError for an unknown filter.
        """
        from ilocal.model.query_builder import build_query

        return self.select(build_query(lambda: self.info, self._find_today, **filters))

    def _find_today(self) -> date:
        """Return the present day in the registry's time zone, or in the system's if it has none."""
        from datetime import datetime

        from ilocal.model.timezones import load_timezone

        return datetime.now(load_timezone(self.info.timezone)).date()

    def find(self, handle: str) -> Event:
        """Return the event that `handle` names: an id, the beginning of one, or words of its title.

        Raises EventNotFound if there is none, HandleError if there are several, and RegistryError.
        """
        from ilocal.index.index import find_event_in_index

        return find_event_in_index(self._index, handle)

    def fetch_events(self, ids: Sequence[str]) -> Mapping[str, Event]:
        """Return the events with exactly these ids, by their ids. Raises RegistryError."""
        return self._index.get_all(ids)

    def fetch_digests(self) -> dict[str, bytes]:
        """Return a digest of the text of each event, by its id. Raises RegistryError."""
        return self._index.fetch_digests()

    def count_names(self, field: str) -> Mapping[str, int]:
        """Return the names in a field, as written, with the number of events of each; most frequent first.

        `field` is topics, projects, organizers, location, kind, status or language, in the singular or plural. Names in
        an override of a series count as well. Raises UsageError for another field, and RegistryError.
        """
        from ilocal.index.name_counts import NAME_FIELDS

        name = resolve_field_name(field)
        if name not in NAME_FIELDS:
            raise UsageError(
                _("the field {field} does not contain names", field=name),
                hint=_("use one of {fields}", fields=", ".join(NAME_FIELDS)),
            )
        return self._index.count_names(name)

    def find_typos(self, events: Sequence[Event], fields: Sequence[str]) -> list[SuspectedTypo]:
        """Return the names in `fields` of these events that look like typos of names that more events have."""
        from ilocal.index.name_counts import fetch_similar_name_counts
        from ilocal.model.similar_names import find_rare_names_similar_to_others

        def known(field: str, names: Iterable[str]) -> Mapping[str, int]:
            return self._index.retry_after_damage(
                lambda: fetch_similar_name_counts(self._index.connection, field, names)
            )

        return find_rare_names_similar_to_others(events, fields, known)

    @property
    def suggestions(self) -> Suggestions:
        """Return completions of partial input: names, ids with their titles, months. Raises RegistryError."""
        from ilocal.index.suggestions import Suggestions

        return Suggestions(self._index)

    def read_block(self, id: str) -> str:
        """Return the lines of the event `id` in the registry.

        Raises ConflictError if there is no such event, and RegistryError.
        """
        from ilocal.storage.transaction import Transaction

        return Transaction(self._index, {}).read_block(id)

    def split(self, folder: Path) -> list[str]:
        """Copy the registry into the new folder `folder` with one file for each year; return the names of the files.

        Raises RegistryError, and ConflictError where the folder exists.
        """
        from ilocal.storage import atomic_write, yearly_files
        from ilocal.storage.changes import undo_log

        found = yearly_files.split_registry_by_year(self.path)
        with self._block_signals_until_answer():
            atomic_write.create_folder(folder, found)
            undo_log.clear_undo_log(folder)
        return sorted(found)

    def join(self, path: Path) -> None:
        """Copy the registry, all files of its folder, into the new file `path`.

        Raises RegistryError, and ConflictError where the file exists.
        """
        from ilocal.storage import atomic_write, yearly_files
        from ilocal.storage.changes import undo_log

        text = yearly_files.join_registry_files(self.path)
        with self._block_signals_until_answer():
            atomic_write.create_file(path, text)
            undo_log.clear_undo_log(path)

    @contextmanager
    def _block_signals_until_answer(self) -> Iterator[None]:
        """Block signals from the commit on; the command line keeps them blocked until its answer is written."""
        from ilocal.storage.signals import unblock_signals

        try:
            yield
        finally:
            if not self._is_cli:
                unblock_signals()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Yield a transaction under the registry's lock; write it when the block ends, or drop it if the block raises.

        After it returns, the changes are on disk, and can be undone with `undo`. Changes that another program saved in
        the meantime are kept: the transaction is applied again, to that text. In a folder each file is replaced
        separately, one after the other. Raises RegistryError, ConflictError, DurabilityError.
        """
        from ilocal.storage import locks

        deadline = time.monotonic() + locks.LOCK_TIMEOUT_SECONDS
        changes: list[FileChange] = []
        try:
            with self._open_transaction() as transaction:
                yield transaction
                changes = transaction.prepare_changes()
                self._commit_changes(changes)
            return
        except FileChangedError:
            if not changes or transaction.is_reformatted or time.monotonic() > deadline:
                raise
        self._replay_changes(changes, deadline)

    def _replay_changes(self, changes: Sequence[FileChange], deadline: float) -> None:
        """Apply changes to what another program saved in the meantime; repeat until `deadline` if one saves again.

        Raises ConflictError if they do not fit that text, and FileChangedError.
        """
        from ilocal.storage.changes.text_delta import list_event_edits, make_undo_text_delta
        from ilocal.storage.replay import replay_event_edits

        while True:
            edits = [edit for change in changes for edit in list_event_edits(make_undo_text_delta(change))]
            changes = []
            try:
                with self._open_transaction() as transaction:
                    replay_event_edits(transaction, edits)
                    changes = transaction.prepare_changes()
                    self._commit_changes(changes)
                return
            except FileChangedError:
                if not changes or time.monotonic() > deadline:
                    raise

    @contextmanager
    def _open_transaction(self) -> Iterator[Transaction]:
        """Yield a transaction on the registry as it is now, under its lock."""
        from ilocal.storage import files, locks, recovery
        from ilocal.storage.transaction import Transaction

        self._close_index()
        try:
            with locks.lock_registry(self.path):
                recovery.rescue_displaced_files(self.path, self.notes)
                snapshots = {} if self.path.is_dir() else {"": files.read_file(self.path)}
                index = self._open_index_for_transaction(snapshots)
                recovery.record_lost_writes(self.path, recovery.find_lost_writes(self.path, index), self.notes)
                yield Transaction(index, snapshots, allows_conflicts=self._allows_conflicts)
        finally:
            self._close_index()

    def _open_index_for_transaction(self, snapshots: Mapping[str, FileSnapshot]) -> RegistryIndex:
        """Return the index in SQLite; if that is impossible even in memory, an index of the parsed registry."""
        with suppress(ImportError):  # Python can be built without SQLite
            from ilocal.index.opening import open_index_if_possible

            if (index := open_index_if_possible(self.path, snapshots)) is not None:
                self._index = index
                return index
        from ilocal.storage.memory_index import MemoryIndex

        return MemoryIndex.load(self.path, snapshots)

    def _commit_changes(self, changes: Sequence[FileChange]) -> None:
        """Write changes, if there are any, and update the index. Raises what `commit_changes` raises."""
        from ilocal.storage import recovery
        from ilocal.storage.changes.commit import commit_changes
        from ilocal.storage.changes.undo_log import ChangeOrigin

        if not changes:
            return
        origin = ChangeOrigin(self.command, self.command_details, **self._origin)
        if not self.path.is_dir() and (before := changes[0].before) is not None:
            recovery.forget_changes_of_another_registry(self.path, before.state.text, before.data)
        with self._block_signals_until_answer():
            try:
                states, doubt = commit_changes(self.path, changes, self.notes, origin)
            except DurabilityError:
                self.has_written = True
                raise
            self.has_written = True
            if "_index" in self.__dict__:
                self._index.apply_changes(changes, states)
            if doubt:
                raise doubt

    def reformat(self) -> list[Path]:
        """Put the events and keys of every file in standard order, in one write; return the files that changed.

        What another program saves in the meantime is reordered, too. Raises RegistryError, ConflictError,
        DurabilityError.
        """
        from ilocal.storage import locks

        until = time.monotonic() + locks.LOCK_TIMEOUT_SECONDS
        while True:
            try:
                with self.transaction() as draft:
                    return draft.reformat()
            except FileChangedError:
                if time.monotonic() > until:
                    raise

    # ----------------------------------------------------------------------------------------------------------- undo

    def undo_history(self) -> Iterator[UndoEntry]:
        """Return an iterator over the changes that ilocal wrote and still remembers, the last one first."""
        from ilocal.storage.recovery import read_changes_of_registry

        return read_changes_of_registry(self.path)

    def undo_stack(self) -> UndoStack:
        """Return the changes that can be undone, and those that can be redone, in each case the next one last.

        Changes that are missing because git has replaced the text are left out. Raises RegistryError.
        """
        from ilocal.storage.changes.undo_stack import build_undo_stack
        from ilocal.storage.recovery import is_change_missing

        index = self._index  # the first query detects lost changes
        stack = build_undo_stack(self.undo_history())
        while stack.done and is_change_missing(self.path, index, stack.done[-1].latest):
            stack.done.pop()
        return stack

    def undo(self, entry: UndoEntry) -> None:
        """Undo the change `entry` of `undo_history`; this can be undone as well, and is listed as an undo.

        Undoing an undo is a redo. Raises ConflictError if what it wrote was changed since, RegistryError,
        DurabilityError.
        """
        from ilocal.model.safe_text import make_text_safe
        from ilocal.storage.replay import EditConflictError, revert_undo_entry

        origin = entry.origin
        if origin.undoes is not None:
            self._origin = {"redoes": origin.undoes}
        else:
            self._origin = {"undoes": entry.number if origin.redoes is None else origin.redoes}
        number = self._origin.get("undoes", origin.undoes)
        self._allows_conflicts = any(one.number == number and one.origin.is_resolution for one in self.undo_history())
        try:
            with self.transaction() as draft:
                revert_undo_entry(draft, entry, is_exact=self._allows_conflicts)
                if draft.has_nothing_to_write:
                    message = _(
                        "{file}: the changes to undo are no longer in the file; nothing was changed",
                        file=self.display_name,
                    )
                    raise self._later_change_error(entry) or ConflictError(message)
        except EditConflictError as error:
            message = _('"{id}" was edited by hand after that change; nothing was changed', id=make_text_safe(error.id))
            raise self._later_change_error(entry) or ConflictError(message) from None
        finally:
            self._origin, self._allows_conflicts = {}, False

    def _later_change_error(self, entry: UndoEntry) -> ConflictError | None:
        """Return the error that names the later change that prevents undoing `entry`; None if there is none."""
        from ilocal.model.safe_text import make_text_safe
        from ilocal.storage.changes.undo_stack import build_undo_stack

        ids = {edit.id for edit in entry.edits}
        for step in reversed(build_undo_stack(self.undo_history()).done):
            found = next((edit.id for edit in step.latest.edits if edit.id in ids), None)
            if step.latest.number > entry.number and found is not None:
                message = _(
                    '"{id}" was also changed by the later change {number}; nothing was changed',
                    id=make_text_safe(found),
                    number=step.number,
                )
                hint = _("to undo the later change first, run: ilocal undo {number}", number=step.number)
                return LaterChangeError(message, hint=hint, id=found, number=step.number)
        return None

    def lost_writes(self) -> list[UndoEntry]:
        """Return the changes that another program overwrote by saving an older text, the first one first."""
        return [write for write in self.undo_history() if write.is_lost][::-1]

    def reapply(self, entries: Sequence[UndoEntry]) -> None:
        """Write the changes `entries` of `lost_writes` again.

        Raises ConflictError if the events have changed since, RegistryError, DurabilityError.
        """
        from ilocal.storage.changes import undo_log
        from ilocal.storage.replay import reapply_undo_entries

        self._origin = {"restores": tuple(entry.number for entry in entries)}
        try:
            with self.transaction() as draft:
                reapply_undo_entries(draft, entries)
        finally:
            self._origin = {}
        for write in entries:
            undo_log.mark_undo_entry(undo_log.get_undo_folder(self.path), write, is_lost=False)
