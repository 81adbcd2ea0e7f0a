"""Web pages saved as text: a listing of many events, or the page of a single one. Only read, never written.

A listing has numbered titles, each with a date below it and perhaps paragraphs; headings may name the months.
An event page has a title, perhaps a date and a summary, and headed sections. What is neither is reported with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ilocal.errors import Problem, UsageError
from ilocal.event import Event
from ilocal.formats import Reading
from ilocal.formats.page import event_page, listing
from ilocal.formats.page.lines import lines_of

suffixes = (".txt", ".text")


def load(text: str, how: Reading) -> Iterator[Event | Problem]:
    if re.match(r"\s*<[!?a-z]", text, re.IGNORECASE):
        raise UsageError("line 1: this is HTML", hint="save the page as text, or copy its text into a file")
    if "\0" in text:
        raise UsageError(f"line {text[: text.index(chr(0))].count(chr(10)) + 1}: this is no text")
    lines = lines_of(text, how.today)
    starts = listing.starts(lines)
    found = list(listing.read(lines, starts) if starts else event_page.read(lines))
    if not any(isinstance(item, Event) or item.level == "error" for item in found):
        hint = "a numbered title with a date below it is wanted, or a title with a date or headed sections"
        raise UsageError("no event found", hint=hint)
    yield from found
