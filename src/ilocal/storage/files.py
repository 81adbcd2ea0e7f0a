"""Reading of registry files, and their state on disk."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ilocal.errors import RegistryError, UsageError
from ilocal.i18n.messages import _, format_number
from ilocal.model.safe_text import make_text_safe

RACY_WINDOW_NS = 2_000_000_000  # nanoseconds in which a file may change twice and keep its times
SNAPSHOT_FOLDER_NAME = "sources"  # in a folder: the lists of others, as `ilocal refresh` fetched them
MAX_REGISTRY_FILE_BYTES = 1 << 30  # bytes of one of its files


class FileState(NamedTuple):
    """State that distinguishes versions of a file without reading it. Times are in nanoseconds since the epoch."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def from_stat(cls, status: os.stat_result) -> FileState:
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @property
    def text(self) -> str:
        return f"{self.device} {self.inode} {self.size} {self.mtime_ns} {self.ctime_ns}"


class FileSnapshot(NamedTuple):
    """A file's exact content (with byte-order mark and line ends), and its state when it was read."""

    data: bytes  # UTF-8, if it is a registry
    state: FileState
    read_time_ns: int  # nanoseconds since the epoch


class RegistryFile(NamedTuple):
    """A file of a registry; the name is "" where the registry is one file."""

    name: str
    path: Path


def list_registry_files(path: Path) -> list[RegistryFile]:
    """Return the files of the registry at a path: itself, or all `*.toml` in a folder and its `sources`, by name.

    Raises RegistryError if there is none.
    """
    if not path.is_dir():
        return [RegistryFile("", path)]
    try:
        names = sorted(found.name for found in path.iterdir() if is_registry_file_name(found) and not found.is_dir())
        names += _list_snapshot_names(path)
    except OSError as error:
        raise unreadable_file_error(path, error) from None
    for name in names:
        if not name.isprintable():
            raise RegistryError(
                _(
                    "{path}/{name}: the name of a registry file must contain only printable characters",
                    path=path,
                    name=make_text_safe(name),
                ),
                hint=_("rename the file"),
            )
    if not names:
        raise RegistryError(
            _("{path}: there is no .toml file in this folder", path=path),
            hint=_("to create a registry, run: ilocal init {path}", path=path),
        )
    return [RegistryFile(name, path / name) for name in names]


def _list_snapshot_names(path: Path) -> list[str]:
    """Return the names of the snapshots in a folder, none if it has no folder `sources`. Raises OSError."""
    try:
        found = [one.name for one in os.scandir(path / SNAPSHOT_FOLDER_NAME) if not one.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [make_snapshot_name(name) for name in sorted(found) if is_registry_file_name(Path(name))]


def make_snapshot_name(file_name: str) -> str:
    """Return the name of a file in the folder of snapshots, seen from the registry's folder."""
    return f"{SNAPSHOT_FOLDER_NAME}/{file_name}"


def is_snapshot_name(name: str) -> bool:
    """Return whether a file of a folder registry is the snapshot of another office's list."""
    return name.startswith(f"{SNAPSHOT_FOLDER_NAME}/")


def is_registry_file_name(path: Path) -> bool:
    """Return whether a file of this name belongs to a registry that is a folder."""
    return path.suffix == ".toml" and path.name[0] != "."


def read_file_state(path: Path) -> FileState:
    """Return the current state of a file. Raises RegistryError if it is not a readable regular file."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise unreadable_file_error(path, error) from None
    check_regular_file(path, status)
    return FileState.from_stat(status)


def read_file_states(path: Path) -> dict[str, str]:
    """Return the state of each file of the registry at a path now (`FileState.text`), by name. Raises RegistryError."""
    return {file.name: read_file_state(file.path).text for file in list_registry_files(path)}


def read_file_owner(path: Path) -> tuple[int, int] | None:
    """Return the user id and group id that own a file; None if unknown."""
    with suppress(OSError):
        status = os.stat(path)
        return status.st_uid, status.st_gid
    return None


def read_file(path: Path) -> FileSnapshot:
    """Read a file of a registry. Raises RegistryError."""
    try:
        found = read_file_up_to(path, MAX_REGISTRY_FILE_BYTES, check_regular_file)
    except OSError as error:
        raise unreadable_file_error(path, error) from None
    if len(found.data) > MAX_REGISTRY_FILE_BYTES:
        hint = _("split the registry into a folder with one file per year")
        raise RegistryError(
            _("{path}: more than {most} bytes", path=path, most=format_number(MAX_REGISTRY_FILE_BYTES)), hint=hint
        )
    return found


def read_file_up_to(path: Path, max_bytes: int, check_kind: Callable[[Path, os.stat_result], None]) -> FileSnapshot:
    """Read a file, at most `max_bytes` + 1 bytes of it, so that the caller can detect one that is too large.

    `check_kind` may refuse the file by its status. Raises OSError.
    """
    read_at = time.time_ns()
    # Non-blocking, so that a FIFO in the place of a file is refused and not waited for.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        check_kind(path, status)
        with open(descriptor, "rb", closefd=False) as file:
            return FileSnapshot(_read_bytes(file, status.st_size, max_bytes + 1), FileState.from_stat(status), read_at)
    finally:
        os.close(descriptor)


_CHUNK_BYTES = 1 << 20  # read size for a file that is larger than its status said


def _read_bytes(file: BinaryIO, expected: int, most: int) -> bytes:
    """Read a file to its end, or at most `most` bytes; memory is allocated for the actual size only."""
    chunks = [file.read(min(expected + 1, most))]
    left = most - len(chunks[0])
    while chunks[-1] and left > 0 and len(chunks[0]) > expected:
        chunks.append(file.read(min(_CHUNK_BYTES, left)))
        left -= len(chunks[-1])
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def check_regular_file(path: Path, status: os.stat_result) -> None:
    """Raise RegistryError if the path is not a regular file."""
    if stat.S_ISDIR(status.st_mode):
        raise RegistryError(
            _("{path}: expected a file, found a folder", path=path), hint=_("use the .toml file in the folder")
        )
    if not stat.S_ISREG(status.st_mode):
        raise RegistryError(_("{path}: not a regular file", path=path))


def unreadable_file_error(path: Path, error: OSError) -> RegistryError:
    """Return the error for a registry that cannot be opened."""
    from ilocal.i18n.third_party import translate_os_error

    hint = _("to create a registry, run: ilocal init {path}", path=path) if error.errno == errno.ENOENT else ""
    return RegistryError(f"{path}: {translate_os_error(error)}", hint=hint)


@contextmanager
def convert_file_error_to_usage_error() -> Iterator[None]:
    """Convert RegistryError to UsageError, for files that are not a registry."""
    try:
        yield
    except RegistryError as error:
        raise UsageError(error.message, hint=error.hint) from None


SCHEMA_FILE_NAME = "ilocal.schema.json"  # next to the registry, created by `init`
