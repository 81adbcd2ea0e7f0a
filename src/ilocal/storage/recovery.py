"""Recovery from what other programs and killed writes did to a registry: detected, rescued and reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ilocal.errors import IlocalError
from ilocal.i18n.labels import translate_list_summary
from ilocal.i18n.messages import _
from ilocal.storage.changes import undo_log

if TYPE_CHECKING:
    from ilocal.storage.changes.net_edits import NetEdits
    from ilocal.storage.changes.text_delta import EventEdit, TextDelta
    from ilocal.storage.changes.undo_log import UndoEntry
    from ilocal.storage.registry_index import RegistryIndex
    from ilocal.storage.transaction import Transaction

_MAX_HASHED_BYTES = 400_000_000  # of texts that are held against earlier states
_MAX_COMPARED_LENGTH = 8_000_000  # characters of changes that are held against a text, event by event

FileHistory = list[tuple["UndoEntry", "TextDelta"]]  # the changes of one file, the last one first


class LostWrites(NamedTuple):
    """Changes of which no trace is left in the text, the last one first."""

    entries: list[UndoEntry]  # they may have been overwritten by an older text
    superseded: list[UndoEntry]  # git replaced them by another state

    def __bool__(self) -> bool:
        return bool(self.entries or self.superseded)


def find_lost_writes(registry: Path, index: RegistryIndex) -> LostWrites:
    """Return the most recent changes that are missing from the text.

    A text that equals an earlier state of the registry byte by byte has lost everything written since. Any other text
    has lost the changes whose events are all as they were before, and none as they were after.
    """
    lost: dict[int, UndoEntry] = {}
    superseded: dict[int, UndoEntry] = {}
    with suppress(IlocalError):
        for name, history in _read_undo_histories_of_files(registry, index).items():
            path = registry / name if name else registry
            data = _read_text(path) if name in index.file_states else None
            found = _find_lost_changes(index, data, history)
            if found and not is_file_change_explained_by_git(path, data, found[0]):
                lost.update((entry.number, entry) for entry in found)
            elif found:
                superseded.update((entry.number, entry) for entry in found)
    return LostWrites(
        [lost[number] for number in sorted(lost, reverse=True)],
        [superseded[number] for number in sorted(superseded.keys() - lost.keys(), reverse=True)],
    )


def _read_text(path: Path) -> bytes:
    from ilocal.storage.files import read_file

    return read_file(path).data


def _read_undo_histories_of_files(registry: Path, index: RegistryIndex) -> dict[str, FileHistory]:
    """Return the changes of each file that is not as its last change left it, back to the last known loss."""
    histories: dict[str, FileHistory] = {}
    settled: set[str] = set()
    for entry in undo_log.read_undo_entries(undo_log.get_undo_folder(registry)):
        for delta in entry.deltas:
            if delta.file in settled:
                continue
            is_last = delta.file not in histories
            if entry.is_lost or entry.is_superseded or (is_last and _has_state_after(index, delta)):
                settled.add(delta.file)
            else:
                histories.setdefault(delta.file, []).append((entry, delta))
        if settled and (settled >= index.file_states.keys() or not (index.was_stale or histories)):
            break
    return histories


def _has_state_after(index: RegistryIndex, delta: TextDelta) -> bool:
    return index.file_states.get(delta.file, "") == delta.file_state


def _find_lost_changes(index: RegistryIndex, data: bytes | None, history: FileHistory) -> list[UndoEntry]:
    from ilocal.storage.changes.text_delta import fits_text_delta, has_file_applied_delta

    most = 1 + _MAX_HASHED_BYTES // (len(data or b"") + 1)
    for n, (_entry, delta) in enumerate(history[:most]):
        if has_file_applied_delta(data, delta):
            return [entry for entry, _ in history[:n]]
        if fits_text_delta(data, delta):
            return [entry for entry, _ in history[: n + 1]]
    lost = [entry for entry, _ in history[: _count_undone_changes(index, history)]]
    return [] if lost and is_text_of_another_registry(data, lost[0]) else lost


def _count_undone_changes(index: RegistryIndex, history: FileHistory) -> int:
    """Return how many of a file's last changes are missing, judged by their net edits; 0 if it is unclear."""
    from ilocal.storage.changes.net_edits import NetEdits
    from ilocal.storage.changes.text_delta import list_event_edits
    from ilocal.storage.transaction import Transaction

    transaction = Transaction(index, {})
    joined = NetEdits()
    count, length = 0, 0
    before: list[EventEdit] = []
    for n, (_entry, delta) in enumerate(history):
        length += len(delta.old_text or "") + len(delta.new_text or "")
        if n and length > _MAX_COMPARED_LENGTH:
            break
        joined.prepend(list_event_edits(delta))
        if _are_edits_undone(transaction, joined) and (edits := list(joined)) != before:
            count, before = n + 1, edits
    return count


def _are_edits_undone(transaction: Transaction, edits: NetEdits) -> bool:
    """Return whether every event is as it was before some changes, and none is as it was after them.

    An event of which only the layout changed may also be in a third state.
    """
    from ilocal.storage.replay import has_applied_edits, is_layout_edit

    is_any_undone = False
    for edit in edits:
        is_undone = has_applied_edits(transaction, [edit.inverse])
        if has_applied_edits(transaction, [edit]) or not (is_undone or is_layout_edit(edit)):
            return False
        is_any_undone = is_any_undone or is_undone
    return is_any_undone


def is_file_change_explained_by_git(path: Path, data: bytes | None, entry: UndoEntry) -> bool:
    """Return whether git produced the text that lacks a change."""
    from ilocal.storage.git_repository import find_git_folder_of_file

    repository = find_git_folder_of_file(path)
    if repository is None:
        return False
    return repository.has_moved_since(entry.timestamp) or (data is not None and repository.has_blob(data))


def is_text_of_another_registry(data: bytes | None, entry: UndoEntry) -> bool:
    """Return whether a text has nothing in common with the registry that a change was written to."""
    from ilocal.storage.changes.text_delta import find_landmarks

    if data is None or entry.landmarks is None:
        return False
    left = entry.landmarks | find_landmarks(*((delta.new_text or "").encode() for delta in entry.deltas))
    before, found = find_landmarks(*((delta.old_text or "").encode() for delta in entry.deltas)), find_landmarks(data)
    return bool(left and found) and (left | before).isdisjoint(found)


def forget_changes_of_another_registry(registry: Path, state: str, data: bytes) -> None:
    """Clear the undo log where the text that is going to be written to is that of a new registry at an old path."""
    from ilocal.storage.changes.text_delta import has_file_applied_delta

    newest = next(undo_log.read_undo_entries(undo_log.get_undo_folder(registry)), None)
    if newest is None or any(delta.file or delta.file_state == state for delta in newest.deltas):
        return
    if not any(has_file_applied_delta(data, delta) for delta in newest.deltas) and is_text_of_another_registry(
        data, newest
    ):
        undo_log.clear_undo_log(registry)


def read_changes_of_registry(registry: Path) -> Iterator[UndoEntry]:
    """Return the changes of the registry that is at a path now, the last one first."""
    from ilocal.storage.changes.text_delta import has_file_applied_delta

    entries = undo_log.read_undo_entries(undo_log.get_undo_folder(registry))
    newest = next(entries, None)
    if newest is None:
        return
    with suppress(IlocalError):
        if not registry.is_dir() and not newest.deltas[0].file:
            data = _read_text(registry)
            if not has_file_applied_delta(data, newest.deltas[0]) and is_text_of_another_registry(data, newest):
                return
    yield newest
    yield from entries


def is_change_missing(registry: Path, index: RegistryIndex, entry: UndoEntry) -> bool:
    """Return whether no trace of a change is in the text, and git is why."""
    from ilocal.storage.changes.net_edits import NetEdits
    from ilocal.storage.transaction import Transaction

    edits = NetEdits()
    edits.prepend(entry.edits)
    if not _are_edits_undone(Transaction(index, {}, allows_conflicts=True), edits):
        return False
    paths = {delta.file: registry / delta.file if delta.file else registry for delta in entry.deltas}
    return entry.is_superseded or all(
        is_file_change_explained_by_git(path, _read_text(path) if name in index.file_states else None, entry)
        for name, path in paths.items()
    )


def record_lost_writes(registry: Path, lost: LostWrites, notes: list[str]) -> None:
    """Mark changes as lost, so that they are reported once, and report them in `notes`; not those superseded by git."""
    folder = undo_log.get_undo_folder(registry)
    for entry in lost.entries:
        undo_log.mark_undo_entry(folder, entry, is_lost=True)
    for entry in lost.superseded:
        undo_log.mark_undo_entry(folder, entry, is_superseded=True)
    if lost.entries:
        notes.append(_describe_lost_writes(registry, lost.entries))


def _describe_lost_writes(registry: Path, entries: Sequence[UndoEntry]) -> str:
    ids = list(dict.fromkeys(edit.id for entry in entries for edit in entry.edits))
    if not ids:
        return _(
            "{file}: the order or layout written by ilocal is no longer in the file; if "
            "an editor saved an older copy, run: ilocal undo --lost",
            file=registry,
        )
    return _(
        "{file}: changes made by ilocal are no longer in the file: {ids}; if an "
        "editor saved an older copy, run: ilocal undo --lost",
        file=registry,
        ids=translate_list_summary(ids, 3),
    )


def record_lost_writes_if_unlocked(registry: Path, index: RegistryIndex, notes: list[str]) -> None:
    """Find, mark and report lost writes, unless another process is writing.

    Only under the lock do the text and the undo log belong to the same moment.
    """
    from ilocal.storage import locks

    with suppress(IlocalError), locks.lock_registry(registry, 0):
        if index.is_current():
            record_lost_writes(registry, find_lost_writes(registry, index), notes)


def rescue_displaced_files(registry: Path, notes: list[str]) -> None:
    """Remove leftovers of killed writes; rescue and report files that another program had saved."""
    from ilocal.storage import atomic_write

    for path, displaced in atomic_write.recover_leftover_files(registry):
        with suppress(OSError):
            kept = undo_log.save_displaced_file(undo_log.get_undo_folder(registry), displaced)
            note = _(
                "{path}: an interrupted write replaced a version saved by another program; that version is in {kept}",
                path=path,
                kept=kept,
            )
            notes.append(note)
