"""Reading of registry files, and their state on disk."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ilocal.errors import RegistryError, UsageError
from ilocal.i18n.messages import _, number
from ilocal.i18n.third_party import reason
from ilocal.model.safe_text import safe

YOUNG = 2_000_000_000  # nanoseconds in which a file may change twice and keep its times
LARGEST_REGISTRY = 1 << 30  # bytes of one of its files


class Stamp(NamedTuple):
    """What tells one state of a file from another without reading it. Times are in nanoseconds since the epoch."""

    device: int
    inode: int
    size: int
    mtime: int
    ctime: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @property
    def text(self) -> str:
        return f"{self.device} {self.inode} {self.size} {self.mtime} {self.ctime}"


class Snapshot(NamedTuple):
    """A file's text, exactly as it stands (a byte-order mark and line ends included), and the state it was read in."""

    data: bytes  # UTF-8, if it is a registry
    stamp: Stamp
    read_at: int  # nanoseconds since the epoch


class Member(NamedTuple):
    """A file of a registry; the name is "" where the registry is one file."""

    name: str
    path: Path


def members(path: Path) -> list[Member]:
    """The files that are the registry at a path: itself, or every `*.toml` in a folder, by name.

    Raises RegistryError where there is none.
    """
    if not path.is_dir():
        return [Member("", path)]
    try:
        names = sorted(found.name for found in path.iterdir() if _is_member(found) and not found.is_dir())
    except OSError as error:
        raise unreadable(path, error) from None
    for name in names:
        if not name.isprintable():
            raise RegistryError(
                _("{path}/{name}: a file of a registry has a plain name", path=path, name=safe(name)),
                hint=_("rename it"),
            )
    if not names:
        raise RegistryError(
            _("{path}: there is no .toml file in this folder", path=path),
            hint=_("make one with: ilocal init {path}", path=path),
        )
    return [Member(name, path / name) for name in names]


def _is_member(path: Path) -> bool:
    return path.suffix == ".toml" and path.name[0] != "."


def stamp(path: Path) -> Stamp:
    """The state of the registry now. Raises RegistryError where it is not a regular file that can be looked at."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise unreadable(path, error) from None
    check_regular(path, status)
    return Stamp.of(status)


def owner(path: Path) -> tuple[int, int] | None:
    """The user and the group that a file belongs to; None where that cannot be known."""
    with suppress(OSError):
        status = os.stat(path)
        return status.st_uid, status.st_gid
    return None


def read(path: Path) -> Snapshot:
    """Read a file of a registry. Raises RegistryError."""
    try:
        found = snapshot(path, LARGEST_REGISTRY, check_regular)
    except OSError as error:
        raise unreadable(path, error) from None
    if len(found.data) > LARGEST_REGISTRY:
        hint = _("keep it as a folder, with a file a year")
        raise RegistryError(_("{path}: more than {most} bytes", path=path, most=number(LARGEST_REGISTRY)), hint=hint)
    return found


def snapshot(path: Path, most: int, check: Callable[[Path, os.stat_result], None]) -> Snapshot:
    """Read a file whose kind passes `check`; of one that is larger than `most`, one byte more than that.

    Raises OSError.
    """
    read_at = time.time_ns()
    # Non-blocking, so that a FIFO in the place of a file is refused and not waited for.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        check(path, status)
        with open(descriptor, "rb", closefd=False) as file:
            return Snapshot(file.read(most + 1), Stamp.of(status), read_at)
    finally:
        os.close(descriptor)


def check_regular(path: Path, status: os.stat_result) -> None:
    """Raise RegistryError for what is no regular file."""
    if stat.S_ISDIR(status.st_mode):
        raise RegistryError(
            _("{path}: that is a folder, and a file is wanted here", path=path), hint=_("name the .toml file in it")
        )
    if not stat.S_ISREG(status.st_mode):
        raise RegistryError(_("{path}: not a regular file", path=path))


def unreadable(path: Path, error: OSError) -> RegistryError:
    """The error to raise where a registry cannot be opened."""
    hint = _("make one with: ilocal init {path}", path=path) if error.errno == errno.ENOENT else ""
    return RegistryError(f"{path}: {reason(error)}", hint=hint)


@contextmanager
def no_registry() -> Iterator[None]:
    """Say of an error about a file that it is one of wrong words: the file is not the registry."""
    try:
        yield
    except RegistryError as error:
        raise UsageError(error.message, hint=error.hint) from None


FILE = "ilocal.schema.json"  # beside the registry, where `init` puts it
