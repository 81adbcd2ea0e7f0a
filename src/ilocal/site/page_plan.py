"""Which files a site has, which events are on each, and a digest that changes when the file would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from ilocal.model.dates import to_date_range
from ilocal.site.event_catalogue import DIGEST_BYTES, NAME_KINDS, EventCatalogue, ListEntry, SiteName
from ilocal.site.search_segments import YEARS_FILE, get_site_search_path, plan_site_search_scripts
from ilocal.site.settings import SiteSettings

MAX_LIST_EVENTS = 500  # on one page; more are cut by year, and a year by month
MAX_FEED_ENTRIES = 50  # of new and changed events
NO_EVENTS: Sequence[int] = ()


@dataclass(slots=True)
class PlannedFile:
    """A file of the site that is made from events."""

    path: str  # from the root of the site
    kind: str  # the writer that makes it, as in `file_writers`
    lang: str
    key: tuple[Any, ...]  # which of its kind
    members: Sequence[int]  # the events on it, by their place in the catalogue
    digest: str = ""  # of all that it is made from


@dataclass(frozen=True, slots=True)
class SiteLayout:
    """Layout of a site: common data of its pages, and how lists are split."""

    catalogue: EventCatalogue
    settings: SiteSettings
    feed_from: date | None  # None if no event has an exact day

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of pages, the first at the root."""
        return self.catalogue.languages

    def get_folder(self, lang: str) -> str:
        """Return the folder of a language, from the root of the site: empty for the first, else `en/`."""
        return "" if lang == self.languages[0] else f"{lang}/"

    def list_home_entries(self) -> list[ListEntry]:
        """Return the entries that the home page lists by month, newest first, as far as one page holds them.

        These are the two newest years, and those since the last change of the registry: what is running or near then
        is on the page however far ahead other events are planned.
        """
        stamps = (one.stamp for one in self.catalogue.events if one.stamp is not None)
        since = max((date(stamp.year, stamp.month, 1) for stamp in stamps), default=date.max)
        years = [year for at, year in enumerate(self.catalogue.years) if at < 2 or year >= since.year]
        months: dict[date, list[ListEntry]] = {}
        for entry in (entry for year in years for entry in self.catalogue.years[year]):
            months.setdefault(to_date_range(entry.start).first.replace(day=1), []).append(entry)
        nearest = sorted(month for month in months if month >= since)
        earlier = sorted((month for month in months if month < since), reverse=True)
        shown: set[date] = set()
        count = 0
        for month in (*nearest, *earlier):
            count += len(months[month])
            if shown and count > MAX_LIST_EVENTS:
                break
            shown.add(month)
        return [entry for month, entries in months.items() if month in shown for entry in entries]

    def list_earlier_events(self) -> list[int]:
        """Return events that began before the entries of the home page and continue into them, by end."""
        entries = self.list_home_entries()
        if not entries:
            return []
        first = min(to_date_range(entry.start).first for entry in entries)
        begin = date(first.year, first.month, 1)
        shown = {entry.index for entry in entries}
        found = [
            index
            for index, one in enumerate(self.catalogue.events)
            if one.first and one.last and not one.is_recurring and one.first < begin <= one.last and index not in shown
        ]
        return sorted(found, key=lambda index: (self.catalogue.events[index].last, index))[:MAX_LIST_EVENTS]

    def has_month_pages(self, year: int) -> bool:
        """Return whether the events of a year are on pages of its months."""
        return len(self.catalogue.years[year]) > MAX_LIST_EVENTS

    def list_months(self, year: int) -> dict[int, list[ListEntry]]:
        """Return the entries of a year by the month in which they begin, newest first."""
        months: dict[int, list[ListEntry]] = {}
        for entry in self.catalogue.years[year]:
            months.setdefault(to_date_range(entry.start).first.month, []).append(entry)
        return months

    def list_feed_events(self, members: Iterable[int]) -> list[int]:
        """Return those of the events that are in the calendars with a window, oldest first."""
        return [index for index in members if self._is_in_feed(index)][::-1]

    def _is_in_feed(self, index: int) -> bool:
        one = self.catalogue.events[index]
        return one.is_exact and one.last is not None and self.feed_from is not None and one.last >= self.feed_from

    def list_news(self) -> list[int]:
        """Return the events that were added or changed last, the newest first."""
        stamped = [index for index, one in enumerate(self.catalogue.events) if one.stamp is not None]
        stamped.sort(
            key=lambda index: (_compute_page_stamp_key(self.catalogue.events[index].stamp), -index), reverse=True
        )
        return stamped[:MAX_FEED_ENTRIES]

    def group_members_by_year(self, members: Sequence[int]) -> dict[int | None, list[int]]:
        """Return events by the year in which they begin, newest first; None for undated ones."""
        years: dict[int | None, list[int]] = {}
        for index in members:
            one = self.catalogue.events[index]
            years.setdefault(one.year if one.start is not None else None, []).append(index)
        return years


def _compute_page_stamp_key(stamp: date | None) -> str:
    return stamp.isoformat() if stamp else ""


def choose_feed_start(catalogue: EventCatalogue, settings: SiteSettings) -> date | None:
    """Return the first day of the calendars with a window: 1 January of the year before that of the newest event."""
    exact = [one.start for one in catalogue.events if one.is_exact and one.start is not None]
    if not exact:
        return None
    newest = max(to_date_range(start).first.year for start in exact)
    return settings.feed_from or date(max(newest - 1, 1), 1, 1)


def plan_files(layout: SiteLayout, site_digest: bytes) -> list[PlannedFile]:
    """Return the files of a site, in the order in which they are made."""
    found: list[PlannedFile] = []
    for lang in layout.languages:
        found += [*_plan_event_files(layout, lang), *_plan_list_files(layout, lang), *_plan_name_files(layout, lang)]
    found += [*_plan_search_files(layout), *_plan_machine_files(layout)]
    for file in found:
        file.digest = _compute_file_digest(file, layout.catalogue, site_digest)
    return found


def _compute_file_digest(file: PlannedFile, catalogue: EventCatalogue, site_digest: bytes) -> str:
    told = repr((file.path, file.kind, file.lang, file.key)).encode("utf-8", "backslashreplace")
    parts = [site_digest, told, *[catalogue.events[index].digest for index in file.members]]
    return blake2b(b"".join(parts), digest_size=DIGEST_BYTES).hexdigest()


def _plan_event_files(layout: SiteLayout, lang: str) -> Iterator[PlannedFile]:
    """Plan the pages of events, and their calendars, each with the year page that it leads back to."""
    folder = layout.get_folder(lang)
    for index, one in enumerate(layout.catalogue.events):
        if lang in one.languages:
            year_page = get_year_page(layout, one.start) if one.start is not None else "tba.html"
            yield PlannedFile(f"{folder}event/{one.stem}.html", "event", lang, (year_page,), (index,))
            if one.is_exact and layout.settings.has_event_calendars:
                yield PlannedFile(f"{folder}event/{one.stem}.ics", "event_calendar", lang, (), (index,))


def get_year_page(layout: SiteLayout, start: object) -> str:
    """Return the page of the year, or month, that lists what begins at `start`."""
    first = to_date_range(start).first  # type: ignore[arg-type]
    if first.year in layout.catalogue.years and layout.has_month_pages(first.year):
        return f"{first.year:04}-{first.month:02}.html"
    return f"{first.year:04}.html"


def _plan_list_files(layout: SiteLayout, lang: str) -> Iterator[PlannedFile]:
    folder, catalogue = layout.get_folder(lang), layout.catalogue
    years = list(catalogue.years)
    counts = tuple((year, len(entries)) for year, entries in catalogue.years.items())
    for at, year in enumerate(years):
        neighbours = (*years[at + 1 : at + 2], *years[max(at - 1, 0) : at])
        exact = [i for i in dict.fromkeys(e.index for e in catalogue.years[year]) if catalogue.events[i].is_exact]
        if layout.has_month_pages(year):
            months = layout.list_months(year)
            sizes = tuple((month, len(entries)) for month, entries in months.items())
            yield PlannedFile(f"{folder}{year:04}.html", "year", lang, (year, neighbours, sizes), NO_EVENTS)
            for month, entries in months.items():
                members = _list_members_of_page(entries)
                yield PlannedFile(f"{folder}{year:04}-{month:02}.html", "month", lang, (year, month), members)
        else:
            members = _list_members_of_page(catalogue.years[year])
            yield PlannedFile(f"{folder}{year:04}.html", "year", lang, (year, neighbours), members)
        yield PlannedFile(f"{folder}all-{year:04}.ics", "year_calendar", lang, (year,), exact)
    yield PlannedFile(f"{folder}tba.html", "undated", lang, (), catalogue.undated)
    feed = layout.list_feed_events(range(len(catalogue.events)))
    yield PlannedFile(f"{folder}events.ics", "calendar", lang, (layout.feed_from,), feed)
    yield PlannedFile(f"{folder}feed.xml", "atom", lang, (), layout.list_news())
    yield PlannedFile(f"{folder}feed.json", "json_feed", lang, (), layout.list_news())
    out = catalogue.count_events_out_of_calendars()
    about = (counts, bool(layout.list_news()), layout.feed_from, out)
    yield PlannedFile(f"{folder}about.html", "about", lang, about, NO_EVENTS)
    yield PlannedFile(f"{folder}search.html", "search", lang, (), NO_EVENTS)
    yield PlannedFile(f"{folder}archive.html", "archive", lang, (counts,), NO_EVENTS)
    members = [*_list_members_of_page(layout.list_home_entries()), *layout.list_earlier_events()]
    yield PlannedFile(f"{folder}index.html", "home", lang, (counts, layout.feed_from, out), members)


def _list_members_of_page(entries: Iterable[ListEntry]) -> list[int]:
    return list(dict.fromkeys(entry.index for entry in entries))


def list_name_kinds_of_pages(layout: SiteLayout) -> list[str]:
    """Return the kinds of names that occur in events."""
    return [kind for kind in NAME_KINDS if layout.catalogue.names[kind]]


def _plan_name_files(layout: SiteLayout, lang: str) -> Iterator[PlannedFile]:
    """Plan the pages and calendars of topics, projects, organizers and places, and the list of each kind."""
    folder = layout.get_folder(lang)
    for kind in list_name_kinds_of_pages(layout):
        names = sorted(layout.catalogue.names[kind].values(), key=lambda name: (name.key, name.stem))
        for name in names:
            yield from _plan_files_of_name(layout, lang, kind, name)
        key = tuple((name.stem, name.label, len(name.members)) for name in names)
        yield PlannedFile(f"{folder}{kind}/index.html", "names", lang, (kind, key), NO_EVENTS)


def _plan_files_of_name(layout: SiteLayout, lang: str, kind: str, name: SiteName) -> Iterator[PlannedFile]:
    folder = layout.get_folder(lang)
    spellings = tuple(sorted(name.spellings))
    years = layout.group_members_by_year(name.members)
    key: tuple[object, ...] = (kind, name.key, name.label, spellings)
    feed = layout.list_feed_events(name.members)
    yield PlannedFile(f"{folder}{kind}/{name.stem}.ics", "name_calendar", lang, (*key, layout.feed_from), feed)
    if len(name.members) <= MAX_LIST_EVENTS:
        out = sum(not layout.catalogue.events[index].is_exact for index in name.members)
        whole = (*key, None, layout.feed_from, out)
        yield PlannedFile(f"{folder}{kind}/{name.stem}.html", "name", lang, whole, name.members)
        return
    counts = tuple((year, len(members)) for year, members in years.items())
    for at, (year, members) in enumerate(years.items()):
        path = f"{kind}/{name.stem}/{make_year_page_name(year)}.html"
        page = (*key, year, counts)
        yield PlannedFile(f"{folder}{path}", "name", lang, page, members)
        if at == 0:
            yield PlannedFile(f"{folder}{kind}/{name.stem}.html", "name", lang, (*page, layout.feed_from), members)


def make_year_page_name(year: int | None) -> str:
    """Return the file name of a year of a name; None stands for undated events."""
    return "tba" if year is None else f"{year:04}"


def _plan_search_files(layout: SiteLayout) -> Iterator[PlannedFile]:
    """Plan the index of the search, which all languages share."""
    root, events = layout.languages[0], layout.catalogue.events
    segments = plan_site_search_scripts([one.start for one in events])
    for segment in segments:
        yield PlannedFile(get_site_search_path(segment.name), "search_segment", root, (segment.name,), segment.members)
    sizes = tuple((segment.name, len(segment.members)) for segment in segments)
    aliases = tuple((short, tuple(longs)) for short, longs in layout.catalogue.info.aliases.items())
    yield PlannedFile(YEARS_FILE, "search_years", root, (sizes, aliases), range(len(events)))


def _plan_machine_files(layout: SiteLayout) -> Iterator[PlannedFile]:
    """Yield the files that exist once for all languages."""
    root = layout.languages[0]
    yield PlannedFile("404.html", "not_found", root, (), NO_EVENTS)
    yield PlannedFile("robots.txt", "robots", root, (), NO_EVENTS)
    yield PlannedFile(".nojekyll", "empty", root, (), NO_EVENTS)
    yield PlannedFile("_headers", "headers", root, (), NO_EVENTS)
