"""A question as data: `Query.matches` defines its meaning, `Query.evaluate` its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from ilocal.model.dates import DateRange, date_sort_key
from ilocal.model.event import Event, SeriesSummary
from ilocal.model.text_folding import fold_text

if TYPE_CHECKING:
    from ilocal.model.search_terms import SearchTerm

SortKey = Literal["date", "title", "id", "updated"]


@dataclass(frozen=True, slots=True)
class Query:
    """A query for events: filters, order and number. Every field narrows the result; an empty field has no effect."""

    overlapping: tuple[tuple[DateRange, ...], ...] = ()  # takes place on at least one day of each group
    not_over_before: date | None = None  # not over on that day
    only_undated: bool = False
    # A field and its folded values, any of which may match; "" matches an empty field.
    field_values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    empty_fields: tuple[str, ...] = ()
    terms: tuple[SearchTerm, ...] = ()  # all of them
    excluded_terms: tuple[SearchTerm, ...] = ()  # none of them may match
    occurrence_window: DateRange | None = None  # days for which a series is expanded; None: it is one event
    expand_until: date | None = None  # the last day up to which rules are followed; the next occurrence always counts
    collapse_series: bool = False  # a series with an occurrence among the answers is one answer: itself
    # If set, a series is one result: its first occurrence in the window or, without date filters, its next from this
    # day
    # or else its last. `Event.series` has the summary.
    representative_day: date | None = None
    sort: SortKey = "date"
    is_descending: bool = False
    limit: int | None = None

    def find_results(self, event: Event) -> list[Event]:
        """Return the results for an event: itself, or its matching occurrences."""
        if self.occurrence_window is None or not event.is_recurring:
            return [event] if self.matches(event) else []
        from ilocal.model.occurrences import list_occurrences_or_self

        return self.find_series_results(event, list_occurrences_or_self)

    def find_series_results(
        self, event: Event, expand: Callable[[Event, DateRange, date | None], list[Event]]
    ) -> list[Event]:
        """Return the results for a series; `expand` returns its occurrences, as `list_occurrences` does."""
        window = self.occurrence_window or DateRange(date.min, date.max)
        whenever = not self.overlapping and self.not_over_before is None
        if self.representative_day is None:
            found = [one for one in expand(event, window, self.expand_until) if self.matches(one)]
            if not self.collapse_series:
                return found
            return [event] if found or (whenever and self.matches(event)) else []
        for days, position in _split_window(window, self.representative_day) if whenever else [(window, 0)]:
            found = [one for one in expand(event, days, self.expand_until) if self.matches(one)]
            if found:
                return [self._summarize_series(event, found, position)]
        return [event] if whenever and self.matches(event) else []

    def _summarize_series(self, event: Event, found: list[Event], position: int) -> Event:
        """Return the occurrence at `position` among those found, as the single row of its series."""
        if found[position].recurrence_id is None:  # it has more occurrences than can be listed
            return found[position]
        following = len(found) - 1 if position == 0 else 0
        is_ended = self.expand_until is None or not _goes_on_after(event, self.expand_until)
        return replace(found[position], series=SeriesSummary(event, following, is_ended))

    def matches(self, event: Event) -> bool:
        """Return whether `event` is an answer."""
        return (
            self._matches_dates(event)
            and (
                not self.field_values
                or all(has_field_value(event, field, wanted) for field, wanted in self.field_values)
            )
            and (not self.empty_fields or not any(getattr(event, field) for field in self.empty_fields))
            and (not self.terms or all(term.matches(event) for term in self.terms))
            and (not self.excluded_terms or not any(term.matches(event) for term in self.excluded_terms))
        )

    def _matches_dates(self, event: Event) -> bool:
        if not self.overlapping and not self.only_undated and self.not_over_before is None:
            return True
        days = event.date_range
        if days is None:
            return not self.overlapping
        return (
            not self.only_undated
            and (self.not_over_before is None or days.last >= self.not_over_before)
            and all(any(days.overlaps(span) for span in group) for group in self.overlapping)
        )

    def evaluate(self, events: Iterable[Event]) -> list[Event]:
        """Return the answers among `events`, which are in the order of the registry, in the order of the query."""
        key = SORT_KEYS[self.sort]
        found = [answer for event in events for answer in self.find_results(event)]
        placed = sorted((e for e in found if key(e) is not None), key=key, reverse=self.is_descending)
        return list(islice([*placed, *(e for e in found if key(e) is None)], self.limit))


def _split_window(window: DateRange, day: date) -> list[tuple[DateRange, int]]:
    """Return the parts of a window in which to look for a series' representative, and its index among those found.

    It is the first occurrence from `day` on, or else the last one before.
    """
    parts = []
    if day <= window.last:
        parts.append((DateRange(max(window.first, day), window.last), 0))
    if window.first < day:
        parts.append((DateRange(window.first, min(window.last, day)), -1))
    return parts


def _goes_on_after(event: Event, day: date) -> bool:
    """Return whether a series may have occurrences after a day."""
    from ilocal.model.occurrences import possible_date_range

    return possible_date_range(event).last > day


def has_field_value(event: Event, field: str, wanted: tuple[str, ...]) -> bool:
    """Return whether a field of an event has one of the folded names `wanted`; of a location, whole words suffice."""
    value = getattr(event, field)
    return any(has_name(field, item, wanted) for item in ((value,) if isinstance(value, str) else value) or ("",))


def has_name(field: str, name: str, wanted: tuple[str, ...]) -> bool:
    """Return whether a name in a field is one of the folded names `wanted`; of a location, whole words are enough."""
    folded = fold_text(name)
    if field == "location":
        return any(f" {one} " in f" {folded} " if one else not folded for one in wanted)
    return folded in wanted


def compute_event_sort_key_by_update(event: Event) -> int | None:
    """Return a number by which events sort by the time of their last change."""
    stamp = event.updated or event.created
    return None if stamp is None else date_sort_key(stamp)


# Sort key of each order; events without a value come last, equal ones in the order of the registry.
SORT_KEYS: dict[str, Callable[[Event], Any]] = {
    "date": lambda event: None if event.start is None else date_sort_key(event.start),
    "title": lambda event: fold_text(event.title),
    "id": lambda event: event.id,
    "updated": compute_event_sort_key_by_update,
}
