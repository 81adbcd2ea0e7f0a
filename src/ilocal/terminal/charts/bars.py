"""Bar chart of counts: labels, counts and bars that fill the width, followed by a sparkline for each year of months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import N_, format_number, translate, translate_plural
from ilocal.model.describe import describe_period_of_event
from ilocal.model.safe_text import escape_single_line
from ilocal.model.statistics import PERIOD_GROUPS, EventStatistics, group_event_counts_by_year, parse_period_key
from ilocal.model.value_labels import describe_event_value
from ilocal.terminal.styled_text import RenderOptions, StyledLine, StyledText
from ilocal.terminal.text_width import clip_to_width, measure_width, pad_to_width

_BAR_EIGHTHS = " ▏▎▍▌▋▊▉"
_SPARKLINE_LEVELS = "▁▂▃▄▅▆▇█"
_MAX_EMPTY_ROWS = 24  # empty periods in a row that are shown one by one
NO_VALUE_LABEL = N_("(none)")
UNKNOWN_MONTH_LABEL = N_("month not known")


def render_bar_chart(
    tally: EventStatistics, options: RenderOptions, max_rows: int | None = None
) -> Iterator[StyledLine]:
    """Yield a line for each row; below the months of several years, a sparkline for each year."""
    rows = tally.rows[:max_rows]
    labels = [_format_bar_label(row.key, tally, options) for row in rows]
    counts = [format_number(row.event_count, options.lang) for row in rows]
    longest = max(map(measure_width, labels), default=0)
    # In a pipe labels are complete; on a terminal they leave room for the bars.
    label_size = min(longest, max(8, options.width // 2 - 6)) if options.is_wrapped else longest
    count_size = max(map(len, counts), default=0)
    room = max(options.width - label_size - count_size - 4, 8)
    most = max((row.event_count for row in rows), default=0)
    for is_empty, group in groupby(zip(labels, counts, rows, strict=True), lambda line: line[2].event_count == 0):
        lines = list(group)
        if is_empty and len(lines) > _MAX_EMPTY_ROWS:
            yield _render_gap_line(len(lines), options)
            continue
        for name, told, row in lines:
            bar = render_bar(row.event_count, most, room, is_plain=options.is_plain)
            head = StyledText(pad_to_width(clip_to_width(name, label_size), label_size), "label")
            yield [head, StyledText(f"  {told:>{count_size}}", "count"), StyledText(f"  {bar}", "bar")]
    if tally.group_by == "month" and len(years := group_event_counts_by_year(rows)) > 1:
        yield []
        yield from _render_year_sparklines(years, options)


def _format_bar_label(key: str, tally: EventStatistics, options: RenderOptions) -> str:
    if tally.group_by in PERIOD_GROUPS:
        told = describe_period_of_event(parse_period_key(key), None, translate_label("undated", options.lang))
        return (
            f"{told} ({translate(UNKNOWN_MONTH_LABEL, options.lang)})"
            if tally.group_by == "month" and len(key) == 4
            else told
        )
    return escape_single_line(describe_event_value(tally.group_by, key, options.lang)) or translate(
        NO_VALUE_LABEL, options.lang
    )


def render_bar(n: int, max_count: int, max_cells: int, *, is_plain: bool) -> str:
    """Return a bar of at most `max_cells` cells, in eighths of a cell; a count above 0 is always visible."""
    if n == 0:
        return ""
    if is_plain:
        return "#" * max(1, n * max_cells // max_count)
    whole, eighths = divmod(max(1, n * max_cells * 8 // max_count), 8)
    return "█" * whole + _BAR_EIGHTHS[eighths].strip()


def render_sparkline(counts: Sequence[int], max_count: int) -> str:
    """Return the counts as a line of blocks, the highest for `max_count`; a dot for 0."""
    return "".join(_SPARKLINE_LEVELS[(n * len(_SPARKLINE_LEVELS) - 1) // max_count] if n else "·" for n in counts)


def _render_year_sparklines(years: dict[int, list[int]], options: RenderOptions) -> Iterator[StyledLine]:
    most = max(max(counts) for counts in years.values())
    yield [StyledText("      1  4  7  10", "dim")]
    size = max(len(format_number(sum(counts), options.lang)) for counts in years.values())
    for is_empty, group in groupby(years.items(), lambda one: not any(one[1])):
        some = list(group)
        if is_empty and len(some) > _MAX_EMPTY_ROWS:
            yield _render_gap_line(len(some), options)
            continue
        for year, counts in some:
            total = format_number(sum(counts), options.lang)
            yield [
                StyledText(f"{year:04}", "label"),
                StyledText(f"  {render_sparkline(counts, most)}", "bar"),
                StyledText(f"  {total:>{size}}", "count"),
            ]


def _render_gap_line(n: int, options: RenderOptions) -> StyledLine:
    """Return a line that replaces many empty rows."""
    told = translate_plural("{n} period without events", "{n} periods without events", n, options.lang)
    return [StyledText(f"⋮ {told}", "dim")]
