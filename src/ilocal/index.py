"""The SQLite copy of a registry that answers fast: fresh or made anew, never asked for more than candidates.

It lies in the user's cache folder and may vanish, be garbage or unwritable at any time: then it is built again, in
memory if need be, and every answer stays the same.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, replace
from functools import lru_cache
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from ilocal import files, header
from ilocal.errors import HandleError, IlocalError, NoSuchEvent, Problem
from ilocal.event import LISTS, Event, from_plain, to_plain
from ilocal.handles import only, resolve
from ilocal.query import ORDERS, Phrase, Query, Term, texts
from ilocal.text import fold, for_index, spell, words

if TYPE_CHECKING:
    from ilocal.registry import Registry

VERSION = 3  # of the tables below; an index of another version is thrown away
_YOUNG = 2_000_000_000  # nanoseconds in which a file may change twice and keep its times

_TABLES = """
CREATE TABLE meta (json TEXT);
CREATE TABLE event (
    position INTEGER PRIMARY KEY, id TEXT UNIQUE, line INTEGER, first INTEGER, last INTEGER,
    date INTEGER, title TEXT, updated INTEGER, record TEXT, extra TEXT
);
CREATE INDEX by_date ON event (date);
CREATE INDEX by_last ON event (last);
CREATE TABLE name (field TEXT, name TEXT, position INTEGER, PRIMARY KEY (field, name, position)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    text, content='', columnsize=0, tokenize="unicode61 remove_diacritics 2 categories 'L* N*'"
);
"""
# Fields that are narrowed by name; a location is asked for by a part of it.
_NAMED = (*LISTS, "kind", "status", "language")


def path_for(registry: Path) -> Path:
    """Where the index of a registry lies. (Two with the same checksum would only build each other's index anew.)"""
    from platformdirs import user_cache_path

    checksum = crc32(os.fsencode(os.path.realpath(registry)))
    return user_cache_path("ilocal") / f"{registry.stem[:40]}-{checksum:08x}.sqlite"


class Index:
    """An open index, as fresh as the registry was when it was opened."""

    def __init__(self, connection: sqlite3.Connection, file: str) -> None:
        self._connection = connection
        self._file = file
        (text,) = connection.execute("SELECT json FROM meta").fetchone()
        meta = json.loads(text)
        self.stamp = files.Stamp(*meta["stamp"])
        self.digest: str = meta["digest"]
        self.version: int = meta["version"]
        self.header = header.from_plain(meta["header"])
        self.problems = tuple(Problem(**problem) for problem in meta["problems"])
        self.count: int = meta["count"]

    def select(self, query: Query) -> Iterator[Event]:
        """The answers of `query`, one by one: SQL narrows and orders, `Query.matches` decides."""
        where, values = narrowed(query)
        direction = "DESC" if query.descending else "ASC"
        order = f"{query.sort} IS NULL, {query.sort} {direction}, position"
        sql = f"SELECT line, record, extra FROM event {where} ORDER BY {order}"
        left = -1 if query.limit is None else query.limit
        for line, record, extra in self._connection.execute(sql, values):
            if left == 0:
                return
            event = self._event(line, record, extra)
            if query.matches(event):
                left -= 1
                yield event

    def ids(self) -> list[str]:
        """The ids of all events, in the order of the registry."""
        return [id for (id,) in self._connection.execute("SELECT id FROM event ORDER BY position")]

    def get(self, id: str) -> Event | None:
        """The event with exactly this id."""
        row = self._connection.execute("SELECT line, record, extra FROM event WHERE id = ?", (id,)).fetchone()
        return self._event(*row) if row else None

    def _event(self, line: int, record: str, extra: str) -> Event:
        plain = json.loads(record)
        if extra:
            import tomli

            plain |= tomli.loads(extra)
        return from_plain(plain, source_file=self._file, source_line=line)


# SQLite bounds the depth of an expression; whatever is beyond is left to `Query.matches`.
_MOST_PARTS = 50


def narrowed(query: Query) -> tuple[str, list[Any]]:
    """A WHERE clause that keeps every answer of `query`, and its values."""
    parts: list[str] = []
    values: list[Any] = []

    def need(sql: str, *more: Any) -> None:
        parts.append(sql)
        values.extend(more)

    for group in query.touching[:_MOST_PARTS]:
        if len(group) > _MOST_PARTS:
            continue
        ends = [day.toordinal() for days in group for day in (days.last, days.first)]
        need("(" + " OR ".join(["(first <= ? AND last >= ?)"] * len(group)) + ")", *ends)
    if query.upcoming is not None:
        need("(last >= ? OR last IS NULL)", query.upcoming.toordinal())
    if query.undated:
        need("last IS NULL")
    for field, names in query.values:
        if field in _NAMED and len(names) <= _MOST_PARTS:
            marks = ", ".join("?" * len(names))
            need(f"position IN (SELECT position FROM name WHERE field = ? AND name IN ({marks}))", field, *names)
    for term in query.terms[:_MOST_PARTS]:
        if expression := _full_text(term.phrases):
            need("position IN (SELECT rowid FROM words WHERE words MATCH ?)", expression)
    return ("WHERE " + " AND ".join(parts) if parts else ""), values


def _full_text(phrases: Iterable[Phrase]) -> str:
    """An FTS5 expression for any of the phrases; what was typed stands in strings, where nothing is syntax.

    "" where it could leave out an answer: of letters beyond ASCII, FTS5 and Python may think differently.
    """
    phrases = list(phrases)
    if any(
        len(phrase.words) > _MOST_PARTS or not all(word.isascii() for _, word in phrase.words) for phrase in phrases
    ):
        return ""
    return " OR ".join(expression for phrase in phrases for expression in _phrase(phrase))


_MOST_SPELLINGS = 16


def _phrase(phrase: Phrase) -> Iterator[str]:
    """The phrase with each of its words as it may stand in the index, where i may be written y."""
    plain = [word for _, word in phrase.words]
    last = [f'"{plain[-1]}"*'] if phrase.prefix else _spellings(plain[-1])
    choices = [*map(_spellings, plain[:-1]), last]
    if prod(map(len, choices)) > _MOST_SPELLINGS:
        yield "(" + " AND ".join("(" + " OR ".join(choice) + ")" for choice in choices) + ")"
        return
    for choice in product(*choices):
        yield "(" + " + ".join(choice) + ")"


def _spellings(word: str) -> list[str]:
    """The plain word as an FTS5 string, and with a last y for i, where they are one letter."""
    either = spell(word[:-1] + "y")[1] == word if word.endswith("i") else False
    return [f'"{word}"', f'"{word[:-1]}y"'] if either else [f'"{word}"']


# -------------------------------------------------------------------------------------------------------------- build


def open_index(registry: Path, file: str) -> Index:
    """The index of the registry at a path, which messages call `file`; built when missing, stale or damaged.

    Raises RegistryError where the registry cannot be read.
    """
    stamp = files.stamp(registry)
    try:
        path = path_for(registry)
        index = _stored(path, file)
    except (OSError, sqlite3.Error, ValueError, TypeError, KeyError, RuntimeError):
        index = None
    try:
        if index is not None and _is_fresh(index, stamp, registry, path):
            return index
    except OSError:
        pass
    return rebuilt(registry, file)


def _stored(path: Path, file: str) -> Index | None:
    if not path.is_file():
        return None
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    index = Index(connection, file)
    return index if index.version == VERSION else None


def _is_fresh(index: Index, stamp: files.Stamp, registry: Path, path: Path) -> bool:
    """By the state of the file; by its content, while that was read from a file so young that times may lie.

    When it was read is the time of the index's own file.
    """
    if index.stamp != stamp:
        return False
    changed = max(stamp.mtime, stamp.ctime)
    if path.stat().st_mtime_ns - changed > _YOUNG:
        return True
    now = time.time_ns()
    if _digest(files.read(registry).text) != index.digest:
        return False
    if now - changed > _YOUNG:
        with suppress(OSError):
            os.utime(path, ns=(now, now))
    return True


def rebuilt(registry: Path, file: str) -> Index:
    """A new index, from the registry as it is now; in memory where it cannot be kept in the cache folder."""
    from ilocal.registry import load  # the parser is not needed to ask

    read_at = time.time_ns()
    snapshot = files.read(registry)
    content = load(snapshot.text, file)
    meta = {
        "version": VERSION,
        "stamp": list(asdict(snapshot.stamp).values()),
        "digest": _digest(snapshot.text),
        "header": header.to_plain(content.header),
        "problems": [asdict(replace(problem, text="")) for problem in content.problems],
        "count": len(content.events),
    }
    # A text that changed under the reader (written in place) is answered from, and not kept.
    if files.stamp(registry) == snapshot.stamp:
        try:
            return _kept(path_for(registry), file, meta, content, read_at)
        except (OSError, sqlite3.Error, RuntimeError):
            pass
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _fill(connection, meta, content)
    return Index(connection, file)


def _kept(path: Path, file: str, meta: dict[str, Any], content: Registry, read_at: int) -> Index:
    """Build beside the old index and rename over it: whoever reads the old one goes on undisturbed."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.unlink(missing_ok=True)
        with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
            _fill(connection, meta, content)
        os.utime(temporary, ns=(read_at, read_at))
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    index = _stored(path, file)
    if index is None:
        raise OSError("the index vanished")
    return index


def _fill(connection: sqlite3.Connection, meta: dict[str, Any], content: Registry) -> None:
    connection.executescript(_TABLES)
    connection.execute("BEGIN")
    connection.execute("INSERT INTO meta VALUES (?)", (json.dumps(meta, ensure_ascii=False),))
    events = list(enumerate(content.events.values(), 1))
    connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (_row(*one) for one in events))
    names = (name for one in events for name in _names(*one))
    connection.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?)", names)
    rows = ((position, _text(event)) for position, event in events)
    connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", rows)
    connection.execute("COMMIT")


def _row(position: int, event: Event) -> tuple[Any, ...]:
    own = _own_values(event)
    extra = ""
    if own:
        import tomli_w

        extra = tomli_w.dumps(own)
    plain = {key: value for key, value in to_plain(event).items() if key not in own}
    span = event.span.days if event.span else None
    first, last = (span.first.toordinal(), span.last.toordinal()) if span else (None, None)
    keys = (ORDERS["date"](event), ORDERS["title"](event), ORDERS["updated"](event))
    return position, event.id, event.source_line, first, last, *keys, json.dumps(plain, ensure_ascii=False), extra


def _own_values(event: Event) -> dict[str, Any]:
    """What holds keys of the owner's own, as TOML has it: their dates and numbers keep their types."""
    own = dict(event.extra)
    if any(section.extra for section in event.sections):
        own["sections"] = [{"heading": s.heading, "body": s.body, **s.extra} for s in event.sections]
    if any(translation.extra for translation in event.translations):
        own["translations"] = {
            t.language: {"title": t.title, "description": t.description, **t.extra} for t in event.translations
        }
    return own


def _names(position: int, event: Event) -> Iterator[tuple[str, str, int]]:
    for field in _NAMED:
        value = getattr(event, field)
        for item in ((value,) if isinstance(value, str) else value) or ("",):
            yield field, _folded(item), position


_folded = lru_cache(maxsize=1 << 14)(fold)  # the same few names stand in many events


def _text(event: Event) -> str:
    """All that a search may look into. The texts are one here: `Query.matches` tells them apart."""
    return for_index("\n".join((*texts(event), event.id, event.status, event.language)))


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


# ------------------------------------------------------------------------------------------------------------- answer


def select(index: Index, query: Query, registry: Path, file: str) -> Iterator[Event]:
    """`index.select`, going on from an index in memory where the stored one turns out to be damaged."""
    given = 0
    try:
        for event in index.select(query):
            yield event
            given += 1
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError, IlocalError):
        rest = rebuilt(registry, file).select(query)
        for n, event in enumerate(rest):
            if n >= given:
                yield event


def find(index: Index, handle: str, registry: Path, file: str) -> Event:
    """The event that a handle names. Raises HandleError."""
    try:
        return _found(index, handle)
    except HandleError:
        raise
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError, IlocalError):
        return _found(rebuilt(registry, file), handle)


def _found(index: Index, handle: str) -> Event:
    exact = index.get(handle)
    if exact is not None:
        return exact
    try:
        event = index.get(resolve(handle, index.ids()))
    except NoSuchEvent:
        # An id holds only the first words of a title.
        terms = tuple(Term((Phrase((word,)),), "title") for word in words(handle))
        alike = {event.id: event for event in index.select(Query(terms=terms))} if terms else {}
        if not alike:
            raise
        event = alike[only(handle, list(alike))]
    if event is None:
        raise KeyError(handle)
    return event
