"""Lists and pages of events drawn as tables."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.segment import Segment, Segments
from rich.text import Text

from ilocal.i18n.labels import translate_label
from ilocal.model.describe import (
    DetailLine,
    ListOptions,
    describe_event_status,
    describe_facts,
    describe_field,
    describe_translation_language,
    describe_when_in_list,
    group_events_by_start_month,
)
from ilocal.model.event import Event
from ilocal.model.fields import name_event_field_as_heading
from ilocal.model.search_snippets import excerpt_event_texts_for_query
from ilocal.model.search_terms import SearchTerm
from ilocal.model.translations import localize_event
from ilocal.terminal.capabilities import is_ascii_terminal, to_ascii_symbols
from ilocal.terminal.console import to_safe_rich_text

_MIN_WIDTH_FOR_DATES, _MIN_WIDTH_FOR_IDS = 72, 170  # from these widths on: a column for dates, one for ids
_MIN_COLUMN_WIDTH, _MIN_DATE_WIDTH, _MIN_TITLE_WIDTH = 6, 10, 16  # no column is narrower
_WIDTH_SAMPLE_EVENTS = 500  # events from which the widths of the columns follow
_ROWS_PER_DRAW = 50  # rows drawn
_MAX_ID_WIDTH = 60  # the most that ids may take of the width
_MIN_FACTS_WIDTH = 16  # facts stand beside the dates where so much is left


class TableFrame(NamedTuple):
    """Strings before, between and after the cells of a row, and the lines above and below a table."""

    left: str
    gap: str
    right: str
    top: str = ""  # how the line above begins, is parted and ends
    bottom: str = ""

    def compute_inner_width(self, width: int, cell_count: int) -> int:
        """Return how many columns are left for the cells."""
        return width - len(self.left) - len(self.gap) * (cell_count - 1) - len(self.right)


QUIET_FRAME = TableFrame(" ", "  ", "")
BOX_FRAME = TableFrame("│ ", " │ ", " │", "╭┬╮", "╰┴╯")


def draw_event_tables(events: Iterable[Event], options: ListOptions, screen: Console) -> None:
    """Draw a table a month, all with the same columns, while the events come; the first of them decide the widths."""
    left = iter(events)
    first = list(islice(left, _WIDTH_SAMPLE_EVENTS))
    columns = options.columns or _choose_columns_for_width(screen.width)
    frame = TableFrame(*map(_to_terminal_symbols, BOX_FRAME if options.has_frames else QUIET_FRAME))
    widths = _compute_column_widths(first, columns, options, screen.width, frame)
    if first and options.columns:
        _draw_column_labels(columns, widths, options, screen, frame)
    for n, (heading, group) in enumerate(group_events_by_start_month(chain(first, left), options)):
        if n or heading:
            screen.print(to_safe_rich_text("\n" if n else "").append_text(_draw_group_heading(heading, options)))
        rows = _draw_table_rows(group, columns, widths, options, screen, frame)
        while some := list(islice(rows, _ROWS_PER_DRAW)):
            screen.print(Segments(chain.from_iterable(some)), end="", crop=False)


def _draw_group_heading(heading: str, options: ListOptions) -> Text:
    """Return the heading of a group; those of running events and of today have a sign."""
    if options.has_running_group and heading in (
        translate_label("running now", options.lang),
        translate_label("today", options.lang),
    ):
        return to_safe_rich_text(_to_terminal_symbols("● ") + heading, "running")
    return to_safe_rich_text(heading, "heading")


def _choose_columns_for_width(width: int) -> tuple[str, ...]:
    if width < _MIN_WIDTH_FOR_DATES:
        return ("title",)
    return ("when", "title", *(("id",) if width >= _MIN_WIDTH_FOR_IDS else ()))


def _compute_column_widths(
    events: Sequence[Event], columns: Sequence[str], options: ListOptions, width: int, frame: TableFrame
) -> dict[str, int]:
    """Return column widths computed from all events, so that the tables of all months line up."""
    most = {"id": _MAX_ID_WIDTH, "when": 36}
    found = {"#": len(str(len(events)))}
    for column in columns:
        if column != "title":
            texts = [describe_field(event, column, options.lang) for event in events]
            if options.columns:
                texts.append(name_event_field_as_heading(column, options.lang))
            longest = max((to_safe_rich_text(text).cell_len for text in texts), default=1)
            found[column] = max(1, min(longest, most.get(column, 30)))
    left = frame.compute_inner_width(width, len(columns) + 1)
    title = _MIN_TITLE_WIDTH if "title" in columns else 0
    _shrink_columns(
        found, left - title, {column: _MIN_DATE_WIDTH if column == "when" else _MIN_COLUMN_WIDTH for column in found}
    )
    if title:
        found["title"] = max(title, left - sum(found.values()))
    _shrink_columns(found, left, dict.fromkeys(found, 1))  # a narrower terminal is not readable, but must not fail
    return found


def _shrink_columns(widths: dict[str, int], total: int, min_widths: Mapping[str, int]) -> None:
    """Shrink the columns with the most room until all fit, or none can shrink."""
    while sum(widths.values()) > total:
        widest = max(widths, key=lambda column: widths[column] - min_widths[column])
        if widths[widest] <= min_widths[widest]:
            return
        widths[widest] -= 1


def _draw_column_labels(
    columns: Sequence[str], widths: Mapping[str, int], options: ListOptions, screen: Console, frame: TableFrame
) -> None:
    """Draw the names of the chosen columns, once, above the first table."""
    labels = [[to_safe_rich_text(name_event_field_as_heading(column, options.lang), "dim")] for column in columns]
    plain = TableFrame(" " * len(frame.left), " " * len(frame.gap), "")
    row = _draw_table_row([[], *labels], [widths[name] for name in ("#", *columns)], screen, plain)
    screen.print(Segments(row), end="", crop=False)


def _draw_table_rows(
    group: Iterable[tuple[int, Event]],
    columns: Sequence[str],
    widths: Mapping[str, int],
    options: ListOptions,
    screen: Console,
    frame: TableFrame,
) -> Iterator[list[Segment]]:
    """Yield a table row by row, faster than Rich's own tables, which measure every cell several times."""
    sizes = [widths[name] for name in ("#", *columns)]
    yield from _draw_frame_line(frame.top, sizes, screen)
    for number, event in group:
        cells = [[to_safe_rich_text(str(number).rjust(widths["#"]), "dim")]]
        cells += [_draw_table_cell(event, column, columns, options, widths[column]) for column in columns]
        yield _draw_table_row(cells, sizes, screen, frame)
    yield from _draw_frame_line(frame.bottom, sizes, screen)


def _draw_frame_line(corners: str, sizes: Sequence[int], screen: Console) -> Iterator[list[Segment]]:
    if corners:
        rule = corners[1].join(_to_terminal_symbols("─") * (size + 2) for size in sizes)
        yield [Segment(corners[0] + rule + corners[2], screen.get_style("dim")), Segment.line()]


def _draw_table_row(
    cells: Sequence[Sequence[Text]], sizes: Sequence[int], screen: Console, frame: TableFrame
) -> list[Segment]:
    """Return the lines of a row; each cell is a list of texts, one below the other.

    Without a frame, no line ends with spaces.
    """
    style = screen.get_style("dim") if frame.right else None
    folded = [
        [line for text in texts for line in _fold_cell_text(text, size, screen)]
        for texts, size in zip(cells, sizes, strict=True)
    ]
    lines: list[Segment] = []
    for line in zip_longest(*folded, fillvalue=_EMPTY_CELL):
        filled = len(line) if frame.right else max((n for n, text in enumerate(line, 1) if text.plain), default=0)
        for n, (text, size) in enumerate(zip(line[:filled], sizes, strict=False)):
            lines += (Segment(frame.gap if n else frame.left, style), *_render_cell_line(text, screen))
            if frame.right or n + 1 < filled:
                lines.append(Segment(" " * (size - text.cell_len)))
        lines += (*((Segment(frame.right, style),) if frame.right else ()), Segment.line())
    return lines


def _to_terminal_symbols(text: str) -> str:
    """Return frame and mark symbols as this terminal can show them."""
    return to_ascii_symbols(text) if is_ascii_terminal(os.environ) else text


_EMPTY_CELL = to_safe_rich_text("")


def _fold_cell_text(text: Text, width: int, screen: Console) -> Sequence[Text]:
    """Return a text on as many lines as it needs."""
    if text.cell_len <= width:
        return (text,)
    lines = list(text.wrap(screen, width, overflow="fold"))
    for line in lines:
        line.rstrip()
    return lines


def _render_cell_line(text: Text, screen: Console) -> Iterable[Segment]:
    if not text.spans:
        return (Segment(text.plain, screen.get_style(text.style)),)
    text.end = ""
    return text.render(screen)


def _draw_table_cell(event: Event, column: str, columns: Sequence[str], options: ListOptions, width: int) -> list[Text]:
    """Return the texts of a cell, one below the other."""
    if column == "when":
        return [_draw_dates_in_table(event, options), *_format_status_marks(event, options)]
    told = localize_event(event, options.lang, options.language)
    if column != "title":
        text = describe_field(told, column, options.lang)
        return [_format_dim_text(text, options) if not options.columns else highlight_matches(text, options.terms)]
    title = highlight_matches(describe_field(told, column, options.lang), options.terms)
    if event.status in ("cancelled", "postponed"):
        title.stylize("strike")
    if language := describe_translation_language(event, options.lang, options.language):
        title.append_text(to_safe_rich_text(language, "dim"))
    if not options.columns:
        lines = [title, *_draw_facts_in_table(event, options, width, are_dates_below="when" not in columns)]
    else:
        marks = _format_status_marks(event, options) if "when" not in columns else []
        lines = [_join_texts([title, *marks], "  ")]
    snippets = excerpt_event_texts_for_query(told, options.terms)
    return lines + [_format_dim_text(_adapt_ellipses(found), options) for found in snippets]


def _draw_facts_in_table(event: Event, options: ListOptions, width: int, *, are_dates_below: bool) -> list[Text]:
    """Return the secondary facts below a title, on one line; with the dates, if they have no column."""
    dot = _to_terminal_symbols(" · ")
    sign = _to_terminal_symbols("↻ ") if event.series is not None else ""
    facts = _format_dim_text(sign + dot.join(describe_facts(event, options)), options)
    if not are_dates_below:
        return [_clip_facts(facts, width)] if facts.plain else []
    dates = _join_texts([_draw_dates_in_table(event, options), *_format_status_marks(event, options)], "  ")
    if not facts.plain:
        return [dates]
    left = width - dates.cell_len - len(dot)
    if facts.cell_len <= left or left >= _MIN_FACTS_WIDTH:
        return [_join_texts([dates, _clip_facts(facts, left)], dot)]
    return [dates, _clip_facts(facts, width)]


def _clip_facts(facts: Text, width: int) -> Text:
    """Return facts cut to the width, between words, with an ellipsis."""
    if facts.cell_len <= width:
        return facts
    whole = facts.plain
    facts.truncate(width - 1)
    is_word_cut = whole[len(facts.plain)] != " " and " " in facts.plain
    whole_words = facts.plain.rpartition(" ")[0] if is_word_cut else facts.plain
    return _join_texts([facts[: len(whole_words.rstrip(" ,.·"))], to_safe_rich_text(_to_terminal_symbols("…"), "dim")])


def _format_dim_text(text: str, options: ListOptions) -> Text:
    """Return a secondary text with the search terms highlighted."""
    if not options.terms:
        return to_safe_rich_text(text, "dim")
    found = highlight_matches(text, options.terms)
    found.stylize_before("dim")
    return found


def _join_texts(texts: Sequence[Text], separator: str = "") -> Text:
    """Return several texts as one, each in its own style."""
    if len(texts) == 1:
        return texts[0]
    return to_safe_rich_text(separator, "dim").join(texts)


def _adapt_ellipses(snippet_text: str) -> str:
    """Return a part of a text with the ellipses at its ends as this terminal can show them."""
    head, tail = snippet_text.startswith("…"), snippet_text.endswith("…")
    return (
        _to_terminal_symbols("…") * head
        + snippet_text[head : len(snippet_text) - tail]
        + _to_terminal_symbols("…") * tail
    )


def _draw_dates_in_table(event: Event, options: ListOptions) -> Text:
    return to_safe_rich_text(describe_when_in_list(event, options), "date")


def _format_status_marks(event: Event, options: ListOptions) -> list[Text]:
    """Return the marks that a reader must see at once, each with a sign for those who see no colours.

    How a series recurs is one of the facts; chosen columns have no facts, and get it as a mark.
    """
    found = describe_event_status(event, options)
    marks: list[Text] = []
    if event.series is not None and options.columns:
        marks.append(to_safe_rich_text(_to_terminal_symbols("↻ ") + found[0], "dim"))
    now = {translate_label(name, options.lang) for name in ("running", "on that day")} if found else ()
    for mark in found[event.series is not None :]:
        sign, style = ("● ", "running") if mark in now else ("! ", "warning")
        marks.append(to_safe_rich_text(_to_terminal_symbols(sign) + mark, style))
    return marks


def highlight_matches(text: str, terms: Iterable[SearchTerm]) -> Text:
    """Return the text with matches highlighted."""
    found = to_safe_rich_text(text)
    for term in terms:
        for begin, end in term.find_spans(found.plain):
            found.stylize("match", begin, end)
    return found


def draw_event_page(details: Sequence[DetailLine], screen: Console, *, has_links: bool = False) -> None:
    """Draw one event in full; long lines are broken between words and stay under their beginning.

    With `has_links`, an address is a link of the terminal, unless the screen has no styles.
    """
    labels = max((to_safe_rich_text(part.label).cell_len for part in details), default=0)
    # Lines longer than this are hard to read, however wide the terminal.
    width = min(screen.width, 100)
    for part in details:
        screen.print(_draw_detail_line(part if has_links else part._replace(link=""), labels), width=width)


def _draw_detail_line(detail: DetailLine, label_width: int) -> RenderableType:
    from rich.padding import Padding  # a list needs neither, and starts faster
    from rich.table import Table

    if detail.kind == "title":
        return (
            to_safe_rich_text("")
            .append_text(to_safe_rich_text(detail.text, "heading"))
            .append_text(to_safe_rich_text(detail.mark, "dim"))
        )
    if detail.kind == "heading":
        return to_safe_rich_text(detail.text, "section")
    if detail.kind in ("field", "bullet"):
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=label_width if detail.kind == "field" else 1, style="dim")
        grid.add_column(overflow="fold")
        grid.add_row(to_safe_rich_text(detail.label or _to_terminal_symbols("•")), _draw_link(detail))
        return Padding(grid, (0, 0, 0, 0 if detail.kind == "field" else 2))
    return to_safe_rich_text(detail.text)


def _draw_link(detail: DetailLine) -> Text:
    """Return a text that links to its address, if that is a web or mail address."""
    from rich.style import Style

    text = to_safe_rich_text(detail.text)
    if detail.link.lower().startswith(("https://", "http://", "mailto:")):
        quoted = (chr(byte) if 0x20 < byte < 0x7F else f"%{byte:02X}" for byte in detail.link.strip().encode())
        text.stylize(Style(link="".join(quoted)))
    return text
