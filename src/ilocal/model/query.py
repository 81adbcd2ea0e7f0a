"""A question as data: `Query.matches` is its meaning, `Query.answer` its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Literal

from ilocal.model.dates import Days, sort_number
from ilocal.model.event import Event
from ilocal.model.occurrences import listed
from ilocal.model.search_terms import Term
from ilocal.model.text_folding import fold

Sort = Literal["date", "title", "id", "updated"]


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
