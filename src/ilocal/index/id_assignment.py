"""Assignment of ids in a whole registry: missing ids are generated, events with a duplicate id are hidden."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from ilocal.index import rows
from ilocal.model.ids import make_event_id

_EVENTS_WITH_SEGMENT_SQL = "FROM event JOIN segment ON segment.id = event.segment"
_FILE_ORDER_SQL = "ORDER BY segment.rank, segment.start + event.start"


def assign_index_ids(connection: sqlite3.Connection, last_settled_key: int) -> None:
    """Hide events with the id of an earlier one and generate missing ids; keys up to `last_settled_key` are done.

    Both depend only on the text: on the ids written in it, and on the order of events.
    """
    connection.execute("DELETE FROM problem WHERE event IS NOT NULL")
    sql = """
        SELECT id FROM event AS new WHERE key > ? AND NOT made
        AND EXISTS (SELECT 1 FROM event WHERE id = new.id AND key <> new.key AND NOT made)
        UNION SELECT id FROM event WHERE hidden
    """
    for (id,) in connection.execute(sql, (last_settled_key,)).fetchall():
        _hide_rows_with_duplicate_id(connection, id)
    if connection.execute("SELECT 1 FROM event WHERE made LIMIT 1").fetchone():
        _assign_missing_row_ids(connection)


def _hide_rows_with_duplicate_id(connection: sqlite3.Connection, id: str) -> None:
    sql = f"""
        SELECT key, event.segment, event.start, event.line + event.id_line
        {_EVENTS_WITH_SEGMENT_SQL} WHERE event.id = ? AND NOT made {_FILE_ORDER_SQL}
    """
    first, *others = connection.execute(sql, (id,)).fetchall()
    connection.execute("UPDATE event SET hidden = 0 WHERE key = ?", (first[0],))
    for key, segment, start, line in others:
        connection.execute("UPDATE event SET hidden = 1 WHERE key = ?", (key,))
        values = (segment, start, line, id, first[0])
        connection.execute("INSERT INTO problem VALUES (?, ?, 0, NULL, ?, '', 'id', 'duplicate-id', ?, ?)", values)


def _assign_missing_row_ids(connection: sqlite3.Connection) -> None:
    """Generate the missing ids in text order, avoiding those written in the text."""
    taken = _TakenIds(connection)
    numbers: dict[str, int] = {}
    made: list[tuple[str, str, int]] = []
    for key, old, kept in _select_rows_without_id(connection):
        event = rows.decode_index_record("-", kept, "", 0)
        id = make_event_id(event.title, event.start, taken, counters=numbers)
        taken.assigned_ids.add(id)
        if id != old:
            made.append((id, old, key))
            texts = rows.build_fts_text(event), rows.build_fts_filter_terms(event)
            connection.execute(
                "INSERT INTO words (words, rowid, text, labels, handle) VALUES ('delete', ?, ?, ?, ?)",
                (key, *texts, rows.build_fts_handle_words(old)),
            )
            connection.execute("INSERT INTO words (rowid, text, labels, handle) VALUES (?, ?, ?, ?)",
                               (key, *texts, rows.build_fts_handle_words(id)))  # fmt: skip
    connection.executemany("UPDATE event SET id = ? WHERE key = ?", [(id, key) for id, _, key in made])


def _select_rows_without_id(connection: sqlite3.Connection) -> Iterator[tuple[int, str, rows.IndexRecord]]:
    sql = f"""
        SELECT event.key, event.id, fields, rest, extra {_EVENTS_WITH_SEGMENT_SQL} JOIN record ON record.key = event.key
        WHERE made {_FILE_ORDER_SQL}
    """
    for key, id, *kept in connection.execute(sql):
        yield key, id, (kept[0], kept[1], kept[2])


class _TakenIds:
    """The ids written in the text, including those of invalid events, and those generated so far."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.assigned_ids: set[str] = set()

    def __contains__(self, id: object) -> bool:
        sql = "SELECT 1 FROM event WHERE id = ? AND NOT made UNION ALL SELECT 1 FROM problem WHERE id = ? LIMIT 1"
        return id in self.assigned_ids or self._connection.execute(sql, (id, id)).fetchone() is not None
