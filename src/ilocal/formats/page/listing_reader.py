"""A page that lists events: which lines begin one, what belongs to it, and what belongs to none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ilocal.errors import Problem, RecordError
from ilocal.formats.page.line_kinds import Line, markdown, title_of
from ilocal.i18n.messages import _, spoken
from ilocal.model.date_names import month_heading
from ilocal.model.dates import Month, Point, Span, days
from ilocal.model.describe import label
from ilocal.model.event import Event
from ilocal.model.safe_text import message
from ilocal.model.text_folding import unmarked

Starts = dict[int, int]
"""Where events begin: the index of the first line of each title that has a date below it, and of that date."""


def starts(lines: Sequence[Line]) -> Starts:
    """The beginnings of events. Titles are numbered; or, below month headings, any paragraph with a date below it."""
    months = _months(lines)
    numbered: dict[int, int] = {}
    others: dict[int, int] = {}
    for n, line in enumerate(lines):
        if n == 0 or n in months or not (_is_date(line) or (line.said is not None and _is_below_title(lines, n))):
            continue
        first = _first_of_title(lines, n, numbered, months)
        if first in months or _is_date(lines[first]) or lines[first].is_bullet:
            continue
        if lines[first].number_of_title is None:
            if not (lines[first].is_numbered or line.is_undated):
                others[first] = n
        elif not _is_inside(lines, first, numbered, months):
            numbered[first] = n
    above = min(months, default=len(lines))
    return numbered or {first: n for first, n in others.items() if first > above}


def _is_date(line: Line) -> bool:
    return line.is_day or line.is_undated


def _first_of_title(lines: Sequence[Line], dated: int, numbered: Starts, months: set[int]) -> int:
    """The first line of the paragraph above a date."""
    first = dated - 1
    while first > 0 and first not in months and not lines[first].after_blank and not _is_date(lines[first]):
        if lines[first].number_of_title is not None and not _is_inside(lines, first, numbered, months):
            break
        first -= 1
    return first


def _months(lines: Sequence[Line]) -> set[int]:
    """Which lines are month headings: not those amid a paragraph, nor the month that is an event's date."""
    return {
        n for n, line in enumerate(lines) if line.month and not _is_below_title(lines, n) and _stands_apart(lines, n)
    }


def _stands_apart(lines: Sequence[Line], n: int) -> bool:
    followed_by_first = n + 1 < len(lines) and lines[n + 1].number_of_title == 1
    return n == 0 or lines[n].after_blank or lines[n - 1].is_day or followed_by_first


def _is_below_title(lines: Sequence[Line], n: int) -> bool:
    """Whether a month is the date of the numbered title above it, and not the heading of what follows."""
    if n == 0 or not lines[n].after_blank:
        return False
    first = n - 1
    while first > 0 and not (lines[first].is_numbered or lines[first].is_day or lines[first].after_blank):
        first -= 1
    number = lines[first].number_of_title
    if number is None:
        return False
    heads = n + 1 < len(lines) and lines[n + 1].number_of_title in (1, number + 1)
    return lines[n].indent > lines[first].indent or (lines[n].indent == lines[first].indent and not heads)


def _is_inside(lines: Sequence[Line], n: int, numbered: Starts, months: set[int]) -> bool:
    """Whether a numbered line is part of the event above: as deep as its text, or amid a paragraph out of turn."""
    last = next(reversed(numbered), None)  # they are found in their order
    if last is not None and lines[last].indent < lines[numbered[last]].indent <= lines[n].indent:
        return True
    if lines[n].after_blank or n == 0 or n - 1 in months:
        return False
    if last is not None and lines[n].indent == lines[last].indent and n + 1 < len(lines) and lines[n + 1].is_day:
        return (lines[n].number_of_title or 0) <= (lines[last].number_of_title or 0)
    return lines[n].number_of_title != (1 if last is None else (lines[last].number_of_title or 0) + 1)


# ------------------------------------------------------------------------------------------------------------- entries


@dataclass(slots=True)
class Entry:
    """One event of a listing, line by line."""

    title: Sequence[Line]
    heading: Month | None
    date: Line | None = None
    body: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its lines as they stand in the page."""
        return "\n".join(line.text for line in (*self.title, *([self.date] if self.date else []), *self.body))


def read(lines: Sequence[Line], starts: Starts) -> Iterator[Event | Problem]:
    """The events of a listing in their order, with what is doubtful, and a note for each line that is part of none."""
    entries, outside = _entries(lines, starts)
    items = [(entry.title[0].number, item) for entry in entries for item in _event(entry)]
    for line in outside:
        said = _("not part of an event: {text}", text=message(line.text))
        items.append((line.number, Problem(line.number, said, level="note")))
    yield from (item for _, item in sorted(items, key=lambda pair: pair[0]))
    yield from _twice(entries)


def _entries(lines: Sequence[Line], starts: Starts) -> tuple[list[Entry], list[Line]]:
    indents = {lines[n].indent for n in starts}
    margin = min(max(indents), *(lines[n].indent for n in starts.values()))
    months = {n for n in _months(lines) if lines[n].indent <= max(indents)}
    entries: list[Entry] = []
    outside: list[Line] = []
    compact = any(not lines[n].after_blank for n in starts)  # a page that sets off nothing with blank lines
    current: Entry | None = None
    heading: Month | None = None
    expected = 1  # the next number; 0: the body has a numbered list of its own
    n = 0
    while n < len(lines):
        line, end = lines[n], n + 1
        if n in starts:
            end = starts[n] + 1
            current = Entry(lines[n : end - 1], heading, lines[end - 1])
            entries.append(current)
            expected = (line.number_of_title or 0) + 1
        elif n in months:
            heading, current, expected = line.month, None, 1
        elif _heads_no_month(line) and line.indent < min(indents):
            heading, current, expected = None, None, 1
        elif _is_next(line, expected, compact) and (heading or current) and line.indent in indents:
            end = _end_of_paragraph(lines, n)
            current = Entry(lines[n:end], heading)
            entries.append(current)
            expected += 1
        elif current is None or (line.indent < margin and line.after_blank):
            outside.append(line)
            current = None
        else:
            if line.is_numbered and line.after_blank and line.indent in indents:
                expected = 0
            current.body.append(line)
        n = end
    return entries, outside


def _heads_no_month(line: Line) -> bool:
    """Whether it heads events that are known to a year, or not at all."""
    return line.after_blank and (line.is_undated or line.year is not None)


def _is_next(line: Line, expected: int, compact: bool) -> bool:
    return line.number_of_title == expected and (line.after_blank or compact)


def _end_of_paragraph(lines: Sequence[Line], n: int) -> int:
    n += 1
    while n < len(lines) and not (lines[n].after_blank or lines[n].is_numbered or lines[n].is_bullet or lines[n].said):
        n += 1
    return n


def _event(entry: Entry) -> Iterator[Event | Problem]:
    line = entry.title[0].number
    start: Point | None = entry.heading
    end: Point | None = None
    if entry.date is None:
        said = _("no date below the title: to be announced")
        if start:
            said = _("no date below the title: taken as {month}", month=month_heading(start, spoken(), ""))
        yield Problem(line, said, "start", "warning")
    elif entry.date.is_undated:
        start = None
    elif isinstance(entry.date.said, Span):
        start, end = entry.date.said.start, entry.date.said.end
        if entry.heading is not None and not _is_in(entry.date.said, entry.heading):
            heading = month_heading(entry.heading, spoken(), "")
            said = _("{dates} stands under {month}: kept as printed", dates=label(start, end), month=heading)
            yield Problem(entry.date.number, said, "start", "warning")
    else:
        yield Problem(entry.date.number, str(entry.date.said), "start", text=entry.text)
        return
    try:
        yield Event(title_of(entry.title), start=start, end=end, description=markdown(entry.body), source_line=line)
    except RecordError as error:
        yield Problem(line, error.reason, error.field, text=entry.text)


def _is_in(span: Span, month: Month) -> bool:
    first = days(span.start).first
    return (first.year, first.month) == (month.year, month.month)


def _twice(entries: Sequence[Entry]) -> Iterator[Problem]:
    """The same title with the same date again: kept, and said."""
    seen: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (unmarked(title_of(entry.title)), str(entry.date.said if entry.date else entry.heading))
        line = entry.title[0].number
        if key in seen:
            said = _("the same title and date as in line {line}: both are kept", line=seen[key])
            yield Problem(line, said, "title", "warning")
        seen.setdefault(key, line)
