"""Web pages saved as text: a listing of many events, or the page of a single one. Only read, never written.

A listing has numbered titles, each with a date below it and perhaps paragraphs; headings may name the months.
An event page has a title, perhaps a date and a summary, and headed sections. What is neither is reported with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from ilocal.dates import MONTHS, WEEKDAYS, Month, Point, Span, days, label, month_heading
from ilocal.errors import DateError, Problem, RecordError, UsageError
from ilocal.event import Event, Section
from ilocal.formats import Reading
from ilocal.grammar import read
from ilocal.text import unmarked

suffixes = (".txt", ".text")

_NUMBERED = re.compile(r"(?P<number>[0-9]{1,3})[.)]\s+(?P<title>\S.*)")
_BULLET = re.compile(r"[•·▪◦‣●*–-]\s+(?P<item>\S.*)")
_CLOCK = re.compile(r"[0-9]{1,2}\s*(?:[:h.][0-9]{2}|h|[ap]m)\b", re.IGNORECASE)
_DATE_LABEL = re.compile(r"(?:date|dates|when|ngày|thời gian)\s*:\s*", re.IGNORECASE)
_DATE_WORDS = {
    word
    for names in (*MONTHS.values(), *WEEKDAYS.values())
    for name in names
    for word in (*unmarked(name).split(), unmarked(name)[:3])
} | {"thang", "ngay", "nam", "to", "from", "den", "tu", "sept", "st", "nd", "rd", "th", "am", "pm", "h"}
_LONGEST_DATE, _LONGEST_HEADING, _LONGEST_TITLE = 80, 100, 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page that is not blank; `after_blank` says whether a blank one stands before it."""

    number: int
    indent: int
    text: str
    after_blank: bool


def load(text: str, how: Reading) -> Iterator[Event | Problem]:
    if re.match(r"\s*<(?:!doctype|html|head|body|\?xml)", text, re.IGNORECASE):
        raise UsageError("line 1: this is HTML", hint="save the page as text, or copy its text into a file")
    lines = _lines(text)
    dates = {line.number: span for line in lines if (span := _date(line.text, how.today)) is not None}
    starts = _starts(lines, dates)
    found = list(_listing(lines, starts, dates) if starts else _event_page(lines, dates))
    if not any(isinstance(item, Event) or item.level == "error" for item in found):
        raise UsageError(
            "no event found", hint="a numbered title with a date below it, or a title with headed sections"
        )
    yield from found


def _lines(text: str) -> list[Line]:
    found, after_blank = [], True
    for number, raw in enumerate(text.split("\n"), 1):
        expanded = raw.replace("\u00a0", " ").expandtabs()
        stripped = raw.replace("\u00a0", " ").strip()
        if stripped:
            found.append(Line(number, len(expanded) - len(expanded.lstrip()), stripped, after_blank))
        after_blank = not stripped
    return found


# --------------------------------------------------------------------------------------------------------------- dates


def _date(text: str, today: date) -> Span | str | None:
    """The span that a line says and nothing else; the reason, where it looks like a date that cannot be read."""
    text = _DATE_LABEL.sub("", text)
    if len(text) > _LONGEST_DATE or not re.search("[0-9]{4}", text) or not _only_date_words(text):
        return None
    try:
        return read(text, today)
    except DateError as error:
        return error.message


def _only_date_words(text: str) -> bool:
    found = re.findall(r"[^\W\d_]+", unmarked(text))
    return all(word in _DATE_WORDS for word in found) and not re.search(r"[^\w\s.,:/–—+-]", text)


def _is_month(span: Span | str | None, text: str) -> bool:
    """A month heading: a month in words, and no more."""
    return isinstance(span, Span) and isinstance(span.start, Month) and span.end is None and any(map(str.isalpha, text))


def _is_day(span: Span | str | None) -> bool:
    """What can stand below a title: days or times, or what was meant as such."""
    return isinstance(span, str) or (isinstance(span, Span) and isinstance(span.start, date))


Dates = dict[int, Span | str]

# ------------------------------------------------------------------------------------------------------------- listing


@dataclass(slots=True)
class Entry:
    """One event of a listing, line by line."""

    title: list[Line]
    heading: Month | None
    date: Line | None = None
    body: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in (*self.title, *([self.date] if self.date else []), *self.body))


def _starts(lines: Sequence[Line], dates: Dates) -> dict[int, int]:
    """Where events begin: the index of the first line of each title that has a date below it, and of that date.

    Titles are numbered; or, below month headings, any paragraph that has a date below it.
    """
    months = any(_is_month(dates.get(line.number), line.text) for line in lines)
    numbered: dict[int, int] = {}
    others: dict[int, int] = {}
    for n, line in enumerate(lines):
        if not _is_day(dates.get(line.number)) or n == 0:
            continue
        first = n - 1
        while first > 0 and not _opens(lines[first], dates) and not lines[first].after_blank:
            first -= 1
        if lines[first].number in dates or _is_bullet(lines[first]):
            continue
        if _number_of(lines[first]) is not None:
            numbered[first] = n
        elif not _NUMBERED.match(lines[first].text):
            others[first] = n
    return numbered or (others if months else {})


def _opens(line: Line, dates: Dates) -> bool:
    return _NUMBERED.match(line.text) is not None or line.number in dates


def _is_bullet(line: Line) -> bool:
    return _BULLET.match(line.text) is not None


def _number_of(line: Line) -> int | None:
    """The number of a numbered title; None for anything else, and for a line of an agenda (`1. 9:15-10:15`)."""
    found = _NUMBERED.match(line.text)
    return int(found["number"]) if found and not _CLOCK.match(found["title"]) else None


def _listing(lines: Sequence[Line], starts: dict[int, int], dates: Dates) -> Iterator[Event | Problem]:
    entries, outside = _entries(lines, starts, dates)
    items: list[tuple[int, Event | Problem]] = []
    for entry in entries:
        items += [(entry.title[0].number, item) for item in _event(entry, dates)]
    items += [
        (line.number, Problem(line.number, f"not part of an event: {line.text}", level="note")) for line in outside
    ]
    yield from (item for _, item in sorted(items, key=lambda pair: pair[0]))
    yield from _twice(entries, dates)


def _entries(lines: Sequence[Line], starts: dict[int, int], dates: Dates) -> tuple[list[Entry], list[Line]]:
    indents = [lines[n].indent for n in starts]
    margin = min(indents)
    entries: list[Entry] = []
    outside: list[Line] = []
    current: Entry | None = None
    heading: Month | None = None
    expected = 1  # the next number in this month; 0: the body has a numbered list of its own
    n = 0
    while n < len(lines):
        line = lines[n]
        if n in starts:
            current = Entry(list(lines[n : starts[n]]), heading, lines[starts[n]])
            entries.append(current)
            expected = (_number_of(line) or 0) + 1
            n = starts[n]
        elif _is_month(span := dates.get(line.number), line.text):
            assert isinstance(span, Span) and isinstance(span.start, Month)
            heading, current, expected = span.start, None, 1
        elif heading is not None and _number_of(line) == expected and line.indent in indents and line.after_blank:
            current = Entry([line], heading)
            entries.append(current)
            expected += 1
        elif current is None or line.indent < margin:
            outside.append(line)
            current = None
        else:
            expected = 0 if _NUMBERED.match(line.text) else expected
            current.body.append(line)
        n += 1
    return entries, outside


def _title(entry: Entry) -> str:
    found = _NUMBERED.match(entry.title[0].text)
    return " ".join([found["title"] if found else entry.title[0].text, *(line.text for line in entry.title[1:])])


def _event(entry: Entry, dates: Dates) -> Iterator[Event | Problem]:
    line = entry.title[0].number
    start: Point | None = entry.heading
    end: Point | None = None
    if entry.date is None:
        shown = month_heading(entry.heading, "en", "")
        yield Problem(line, f"no date below the title: taken as {shown}", "start", "warning")
    else:
        span = dates[entry.date.number]
        if isinstance(span, str):
            yield Problem(entry.date.number, span, "start", text=entry.text)
            return
        start, end = span.start, span.end
        if entry.heading is not None and not _in_month(span, entry.heading):
            shown = f"{label(start, end)} stands under {month_heading(entry.heading, 'en', '')}: kept as printed"
            yield Problem(entry.date.number, shown, "start", "warning")
    try:
        yield Event(_title(entry), start=start, end=end, description=_markdown(entry.body), source_line=line)
    except RecordError as error:
        yield Problem(line, error.reason, error.field, text=entry.text)


def _in_month(span: Span, month: Month) -> bool:
    first = days(span.start).first
    return (first.year, first.month) == (month.year, month.month)


def _twice(entries: Sequence[Entry], dates: Dates) -> Iterator[Problem]:
    """The same title with the same date again: kept, and said."""
    seen: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (unmarked(_title(entry)), str(dates.get(entry.date.number)) if entry.date else str(entry.heading))
        line = entry.title[0].number
        if key in seen:
            yield Problem(line, f"the same title and date as in line {seen[key]}: both are kept", "title", "warning")
        seen.setdefault(key, line)


def _markdown(lines: Sequence[Line]) -> str:
    """Paragraphs with a blank line between them, bullets as `- `."""
    text, in_bullet = "", False
    for line in lines:
        bullet = _BULLET.match(line.text)
        own = f"- {bullet['item']}" if bullet else line.text
        if line.after_blank or not text:
            in_bullet = False
        if in_bullet and not bullet:
            own = "  " + own
        text += ("" if not text else "\n\n" if line.after_blank else "\n") + own
        in_bullet = in_bullet or bullet is not None
    return text


# ---------------------------------------------------------------------------------------------------------- event page


def _event_page(lines: Sequence[Line], dates: Dates) -> Iterator[Event | Problem]:
    paragraphs = _paragraphs(lines)
    if len(paragraphs) < 2:
        return
    title = " ".join(line.text for line in paragraphs[0])
    if len(title) > _LONGEST_TITLE or paragraphs[0][0].number in dates:
        return
    body = paragraphs[1:]
    headings = {n for n, (one, next_one) in enumerate(pairwise(body)) if _is_heading(one, next_one)}
    dated = next((n for n, one in enumerate(body) if len(one) == 1 and one[0].number in dates), None)
    if dated is not None and any(n < dated for n in headings):
        dated = None  # the day of an agenda, say
    headings.discard(-1 if dated is None else dated)
    if dated is None and not headings:
        return
    yield from _page_event(title, body, headings, dated, dates, paragraphs[0][0].number)


def _page_event(
    title: str, body: list[list[Line]], headings: set[int], dated: int | None, dates: Dates, line: int
) -> Iterator[Event | Problem]:
    start: Point | None = None
    end: Point | None = None
    if dated is None:
        yield Problem(line, "no date on the page: the event is to be announced", "start", "warning")
    else:
        span = dates[body[dated][0].number]
        if isinstance(span, str):
            yield Problem(body[dated][0].number, span, "start", text=title)
            return
        start, end = span.start, span.end
    first = min(headings, default=len(body))
    opening = [paragraph for n, paragraph in enumerate(body[:first]) if n != dated]
    sections: list[tuple[str, list[Line]]] = []
    for n, paragraph in enumerate(body[first:], first):
        if n in headings:
            sections.append((paragraph[0].text, []))
        else:
            sections[-1][1].extend(paragraph)
    yield Event(
        title,
        start=start,
        end=end,
        summary=_markdown(opening[0]) if opening else "",
        description=_markdown([line for paragraph in opening[1:] for line in paragraph]),
        sections=tuple(Section(heading, _markdown(text)) for heading, text in sections),
        source_line=line,
    )


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    found: list[list[Line]] = []
    for line in lines:
        if line.after_blank or not found:
            found.append([])
        found[-1].append(line)
    return found


def _is_heading(paragraph: Sequence[Line], following: Sequence[Line]) -> bool:
    """One short line that ends no sentence, is no list item, and has text below it."""
    text = paragraph[0].text
    return (
        len(paragraph) == 1
        and len(text) <= _LONGEST_HEADING
        and not text.endswith((".", ",", ";", ":", "!", "…"))
        and not _BULLET.match(text)
        and not _NUMBERED.match(text)
        and not _CLOCK.match(text)
        and paragraph[0].indent <= following[0].indent
    )
