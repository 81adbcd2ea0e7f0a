"""Rows of one file replaced where its text changed."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ilocal import progress
from ilocal.index import name_counts, rows, segments
from ilocal.index.id_assignment import assign_index_ids
from ilocal.index.segments import PreparedSegment
from ilocal.model import registry_info
from ilocal.storage import loader
from ilocal.storage.changes.text_delta import ChangedRegion, Segment
from ilocal.storage.loader import FileMetadata
from ilocal.storage.toml import document
from ilocal.storage.toml.document import NotSplittable, TomlSyntaxError, compute_toml_block_digest


def find_region_not_in_index(connection: sqlite3.Connection, file: int, data: bytes) -> ChangedRegion | None:
    """Return the region in which a text differs from the index; None if it is the same.

    The region includes a neighbour on either side, as a comment belongs to the event after it.

    Raises TomlSyntaxError.
    """
    known = _fetch_segments(connection, file)
    if any(segment.is_unsplit for segment in known):
        return (
            None
            if _is_segment_at(data, 0, known[0]) and len(data) == known[0].length
            else _make_region_of_all_segments(data, known)
        )
    at, first = 0, 0
    while first < len(known) and _is_segment_at(data, at, known[first]):
        at = known[first].end
        first += 1
    if first == len(known) and at == len(data):
        return None
    end, last = len(data), len(known)
    while last > first and end - known[last - 1].length >= at and _is_segment_ending_at(data, end, known[last - 1]):
        last -= 1
        end -= known[last].length
    if last < len(known):
        end += known[last].length
        last += 1
    # A block with an error may have been unfinished: its meaning now also depends on what follows it.
    first = max(min([first - 1, *_find_broken_segment(connection, known)]), 0)
    region = _build_region_of_segments(connection, data, known, first, last, end)
    if end < len(data) and any(piece.diagnostic for piece in region.blocks or ()):
        # Text that is not TOML may extend to the end.
        return _build_region_of_segments(connection, data, known, first, len(known), len(data))
    return region


def _make_region_of_all_segments(data: bytes, known: Sequence[Segment]) -> ChangedRegion:
    """Return the whole text as changed region, replacing all segments."""
    return ChangedRegion(data, 0, len(data), 1, tuple(known), None)


def _find_broken_segment(connection: sqlite3.Connection, known: Sequence[Segment]) -> list[int]:
    """Return the position of the first segment with a TOML error as a list of at most one."""
    sql = "SELECT 1 FROM problem WHERE segment = ? AND code = 'not-toml'"
    if not connection.execute("SELECT 1 FROM problem WHERE code = 'not-toml' LIMIT 1").fetchone():
        return []
    return [n for n, segment in enumerate(known) if connection.execute(sql, (segment.id,)).fetchone()][:1]


def _fetch_segments(connection: sqlite3.Connection, file: int) -> list[Segment]:
    sql = "SELECT id, start, length, line, lines, digest FROM segment WHERE file = ? ORDER BY start, id"
    return [Segment(*row) for row in connection.execute(sql, (file,))]


def _is_segment_at(data: bytes, at: int, segment: Segment) -> bool:
    return compute_toml_block_digest(data[at : at + segment.length]) == segment.digest


def _is_segment_ending_at(data: bytes, end: int, segment: Segment) -> bool:
    return compute_toml_block_digest(data[end - segment.length : end]) == segment.digest


def _build_region_of_segments(
    connection: sqlite3.Connection, data: bytes, known: Sequence[Segment], first: int, last: int, end: int
) -> ChangedRegion:
    start, line = (known[first].start, known[first].line) if first < len(known) else (0, 1)
    begin = max(start, document.skip_bom(data)) if start == 0 else start
    gone = tuple(known[first:last])
    if not known:
        return _make_region_of_all_segments(data, known)
    digests = {found for segment in gone for _, found in connection.execute(_SEGMENT_EVENTS_SQL, (segment.id,))}
    return ChangedRegion(data, start, end, line, gone, list(document.split_blocks(data, begin, end, line, digests)))


# --------------------------------------------------------------------------------------------------------------- write


def update_file_rows(connection: sqlite3.Connection, file: int, name: str, region: ChangedRegion) -> None:
    """Update the rows of a file with a changed region; `name` is the file's name in messages.

    Events have no final ids before `finish_index_update`. Raises RegistryError if the text is not a registry.
    """
    try:
        try:
            _replace_region_rows(connection, file, region)
            _update_metadata_row(connection, file, name, "")
        except NotSplittable:
            _replace_file_rows(connection, file, name, region.data)
    except TomlSyntaxError as error:
        raise error.as_registry_error(name) from None


def _replace_file_rows(connection: sqlite3.Connection, file: int, name: str, data: bytes) -> None:
    """Read the whole text again, if its blocks do not give its meaning."""
    found = document.parse_document(data)
    delete_file_rows(connection, file)
    _write_segment_rows(
        connection,
        file,
        0,
        0 if found.read_only_reason else 1,
        segments.prepare_index_segments(data, 0, len(data), found.blocks),
        {},
    )
    head = loader.read_file_metadata(name, found.metadata, loader.list_text_outside_events(found))
    _write_metadata_to_index(connection, file, head, found.read_only_reason)


def delete_file_rows(connection: sqlite3.Connection, file: int) -> None:
    """Delete all that came from a file."""
    for segment in _fetch_segments(connection, file):
        _delete_event_rows(connection, [key for key, _ in connection.execute(_SEGMENT_EVENTS_SQL, (segment.id,))])
        _delete_segment_rows(connection, segment)


_SEGMENT_EVENTS_SQL = "SELECT key, digest FROM event WHERE segment = ?"


def _replace_region_rows(connection: sqlite3.Connection, file: int, region: ChangedRegion) -> None:
    old: dict[bytes, list[int]] = {}
    for segment in region.old_segments:
        for key, found in connection.execute(_SEGMENT_EVENTS_SQL, (segment.id,)):
            old.setdefault(found, []).append(key)
        _delete_segment_rows(connection, segment)
    if region.blocks is None:
        ready = segments.prepare_all_index_segments(region.data)
    else:
        ready = segments.prepare_index_segments(region.data, region.start, region.end, region.blocks)
        lines = region.data.count(b"\n", region.start, region.end) - sum(
            segment.line_count for segment in region.old_segments
        )
        connection.execute(_SHIFT_SEGMENTS_SQL, (region.end - region.old_end, lines, file, region.old_end))
    _write_segment_rows(connection, file, region.start, region.line, ready, old, region.data)
    _delete_event_rows(connection, [key for keys in old.values() for key in keys])


_SHIFT_SEGMENTS_SQL = "UPDATE segment SET start = start + ?, line = line + ? WHERE file = ? AND start >= ?"


def _delete_segment_rows(connection: sqlite3.Connection, segment: Segment) -> None:
    connection.execute("DELETE FROM segment WHERE id = ?", (segment.id,))
    for table in ("other", "problem"):
        connection.execute(f"DELETE FROM {table} WHERE segment = ?", (segment.id,))


def _delete_event_rows(connection: sqlite3.Connection, keys: Iterable[int]) -> None:
    """Delete events and their words; FTS5 needs the words once more for that."""
    gone: Counter[name_counts.FieldValue] = Counter()
    for key in keys:
        (id,) = connection.execute("SELECT id FROM event WHERE key = ?", (key,)).fetchone()
        kept = connection.execute("SELECT fields, rest, extra FROM record WHERE key = ?", (key,)).fetchone()
        event = rows.decode_index_record(id or "-", kept, "", 0)
        gone.subtract(name_counts.collect_names_to_index(event))
        connection.execute(
            "INSERT INTO words (words, rowid, text, labels, handle) VALUES ('delete', ?, ?, ?, ?)",
            (key, rows.build_fts_text(event), rows.build_fts_filter_terms(event), rows.build_fts_handle_words(id)),
        )
        connection.execute("DELETE FROM event WHERE key = ?", (key,))
        connection.execute("DELETE FROM record WHERE key = ?", (key,))
    name_counts.update_name_rows(connection, gone)


def _write_segment_rows(
    connection: sqlite3.Connection,
    file: int,
    start: int,
    line: int,
    prepared: Iterable[PreparedSegment],
    old_keys: dict[bytes, list[int]],
    data: bytes = b"",
) -> None:
    """Write segments that follow each other; events that are in the index, by their digest, only get new places."""
    key = fetch_last_event_key(connection)
    came: Counter[name_counts.FieldValue] = Counter()
    for found in prepared:
        at = (file, start, found.length, line, found.line_count, found.digest)
        (segment,) = connection.execute(_INSERT_SEGMENT_SQL, at).fetchone()
        moved, events = [], [*found.event_rows]
        for place, known in found.known_blocks:
            if old_keys.get(known):
                moved.append((segment, *place, old_keys[known].pop()))
            else:  # a text that now occurs more often than before
                source = data[start + place[0] : start + place[0] + place[1]]
                events.append(
                    segments.build_index_rows_of_event(document.parse_event_table(source), place, known, source, came)
                )
        numbered = list(enumerate(events, key + 1))
        key += len(events)
        connection.executemany(_MOVE_EVENT_SQL, moved)
        connection.executemany(_INSERT_EVENT_SQL, [(n, segment, *row) for n, (row, _, _) in numbered])
        connection.executemany(_INSERT_RECORD_SQL, [(n, *record) for n, (_, record, _) in numbered])
        connection.executemany(_INSERT_WORDS_SQL, [(n, *words) for n, (_, _, words) in numbered])
        connection.executemany(_INSERT_OTHER_TEXT_SQL, [(segment, *other) for other in found.other_text_rows])
        connection.executemany(_INSERT_DIAGNOSTIC_SQL, [(segment, *problem) for problem in found.diagnostic_rows])
        came.update(found.name_counts)
        progress.advance_progress(found.length)
        start += found.length
        line += found.line_count if line else 0
    name_counts.update_name_rows(connection, came)


_INSERT_SEGMENT_SQL = """
INSERT INTO segment (file, start, length, line, lines, digest) VALUES (?, ?, ?, ?, ?, ?) RETURNING id
"""
_MOVE_EVENT_SQL = "UPDATE event SET segment = ?, start = ?, length = ?, line = ?, header = ? WHERE key = ?"
_INSERT_EVENT_SQL = """
INSERT INTO event (
    key, segment, start, length, line, header, id_line, digest, id, made, hidden, first, last, date, updated,
    title, recurs
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
"""
_INSERT_RECORD_SQL = "INSERT INTO record VALUES (?, ?, ?, ?)"
_INSERT_WORDS_SQL = "INSERT INTO words (rowid, text, labels, handle) VALUES (?, ?, ?, ?)"
_INSERT_OTHER_TEXT_SQL = "INSERT INTO other VALUES (?, ?, ?, ?, ?)"
_INSERT_DIAGNOSTIC_SQL = "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"


# ---------------------------------------------------------------------------------------------------------------- head


def _update_metadata_row(connection: sqlite3.Connection, file: int, name: str, read_only_reason: str) -> None:
    """Update the metadata of a file. Raises NotSplittable."""
    texts = fetch_other_text_rows(connection, file)
    tables = document.parse_metadata_tables([text.encode() for _, text in texts])
    _write_metadata_to_index(connection, file, loader.read_file_metadata(name, tables, texts), read_only_reason)


def fetch_other_text_rows(connection: sqlite3.Connection, file: int) -> loader.OtherTexts:
    """Return the texts in a file outside its events, with their lines."""
    sql = """
        SELECT segment.line + other.line, text FROM other JOIN segment ON segment.id = other.segment WHERE file = ?
        ORDER BY segment.start + other.start
    """
    return list(connection.execute(sql, (file,)))


def _write_metadata_to_index(
    connection: sqlite3.Connection, file: int, metadata: FileMetadata, read_only_reason: str
) -> None:
    doubts = [
        (problem.line, rows.encode_message_for_index(problem.lazy_message), problem.field, problem.code)
        for problem in metadata.diagnostics
    ]
    text = json.dumps([dict(metadata.values), dict(metadata.aliases), doubts, dict(metadata.site)], ensure_ascii=False)
    connection.execute("UPDATE file SET head = ?, locked = ? WHERE id = ?", (text, read_only_reason, file))


def fetch_last_event_key(connection: sqlite3.Connection) -> int:
    """Return the highest key ever assigned to an event; new ones get higher ones."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    return int(row[0]) if row else 0


def finish_index_update(connection: sqlite3.Connection, last_settled_key: int = 0) -> None:
    """Update what depends on all files: the header, the ids, the count.

    `last_settled_key` is the highest key before the update.
    """
    connection.execute(_UPDATE_RANKS_SQL)
    heads, doubts = [], []
    for name, text in connection.execute("SELECT name, head FROM file ORDER BY rank"):
        values, aliases, found, site = json.loads(text)
        heads.append(FileMetadata(values, aliases, (), site))
        doubts += [(name, *doubt) for doubt in found]
    assign_index_ids(connection, last_settled_key)
    (count,) = connection.execute("SELECT count(*) - (SELECT count(*) FROM event WHERE hidden) FROM event").fetchone()
    said = json.dumps(registry_info.make_dict_of_registry_info(loader.join_file_metadata(heads)), ensure_ascii=False)
    connection.execute("UPDATE meta SET header = ?, doubts = ?, count = ?", (said, json.dumps(doubts), count))


_UPDATE_RANKS_SQL = """
UPDATE segment SET rank = (SELECT rank FROM file WHERE id = segment.file)
WHERE rank IS NOT (SELECT rank FROM file WHERE id = segment.file)
"""


# ------------------------------------------------------------------------------------------ queries of transactions


def fetch_block_rows_in_region(
    connection: sqlite3.Connection, region: ChangedRegion
) -> Iterator[tuple[int, int, bytes]]:
    """Yield start, end and digest of the events in the old text of a region, valid or not."""
    for segment in region.old_segments:
        for start, length, key in connection.execute(_REGION_BLOCKS_SQL, {"segment": segment.id}):
            yield segment.start + start, segment.start + start + length, key


_REGION_BLOCKS_SQL = """
SELECT start, length, digest FROM event WHERE segment = :segment
UNION ALL SELECT DISTINCT start, length, digest FROM problem WHERE segment = :segment AND event IS NULL ORDER BY start
"""


def fetch_text_rows_outside_events(connection: sqlite3.Connection, file: int) -> list[tuple[int, bytes]]:
    """Return the texts in a file outside its events, with their offsets."""
    sql = """
        SELECT segment.start + other.start, text FROM other JOIN segment ON segment.id = other.segment WHERE file = ?
        ORDER BY segment.start + other.start
    """
    return [(at, text.encode()) for at, text in connection.execute(sql, (file,))]
