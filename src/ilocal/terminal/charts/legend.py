"""Events below a picture, each with its number, its dates and its whole title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

from ilocal.model.describe import ListOptions, describe_event_status, describe_field, describe_translation_language
from ilocal.model.event import Event
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.model.translations import localize_event
from ilocal.terminal.styled_text import VERBATIM_STYLE, RenderOptions, StyledLine, StyledText
from ilocal.terminal.text_width import measure_width, pad_to_width, wrap_to_width

EVENT_COLOR_COUNT = 5
_MIN_WIDTH_FOR_DATES = 72  # below this width, dates are under the titles
_MAX_DATES_WIDTH = 40  # cells of the column of dates; longer ones move their title


def choose_event_color(event: Event) -> int:
    """Return the index of an event's colour: the same in every chart."""
    return (crc32((event.id or event.title).encode("utf-8", "surrogatepass")) >> 8) % EVENT_COLOR_COUNT


def get_status_symbol(event: Event) -> str:
    """Return the symbol before a title that shows, also without colours, that an event is cancelled or uncertain."""
    if event.status in ("cancelled", "postponed"):
        return "✗ "
    return "? " if event.status == "tentative" else ""


def render_legend(numbered: Iterable[tuple[str, Event]], options: RenderOptions) -> Iterator[StyledLine]:
    """Yield the numbered events."""
    entries = [
        (number, event, make_text_safe(describe_field(event, "when", options.lang))) for number, event in numbered
    ]
    size = max((measure_width(number) for number, _, _ in entries), default=0) + 1
    dates = min(max((measure_width(when) for _, _, when in entries), default=0), _MAX_DATES_WIDTH)
    for number, event, when in entries:
        head = StyledText(" " * (size - measure_width(number)) + number + " ", f"event{choose_event_color(event)}")
        yield from _render_legend_entry(head, event, when, dates, options)


def _render_legend_entry(
    head: StyledText, event: Event, when: str, dates: int, options: RenderOptions
) -> Iterator[StyledLine]:
    told = localize_event(event, options.lang, options.language)
    title = escape_single_line(told.title + describe_translation_language(event, options.lang, options.language))
    notes = "".join(
        f"  [{mark}]" for mark in describe_event_status(event, ListOptions(options.lang, running_date=options.today))
    )
    indent = measure_width(head.text)
    beside = StyledText(pad_to_width(when, dates) + "  ", "when")
    if not options.is_wrapped:
        yield [head, beside, StyledText(title, VERBATIM_STYLE), StyledText(notes, "mark")]
    elif options.width >= _MIN_WIDTH_FOR_DATES:
        first, *rest = wrap_to_width(title + notes, options.width - indent - measure_width(beside.text))
        yield [head, beside, StyledText(first, VERBATIM_STYLE)]
        yield from ([StyledText(" " * (indent + dates + 2) + line, VERBATIM_STYLE)] for line in rest)
    else:
        first, *rest = wrap_to_width(title, options.width - indent)
        yield [head, StyledText(first, VERBATIM_STYLE)]
        yield from ([StyledText(" " * indent + line, VERBATIM_STYLE)] for line in rest)
        for line in wrap_to_width(when + notes, options.width - indent):
            yield [StyledText(" " * indent + line, "when")]
