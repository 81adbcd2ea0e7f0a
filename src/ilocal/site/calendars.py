"""Calendars of a site: the part of each event is made once, and calendars are assembled from parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from ilocal.formats.ics import timezones, to_vevent
from ilocal.formats.ics.content_lines import fold_content_line, format_component
from ilocal.model.dates import to_date_range
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.translations import localize_event


class CalendarPart(NamedTuple):
    """The part of a calendar for one event, and the time zones that it requires."""

    text: str
    tzids: tuple[str, ...]
    year: int


def make_part_of_site_calendar(event: Event, info: RegistryInfo, lang: str) -> CalendarPart:
    """Return the VEVENTs of an event with an exact day. Public calendars have no extension properties."""
    assert event.start is not None
    prefix_lang = lang if lang in to_vevent.CANCELLED_PREFIXES else "en"
    vevents = to_vevent.event_to_vevents(event, info, prefix_lang)
    text = "".join(format_component("VEVENT", properties) for properties in vevents)
    tzids = tuple(dict.fromkeys(to_vevent.collect_vevent_tzids(vevents)))
    return CalendarPart(text, tzids, to_date_range(event.start).first.year)


def format_site_calendar(parts: Iterable[CalendarPart], info: RegistryInfo, title: str) -> str:
    """Return a calendar with a title, these parts, and the time zones that they use."""
    parts = list(parts)
    years: dict[str, list[int]] = {}
    for part in parts:
        for tzid in part.tzids:
            years.setdefault(tzid, []).append(part.year)
    head = to_vevent.build_vcalendar_properties(replace(info, title=title))
    return "".join((
        "BEGIN:VCALENDAR\r\n",
        *map(fold_content_line, head),
        *(timezones.build_vtimezone(tzid, min(years[tzid]), max(years[tzid])) for tzid in sorted(years)),
        *(part.text for part in parts),
        "END:VCALENDAR\r\n",
    ))  # fmt: skip


def localize_for_feed(event: Event, lang: str, info_language: str) -> Event:
    """Return an event as in the calendars of a language: with title and description translated, if they are."""
    told = localize_event(event, lang, info_language)
    return replace(told, translations=()) if told.translations else told


class CalendarParts:
    """Cache of the parts of events in one language."""

    def __init__(self, info: RegistryInfo, lang: str) -> None:
        """Initialize for events in `lang`."""
        self._info, self._lang = info, lang
        self._parts: dict[str, CalendarPart] = {}

    def get(self, event: Event) -> CalendarPart:
        """Return the part of an event that has a day."""
        part = self._parts.get(event.id)
        if part is None:
            part = self._parts[event.id] = make_part_of_site_calendar(
                localize_for_feed(event, self._lang, self._info.language), self._info, self._lang
            )
        return part
