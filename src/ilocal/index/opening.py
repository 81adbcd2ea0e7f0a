"""Opening the index: fresh, refreshed or built anew, on disk or in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ilocal.errors import RegistryError
from ilocal.index import database
from ilocal.index.index import DAMAGE, Index
from ilocal.storage import files
from ilocal.storage.files import Member, Snapshot, Stamp

_YOUNG = files.YOUNG


# ---------------------------------------------------------------------------------------------------------------- open


def open_index(path: Path, known: Mapping[str, Snapshot] | None = None) -> Index:
    """The index of the registry at a path; brought up to date, or made anew where it is missing or damaged.

    `known` has texts that were read already. Raises RegistryError where the registry cannot be read.
    """
    while True:
        members = files.members(path)
        try:
            return _open(path, members, known or {})
        except RegistryError:
            if files.members(path) == members:
                raise  # else a file of the folder came or went meanwhile


def _open(path: Path, members: list[Member], known: Mapping[str, Snapshot]) -> Index:
    stamps = [files.stamp(member.path) for member in members]
    connection = None
    is_news = False
    try:
        connection = database.stored(database.folder_for(path))
        if connection is not None:
            if not _is_fresh(connection, members, stamps, known):
                _bring_up_to_date(connection, members, known)
                is_news = True
            return Index(connection, path, is_news=is_news)
    except BaseException as error:
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()
        if isinstance(error, RegistryError) or not isinstance(error, (OSError, RuntimeError, *DAMAGE)):
            raise
    return made_anew(path)


def _is_fresh(
    connection: sqlite3.Connection, members: list[Member], stamps: list[Stamp], known: Mapping[str, Snapshot]
) -> bool:
    """By the state of the files; by their content, where that was read from a file so young that times may lie."""
    sql = "SELECT name, id, stamp, read_at FROM file"
    have = {name: (id, stamp, read_at) for name, id, stamp, read_at in connection.execute(sql)}
    if have.keys() != {member.name for member in members}:
        return False
    for member, stamp in zip(members, stamps, strict=True):
        id, text, read_at = have[member.name]
        changed = max(stamp.mtime, stamp.ctime)
        if text != stamp.text:
            return False
        if read_at - changed <= _YOUNG:
            snapshot = known.get(member.name) or files.read(member.path)
            # Once old enough, a file is read for the last time: that is noted in `_bring_up_to_date`.
            if snapshot.read_at - changed > _YOUNG or not _is_same(connection, id, snapshot.data):
                return False
    return True


def _is_same(connection: sqlite3.Connection, file: int, data: bytes) -> bool:
    """Whether the text is the one that the index has."""
    from hashlib import sha256

    at = 0
    for length, digest in connection.execute(
        "SELECT length, digest FROM segment WHERE file = ? ORDER BY start, id", (file,)
    ):
        if sha256(data[at : at + length]).digest()[: len(digest)] != digest:
            return False
        at += length
    return at == len(data)


def _bring_up_to_date(connection: sqlite3.Connection, members: list[Member], known: Mapping[str, Snapshot]) -> None:
    """Read what changed. Nothing is kept when this raises an error."""
    from ilocal.index.build import bring_up_to_date  # the parser is not needed to ask

    bring_up_to_date(connection, members, known, _YOUNG)


def made_anew(path: Path) -> Index:
    """A new index, from the registry as it is now; in memory where it cannot be kept in the cache folder."""
    from ilocal.index.build import filling

    fill = filling(files.members(path))
    try:
        return Index(database.made(database.folder_for(path), fill), path)
    except RegistryError:
        raise
    except (OSError, sqlite3.Error, RuntimeError):
        return Index(database.in_memory(fill), path)
