"""The index of one registry: candidates for a query, events by handle, names and problems."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ilocal.errors import DateError, Diagnostic, IlocalError, RegistryError
from ilocal.i18n.messages import _
from ilocal.index import database, sql_filters
from ilocal.index.rows import build_fts_uid_term, decode_index_record, decode_message_in_index
from ilocal.index.sql_filters import CANDIDATES_SQL, EVENT_DETAILS_SQL, build_select_sql
from ilocal.model import registry_info
from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.model.query import SORT_KEYS, Query
from ilocal.model.text_folding import fold_text, slugify_words
from ilocal.storage import files
from ilocal.storage.files import FileState

if TYPE_CHECKING:
    from ilocal.storage.changes.text_delta import ChangedRegion, FileChange
    from ilocal.storage.registry_index import BlockLocation, ResultT

_MAX_SQL_VALUES = 500  # in one statement
_MANY_MATCHES_COUNT = 5000  # events with the same words
# Errors that a corrupt index may cause, in SQLite or in decoding its data.
_DATABASE_ERRORS = (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError)
DAMAGE_ERRORS = (*_DATABASE_ERRORS, IlocalError)


class Index:
    """An open index, as fresh as the registry was when it was opened, and the same until it is closed."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, was_stale: bool = False) -> None:
        self.path = path
        self.was_stale = was_stale  # whether the text had changed since the last look
        self._unexpanded_series: dict[str, Diagnostic] = {}  # series, by id
        self._is_rebuilt = False
        connection.execute("BEGIN")  # all reads see one moment, whatever others write
        self._attach_database(connection)

    def _attach_database(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._finalizer = weakref.finalize(self, connection.close)  # if it was never closed
        said, self._metadata_warnings, count = connection.execute("SELECT header, doubts, count FROM meta").fetchone()
        self.info = registry_info.make_registry_info_from_dict(json.loads(said))
        self.event_count = int(count)
        known = connection.execute("SELECT id, name, stamp FROM file ORDER BY rank").fetchall()
        self._file_numbers: dict[str, int] = {name: number for number, name, _ in known}
        self.file_states: dict[str, str] = {name: state for _, name, state in known}
        self.display_names = {number: str(self.path / name) if name else str(self.path) for number, name, _ in known}

    def close(self) -> None:
        self.connection.close()

    def rebuild(self) -> None:
        """Replace this corrupt index by a rebuilt one; once."""
        if not self._is_rebuilt:
            from ilocal.index.build import use_new_database  # queries do not need the parser

            use_new_database(self.path, self._attach_database)
            self._is_rebuilt = True

    def retry_after_damage(
        self, action: Callable[[], ResultT], errors: tuple[type[Exception], ...] = _DATABASE_ERRORS
    ) -> ResultT:
        """Return `action()`; if the index is corrupt, rebuild it and retry once."""
        try:
            return action()
        except errors:
            if self._is_rebuilt:
                raise
            self.rebuild()
            return action()

    def is_current(self) -> bool:
        """Return whether the files are unchanged since they were read. Raises RegistryError."""
        return self.file_states == files.read_file_states(self.path)

    def invalidate(self) -> None:
        """Make the next process that opens the index check the files again, as if they had changed."""
        with suppress(sqlite3.Error):
            self.connection.execute("COMMIT")
            self.connection.execute("UPDATE file SET stamp = ''")
            self.connection.execute("BEGIN")

    # ------------------------------------------------------------------------------------------------------ questions

    def iterate_rows_matching_query(self, query: Query) -> Iterator[Event]:
        """Yield the results of `query`: SQL filters and sorts candidates, `Query.matches` decides."""
        found = self._select_single_events(query)
        if query.occurrence_window is not None and (series := self._select_occurrence_rows(query)):
            found = merge(series, found, key=partial(_make_sort_key_of_index_row, query))
        for _place, event in islice(found, query.limit):
            yield event

    def _select_single_events(self, query: Query) -> Iterator[PlacedEvent]:
        """Yield non-recurring results in order; all results if the query does not expand occurrences."""
        may_match = sql_filters.build_accent_filter(query)
        for sql, values in self._build_select_statements(query):
            for row in self.connection.execute(sql, values):
                if may_match and not may_match("".join((row[0], *row[3:6]))):
                    continue
                event = self._event_from_row(row)
                if query.matches(event):
                    yield tuple(row[6:]), event

    def _select_occurrence_rows(self, query: Query) -> list[PlacedEvent]:
        """Return matching occurrences in order. A series that cannot be expanded is recorded as a diagnostic."""
        if self.connection.execute("SELECT 1 FROM event WHERE recurs LIMIT 1").fetchone() is None:
            return []
        needed = [*sql_filters.build_sql_conditions(query), sql_filters.SqlCondition("recurs")]
        if expression := sql_filters.build_fts_expression(query):
            needed.append(sql_filters.build_fts_condition(expression, is_common=False))
        found = []
        for row in self.connection.execute(*build_select_sql([tuple(needed)], "rank, place")):
            answers = query.find_series_results(self._event_from_row(row), self._expand_series)
            found += [(tuple(row[6:]), event) for event in answers]
        return sorted(found, key=partial(_make_sort_key_of_index_row, query))

    def _expand_series(self, series: Event, window: DateRange, expand_until: date | None) -> list[Event]:
        """Return the occurrences of a series; if there are too many, the series itself, with a diagnostic recorded."""
        from ilocal.model.occurrences import list_occurrences

        try:
            return list_occurrences(series, window, expand_until)
        except DateError as error:
            self._unexpanded_series[series.id] = Diagnostic(
                series.source_line, error.lazy_message, "rrule", file=series.source_file, code="empty-series"
            )
            return [series]

    def _event_from_row(self, row: Sequence[Any]) -> Event:
        id, file, line, fields, rest, extra = row[:6]
        return decode_index_record(id, (fields, rest, extra), self.display_names[file], line)

    def _build_select_statements(self, query: Query) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Yield SQL statements whose rows, one after the other, are the candidates of a query in its order."""
        order = f"{query.sort} {'DESC' if query.is_descending else 'ASC'}, rank, place"
        needed = sql_filters.build_sql_conditions(query)
        if query.occurrence_window is not None:
            needed.append(sql_filters.SqlCondition("NOT recurs"))
        bounds = sql_filters.compute_sql_start_bounds(query) if query.sort == "date" else None
        if expression := sql_filters.build_fts_expression(query):
            needed.append(
                sql_filters.build_fts_condition(expression, is_common=self._has_many_matching_rows(expression))
            )
            bounds = None
        dated = (*needed, sql_filters.SqlCondition(f"event.{query.sort} IS NOT NULL"))
        if bounds is None:
            yield build_select_sql([dated], order)
        else:
            near = sql_filters.SqlCondition(
                f"date >= ? AND date < ? AND last - first <= {database.LONG_EVENT_DAYS}", bounds
            )
            yield build_select_sql(
                [(*dated, near), (*dated, sql_filters.SqlCondition(f"last - first > {database.LONG_EVENT_DAYS}"))],
                order,
            )
        if query.sort in ("date", "updated") and not (query.sort == "date" and query.overlapping):
            yield build_select_sql([(*needed, sql_filters.SqlCondition(f"event.{query.sort} IS NULL"))], "rank, place")

    def _has_many_matching_rows(self, expression: str) -> bool:
        sql = f"SELECT 1 FROM words WHERE words MATCH ? LIMIT 1 OFFSET {_MANY_MATCHES_COUNT}"
        return (
            self.event_count > _MANY_MATCHES_COUNT
            and self.connection.execute(sql, (expression,)).fetchone() is not None
        )

    def get(self, id: str) -> Event | None:
        """Return the event with exactly this id; None if there is none."""
        return next(iter(self._select_events_where("event.id = ?", id)), None)

    def get_all(self, ids: Sequence[str]) -> dict[str, Event]:
        """Return the events with these ids, by id; unknown ids are left out."""
        found: dict[str, Event] = {}
        for at in range(0, len(ids), _MAX_SQL_VALUES):
            some = ids[at : at + _MAX_SQL_VALUES]
            events = self._select_events_where(f"event.id IN ({', '.join('?' * len(some))})", *some)
            found.update((event.id, event) for event in events)
        return found

    def fetch_digests(self) -> dict[str, bytes]:
        """Return the digest of the text of each event, by its id."""
        return dict(self._fetch_rows("SELECT id, digest FROM event WHERE hidden = 0"))

    def find_by_title(self, title: str) -> list[Event]:
        """Return the events with this title, ignoring case and accents."""
        return self._select_events_where("title = ?", fold_text(title))

    def find_by_uid(self, uid: str) -> list[Event]:
        """Return the events with this UID in their text."""
        sql = "event.key IN (SELECT rowid FROM words WHERE words MATCH ?)"
        return [
            event for event in self._select_events_where(sql, f"labels : {build_fts_uid_term(uid)}") if event.uid == uid
        ]

    def _select_events_where(self, condition: str, *values: str) -> list[Event]:
        sql = EVENT_DETAILS_SQL.format(
            inner=f"{CANDIDATES_SQL} WHERE hidden = 0 AND {condition} ORDER BY {_FILE_ORDER_SQL}"
        )
        return self.retry_after_damage(
            lambda: [self._event_from_row(row) for row in self.connection.execute(sql, values)], DAMAGE_ERRORS
        )

    def _fetch_rows(self, sql: str, *values: object) -> list[Any]:
        return self.retry_after_damage(lambda: self.connection.execute(sql, values).fetchall())

    def count_names(self, field: str) -> dict[str, int]:
        """Return how many events have each name in a field, the most frequent first."""
        from ilocal.index.name_counts import fetch_name_counts

        return self.retry_after_damage(
            lambda: fetch_name_counts(self.connection, field, self._select_hidden_event_rows()), DAMAGE_ERRORS
        )

    def _select_hidden_event_rows(self) -> Iterator[Event]:
        """Return the events with the id of an earlier one."""
        sql = EVENT_DETAILS_SQL.format(inner=f"{CANDIDATES_SQL} WHERE hidden")
        return map(self._event_from_row, self.connection.execute(sql))

    def find_candidate_ids(self, handle: str) -> list[str]:
        """Return the ids that a handle may name, and perhaps others, in the order of the registry."""
        typed = slugify_words(handle)
        if not typed:
            return []
        sql = f"""
            SELECT event.id FROM event JOIN segment ON segment.id = event.segment
            WHERE hidden = 0 AND key IN (SELECT rowid FROM words WHERE words MATCH ?) ORDER BY {_FILE_ORDER_SQL}
        """
        return [id for (id,) in self._fetch_rows(sql, sql_filters.build_fts_handle_expression(typed))]

    def is_id_taken(self, id: str) -> bool:
        """Return whether an event, valid or not, has this id."""
        sql = "SELECT 1 FROM event WHERE id = ? UNION ALL SELECT 1 FROM problem WHERE id = ? LIMIT 1"
        return bool(self._fetch_rows(sql, id, id))

    def find_write_blocker(self, name: str) -> tuple[str, Diagnostic | None]:
        """Return why a file must not be written, "" if nothing prevents it, and its first TOML error."""
        ((locked,),) = self._fetch_rows("SELECT locked FROM file WHERE name = ?", name)
        sql = f"{_DIAGNOSTICS_SQL} JOIN file ON file.id = segment.file WHERE name = ? AND code = ? ORDER BY 2 LIMIT 1"
        rows = self._fetch_rows(sql, name, "not-toml")
        return _(locked), self._diagnostic_from_row(*rows[0]) if rows else None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Diagnostics of the events, file by file, followed by those of the header."""
        return self.retry_after_damage(self._fetch_diagnostics, DAMAGE_ERRORS)

    def _fetch_diagnostics(self) -> tuple[Diagnostic, ...]:
        found = [
            self._diagnostic_from_row(*row)
            for row in self.connection.execute(f"{_DIAGNOSTICS_SQL} ORDER BY {_DIAGNOSTIC_ORDER_SQL}")
        ]
        if len(found) > 1:
            from ilocal.storage.loader import drop_repeated_diagnostics

            found = drop_repeated_diagnostics(found)
        for name, line, message, field, code in (
            json.loads(self._metadata_warnings) if self._metadata_warnings != "[]" else ()
        ):
            file = str(self.path / name) if name else str(self.path)
            found.append(Diagnostic(line, decode_message_in_index(message), field, "warning", file=file, code=code))
        return (*found, *self._unexpanded_series.values())

    def _diagnostic_from_row(
        self, file: int, line: int, message: str, field: str, code: str, id: str, first: int | None
    ) -> Diagnostic:
        if first is not None:
            from ilocal.storage.loader import describe_duplicate_id_in_file

            sql = (
                f"SELECT id, file, line, fields, rest, extra FROM ({CANDIDATES_SQL} WHERE key = ?) NATURAL JOIN record"
            )
            event = self._event_from_row(self.connection.execute(sql, (first,)).fetchone())
            return Diagnostic(
                line,
                describe_duplicate_id_in_file(id, event.source_line, event.source_file, self.display_names[file]),
                field,
                file=self.display_names[file],
                code=code,
            )
        return Diagnostic(line, decode_message_in_index(message), field, file=self.display_names[file], code=code)

    # ------------------------------------------------------------------------------------- questions of transactions

    def find_location(self, id: str) -> BlockLocation | None:
        """Return the location of the event with this id; None if there is none."""
        from ilocal.storage.registry_index import BlockLocation

        sql = """
            SELECT file.name, segment.start + event.start, segment.start + event.start + event.length, event.digest
            FROM event JOIN segment ON segment.id = event.segment JOIN file ON file.id = segment.file
            WHERE hidden = 0 AND event.id = ?
        """
        rows = self._fetch_rows(sql, id)
        return BlockLocation(*rows[0]) if rows else None

    # The next three are not retried individually if the index is corrupt, but by the transaction: a region refers to
    # the
    # segments of one index and is meaningless in another.

    def find_changed_region(self, file: str, data: bytes) -> ChangedRegion | None:
        """Return the region in which a new text of a file differs from the index; None if it is the same.

        Raises TomlSyntaxError if it is not UTF-8, and sqlite3.Error.
        """
        from ilocal.index.incremental_update import find_region_not_in_index  # a question needs no parser

        return find_region_not_in_index(self.connection, self._file_numbers[file], data)

    def list_blocks_in_region(self, file: str, region: ChangedRegion) -> list[BlockLocation]:
        """Return the events that stood in a region of a file, readable or not. Raises sqlite3.Error."""
        from ilocal.index.incremental_update import fetch_block_rows_in_region
        from ilocal.storage.registry_index import BlockLocation

        return [BlockLocation(file, *row) for row in fetch_block_rows_in_region(self.connection, region)]

    def list_text_outside_events(self, file: str) -> list[tuple[int, bytes]]:
        """Return the parts of a file outside its events, each with the offset of its first byte.

        Raises sqlite3.Error.
        """
        from ilocal.index.incremental_update import fetch_text_rows_outside_events

        return fetch_text_rows_outside_events(self.connection, self._file_numbers[file])

    def apply_changes(self, changes: Sequence[FileChange], states: Sequence[FileState | None]) -> None:
        """Update the index with changes that were just written.

        Errors are ignored, as the next query repairs the index.
        """
        from ilocal.index.build import apply_changes_to_index
        from ilocal.storage.failpoints import reach_failpoint

        with suppress(OSError, RuntimeError, RegistryError, *DAMAGE_ERRORS):
            reach_failpoint("index")
            self.connection.execute("COMMIT")
            apply_changes_to_index(self.connection, changes, states)


_DIAGNOSTIC_ORDER_SQL = "segment.rank, 2, segment.start + problem.start, problem.rowid"
_FILE_ORDER_SQL = "segment.rank, segment.start + event.start"
_DIAGNOSTICS_SQL = """
SELECT segment.file, segment.line + problem.line, message, field, code, problem.id, problem.event
FROM problem JOIN segment ON segment.id = problem.segment
"""


PlacedEvent = tuple[tuple[int, ...], Event]  # an event with its position in the registry


class _SortKey:
    """Sort key of a result, as in the queries."""

    def __init__(self, query: Query, answer: PlacedEvent) -> None:
        self._place, event = answer
        self._key = SORT_KEYS[query.sort](event)
        self._is_descending = query.is_descending

    def __lt__(self, other: _SortKey) -> bool:
        if self._key == other._key:
            return self._place < other._place  # no two are in the same place, but occurrences, which are in order
        if self._key is None or other._key is None:
            return other._key is None
        return bool(self._key > other._key) if self._is_descending else bool(self._key < other._key)


def _make_sort_key_of_index_row(query: Query, answer: PlacedEvent) -> _SortKey:
    return _SortKey(query, answer)


def select_events_from_index(index: Index, query: Query) -> Iterator[Event]:
    """Yield the results of a query; if the index is corrupt, continue with a rebuilt one."""
    given = 0
    try:
        for event in index.iterate_rows_matching_query(query):
            yield event
            given += 1
    except DAMAGE_ERRORS:
        index.rebuild()
        yield from islice(index.iterate_rows_matching_query(query), given, None)


def find_event_in_index(index: Index, handle: str) -> Event:
    """Return the event that a handle names. Raises HandleError."""
    return index.retry_after_damage(lambda: _find_event_in_index(index, handle))


def _find_event_in_index(index: Index, handle: str) -> Event:
    exact = index.get(handle)
    if exact is not None:
        return exact
    from ilocal.model.ids import resolve_event_id_prefix
    from ilocal.model.search_terms import has_words_in_title
    from ilocal.model.text_folding import normalize_words

    def find_ids_by_title() -> list[str]:
        typed = normalize_words(handle)
        candidates = index.iterate_rows_matching_query(sql_filters.build_fts_words_query(typed)) if typed else ()
        return [event.id for event in candidates if has_words_in_title(event, typed)]

    event = index.get(resolve_event_id_prefix(handle, index.find_candidate_ids(handle), find_ids_by_title))
    if event is None:
        raise KeyError(handle)
    return event
