"""iCalendar (RFC 5545 and 7986): calendars for other programs, and reading of theirs.

Values that the standard cannot express are in extension properties (see `extension_properties`), so that nothing is
lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.errors import Diagnostic
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.i18n.messages import n_
from ilocal.model.dates import Month, Year, to_date_range
from ilocal.model.event import Event

suffixes = (".ics", ".ical")
write_choices = ("undated_as_span",)
supports_recurrence = True


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    from ilocal.formats.ics import extension_properties, timezones, to_vevent
    from ilocal.formats.ics.content_lines import fold_content_line, format_component

    lang = options.lang if options.lang in to_vevent.CANCELLED_PREFIXES else "en"
    chosen = list(_select_events_for_ics(events, options))  # twice: a calendar names its time zones before its events
    years: dict[str, list[int]] = {}
    for event in chosen:
        for tzid in to_vevent.collect_vevent_tzids(to_vevent.event_to_vevents(event, options.registry_info, lang)):
            found = to_date_range(event.start).first.year if event.start else 1970
            years.setdefault(tzid, []).append(found)
    yield "BEGIN:VCALENDAR\r\n" + "".join(
        map(fold_content_line, to_vevent.build_vcalendar_properties(options.registry_info))
    )
    for tzid in sorted(years):
        yield timezones.build_vtimezone(tzid, min(years[tzid]), max(years[tzid]))
    for event in chosen:
        vevents = extension_properties.add_extension_properties(
            event, to_vevent.event_to_vevents(event, options.registry_info, lang), options.registry_info
        )
        yield "".join(format_component("VEVENT", properties) for properties in vevents)
    yield "END:VCALENDAR\r\n"


def _select_events_for_ics(events: Iterable[Event], options: WriteOptions) -> Iterator[Event]:
    """Yield the events that a calendar can show; omitted ones are counted in the notes."""
    undated = vague = 0
    for event in events:
        undated += event.start is None
        vague += isinstance(event.start, (Month, Year))
        if event.start is not None and (options.undated_as_span or not isinstance(event.start, (Month, Year))):
            yield event
    options.omitted_count += undated + (0 if options.undated_as_span else vague)
    said = []
    if vague and options.undated_as_span:
        said.append(
            n_(
                "{n} event without an exact day: written as tentative, for the whole month or year",
                "{n} events without an exact day: written as tentative, for the whole month or year",
                vague,
            )
        )
    elif vague:
        said.append(
            n_(
                "skipped {n} event without an exact day (to include it, add --undated-as-span)",
                "skipped {n} events without an exact day (to include them, add --undated-as-span)",
                vague,
            )
        )
    if undated:
        said.append(n_("skipped {n} event without a date", "skipped {n} events without a date", undated))
    if said:
        options.notes.append("; ".join(said))


def load(text: str, options: ReadOptions) -> Iterator[ImportedEvent | Diagnostic]:
    from ilocal.formats.ics.reader import read_calendar

    yield from read_calendar(text, options)


def detect_format(text: str) -> bool:
    """Return whether a text begins with a calendar."""
    return text[:100].lstrip("\ufeff \t\r\n").upper().startswith("BEGIN:VCALENDAR")
