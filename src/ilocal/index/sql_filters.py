"""SQL for a query that never misses a result: conditions that cannot be expressed are left to `Query.matches`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from ilocal.index.database import LONG_EVENT_DAYS
from ilocal.index.rows import FILTER_FIELDS, build_fts_filter_term
from ilocal.model.query import Query
from ilocal.model.text_folding import decompose_text, fold_word_without_tone, list_spelling_variants, normalize_word

if TYPE_CHECKING:
    from ilocal.model.search_terms import SearchPhrase

# SQLite limits the depth of an expression; further terms are left to `Query.matches`.
_MAX_SQL_TERMS = 50
_MAX_FTS_SPELLINGS = 16
SORT_KEY_UNITS_PER_DAY = 100_000  # of `dates.sort_number`


class SqlCondition(NamedTuple):
    """A condition and its values."""

    sql: str
    values: tuple[Any, ...] = ()


def build_sql_conditions(query: Query) -> list[SqlCondition]:
    """Return conditions on the table `event`, all of which must hold."""
    found = [SqlCondition("hidden = 0")]
    for group in query.overlapping[:_MAX_SQL_TERMS]:
        if not group:
            found.append(SqlCondition("0"))
        elif len(group) <= _MAX_SQL_TERMS:
            ends = tuple(day.toordinal() for days in group for day in (days.last, days.first))
            found.append(SqlCondition("(" + " OR ".join(["(first <= ? AND last >= ?)"] * len(group)) + ")", ends))
    if query.not_over_before is not None:
        found.append(SqlCondition("(last >= ? OR last IS NULL)", (query.not_over_before.toordinal(),)))
    if query.only_undated:
        found.append(SqlCondition("date IS NULL"))
    return found


def build_fts_condition(expression: str, *, is_common: bool) -> SqlCondition:
    """Return the condition that an event has the words of an FTS5 expression.

    With `is_common`, many events match, and they are tested in result order; few matches are looked up and sorted.
    """
    key = "+event.key" if is_common else "event.key"  # the plus keeps SQLite from starting with the words
    return SqlCondition(f"{key} IN (SELECT rowid FROM words WHERE words MATCH ?)", (expression,))


def compute_sql_start_bounds(query: Query) -> tuple[int, int] | None:
    """Return the first and last day, as sort keys, on which a result may begin unless it is long; None if unbounded.

    A query with bounds has no undated results, except for `upcoming`.
    """
    bounds = [
        (min(days.first for days in group), max(days.last for days in group)) for group in query.overlapping if group
    ]
    if query.not_over_before is not None:
        bounds.append((query.not_over_before, date.max))
    if not bounds:
        return None
    first = max(first for first, _ in bounds).toordinal()
    return (first - LONG_EVENT_DAYS) * SORT_KEY_UNITS_PER_DAY, (
        min(last for _, last in bounds).toordinal() + 1
    ) * SORT_KEY_UNITS_PER_DAY


def build_fts_expression(query: Query) -> str:
    """Return an FTS5 expression for the words and names of the query; "" if it has none that narrows."""
    parts = [part for term in query.terms[:_MAX_SQL_TERMS] if (part := _build_fts_alternatives(term.phrases))]
    for field, names in query.field_values[:_MAX_SQL_TERMS]:
        if field in FILTER_FIELDS and len(names) <= _MAX_SQL_TERMS:
            parts.append("labels : (" + " OR ".join(f'"{build_fts_filter_term(field, name)}"' for name in names) + ")")
    return " AND ".join(f"({part})" for part in parts)


def build_accent_filter(query: Query) -> Callable[[str], bool] | None:
    """Return a test whether the text of a candidate may contain the query's accented words; None if it has none.

    FTS5 ignores accents: for a rare word that is common without them, it yields mostly wrong candidates.
    """
    wanted = [
        ways for term in query.terms if all(ways := [list(_list_accented_fts_words(phrase)) for phrase in term.phrases])
    ]
    if not wanted:
        return None

    def may_match(text: str) -> bool:
        letters = decompose_text(text)
        return all(
            any(all(any(way in letters for way in word) for word in phrase) for phrase in ways) for ways in wanted
        )

    return may_match


def _list_accented_fts_words(phrase: SearchPhrase) -> Iterator[list[str]]:
    """Yield the words of a phrase that must have their accents, each in all spellings."""
    for marked, plain in phrase.words[: -1 if phrase.is_prefix else None]:
        if marked != plain and len(fold_word_without_tone(marked)[1]) <= 1:
            yield list_spelling_variants(marked)


def build_fts_handle_expression(words: list[str]) -> str:
    """Return an FTS5 expression for ids with these words, of which the last may be a prefix."""
    words = words[:_MAX_SQL_TERMS]
    return "handle : (" + " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*']) + ")"


def _build_fts_alternatives(phrases: Iterable[SearchPhrase]) -> str:
    """Return an FTS5 expression for any of the phrases, with all words quoted.

    Returns "" if it could miss a result: FTS5 and Python may treat letters beyond ASCII differently.
    """
    phrases = list(phrases)
    if any(
        len(phrase.words) > _MAX_SQL_TERMS or not all(word.isascii() for _, word in phrase.words) for phrase in phrases
    ):
        return ""
    return " OR ".join(expression for phrase in phrases for expression in _build_fts_phrases(phrase))


def _build_fts_phrases(phrase: SearchPhrase) -> Iterator[str]:
    """Yield FTS5 expressions for the phrase in all spellings in the index, where i may be written y."""
    plain = [word for _, word in phrase.words]
    last = [f'"{plain[-1]}"*'] if phrase.is_prefix else _list_fts_spellings(plain[-1])
    choices = [*map(_list_fts_spellings, plain[:-1]), last]
    if prod(map(len, choices)) > _MAX_FTS_SPELLINGS:
        yield "(" + " AND ".join("(" + " OR ".join(choice) + ")" for choice in choices) + ")"
        return
    for choice in product(*choices):
        yield "(" + " + ".join(choice) + ")"


def _list_fts_spellings(word: str) -> list[str]:
    """Return a plain word as an FTS5 string, also with a final y for i if these are equivalent there."""
    either = normalize_word(word[:-1] + "y")[1] == word if word.endswith("i") else False
    return [f'"{word}"', f'"{word[:-1]}y"'] if either else [f'"{word}"']


def build_fts_words_query(words: Iterable[tuple[str, str]]) -> Query:
    """Return the query for events with these words anywhere."""
    from ilocal.model.search_terms import SearchPhrase, SearchTerm

    return Query(terms=tuple(SearchTerm((SearchPhrase((word,)),)) for word in words))


# ----------------------------------------------------------------------------------------------------------- statements

# The selection is a subquery with a limit, which keeps SQLite from sorting whole records with it.
EVENT_DETAILS_SQL = """
SELECT id, file, line, fields, rest, extra, rank, place
FROM ({inner} LIMIT -1) AS found CROSS JOIN record ON record.key = found.key
"""
CANDIDATES_SQL = """
SELECT
    event.key AS key, event.id AS id, segment.file AS file, segment.line + event.header AS line, rank,
    segment.start + event.start AS place
FROM event JOIN segment ON segment.id = event.segment
"""


def build_select_sql(alternatives: list[tuple[SqlCondition, ...]], order: str) -> tuple[str, tuple[Any, ...]]:
    """Return the statement and its values for rows that meet all conditions of one of the alternatives.

    No event may meet two alternatives: it would be returned twice.
    """
    selected = CANDIDATES_SQL.replace("SELECT", "SELECT date, title, updated,")
    inner = " UNION ALL ".join(
        selected + " WHERE " + " AND ".join(condition.sql for condition in conditions) for conditions in alternatives
    )
    values = tuple(value for conditions in alternatives for condition in conditions for value in condition.values)
    return EVENT_DETAILS_SQL.format(inner=f"{inner} ORDER BY {order}"), values
