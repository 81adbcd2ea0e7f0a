"""Reader of pages that list events: finds the lines of each event, and those outside events."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from ilocal.errors import Diagnostic, InvalidEventError
from ilocal.formats.page.fact_lines import split_fact_lines
from ilocal.formats.page.line_kinds import PageLine, format_lines_as_markdown, join_title_lines
from ilocal.i18n.messages import _, current_language
from ilocal.model.date_names import describe_month_of_date, name_month_in_sentence
from ilocal.model.dates import Month, PartialDate, Period, to_date_range
from ilocal.model.describe import format_period
from ilocal.model.event import Event
from ilocal.model.safe_text import escape_message
from ilocal.model.text_folding import fold_text, strip_accents

EventStarts = dict[int, int]
"""Where events begin: the index of the first line of each title that has a date below it, and of that date."""


def find_event_starts_on_page(lines: Sequence[PageLine]) -> EventStarts:
    """Return the starts of events: numbered titles; or else, below month headings, paragraphs with a date below."""
    months = _find_month_headings(lines)
    numbered: dict[int, int] = {}
    others: dict[int, int] = {}
    for n, line in enumerate(lines):
        if (
            n == 0
            or n in months
            or not (_is_date_line(line) or (line.parsed_date is not None and _is_below_title(lines, n)))
        ):
            continue
        first = _find_title_start(lines, n, numbered, months)
        if first in months or _is_date_line(lines[first]) or lines[first].is_bullet:
            continue
        if lines[first].page_title_number is None:
            if not (lines[first].is_numbered_page_line or line.is_undated_page_line):
                others[first] = n
        elif not _is_inside_event(lines, first, numbered, months):
            numbered[first] = n
    above = min(months, default=len(lines))
    return numbered or {first: n for first, n in others.items() if first > above}


def _is_date_line(line: PageLine) -> bool:
    return line.is_page_date_line or line.is_undated_page_line


def _find_title_start(lines: Sequence[PageLine], dated: int, numbered: EventStarts, months: set[int]) -> int:
    """Return the first line of the paragraph above a date."""
    first = dated - 1
    while first > 0 and first not in months and not lines[first].is_after_blank and not _is_date_line(lines[first]):
        if lines[first].page_title_number is not None and not _is_inside_event(lines, first, numbered, months):
            break
        first -= 1
    return first


def _find_month_headings(lines: Sequence[PageLine]) -> set[int]:
    """Return the lines that are month headings: not within a paragraph, nor the date of an event."""
    return {
        n for n, line in enumerate(lines) if line.page_month and not _is_below_title(lines, n) and _is_set_off(lines, n)
    }


def _is_set_off(lines: Sequence[PageLine], n: int) -> bool:
    followed_by_first = n + 1 < len(lines) and lines[n + 1].page_title_number == 1
    return n == 0 or lines[n].is_after_blank or lines[n - 1].is_page_date_line or followed_by_first


def _is_below_title(lines: Sequence[PageLine], n: int) -> bool:
    """Return whether a month is the date of the numbered title above it, not the heading of what follows."""
    if n == 0 or not lines[n].is_after_blank:
        return False
    first = n - 1
    while first > 0 and not (
        lines[first].is_numbered_page_line or lines[first].is_page_date_line or lines[first].is_after_blank
    ):
        first -= 1
    number = lines[first].page_title_number
    if number is None:
        return False
    heads = n + 1 < len(lines) and lines[n + 1].page_title_number in (1, number + 1)
    return lines[n].indent > lines[first].indent or (lines[n].indent == lines[first].indent and not heads)


def _is_inside_event(lines: Sequence[PageLine], n: int, numbered: EventStarts, months: set[int]) -> bool:
    """Return whether a numbered line belongs to the event above: indented like its text, or out of sequence."""
    last = next(reversed(numbered), None)  # in order of discovery
    if last is not None and lines[last].indent < lines[numbered[last]].indent <= lines[n].indent:
        return True
    if lines[n].is_after_blank or n == 0 or n - 1 in months:
        return False
    if (
        last is not None
        and lines[n].indent == lines[last].indent
        and n + 1 < len(lines)
        and lines[n + 1].is_page_date_line
    ):
        return (lines[n].page_title_number or 0) <= (lines[last].page_title_number or 0)
    return lines[n].page_title_number != (1 if last is None else (lines[last].page_title_number or 0) + 1)


# ------------------------------------------------------------------------------------------------------------- entries


@dataclass(slots=True)
class ListingEntry:
    """One event of a listing, line by line."""

    title: Sequence[PageLine]
    heading: Month | None
    date: PageLine | None = None
    body: list[PageLine] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All lines of the entry as on the page."""
        return "\n".join(line.text for line in (*self.title, *([self.date] if self.date else []), *self.body))


def parse_listing_page_format(
    lines: Sequence[PageLine], event_starts: EventStarts, today: date, headings: Collection[str] = ()
) -> Iterator[Event | Diagnostic]:
    """Yield the events of a listing in order, with warnings, and a note for each line outside events.

    Arguments:
        lines: the lines of the page.
        event_starts: where events begin.
        today: the day for dates such as "tomorrow".
        headings: folded titles of the page itself, which are not noted above the first event.
    """
    entries, outside = _split_entries_of_page_format(lines, event_starts)
    items = [(entry.title[0].number, item) for entry in entries for item in _entry_to_event(entry, today)]
    for line in outside:
        if line is lines[0] and fold_text(line.text) in headings:
            continue
        said = _("ignored text that is not part of an event: {text}", text=escape_message(line.text))
        items.append((line.number, Diagnostic(line.number, said, severity="note")))
    yield from (item for _, item in sorted(items, key=lambda pair: pair[0]))
    yield from _report_repeated_page_titles(entries)


def _split_entries_of_page_format(
    lines: Sequence[PageLine], event_starts: EventStarts
) -> tuple[list[ListingEntry], list[PageLine]]:
    indents = {lines[n].indent for n in event_starts}
    margin = min(max(indents), *(lines[n].indent for n in event_starts.values()))
    months = {n for n in _find_month_headings(lines) if lines[n].indent <= max(indents)}
    entries: list[ListingEntry] = []
    outside: list[PageLine] = []
    compact = any(not lines[n].is_after_blank for n in event_starts)  # a page without blank lines between events
    current: ListingEntry | None = None
    heading: Month | None = None
    expected = 1  # the next number; 0: the body has a numbered list of its own
    n = 0
    while n < len(lines):
        line, end = lines[n], n + 1
        if n in event_starts:
            end = event_starts[n] + 1
            current = ListingEntry(lines[n : end - 1], heading, lines[end - 1])
            entries.append(current)
            expected = (line.page_title_number or 0) + 1
        elif n in months:
            heading, current, expected = line.page_month, None, 1
        elif _is_undated_heading(line) and line.indent < min(indents):
            heading, current, expected = None, None, 1
        elif _is_next_title(line, expected, compact) and (heading or current) and line.indent in indents:
            end = _find_paragraph_end(lines, n)
            current = ListingEntry(lines[n:end], heading)
            entries.append(current)
            expected += 1
        elif current is None or (line.indent < margin and line.is_after_blank):
            outside.append(line)
            current = None
        else:
            if line.is_numbered_page_line and line.is_after_blank and line.indent in indents:
                expected = 0
            current.body.append(line)
        n = end
    return entries, outside


def _is_undated_heading(line: PageLine) -> bool:
    """Return whether a line is the heading of events known only to a year, or undated."""
    return line.is_after_blank and (line.is_undated_page_line or line.page_year is not None)


def _is_next_title(line: PageLine, expected: int, compact: bool) -> bool:
    return line.page_title_number == expected and (line.is_after_blank or compact)


def _find_paragraph_end(lines: Sequence[PageLine], n: int) -> int:
    n += 1
    while n < len(lines) and not (
        lines[n].is_after_blank or lines[n].is_numbered_page_line or lines[n].is_bullet or lines[n].parsed_date
    ):
        n += 1
    return n


def _entry_to_event(entry: ListingEntry, today: date) -> Iterator[Event | Diagnostic]:
    line = entry.title[0].number
    start: PartialDate | None = entry.heading
    end: PartialDate | None = None
    if entry.date is None:
        said = _("no date below the title; the event is imported without a date")
        if start:
            said = _(
                "no date below the title; {month} was used instead",
                month=name_month_in_sentence(start, current_language()),
            )
        yield Diagnostic(line, said, "start", "warning")
    elif entry.date.is_undated_page_line:
        start = None
    elif isinstance(entry.date.parsed_date, Period):
        start, end = entry.date.parsed_date.start, entry.date.parsed_date.end
        if entry.heading is not None and not _is_in_month_heading_of_page(entry.date.parsed_date, entry.heading):
            heading = describe_month_of_date(entry.heading, current_language(), "")
            said = _(
                "{dates} is below the heading {month}; the date was used",
                dates=format_period(start, end),
                month=heading,
            )
            yield Diagnostic(entry.date.number, said, "start", "warning")
    else:
        yield Diagnostic(entry.date.number, str(entry.date.parsed_date), "start", text=entry.text)
        return
    facts, body = split_fact_lines(entry.body, start, today) if entry.date is not None else ({}, entry.body)
    try:
        yield Event(
            join_title_lines(entry.title),
            description=format_lines_as_markdown(body),
            source_line=line,
            **{"start": start, "end": end, **facts},
        )
    except InvalidEventError as error:
        yield Diagnostic(line, error.reason, error.field, text=entry.text)


def _is_in_month_heading_of_page(span: Period, month: Month) -> bool:
    first = to_date_range(span.start).first
    return (first.year, first.month) == (month.year, month.month)


def _report_repeated_page_titles(entries: Sequence[ListingEntry]) -> Iterator[Diagnostic]:
    """Yield a warning for each repeated title with the same date; both events are kept."""
    seen: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (
            strip_accents(join_title_lines(entry.title)),
            str(entry.date.parsed_date if entry.date else entry.heading),
        )
        line = entry.title[0].number
        if key in seen:
            said = _("same title and date as on line {line}; both events are kept", line=seen[key])
            yield Diagnostic(line, said, "title", "warning")
        seen.setdefault(key, line)
