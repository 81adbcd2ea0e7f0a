"""The application without a terminal: a registry's answers, and changing it. Also the Python API."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ilocal.errors import (
    ConflictError,
    IlocalError,
    MeanwhileError,
    NotDurableError,
    Problem,
    RegistryError,
    UsageError,
)
from ilocal.i18n.labels import some
from ilocal.i18n.messages import _
from ilocal.model.fields import field_named
from ilocal.model.query import Query
from ilocal.storage.signals import release_signals

if TYPE_CHECKING:  # imported where used: a question needs no parser, a change no index
    from ilocal.index.index import Index
    from ilocal.index.suggestions import Offers
    from ilocal.model.event import Event
    from ilocal.model.registry_info import Header
    from ilocal.model.similar_names import Slip
    from ilocal.storage.changes.text_delta import Change, Edit
    from ilocal.storage.changes.undo_log import Write
    from ilocal.storage.transaction import Draft


class Workspace:
    """A registry at a path, a file or a folder.

    Answers are from its text as it is at the first question, until `close` or a change: then as it is at the next.
    """

    def __init__(self, path: Path | str, *, is_cli: bool = False, is_silent: bool = False) -> None:
        """`is_cli`: after a write no signal comes in until the program ends, so that its answer can still be given.

        `is_silent`: nobody reads the notes. What must be said is left for whoever opens the registry next.
        """
        self.path = Path(path)
        self.is_changed = False  # whether something was written
        self.notes: list[str] = []  # what a user should be told, and no answer says
        self._is_cli, self._is_silent = is_cli, is_silent

    @property
    def file(self) -> str:
        """The registry's name in messages."""
        return str(self.path)

    @cached_property
    def _index(self) -> Index:
        from ilocal.index.opening import open_index

        index = open_index(self.path)
        if index.is_news and self._missed(index):
            if self._is_silent:
                index.forget_state()
            else:
                self._note_losses_now(index)
        return index

    def close(self) -> None:
        """Let go of the index; whatever is asked next opens it again."""
        self._forget()

    def _forget(self) -> None:
        index = self.__dict__.pop("_index", None)
        if index is not None:
            index.close()

    @property
    def header(self) -> Header:
        return self._index.header

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What in the registry could not be read, and what is doubtful."""
        return self._index.problems

    def __len__(self) -> int:
        """How many events can be read."""
        return self._index.count

    def select(self, query: Query) -> Iterator[Event]:
        """The answers of `query`, one by one, in its order.

        Raises RegistryError where the registry cannot be read, or nothing in it can.
        """
        from ilocal.index.index import select

        if not len(self):
            error = next((problem for problem in self.problems if problem.level == "error"), None)
            if error:
                raise RegistryError(error.at(self.file))
        return select(self._index, query)

    def find(self, handle: str) -> Event:
        """The event that `handle` names (see `handles.resolve`). Raises HandleError."""
        from ilocal.index.index import find

        return find(self._index, handle)

    def names(self, field: str) -> Mapping[str, int]:
        """The names that events have in a field, as they are written, and how many have each; most frequent first.

        `field` is topics, projects, organizers, location, kind, status or language, in the singular or plural. What an
        override of a series says counts as well. Raises UsageError for another field, and RegistryError.
        """
        from ilocal.index.name_counts import FIELDS

        name = field_named(field)
        if name not in FIELDS:
            raise UsageError(
                _("there are no names in {field}", field=name), hint=_("one of {fields}", fields=", ".join(FIELDS))
            )
        return self._index.counted(name)

    def slips(self, events: Sequence[Event], fields: Sequence[str]) -> list[Slip]:
        """Which names of these events are spelled almost like names that more events of the registry have."""
        from ilocal.index.name_counts import resembling
        from ilocal.model.similar_names import slips

        def known(field: str, names: Iterable[str]) -> Mapping[str, int]:
            return self._index.surely(lambda: resembling(self._index.connection, field, names))

        return slips(events, fields, known)

    @property
    def offers(self) -> Offers:
        """What somebody may be typing: names, ids with their titles, months. Raises RegistryError."""
        from ilocal.index.suggestions import Offers

        return Offers(self._index)

    def block(self, id: str) -> str:
        """The event's own lines in the registry."""
        from ilocal.storage.transaction import Draft

        return Draft(self._index, {}).block(id)

    def split(self, folder: Path) -> list[str]:
        """Copy the registry into a new folder with a file a year; returns the names of the files.

        Raises RegistryError, ConflictError.
        """
        from ilocal.storage import atomic_write, yearly_files

        found = yearly_files.split(self.path)
        with self._answering():
            atomic_write.create_folder(folder, found)
        return sorted(found)

    def join(self, path: Path) -> None:
        """Copy the registry, all files of its folder, into one new file. Raises RegistryError, ConflictError."""
        from ilocal.storage import atomic_write, yearly_files

        text = yearly_files.joined(self.path)
        with self._answering():
            atomic_write.create(path, text)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Around a write: signals are held from its commit on, and for the program until it has given its answer."""
        try:
            yield
        finally:
            if not self._is_cli:
                release_signals()

    @contextmanager
    def changing(self) -> Iterator[Draft]:
        """A draft of changes, under the registry's lock. Written when the block ends without an error, else dropped.

        When this returns, the changes are on disk, and can be taken back with `undo`. What somebody saved meanwhile is
        kept: the changes are made once more, to that. In a folder each file is replaced for itself, one after the
        other. Raises RegistryError, ConflictError, NotDurableError.
        """
        from ilocal.storage import locks
        from ilocal.storage.changes.text_delta import edits, stretch_of
        from ilocal.storage.replay import replay

        until = time.monotonic() + locks.LOCK_SECONDS
        made: list[Edit] | None = None
        while True:
            changes: list[Change] = []
            try:
                with self._drafting() as draft:
                    if made is None:
                        yield draft
                    else:
                        replay(draft, made)
                    if not draft.is_empty:
                        changes = draft.changes()
                        with self._answering():
                            self._write_all(changes)
                return
            except MeanwhileError:
                if not changes or draft.is_laid_out or time.monotonic() > until:
                    raise
                made = [edit for change in changes for edit in edits(stretch_of(change))]

    @contextmanager
    def _drafting(self) -> Iterator[Draft]:
        """A draft of the registry as it is now, under its lock."""
        from ilocal.index.opening import open_index
        from ilocal.storage import files, locks
        from ilocal.storage.transaction import Draft

        self._forget()
        try:
            with locks.locked(self.path):
                self._rescue()
                snapshots = {} if self.path.is_dir() else {"": files.read(self.path)}
                self._index = open_index(self.path, snapshots)
                self._note_losses(self._missed(self._index))
                yield Draft(self._index, snapshots)
        finally:
            self._forget()

    def _write_all(self, changes: Sequence[Change]) -> None:
        from ilocal.storage.changes.commit import write_all

        try:
            stamps, doubt = write_all(self.path, changes, self.notes)
        except NotDurableError:
            self.is_changed = True
            raise
        self.is_changed = True
        self._index.take_in(changes, stamps)
        if doubt:
            raise doubt

    def _rescue(self) -> None:
        """Clear what killed writes left, put aside what was another program's save, and say so."""
        from ilocal.storage import atomic_write
        from ilocal.storage.changes import undo_log

        for path, left in atomic_write.clear(self.path):
            with suppress(OSError):
                kept = undo_log.rescue(undo_log.folder_for(self.path), left)
                said = _(
                    "{path}: what another program had saved was displaced by a killed write: see {kept}",
                    path=path,
                    kept=kept,
                )
                self.notes.append(said)

    def lay_out(self) -> list[Path]:
        """Put every file of the registry in its usual order, in one write; returns those that changed.

        What somebody saves meanwhile is put in order, too. Raises RegistryError, ConflictError, NotDurableError.
        """
        from ilocal.storage import locks

        until = time.monotonic() + locks.LOCK_SECONDS
        while True:
            try:
                with self.changing() as draft:
                    return draft.lay_out()
            except MeanwhileError:
                if time.monotonic() > until:
                    raise

    # ----------------------------------------------------------------------------------------------------------- undo

    def writes(self) -> Iterator[Write]:
        """What ilocal wrote, the last write first, as far as it is kept."""
        from ilocal.storage.changes import undo_log

        return undo_log.writes(undo_log.folder_for(self.path))

    def undo(self, write: Write) -> None:
        """Take a write back; that is a write too. Raises ConflictError where what it wrote was changed since."""
        from ilocal.storage.replay import take_back

        with self.changing() as draft:
            take_back(draft, write)
            if draft.is_empty:
                raise ConflictError(_("{file}: nothing of that is there any more; nothing was changed", file=self.file))

    def lost(self) -> list[Write]:
        """The writes that a later save of an old text took out, the first one first."""
        return [write for write in self.writes() if write.is_lost][::-1]

    def restore(self, writes: Sequence[Write]) -> None:
        """Write once more what was lost. Raises ConflictError where something else is there by now."""
        from ilocal.storage.changes import undo_log
        from ilocal.storage.replay import replay

        with self.changing() as draft:
            for write in writes:
                replay(draft, write.edits)
        for write in writes:
            undo_log.note_lost(undo_log.folder_for(self.path), write, is_lost=False)

    def _missed(self, index: Index) -> list[Write]:
        """The last writes, where every trace of them is gone: an old text may have been saved over them."""
        missed: list[Write] = []
        with suppress(IlocalError):
            for write in self.writes():
                if write.is_lost or all(index.stamps.get(one.file) == one.stamp for one in write.stretches):
                    break
                from ilocal.storage.replay import says
                from ilocal.storage.transaction import Draft

                draft = Draft(index, {})
                if not write.undone or says(draft, write.edits) or not says(draft, write.undone):
                    break
                missed.append(write)
        return missed

    def _note_losses_now(self, index: Index) -> None:
        """Note losses, unless somebody is writing: text and list of writes are of one moment only under the lock."""
        from ilocal.storage import locks

        with suppress(IlocalError), locks.locked(self.path, 0):
            if index.is_current():
                self._note_losses(self._missed(index))

    def _note_losses(self, lost: Sequence[Write]) -> None:
        """Keep in mind which writes are lost, so that it is said once, and say it."""
        from ilocal.storage.changes import undo_log

        for write in lost:
            undo_log.note_lost(undo_log.folder_for(self.path), write, is_lost=True)
        if lost:
            ids = list(dict.fromkeys(edit.id for write in lost for edit in write.edits))
            said = _(
                "{file}: what ilocal had written is not in it any more: {ids}; "
                "if an old text was saved over it, put it back with: ilocal undo --lost",
                file=self.file,
                ids=some(ids, 3),
            )
            self.notes.append(said)
