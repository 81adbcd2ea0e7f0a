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
    """Create a temporary file next to `path`, with the mode, owner and access list of `attributes`; finally remove it.

    If it was renamed, it stays. Leftovers of killed processes are removed first.
    """
    remove_leftover_temp_files(path.parent, path.name.__eq__)
    made = _make_temp_path(path)
    descriptor = -1
    try:
        # The name is known before the file exists, so that it is removed whenever a signal arrives.
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        with suppress(OSError):  # some file systems lack locks
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
    """Create a temporary folder next to `path`; remove it with its content at the end, unless it was renamed."""
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
    """Close a file, ignoring errors, which would hide the outcome of earlier operations."""
    with suppress(OSError):
        os.close(descriptor)


def _copy_file_attributes(descriptor: int, path: Path, attributes: os.stat_result) -> None:
    """Copy owner, group, mode, access list and other attributes of the file to be replaced to the new one."""
    for owner in ((attributes.st_uid, -1), (-1, attributes.st_gid)):
        with suppress(PermissionError):  # only root may set another owner
            os.fchown(descriptor, *owner)
    os.fchmod(descriptor, stat.S_IMODE(attributes.st_mode))
    with suppress(OSError, AttributeError):  # a file system, or a system, without them
        for name in os.listxattr(path):
            with suppress(OSError):  # some are the system's own
                os.setxattr(descriptor, name, os.getxattr(path, name))


def write_file(target: Path | int, chunks: Iterable[bytes], *, sync: bool = True) -> None:
    """Write a file, given by path or descriptor, and sync it to disk."""
    with open(target, "wb", closefd=isinstance(target, Path)) as file:
        file.writelines(chunks)
        file.flush()
        failpoints.reach_failpoint("written")
        if sync:
            os.fsync(file.fileno())
    failpoints.reach_failpoint("synced")


def flush_folder_to_disk(descriptor: int) -> None:
    """Sync the entries of an open folder to disk."""
    failpoints.reach_failpoint("folder")
    os.fsync(descriptor)


_TEMP_NAME_PATTERN = re.compile(r"\.(?P<name>.+)\.(?:[0-9a-f]{12}\.tmp|[0-9]+(?:-[0-9]+){3}\.swap)", re.DOTALL)


class DisplacedFile(NamedTuple):
    """A file that was displaced by a process that was killed before it could check it."""

    name: str
    path: Path


def remove_leftover_temp_files(folder: Path, is_target_name: Callable[[str], bool]) -> list[DisplacedFile]:
    """Remove temporary files left by killed processes, and return displaced files that another program saved.

    `is_target_name` selects the file names whose leftovers are removed.
    """
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
    """Return whether an entry is a file or a temporary folder; opening a FIFO would block."""
    is_folder = entry.name.endswith(".tmp") and entry.is_dir(follow_symlinks=False)
    return is_folder or entry.is_file(follow_symlinks=False)


def _can_be_leftover(entry: os.DirEntry[str], target: Path) -> bool:
    """Return whether a write of ours, or of the owner of the written file, may have left a temporary file."""
    with suppress(OSError):
        status = entry.stat(follow_symlinks=False)
        if status.st_uid == os.geteuid():
            return True
        written = os.stat(target, follow_symlinks=False)
        return status.st_uid == written.st_uid or entry.name.startswith(f".{target.name}.{written.st_ino}-")
    return False


def _is_hard_link_of(entry: os.DirEntry[str], path: Path) -> bool:
    """Return whether a temporary file is a second link to `path`: the process was killed between link and unlink."""
    with suppress(OSError):
        return os.path.samestat(entry.stat(follow_symlinks=False), os.stat(path, follow_symlinks=False))
    return False


def _is_temp_file_locked(path: str) -> bool:
    """Return whether the process that created a temporary file still holds its lock."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return True  # it is gone, or belongs to another user
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
    """Exchange a finished temporary file with the file at `path`, and check the displaced file.

    Arguments:
        temp_file: the finished file.
        path: the path it gets.
        expected_state: inode, size and modification time that the displaced file should have.
        is_expected: returns whether the displaced file is the expected one.
        backups: gets the path of the displaced file; if None, that is removed.

    Returns False if the displaced file is not the expected one; it is then back at `path`. Raises OSError if nothing
    was changed, and DurabilityError if that is unknown.
    """
    ours = os.fstat(temp_file.descriptor)
    block_signals()
    out = temp_file.path
    try:
        out = _make_swap_path(path, ours.st_ino, expected_state)
        temp_file.path.rename(out)
        failpoints.reach_failpoint("before")
        if not exchange_files(out, path):
            os.replace(out, path)  # a system without exchange
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
    """Undo an exchange. If another program saved over our text in between, its newer text stays in place."""
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
            _(
                "{path}: overwrote a version saved by another program: {reason}",
                path=path,
                reason=translate_os_error(error),
            ),
            hint=_("the version of the other program is in {out}", out=displaced),
        ) from None
    remove_path_quietly(displaced)


def rename_file_exclusively(source: Path, path: Path) -> None:
    """Rename a finished file or folder to `path`. Raises FileExistsError if that exists, or OSError."""
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
    """Move a file aside and check it; the arguments are those of `exchange_file_into_place`.

    Returns False if the file is not the expected one; it is then back at `path` or, if another program has created a
    file there, under its temporary name until the next write. Raises OSError if nothing was changed, and
    DurabilityError if that is unknown.
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
        return  # the file there is newer; the next write rescues this one
    except OSError as error:
        raise DurabilityError(
            _(
                "{path}: removed a version saved by another program: {reason}",
                path=path,
                reason=translate_os_error(error),
            ),
            hint=_("the version of the other program is in {out}", out=displaced),
        ) from None


def remove_path_quietly(path: Path) -> None:
    """Remove a temporary file or folder; if that fails, the next write removes it."""
    with suppress(OSError):
        try:
            os.unlink(path)
        except (IsADirectoryError, PermissionError):  # which of them depends on the system
            from shutil import rmtree

            rmtree(path)


def _is_own_swap_file(entry: os.DirEntry[str]) -> bool:
    """Return whether a swap file is the one that its name, given by `exchange_file_into_place`, describes."""
    status = entry.stat(follow_symlinks=False)
    try:
        going_in, *coming_out = map(int, entry.name.rsplit(".", 2)[1].split("-"))
    except ValueError:
        return False
    return status.st_ino == going_in or [status.st_ino, status.st_size, status.st_mtime_ns] == coming_out


_AT_FDCWD = -100  # AT_FDCWD
_RENAME_NOREPLACE, _RENAME_EXCHANGE = 1, 2


def exchange_files(one: Path, other: Path) -> bool:
    """Exchange two files in one step. Returns False if the system cannot. Raises OSError."""
    return _call_renameat2(one, other, _RENAME_EXCHANGE)


def _call_renameat2(one: Path, other: Path, flags: int) -> bool:
    """Call renameat2(2) of Linux with a flag. Returns False if the system or file system lacks it. Raises OSError."""
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
    """Wait while another process has an open file open for writing, such as an editor that is saving.

    `deadline` is a time of the monotonic clock. Returns False if it passed. If the system cannot tell (only Linux has
    leases, and only for our own files on local disks), no writer is assumed.
    """
    while True:
        try:
            # If another process opens it during our lease, the system sends a signal: use a harmless one.
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
