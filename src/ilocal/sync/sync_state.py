"""State of a sync: what both sides agreed on, item by item, in a small database in the user's state folder.

It is written after each response of the other side, so that an interrupted sync continues where it was. Without it
nothing is lost: the next sync compares both sides as if for the first time.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ilocal.errors import ConflictError, IlocalError
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.fields import AUTOMATIC_FIELDS
from ilocal.model.serialization import event_from_dict, event_to_dict
from ilocal.storage.discovery import get_user_folder

_SCHEMA_VERSION = 1  # of the tables below; a database of another version is thrown away
_TABLES_SQL = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE item (
    uid TEXT PRIMARY KEY, id TEXT, href TEXT, etag TEXT, digest BLOB, is_selected INTEGER, base TEXT, text TEXT
);
CREATE TABLE ignored (href TEXT PRIMARY KEY, etag TEXT) WITHOUT ROWID;
CREATE TABLE conflict (uid TEXT PRIMARY KEY, id TEXT, title TEXT, fields TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class SyncedItem:
    """An item as it was when both sides agreed; its event and its text are read by `SyncState.read_base`."""

    uid: str
    id: str  # of the event in the registry
    href: str
    etag: str  # "": unknown, fetch the item again
    digest: bytes  # of the event, see `compute_synced_event_digest`
    is_selected: bool  # whether the event was selected for the sync


@dataclass(frozen=True, slots=True)
class AgreedItem:
    """The event, and the text of the remote item, that both sides agreed on."""

    event: Event
    text: str


@dataclass(frozen=True, slots=True)
class SyncConflict:
    """An event that needs a decision: the fields that both sides changed, with the values here and there."""

    uid: str
    id: str
    title: str
    fields: tuple[tuple[str, str, str], ...]


def compute_synced_event_digest(event: Event) -> bytes:
    """Return the digest of all of an event that travels; when it was changed last does not."""
    plain = {name: value for name, value in event_to_dict(event).items() if name not in AUTOMATIC_FIELDS}
    return sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")).digest()


def get_sync_folder(registry: Path) -> Path:
    """Return the folder of the states of a registry's syncs."""
    real = Path(os.path.realpath(registry))
    return get_user_folder("state") / "sync" / f"{real.stem[:40]}-{sha256(os.fsencode(real)).hexdigest()[:16]}"


class SyncState:
    """State of the sync `name` of a registry; a context manager, open in one process at a time.

    Raises ConflictError if another process has it open, and IlocalError if it cannot be stored.
    """

    def __init__(self, registry: Path, name: str) -> None:
        self._path = get_sync_folder(registry) / f"{name}.sqlite"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._make_error(error) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise ConflictError(_("another sync of {name} is running", name=name), hint=_("try again")) from None
        try:
            self._connection = self._open()
        except (OSError, sqlite3.Error) as error:
            os.close(self._lock)
            raise self._make_error(error) from None

    def _make_error(self, error: Exception) -> IlocalError:
        return ConflictError(_("{path}: the sync state cannot be saved: {reason}", path=self._path, reason=error))

    def _open(self) -> sqlite3.Connection:
        """Return the database; a new one if it is missing, corrupt or of another version."""
        with suppress(sqlite3.Error):
            connection = self._connect()
            found = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
            if found == (str(_SCHEMA_VERSION),):
                return connection
            connection.close()
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = self._connect()
        connection.executescript(f"BEGIN; {_TABLES_SQL} COMMIT;")
        connection.execute("INSERT INTO meta VALUES ('version', ?)", (str(_SCHEMA_VERSION),))
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()
        os.close(self._lock)

    # ----------------------------------------------------------------------------------------------------------- items

    def read_items(self) -> dict[str, SyncedItem]:
        """Return all items by their UIDs, without their texts."""
        rows = self._connection.execute("SELECT uid, id, href, etag, digest, is_selected FROM item")
        return {
            uid: SyncedItem(uid, id, href, etag, digest, bool(selected))
            for uid, id, href, etag, digest, selected in rows
        }

    def read_base(self, uid: str) -> AgreedItem:
        """Return the event and the text that both sides agreed on."""
        row = self._connection.execute("SELECT base, text FROM item WHERE uid = ?", (uid,)).fetchone()
        return AgreedItem(event_from_dict(json.loads(row[0])), row[1])

    def save_item(self, uid: str, event: Event, href: str, etag: str, text: str, *, is_selected: bool) -> None:
        """Keep that both sides agree on an event, and are rid of a conflict."""
        base = json.dumps(event_to_dict(event), ensure_ascii=False)
        with self._connection:
            self._connection.execute("BEGIN")
            self._connection.execute(
                "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (uid, event.id, href, etag, compute_synced_event_digest(event), is_selected, base, text),
            )
            self._connection.execute("DELETE FROM conflict WHERE uid = ?", (uid,))

    def save_remote_state(self, uid: str, href: str, etag: str, text: str) -> None:
        """Save the state of a remote item whose meaning has not changed."""
        self._connection.execute("UPDATE item SET href = ?, etag = ?, text = ? WHERE uid = ?", (href, etag, text, uid))
        self._connection.execute("DELETE FROM conflict WHERE uid = ?", (uid,))

    def forget_item(self, uid: str) -> None:
        """Delete an item that is on neither side."""
        self._connection.execute("DELETE FROM item WHERE uid = ?", (uid,))
        self._connection.execute("DELETE FROM conflict WHERE uid = ?", (uid,))

    def forget_all(self) -> None:
        """Delete everything: the next sync compares both sides as if for the first time."""
        for table in ("item", "ignored", "conflict"):
            self._connection.execute(f"DELETE FROM {table}")
        self._connection.execute("DELETE FROM meta WHERE key != 'version'")

    def read_ignored(self) -> dict[str, str]:
        """Return the states of items that are not events, such as tasks, by name."""
        return dict(self._connection.execute("SELECT href, etag FROM ignored"))

    def save_ignored(self, found: Iterable[tuple[str, str]]) -> None:
        """Record that items are not events."""
        self._connection.executemany("INSERT OR REPLACE INTO ignored VALUES (?, ?)", found)

    # ------------------------------------------------------------------------------------------------------- conflicts

    def read_conflicts(self) -> Iterator[SyncConflict]:
        """Yield the events that wait for a decision, by their titles."""
        for uid, id, title, fields in self._connection.execute("SELECT * FROM conflict ORDER BY title, uid"):
            yield SyncConflict(uid, id, title, tuple((name, ours, theirs) for name, ours, theirs in json.loads(fields)))

    def save_conflict(self, one: SyncConflict) -> None:
        """Keep that an event waits for a decision."""
        self._connection.execute(
            "INSERT OR REPLACE INTO conflict VALUES (?, ?, ?, ?)",
            (one.uid, one.id, one.title, json.dumps(one.fields, ensure_ascii=False)),
        )

    def get_value(self, key: str) -> str:
        """Return a value stored by `set_value`; "" if there is none."""
        found: Any = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def set_value(self, key: str, value: str) -> None:
        """Keep the address, the token or the time of the last sync."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
