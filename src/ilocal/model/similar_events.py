"""Events that may be one event written down twice: their dates touch and their titles are nearly the same words.

Measured with the standard library: nearly all pairs are told apart by whole words alone, so that a faster measure of
letters (rapidfuzz, 12 MB and 10 ms more at the start) would save nothing. A measure that takes a title for like any
that holds its words (`token_set_ratio`) gives two different surveys of the shipped registry 94 of 100; by letters in
order they are alike to 0.54, the most of all that touch there, and they have less than half of their words in common.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

from ilocal.i18n.messages import _
from ilocal.model.dates import Days
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.model.text_folding import fold

ALIKE = 0.85  # of the letters of both titles, those in words that both have
_COMMON = 0.5  # of the words of both titles; only what shares a rare word is compared at all
_MISSPELT = 0.7  # letters in common of what stands in one title only, where something else stands in the other
_MOST = 32  # events on the same days under one word that are compared with the next

# Words that tell one of several from another: part 1, lot A, quarter II.
_TELLING = re.compile(r".|[ivx]+|.*[0-9].*")
_NEVER = Days(date.min, date.max)  # events without a date touch each other


class Pair(NamedTuple):
    """An event, and the one of those given before it that is most like it."""

    event: Event
    like: Event


def likeness(like: Event) -> str:
    """What is said of an event that resembles this one."""
    if not like.source_file:
        return _('like "{id}": is it the same event?', id=like.id)
    place = f"{like.source_file}:{like.source_line}"
    return _('like "{id}" ({place}): is it the same event?', id=like.id, place=place)


class _Title(NamedTuple):
    """An event's title as compared."""

    place: int  # among the events given
    event: Event
    days: Days
    words: list[str]
    apart: frozenset[str]  # the words, each once


def pairs(events: Iterable[Event]) -> list[Pair]:
    """The events that resemble one before them, in the order given. Takes n log n steps, however many days they last.

    Events with different dates are never compared, nor those that recur by later dates than their first.
    """
    titles = [_title(place, event) for place, event in enumerate(events)]
    best: dict[int, tuple[float, int]] = {}  # how like, and which
    for dated in (True, False):
        for one, other in _candidates([title for title in titles if (title.event.start is not None) == dated]):
            later, earlier = max(one.place, other.place), min(one.place, other.place)
            alike = similarity(one, other)
            if alike >= ALIKE and alike > best.get(later, (0.0, 0))[0]:
                best[later] = alike, earlier
    return [Pair(titles[later].event, titles[earlier].event) for later, (_, earlier) in sorted(best.items())]


def _title(place: int, event: Event) -> _Title:
    words = fold(event.title).split()
    return _Title(place, event, event.days or _NEVER, words, frozenset(words))


def _candidates(titles: Sequence[_Title]) -> Iterator[tuple[_Title, _Title]]:
    """Pairs whose dates touch and which share one of their rare words: by the first day, each beside those still on.

    Two titles of which half of the words are the same have one of their rarest words in common, as many of them as half
    of the words and one more.
    """
    often = Counter(word for title in titles for word in title.apart)
    rank = {word: place for place, word in enumerate(sorted(often, key=lambda word: (often[word], word)))}
    running: dict[str, list[_Title]] = {}
    for title in sorted(titles, key=lambda title: title.days.first):
        seen: set[int] = set()
        first = title.days.first
        rarest = sorted(title.apart, key=rank.__getitem__)
        for word in rarest[: len(rarest) - ceil(_COMMON * len(rarest)) + 1]:
            beside = running.get(word)
            if beside is None:
                running[word] = [title]
                continue
            beside = [other for other in beside if other.days.last >= first]
            for other in beside:
                if other.place not in seen:
                    seen.add(other.place)
                    yield other, title
            running[word] = [*beside[1 - _MOST :], title]


def similarity(one: _Title, other: _Title) -> float:
    """How like two titles are, from 0 to 1; words may stand in any order, and be misspelt."""
    if one.words == other.words:
        return 1.0
    common = one.apart & other.apart
    if len(common) < _COMMON * len(one.apart | other.apart) or not _may_be_one(one, other):
        return 0.0
    first = " ".join([word for word in one.words if word not in common])
    second = " ".join([word for word in other.words if word not in common])
    shared = sum(map(len, common))
    misspelt = _letters(first, second) if first and second else 0.0
    if first and second and misspelt < _MISSPELT:
        return 0.0
    rest = len(first) + len(second)
    return (2 * shared + misspelt * rest) / (2 * shared + rest)


def _may_be_one(one: _Title, other: _Title) -> bool:
    """Whether neither number nor place tells them apart."""
    places = fold(one.event.location), fold(other.event.location)
    differ = all(places) and places[0] not in places[1] and places[1] not in places[0]
    first, second = _telling(one), _telling(other)
    return not differ and (first <= second or second <= first)


def _telling(title: _Title) -> set[str]:
    return {word for word in title.apart if _TELLING.fullmatch(word)}


def _letters(first: str, second: str) -> float:
    from difflib import SequenceMatcher  # takes as long to import as a small registry to check

    return SequenceMatcher(None, first, second, autojunk=False).ratio()


# ------------------------------------------------------------------------------------------------- beside a registry

_MOST_WINDOWS = 50


def beside(new: Sequence[Event], select: Callable[[Query], Iterable[Event]]) -> list[Pair]:
    """Which of the events that are new to a registry resemble one of it, or each other."""
    if not new:
        return []
    names = {event.id for event in new}
    old = {event.id: event for query in _questions(new) for event in select(query) if event.id not in names}
    found = pairs([*old.values(), *new])
    return [pair for pair in found if pair.event.id in names]


def _questions(new: Sequence[Event]) -> Iterator[Query]:
    """What asks a registry for all events whose dates may touch those of the new ones."""
    spans = sorted(event.days for event in new if event.days)
    joined: list[Days] = []
    for span in spans:
        if joined and span.first <= joined[-1].last:
            joined[-1] = Days(joined[-1].first, max(joined[-1].last, span.last))
        else:
            joined.append(span)
    if len(joined) > _MOST_WINDOWS:
        joined = [Days(joined[0].first, joined[-1].last)]
    if joined:
        yield Query(touching=(tuple(joined),))
    if len(spans) < len(new):
        yield Query(undated=True)
