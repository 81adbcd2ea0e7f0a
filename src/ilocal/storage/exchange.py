"""System calls that replace a file: temporary files, exchange of names, synchronisation, leases."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import signal
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import NotDurableError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import reason
from ilocal.storage.failpoints import failpoint
from ilocal.storage.signals import hold_signals

# ---------------------------------------------------------------------------------------------------- temporary files


class Made(NamedTuple):
    """A temporary file: its name, and the file itself, open for writing."""

    path: Path
    descriptor: int


@contextmanager
def temporary(path: Path, like: os.stat_result | None) -> Iterator[Made]:
    """A new file beside `path`, with the mode, owner and access list of `like`; gone at the end, unless it was renamed.

    What a killed process left of such files is cleared first.
    """
    clear(path.parent, path.name.__eq__)
    made = _temporary_name(path)
    descriptor = -1
    try:
        # The name is ours before the file is: whenever a signal comes, the file does not stay.
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        with suppress(OSError):  # some file systems have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if like is not None:
            _become_like(descriptor, path, like)
        failpoint("made")
        yield Made(made, descriptor)
    finally:
        discard(made)
        close(descriptor)


@contextmanager
def temporary_folder(path: Path) -> Iterator[Made]:
    """A new folder beside `path`; gone at the end with all that is in it, unless it was renamed."""
    clear(path.parent, path.name.__eq__)
    made = _temporary_name(path)
    descriptor = -1
    try:
        made.mkdir()
        descriptor = os.open(made, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        failpoint("mkdir")
        yield Made(made, descriptor)
    finally:
        discard(made)
        close(descriptor)


def _temporary_name(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")


def close(descriptor: int) -> None:
    """Close a file from which nothing is to be learned any more: an error would hide what was done with it."""
    with suppress(OSError):
        os.close(descriptor)


def _become_like(descriptor: int, path: Path, like: os.stat_result) -> None:
    """Give a new file the owner, group, mode, access list and other attributes of the one it will replace."""
    for owner in ((like.st_uid, -1), (-1, like.st_gid)):
        with suppress(PermissionError):  # those of another may not be ours to give
            os.fchown(descriptor, *owner)
    os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
    with suppress(OSError, AttributeError):  # a file system, or a system, without them
        for name in os.listxattr(path):
            with suppress(OSError):  # some are the system's own
                os.setxattr(descriptor, name, os.getxattr(path, name))


def write(to: Path | int, chunks: Iterable[bytes], *, sync: bool = True) -> None:
    """Write a file, named or open, and have it on disk when this returns."""
    with open(to, "wb", closefd=isinstance(to, Path)) as file:
        file.writelines(chunks)
        file.flush()
        failpoint("written")
        if sync:
            os.fsync(file.fileno())
    failpoint("synced")


def sync_folder(descriptor: int) -> None:
    """Have the names in an open folder on disk."""
    failpoint("folder")
    os.fsync(descriptor)


_OURS = re.compile(r"\.(?P<name>.+)\.(?:[0-9a-f]{12}\.tmp|[0-9]+(?:-[0-9]+){3}\.swap)", re.DOTALL)


class Left(NamedTuple):
    """What was displaced from a name by a process that was killed before it could look at it."""

    name: str
    path: Path


def clear(folder: Path, is_wanted: Callable[[str], bool]) -> list[Left]:
    """Remove what killed processes left of writing files with such names; returns what is nobody's to remove."""
    kept = []
    for entry in os.scandir(folder):
        found = _OURS.fullmatch(entry.name)
        if found is None or not is_wanted(found["name"]) or not _is_of_our_kind(entry):
            continue
        if not _is_second_name(entry, folder / found["name"]) and _is_in_use(entry.path):
            continue
        if entry.name.endswith(".swap") and not _is_known(entry):
            kept.append(Left(found["name"], Path(entry.path)))
        else:
            discard(Path(entry.path))
    return kept


def _is_of_our_kind(entry: os.DirEntry[str]) -> bool:
    """Whether something is a file, or a folder that is being made: whoever opened a FIFO would wait for ever."""
    is_folder = entry.name.endswith(".tmp") and entry.is_dir(follow_symlinks=False)
    return is_folder or entry.is_file(follow_symlinks=False)


def _is_second_name(entry: os.DirEntry[str], path: Path) -> bool:
    """Whether a temporary file is in place by its other name: the process was killed between giving and taking one."""
    with suppress(OSError):
        return os.path.samestat(entry.stat(follow_symlinks=False), os.stat(path, follow_symlinks=False))
    return False


def _is_in_use(path: str) -> bool:
    """Whether the process that made a temporary file still holds it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return True  # it is gone, or none of ours
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except OSError:
        return True
    finally:
        os.close(descriptor)


# ----------------------------------------------------------------------------------------------------------- exchange


def into_place(
    made: Made,
    path: Path,
    coming_out: tuple[int, int, int],
    is_expected: Callable[[Path], bool],
    kept: list[Path] | None = None,
) -> bool:
    """Let a finished file and what is at `path` change places, and look at what came out.

    `coming_out` is the inode, size and time of last change that the latter is believed to have. False where what came
    out is not what was expected: then it is at `path` again. Else it is removed, or where there is `kept` its name is
    put there, for `put_back`. Raises OSError where nothing was changed, and NotDurableError where that is not known.
    """
    ours = os.fstat(made.descriptor)
    hold_signals()
    out = made.path
    try:
        out = _swap_name(path, ours.st_ino, coming_out)
        made.path.rename(out)
        failpoint("before")
        if not exchange(out, path):
            os.replace(out, path)  # a system that knows no exchange
            return True
    except BaseException:
        discard(out)
        raise
    try:
        failpoint("exchanged")
        as_expected = is_expected(out)
    except OSError:
        put_back(out, path, ours)
        raise
    if not as_expected:
        put_back(out, path, ours)
        return False
    _let_go(out, kept)
    return True


def _let_go(out: Path, kept: list[Path] | None) -> None:
    if kept is None:
        discard(out)
    else:
        kept.append(out)


def _swap_name(path: Path, going_in: int, coming_out: tuple[int, int, int]) -> Path:
    return path.with_name(f".{path.name}.{'-'.join(map(str, (going_in, *coming_out)))}.swap")


def put_back(out: Path, path: Path, ours: os.stat_result) -> None:
    """Undo an exchange. What somebody saved over our text meanwhile is newer than what came out, and stays."""
    try:
        exchange(out, path)
        now = os.stat(out)
        if (now.st_ino, now.st_size, now.st_mtime_ns) != (ours.st_ino, ours.st_size, ours.st_mtime_ns):
            exchange(out, path)
    except OSError as error:
        raise NotDurableError(
            _("{path}: saved over what another program saved: {reason}", path=path, reason=reason(error)),
            hint=_("its text is in {out}", out=out),
        ) from None
    discard(out)


def into_free_place(made: Path, path: Path) -> None:
    """Give a finished file, or folder, its name. Raises FileExistsError where something has it, OSError."""
    hold_signals()
    failpoint("free")
    if _renamed(made, path, _NO_REPLACE):
        return
    try:
        os.link(made, path)  # unlike a rename, fails where the path exists
    except OSError:  # a disk without hard links, or a folder
        if os.path.lexists(path):
            raise
        made.rename(path)
    else:
        discard(made)


def out_of_place(
    path: Path, coming_out: tuple[int, int, int], is_expected: Callable[[Path], bool], kept: list[Path] | None = None
) -> bool:
    """Take a file away, and look at what it was; `coming_out` and `kept` are as for `into_place`.

    False where it is not what was expected: then it is at `path` again, or where another program has put another one
    there, by its own name until the next write. Raises OSError where nothing was changed, and NotDurableError where
    that is not known.
    """
    hold_signals()
    out = _swap_name(path, 0, coming_out)
    failpoint("going")
    path.rename(out)
    try:
        failpoint("gone")
        as_expected = is_expected(out)
    except OSError:
        _bring_back(out, path)
        raise
    if as_expected:
        _let_go(out, kept)
    else:
        _bring_back(out, path)
    return as_expected


def _bring_back(out: Path, path: Path) -> None:
    try:
        into_free_place(out, path)
    except FileExistsError:
        return  # what is there by now is newer; the next write puts this aside
    except OSError as error:
        raise NotDurableError(
            _("{path}: removed, though another program had saved it: {reason}", path=path, reason=reason(error)),
            hint=_("its text is in {out}", out=out),
        ) from None


def discard(path: Path) -> None:
    """Remove a file or folder of ours; what cannot be removed is cleared by the next write."""
    with suppress(OSError):
        try:
            os.unlink(path)
        except (IsADirectoryError, PermissionError):  # which of them depends on the system
            from shutil import rmtree

            rmtree(path)


def _is_known(entry: os.DirEntry[str]) -> bool:
    """Whether what is in a file named by `into_place` is what was to go in or to come out."""
    status = entry.stat(follow_symlinks=False)
    try:
        going_in, *coming_out = map(int, entry.name.rsplit(".", 2)[1].split("-"))
    except ValueError:
        return False
    return status.st_ino == going_in or [status.st_ino, status.st_size, status.st_mtime_ns] == coming_out


_HERE = -100  # AT_FDCWD
_NO_REPLACE, _EXCHANGE = 1, 2


def exchange(one: Path, other: Path) -> bool:
    """Let two names change places, in one step; False where the system cannot. Raises OSError."""
    return _renamed(one, other, _EXCHANGE)


def _renamed(one: Path, other: Path, how: int) -> bool:
    """Linux: renameat2(2) with a flag; False where the system, or its disk, does not know it. Raises OSError."""
    try:
        import ctypes

        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (ImportError, AttributeError, OSError):
        return False
    if renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), how) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code))


def wait_for_writers(descriptor: int, until: float) -> bool:
    """Wait while somebody has an open file open for writing, as an editor in the midst of saving has.

    False where that did not end in time. Where the system cannot tell (only Linux knows leases, and only for our own
    files on our own disks), it is taken as ended. `until` is by the monotonic clock.
    """
    while True:
        try:
            # Whoever opens it while we have the lease makes the system send us a signal: one that means nothing.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            return True
        except AttributeError:
            return True
        except OSError as error:
            if error.errno != errno.EAGAIN:
                return True
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
