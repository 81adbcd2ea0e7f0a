"""Storage of the index: its tables, its location, and how it is opened and created.

Each new index gets its own file name, so that processes with an older one open are not disturbed; the newest is opened.
It uses SQLite's WAL mode, in which readers and a writer do not block each other.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from ilocal.model.fields import FIELDS
from ilocal.storage.discovery import get_user_folder

LONG_EVENT_DAYS = 400  # longer events are queried separately, so that others can be found by their start
_ABANDONED_AFTER_SECONDS = 3600  # seconds after which an unfinished index counts as abandoned
_TABLES_VERSION = 14  # of the tables below
# An index of another version is thrown away; so is one that was made when events had other fields.
INDEX_SCHEMA_VERSION = _TABLES_VERSION << 32 | crc32(repr([(field.name, field.kind) for field in FIELDS]).encode())

_TABLES_SQL = """
CREATE TABLE meta (version INTEGER, header TEXT, doubts TEXT, count INTEGER);
CREATE TABLE file (
    id INTEGER PRIMARY KEY, name TEXT UNIQUE, rank INTEGER, stamp TEXT, read_at INTEGER,
    head TEXT DEFAULT '[{}, {}, [], {}]', locked TEXT DEFAULT ''
);
CREATE TABLE segment (
    id INTEGER PRIMARY KEY, file INTEGER, rank INTEGER, start INTEGER, length INTEGER, line INTEGER, lines INTEGER,
    digest BLOB
);
CREATE TABLE event (
    key INTEGER PRIMARY KEY AUTOINCREMENT, segment INTEGER, start INTEGER, length INTEGER, line INTEGER, header INTEGER,
    id_line INTEGER, digest BLOB, id TEXT, made INTEGER, hidden INTEGER,
    first INTEGER, last INTEGER, date INTEGER, updated INTEGER, title TEXT, recurs INTEGER
);
CREATE TABLE record (key INTEGER PRIMARY KEY, fields TEXT, rest TEXT, extra TEXT);
CREATE TABLE name (field TEXT, folded TEXT, name TEXT, n INTEGER, PRIMARY KEY (field, folded, name)) WITHOUT ROWID;
CREATE TABLE other (segment INTEGER, start INTEGER, length INTEGER, line INTEGER, text TEXT);
CREATE TABLE problem (
    segment INTEGER, start INTEGER, length INTEGER, digest BLOB, line INTEGER, message TEXT, field TEXT,
    code TEXT, id TEXT, event INTEGER
);
"""
# Made when the tables are full, which is quicker than keeping them while they grow.
_INDEXES_SQL = f"""
CREATE INDEX event_by_segment ON event (segment);
CREATE INDEX event_by_id ON event (id);
CREATE INDEX event_by_title ON event (title);
CREATE INDEX event_by_date ON event (date, last);
CREATE INDEX event_made ON event (made) WHERE made;
CREATE INDEX event_hidden ON event (hidden) WHERE hidden;
CREATE INDEX event_recurs ON event (recurs) WHERE recurs;
CREATE INDEX event_long ON event (date) WHERE last - first > {LONG_EVENT_DAYS};
CREATE INDEX other_by_segment ON other (segment);
CREATE INDEX problem_by_segment ON problem (segment);
"""
_FTS_TABLE_SQL = """
CREATE VIRTUAL TABLE words USING fts5 (
    text, labels, handle, content='', columnsize=0, tokenize="unicode61 remove_diacritics 2 categories 'L* N*'"
);
"""


def get_index_folder(registry: Path) -> Path:
    """Return the folder of a registry's index. A collision of checksums would only cause rebuilds."""
    checksum = crc32(os.fsencode(os.path.realpath(registry)))
    return get_user_folder("cache") / f"{registry.resolve().stem[:40]}-{checksum:08x}"


def open_newest_database(folder: Path) -> sqlite3.Connection | None:
    """Return a connection to the newest index in a folder; None if there is none of this version.

    Raises OSError or sqlite3.Error.
    """
    try:
        newest = max(entry.path for entry in os.scandir(folder) if entry.name.endswith(".sqlite"))
    except (FileNotFoundError, ValueError):
        return None
    connection = _open_database(Path(newest))
    is_ours = False
    try:
        (version,) = connection.execute("SELECT version FROM meta").fetchone()
        is_ours = version == INDEX_SCHEMA_VERSION
    finally:
        if not is_ours:
            connection.close()
    return connection if is_ours else None


def _open_database(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None)


def create_database(folder: Path, fill: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """Create an index in the folder, which replaces all older ones. Raises OSError or sqlite3.Error."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{_choose_database_number(folder):020}-{os.getpid()}.sqlite"
    temporary = path.with_suffix(".tmp")
    try:
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA cache_size = -65536")
            _fill_database(connection, fill)
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
        temporary.rename(path)
    finally:
        for left in (temporary, *(Path(f"{temporary}-{end}") for end in ("wal", "shm", "journal"))):
            left.unlink(missing_ok=True)
    _remove_old_databases(folder, path.name)
    return _open_database(path)


def _choose_database_number(folder: Path) -> int:
    """Return a number higher than those of all indexes in the folder, whatever the clock shows."""
    numbers = [int(path.name[:20]) for path in folder.glob("*.sqlite") if path.name[:20].isdecimal()]
    return max([time.time_ns(), *(number + 1 for number in numbers)])


def create_in_memory_database(fill: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """Create an index that exists only in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        _fill_database(connection, fill)
    except BaseException:
        connection.close()
        raise
    return connection


def _fill_database(connection: sqlite3.Connection, fill: Callable[[sqlite3.Connection], None]) -> None:
    connection.executescript(_TABLES_SQL + _FTS_TABLE_SQL)
    connection.execute("INSERT INTO meta VALUES (?, '', '', 0)", (INDEX_SCHEMA_VERSION,))
    connection.execute("BEGIN")
    fill(connection)
    connection.execute("COMMIT")


def create_sql_indexes(connection: sqlite3.Connection) -> None:
    """Create the SQL indexes, after the tables are filled."""
    for statement in _INDEXES_SQL.split(";"):
        connection.execute(statement)


def _remove_old_databases(folder: Path, newest: str) -> None:
    """Remove older indexes, which remain usable where they are open, and abandoned temporary files."""
    for entry in os.scandir(folder):
        with suppress(OSError):
            is_older = entry.name.partition(".")[0] < newest.partition(".")[0]
            if is_older and (".sqlite" in entry.name or time.time() - entry.stat().st_mtime > _ABANDONED_AFTER_SECONDS):
                os.unlink(entry.path)
