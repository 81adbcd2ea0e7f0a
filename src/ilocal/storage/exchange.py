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

from ilocal.errors import DurabilityError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import translate_os_error
from ilocal.storage import failpoints
from ilocal.storage.signals import block_signals

# ---------------------------------------------------------------------------------------------------- temporary files


class TempFile(NamedTuple):
    """A temporary file: its name, and the file itself, open for writing."""

    path: Path
    descriptor: int


@contextmanager
def create_temp_file(path: Path, attributes: os.stat_result | None) -> Iterator[TempFile]:
    """A new file beside `path`, with the mode, owner and access list of `like`; gone at the end, unless it was renamed.

    What a killed process left of such files is cleared first.
    """
    remove_leftover_temp_files(path.parent, path.name.__eq__)
    made = _make_temp_path(path)
    descriptor = -1
    try:
        # The name is ours before the file is: whenever a signal comes, the file does not stay.
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        with suppress(OSError):  # some file systems have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if attributes is not None:
            _copy_file_attributes(descriptor, path, attributes)
        failpoints.reach_failpoint("made")
        yield TempFile(made, descriptor)
    finally:
        remove_path_quietly(made)
        close_file_quietly(descriptor)


@contextmanager
def create_temp_folder(path: Path) -> Iterator[TempFile]:
    """A new folder beside `path`; gone at the end with all that is in it, unless it was renamed."""
    remove_leftover_temp_files(path.parent, path.name.__eq__)
    made = _make_temp_path(path)
    descriptor = -1
    try:
        made.mkdir()
        descriptor = os.open(made, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        failpoints.reach_failpoint("mkdir")
        yield TempFile(made, descriptor)
    finally:
        remove_path_quietly(made)
        close_file_quietly(descriptor)


def _make_temp_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")


def close_file_quietly(descriptor: int) -> None:
    """Close a file from which nothing is to be learned any more: an error would hide what was done with it."""
    with suppress(OSError):
        os.close(descriptor)


def _copy_file_attributes(descriptor: int, path: Path, attributes: os.stat_result) -> None:
    """Give a new file the owner, group, mode, access list and other attributes of the one it will replace."""
    for owner in ((attributes.st_uid, -1), (-1, attributes.st_gid)):
        with suppress(PermissionError):  # those of another may not be ours to give
            os.fchown(descriptor, *owner)
    os.fchmod(descriptor, stat.S_IMODE(attributes.st_mode))
    with suppress(OSError, AttributeError):  # a file system, or a system, without them
        for name in os.listxattr(path):
            with suppress(OSError):  # some are the system's own
                os.setxattr(descriptor, name, os.getxattr(path, name))


def write_file(target: Path | int, chunks: Iterable[bytes], *, sync: bool = True) -> None:
    """Write a file, named or open, and have it on disk when this returns."""
    with open(target, "wb", closefd=isinstance(target, Path)) as file:
        file.writelines(chunks)
        file.flush()
        failpoints.reach_failpoint("written")
        if sync:
            os.fsync(file.fileno())
    failpoints.reach_failpoint("synced")


def sync_folder(descriptor: int) -> None:
    """Have the names in an open folder on disk."""
    failpoints.reach_failpoint("folder")
    os.fsync(descriptor)


_TEMP_NAME_PATTERN = re.compile(r"\.(?P<name>.+)\.(?:[0-9a-f]{12}\.tmp|[0-9]+(?:-[0-9]+){3}\.swap)", re.DOTALL)


class DisplacedFile(NamedTuple):
    """What was displaced from a name by a process that was killed before it could look at it."""

    name: str
    path: Path


def remove_leftover_temp_files(folder: Path, is_target_name: Callable[[str], bool]) -> list[DisplacedFile]:
    """Remove what killed processes left of writing files with such names; returns what is nobody's to remove."""
    kept: list[DisplacedFile] = []
    for entry in os.scandir(folder):
        found = _TEMP_NAME_PATTERN.fullmatch(entry.name)
        if found is None or not is_target_name(found["name"]) or not _is_temp_file_or_folder(entry):
            continue
        if not _can_be_leftover(entry, folder / found["name"]):
            continue
        if not _is_hard_link_of(entry, folder / found["name"]) and _is_temp_file_locked(entry.path):
            continue
        if entry.name.endswith(".swap") and not _is_own_swap_file(entry):
            kept.append(DisplacedFile(found["name"], Path(entry.path)))
        else:
            remove_path_quietly(Path(entry.path))
    return kept


def _is_temp_file_or_folder(entry: os.DirEntry[str]) -> bool:
    """Whether something is a file, or a folder that is being made: whoever opened a FIFO would wait for ever."""
    is_folder = entry.name.endswith(".tmp") and entry.is_dir(follow_symlinks=False)
    return is_folder or entry.is_file(follow_symlinks=False)


def _can_be_leftover(entry: os.DirEntry[str], target: Path) -> bool:
    """Return whether a write of ours, or of the owner of the file that was written, can have left a temporary file."""
    with suppress(OSError):
        status = entry.stat(follow_symlinks=False)
        if status.st_uid == os.geteuid():
            return True
        written = os.stat(target, follow_symlinks=False)
        return status.st_uid == written.st_uid or entry.name.startswith(f".{target.name}.{written.st_ino}-")
    return False


def _is_hard_link_of(entry: os.DirEntry[str], path: Path) -> bool:
    """Whether a temporary file is in place by its other name: the process was killed between giving and taking one."""
    with suppress(OSError):
        return os.path.samestat(entry.stat(follow_symlinks=False), os.stat(path, follow_symlinks=False))
    return False


def _is_temp_file_locked(path: str) -> bool:
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


def exchange_file_into_place(
    temp_file: TempFile,
    path: Path,
    expected_state: tuple[int, int, int],
    is_expected: Callable[[Path], bool],
    backups: list[Path] | None = None,
) -> bool:
    """Let a finished file and what is at `path` change places, and look at what came out.

    `coming_out` is the inode, size and time of last change that the latter is believed to have. False where what came
    out is not what was expected: then it is at `path` again. Else it is removed, or where there is `kept` its name is
    put there, for `put_back`. Raises OSError where nothing was changed, and DurabilityError where that is not known.
    """
    ours = os.fstat(temp_file.descriptor)
    block_signals()
    out = temp_file.path
    try:
        out = _make_swap_path(path, ours.st_ino, expected_state)
        temp_file.path.rename(out)
        failpoints.reach_failpoint("before")
        if not exchange_files(out, path):
            os.replace(out, path)  # a system that knows no exchange
            return True
    except BaseException:
        remove_path_quietly(out)
        raise
    try:
        failpoints.reach_failpoint("exchanged")
        as_expected = is_expected(out)
    except (OSError, MemoryError):
        undo_file_exchange(out, path, ours)
        raise
    if not as_expected:
        undo_file_exchange(out, path, ours)
        return False
    _discard_or_keep_backup(out, backups)
    return True


def _discard_or_keep_backup(displaced: Path, backups: list[Path] | None) -> None:
    if backups is None:
        remove_path_quietly(displaced)
    else:
        backups.append(displaced)


def _make_swap_path(path: Path, new_inode: int, expected_state: tuple[int, int, int]) -> Path:
    return path.with_name(f".{path.name}.{'-'.join(map(str, (new_inode, *expected_state)))}.swap")


def undo_file_exchange(displaced: Path, path: Path, our_status: os.stat_result) -> None:
    """Undo an exchange. What somebody saved over our text meanwhile is newer than what came out, and stays."""
    try:
        exchange_files(displaced, path)
        now = os.stat(displaced)
        if (now.st_ino, now.st_size, now.st_mtime_ns) != (
            our_status.st_ino,
            our_status.st_size,
            our_status.st_mtime_ns,
        ):
            exchange_files(displaced, path)
    except OSError as error:
        raise DurabilityError(
            _("{path}: saved over what another program saved: {reason}", path=path, reason=translate_os_error(error)),
            hint=_("its text is in {out}", out=displaced),
        ) from None
    remove_path_quietly(displaced)


def rename_file_exclusively(source: Path, path: Path) -> None:
    """Give a finished file, or folder, its name. Raises FileExistsError where something has it, OSError."""
    block_signals()
    failpoints.reach_failpoint("free")
    if _call_renameat2(source, path, _RENAME_NOREPLACE):
        return
    try:
        os.link(source, path)  # unlike a rename, fails where the path exists
    except OSError:  # a disk without hard links, or a folder
        if os.path.lexists(path):
            raise
        source.rename(path)
    else:
        remove_path_quietly(source)


def move_file_aside(
    path: Path,
    expected_state: tuple[int, int, int],
    is_expected: Callable[[Path], bool],
    backups: list[Path] | None = None,
) -> bool:
    """Take a file away, and look at what it was; `coming_out` and `kept` are as for `into_place`.

    False where it is not what was expected: then it is at `path` again, or where another program has put another one
    there, by its own name until the next write. Raises OSError where nothing was changed, and DurabilityError where
    that is not known.
    """
    block_signals()
    out = _make_swap_path(path, 0, expected_state)
    failpoints.reach_failpoint("going")
    path.rename(out)
    try:
        failpoints.reach_failpoint("gone")
        as_expected = is_expected(out)
    except (OSError, MemoryError):
        _move_file_back(out, path)
        raise
    if as_expected:
        _discard_or_keep_backup(out, backups)
    else:
        _move_file_back(out, path)
    return as_expected


def _move_file_back(displaced: Path, path: Path) -> None:
    try:
        rename_file_exclusively(displaced, path)
    except FileExistsError:
        return  # what is there by now is newer; the next write puts this aside
    except OSError as error:
        raise DurabilityError(
            _(
                "{path}: removed, though another program had saved it: {reason}",
                path=path,
                reason=translate_os_error(error),
            ),
            hint=_("its text is in {out}", out=displaced),
        ) from None


def remove_path_quietly(path: Path) -> None:
    """Remove a file or folder of ours; what cannot be removed is cleared by the next write."""
    with suppress(OSError):
        try:
            os.unlink(path)
        except (IsADirectoryError, PermissionError):  # which of them depends on the system
            from shutil import rmtree

            rmtree(path)


def _is_own_swap_file(entry: os.DirEntry[str]) -> bool:
    """Whether what is in a file named by `into_place` is what was to go in or to come out."""
    status = entry.stat(follow_symlinks=False)
    try:
        going_in, *coming_out = map(int, entry.name.rsplit(".", 2)[1].split("-"))
    except ValueError:
        return False
    return status.st_ino == going_in or [status.st_ino, status.st_size, status.st_mtime_ns] == coming_out


_AT_FDCWD = -100  # AT_FDCWD
_RENAME_NOREPLACE, _RENAME_EXCHANGE = 1, 2


def exchange_files(one: Path, other: Path) -> bool:
    """Let two names change places, in one step; False where the system cannot. Raises OSError."""
    return _call_renameat2(one, other, _RENAME_EXCHANGE)


def _call_renameat2(one: Path, other: Path, flags: int) -> bool:
    """Linux: renameat2(2) with a flag; False where the system, or its disk, does not know it. Raises OSError."""
    try:
        import ctypes

        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (ImportError, AttributeError, OSError):
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), flags) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code))


def wait_for_file_writers(descriptor: int, deadline: float) -> bool:
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
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
