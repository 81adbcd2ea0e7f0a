"""Events below a picture, each with its number, its dates and its whole title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

from ilocal.model.describe import Listing, cell, foreign_mark, marks
from ilocal.model.event import Event
from ilocal.model.safe_text import safe, shown
from ilocal.model.translations import in_language
from ilocal.terminal.styled_text import TEXT, Line, Look, Piece
from ilocal.terminal.text_width import padded, width, wrapped

COLOURS = 5
_NARROW = 72  # below this width, dates stand under the titles
_MOST_WHEN = 40  # cells of the column of dates; what is longer moves its title


def colour(event: Event) -> int:
    """The number of an event's colour: the same in every picture."""
    return (crc32((event.id or event.title).encode("utf-8", "surrogatepass")) >> 8) % COLOURS


def sign(event: Event) -> str:
    """What must be seen before the title, also without colours: that it does not take place, or may not."""
    if event.status in ("cancelled", "postponed"):
        return "✗ "
    return "? " if event.status == "tentative" else ""


def legend(numbered: Iterable[tuple[str, Event]], look: Look) -> Iterator[Line]:
    """The events with their numbers."""
    entries = [(number, event, safe(cell(event, "when", look.lang))) for number, event in numbered]
    size = max((width(number) for number, _, _ in entries), default=0) + 1
    dates = min(max((width(when) for _, _, when in entries), default=0), _MOST_WHEN)
    for number, event, when in entries:
        head = Piece(" " * (size - width(number)) + number + " ", f"event{colour(event)}")
        yield from _entry(head, event, when, dates, look)


def _entry(head: Piece, event: Event, when: str, dates: int, look: Look) -> Iterator[Line]:
    told = in_language(event, look.lang, look.language)
    title = shown(told.title + foreign_mark(event, look.lang, look.language))
    notes = "".join(f"  [{mark}]" for mark in marks(event, Listing(look.lang, running_on=look.today)))
    indent = width(head.text)
    beside = Piece(padded(when, dates) + "  ", "when")
    if not look.is_wrapped:
        yield [head, beside, Piece(title, TEXT), Piece(notes, "mark")]
    elif look.width >= _NARROW:
        first, *rest = wrapped(title + notes, look.width - indent - width(beside.text))
        yield [head, beside, Piece(first, TEXT)]
        yield from ([Piece(" " * (indent + dates + 2) + line, TEXT)] for line in rest)
    else:
        first, *rest = wrapped(title, look.width - indent)
        yield [head, Piece(first, TEXT)]
        yield from ([Piece(" " * indent + line, TEXT)] for line in rest)
        for line in wrapped(when + notes, look.width - indent):
            yield [Piece(" " * indent + line, "when")]
