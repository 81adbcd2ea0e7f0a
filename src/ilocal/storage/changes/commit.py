"""Atomic writes of several files of a registry: all of them, or none, as far as the system permits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from errno import ENOMEM
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import DurabilityError, FileChangedError, IlocalError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import translate_os_error
from ilocal.storage import atomic_write, failpoints, files
from ilocal.storage.changes import undo_log
from ilocal.storage.changes.text_delta import FileChange, find_landmarks_around_change, make_undo_text_delta
from ilocal.storage.changes.undo_log import ChangeOrigin
from ilocal.storage.files import FileState
from ilocal.storage.signals import unblock_signals


class _WrittenFile(NamedTuple):
    """A written file: its new state, None if unknown, and the backups of its old content."""

    change: FileChange
    state: FileState | None
    backups: list[Path]


def commit_changes(
    registry: Path, changes: Sequence[FileChange], notes: list[str], origin: ChangeOrigin
) -> tuple[list[FileState | None], DurabilityError | None]:
    """Write changes to files one after the other, and record them for `undo`. The caller holds the registry's lock.

    Arguments:
        registry: the path of the registry.
        changes: the new content of files.
        notes: gets messages for the user.
        origin: the command that makes the change.

    Returns the new states of the files, None if removed or unknown, and the error to raise if one is not known to be on
    disk. If a file cannot be written, its error is raised after the others are restored; DurabilityError if they cannot
    be.
    """
    doubt: DurabilityError | None = None
    done: list[_WrittenFile] = []
    for change in changes:
        stamp, kept = None, list[Path]()
        try:
            stamp = _write_file_change(change, kept, notes)
        except DurabilityError as error:  # it is written, and so must be the files that belong to it
            doubt = doubt or error
        except BaseException as error:
            _roll_back_files(registry, done, error, notes, origin)
            unblock_signals()
            raise
        done.append(_WrittenFile(change, stamp, kept))
    _finish_commit(registry, done, notes, origin)
    return [one.state for one in done], doubt


def _write_file_change(change: FileChange, backups: list[Path], notes: list[str]) -> FileState | None:
    path = change.file.path
    if change.before is None:
        assert change.data is not None
        path.parent.mkdir(exist_ok=True)  # that of the first snapshot
        return atomic_write.create_file(path, change.data)
    if change.data is None:
        atomic_write.remove_file(path, change.before, backups)
        return None
    owner = files.read_file_owner(path)
    stamp = atomic_write.replace_file(path, change.before, change.data, backups)
    if files.read_file_owner(path) != owner:
        notes.append(
            _("{path}: the file now belongs to you, because its owner or group could not be preserved", path=path)
        )
    return stamp


def _finish_commit(
    registry: Path, written_files: Sequence[_WrittenFile], notes: list[str], origin: ChangeOrigin
) -> bool:
    """Discard backups and record the change for `undo`. Returns whether it could be recorded."""
    for one in written_files:
        atomic_write.discard_backups(one.backups)
    try:
        failpoints.reach_failpoint("kept")
        undo_log.append_undo_entry(
            undo_log.get_undo_folder(registry),
            [make_undo_text_delta(one.change, one.state) for one in written_files],
            origin,
            frozenset().union(*(find_landmarks_around_change(one.change) for one in written_files)),
        )
    except (OSError, MemoryError) as error:
        reason = translate_os_error(error if isinstance(error, OSError) else OSError(ENOMEM, os.strerror(ENOMEM)))
        notes.append(_('saved, but "ilocal undo" cannot undo this change: {reason}', reason=reason))
        return False
    return True


def _roll_back_files(
    registry: Path,
    written_files: Sequence[_WrittenFile],
    error: BaseException,
    notes: list[str],
    origin: ChangeOrigin,
) -> None:
    """Restore the files that were written of a change that failed.

    Files that cannot be restored are recorded for `undo`, and DurabilityError is raised; unless the failure was
    FileChangedError, as the caller then retries the whole change.
    """
    standing = [one for one in reversed(written_files) if not _restore_written_file(one)]
    if not standing:
        return
    is_kept = _finish_commit(registry, standing[::-1], notes, origin)
    if isinstance(error, IlocalError) and not isinstance(error, FileChangedError):
        names = ", ".join(str(one.change.file.path) for one in standing)
        said = _(
            "{names}: changed, and could not be restored when writing another file failed: {message}",
            names=names,
            message=error.message,
        )
        raise DurabilityError(said, hint=_("to undo, run: ilocal undo") if is_kept else "") from None


def _restore_written_file(written_file: _WrittenFile) -> bool:
    """Return whether a written file could be restored to its previous content."""
    change, _stamp, kept = written_file
    path = change.file.path
    with suppress(IlocalError):
        if kept:
            return atomic_write.restore_file(path, kept[0], change.data)
        if change.data is None:
            return False
        now = files.read_file(path)
        if now.data == change.data:
            if change.before is None:
                atomic_write.remove_file(path, now)
            else:  # the system cannot exchange files, and there is no backup
                atomic_write.replace_file(path, now, change.before.data)
            return True
    return False
