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
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ilocal.errors import DateError, IlocalError, Problem
from ilocal.i18n.messages import _, retold
from ilocal.index import database, name_counts, sql_filters
from ilocal.index.rows import event_of, uid_label
from ilocal.model import registry_info
from ilocal.model.dates import Days
from ilocal.model.event import Event
from ilocal.model.occurrences import occurrences
from ilocal.model.query import ORDERS, Query
from ilocal.model.text_folding import fold, slug
from ilocal.storage import files
from ilocal.storage.failpoints import failpoint
from ilocal.storage.files import Stamp

if TYPE_CHECKING:
    from ilocal.storage.changes.text_delta import Change
from collections.abc import Iterator
from itertools import islice

from ilocal.errors import NoSuchEvent
from ilocal.index import sql_filters
from ilocal.index.opening import made_anew
from ilocal.model.event import Event
from ilocal.model.ids import only, resolve
from ilocal.model.query import Query
from ilocal.model.search_terms import has_in_title
from ilocal.model.text_folding import words

_MANY = 5000  # events with the same words
# What may come out of an index that is damaged: errors in it, or of what is made of it.
_DAMAGED = (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError)
DAMAGE = (*_DAMAGED, IlocalError)
T = TypeVar("T")


class Place(NamedTuple):
    """Where an event stands: in which file, there from and to which byte, with which digest."""

    file: int
    start: int
    end: int
    digest: bytes


class Index:
    """An open index, as fresh as the registry was when it was opened, and the same until it is closed."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, is_news: bool = False) -> None:
        self.path = path
        self.is_news = is_news  # whether the text was another one when somebody last looked
        self._unexpanded: dict[str, Problem] = {}  # series, by id
        self._is_renewed = False
        connection.execute("BEGIN")  # all that is read is of one moment, whatever others write
        self._use(connection)

    def _use(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._closing = weakref.finalize(self, connection.close)  # where nobody has closed it
        said, self._doubts, count = connection.execute("SELECT header, doubts, count FROM meta").fetchone()
        self.header = registry_info.from_plain(json.loads(said))
        self.count = int(count)
        known = connection.execute("SELECT id, name, stamp FROM file ORDER BY rank").fetchall()
        self.names: dict[int, str] = {id: name for id, name, _ in known}
        self.stamps: dict[str, str] = {name: stamp for _, name, stamp in known}
        self.files = {id: str(self.path / name) if name else str(self.path) for id, name in self.names.items()}

    def close(self) -> None:
        self.connection.close()

    def renew(self) -> None:
        """Go on with an index that is made anew, for this one turned out to be damaged; once."""
        if not self._is_renewed:
            new = made_anew(self.path)
            new._closing.detach()
            self._use(new.connection)
            self._is_renewed = True

    def surely(self, ask: Callable[[], T], errors: tuple[type[Exception], ...] = _DAMAGED) -> T:
        """What `ask` comes to; where the index turns out to be damaged, what it comes to with a new one."""
        try:
            return ask()
        except errors:
            if self._is_renewed:
                raise
            self.renew()
            return ask()

    def is_current(self) -> bool:
        """Whether the files are still as they were read. Raises RegistryError."""
        return self.stamps == {member.name: files.stamp(member.path).text for member in files.members(self.path)}

    def forget_state(self) -> None:
        """Let whoever opens the index next look at the files once more, as if they had changed."""
        with suppress(sqlite3.Error):
            self.connection.execute("COMMIT")
            self.connection.execute("UPDATE file SET stamp = ''")
            self.connection.execute("BEGIN")

    # ------------------------------------------------------------------------------------------------------ questions

    def select(self, query: Query) -> Iterator[Event]:
        """The answers of `query`, one by one: SQL narrows and orders, `Query.matches` decides."""
        found = self._single(query)
        if query.window is not None and (series := self._series(query)):
            found = merge(series, found, key=partial(_turn, query))
        for _place, event in islice(found, query.limit):
            yield event

    def _single(self, query: Query) -> Iterator[Answer]:
        """The answers that do not recur, in order; all, where the query does not look at occurrences."""
        may_match = sql_filters.marks(query)
        for sql, values in self._selects(query):
            for row in self.connection.execute(sql, values):
                if may_match and not may_match("".join((row[0], *row[3:6]))):
                    continue
                event = self._event(row)
                if query.matches(event):
                    yield tuple(row[6:]), event

    def _series(self, query: Query) -> list[Answer]:
        """The occurrences that are answers, in order. A series that cannot be expanded is noted as a problem."""
        if self.connection.execute("SELECT 1 FROM event WHERE recurs LIMIT 1").fetchone() is None:
            return []
        needed = [*sql_filters.conditions(query), sql_filters.Narrowed("recurs")]
        if expression := sql_filters.full_text(query):
            needed.append(sql_filters.has_words(expression, many=False))
        found = []
        for row in self.connection.execute(*_select([tuple(needed)], "rank, place")):
            series = self._event(row)
            try:
                times = occurrences(series, query.window or Days(date.min, date.max), query.ahead)
            except DateError as error:
                said = Problem(series.source_line, error.message, "rrule", file=series.source_file)
                self._unexpanded[series.id] = said
                times = [series]
            found += [(tuple(row[6:]), event) for event in query.answers_of(series, times)]
        return sorted(found, key=partial(_turn, query))

    def _event(self, row: Sequence[Any]) -> Event:
        id, file, line, fields, rest, extra = row[:6]
        return event_of(id, (fields, rest, extra), self.files[file], line)

    def _selects(self, query: Query) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """The statements whose rows, one after the other, are the candidates of a query in its order."""
        order = f"{query.sort} {'DESC' if query.descending else 'ASC'}, rank, place"
        needed = sql_filters.conditions(query)
        if query.window is not None:
            needed.append(sql_filters.Narrowed("NOT recurs"))
        bounds = sql_filters.begins(query) if query.sort == "date" else None
        if expression := sql_filters.full_text(query):
            needed.append(sql_filters.has_words(expression, many=self._has_many(expression)))
            bounds = None
        dated = (*needed, sql_filters.Narrowed(f"event.{query.sort} IS NOT NULL"))
        if bounds is None:
            yield _select([dated], order)
        else:
            near = sql_filters.Narrowed(f"date >= ? AND date < ? AND last - first <= {database.LONG}", bounds)
            yield _select([(*dated, near), (*dated, sql_filters.Narrowed(f"last - first > {database.LONG}"))], order)
        if query.sort in ("date", "updated") and not (query.sort == "date" and query.touching):
            yield _select([(*needed, sql_filters.Narrowed(f"event.{query.sort} IS NULL"))], "rank, place")

    def _has_many(self, expression: str) -> bool:
        sql = f"SELECT 1 FROM words WHERE words MATCH ? LIMIT 1 OFFSET {_MANY}"
        return self.count > _MANY and self.connection.execute(sql, (expression,)).fetchone() is not None

    def get(self, id: str) -> Event | None:
        """The event with exactly this id."""
        return next(iter(self._where("event.id = ?", id)), None)

    def titled(self, title: str) -> list[Event]:
        """The events with this title, folded."""
        return self._where("title = ?", fold(title))

    def with_uid(self, uid: str) -> list[Event]:
        """The events that have this UID written down."""
        sql = "event.key IN (SELECT rowid FROM words WHERE words MATCH ?)"
        return [event for event in self._where(sql, f"labels : {uid_label(uid)}") if event.uid == uid]

    def _where(self, condition: str, value: str) -> list[Event]:
        sql = _DETAILS.format(inner=f"{_FOUND} WHERE hidden = 0 AND {condition} ORDER BY {_IN_FILE}")
        return self.surely(lambda: [self._event(row) for row in self.connection.execute(sql, (value,))], DAMAGE)

    def _rows(self, sql: str, *values: object) -> list[Any]:
        return self.surely(lambda: self.connection.execute(sql, values).fetchall())

    def counted(self, field: str) -> dict[str, int]:
        """How many events have each name in a field of `names.FIELDS`, the most frequent first."""
        return self.surely(lambda: name_counts.counted(self.connection, field, self._hidden()), DAMAGE)

    def _hidden(self) -> Iterator[Event]:
        """The events that have the id of an earlier one."""
        sql = _DETAILS.format(inner=f"{_FOUND} WHERE hidden")
        return map(self._event, self.connection.execute(sql))

    def ids(self, handle: str) -> list[str]:
        """The ids that a handle may mean, and perhaps others, in the order of the registry."""
        typed = slug(handle)
        if not typed:
            return []
        sql = f"""
            SELECT event.id FROM event JOIN segment ON segment.id = event.segment
            WHERE hidden = 0 AND key IN (SELECT rowid FROM words WHERE words MATCH ?) ORDER BY {_IN_FILE}
        """
        return [id for (id,) in self._rows(sql, sql_filters.handle(typed))]

    def is_taken(self, id: str) -> bool:
        """Whether an event has this id, be it one that cannot be read."""
        sql = "SELECT 1 FROM event WHERE id = ? UNION ALL SELECT 1 FROM problem WHERE id = ? LIMIT 1"
        return bool(self._rows(sql, id, id))

    def obstacle(self, name: str) -> tuple[str, Problem | None]:
        """Why a file must not be written: the reason, or what in it is not TOML."""
        ((locked,),) = self._rows("SELECT locked FROM file WHERE name = ?", name)
        sql = f"{_PROBLEM} JOIN file ON file.id = segment.file WHERE name = ? AND is_toml ORDER BY 2 LIMIT 1"
        rows = self._rows(sql, name)
        return _(locked), self._problem(*rows[0]) if rows else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read, file by file, and then what is doubtful in the header."""
        return self.surely(self._problems, DAMAGE)

    def _problems(self) -> tuple[Problem, ...]:
        found = [self._problem(*row) for row in self.connection.execute(f"{_PROBLEM} ORDER BY {_IN_FILE_LINES}")]
        for name, line, message, field in json.loads(self._doubts) if self._doubts != "[]" else ():
            file = str(self.path / name) if name else str(self.path)
            found.append(Problem(line, retold(message), field, "warning", file=file))
        return (*found, *self._unexpanded.values())

    def _problem(self, file: int, line: int, message: str, field: str, id: str, first: int | None) -> Problem:
        if first is not None:
            from ilocal.storage.loader import twice

            sql = f"SELECT id, file, line, fields, rest, extra FROM ({_FOUND} WHERE key = ?) NATURAL JOIN record"
            event = self._event(self.connection.execute(sql, (first,)).fetchone())
            return Problem(
                line, twice(id, event.source_line, event.source_file, self.files[file]), field, file=self.files[file]
            )
        return Problem(line, retold(message), field, file=self.files[file])

    def place(self, id: str) -> Place | None:
        """Where the event with this id stands."""
        sql = """
            SELECT file, segment.start + event.start, segment.start + event.start + event.length, event.digest
            FROM event JOIN segment ON segment.id = event.segment WHERE hidden = 0 AND event.id = ?
        """
        rows = self._rows(sql, id)
        return Place(*rows[0]) if rows else None

    def take_in(self, changes: Sequence[Change], stamps: Sequence[Stamp | None]) -> None:
        """Learn what was just written. Whatever goes wrong here is made good by the next question."""
        from ilocal.index.build import take_in

        with suppress(OSError, RuntimeError, *DAMAGE):
            failpoint("index")
            self.connection.execute("COMMIT")
            take_in(self.connection, changes, stamps)


# What is selected stands in a query of its own, with a limit that keeps SQLite from sorting whole records with it.
_DETAILS = """
SELECT id, file, line, fields, rest, extra, rank, place
FROM ({inner} LIMIT -1) AS found CROSS JOIN record ON record.key = found.key
"""
_FOUND = """
SELECT
    event.key AS key, event.id AS id, segment.file AS file, segment.line + event.header AS line, rank,
    segment.start + event.start AS place
FROM event JOIN segment ON segment.id = event.segment
"""
_IN_FILE_LINES = "segment.rank, 2, segment.start + problem.start"
_IN_FILE = "segment.rank, segment.start + event.start"
_PROBLEM = """
SELECT segment.file, segment.line + problem.line, message, field, problem.id, problem.event
FROM problem JOIN segment ON segment.id = problem.segment
"""


Answer = tuple[tuple[int, ...], Event]  # an event, with where it stands in the registry


class _Turn:
    """What decides which of two answers comes first, as in `Query.answer`."""

    def __init__(self, query: Query, answer: Answer) -> None:
        self._place, event = answer
        self._key = ORDERS[query.sort](event)
        self._descending = query.descending

    def __lt__(self, other: _Turn) -> bool:
        if self._key == other._key:
            return self._place < other._place  # no two are in the same place, but occurrences, which are in order
        if self._key is None or other._key is None:
            return other._key is None
        return bool(self._key > other._key) if self._descending else bool(self._key < other._key)


def _turn(query: Query, answer: Answer) -> _Turn:
    return _Turn(query, answer)


def _select(ways: list[tuple[sql_filters.Narrowed, ...]], order: str) -> tuple[str, tuple[Any, ...]]:
    """A statement for what meets the conditions of any of the ways, which exclude each other."""
    selected = _FOUND.replace("SELECT", "SELECT date, title, updated,")
    inner = " UNION ALL ".join(
        selected + " WHERE " + " AND ".join(condition.sql for condition in conditions) for conditions in ways
    )
    values = tuple(value for conditions in ways for condition in conditions for value in condition.values)
    return _DETAILS.format(inner=f"{inner} ORDER BY {order}"), values


def select(index: Index, query: Query) -> Iterator[Event]:
    """`index.select`, going on from a new index where the stored one turns out to be damaged."""
    given = 0
    try:
        for event in index.select(query):
            yield event
            given += 1
    except DAMAGE:
        index.renew()
        yield from islice(index.select(query), given, None)


def find(index: Index, handle: str) -> Event:
    """The event that a handle names. Raises HandleError."""
    return index.surely(lambda: _found(index, handle))


def _found(index: Index, handle: str) -> Event:
    exact = index.get(handle)
    if exact is not None:
        return exact
    try:
        event = index.get(resolve(handle, index.ids(handle)))
    except NoSuchEvent:
        # An id holds only the first words of a title, and none of a translation's.
        typed = words(handle)
        candidates = index.select(sql_filters.with_words(typed)) if typed else ()
        alike = {event.id: event for event in candidates if has_in_title(event, typed)}
        if not alike:
            raise
        event = alike[only(handle, list(alike))]
    if event is None:
        raise KeyError(handle)
    return event
