"""Content of a site's files, made from the events planned for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import format_number, use_language
from ilocal.model.date_names import describe_month_of_date, format_year_of_date
from ilocal.model.dates import Month, PartialDate, Year, to_date_range
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS_BY_NAME, FILTERABLE_FIELDS, STATUSES
from ilocal.model.safe_text import escape_single_line
from ilocal.site import json_ld
from ilocal.site.event_catalogue import ListEntry, SiteName
from ilocal.site.event_contexts import EventContexts
from ilocal.site.markdown import Html, render_markdown
from ilocal.site.page_contexts import PageFrames
from ilocal.site.page_plan import PlannedFile, SiteLayout, make_year_page_name
from ilocal.site.search_segments import SearchLink, format_site_search_script
from ilocal.site.site_feeds import SiteFeeds
from ilocal.site.static_files import HEADERS_TEXT, format_robots
from ilocal.site.words import list_page_words_by_language, make_page_words_for_templates

if TYPE_CHECKING:
    from ilocal.site.page_renderer import PageRenderer

Events = Mapping[int, Event]  # those that a file needs, by their place in the catalogue


class SitePages:
    """Writer of planned files."""

    def __init__(self, layout: SiteLayout, make_renderer: Callable[[], PageRenderer]) -> None:
        """Initialize for a site; templates are loaded with the first page."""
        self.layout = layout
        self._catalogue, self._info = layout.catalogue, layout.catalogue.info
        self._make_renderer = make_renderer
        self._renderer: PageRenderer | None = None
        self._frames = {lang: PageFrames(layout, lang) for lang in layout.languages}
        self._contexts = {lang: EventContexts(layout, lang) for lang in layout.languages}
        self._feeds = SiteFeeds(layout, self._frames, self._contexts)
        self._items: dict[tuple[object, ...], SimpleNamespace] = {}
        self.forget_events()

    def forget_events(self) -> None:
        """Release what was made of events for several files, and its memory."""
        self._items = {}
        self._feeds.forget_events()

    def load_libraries(self) -> None:
        """Load templates and libraries before forking processes that need them.

        Raises UsageError for an invalid template.
        """
        import icalendar.parser  # noqa: F401

        from ilocal.site.page_renderer import TemplateFailure

        try:
            self._get_renderer().load_templates()
        except TemplateFailure as failure:
            raise failure.to_usage_error() from None
        render_markdown("- *a*", 2)

    def _get_renderer(self) -> PageRenderer:
        if self._renderer is None:
            self._renderer = self._make_renderer()
        return self._renderer

    def make_text(self, file: PlannedFile, events: Events) -> str:
        """Return the text of a file; `events` has its members. Raises UsageError for a template that fails."""
        from ilocal.site.page_renderer import TemplateFailure

        try:
            with use_language(file.lang):
                maker = getattr(self, f"_make_{file.kind}", None) or getattr(self._feeds, f"make_{file.kind}")
                text: str = maker(file, events)
        except TemplateFailure as failure:
            raise failure.to_usage_error() from None
        return text

    def _render(self, template: str, file: PlannedFile, page: Mapping[str, Any], context: Mapping[str, Any]) -> str:
        frame = self._frames[file.lang].make_frame(file.path, page)
        words, renderer = make_page_words_for_templates(file.lang), self._get_renderer()
        if not frame["site"].html:
            frame["site"].html = Html(renderer.render("_header.html", {"site": frame["site"], "w": words}).rstrip("\n"))
        return renderer.render(template, {**frame, "w": words, **context})

    # ----------------------------------------------------------------------------------------------------------- events

    def _make_event(self, file: PlannedFile, events: Events) -> str:
        (index,) = file.members
        event, summary = events[index], self._catalogue.events[index]
        frame = self._frames[file.lang]
        told = self._contexts[file.lang].describe_event(event, summary, frame.get_root(file.path))
        told.json_ld = self._make_json_ld(file, event, told)
        page = {
            "kind": "event",
            "heading": told.title,
            "title": " – ".join((told.title, told.when, frame.title)),
            "description": told.excerpt or f"{told.title}, {told.when}",
            "languages": summary.languages,
        }
        return self._render("event.html", file, page, {"event": told})

    def _make_json_ld(self, file: PlannedFile, event: Event, told: SimpleNamespace) -> str:
        if not json_ld.can_describe_event_on_page(event):
            return ""
        contexts = self._contexts[file.lang]
        return json_ld.make_page_json_ld(
            event,
            self._info,
            title=told.title,
            lang=told.lang or file.lang,
            start=contexts.format_machine_date(event, event.start),
            end=contexts.format_machine_date(event, event.end),
            excerpt=told.excerpt,
            url=self._frames[file.lang].make_url(file.path),
        )

    # ------------------------------------------------------------------------------------------------------------ lists

    def _make_home(self, file: PlannedFile, events: Events) -> str:
        counts, _feed_from, out = file.key
        entries = self.layout.list_home_entries()
        shown = {to_date_range(entry.start).first.year for entry in entries}
        is_whole = len(entries) == sum(len(self._catalogue.years[year]) for year in shown)
        years = [one for one in self._list_year_links(file, counts) if one["year"] not in shown or not is_whole]
        earlier = self.layout.list_earlier_events()
        frame = self._frames[file.lang]
        context = {
            "groups": self._group_entries(file, entries, events),
            "earlier": [self._describe_member(file, index, events, has_text=False) for index in earlier],
            "years": years,
            "calendar": frame.describe_calendar("events.ics", out, is_whole=self._has_whole_feed()),
        }
        heading = list_page_words_by_language(file.lang)["home"]
        page = {"kind": "home", "heading": heading, "title": frame.title, "description": ""}
        return self._render("index.html", file, page, context)

    def _has_whole_feed(self) -> bool:
        """Return whether the calendar with a window has all events that a calendar can show."""
        exact = [index for index, one in enumerate(self._catalogue.events) if one.is_exact]
        return len(self.layout.list_feed_events(exact)) == len(exact)

    def _group_entries(
        self, file: PlannedFile, entries: Iterable[ListEntry], events: Events, year_heading: str = ""
    ) -> list[dict[str, Any]]:
        """Return the entries of a list under the headings of their months.

        Those whose month is unknown are under their year, or under `year_heading`.
        """
        groups = []
        for heading, group in groupby(entries, lambda entry: describe_month_of_date(entry.start, file.lang, "")):
            items = list(group)
            first = to_date_range(items[0].start).first
            is_year = isinstance(items[0].start, Year)
            groups.append({
                "heading": year_heading if is_year and year_heading else heading,
                "id": f"y{first.year:04}" if is_year else f"m{first.year:04}-{first.month:02}",
                "events": [
                    self._describe_member(file, one.index, events, one.occurrences, has_text=True) for one in items
                ],
            })  # fmt: skip
        return groups

    def _describe_member(
        self,
        file: PlannedFile,
        index: int,
        events: Events,
        occurrences: tuple[PartialDate, ...] = (),
        *,
        has_text: bool,
    ) -> SimpleNamespace:
        root = self._frames[file.lang].get_root(file.path)
        key = (file.lang, root, index, occurrences, has_text)
        item = self._items.get(key)
        if item is None:
            event, summary = events[index], self._catalogue.events[index]
            item = self._contexts[file.lang].describe_item(event, summary, root, occurrences, has_text=has_text)
            self._items[key] = item
        return item

    def _list_year_links(self, file: PlannedFile, counts: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
        return [
            {"year": year, "href": f"{year:04}.html", "label": format_year_of_date(Year(year), file.lang),
             "count": format_number(n, file.lang)}
            for year, n in counts
        ]  # fmt: skip

    def _make_year(self, file: PlannedFile, events: Events) -> str:
        year, neighbours, *sizes = file.key
        assert isinstance(year, int)
        links = {one["year"]: one for one in self._list_year_links(file, ((n, 0) for n in neighbours))}
        months = [
            {"href": f"{year:04}-{month:02}.html", "label": describe_month_of_date(Month(year, month), file.lang, ""),
             "count": format_number(n, file.lang)}
            for month, n in (sizes[0] if sizes else ())
        ]  # fmt: skip
        context = {
            "months": months,
            "groups": []
            if months
            else self._group_entries(
                file, self._catalogue.years[year], events, list_page_words_by_language(file.lang)["month_unknown"]
            ),
            "before": next((link for n, link in links.items() if n < year), None),
            "after": next((link for n, link in links.items() if n > year), None),
            "calendar": self._frames[file.lang].describe_calendar(f"all-{year:04}.ics"),
        }
        return self._render(
            "year.html",
            file,
            self._describe_list_page(file, "year", format_year_of_date(Year(year), file.lang)),
            context,
        )

    def _make_month(self, file: PlannedFile, events: Events) -> str:
        year, month = file.key
        heading = describe_month_of_date(Month(year, month), file.lang, "")
        link = {"href": f"{year:04}.html", "label": format_year_of_date(Year(year), file.lang)}
        context = {
            "months": [],
            "groups": self._group_entries(file, self.layout.list_months(year)[month], events),
            "before": link,
            "after": None,
            "calendar": None,
        }
        return self._render("year.html", file, self._describe_list_page(file, "month", heading), context)

    def _describe_list_page(self, file: PlannedFile, kind: str, heading: str, **more: object) -> dict[str, Any]:
        frame = self._frames[file.lang]
        return {"kind": kind, "heading": heading, "title": f"{heading} – {frame.title}", "description": "", **more}

    def _make_undated(self, file: PlannedFile, events: Events) -> str:
        items = [self._describe_member(file, index, events, has_text=True) for index in file.members]
        page = self._describe_list_page(file, "undated", list_page_words_by_language(file.lang)["undated"])
        return self._render("undated.html", file, page, {"items": items})

    def _make_archive(self, file: PlannedFile, events: Events) -> str:
        page = self._describe_list_page(file, "archive", list_page_words_by_language(file.lang)["archive"])
        (counts,) = file.key
        return self._render("archive.html", file, page, {"years": self._list_year_links(file, counts)})

    # ------------------------------------------------------------------------------------------------------------ names

    def _get_name(self, file: PlannedFile) -> tuple[str, SiteName]:
        kind, key = file.key[:2]
        return kind, self._catalogue.names[kind][key]

    def _make_names(self, file: PlannedFile, events: Events) -> str:
        kind = str(file.key[0])
        names = sorted(self._catalogue.names[kind].values(), key=lambda name: (-len(name.members), name.key))
        frame = self._frames[file.lang]
        rows = [
            {"href": f"{name.stem}.html", "label": escape_single_line(name.label), "lang": frame.foreign_language,
             "count": format_number(len(name.members), file.lang)}
            for name in names
        ]  # fmt: skip
        page = self._describe_list_page(file, "names", list_page_words_by_language(file.lang)[f"{kind}s"], nav=kind)
        return self._render("names.html", file, page, {"names": rows})

    def _make_name(self, file: PlannedFile, events: Events) -> str:
        kind, name = self._get_name(file)
        words, frame = list_page_words_by_language(file.lang), self._frames[file.lang]
        spellings = sorted(set(name.spellings) - {name.label})
        year, *rest = file.key[4:]
        is_cut = len(rest) != 2 or not isinstance(rest[1], int)
        label = escape_single_line(name.label)
        context = {
            "kind_label": words[kind],
            "spellings": words["also_written"].format(names=", ".join(map(escape_single_line, spellings)))
            if spellings
            else "",
            "years": self._list_years_of_name(file, kind, name, rest[0], year) if is_cut else [],
            "groups": self._group_members(file, events),
            "calendar": None if is_cut and len(rest) == 1 else self._describe_name_calendar(file, kind, name),
        }
        heading = f"{label}, {self._format_year_of_name(year, file.lang)}" if is_cut and len(rest) == 1 else label
        page = self._describe_list_page(file, "name", heading, nav=kind, heading_lang=frame.foreign_language)
        return self._render("name.html", file, page, context)

    def _format_year_of_name(self, year: int | None, lang: str) -> str:
        return list_page_words_by_language(lang)["undated"] if year is None else format_year_of_date(Year(year), lang)

    def _list_years_of_name(
        self,
        file: PlannedFile,
        kind: str,
        name: SiteName,
        counts: Iterable[tuple[int | None, int]],
        current: int | None,
    ) -> list[dict[str, Any]]:
        base = self._frames[file.lang].get_base(file.path)
        return [
            {"href": f"{base}{kind}/{name.stem}/{make_year_page_name(year)}.html",
             "label": self._format_year_of_name(year, file.lang), "count": format_number(n, file.lang),
             "is_current": year == current}
            for year, n in counts
        ]  # fmt: skip

    def _group_members(self, file: PlannedFile, events: Events) -> list[dict[str, Any]]:
        """Return the events of a name by year."""
        years = self.layout.group_members_by_year(file.members)
        return [
            {"heading": self._format_year_of_name(year, file.lang),
             "events": [self._describe_member(file, index, events, has_text=False) for index in members]}
            for year, members in years.items()
        ]  # fmt: skip

    def _describe_name_calendar(self, file: PlannedFile, kind: str, name: SiteName) -> dict[str, str]:
        exact = [index for index in name.members if self._catalogue.events[index].is_exact]
        is_whole = len(self.layout.list_feed_events(exact)) == len(exact)
        frame = self._frames[file.lang]
        return frame.describe_calendar(f"{kind}/{name.stem}.ics", len(name.members) - len(exact), is_whole=is_whole)

    # ------------------------------------------------------------------------------------------------------ other pages

    def _make_about(self, file: PlannedFile, events: Events) -> str:
        counts, has_news, _feed_from, out = file.key
        years = [{**one, "href": f"all-{one['year']:04}.ics"} for one in self._list_year_links(file, counts)]
        calendar = self._frames[file.lang].describe_calendar("events.ics", out, is_whole=self._has_whole_feed())
        page = self._describe_list_page(file, "about", list_page_words_by_language(file.lang)["about"])
        return self._render("about.html", file, page, {"calendar": calendar, "calendars": years, "has_news": has_news})

    def _make_search(self, file: PlannedFile, events: Events) -> str:
        page = self._describe_list_page(file, "search", list_page_words_by_language(file.lang)["search"])
        context = {
            "statuses": {status: translate_label(status, file.lang) for status in STATUSES if status != "confirmed"},
            "search_fields": ", ".join(FIELDS_BY_NAME[name].singular or name for name in FILTERABLE_FIELDS),
        }
        return self._render("search.html", file, page, context)

    def _make_search_segment(self, file: PlannedFile, events: Events) -> str:
        rows = ((events[index], self._list_search_links(events[index], index)) for index in file.members)
        return format_site_search_script(file.key[0], rows)

    def _list_search_links(self, event: Event, index: int) -> dict[str, SearchLink]:
        """Return the link of each language that has its own, and that of all others as ""."""
        summary = self._catalogue.events[index]
        links = {lang: contexts.make_search_link(event, summary) for lang, contexts in self._contexts.items()}
        usual = links[self.layout.languages[0]]
        return {"": usual, **{lang: link for lang, link in links.items() if link != usual}}

    def _make_not_found(self, file: PlannedFile, events: Events) -> str:
        page = self._describe_list_page(file, "not_found", list_page_words_by_language(file.lang)["not_found"])
        return self._render("404.html", file, page, {})

    # ------------------------------------------------------------------------------------------------- for machines

    def _make_robots(self, file: PlannedFile, events: Events) -> str:
        return format_robots(self.layout.settings.base_url)

    def _make_headers(self, file: PlannedFile, events: Events) -> str:
        return HEADERS_TEXT

    def _make_empty(self, file: PlannedFile, events: Events) -> str:
        return ""
