"""The index brought up to date with the registry's files."""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

from ilocal import progress
from ilocal.errors import RegistryError
from ilocal.i18n.messages import _
from ilocal.index import database, incremental_update
from ilocal.storage import files
from ilocal.storage.changes.text_delta import FileChange
from ilocal.storage.files import FileSnapshot, FileState, RegistryFile
from ilocal.storage.toml.document import TomlSyntaxError

ResultT = TypeVar("ResultT")


class IndexedFile(NamedTuple):
    """A file as the index has it."""

    id: int
    state: str
    read_time_ns: int


def make_index_builder(members: list[RegistryFile]) -> Callable[[sqlite3.Connection], None]:
    """Return a function that fills a new index with the files of a registry. It raises RegistryError."""

    def fill(connection: sqlite3.Connection) -> None:
        with pause_garbage_collection(), _report_progress_of_index_build(members) as task:
            for member in members:
                _index_file(connection, member, files.read_file(member.path))
            task.set_message(lambda _done: _("Building the index …"))
            database.create_sql_indexes(connection)
            incremental_update.finish_index_update(connection)

    return fill


def refresh_index(
    connection: sqlite3.Connection,
    members: list[RegistryFile],
    snapshots: Mapping[str, FileSnapshot],
    racy_window_ns: int,
) -> None:
    """Update the index with changed files.

    `snapshots` has texts that were already read, by file name. Raises RegistryError if a file is not a registry; then
    nothing is changed.
    """
    with open_sql_transaction(connection), _report_progress_of_index_build(members):
        since = incremental_update.fetch_last_event_key(connection)
        changed = _delete_rows_of_missing_files(connection, members)
        for member in members:
            known = _find_indexed_file(connection, member)
            stamp = files.read_file_state(member.path)
            settled = known is not None and known.read_time_ns - max(stamp.mtime_ns, stamp.ctime_ns) > racy_window_ns
            if known is None or known.state != stamp.text or not settled:
                changed |= _index_file(connection, member, snapshots.get(member.name) or files.read_file(member.path))
        if changed:
            incremental_update.finish_index_update(connection, since)


def apply_changes_to_index(
    connection: sqlite3.Connection, changes: Sequence[FileChange], states: Sequence[FileState | None]
) -> None:
    """Update the index with changes that were just written, unless another process has done so.

    `states` has the states of the files after the write, None if unknown.
    """
    now = time.time_ns()
    with open_sql_transaction(connection):
        since = incremental_update.fetch_last_event_key(connection)
        for change, stamp in zip(changes, states, strict=True):
            known = _find_indexed_file(connection, change.file)
            if known is not None and (change.before is None or known.state != change.before.state.text):
                continue
            if change.data is None or stamp is None:
                continue  # removed or unknown states are detected by the next query
            id = known.id if known else insert_file_row(connection, change.file)
            region = (
                change.region if known else incremental_update.find_region_not_in_index(connection, id, change.data)
            )
            if region is not None:
                incremental_update.update_file_rows(connection, id, str(change.file.path), region)
            record_indexed_file_state(connection, change.file, FileSnapshot(change.data, stamp, now))
        incremental_update.finish_index_update(connection, since)


@contextmanager
def _report_progress_of_index_build(members: list[RegistryFile]) -> Iterator[progress.ProgressTask]:
    """Show the share of the files' bytes that was read; of an existing index, most files need not be read."""
    total = sum(files.read_file_state(member.path).size for member in members)

    def format_share(done: int) -> str:
        return _("Reading the registry: {share} % …", share=min(100 * done // max(total, 1), 100))

    with progress.track_progress(format_share) as task:
        yield task


@contextmanager
def open_sql_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Open a transaction that waits for other writers and is rolled back if it ends in an error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        with pause_garbage_collection():
            yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def record_indexed_file_state(connection: sqlite3.Connection, member: RegistryFile, snapshot: FileSnapshot) -> None:
    """Record the state of a file whose text is in the index."""
    # A text that changed while it was read (written in place) must not count as the content of the file.
    stamp = snapshot.state.text if files.read_file_state(member.path) == snapshot.state else ""
    connection.execute(
        "UPDATE file SET stamp = ?, read_at = ? WHERE name = ?", (stamp, snapshot.read_time_ns, member.name)
    )


def insert_file_row(connection: sqlite3.Connection, member: RegistryFile) -> int:
    """Return the id of a file that is new to the index."""
    (id,) = connection.execute("INSERT INTO file (name) VALUES (?) RETURNING id", (member.name,)).fetchone()
    names = [name for (name,) in connection.execute("SELECT name FROM file")]
    connection.executemany("UPDATE file SET rank = ? WHERE name = ?", enumerate(sorted(names)))
    return int(id)


def _index_file(connection: sqlite3.Connection, member: RegistryFile, snapshot: FileSnapshot) -> bool:
    known = _find_indexed_file(connection, member)
    id = known.id if known else insert_file_row(connection, member)
    try:
        region = incremental_update.find_region_not_in_index(connection, id, snapshot.data)
    except TomlSyntaxError as error:
        raise error.as_registry_error(str(member.path)) from None
    if region is not None:
        incremental_update.update_file_rows(connection, id, str(member.path), region)
    record_indexed_file_state(connection, member, snapshot)
    return region is not None or known is None


def _find_indexed_file(connection: sqlite3.Connection, member: RegistryFile) -> IndexedFile | None:
    sql = "SELECT id, coalesce(stamp, ''), coalesce(read_at, 0) FROM file WHERE name = ?"
    row = connection.execute(sql, (member.name,)).fetchone()
    return IndexedFile(*row) if row else None


def _delete_rows_of_missing_files(connection: sqlite3.Connection, members: list[RegistryFile]) -> bool:
    names = {member.name for member in members}
    gone = [(id,) for id, name in connection.execute("SELECT id, name FROM file").fetchall() if name not in names]
    for (id,) in gone:
        incremental_update.delete_file_rows(connection, id)
    connection.executemany("DELETE FROM file WHERE id = ?", gone)
    return bool(gone)


@contextmanager
def pause_garbage_collection() -> Iterator[None]:
    """Disable garbage collection while many objects are made, none of which is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def use_new_database(path: Path, use: Callable[[sqlite3.Connection], ResultT]) -> ResultT:
    """Return `use(connection)` for a new database of the registry as it is now.

    The database is in memory if it cannot be stored or read in the cache folder: other processes may delete it at any
    time. Raises RegistryError if the registry cannot be read.
    """
    fill = make_index_builder(files.list_registry_files(path))
    try:
        return use(database.create_database(database.get_index_folder(path), fill))
    except RegistryError:
        raise
    except (OSError, sqlite3.Error, RuntimeError):
        return use(database.create_in_memory_database(fill))
