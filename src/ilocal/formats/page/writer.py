"""Events laid out as a listing page: month headings, numbered titles, dates and descriptions below them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ilocal.formats.base import Writing
from ilocal.i18n.labels import word
from ilocal.i18n.messages import _, n_
from ilocal.model.date_names import MONTHS
from ilocal.model.describe import Listing, cell, grouped
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS
from ilocal.model.safe_text import safe, shown

# What a listing shows, and what ilocal keeps for itself.
SHOWN = ("title", "start", "end", "description")
_KEPT = ("id", "uid", "source", "created", "updated", "revision", "recurrence_id")
_LEFT_OUT = tuple(name for name in FIELDS if name not in (*SHOWN, *_KEPT))


def laid_out(events: Iterable[Event], how: Writing) -> Iterator[tuple[Event, str]]:
    """The lines of each event, the heading above it with the first of its month."""
    lang = how.lang if how.lang in MONTHS else "en"  # what can be read back
    for heading, group in grouped(events, Listing(lang)):
        above = f"\n{heading}\n"
        for number, event in group:
            yield event, above + entry(event, number, lang)
            above = ""


def entry(event: Event, number: int, lang: str) -> str:
    """One event: title, dates, paragraphs, each with a blank line above it."""
    lines = [f" {number}. {shown(event.title)}", "", f"  {safe(cell(event, 'when', lang))}"]
    if event.description.strip():
        lines += ["", *body(event.description)]
    return "\n" + "\n".join(lines) + "\n"


def body(text: str) -> Iterator[str]:
    """The lines of a description, bullets as the pages print them; what belongs to a bullet stands below its text."""
    in_bullet = False
    for line in re.split("\r?\n", safe(text).strip()):
        bullet = re.match(r"\s*- +(?P<item>\S.*)", line)
        in_bullet = bool(bullet) or (in_bullet and bool(line.strip()))
        if bullet:
            yield f"    • {bullet['item'].rstrip()}"
        elif line.strip():
            yield ("      " if in_bullet else "  ") + line.strip()
        else:
            yield ""


def left_out(event: Event) -> list[str]:
    """The fields that the event has and a listing does not show."""
    names = [name for name in _LEFT_OUT if getattr(event, name)]
    return names + (["extra"] if event.extra else [])


def note_of(missing: Counter[str]) -> str:
    """What the page leaves out, most frequent first: `not on the page: topics (21 events), location (12 events)`."""
    said = (n_("{name} ({n} event)", "{name} ({n} events)", n, name=name) for name, n in missing.most_common())
    return _("not on the page: {fields}", fields=", ".join(said))


def title_line(how: Writing) -> str:
    """The first line of the page: what the registry is called."""
    return shown(how.header.title or word("events", how.lang)) + "\n"
