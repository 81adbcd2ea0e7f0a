"""Lists and pages of events as plain text for a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ilocal.model.describe import Listing, Part, cell, foreign_mark, grouped, marks
from ilocal.model.event import Event
from ilocal.model.safe_text import safe
from ilocal.model.translations import in_language

DEFAULT_COLUMNS = ("when", "title")


def listing(events: Iterable[Event], how: Listing) -> Iterator[str]:
    """The lines of a list for a pipe."""
    columns = how.columns or DEFAULT_COLUMNS
    separator = ""
    for heading, group in grouped(events, how):
        yield separator + (f"{heading}\n" if heading else "")
        separator = "\n"
        for number, event in group:
            told = in_language(event, how.lang, how.language)
            cells = [safe(cell(told, column, how.lang) + _foreign(event, column, how)) for column in columns]
            if columns[0] == "when":
                cells[0] = cells[0].ljust(23)
            notes = [f"[{mark}]" for mark in marks(event, how)] if "title" in columns else []
            yield f"{number:>3}. " + "  ".join([*cells, *notes]).rstrip() + "\n"


def _foreign(event: Event, column: str, how: Listing) -> str:
    return foreign_mark(event, how.lang, how.language) if column == "title" else ""


def plain(parts: Sequence[Part]) -> Iterator[str]:
    """An event's page as lines for a pipe."""
    safer = [Part(part.kind, safe(part.text + part.mark), safe(part.label)) for part in parts]
    width = max((len(part.label) for part in safer), default=0) + 2
    for part in safer:
        if part.kind == "field":
            yield f"{part.label:<{width}}{part.text}\n"
        elif part.kind == "bullet":
            yield f"  • {part.text}\n"
        else:
            yield f"{part.text}\n"
