"""The files of a registry written as one change: all of them, or none as far as the system lets us."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import IlocalError, MeanwhileError, NotDurableError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import reason
from ilocal.storage import atomic_write, files
from ilocal.storage.changes import undo_log
from ilocal.storage.changes.text_delta import Change, stretch_of
from ilocal.storage.failpoints import failpoint
from ilocal.storage.files import Stamp
from ilocal.storage.signals import release_signals


class _Done(NamedTuple):
    """A file that was written: its state then, None where that is not known, and what was in its place."""

    change: Change
    stamp: Stamp | None
    kept: list[Path]


def write_all(
    registry: Path, changes: Sequence[Change], notes: list[str]
) -> tuple[list[Stamp | None], NotDurableError | None]:
    """Write changes, under the registry's lock, one file after the other, and keep them for `undo`.

    Returns the new states of the files, None where there is none or it is not known, and the error to raise where one
    is not known to be on disk. Raises what kept one from being written, when the others are as they were; else
    NotDurableError. `notes` gets what a user should be told.
    """
    doubt: NotDurableError | None = None
    done: list[_Done] = []
    for change in changes:
        stamp, kept = None, list[Path]()
        try:
            stamp = _write(change, kept, notes)
        except NotDurableError as error:  # it is written, and so must be what belongs to it
            doubt = doubt or error
        except BaseException as error:
            _take_back(registry, done, error, notes)
            release_signals()
            raise
        done.append(_Done(change, stamp, kept))
    _finish(registry, done, notes)
    return [one.stamp for one in done], doubt


def _write(change: Change, kept: list[Path], notes: list[str]) -> Stamp | None:
    path = change.member.path
    if change.before is None:
        assert change.data is not None
        return atomic_write.create(path, change.data)
    if change.data is None:
        atomic_write.remove(path, change.before, kept)
        return None
    owner = files.owner(path)
    stamp = atomic_write.replace(path, change.before, change.data, kept)
    if files.owner(path) != owner:
        notes.append(_("{path}: belongs to you now, as its owner or group could not be kept", path=path))
    return stamp


def _finish(registry: Path, done: Sequence[_Done], notes: list[str]) -> bool:
    """Let go of what was replaced, and keep what was written for `undo`; whether that can be."""
    for one in done:
        atomic_write.let_go(one.kept)
    try:
        failpoint("kept")
        undo_log.keep(undo_log.folder_for(registry), [stretch_of(one.change, one.stamp) for one in done])
    except OSError as error:
        notes.append(_("saved, but ilocal undo cannot take it back: {reason}", reason=reason(error)))
        return False
    return True


def _take_back(registry: Path, done: Sequence[_Done], error: BaseException, notes: list[str]) -> None:
    """Put back what was written of a change that cannot be written whole.

    What cannot be put back is kept for `undo`, and NotDurableError raised; unless another program's save kept the rest
    from being written, for then all is tried once more.
    """
    standing = [one for one in reversed(done) if not _is_put_back(one)]
    if not standing:
        return
    is_kept = _finish(registry, standing[::-1], notes)
    if isinstance(error, IlocalError) and not isinstance(error, MeanwhileError):
        names = ", ".join(str(one.change.member.path) for one in standing)
        said = _(
            "{names}: written, and could not be put back when more could not be written: {message}",
            names=names,
            message=error.message,
        )
        raise NotDurableError(said, hint=_("take it back with: ilocal undo") if is_kept else "") from None


def _is_put_back(done: _Done) -> bool:
    """Whether a file is again as it was before it was written."""
    change, _stamp, kept = done
    path = change.member.path
    with suppress(IlocalError):
        if kept:
            return atomic_write.put_back(path, kept[0], change.data)
        if change.data is None:
            return False
        now = files.read(path)
        if now.data == change.data:
            if change.before is None:
                atomic_write.remove(path, now)
            else:  # the system knows no exchange of names, and nothing is kept
                atomic_write.replace(path, now, change.before.data)
            return True
    return False
