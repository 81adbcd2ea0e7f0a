"""Web pages saved as text: a listing of many events, or the page of a single one. Listings are also written.

A listing has numbered titles, each with a date below, facts with a label directly below that (`Status: cancelled`),
and optional paragraphs; headings may name months. An event page has a title, optionally a date with facts and a
summary, and sections with headings. Other lines are reported with their numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from unicodedata import normalize

from ilocal.errors import Diagnostic, InputError, UsageError
from ilocal.formats.base import ReadOptions, WriteOptions
from ilocal.formats.page import event_reader, listing_reader, writer
from ilocal.formats.page.line_kinds import parse_page_lines
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import _, n_, supported_languages
from ilocal.model.event import Event
from ilocal.model.text_folding import fold_text

suffixes = (".txt", ".text", ".md", ".markdown")
_NUMBERED_LINE = re.compile(r"^ *[0-9]+\. +\S", re.MULTILINE)
# The same as a list on the screen has it: a date, perhaps behind "until", and after a gap a title.
_ILOCAL_LIST_LINE = re.compile(
    r"^ +[0-9]+\. (?:\w+ )?(?:[0-9]{4}[/-][0-9]{2}(?:[/-][0-9]{2})?|[0-9]{2}/[0-9]{2}/[0-9]{4})\b[^\n]*? {2,}\S",
    re.MULTILINE,
)
_ILOCAL_MARKDOWN = re.compile(r"^[0-9]+\. \*\*.*\*\*\\$", re.MULTILINE)  # a title as the format md has it


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    """Yield the events as a listing; omitted fields, and events that would be read differently, are noted."""
    missing: set[tuple[str, str | int]] = set()  # fields and ids: a recurring event counts once
    otherwise: set[str | int] = set()
    yield writer.format_page_title_line(options)
    for n, (event, text) in enumerate(writer.format_listing(events, options)):
        yield text
        key = event.id or n
        missing.update((field, key) for field in writer.find_fields_without_page_format(event))
        if not _is_read_back(event, text):
            otherwise.add(key)
    if missing:
        options.notes.append(writer.format_page_omission_note(Counter(sorted(field for field, _ in missing))))
    if otherwise:
        many = len(otherwise)
        options.notes.append(
            n_("{n} event would change if imported again", "{n} events would change if imported again", many)
        )


def _is_read_back(event: Event, text: str) -> bool:
    """Return whether a listing of this event alone reads back as it is shown, ignoring white space."""
    lines = parse_page_lines(text, date.min)
    starts = listing_reader.find_event_starts_on_page(lines)
    found = listing_reader.parse_listing_page_format(lines, starts, date.min) if starts else ()
    whole = event if event.series is None else event.series.event
    return [_get_content_shown_in_page_format(item) for item in found if isinstance(item, Event)] == [
        _get_content_shown_in_page_format(whole)
    ]


def _get_content_shown_in_page_format(event: Event) -> tuple[object, ...]:
    paragraphs = [line.split() for line in normalize("NFC", event.description).split("\n")]
    title = normalize("NFC", event.title).split()
    status = "" if event.status == "confirmed" else event.status
    facts = status, event.rrule, event.rdates, event.exdates, event.location, event.kind, event.topics, event.url
    return title, event.start, event.end or event.start, facts, [words for words in paragraphs if words]


def load(text: str, options: ReadOptions) -> Iterator[Event | Diagnostic]:
    if re.match(r"\s*<[!?a-z]", text, re.IGNORECASE):
        hint = _("save the page as text, or copy its text into a file")
        raise InputError(1, _("this is HTML"), hint=hint)
    if "\0" in text:
        raise InputError(text.count("\n", 0, text.index("\0")) + 1, _("this is not text"))
    if written := _ILOCAL_MARKDOWN.search(text):
        line = text.count("\n", 0, written.start()) + 1
        hint = _("to import a list, write it in another format: ilocal export events.toml, .csv or .xlsx")
        raise InputError(line, _("this is Markdown written by ilocal, which cannot be imported"), hint=hint)
    listed = [*_ILOCAL_LIST_LINE.finditer(text)]
    if listed and len(listed) * 2 >= len(_NUMBERED_LINE.findall(text)):
        line = text.count("\n", 0, listed[0].start()) + 1
        hint = _("to import a list, write it in another format: ilocal export events.toml, .csv or .xlsx")
        raise InputError(line, _("this is a list printed by ilocal, which cannot be imported"), hint=hint)
    lines = parse_page_lines(text, options.today)
    starts = listing_reader.find_event_starts_on_page(lines)
    if starts:
        titles = [options.registry_info.title, *(translate_label("events", lang) for lang in supported_languages())]
        found = list(
            listing_reader.parse_listing_page_format(lines, starts, options.today, set(map(fold_text, titles)))
        )
    else:
        found = list(event_reader.read_event_page(lines, options.today))
    if not any(isinstance(item, Event) or item.severity == "error" for item in found):
        hint = _("expected a numbered title with a date below it, or a title with a date or headed sections")
        raise UsageError(_("no event found"), hint=hint)
    yield from found
