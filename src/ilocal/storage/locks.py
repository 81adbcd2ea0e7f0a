"""The kernel's locks on a registry: one writer at a time, and no file that says so."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ilocal.errors import ConflictError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import reason
from ilocal.storage import exchange, failpoints
from ilocal.storage.files import check_regular, unreadable

LOCK_SECONDS = 10.0


@contextmanager
def locked(path: Path, seconds: float | None = None) -> Iterator[None]:
    """Hold the kernel's locks on the registry's folder and, where it is a file, on that, links followed.

    A writer replaces the file, and so do editors: the lock on the folder is the one that stays. The one on the file is
    for others who lock that; after waiting the path may name another file, and then that one is locked in turn. The
    kernel drops the locks with the process. Raises ConflictError when they are not given up in time: after that many
    seconds in which nothing was written, or six times as many in all.
    """
    seconds = LOCK_SECONDS if seconds is None else seconds
    real = Path(os.path.realpath(path))
    is_folder = real.is_dir()
    with ExitStack() as held:
        folder = _opened(path, real if is_folder else real.parent)
        held.callback(exchange.close, folder)
        _wait_for_lock(folder, path, folder, seconds)
        while not is_folder:
            descriptor = _opened(path, real)
            held.callback(exchange.close, descriptor)
            check_regular(path, os.fstat(descriptor))
            _wait_for_lock(descriptor, path, folder, seconds)
            if _same_file(descriptor, real):
                if not exchange.wait_for_writers(descriptor, time.monotonic() + seconds):
                    raise ConflictError(
                        _("{path}: open for writing in another program; nothing was changed", path=path),
                        hint=_("save it there first"),
                    )
                break
        failpoints.failpoint("locked")
        yield


def _opened(path: Path, real: Path) -> int:
    try:
        return os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise unreadable(path, error) from None


# Of files that are open for reading, as some file systems have it (NFS 4 locks for writing only what is open for that).
_NO_LOCK = (errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP)


def _wait_for_lock(descriptor: int, path: Path, folder: int, seconds: float) -> None:
    end = time.monotonic() + 6 * seconds
    until, seen = 0.0, -1
    while True:
        # Each write changes the folder: in a long queue that moves on, patience begins anew.
        if (now := os.fstat(folder).st_mtime_ns) != seen:
            until, seen = min(time.monotonic() + seconds, end), now
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno in _NO_LOCK and descriptor != folder:
                return  # the folder's lock is held; this one is for other programs, which cannot have it either
            if error.errno not in (errno.EWOULDBLOCK, errno.EINTR):
                raise ConflictError(_("{path}: cannot be locked: {reason}", path=path, reason=reason(error))) from None
        if time.monotonic() > until:
            raise ConflictError(
                _("{path}: locked by another program; nothing was changed", path=path), hint=_("try again")
            )
        time.sleep(0.01)


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False
