"""An event as templates get it: as an item of a list, and on its own page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace

from ilocal.i18n.labels import translate_label
from ilocal.model.dates import PartialDate, format_iso_date
from ilocal.model.describe import describe_field, describe_period, format_period
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS, name_event_field_as_heading
from ilocal.model.safe_text import escape_single_line
from ilocal.model.translations import localize_event
from ilocal.site.event_catalogue import NAME_KINDS, EventSummary, compute_entry_days
from ilocal.site.markdown import Html, make_plain_excerpt, render_markdown
from ilocal.site.page_plan import SiteLayout, get_year_page
from ilocal.site.search_segments import SearchLink
from ilocal.site.words import LANGUAGE_NAMES, list_page_words_by_language

OFF_STATUSES = ("cancelled", "postponed")
MAX_SHOWN_OCCURRENCES = 60  # of a series on its own page
EXCERPT_CHARACTERS = 200
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# Classes of h-event; it has none for a kind and a project, which are categories to programs that do not know ours.
_FACT_CLASSES = {
    "location": "p-location", "topics": "p-category", "organizers": "p-organizer", "url": "u-url",
    "kind": "p-category p-x-kind", "projects": "p-category p-x-project", "participants": "p-attendee",
}  # fmt: skip
_KINDS_BY_FIELD = {field: kind for kind, field in NAME_KINDS.items()}
# Fields with a line among the facts of an event's page; dates come before, texts after them.
_FACT_FIELDS = tuple(
    [
        field.name
        for field in FIELDS
        if field.is_detail and not field.is_internal and field.name not in ("status", "overrides")
    ]
)


class EventContexts:
    """Builder of the template contexts of events, for pages in one language."""

    def __init__(self, layout: SiteLayout, lang: str) -> None:
        """Initialize for pages in `lang`."""
        self.layout, self.lang = layout, lang
        self._info = layout.catalogue.info
        self._words = list_page_words_by_language(lang)
        self._languages: dict[str, str] = {}  # of texts, "" for the page's own, by the languages of events
        self._names: dict[tuple[str, str], tuple[str, str, str]] = {}  # what `_find_name` found

    # ------------------------------------------------------------------------------------------------------------ lists

    def describe_item(
        self, event: Event, summary: EventSummary, root: str, occurrences: Iterable[PartialDate] = (), *, has_text: bool
    ) -> SimpleNamespace:
        """Return an event, or some occurrences of it, as an item of a list on a page that is at `root` deep."""
        shown = self._list_occurrences(event, occurrences)
        first = shown[0]
        told = localize_event(first, self.lang, self._info.language)
        days = [days for one in shown if (days := compute_entry_days(one)) is not None]
        text = told.summary if told.summary.strip() else told.description
        return SimpleNamespace(
            id=summary.id,
            title=escape_single_line(told.title),
            href=root + self.get_event_path(summary),
            lang=self._find_language(first, is_translated=told.title != first.title),
            dates=[self._describe_dates(one) for one in shown if one.start is not None],
            days=" ".join(f"{first_day}/{last_day}" for first_day, last_day in days),
            is_vague=not summary.is_exact,
            is_off=first.status in OFF_STATUSES,
            status=translate_label(first.status, self.lang) if first.status and first.status != "confirmed" else "",
            location=escape_single_line(first.location),
            location_lang=self._find_language(first),
            repeats=describe_field(event, "rrule", self.lang) if event.rrule else "",
            html=render_markdown(text, 3) if has_text else Html(),
            html_lang=self._find_language(first, is_translated=text != (first.summary or first.description)),
        )

    def _list_occurrences(self, event: Event, occurrences: Iterable[PartialDate]) -> list[Event]:
        from ilocal.model.occurrences import find_override

        return [event.build_occurrence(at, find_override(event, at)) for at in occurrences] or [event]

    def make_search_link(self, event: Event, summary: EventSummary) -> SearchLink:
        """Return the search result of an event, with the page that it links to."""
        told = localize_event(event, self.lang, self._info.language)
        dates = format_period(event.start, event.end).replace(" - ", " – ")
        repeats = f", {describe_field(event, 'rrule', self.lang)}" if event.rrule else ""
        language = self._find_language(event, is_translated=told.title != event.title)
        path = self.get_event_path(summary)
        return SearchLink(path, escape_single_line(told.title), language or self.lang, dates + repeats)

    def get_event_path(self, summary: EventSummary) -> str:
        """Return the path of an event's page from the root of the site: in this language, or the first that it has."""
        lang = self.lang if self.lang in summary.languages else summary.languages[0]
        return f"{self.layout.get_folder(lang)}event/{summary.stem}.html"

    def _find_language(self, event: Event, *, is_translated: bool = False) -> str:
        """Return the language of a text if it is not the page's."""
        if is_translated:
            return ""
        language = event.language or self._info.language
        found = self._languages.get(language)
        if found is None:
            tag = language.strip().replace("_", "-")
            is_own = not _LANGUAGE_TAG.fullmatch(tag) or tag.partition("-")[0].lower() == self.lang
            found = self._languages[language] = "" if is_own else tag
        return found

    def _describe_dates(self, event: Event) -> SimpleNamespace:
        """Return the dates of an event as a list shows them, and as programs read them."""
        start, end = event.start, event.end
        text, _, rest = format_period(start, end).partition(" - ")
        days = compute_entry_days(event)
        return SimpleNamespace(
            start=self.format_machine_date(event, start),
            start_text=text,
            end=self.format_machine_date(event, end) if rest else "",
            end_text=rest,
            first=str(days[0]) if days else "",
            is_off=event.status in OFF_STATUSES,
        )

    def format_machine_date(self, event: Event, point: PartialDate | None) -> str:
        """Return a date for `datetime=` and JSON-LD: a time has an offset if its zone is known."""
        if not isinstance(point, datetime):
            return format_iso_date(point) if point is not None else ""
        if point.tzinfo is None:
            from ilocal.model.timezones import FLOATING_TIMEZONE, load_timezone

            name = event.timezone or self._info.timezone
            zone = load_timezone(name) if name != FLOATING_TIMEZONE else None
            point = point.replace(tzinfo=zone) if zone else point
        return point.isoformat()

    # ------------------------------------------------------------------------------------------------------------- page

    def describe_event(self, event: Event, summary: EventSummary, root: str) -> SimpleNamespace:
        """Return an event as its own page has it."""
        told = localize_event(event, self.lang, self._info.language)
        own, is_timed = self._find_language(event), isinstance(event.start, datetime)
        translated = told.description != event.description
        texts = [
            SimpleNamespace(html=html, lang=lang)
            for text, lang in ((told.summary, own), (told.description, "" if translated else own))
            if (html := render_markdown(text, 2))
        ]
        shown = [self._describe_dates(event)] if event.start is not None else []
        days = [days for one in self._list_occurrences(event, summary.occurrences) if (days := compute_entry_days(one))]
        return SimpleNamespace(
            id=summary.id,
            title=escape_single_line(told.title),
            lang=self._find_language(event, is_translated=told.title != event.title),
            original_lang=own,
            when=format_period(event.start, event.end, self._words["undated"]),
            when_words=_capitalize_on_page(describe_period(event.period)) if event.period else self._words["undated"],
            timezone=escape_single_line(event.timezone or self._info.timezone) if is_timed else "",
            dates=shown,
            days=" ".join(f"{first}/{last}" for first, last in days),
            is_vague=not summary.is_exact,
            is_off=event.status in OFF_STATUSES,
            status=translate_label(event.status, self.lang) if event.status and event.status != "confirmed" else "",
            facts=[*self._list_facts(event, summary, root), *self._list_record_facts(event)],
            occurrences=self._describe_occurrences(event, summary),
            texts=texts,
            sections=[
                {
                    "heading": escape_single_line(section.heading),
                    "html": render_markdown(section.body, 3 if section.heading.strip() else 2),
                    "lang": own,
                }
                for section in event.sections
            ],
            excerpt=self.make_excerpt(told),
            calendar=f"{summary.stem}.ics" if summary.is_exact and self.layout.settings.has_event_calendars else "",
            year=self._describe_year_link(event),
        )

    def make_excerpt(self, event: Event) -> str:
        """Return the first words of an event's texts."""
        text = event.summary if event.summary.strip() else event.description
        return make_plain_excerpt(text, EXCERPT_CHARACTERS)

    def _describe_occurrences(self, event: Event, summary: EventSummary) -> list[SimpleNamespace]:
        if not summary.is_recurring:
            return []
        shown = self._list_occurrences(event, summary.occurrences[-MAX_SHOWN_OCCURRENCES:])
        return [self._describe_dates(one) for one in shown if one.start is not None]

    def _describe_year_link(self, event: Event) -> dict[str, str]:
        from ilocal.model.date_names import describe_month_of_date

        if event.start is None:
            return {"href": "../tba.html", "label": self._words["undated"]}
        return {
            "href": f"../{get_year_page(self.layout, event.start)}",
            "label": describe_month_of_date(event.start, self.lang, ""),
        }

    def _list_facts(self, event: Event, summary: EventSummary, root: str) -> list[SimpleNamespace]:
        keys = dict(zip(NAME_KINDS, summary.names, strict=True))
        found = []
        for name in _FACT_FIELDS:
            if not getattr(event, name):
                continue
            kind = _KINDS_BY_FIELD.get(name, "")
            parts = (
                self._link_names(kind, keys[kind], getattr(event, name), root)
                if kind
                else [_link_text_on_page(self._describe_fact(event, name))]
            )
            is_text = bool(kind) or name == "participants"
            found.append(self._make_fact(name, parts, event if is_text else None))
        return found

    def _describe_fact(self, event: Event, name: str) -> str:
        text = describe_field(event, name, self.lang)
        return LANGUAGE_NAMES.get(text, text) if name == "language" else text

    def _make_fact(self, name: str, parts: list[SimpleNamespace], event: Event | None) -> SimpleNamespace:
        return SimpleNamespace(
            name=name,
            label=name_event_field_as_heading(name, self.lang),
            css_class=_FACT_CLASSES.get(name, ""),
            parts=parts,
            lang=self._find_language(event) if event is not None else "",
        )

    def _link_names(
        self, kind: str, keys: tuple[str, ...], value: str | tuple[str, ...], root: str
    ) -> list[SimpleNamespace]:
        """Return the names of a field, each with the page of the name."""
        found = []
        for name in [value] if isinstance(value, str) else value:
            text, key, page = self._find_name(kind, name)
            found.append(SimpleNamespace(text=text, href=root + page if key in keys else "", is_external=False))
        return found

    def _find_name(self, kind: str, name: str) -> tuple[str, str, str]:
        """Return a name as it is shown, folded, and its page from the root of the site, "" if it has none."""
        found = self._names.get((kind, name))
        if found is None:
            from ilocal.model.text_folding import fold_text

            key = fold_text(name)
            page = self.layout.catalogue.names[kind].get(key)
            path = f"{self.layout.get_folder(self.lang)}{kind}/{page.stem}.html" if page is not None else ""
            found = self._names[kind, name] = (escape_single_line(name), key, path)
        return found

    def _list_record_facts(self, event: Event) -> list[SimpleNamespace]:
        """Return the final facts: the source of the event, and its last change."""
        found = []
        if event.source.strip():
            found.append(self._make_fact("source", [_link_text_on_page(escape_single_line(event.source))], None))
        stamp = event.updated or event.created
        if stamp is not None:
            day = stamp.date() if isinstance(stamp, datetime) else stamp
            fact = self._make_fact("updated", [_link_text_on_page(format_period(day, None))], None)
            fact.label = self._words["updated"]
            found.append(fact)
        return found


def _link_text_on_page(text: str) -> SimpleNamespace:
    """Return a text as a part of a fact: an address of the web is a link."""
    text = escape_single_line(text)
    is_address = _WEB_ADDRESS.fullmatch(text) is not None and text.isprintable()
    return SimpleNamespace(text=text, href=text if is_address else "", is_external=is_address)


def _capitalize_on_page(text: str) -> str:
    return text[:1].upper() + text[1:]
