"""What other programs and killed writes did to a registry: found, kept and reported."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ilocal.errors import IlocalError
from ilocal.i18n.labels import translate_list_summary
from ilocal.i18n.messages import _
from ilocal.storage.changes import undo_log

if TYPE_CHECKING:
    from ilocal.storage.changes.undo_log import UndoEntry
    from ilocal.storage.registry_index import RegistryIndex


def find_lost_writes(registry: Path, index: RegistryIndex) -> list[UndoEntry]:
    """Return the last writes, where every trace of them is gone: an old text may have been saved over them."""
    lost: list[UndoEntry] = []
    with suppress(IlocalError):
        for entry in undo_log.read_undo_entries(undo_log.get_undo_folder(registry)):
            if entry.is_lost or all(index.file_states.get(delta.file) == delta.file_state for delta in entry.deltas):
                break
            if not _is_write_undone(entry, index):
                break
            lost.append(entry)
    return lost


def _is_write_undone(entry: UndoEntry, index: RegistryIndex) -> bool:
    """Return whether every event is as it was before a write, and none as it was after it."""
    from ilocal.storage.replay import has_applied_edits  # mostly nothing is lost, and no transaction is needed
    from ilocal.storage.transaction import Transaction

    transaction = Transaction(index, {})
    return (
        bool(entry.inverse_edits)
        and not has_applied_edits(transaction, entry.edits)
        and has_applied_edits(transaction, entry.inverse_edits)
    )


def record_lost_writes(registry: Path, lost: Sequence[UndoEntry], notes: list[str]) -> None:
    """Mark writes as lost, so that they are reported once, and report them in `notes`."""
    for entry in lost:
        undo_log.mark_undo_entry_lost(undo_log.get_undo_folder(registry), entry, is_lost=True)
    if lost:
        ids = list(dict.fromkeys(edit.id for entry in lost for edit in entry.edits))
        note = _(
            "{file}: what ilocal had written is not in it any more: {ids}; "
            "if an old text was saved over it, put it back with: ilocal undo --lost",
            file=registry,
            ids=translate_list_summary(ids, 3),
        )
        notes.append(note)


def record_lost_writes_if_unlocked(registry: Path, index: RegistryIndex, notes: list[str]) -> None:
    """Find, mark and report lost writes, unless another process is writing.

    The text and the list of writes are of one moment only under the lock.
    """
    from ilocal.storage import locks

    with suppress(IlocalError), locks.lock_registry(registry, 0):
        if index.is_current():
            record_lost_writes(registry, find_lost_writes(registry, index), notes)


def rescue_displaced_files(registry: Path, notes: list[str]) -> None:
    """Remove what killed writes left behind; keep, and report, what was another program's save."""
    from ilocal.storage import atomic_write

    for path, displaced in atomic_write.recover_leftover_files(registry):
        with suppress(OSError):
            kept = undo_log.save_displaced_file(undo_log.get_undo_folder(registry), displaced)
            note = _(
                "{path}: what another program had saved was displaced by a killed write: see {kept}",
                path=path,
                kept=kept,
            )
            notes.append(note)
