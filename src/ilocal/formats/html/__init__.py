"""Saved web pages: events marked up as JSON-LD, microdata or h-event, or else those in the text of the page.

Of several kinds of markup, the one with the most events is used; the others fill in missing values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ilocal.errors import Diagnostic, UsageError
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.i18n.messages import _
from ilocal.model.event import Event

suffixes = (".html", ".htm", ".xhtml")
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
                    re.IGNORECASE | re.DOTALL)  # fmt: skip
_FILLED_FIELDS = (
    "end", "location", "organizers", "projects", "topics", "kind", "url", "description", "participants",
)  # fmt: skip


def detect_bytes(data: bytes) -> bool:
    """Return whether data begins like a web page, in UTF-16 or any encoding compatible with ASCII."""
    start = data[:2_000]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[2:].replace(b"\0", b"")
    return _START.match(start) is not None


def load_bytes(data: bytes, options: ReadOptions) -> Iterator[Event | ImportedEvent | Diagnostic]:
    """Yield the events of a page, with a note on the markup that was used."""
    from ilocal.formats import page
    from ilocal.formats.html.document import decode_html, parse_html
    from ilocal.formats.html.json_ld import find_json_ld_items
    from ilocal.formats.html.markup import find_h_events, find_microdata_items
    from ilocal.formats.html.page_text import format_page_text
    from ilocal.formats.html.schema_event import make_event_from_html_item

    document = parse_html(decode_html(data, options.encoding))
    problems: list[Diagnostic] = []
    ways = {
        "JSON-LD": find_json_ld_items(document, problems),
        "microdata": find_microdata_items(document),
        "h-event": find_h_events(document),
    }
    yield from problems
    found: dict[str, list[Event]] = {}
    failed: list[Diagnostic] = []
    for name, items in ways.items():
        read = [make_event_from_html_item(item, options) for item in items]
        found[name] = _drop_repeated_html_events([event for event in read if isinstance(event, Event)])
        failed += [item for item in read if isinstance(item, Diagnostic)]
    best = max(found, key=lambda name: len(found[name]))
    if found[best]:
        others = [event for name, events in found.items() if name != best for event in events]
        yield Diagnostic(0, _("read events from the {way} of the page", way=best), severity="note")
        yield from failed
        yield from (_fill_event_from_html(event, others) for event in found[best])
        return
    yield from failed
    try:
        yield from page.load(format_page_text(document), options)
    except UsageError:
        said = _("no event found: the page has no JSON-LD, microdata or h-event, and its text is not a list of events")
        raise UsageError(
            said, hint=_("copy the list into a text file, with a date below each numbered title")
        ) from None


def _drop_repeated_html_events(events: list[Event]) -> list[Event]:
    """Return the events without repetitions."""
    seen: dict[object, Event] = {}
    for event in events:
        seen.setdefault((event.title, event.start, event.location), event)
    return list(seen.values())


def _fill_event_from_html(event: Event, others: list[Event]) -> Event:
    """Return an event with missing values, and a longer description, from other markup of the same event."""
    for other in others:
        if other.title != event.title or other.start != event.start:
            continue
        values = {name: getattr(other, name) for name in _FILLED_FIELDS if not getattr(event, name)}
        if len(other.description) > len(event.description):
            values["description"] = other.description
        event = replace(event, **values)
    return event
