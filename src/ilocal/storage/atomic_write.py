"""Files written whole or not at all: replaced, created, removed and restored."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from ilocal.errors import ConflictError, MeanwhileError, NotDurableError, RegistryError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import reason
from ilocal.storage import exchange, signals
from ilocal.storage.files import YOUNG, Snapshot, Stamp, _is_member, members, no_registry, read

EDITOR_SECONDS = 10.0  # in which an editor may finish what it is saving


def clear(path: Path) -> list[tuple[Path, Path]]:
    """Remove what killed writes of a registry, and of the schema beside it, left behind; hold its lock.

    Returns what they displaced of another program's, each with the path that it was saved to. Raises RegistryError.
    """
    from ilocal.storage.files import FILE as SCHEMA  # only who writes needs it

    with _told(path):
        if not path.is_dir():
            return _cleared(path, SCHEMA)
        left = exchange.clear(Path(os.path.realpath(path)), lambda name: _is_member(Path(name)) or name == SCHEMA)
        linked = [_cleared(member.path, SCHEMA) for member in members(path) if member.path.is_symlink()]
    return [(path / one.name, one.path) for one in left] + list(chain(*linked))


def _cleared(path: Path, also: str) -> list[tuple[Path, Path]]:
    real = Path(os.path.realpath(path))
    return [(path, left.path) for left in exchange.clear(real.parent, {real.name, also}.__contains__)]


# -------------------------------------------------------------------------------------------------------------- write


def replace(path: Path, before: Snapshot, data: bytes, kept: list[Path] | None = None) -> Stamp:
    """Put `data` in the place of the file that was read as `before`; hold its lock. Returns the new state.

    A temporary file in the same folder is written and synced, changes places with the old one, and the folder is
    synced: when this returns, the new text survives a power cut, and no signal comes in until `swap.release_signals`.
    When it raises anything but NotDurableError, the old text stands, and no temporary file is left. Raises
    MeanwhileError where the file is no longer as it was read, which is known for certain: what came out of its place
    is looked at. `kept` gets the name of that, for `put_back` or `let_go`; else it is removed.
    """
    real = Path(os.path.realpath(path))
    with _told(path):
        status = os.stat(real)
        _check_writable(path, real, status)
        with exchange.temporary(real, status) as made:
            written = _written(made, data)
            _check_unchanged(path, real, before)
            if not exchange.into_place(
                made, real, _coming_out(before), lambda out: _is_what_was_read(out, before), kept
            ):
                raise _meanwhile(path)
            return _saved(made, written, real, path)


def _written(made: exchange.Made, data: bytes) -> os.stat_result:
    exchange.write(made.descriptor, [data])
    return os.fstat(made.descriptor)


def _coming_out(before: Snapshot) -> tuple[int, int, int]:
    return before.stamp.inode, before.stamp.size, before.stamp.mtime


def _check_writable(path: Path, real: Path, status: os.stat_result) -> None:
    # A rename asks only for the folder: what is written into a file asks for the file.
    if not os.access(real, os.W_OK):
        raise RegistryError(_("{path}: read-only; nothing was changed", path=path))
    if status.st_nlink > 1:
        raise RegistryError(
            _(
                "{path}: has {n} names (hard links), and would keep one; nothing was changed",
                path=path,
                n=status.st_nlink,
            ),
            hint=_("make a copy of it, or a symbolic link"),
        )


def _check_unchanged(path: Path, real: Path, before: Snapshot) -> None:
    try:
        now = Stamp.of(os.stat(real))
    except FileNotFoundError:
        now = None
    if now != before.stamp:
        raise _meanwhile(path)


def _meanwhile(path: Path) -> MeanwhileError:
    return MeanwhileError(
        _("{path}: changed by another program meanwhile; nothing was written", path=path), hint=_("try again")
    )


def _is_what_was_read(path: Path, before: Snapshot) -> bool:
    """Whether a file is, with all that others are still writing into it, the one that was read."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        finished = exchange.wait_for_writers(descriptor, time.monotonic() + EDITOR_SECONDS)
        now = Stamp.of(os.fstat(descriptor))
        if not finished or now.size != before.stamp.size:
            return False
        # The change of its name is a change of its state, so that it cannot be told by ctime.
        if now._replace(ctime=0) == before.stamp._replace(ctime=0) and before.read_at - now.mtime > YOUNG:
            return True
        with open(descriptor, "rb", closefd=False) as file:
            return file.read() == before.data
    finally:
        os.close(descriptor)


def remove(path: Path, before: Snapshot, kept: list[Path] | None = None) -> None:
    """Remove a file of a registry that was read as `before`; hold the lock. `kept` and errors: see `replace`."""
    with _told(path):
        _check_writable(path, path, os.stat(path))
        _check_unchanged(path, path, before)
        if not exchange.out_of_place(path, _coming_out(before), lambda out: _is_what_was_read(out, before), kept):
            raise _meanwhile(path)
    _sync_folder(path, path)


def put_back(path: Path, out: Path, data: bytes | None) -> bool:
    """Put what `replace` or `remove` kept in its place again, where the file is still as they left it; takes no space.

    False where it is not: somebody saved it since. Raises RegistryError.
    """
    real = Path(os.path.realpath(path))
    with _told(path):
        if data is None:
            with suppress(FileExistsError):
                exchange.into_free_place(out, real)
                return True
            return False
        ours = os.stat(real)
        if read(real).data != data:
            return False
        exchange.put_back(out, real, ours)
        return not os.path.samestat(ours, os.stat(real))


def let_go(kept: Iterable[Path]) -> None:
    """Remove what `replace` or `remove` kept."""
    for out in kept:
        exchange.discard(out)


def create(path: Path, data: bytes) -> Stamp:
    """Write a new file, never over anything; returns its state. Raises ConflictError where there is something.

    What `replace` says of the disk, of signals and of errors is so here too.
    """
    with _told(path):
        if path.is_dir():
            raise ConflictError(
                _("{path}: there is already a folder; nothing was changed", path=path), hint=_("name a file")
            )
    with _told(path), exchange.temporary(path, None) as made:
        written = _written(made, data)
        try:
            exchange.into_free_place(made.path, path)
        except FileExistsError:
            raise ConflictError(_("{path}: there is already a file; nothing was changed", path=path)) from None
        return _saved(made, written, path, path)


def put(path: Path, before: Snapshot | None, data: bytes) -> None:
    """Write a file that is no registry, over the one that was read as `before`, or a new one where that is None.

    All is as with `replace` and `create`, links are followed, and UsageError stands for RegistryError.
    """
    with no_registry():
        if before is None:
            create(Path(os.path.realpath(path)), data)
        else:
            replace(path, before, data)


def create_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    """Make a folder of new files, whole or not at all; one that is there and empty is filled, file by file.

    Raises ConflictError for one in use.
    """
    with _told(path):
        is_new = not path.exists()
        if not is_new and (not path.is_dir() or any(path.iterdir())):
            raise _in_use(path)
        if is_new:
            _make_folder(path, contents)
        else:
            _fill_folder(path, contents)
    _sync_folder(Path(os.path.realpath(path)), path)


def _make_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    with exchange.temporary_folder(path) as made:
        for name, data in contents.items():
            with _told(path / name):
                exchange.write(made.path / name, [data])
        exchange.sync_folder(made.descriptor)
        try:
            exchange.into_free_place(made.path, path)
        except FileExistsError:
            raise _in_use(path) from None


def _fill_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    made: list[Path] = []
    doubt: NotDurableError | None = None
    try:
        for name, data in contents.items():
            try:
                create(path / name, data)
            except NotDurableError as error:  # it is there, and so must be the others
                doubt = doubt or error
            made.append(path / name)
    except BaseException:
        for file in made:
            file.unlink()
        raise
    if doubt:
        raise doubt


def _in_use(path: Path) -> ConflictError:
    return ConflictError(
        _("{path}: there is something already; nothing was changed", path=path), hint=_("name a new folder")
    )


def write_output(path: Path, chunks: Iterable[str]) -> None:
    """Write a file of answers, whole or not at all, over an old one if there is one. Raises UsageError.

    What `replace` says of signals is so here too, and what it refuses is refused.
    """
    real = Path(os.path.realpath(path))
    with no_registry(), _told(path):
        status = os.stat(path) if path.exists() else None
        if status is not None and not stat.S_ISREG(status.st_mode):
            exchange.write(path, _encoded(chunks), sync=False)  # /dev/stdout and its like are written to, not replaced
            return
        if status is not None:
            _check_writable(path, real, status)
        with exchange.temporary(real, status) as made:
            exchange.write(made.descriptor, _encoded(chunks))
            signals.hold_signals()
            os.replace(made.path, real)
    _sync_folder(real, path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say of an error of the system which file it was about, in the words the user had for it."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.parent.is_dir():
            raise RegistryError(_("{path}: there is no folder {parent}", path=path, parent=path.parent)) from None
        raise RegistryError(_("{path}: {reason}; nothing was changed", path=path, reason=reason(error))) from None


def _encoded(chunks: Iterable[str]) -> Iterator[bytes]:
    return (chunk.encode() for chunk in chunks)


def _saved(made: exchange.Made, written: os.stat_result, path: Path, shown: Path) -> Stamp:
    """Have a file that is in place on disk by its name; returns its state with our text. Raises NotDurableError.

    Its state by its name may be another one by now: that of what an editor saved since.
    """
    _sync_folder(path, shown)
    with _doubted(shown):
        now = Stamp.of(os.fstat(made.descriptor))
    return now._replace(size=written.st_size, mtime=written.st_mtime_ns)


def _sync_folder(path: Path, shown: Path) -> None:
    with _doubted(shown):
        descriptor = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        try:
            exchange.sync_folder(descriptor)
        finally:
            exchange.close(descriptor)


@contextmanager
def _doubted(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotDurableError(
            _("{path}: saved, but not known to be on disk: {reason}", path=path, reason=reason(error))
        ) from None
