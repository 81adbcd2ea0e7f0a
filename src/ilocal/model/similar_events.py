"""Likely duplicates: events whose dates overlap and whose titles are nearly the same words.

Whole words alone separate nearly all pairs, so a faster letter comparison (rapidfuzz, 12 MB, 10 ms more at start) would
gain nothing. A measure that treats a title as similar to any title containing its words (`token_set_ratio`) gives two
different surveys of the shipped registry 94 of 100; by letters in order they score 0.54, the highest of all overlapping
events there, and share less than half of their words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

from ilocal.i18n.messages import _
from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.model.text_folding import fold_text

SIMILARITY_THRESHOLD = 0.85  # of the letters of both titles, the share in common words
_MIN_SHARED_WORDS = 0.5  # of the words of both titles; only pairs that share a rare word are compared
_MIN_SHARED_LETTERS = 0.7  # letters in common between the words that only one title has
_MAX_EVENTS_PER_WORD = 32  # events on the same days under one word that are compared with the next

# Words that distinguish one of several from another: part 1, lot A, quarter II.
_DISTINGUISHING_WORD = re.compile(r".|[ivx]+|.*[0-9].*")
_UNDATED_RANGE = DateRange(date.min, date.max)  # events without a date touch each other


class SimilarEvents(NamedTuple):
    """An event, and the one of those given before it that is most like it."""

    event: Event
    similar_to: Event


def describe_similar_event(other: Event) -> str:
    """Return the message that an event resembles this one."""
    if not other.source_file:
        return _('similar to "{id}"; are they the same event?', id=other.id)
    place = f"{other.source_file}:{other.source_line}"
    return _('similar to "{id}" ({place}); are they the same event?', id=other.id, place=place)


class _TitleWords(NamedTuple):
    """An event's title as compared."""

    position: int  # among the events given
    event: Event
    date_range: DateRange
    words: list[str]
    word_set: frozenset[str]  # the distinct words


def find_similar_events(events: Iterable[Event]) -> list[SimilarEvents]:
    """Return the events that resemble an earlier one, in the order given.

    Takes n log n steps, whatever their length. Events on different dates are not compared; of a series only the first
    occurrence counts.
    """
    titles = [_split_event_title_into_words(place, event) for place, event in enumerate(events)]
    best: dict[int, tuple[float, int]] = {}  # how like, and which
    for dated in (True, False):
        for one, other in _find_event_pairs_with_similar_titles(
            [title for title in titles if (title.event.start is not None) == dated]
        ):
            later, earlier = max(one.position, other.position), min(one.position, other.position)
            alike = measure_title_similarity(one, other)
            if alike >= SIMILARITY_THRESHOLD and alike > best.get(later, (0.0, 0))[0]:
                best[later] = alike, earlier
    return [SimilarEvents(titles[later].event, titles[earlier].event) for later, (_, earlier) in sorted(best.items())]


def _split_event_title_into_words(place: int, event: Event) -> _TitleWords:
    words = fold_text(event.title).split()
    return _TitleWords(place, event, event.date_range or _UNDATED_RANGE, words, frozenset(words))


def _find_event_pairs_with_similar_titles(titles: Sequence[_TitleWords]) -> Iterator[tuple[_TitleWords, _TitleWords]]:
    """Yield pairs of titles whose dates overlap and which share a rare word, sweeping over the days.

    Two titles that share half of their words share one of their rarest words, if half of the words plus one are
    considered.
    """
    often = Counter(word for title in titles for word in title.word_set)
    rank = {word: place for place, word in enumerate(sorted(often, key=lambda word: (often[word], word)))}
    running: dict[str, list[_TitleWords]] = {}
    for title in sorted(titles, key=lambda title: title.date_range.first):
        seen: set[int] = set()
        first = title.date_range.first
        rarest = sorted(title.word_set, key=rank.__getitem__)
        for word in rarest[: len(rarest) - ceil(_MIN_SHARED_WORDS * len(rarest)) + 1]:
            beside = running.get(word)
            if beside is None:
                running[word] = [title]
                continue
            beside = [other for other in beside if other.date_range.last >= first]
            for other in beside:
                if other.position not in seen:
                    seen.add(other.position)
                    yield other, title
            running[word] = [*beside[1 - _MAX_EVENTS_PER_WORD :], title]


def measure_title_similarity(one: _TitleWords, other: _TitleWords) -> float:
    """Return how similar two titles are, from 0 to 1; words may be in any order and misspelt."""
    if one.words == other.words:
        return 1.0
    common = one.word_set & other.word_set
    if len(common) < _MIN_SHARED_WORDS * len(one.word_set | other.word_set) or not _may_events_be_the_same(one, other):
        return 0.0
    first = " ".join([word for word in one.words if word not in common])
    second = " ".join([word for word in other.words if word not in common])
    shared = sum(map(len, common))
    misspelt = _measure_letter_similarity(first, second) if first and second else 0.0
    if first and second and misspelt < _MIN_SHARED_LETTERS:
        return 0.0
    rest = len(first) + len(second)
    return (2 * shared + misspelt * rest) / (2 * shared + rest)


def _may_events_be_the_same(one: _TitleWords, other: _TitleWords) -> bool:
    """Return whether neither numbers nor places distinguish two events."""
    places = fold_text(one.event.location), fold_text(other.event.location)
    differ = all(places) and places[0] not in places[1] and places[1] not in places[0]
    first, second = _distinguishing_words(one), _distinguishing_words(other)
    return not differ and (first <= second or second <= first)


def _distinguishing_words(title: _TitleWords) -> set[str]:
    return {word for word in title.word_set if _DISTINGUISHING_WORD.fullmatch(word)}


def _measure_letter_similarity(first: str, second: str) -> float:
    from difflib import SequenceMatcher  # takes as long to import as a small registry to check

    return SequenceMatcher(None, first, second, autojunk=False).ratio()


# ------------------------------------------------------------------------------------------ comparison with a registry

_MAX_QUERY_WINDOWS = 50


def find_events_similar_to_others(
    new: Sequence[Event], select: Callable[[Query], Iterable[Event]]
) -> list[SimilarEvents]:
    """Return the new events that resemble an event of the registry, or each other."""
    if not new:
        return []
    names = {event.id for event in new}
    old = {
        event.id: event
        for query in _build_queries_for_similar_events(new)
        for event in select(query)
        if event.id not in names
    }
    found = find_similar_events([*old.values(), *new])
    return [pair for pair in found if pair.event.id in names]


def _build_queries_for_similar_events(new: Sequence[Event]) -> Iterator[Query]:
    """Yield queries that select all events of a registry whose dates may overlap those of the new ones."""
    spans = sorted(event.date_range for event in new if event.date_range)
    joined: list[DateRange] = []
    for span in spans:
        if joined and span.overlaps(joined[-1]):
            joined[-1] = DateRange(joined[-1].first, max(joined[-1].last, span.last))
        else:
            joined.append(span)
    if len(joined) > _MAX_QUERY_WINDOWS:
        joined = [DateRange(joined[0].first, joined[-1].last)]
    if joined:
        yield Query(overlapping=(tuple(joined),))
    if len(spans) < len(new):
        yield Query(only_undated=True)
