"""iCalendar (RFC 5545 and 7986): calendars that other programs show, and any of theirs read.

What the standard cannot say is in properties of our own (see `own`), so that a file comes back whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.errors import Problem
from ilocal.formats.base import Entry, Reading, Writing
from ilocal.i18n.messages import _
from ilocal.model.dates import Month, Year, days
from ilocal.model.event import Event

suffixes = (".ics", ".ical")
series = True


def dump(events: Iterable[Event], how: Writing) -> Iterator[str]:
    from ilocal.formats.ics import extension_properties, timezones, to_vevent
    from ilocal.formats.ics.content_lines import folded, text_of

    lang = how.lang if how.lang in to_vevent.CANCELLED else "en"
    chosen = list(_dated(events, how))  # twice: a calendar names its time zones before its events
    years: dict[str, list[int]] = {}
    for event in chosen:
        for tzid in to_vevent.tzids(to_vevent.vevents(event, how.header, lang)):
            found = days(event.start).first.year if event.start else 1970
            years.setdefault(tzid, []).append(found)
    yield "BEGIN:VCALENDAR\r\n" + "".join(map(folded, to_vevent.calendar(how.header)))
    for tzid in sorted(years):
        yield timezones.component(tzid, min(years[tzid]), max(years[tzid]))
    for event in chosen:
        vevents = extension_properties.with_own(event, to_vevent.vevents(event, how.header, lang), how.header)
        yield "".join(text_of("VEVENT", properties) for properties in vevents)
    yield "END:VCALENDAR\r\n"


def _dated(events: Iterable[Event], how: Writing) -> Iterator[Event]:
    """The events that a calendar can show; what is left out is counted in the notes."""
    undated = vague = 0
    for event in events:
        undated += event.start is None
        vague += isinstance(event.start, (Month, Year))
        if event.start is not None and (how.undated_as_span or not isinstance(event.start, (Month, Year))):
            yield event
    how.left_out += undated + (0 if how.undated_as_span else vague)
    said = []
    if vague and how.undated_as_span:
        said.append(_("{n} known only to a month or a year: written as tentative, over all of it", n=vague))
    elif vague:
        said.append(_("{n} known only to a month or a year: left out (--undated-as-span writes them)", n=vague))
    if undated:
        said.append(_("{n} without a date: left out", n=undated))
    if said:
        how.notes.append("; ".join(said))


def load(text: str, how: Reading) -> Iterator[Entry | Problem]:
    from ilocal.formats.ics.reader import entries

    yield from entries(text, how)


def recognises(text: str) -> bool:
    """A calendar that begins on the first line."""
    return text[:100].lstrip("\ufeff \t\r\n").upper().startswith("BEGIN:VCALENDAR")
