"""Counts as bars for people: labels, counts, bars as long as the width lets them be, and a line a year of months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ilocal.i18n.labels import word
from ilocal.i18n.messages import N_, number, plural, translated
from ilocal.model.describe import label
from ilocal.model.safe_text import shown
from ilocal.model.statistics import TIMES, Tally, point_of, years_of
from ilocal.terminal.styled_text import Line, Look, Piece
from ilocal.terminal.text_width import cut, padded, width

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEVELS = "▁▂▃▄▅▆▇█"
_MOST_EMPTY = 24  # empty periods in a row that are shown one by one
NONE = N_("(none)")
WITHOUT_MONTH = N_("month not known")


def bars_page(tally: Tally, look: Look, most_rows: int | None = None) -> Iterator[Line]:
    """A line a row; below the months of several years, those years as lines."""
    rows = tally.rows[:most_rows]
    labels = [_label(row.key, tally, look) for row in rows]
    counts = [number(row.n, look.lang) for row in rows]
    longest = max(map(width, labels), default=0)
    # A pipe gets labels whole; on a screen they leave room for the bars.
    label_size = min(longest, max(8, look.width // 2 - 6)) if look.is_wrapped else longest
    count_size = max(map(len, counts), default=0)
    room = max(look.width - label_size - count_size - 4, 8)
    most = max((row.n for row in rows), default=0)
    for is_empty, group in groupby(zip(labels, counts, rows, strict=True), lambda line: line[2].n == 0):
        lines = list(group)
        if is_empty and len(lines) > _MOST_EMPTY:
            yield _gap(len(lines), look)
            continue
        for name, told, row in lines:
            bar = bar_of(row.n, most, room, is_plain=look.is_plain)
            head = Piece(padded(cut(name, label_size), label_size), "label")
            yield [head, Piece(f"  {told:>{count_size}}", "count"), Piece(f"  {bar}", "bar")]
    if tally.by == "month" and len(years := years_of(rows)) > 1:
        yield []
        yield from _years(years, look)


def _label(key: str, tally: Tally, look: Look) -> str:
    if tally.by in TIMES:
        told = label(point_of(key), None, word("undated", look.lang))
        return f"{told} ({translated(WITHOUT_MONTH, look.lang)})" if tally.by == "month" and len(key) == 4 else told
    return shown(word(key, look.lang) if tally.by == "status" else key) or translated(NONE, look.lang)


def bar_of(n: int, most: int, room: int, *, is_plain: bool) -> str:
    """A bar of at most `room` cells, in eighths of a cell; whatever was counted is seen."""
    if n == 0:
        return ""
    if is_plain:
        return "#" * max(1, n * room // most)
    whole, eighths = divmod(max(1, n * room * 8 // most), 8)
    return "█" * whole + _EIGHTHS[eighths].strip()


def spark(counts: Sequence[int], most: int) -> str:
    """The counts as a line of blocks, the highest for `most`; a dot for none."""
    return "".join(_LEVELS[(n * len(_LEVELS) - 1) // most] if n else "·" for n in counts)


def _years(years: dict[int, list[int]], look: Look) -> Iterator[Line]:
    most = max(max(counts) for counts in years.values())
    yield [Piece("      1  4  7  10", "dim")]
    size = max(len(number(sum(counts), look.lang)) for counts in years.values())
    for is_empty, group in groupby(years.items(), lambda one: not any(one[1])):
        some = list(group)
        if is_empty and len(some) > _MOST_EMPTY:
            yield _gap(len(some), look)
            continue
        for year, counts in some:
            total = number(sum(counts), look.lang)
            yield [
                Piece(f"{year:04}", "label"),
                Piece(f"  {spark(counts, most)}", "bar"),
                Piece(f"  {total:>{size}}", "count"),
            ]


def _gap(n: int, look: Look) -> Line:
    """One line in the place of many empty ones."""
    told = plural("{n} period without events", "{n} periods without events", n, look.lang)
    return [Piece(f"⋮ {told}", "dim")]
