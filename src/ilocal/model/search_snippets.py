"""The parts of an event's texts in which words were found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.model.event import Event
from ilocal.model.safe_text import collapse_whitespace
from ilocal.model.search_terms import SearchTerm


def excerpt_event_texts_for_query(event: Event, terms: Iterable[SearchTerm]) -> Iterator[str]:
    """Yield parts of an event's texts, except its title, that contain the terms: one for each term not shown yet.

    A part from a translation begins with its language.
    """
    given = [collapse_whitespace(event.title)]
    for term in terms:
        if any(term.find_spans(text) for text in given):
            continue
        lines = (
            (mark, collapse_whitespace(line)) for mark, text in _iterate_event_texts(event) for line in text.split("\n")
        )
        found = next(
            (
                mark + _excerpt_event_text_around_term(line, *spans[0])
                for mark, line in lines
                if (spans := term.find_spans(line))
            ),
            None,
        )
        if found is not None:
            given.append(found)
            yield found


def _iterate_event_texts(event: Event) -> Iterator[tuple[str, str]]:
    """Yield the texts of an event that lists do not show, each with the mark to show before it."""
    for text in (event.summary, event.description, *(section.body for section in event.sections)):
        yield "", text
    for translation in event.translations:
        mark = f"[{collapse_whitespace(translation.language)}] " if translation.language else ""
        yield from ((mark, translation.title), (mark, translation.description))


_SNIPPET_CONTEXT_CHARACTERS = 60  # characters kept on either side of a match


def _excerpt_event_text_around_term(line: str, begin: int, end: int) -> str:
    """Return the part of a line around a match, cut between words."""
    first = (
        line.rfind(" ", 0, max(begin - _SNIPPET_CONTEXT_CHARACTERS, 0)) + 1
        if begin > _SNIPPET_CONTEXT_CHARACTERS
        else 0
    )
    last = line.find(" ", end + _SNIPPET_CONTEXT_CHARACTERS)
    head, tail = ("…" if first else ""), ("…" if last >= 0 else "")
    return head + (line[first:last] if last >= 0 else line[first:]) + tail
