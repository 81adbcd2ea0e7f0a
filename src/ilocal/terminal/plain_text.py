"""Lists and pages of events as plain text for a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ilocal.model.describe import (
    DetailLine,
    ListOptions,
    describe_event_status,
    describe_field,
    describe_translation_language,
    describe_when_in_list,
    group_events_by_start_month,
)
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe
from ilocal.model.translations import localize_event

DEFAULT_LIST_COLUMNS = ("when", "title")


def draw_plain_event_list(events: Iterable[Event], options: ListOptions) -> Iterator[str]:
    """Yield the lines of a list for a pipe."""
    columns = options.columns or DEFAULT_LIST_COLUMNS
    separator = ""
    for heading, group in group_events_by_start_month(events, options):
        yield separator + (f"{heading}\n" if heading else "")
        separator = "\n"
        for number, event in group:
            told = localize_event(event, options.lang, options.language)
            cells = [
                make_text_safe(_draw_plain_cell(told, column, options) + _title_language_mark(event, column, options))
                for column in columns
            ]
            if columns[0] == "when":
                cells[0] = cells[0].ljust(23)
            notes = [f"[{mark}]" for mark in describe_event_status(event, options)] if "title" in columns else []
            yield f"{number:>3}. " + "  ".join([*cells, *notes]).rstrip() + "\n"


def _draw_plain_cell(event: Event, column: str, options: ListOptions) -> str:
    return describe_when_in_list(event, options) if column == "when" else describe_field(event, column, options.lang)


def _title_language_mark(event: Event, column: str, options: ListOptions) -> str:
    return describe_translation_language(event, options.lang, options.language) if column == "title" else ""


def format_event_details(parts: Sequence[DetailLine]) -> Iterator[str]:
    """Yield the lines of an event's page for a pipe."""
    safer = [DetailLine(part.kind, make_text_safe(part.text + part.mark), make_text_safe(part.label)) for part in parts]
    width = max((len(part.label) for part in safer), default=0) + 2
    for part in safer:
        if part.kind == "field":
            yield f"{part.label:<{width}}{part.text}\n"
        elif part.kind == "bullet":
            yield f"  • {part.text}\n"
        else:
            yield f"{part.text}\n"
