"""A query as SQL that keeps every answer: `Query.matches` decides, so that what cannot be narrowed is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import product
from math import prod
from typing import Any, NamedTuple

from ilocal.index.database import LONG
from ilocal.index.rows import NAMED, label
from ilocal.model.query import Query
from ilocal.model.search_terms import Phrase, Term
from ilocal.model.text_folding import apart, spell, split_tone, written

# SQLite bounds the depth of an expression; whatever is beyond is left to `Query.matches`.
_MOST_PARTS = 50
_MOST_SPELLINGS = 16
A_DAY = 100_000  # of `dates.sort_number`


class Narrowed(NamedTuple):
    """A condition and its values."""

    sql: str
    values: tuple[Any, ...] = ()


def conditions(query: Query) -> list[Narrowed]:
    """Conditions of which all must hold, in terms of the table `event`."""
    found = [Narrowed("hidden = 0")]
    for group in query.touching[:_MOST_PARTS]:
        if not group:
            found.append(Narrowed("0"))
        elif len(group) <= _MOST_PARTS:
            ends = tuple(day.toordinal() for days in group for day in (days.last, days.first))
            found.append(Narrowed("(" + " OR ".join(["(first <= ? AND last >= ?)"] * len(group)) + ")", ends))
    if query.upcoming is not None:
        found.append(Narrowed("(last >= ? OR last IS NULL)", (query.upcoming.toordinal(),)))
    if query.undated:
        found.append(Narrowed("date IS NULL"))
    return found


def has_words(expression: str, *, many: bool) -> Narrowed:
    """The condition that an event has the words of an FTS5 expression; `many` says that a good part of all have.

    Of many, those that are wanted first are looked for in the order of the answer; few are looked up and ordered.
    """
    key = "+event.key" if many else "event.key"  # the plus keeps SQLite from starting with the words
    return Narrowed(f"{key} IN (SELECT rowid FROM words WHERE words MATCH ?)", (expression,))


def begins(query: Query) -> tuple[int, int] | None:
    """The first and the last day on which an answer that is not long may begin; None where that is not bounded.

    A query with bounds has no answers without a date, but `upcoming` alone has.
    """
    bounds = [
        (min(days.first for days in group), max(days.last for days in group)) for group in query.touching if group
    ]
    if query.upcoming is not None:
        bounds.append((query.upcoming, date.max))
    if not bounds:
        return None
    first = max(first for first, _ in bounds).toordinal()
    return (first - LONG) * A_DAY, (min(last for _, last in bounds).toordinal() + 1) * A_DAY


def full_text(query: Query) -> str:
    """An FTS5 expression for the words and names of the query; "" where it has none that can narrow."""
    parts = [part for term in query.terms[:_MOST_PARTS] if (part := _any(term.phrases))]
    for field, names in query.values[:_MOST_PARTS]:
        if field in NAMED and len(names) <= _MOST_PARTS:
            parts.append("labels : (" + " OR ".join(f'"{label(field, name)}"' for name in names) + ")")
    return " AND ".join(f"({part})" for part in parts)


def marks(query: Query) -> Callable[[str], bool] | None:
    """What tells, of all letters of an event at once, whether the words that were typed with marks may be among them.

    FTS5 knows no marks: of a rare word that is common without them, it has nothing but wrong candidates to offer.
    """
    wanted = [ways for term in query.terms if all(ways := [list(_marked(phrase)) for phrase in term.phrases])]
    if not wanted:
        return None

    def may_match(text: str) -> bool:
        letters = apart(text)
        return all(
            any(all(any(way in letters for way in word) for word in phrase) for phrase in ways) for ways in wanted
        )

    return may_match


def _marked(phrase: Phrase) -> Iterator[list[str]]:
    """The words of a phrase that must have their marks, each in all ways of writing it."""
    for marked, plain in phrase.words[: -1 if phrase.prefix else None]:
        if marked != plain and len(split_tone(marked)[1]) <= 1:
            yield written(marked)


def handle(typed: list[str]) -> str:
    """An FTS5 expression for ids with these words, the last of which may go on."""
    typed = typed[:_MOST_PARTS]
    return "handle : (" + " AND ".join([*(f'"{word}"' for word in typed[:-1]), f'"{typed[-1]}"*']) + ")"


def _any(phrases: Iterable[Phrase]) -> str:
    """Any of the phrases; what was typed stands in strings, where nothing is syntax.

    "" where it could leave out an answer: of letters beyond ASCII, FTS5 and Python may think differently.
    """
    phrases = list(phrases)
    if any(
        len(phrase.words) > _MOST_PARTS or not all(word.isascii() for _, word in phrase.words) for phrase in phrases
    ):
        return ""
    return " OR ".join(expression for phrase in phrases for expression in _phrase(phrase))


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


def with_words(words: Iterable[tuple[str, str]]) -> Query:
    """The query for events with these words anywhere."""
    return Query(terms=tuple(Term((Phrase((word,)),)) for word in words))
