"""Rows of one file replaced where its text changed."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ilocal import progress
from ilocal.i18n import messages
from ilocal.index import name_counts, rows, segments
from ilocal.index.id_assignment import settle
from ilocal.index.segments import Ready
from ilocal.model import registry_info
from ilocal.storage import loader
from ilocal.storage.changes.text_delta import Region, Segment
from ilocal.storage.loader import Head
from ilocal.storage.toml import document
from ilocal.storage.toml.document import Irregular, NotToml, digest


def compare(connection: sqlite3.Connection, file: int, data: bytes) -> Region | None:
    """Where a text is not as the index has it; None where it is the same.

    A neighbour on either side is part of the region, for a comment belongs to what comes after it. Raises NotToml.
    """
    known = _segments(connection, file)
    if any(segment.is_uncut for segment in known):
        return None if _is_at(data, 0, known[0]) and len(data) == known[0].length else _all(data, known)
    at, first = 0, 0
    while first < len(known) and _is_at(data, at, known[first]):
        at = known[first].end
        first += 1
    if first == len(known) and at == len(data):
        return None
    end, last = len(data), len(known)
    while last > first and end - known[last - 1].length >= at and _ends_at(data, end, known[last - 1]):
        last -= 1
        end -= known[last].length
    if last < len(known):
        end += known[last].length
        last += 1
    # A piece that could not be read may have been unfinished: what it is now also depends on what comes after it.
    first = max(min([first - 1, *_broken(connection, known)]), 0)
    region = _region(connection, data, known, first, last, end)
    if end < len(data) and any(piece.problem for piece in region.pieces or ()):
        # What is not TOML may go on for as long as the text does.
        return _region(connection, data, known, first, len(known), len(data))
    return region


def _all(data: bytes, known: Sequence[Segment]) -> Region:
    """The whole of a text, in the place of all that the index has of it."""
    return Region(data, 0, len(data), 1, tuple(known), None)


def _broken(connection: sqlite3.Connection, known: Sequence[Segment]) -> list[int]:
    """The first of the segments that has in it what is not TOML, if there is one."""
    sql = "SELECT 1 FROM problem WHERE segment = ? AND is_toml"
    if not connection.execute("SELECT 1 FROM problem WHERE is_toml LIMIT 1").fetchone():
        return []
    return [n for n, segment in enumerate(known) if connection.execute(sql, (segment.id,)).fetchone()][:1]


def _segments(connection: sqlite3.Connection, file: int) -> list[Segment]:
    sql = "SELECT id, start, length, line, lines, digest FROM segment WHERE file = ? ORDER BY start, id"
    return [Segment(*row) for row in connection.execute(sql, (file,))]


def _is_at(data: bytes, at: int, segment: Segment) -> bool:
    return digest(data[at : at + segment.length]) == segment.digest


def _ends_at(data: bytes, end: int, segment: Segment) -> bool:
    return digest(data[end - segment.length : end]) == segment.digest


def _region(
    connection: sqlite3.Connection, data: bytes, known: Sequence[Segment], first: int, last: int, end: int
) -> Region:
    start, line = (known[first].start, known[first].line) if first < len(known) else (0, 1)
    begin = max(start, document.body_start(data)) if start == 0 else start
    gone = tuple(known[first:last])
    if not known:
        return _all(data, known)
    digests = {found for segment in gone for _, found in connection.execute(_EVENTS, (segment.id,))}
    return Region(data, start, end, line, gone, list(document.pieces(data, begin, end, line, digests)))


# --------------------------------------------------------------------------------------------------------------- write


def bring_in(connection: sqlite3.Connection, file: int, name: str, region: Region) -> None:
    """Put what a text says now in the place of what it said; `name` is the file's in messages.

    Events have no settled ids before `finish`. Raises RegistryError where the text is no registry.
    """
    try:
        try:
            _replace(connection, file, region)
            _set_head(connection, file, name, "")
        except Irregular:
            _replace_all(connection, file, name, region.data)
    except NotToml as error:
        raise error.of(name) from None


def _replace_all(connection: sqlite3.Connection, file: int, name: str, data: bytes) -> None:
    """Read the whole text again, as what cannot be told by its pieces."""
    found = document.read(data)
    forget(connection, file)
    _write(connection, file, 0, 0 if found.locked else 1, segments.segments(data, 0, len(data), found.pieces), {})
    head = loader.head_in(name, found.head, loader.others(found))
    _keep_head(connection, file, head, found.locked)


def forget(connection: sqlite3.Connection, file: int) -> None:
    """Delete all that came from a file."""
    for segment in _segments(connection, file):
        _delete_events(connection, [key for key, _ in connection.execute(_EVENTS, (segment.id,))])
        _delete_segment(connection, segment)


_EVENTS = "SELECT key, digest FROM event WHERE segment = ?"


def _replace(connection: sqlite3.Connection, file: int, region: Region) -> None:
    old: dict[bytes, list[int]] = {}
    for segment in region.gone:
        for key, found in connection.execute(_EVENTS, (segment.id,)):
            old.setdefault(found, []).append(key)
        _delete_segment(connection, segment)
    if region.pieces is None:
        ready = segments.whole(region.data)
    else:
        ready = segments.segments(region.data, region.start, region.end, region.pieces)
        lines = region.data.count(b"\n", region.start, region.end) - sum(segment.lines for segment in region.gone)
        connection.execute(_SHIFT, (region.end - region.old_end, lines, file, region.old_end))
    _write(connection, file, region.start, region.line, ready, old, region.data)
    _delete_events(connection, [key for keys in old.values() for key in keys])


_SHIFT = "UPDATE segment SET start = start + ?, line = line + ? WHERE file = ? AND start >= ?"


def _delete_segment(connection: sqlite3.Connection, segment: Segment) -> None:
    connection.execute("DELETE FROM segment WHERE id = ?", (segment.id,))
    for table in ("other", "problem"):
        connection.execute(f"DELETE FROM {table} WHERE segment = ?", (segment.id,))


def _delete_events(connection: sqlite3.Connection, keys: Iterable[int]) -> None:
    """Delete events and their words, which FTS5 must be told once more."""
    gone: Counter[name_counts.Name] = Counter()
    for key in keys:
        (id,) = connection.execute("SELECT id FROM event WHERE key = ?", (key,)).fetchone()
        kept = connection.execute("SELECT fields, rest, extra FROM record WHERE key = ?", (key,)).fetchone()
        event = rows.event_of(id or "-", kept, "", 0)
        gone.subtract(name_counts.named(event))
        connection.execute(
            "INSERT INTO words (words, rowid, text, labels, handle) VALUES ('delete', ?, ?, ?, ?)",
            (key, rows.searched(event), rows.labels(event), rows.handle_words(id)),
        )
        connection.execute("DELETE FROM event WHERE key = ?", (key,))
        connection.execute("DELETE FROM record WHERE key = ?", (key,))
    name_counts.note(connection, gone)


def _write(
    connection: sqlite3.Connection,
    file: int,
    start: int,
    line: int,
    ready: Iterable[Ready],
    old: dict[bytes, list[int]],
    data: bytes = b"",
) -> None:
    """Write segments that follow each other; events that are in the index, by their digest, only get new places."""
    key = last_key(connection)
    came: Counter[name_counts.Name] = Counter()
    for found in ready:
        at = (file, start, found.length, line, found.lines, found.digest)
        (segment,) = connection.execute(_SEGMENT, at).fetchone()
        moved, events = [], [*found.events]
        for place, known in found.known:
            if old.get(known):
                moved.append((segment, *place, old[known].pop()))
            else:  # a text that stands there more often than before
                source = data[start + place[0] : start + place[0] + place[1]]
                events.append(segments.kept(document.table_of(source), place, known, source, came))
        numbered = list(enumerate(events, key + 1))
        key += len(events)
        connection.executemany(_MOVED, moved)
        connection.executemany(_EVENT, [(n, segment, *row) for n, (row, _, _) in numbered])
        connection.executemany(_RECORD, [(n, *record) for n, (_, record, _) in numbered])
        connection.executemany(_WORDS, [(n, *words) for n, (_, _, words) in numbered])
        connection.executemany(_OTHER, [(segment, *other) for other in found.others])
        connection.executemany(_PROBLEM, [(segment, *problem) for problem in found.problems])
        came.update(found.names)
        progress.step(found.length)
        start += found.length
        line += found.lines if line else 0
    name_counts.note(connection, came)


_SEGMENT = """
INSERT INTO segment (file, start, length, line, lines, digest) VALUES (?, ?, ?, ?, ?, ?) RETURNING id
"""
_MOVED = "UPDATE event SET segment = ?, start = ?, length = ?, line = ?, header = ? WHERE key = ?"
_EVENT = """
INSERT INTO event (
    key, segment, start, length, line, header, id_line, digest, id, made, hidden, first, last, date, updated,
    title, recurs
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
"""
_RECORD = "INSERT INTO record VALUES (?, ?, ?, ?)"
_WORDS = "INSERT INTO words (rowid, text, labels, handle) VALUES (?, ?, ?, ?)"
_OTHER = "INSERT INTO other VALUES (?, ?, ?, ?, ?)"
_PROBLEM = "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"


# ---------------------------------------------------------------------------------------------------------------- head


def _set_head(connection: sqlite3.Connection, file: int, name: str, locked: str) -> None:
    """What the file says of the registry. Raises Irregular."""
    texts = others(connection, file)
    tables = document.head_of([text.encode() for _, text in texts])
    _keep_head(connection, file, loader.head_in(name, tables, texts), locked)


def others(connection: sqlite3.Connection, file: int) -> loader.Others:
    """The texts in a file that are no events, with their lines."""
    sql = """
        SELECT segment.line + other.line, text FROM other JOIN segment ON segment.id = other.segment WHERE file = ?
        ORDER BY segment.start + other.start
    """
    return list(connection.execute(sql, (file,)))


def _keep_head(connection: sqlite3.Connection, file: int, head: Head, locked: str) -> None:
    doubts = [(problem.line, messages.kept(problem.message), problem.field) for problem in head.problems]
    text = json.dumps([dict(head.values), dict(head.aliases), doubts], ensure_ascii=False)
    connection.execute("UPDATE file SET head = ?, locked = ? WHERE id = ?", (text, locked, file))


def last_key(connection: sqlite3.Connection) -> int:
    """The highest key that an event ever had; new ones get higher ones."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    return int(row[0]) if row else 0


def finish(connection: sqlite3.Connection, since: int = 0) -> None:
    """What follows from all files together: the header, the ids, the count.

    `since` is the highest key before anything was brought in.
    """
    connection.execute(_SET_RANKS)
    heads, doubts = [], []
    for name, text in connection.execute("SELECT name, head FROM file ORDER BY rank"):
        values, aliases, found = json.loads(text)
        heads.append(Head(values, aliases, ()))
        doubts += [(name, *doubt) for doubt in found]
    settle(connection, since)
    (count,) = connection.execute("SELECT count(*) - (SELECT count(*) FROM event WHERE hidden) FROM event").fetchone()
    said = json.dumps(registry_info.to_plain(loader.merged(heads)), ensure_ascii=False)
    connection.execute("UPDATE meta SET header = ?, doubts = ?, count = ?", (said, json.dumps(doubts), count))


_SET_RANKS = """
UPDATE segment SET rank = (SELECT rank FROM file WHERE id = segment.file)
WHERE rank IS NOT (SELECT rank FROM file WHERE id = segment.file)
"""


# --------------------------------------------------------------------------------------------------------------- proof


def pieces_of(connection: sqlite3.Connection, region: Region) -> Iterator[tuple[int, int, bytes]]:
    """The events that stood in a region, readable or not: where each begins and ends, and its digest."""
    for segment in region.gone:
        for start, length, key in connection.execute(_PIECES_OF, {"segment": segment.id}):
            yield segment.start + start, segment.start + start + length, key


_PIECES_OF = """
SELECT start, length, digest FROM event WHERE segment = :segment
UNION ALL SELECT start, length, digest FROM problem WHERE segment = :segment AND event IS NULL ORDER BY start
"""


def rest_of(connection: sqlite3.Connection, file: int) -> list[tuple[int, bytes]]:
    """The texts in a file that are no events, with their places."""
    sql = """
        SELECT segment.start + other.start, text FROM other JOIN segment ON segment.id = other.segment WHERE file = ?
        ORDER BY segment.start + other.start
    """
    return [(at, text.encode()) for at, text in connection.execute(sql, (file,))]
