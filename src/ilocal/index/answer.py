"""The answers to questions that commands have: from the index, or from a new one where it turns out to be damaged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ilocal.errors import NoSuchEvent
from ilocal.index import DAMAGE, Index, narrow
from ilocal.model.event import Event
from ilocal.model.ids import only, resolve
from ilocal.model.query import Query
from ilocal.model.search_terms import has_in_title
from ilocal.model.text_folding import words


def select(index: Index, query: Query) -> Iterator[Event]:
    """`index.select`, going on from a new index where the stored one turns out to be damaged."""
    given = 0
    try:
        for event in index.select(query):
            yield event
            given += 1
    except DAMAGE:
        index.renew()
        yield from islice(index.select(query), given, None)


def find(index: Index, handle: str) -> Event:
    """The event that a handle names. Raises HandleError."""
    return index.surely(lambda: _found(index, handle))


def _found(index: Index, handle: str) -> Event:
    exact = index.get(handle)
    if exact is not None:
        return exact
    try:
        event = index.get(resolve(handle, index.ids(handle)))
    except NoSuchEvent:
        # An id holds only the first words of a title, and none of a translation's.
        typed = words(handle)
        candidates = index.select(narrow.with_words(typed)) if typed else ()
        alike = {event.id: event for event in candidates if has_in_title(event, typed)}
        if not alike:
            raise
        event = alike[only(handle, list(alike))]
    if event is None:
        raise KeyError(handle)
    return event
