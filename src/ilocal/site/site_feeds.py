"""Content of a site's calendars and feeds, made from the events planned for each."""

from __future__ import annotations

from collections.abc import Mapping

from ilocal.formats import atom
from ilocal.formats.base import WriteOptions
from ilocal.model.date_names import format_year_of_date
from ilocal.model.dates import Year
from ilocal.model.event import Event
from ilocal.model.safe_text import escape_single_line
from ilocal.site import json_feed
from ilocal.site.calendars import CalendarParts, format_site_calendar, localize_for_feed
from ilocal.site.event_contexts import EventContexts
from ilocal.site.page_contexts import PageFrames
from ilocal.site.page_plan import PlannedFile, SiteLayout

Events = Mapping[int, Event]  # those that a file needs, by their place in the catalogue


class SiteFeeds:
    """Writer of planned calendars and feeds."""

    def __init__(
        self, layout: SiteLayout, frames: Mapping[str, PageFrames], contexts: Mapping[str, EventContexts]
    ) -> None:
        """Initialize for a site, with what its pages have as well by language."""
        self._catalogue, self._info = layout.catalogue, layout.catalogue.info
        self._languages, self._frames, self._contexts = layout.languages, frames, contexts
        self._parts: dict[str, CalendarParts] = {}

    def forget_events(self) -> None:
        """Release the cached parts of calendars and their memory."""
        self._parts = {lang: CalendarParts(self._info, lang) for lang in self._languages}

    def make_event_calendar(self, file: PlannedFile, events: Events) -> str:
        (index,) = file.members
        title = escape_single_line(localize_for_feed(events[index], file.lang, self._info.language).title)
        return self._format_calendar(file, events, title)

    def _format_calendar(self, file: PlannedFile, events: Events, title: str) -> str:
        parts = self._parts[file.lang]
        return format_site_calendar((parts.get(events[index]) for index in file.members), self._info, title)

    def make_calendar(self, file: PlannedFile, events: Events) -> str:
        return self._format_calendar(file, events, self._frames[file.lang].title)

    def make_year_calendar(self, file: PlannedFile, events: Events) -> str:
        year = format_year_of_date(Year(int(file.key[0])), file.lang)
        return self._format_calendar(file, events, f"{self._frames[file.lang].title} – {year}")

    def make_name_calendar(self, file: PlannedFile, events: Events) -> str:
        kind, key = file.key[:2]
        label = escape_single_line(self._catalogue.names[kind][key].label)
        return self._format_calendar(file, events, f"{self._frames[file.lang].title} – {label}")

    def make_atom(self, file: PlannedFile, events: Events) -> str:
        options = WriteOptions(registry_info=self._info, lang=file.lang, language=self._info.language)
        frame = self._frames[file.lang]
        pages = {self._catalogue.events[i].id: frame.make_url(self._get_event_path(file.lang, i)) for i in file.members}
        chosen = [events[index] for index in file.members]
        return "".join(
            atom.format_feed(chosen, options, pages, frame.make_url(file.path), frame.make_url("index.html"))
        )

    def _get_event_path(self, lang: str, index: int) -> str:
        return self._contexts[lang].get_event_path(self._catalogue.events[index])

    def make_json_feed(self, file: PlannedFile, events: Events) -> str:
        frame, contexts = self._frames[file.lang], self._contexts[file.lang]
        items = [
            json_feed.make_item(
                localize_for_feed(events[index], file.lang, self._info.language),
                self._info,
                frame.make_url(contexts.get_event_path(self._catalogue.events[index])),
                file.lang,
            )
            for index in file.members
        ]
        return json_feed.format_feed(
            frame.title, items, lang=file.lang, home=frame.make_url("index.html"), feed=frame.make_url(file.path)
        )
