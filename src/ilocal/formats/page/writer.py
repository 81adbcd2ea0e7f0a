"""Events laid out as a listing page: month headings, numbered titles, dates and descriptions below them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ilocal.formats.base import WriteOptions
from ilocal.formats.page.fact_lines import FACT_FIELDS, format_fact_lines
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import _, current_language, n_
from ilocal.model.date_names import MONTH_NAMES
from ilocal.model.describe import ListOptions, describe_when, group_events_by_start_month
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS, name_event_field
from ilocal.model.safe_text import escape_single_line, make_text_safe

# Fields that a listing shows, and others that a reader may miss.
LISTED_FIELDS = ("title", "start", "end", "description", *FACT_FIELDS)
_UNLISTED_FIELDS = tuple(field.name for field in FIELDS if not field.is_internal and field.name not in LISTED_FIELDS)


def format_listing(events: Iterable[Event], options: WriteOptions) -> Iterator[tuple[Event, str]]:
    """Yield each event with its lines, with the heading above the first of its month."""
    lang = options.lang if options.lang in MONTH_NAMES else "en"  # a language that can be read back
    for heading, group in group_events_by_start_month(events, ListOptions(lang)):
        above = f"\n{heading}\n"
        for number, event in group:
            yield event, above + format_listing_entry(event, number, lang)
            above = ""


def format_listing_entry(event: Event, number: int, lang: str) -> str:
    """Return the lines of one event: title, dates with facts below, paragraphs, each after a blank line."""
    lines = [
        f" {number}. {escape_single_line(event.title)}",
        "",
        f"  {make_text_safe(describe_when(event, lang))}",
        *(f"  {line}" for line in format_fact_lines(event, lang)),
    ]
    if event.description.strip():
        lines += ["", *format_listing_description(event.description)]
    return "\n" + "\n".join(lines) + "\n"


def format_listing_description(text: str) -> Iterator[str]:
    """Yield the lines of a description, with bullets as on the pages and their continuation lines indented."""
    in_bullet = False
    for line in re.split("\r?\n", make_text_safe(text).strip()):
        bullet = re.match(r"\s*- +(?P<item>\S.*)", line)
        in_bullet = bool(bullet) or (in_bullet and bool(line.strip()))
        if bullet:
            yield f"    • {bullet['item'].rstrip()}"
        elif line.strip():
            yield ("      " if in_bullet else "  ") + line.strip()
        else:
            yield ""


def find_fields_without_page_format(event: Event) -> list[str]:
    """Return the fields of the event that a listing does not show."""
    names = [name for name in _UNLISTED_FIELDS if getattr(event, name)]
    return names + (["extra"] if event.extra else [])


def format_page_omission_note(missing: Counter[str]) -> str:
    """Return the note on omitted fields: `not on the page: topics (21 events), location (12 events)`."""
    names = {name: name_event_field(name, current_language()) for name in missing}
    said = (n_("{name} ({n} event)", "{name} ({n} events)", n, name=names[name]) for name, n in missing.most_common())
    return _("fields not included in the page: {fields}", fields=", ".join(said))


def format_page_title_line(options: WriteOptions) -> str:
    """Return the first line of the page: the title of the registry."""
    return escape_single_line(options.registry_info.title or translate_label("events", options.lang)) + "\n"
