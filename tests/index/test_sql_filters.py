"""A query as SQL: what it offers holds every answer, and of dates alone nothing else."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.index.build import make_index_builder
from ilocal.index.database import LONG_EVENT_DAYS, create_in_memory_database
from ilocal.index.sql_filters import (
    build_accent_filter,
    build_fts_condition,
    build_fts_expression,
    build_sql_conditions,
    compute_sql_start_bounds,
)
from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.model.search_terms import parse_search_term
from ilocal.storage import files
from ilocal.storage.loader import ParsedRegistry, load_registry
from ilocal.storage.toml.event_writer import format_event_block
from tests.support.strategies import any_events, days, events, queries

windows = st.tuples(days, days).map(lambda pair: DateRange(*sorted(pair)))


def index_events(found: Iterable[Event]) -> tuple[ParsedRegistry, sqlite3.Connection]:
    """Return a registry of these events, read whole and as an index."""
    path = Path(os.environ["HOME"]) / "events.toml"
    path.write_bytes("\n".join(map(format_event_block, found)).encode())
    database = create_in_memory_database(make_index_builder(files.list_registry_files(path)))
    return load_registry([(str(path), path.read_bytes())]), database


def offered_ids(database: sqlite3.Connection, query: Query) -> set[str]:
    """Return the ids of the events that the SQL of a query leaves over."""
    needed = build_sql_conditions(query)
    if expression := build_fts_expression(query):
        needed.append(build_fts_condition(expression, is_common=False))
    sql = "SELECT event.id FROM event WHERE " + " AND ".join(condition.sql for condition in needed)
    return {id for (id,) in database.execute(sql, [value for condition in needed for value in condition.values])}


@given(st.lists(any_events(), max_size=5), st.lists(queries(), min_size=1, max_size=5))
def test_what_is_offered_holds_every_answer(found: list[Event], asked: list[Query]) -> None:
    registry, database = index_events(found)
    with closing(database):
        for query in asked:
            answers = {id for id, event in registry.events.items() if query.find_results(event)}
            assert answers <= offered_ids(database, query)


@given(
    st.lists(events(), max_size=5),
    st.lists(st.lists(windows, max_size=2).map(tuple), max_size=2).map(tuple),
    st.one_of(st.none(), days),
    st.booleans(),
)
def test_of_dates_the_answers_alone_are_offered(
    found: list[Event], overlapping: tuple[tuple[DateRange, ...], ...], coming: date | None, undated: bool
) -> None:
    registry, database = index_events(found)
    query = Query(overlapping=overlapping, not_over_before=coming, only_undated=undated)
    with closing(database):
        assert offered_ids(database, query) == {id for id, event in registry.events.items() if query.matches(event)}


@given(st.lists(any_events(), min_size=1, max_size=5), st.lists(windows, min_size=1, max_size=3), st.none() | days)
def test_an_answer_that_is_not_long_begins_within_the_bounds(
    found: list[Event], group: list[DateRange], coming: date | None
) -> None:
    query = Query(overlapping=(tuple(group),), not_over_before=coming)
    bounds = compute_sql_start_bounds(query)
    assert bounds is not None
    registry, database = index_events(found)
    with closing(database):
        rows = database.execute("SELECT id, date FROM event WHERE last - first <= ?", (LONG_EVENT_DAYS,))
        for id, start in rows.fetchall():
            if query.matches(registry.events[id]):
                assert bounds[0] <= start < bounds[1]


def test_nothing_bounds_the_start_where_no_day_is_asked_for() -> None:
    assert compute_sql_start_bounds(Query(terms=(parse_search_term("họp", {}),))) is None


@given(events(), st.lists(st.sampled_from(["họp", "kì", "thủy sản", "động*", "đông"]), min_size=1, max_size=2))
def test_no_event_with_the_words_is_taken_for_one_without(event: Event, words: list[str]) -> None:
    query = Query(terms=tuple(parse_search_term(text, {}) for text in words))
    may_match = build_accent_filter(query)
    if query.matches(event) and may_match is not None:
        assert may_match(format_event_block(event))


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("họp", "Hợp đồng", False),
        ("họp", "HỌP", True),
        ("kỳ", "cuối kì", True),
        ("đông", "lao động", False),
        ("đông", "mùa đông", True),
    ],
)
def test_marks_that_were_typed_are_looked_for(words: str, text: str, expected: bool) -> None:
    may_match = build_accent_filter(Query(terms=(parse_search_term(words, {}),)))
    assert may_match is not None
    assert may_match(text) is expected


def test_words_without_marks_are_left_to_the_index_of_words() -> None:
    assert build_accent_filter(Query(terms=(parse_search_term("dong", {}),))) is None


@pytest.mark.parametrize(("words", "title"), [("kì", "Cuối kỳ"), ("cuoi ki", "Cuối kỳ"), ("mi", "Mỹ"), ("quí", "Quý")])
def test_what_is_written_with_y_is_offered_for_i(words: str, title: str) -> None:
    registry, database = index_events([Event(title)])
    query = Query(terms=(parse_search_term(words, {}),))
    (id,) = registry.events
    with closing(database):
        assert query.matches(registry.events[id])
        assert offered_ids(database, query) == {id}


@pytest.mark.parametrize("n", [1, 50, 51, 500])
def test_however_much_is_asked_for_sqlite_is_not_asked_for_more_than_it_can(n: int) -> None:
    """SQLite bounds the depth of an expression: what is beyond is left to `Query.matches`."""
    first = date(2020, 2, 20)
    registry, database = index_events([Event("Họp", start=first), Event("Tết", start=first + timedelta(days=400))])
    group = tuple(DateRange(first - timedelta(days=day), first - timedelta(days=day)) for day in range(n))
    query = Query(
        overlapping=(group,) * n,
        field_values=(("status", ("confirmed", "")),) * n,
        terms=(parse_search_term("họp", {}),) * n,
    )
    with closing(database):
        assert "2020-hop" in offered_ids(database, query)
    assert [id for id, event in registry.events.items() if query.matches(event)] == ["2020-hop"]
