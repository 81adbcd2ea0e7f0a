"""The index brought up to date with the registry's files."""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from ilocal import progress
from ilocal.i18n.messages import _
from ilocal.index import database, incremental_update
from ilocal.storage import files
from ilocal.storage.changes.text_delta import Change
from ilocal.storage.files import Member, Snapshot, Stamp
from ilocal.storage.toml.document import NotToml


class Known(NamedTuple):
    """A file as the index knows it."""

    id: int
    stamp: str
    read_at: int


def filling(members: list[Member]) -> Callable[[sqlite3.Connection], None]:
    """What fills a new index with the files of a registry. Raises RegistryError."""

    def fill(connection: sqlite3.Connection) -> None:
        with _without_collection(), _reading(members) as task:
            for member in members:
                _bring_in(connection, member, files.read(member.path))
            task.now(lambda _done: _("Making the index …"))
            database.add_indexes(connection)
            incremental_update.finish(connection)

    return fill


def bring_up_to_date(
    connection: sqlite3.Connection, members: list[Member], snapshots: Mapping[str, Snapshot], young: int
) -> None:
    """Bring in what changed; `snapshots` are texts that were read already, by the names of their files.

    Raises RegistryError where one is no registry, and then nothing has changed.
    """
    with writing(connection), _reading(members):
        since = incremental_update.last_key(connection)
        changed = _forget_gone(connection, members)
        for member in members:
            known = _known(connection, member)
            stamp = files.stamp(member.path)
            settled = known is not None and known.read_at - max(stamp.mtime, stamp.ctime) > young
            if known is None or known.stamp != stamp.text or not settled:
                changed |= _bring_in(connection, member, snapshots.get(member.name) or files.read(member.path))
        if changed:
            incremental_update.finish(connection, since)


def take_in(connection: sqlite3.Connection, changes: Sequence[Change], stamps: Sequence[Stamp | None]) -> None:
    """Bring in what was just written, which left the files in these states, unless somebody else did already."""
    now = time.time_ns()
    with writing(connection):
        since = incremental_update.last_key(connection)
        for change, stamp in zip(changes, stamps, strict=True):
            known = _known(connection, change.member)
            if known is not None and (change.before is None or known.stamp != change.before.stamp.text):
                continue
            if change.data is None or stamp is None:
                continue  # what is gone, or not known for sure, is found to be so by the next question
            id = known.id if known else new_file(connection, change.member)
            region = change.region if known else incremental_update.compare(connection, id, change.data)
            if region is not None:
                incremental_update.bring_in(connection, id, str(change.member.path), region)
            noted(connection, change.member, Snapshot(change.data, stamp, now))
        incremental_update.finish(connection, since)


@contextmanager
def _reading(members: list[Member]) -> Iterator[progress.Task]:
    """Show what share of the files has been read, in bytes; of an index that is there already, most need not be."""
    total = sum(files.stamp(member.path).size for member in members)

    def told(done: int) -> str:
        return _("Reading the registry: {share} % …", share=min(100 * done // max(total, 1), 100))

    with progress.task(told) as task:
        yield task


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that waits for other writers, and is undone when it ends in an error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        with _without_collection():
            yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def noted(connection: sqlite3.Connection, member: Member, snapshot: Snapshot) -> None:
    """Note the state of a file whose text the index has."""
    # A text that changed under the reader (written in place) is not to be taken for what the file holds.
    stamp = snapshot.stamp.text if files.stamp(member.path) == snapshot.stamp else ""
    connection.execute("UPDATE file SET stamp = ?, read_at = ? WHERE name = ?", (stamp, snapshot.read_at, member.name))


def new_file(connection: sqlite3.Connection, member: Member) -> int:
    """The number of a file that the index does not have yet."""
    (id,) = connection.execute("INSERT INTO file (name) VALUES (?) RETURNING id", (member.name,)).fetchone()
    names = [name for (name,) in connection.execute("SELECT name FROM file")]
    connection.executemany("UPDATE file SET rank = ? WHERE name = ?", enumerate(sorted(names)))
    return int(id)


def _bring_in(connection: sqlite3.Connection, member: Member, snapshot: Snapshot) -> bool:
    known = _known(connection, member)
    id = known.id if known else new_file(connection, member)
    try:
        region = incremental_update.compare(connection, id, snapshot.data)
    except NotToml as error:
        raise error.of(str(member.path)) from None
    if region is not None:
        incremental_update.bring_in(connection, id, str(member.path), region)
    noted(connection, member, snapshot)
    return region is not None or known is None


def _known(connection: sqlite3.Connection, member: Member) -> Known | None:
    sql = "SELECT id, coalesce(stamp, ''), coalesce(read_at, 0) FROM file WHERE name = ?"
    row = connection.execute(sql, (member.name,)).fetchone()
    return Known(*row) if row else None


def _forget_gone(connection: sqlite3.Connection, members: list[Member]) -> bool:
    names = {member.name for member in members}
    gone = [(id,) for id, name in connection.execute("SELECT id, name FROM file").fetchall() if name not in names]
    for (id,) in gone:
        incremental_update.forget(connection, id)
    connection.executemany("DELETE FROM file WHERE id = ?", gone)
    return bool(gone)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Garbage is not looked for while thousands of tables are read that are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
