"""What the system offers for replacing a file whole: temporary files, an exchange of two names, syncs, signals held.

A file that is being written has a temporary name beside the one it will have, and is locked, so that what a killed
process left behind is told from what a living one is at:

- `.NAME.*.tmp` is a text that was never in place;
- `.NAME.*.swap` is about to change places with NAME, or just did. Its name says which inode was to go in, and what
  was to come out. Anything else in it is what somebody saved at that very moment, and is never thrown away.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ilocal.errors import NotDurableError, reason
from ilocal.language import _

# --------------------------------------------------------------------------------------------------------- failpoints

_FAILURES = {"kill": signal.SIGKILL, "int": signal.SIGINT, "term": signal.SIGTERM, "stop": signal.SIGSTOP}


def failpoint(name: str) -> None:
    """A named place of a write, where tests let something happen: ILOCAL_FAILPOINT=NAME:kill, or any error's name.

    This is how the crash tests work on machines that allow no tracing.
    """
    place, _, what = os.environ.get("ILOCAL_FAILPOINT", "").partition(":")
    if place != name:
        return
    del os.environ["ILOCAL_FAILPOINT"]  # it happens once
    if what in _FAILURES:
        os.kill(os.getpid(), _FAILURES[what])
    else:
        code = getattr(errno, what)
        raise OSError(code, os.strerror(code))


# ------------------------------------------------------------------------------------------------------------ signals

_HELD = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_before: list[set[int]] = []  # the mask to go back to, while signals are held


def hold_signals() -> None:
    """From now on nothing interrupts; see `release_signals`."""
    if not _before:
        _before.append({int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)})


def release_signals(*, forget: bool = False) -> None:
    """Let signals in again: those that came meanwhile act now, or are forgotten where all is done anyway."""
    if not _before:
        return
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in (_HELD if forget else ())}
    signal.pthread_sigmask(signal.SIG_SETMASK, _before.pop())
    for number, handler in kept.items():
        signal.signal(number, handler)


# ---------------------------------------------------------------------------------------------------- temporary files


@contextmanager
def temporary(path: Path, like: os.stat_result | None) -> Iterator[Path]:
    """A new file beside `path`, with the mode, owner and access list of `like`; gone at the end, unless it was renamed.

    What a killed process left of such files is cleared first.
    """
    clear(path)
    made = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    descriptor = -1
    try:
        # The name is ours before the file is: whenever a signal comes, the file does not stay.
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        with suppress(OSError):  # some file systems have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if like is not None:
            _become_like(descriptor, path, like)
        failpoint("made")
        yield made
    finally:
        _discard(made)
        close(descriptor)


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


def write(path: Path, chunks: Iterable[bytes], *, sync: bool = True) -> None:
    """Write a file, and have it on disk when this returns."""
    with open(path, "wb") as file:
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


def clear(path: Path) -> list[Path]:
    """Remove what killed processes left of writing `path`; returns the texts that are nobody's to remove."""
    kept = []
    for entry in os.scandir(path.parent):
        ours = entry.name.startswith(f".{path.name}.") and entry.name.endswith((".tmp", ".swap"))
        if ours and not _is_in_use(entry.path):
            if entry.name.endswith(".swap") and not _is_known(entry):
                kept.append(Path(entry.path))
            else:
                _discard(Path(entry.path))
    return kept


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


def into_place(made: Path, path: Path, coming_out: tuple[int, int, int], is_expected: Callable[[Path], bool]) -> bool:
    """Let a finished file and what is at `path` change places, and look at what came out; signals are held from here.

    `coming_out` is the inode, size and time of last change that the latter is believed to have. False where what came
    out is not what was expected: then it is at `path` again. Raises OSError where nothing was changed, and
    NotDurableError where that is not known.
    """
    ours = os.stat(made)
    hold_signals()
    out = made
    try:
        out = path.with_name(f".{path.name}.{'-'.join(map(str, (ours.st_ino, *coming_out)))}.swap")
        made.rename(out)
        failpoint("before")
        if not exchange(out, path):
            os.replace(out, path)  # a system that knows no exchange
            return True
    except BaseException:
        _discard(out)
        release_signals()
        raise
    try:
        failpoint("exchanged")
        as_expected = is_expected(out)
    except OSError:
        _put_back(out, path, ours)
        raise
    if not as_expected:
        _put_back(out, path, ours)
        return False
    _discard(out)
    return True


def _put_back(out: Path, path: Path, ours: os.stat_result) -> None:
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
    _discard(out)
    release_signals()


def _discard(path: Path) -> None:
    """Remove a file of ours; what cannot be removed is cleared by the next write."""
    with suppress(OSError):
        os.unlink(path)


def _is_known(entry: os.DirEntry[str]) -> bool:
    """Whether what is in a file named by `into_place` is what was to go in or to come out."""
    status = entry.stat(follow_symlinks=False)
    try:
        going_in, *coming_out = map(int, entry.name.rsplit(".", 2)[1].split("-"))
    except ValueError:
        return False
    return status.st_ino == going_in or [status.st_ino, status.st_size, status.st_mtime_ns] == coming_out


def exchange(one: Path, other: Path) -> bool:
    """Let two names change places, in one step; False where the system cannot. Raises OSError.

    Linux, renameat2(2) with RENAME_EXCHANGE.
    """
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    here, both = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if renameat2(here, os.fsencode(one), here, os.fsencode(other), both) == 0:
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
