"""The ids of a whole registry: an event without one gets one made, one with the id of an earlier event is hidden."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from ilocal.index import rows
from ilocal.model.ids import make_id

_PLACED = "FROM event JOIN segment ON segment.id = event.segment"
_IN_ORDER = "ORDER BY segment.rank, segment.start + event.start"


def settle(connection: sqlite3.Connection, since: int) -> None:
    """Hide events with the id of an earlier one, and make the ids that are missing; those up to key `since` were so.

    Both depend on the text alone: on the ids that stand in it, and on the order of the events.
    """
    connection.execute("DELETE FROM problem WHERE event IS NOT NULL")
    sql = """
        SELECT id FROM event AS new WHERE key > ? AND NOT made
        AND EXISTS (SELECT 1 FROM event WHERE id = new.id AND key <> new.key AND NOT made)
        UNION SELECT id FROM event WHERE hidden
    """
    for (id,) in connection.execute(sql, (since,)).fetchall():
        _hide_all_but_the_first(connection, id)
    if connection.execute("SELECT 1 FROM event WHERE made LIMIT 1").fetchone():
        _make(connection)


def _hide_all_but_the_first(connection: sqlite3.Connection, id: str) -> None:
    sql = f"""
        SELECT key, event.segment, event.start, event.line + event.id_line
        {_PLACED} WHERE event.id = ? AND NOT made {_IN_ORDER}
    """
    first, *others = connection.execute(sql, (id,)).fetchall()
    connection.execute("UPDATE event SET hidden = 0 WHERE key = ?", (first[0],))
    for key, segment, start, line in others:
        connection.execute("UPDATE event SET hidden = 1 WHERE key = ?", (key,))
        values = (segment, start, line, id, first[0])
        connection.execute("INSERT INTO problem VALUES (?, ?, 0, NULL, ?, '', 'id', 0, ?, ?)", values)


def _make(connection: sqlite3.Connection) -> None:
    """Make the ids that are missing, in the order of the text, around those that stand in it."""
    taken = _Taken(connection)
    numbers: dict[str, int] = {}
    made: list[tuple[str, str, int]] = []
    for key, old, kept in _without(connection):
        event = rows.event_of("-", kept, "", 0)
        id = make_id(event.title, event.start, taken, last=numbers)
        taken.made.add(id)
        if id != old:
            made.append((id, old, key))
            texts = rows.searched(event), rows.labels(event)
            connection.execute(
                "INSERT INTO words (words, rowid, text, labels, handle) VALUES ('delete', ?, ?, ?, ?)",
                (key, *texts, rows.handle_words(old)),
            )
            connection.execute("INSERT INTO words (rowid, text, labels, handle) VALUES (?, ?, ?, ?)",
                               (key, *texts, rows.handle_words(id)))  # fmt: skip
    connection.executemany("UPDATE event SET id = ? WHERE key = ?", [(id, key) for id, _, key in made])


def _without(connection: sqlite3.Connection) -> Iterator[tuple[int, str, rows.Record]]:
    sql = f"""
        SELECT event.key, event.id, fields, rest, extra {_PLACED} JOIN record ON record.key = event.key
        WHERE made {_IN_ORDER}
    """
    for key, id, *kept in connection.execute(sql):
        yield key, id, (kept[0], kept[1], kept[2])


class _Taken:
    """The ids that stand in the text, also those of events that cannot be read, and those made so far."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.made: set[str] = set()

    def __contains__(self, id: object) -> bool:
        sql = "SELECT 1 FROM event WHERE id = ? AND NOT made UNION ALL SELECT 1 FROM problem WHERE id = ? LIMIT 1"
        return id in self.made or self._connection.execute(sql, (id, id)).fetchone() is not None
