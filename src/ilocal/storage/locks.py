"""Kernel locks on a registry: one writer at a time, without lock files."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ilocal.errors import ConflictError, RegistryError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import translate_os_error
from ilocal.storage import exchange, failpoints
from ilocal.storage.files import RegistryFile, check_regular_file, list_registry_files, unreadable_file_error

LOCK_TIMEOUT_SECONDS = 10.0


@contextmanager
def lock_registry(path: Path, timeout_seconds: float | None = None) -> Iterator[None]:
    """Hold the kernel's locks on the registry's folder and, if it is a file, on the file; links are followed.

    A writer replaces the file, and so do editors, so the lock on the folder is the permanent one. The lock on the file
    is for other programs that lock it; if the path names another file after waiting, that one is locked in turn. The
    kernel releases the locks when the process ends.

    Arguments:
        path: the path of the registry.
        timeout_seconds: seconds to wait without any write by the holder, six times as many in all; None for the
            default.

    Raises ConflictError if the locks are not released in time.
    """
    timeout_seconds = LOCK_TIMEOUT_SECONDS if timeout_seconds is None else timeout_seconds
    real = Path(os.path.realpath(path))
    is_folder = real.is_dir()
    with ExitStack() as held:
        folder = _open_file_for_locking(path, real if is_folder else real.parent)
        held.callback(exchange.close_file_quietly, folder)
        _wait_for_file_lock(folder, path, folder, timeout_seconds)
        while not is_folder:
            descriptor = _open_file_for_locking(path, real)
            held.callback(exchange.close_file_quietly, descriptor)
            check_regular_file(path, os.fstat(descriptor))
            _wait_for_file_lock(descriptor, path, folder, timeout_seconds)
            if _is_same_file(descriptor, real):
                if not exchange.wait_for_file_writers(descriptor, time.monotonic() + timeout_seconds):
                    raise _file_in_use_error(path)
                break
        if is_folder:
            _wait_for_writers_in_folder(path, time.monotonic() + timeout_seconds)
        failpoints.reach_failpoint("locked")
        yield


def _wait_for_writers_in_folder(path: Path, deadline: float) -> None:
    """Wait while an editor saves a file of a folder. Raises ConflictError if that does not end in time."""
    members: list[RegistryFile] = []
    with suppress(RegistryError):  # a folder that is not a registry, such as that of the settings
        members = list_registry_files(path)
    for member in members:
        with suppress(OSError):  # unreadable files are reported by their reader
            descriptor = os.open(member.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            try:
                is_regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
                if is_regular and not exchange.wait_for_file_writers(descriptor, deadline):
                    raise _file_in_use_error(member.path)
            finally:
                os.close(descriptor)


def _file_in_use_error(path: Path) -> ConflictError:
    return ConflictError(
        _("{path}: open for writing in another program; nothing was changed", path=path),
        hint=_("save the file in the other program first"),
    )


def _open_file_for_locking(path: Path, real: Path) -> int:
    try:
        return os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise unreadable_file_error(path, error) from None


# For files open for reading, as some file systems have it (NFS 4 write locks need a file open for writing).
_UNSUPPORTED_LOCK_ERRNOS = (errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP)


def _wait_for_file_lock(descriptor: int, path: Path, folder: int, timeout_seconds: float) -> None:
    end = time.monotonic() + 6 * timeout_seconds
    until, seen = 0.0, -1
    while True:
        # Each write changes the folder: in a queue that moves on, the timeout starts again.
        if (now := os.fstat(folder).st_mtime_ns) != seen:
            until, seen = min(time.monotonic() + timeout_seconds, end), now
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno in _UNSUPPORTED_LOCK_ERRNOS and descriptor != folder:
                return  # the folder's lock is held; this one is for other programs, which cannot lock the file either
            if error.errno not in (errno.EWOULDBLOCK, errno.EINTR):
                raise ConflictError(
                    _("{path}: cannot be locked: {reason}", path=path, reason=translate_os_error(error))
                ) from None
        if time.monotonic() > until:
            raise ConflictError(
                _("{path}: locked by another program; nothing was changed", path=path), hint=_("try again")
            )
        time.sleep(0.01)


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False
