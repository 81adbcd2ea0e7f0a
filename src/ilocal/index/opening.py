"""Opening of the index: fresh, updated or rebuilt, on disk or in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ilocal.errors import RegistryError
from ilocal.index import database
from ilocal.index.index import DAMAGE_ERRORS, Index
from ilocal.storage import files
from ilocal.storage.files import FileSnapshot, FileState, RegistryFile

# ---------------------------------------------------------------------------------------------------------------- open


def open_index(path: Path, snapshots: Mapping[str, FileSnapshot] | None = None) -> Index:
    """Open the index of the registry at a path, updating it, or rebuilding it if it is missing or corrupt.

    `snapshots` has texts that were already read. Raises RegistryError if the registry cannot be read.
    """
    while True:
        members = files.list_registry_files(path)
        try:
            return _open_or_rebuild_index(path, members, snapshots or {})
        except RegistryError:
            if files.list_registry_files(path) == members:
                raise  # else a file was added to or removed from the folder


def open_index_if_possible(path: Path, snapshots: Mapping[str, FileSnapshot]) -> Index | None:
    """Return the index of the registry at a path; None if SQLite cannot create one, not even in memory.

    Raises RegistryError if the registry cannot be read.
    """
    try:
        return open_index(path, snapshots)
    except (OSError, RuntimeError, sqlite3.Error):
        return None


def _open_or_rebuild_index(path: Path, members: list[RegistryFile], snapshots: Mapping[str, FileSnapshot]) -> Index:
    stamps = [files.read_file_state(member.path) for member in members]
    connection = None
    is_news = False
    try:
        connection = database.open_newest_database(database.get_index_folder(path))
        if connection is not None:
            if not _is_index_fresh(connection, members, stamps, snapshots):
                _refresh_index(connection, members, snapshots)
                is_news = True
            return Index(connection, path, was_stale=is_news)
    except BaseException as error:
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()
        if isinstance(error, RegistryError) or not isinstance(error, (OSError, RuntimeError, *DAMAGE_ERRORS)):
            raise
    # A corrupt index, or one of another version, does not know whether the text has changed.
    had_index = any(database.get_index_folder(path).glob("*.sqlite"))
    return rebuild_index(path, was_stale=had_index)


def _is_index_fresh(
    connection: sqlite3.Connection,
    members: list[RegistryFile],
    stamps: list[FileState],
    snapshots: Mapping[str, FileSnapshot],
) -> bool:
    """Return whether the files are unchanged, by their state, or by content if they were modified too recently."""
    sql = "SELECT name, id, stamp, read_at FROM file"
    have = {name: (id, stamp, read_at) for name, id, stamp, read_at in connection.execute(sql)}
    if have.keys() != {member.name for member in members}:
        return False
    for member, stamp in zip(members, stamps, strict=True):
        id, text, read_at = have[member.name]
        changed = max(stamp.mtime_ns, stamp.ctime_ns)
        if text != stamp.text:
            return False
        if read_at - changed <= files.RACY_WINDOW_NS:
            snapshot = snapshots.get(member.name) or files.read_file(member.path)
            # Once old enough, a file is read a last time, and `_refresh_index` records that.
            if snapshot.read_time_ns - changed > files.RACY_WINDOW_NS or not _is_text_indexed(
                connection, id, snapshot.data
            ):
                return False
    return True


def _is_text_indexed(connection: sqlite3.Connection, file: int, data: bytes) -> bool:
    """Return whether the index has exactly this text."""
    from hashlib import sha256

    at = 0
    for length, digest in connection.execute(
        "SELECT length, digest FROM segment WHERE file = ? ORDER BY start, id", (file,)
    ):
        if sha256(data[at : at + length]).digest()[: len(digest)] != digest:
            return False
        at += length
    return at == len(data)


def _refresh_index(
    connection: sqlite3.Connection, members: list[RegistryFile], snapshots: Mapping[str, FileSnapshot]
) -> None:
    """Update the index with changed files. If this raises an error, nothing is kept."""
    from ilocal.index.build import refresh_index  # queries do not need the parser

    refresh_index(connection, members, snapshots, files.RACY_WINDOW_NS)


def rebuild_index(path: Path, *, was_stale: bool = False) -> Index:
    """Return a new index of the registry as it is now."""
    from ilocal.index.build import use_new_database

    return use_new_database(path, lambda connection: Index(connection, path, was_stale=was_stale))
