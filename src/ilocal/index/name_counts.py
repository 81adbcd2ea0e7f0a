"""Counts of the names in events (topics, places, organizers, …), updated with each change of an event."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

from ilocal.index.rows import make_getter_of_index_values
from ilocal.model.event import Event
from ilocal.model.fields import FILTERABLE_FIELDS, LIST_FIELDS
from ilocal.model.similar_names import find_similar_names
from ilocal.model.text_folding import fold_text

NAME_FIELDS = FILTERABLE_FIELDS
_NAME_LISTS = [name for name in NAME_FIELDS if name in LIST_FIELDS]
_NAME_TEXTS = [name for name in NAME_FIELDS if name not in LIST_FIELDS]
_get_name_lists, _get_name_texts = make_getter_of_index_values(_NAME_LISTS), make_getter_of_index_values(_NAME_TEXTS)

FieldValue = tuple[str, str]  # a field, and a name in it as it is written


def collect_names_to_index(event: Event) -> set[FieldValue]:
    """Return the distinct names of an event by field, including overrides; "" for a field without one."""
    found = {*zip(_NAME_TEXTS, _get_name_texts(event), strict=True)}
    for field, names in zip(_NAME_LISTS, _get_name_lists(event), strict=True):
        for name in names:
            found.add((field, name))
    for override in event.overrides:
        for field, value in override.values.items():
            if field in NAME_FIELDS:
                found.update((field, name) for name in ((value,) if isinstance(value, str) else value))
    return found


def update_name_rows(connection: sqlite3.Connection, count_changes: Counter[FieldValue]) -> None:
    """Add changes to the counts of names; negative changes are removals."""
    rows = [(field, fold_text(name), name, n) for (field, name), n in count_changes.items() if name and n]
    connection.executemany(_UPSERT_NAME_SQL, rows)
    if any(row[3] < 0 for row in rows):
        connection.executemany("DELETE FROM name WHERE field = ? AND folded = ? AND name = ? AND n <= 0",
                               [row[:3] for row in rows])  # fmt: skip


_UPSERT_NAME_SQL = "INSERT INTO name VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"


def fetch_name_counts(connection: sqlite3.Connection, field: str, hidden_events: Iterable[Event]) -> dict[str, int]:
    """Return how many events have each name in a field, most frequent first, not counting hidden events."""
    sql = "SELECT name, n FROM name WHERE field = ? ORDER BY n DESC, folded, name"
    found = {str(name): int(n) for name, n in connection.execute(sql, (field,))}
    less = Counter(name for event in hidden_events for of, name in collect_names_to_index(event) if of == field)
    if not less:
        return found
    left = {name: n - less[name] for name, n in found.items() if n > less[name]}
    return dict(sorted(left.items(), key=lambda item: (-item[1], fold_text(item[0]), item[0])))


def fetch_similar_name_counts(connection: sqlite3.Connection, field: str, names: Iterable[str]) -> dict[str, int]:
    """Return how many events have each name of a field that is spelled like one of `names`."""
    folded = [one for (one,) in connection.execute("SELECT DISTINCT folded FROM name WHERE field = ?", (field,))]
    sql = "SELECT name, n FROM name WHERE field = ? AND folded = ?"
    return dict(row for one in find_similar_names(names, folded) for row in connection.execute(sql, (field, one)))
