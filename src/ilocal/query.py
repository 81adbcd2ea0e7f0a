"""Questions as data: a `Query` has one meaning, `matches`, and one order. Whatever answers faster may only narrow.

A search term is a phrase of whole words. A word typed with marks must match those marks; typed without, it matches any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Literal

from ilocal.dates import Days, sort_number
from ilocal.errors import UsageError
from ilocal.event import FIELDS, Event
from ilocal.i18n.messages import _
from ilocal.series import listed
from ilocal.text import fold, letters, parted, safe, spans, split_tone, words

Sort = Literal["date", "title", "id", "updated"]
Word = tuple[str, str]  # marked, plain

SINGULAR = {
    "organizer": "organizers", "project": "projects", "topic": "topics", "section": "sections",
    "participant": "participants", "translation": "translations", "rdate": "rdates", "exdate": "exdates",
    "override": "overrides", "repeat": "rrule",
}  # fmt: skip
# What a search without a field looks into.
SEARCHED = (
    "title", "location", "organizers", "projects", "topics", "kind", "participants", "url", "source", "summary",
    "description", "sections", "translations",
)  # fmt: skip
SEARCHABLE = (*SEARCHED, "id", "status", "language")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand side by side; with `prefix`, the last one may go on."""

    words: tuple[Word, ...]
    prefix: bool = False

    def places(self, text: Sequence[Word]) -> Iterator[int]:
        """Where in the words of a text this phrase begins."""
        length = len(self.words)
        for at in range(len(text) - length + 1):
            if all(map(self._fits, range(length), text[at : at + length])):
                yield at

    def _fits(self, n: int, found: Word) -> bool:
        marked, plain = self.words[n]
        if not self.prefix or n < len(self.words) - 1:
            return found[0] == marked if marked != plain else found[1] == plain
        if marked == plain:
            return found[1].startswith(plain)
        (base, tone), (found_base, found_tone) = split_tone(marked), split_tone(found[0])
        return found_base.startswith(base) and (not tone or tone == found_tone)


@dataclass(frozen=True, slots=True)
class Term:
    """One argument of `search`: any of the phrases, in any text field, or in `field` alone."""

    phrases: tuple[Phrase, ...]
    field: str = ""

    def matches(self, event: Event) -> bool:
        return any(self.spans(text) for text in texts(event, self.field))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where in `text` the phrases stand, as (begin, end)."""
        spelled = words(text)
        found = sorted({(at, len(phrase.words)) for phrase in self.phrases for at in phrase.places(spelled)})
        if not found:
            return []
        at_word = list(spans(text))
        return [(at_word[at][0], at_word[at + length - 1][1]) for at, length in found]


def texts(event: Event, field: str = "") -> Iterator[str]:
    """The texts of one field, or of all that a search looks into; a phrase never runs from one into the next."""
    for name in (field,) if field else SEARCHED:
        value = getattr(event, name)
        if isinstance(value, str):
            yield value
        elif name == "sections":
            yield from (text for section in value for text in (section.heading, section.body))
        elif name == "translations":
            yield from (text for found in value for text in (found.title, found.description))
        else:
            yield from value


def has_in_title(event: Event, typed: Iterable[Word]) -> bool:
    """Whether all of these words are in the title of an event, or in that of one of its translations."""
    titles = (event.title, *(translation.title for translation in event.translations))
    wanted = [Term((Phrase((word,)),)) for word in typed]
    return any(all(term.spans(title) for term in wanted) for title in titles)


def read_term(argument: str, aliases: Mapping[str, Iterable[str]]) -> Term:
    """The term for one argument as typed: `thuỷ sản`, `thanh tra*`, `title:họp`. Raises UsageError without a word."""
    head, colon, rest = argument.partition(":")
    field = SINGULAR.get(head.strip().lower(), head.strip().lower()) if colon else ""
    if field not in SEARCHABLE:
        field, rest = "", argument
    prefix = rest.rstrip().endswith("*")
    found = tuple(words(rest))
    if not found:
        said = _('nothing to search for in "{text}"', text=safe(argument))
        raise UsageError(said, hint=_("give at least one word"))
    if not prefix:
        return Term(tuple(Phrase(phrase) for phrase in _widened(found, aliases)), field)
    # The word so far may be whole (`kỳ*` finds `kì`) or go on (`ky*` finds `Kyoto`).
    last = letters(parted(rest)[-1])
    return Term((Phrase((*found[:-1], last), prefix=True), Phrase(found)), field)


_MOST_PHRASES = 32


def _widened(phrase: tuple[Word, ...], aliases: Mapping[str, Iterable[str]]) -> list[tuple[Word, ...]]:
    """The phrase, and what it says with an alias in the place of the words it stands for, in either direction."""
    sides = [(words(short), words(long)) for short, longs in aliases.items() for long in longs]
    pairs = [pair for one, other in sides if one and other for pair in ((one, other), (other, one))]
    found = [phrase]
    for current in found:  # grows while it is walked: an alias may lead to another
        for old, new in pairs:
            for at in range(len(current) - len(old) + 1):
                typed = current[at : at + len(old)]
                if 0 not in Phrase(typed).places(old):
                    continue
                # Typed without marks, the other side is sought without marks as well.
                plain = all(marked == bare for marked, bare in typed)
                other_side = tuple((bare, bare) if plain else (marked, bare) for marked, bare in new)
                wider = current[:at] + other_side + current[at + len(old) :]
                if wider not in found and len(found) < _MOST_PHRASES:
                    found.append(wider)
    return found


@dataclass(frozen=True, slots=True)
class Query:
    """Which events, in which order, how many. Every field narrows; an empty one asks nothing."""

    touching: tuple[tuple[Days, ...], ...] = ()  # the event touches at least one of the days of each group
    upcoming: date | None = None  # not over on that day
    undated: bool = False
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()  # field, folded values: any of them; "" is an absent field
    missing: tuple[str, ...] = ()  # fields that are absent
    terms: tuple[Term, ...] = ()  # all of them
    without: tuple[Term, ...] = ()  # none of them
    window: Days | None = None  # in which series are seen as their occurrences; None: each as it stands
    ahead: date | None = None  # the last day on which a rule is followed there; the next occurrence is always seen
    once: bool = False  # a series is one answer, where an occurrence of it in the window is
    sort: Sort = "date"
    descending: bool = False
    limit: int | None = None

    def answers(self, event: Event) -> list[Event]:
        """What of an event is an answer: itself, or its occurrences."""
        if self.window is None or not event.recurs:
            return [event] if self.matches(event) else []
        return self.answers_of(event, listed(event, self.window, self.ahead))

    def answers_of(self, event: Event, occurrences: Iterable[Event]) -> list[Event]:
        """What of a series is an answer, by its occurrences in the window."""
        found = [one for one in occurrences if self.matches(one)]
        if not self.once:
            return found
        whenever = not self.touching and self.upcoming is None
        return [event] if found or (whenever and self.matches(event)) else []

    def matches(self, event: Event) -> bool:
        """Whether `event` is an answer."""
        return (
            self._in_time(event)
            and (not self.values or all(has_value(event, field, wanted) for field, wanted in self.values))
            and (not self.missing or not any(getattr(event, field) for field in self.missing))
            and (not self.terms or all(term.matches(event) for term in self.terms))
            and (not self.without or not any(term.matches(event) for term in self.without))
        )

    def _in_time(self, event: Event) -> bool:
        if not self.touching and not self.undated and self.upcoming is None:
            return True
        days = event.days
        if days is None:
            return not self.touching
        first, last = days
        return (
            not self.undated
            and (self.upcoming is None or last >= self.upcoming)
            and all(any(first <= span.last and last >= span.first for span in group) for group in self.touching)
        )

    def answer(self, events: Iterable[Event]) -> list[Event]:
        """The meaning of the query: those of `events` (in the order of the registry) that match, in its order."""
        key = ORDERS[self.sort]
        found = [answer for event in events for answer in self.answers(event)]
        placed = sorted((e for e in found if key(e) is not None), key=key, reverse=self.descending)
        return list(islice([*placed, *(e for e in found if key(e) is None)], self.limit))


def has_value(event: Event, field: str, wanted: tuple[str, ...]) -> bool:
    """Whether the field is one of the folded names `wanted`; of a location, a part in whole words is enough."""
    value = getattr(event, field)
    found = [fold(item) for item in ((value,) if isinstance(value, str) else value) if item] or [""]
    if field == "location":
        return any(f" {name} " in f" {found[0]} " if name else not found[0] for name in wanted)
    return any(name in wanted for name in found)


def updated_number(event: Event) -> int | None:
    """A number by which events sort by when they were last written."""
    stamp = event.updated or event.created
    return None if stamp is None else sort_number(stamp)


# What each order sorts by; events without it come last, equal ones as they stand in the registry.
ORDERS: dict[str, Callable[[Event], Any]] = {
    "date": lambda event: None if event.start is None else sort_number(event.start),
    "title": lambda event: fold(event.title),
    "id": lambda event: event.id,
    "updated": updated_number,
}


def field_named(name: str) -> str:
    """The field that a user calls `name`, in the singular or plural. Raises UsageError."""
    field = SINGULAR.get(name.lower(), name.lower())
    if field not in FIELDS:
        said = _('there is no field "{name}"', name=safe(name))
        raise UsageError(said, hint=_("one of {names}", names=", ".join(FIELDS)))
    return field
