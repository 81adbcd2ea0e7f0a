"""Frame of each page: its location, links to other pages and languages, and feeds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from ilocal.i18n.messages import translate_plural
from ilocal.model.describe import format_period
from ilocal.model.safe_text import escape_single_line
from ilocal.site.markdown import Html
from ilocal.site.page_plan import SiteLayout, list_name_kinds_of_pages
from ilocal.site.words import LANGUAGE_NAMES, list_page_words_by_language


class PageFrames:
    """Builder of the contexts that do not depend on events, for pages in one language."""

    def __init__(self, layout: SiteLayout, lang: str) -> None:
        """Initialize for pages in `lang`."""
        self._layout, self._lang = layout, lang
        self._folder = layout.get_folder(lang)
        self._words = list_page_words_by_language(lang)
        info = layout.catalogue.info
        self._sites: dict[tuple[str, str], SimpleNamespace] = {}
        self._feeds: dict[str, list[SimpleNamespace]] = {}
        self.title = escape_single_line(info.title) or self._words["home"]
        tag = info.language.strip().replace("_", "-").partition("-")[0].lower()
        self.foreign_language = tag if tag and tag != lang and tag.isascii() and tag.isalpha() else ""

    def get_root(self, path: str) -> str:
        """Return the relative path from a page to the root of the site: `../` for each folder it is in."""
        if path == "404.html":  # which is shown at any address
            return self._layout.settings.base_url
        return "../" * path.count("/")

    def get_base(self, path: str) -> str:
        """Return the relative path from a page to the root of its language."""
        return self.get_root(path) + self._folder

    def make_url(self, path: str) -> str:
        """Return the absolute address of a file; "" if the site's is unknown."""
        base = self._layout.settings.base_url
        return base + quote(path.removesuffix("index.html")) if base else ""

    def make_frame(self, path: str, page: Mapping[str, Any]) -> dict[str, Any]:
        """Return the variables `site` and `page` for the file at `path`."""
        local = path.removeprefix(self._folder)
        current = local if local in self._targets.values() else ""
        site = self._make_site(self.get_root(path), current)
        told = {
            "heading_lang": "",
            "path": path,
            "url": "" if page["kind"] == "not_found" else self.make_url(path),
            "alternates": self._list_alternates(path, page),
            "feeds": self._list_feeds(site.base),
            **page,
        }
        return {"site": site, "page": SimpleNamespace(**told)}

    def _make_site(self, root: str, current: str) -> SimpleNamespace:
        """Return the context shared by all pages of the same depth; `current` is the page in the main navigation."""
        found = self._sites.get((root, current))
        if found is None:
            base = root + self._folder
            found = self._sites[root, current] = SimpleNamespace(
                title=self.title,
                lang=self._lang,
                timezone=self._layout.catalogue.info.timezone,
                root=root,
                base=base,
                home=f"{base}index.html",
                base_url=self._layout.settings.base_url,
                html=Html(),  # the beginning of the page, set by the renderer
                nav=[
                    SimpleNamespace(href=base + target, label=self._words[name], is_current=target == current)
                    for name, target in self._targets.items()
                ],
            )
        return found

    @cached_property
    def _targets(self) -> dict[str, str]:
        """Return the pages that every page links to, by their words."""
        kinds = list_name_kinds_of_pages(self._layout)
        return {
            "home": "index.html",
            "archive": "archive.html",
            **({"undated": "tba.html"} if self._layout.catalogue.undated else {}),
            **{f"{kind}s": f"{kind}/index.html" for kind in kinds},
            "search": "search.html",
            "about": "about.html",
        }

    def _list_alternates(self, path: str, page: Mapping[str, Any]) -> list[SimpleNamespace]:
        """Return the same page in each language that has it, and which of them is for everybody else."""
        if page["kind"] == "not_found":
            return []
        local = path.removeprefix(self._folder)
        languages = page.get("languages", self._layout.languages)
        found = [
            SimpleNamespace(
                lang=lang,
                href=f"{self.get_root(path)}{self._layout.get_folder(lang)}{local}",
                url=self.make_url(self._layout.get_folder(lang) + local),
                name=LANGUAGE_NAMES.get(lang, lang),
            )
            for lang in languages
        ]
        if len(found) < 2:
            return []
        return [*found, SimpleNamespace(**{**vars(found[0]), "lang": "x-default", "name": ""})]

    def _list_feeds(self, base: str) -> list[SimpleNamespace]:
        if base not in self._feeds:
            feeds = (
                ("text/calendar", "calendar", "events.ics"),
                ("application/atom+xml", "news", "feed.xml"),
                ("application/feed+json", "news", "feed.json"),
            )
            self._feeds[base] = [
                SimpleNamespace(type=type, title=self._words[name], href=base + file) for type, name, file in feeds
            ]
        return self._feeds[base]

    def describe_calendar(self, path: str, left_out: int = 0, *, is_whole: bool | None = None) -> dict[str, str]:
        """Return a calendar that a page offers, with notes on its content.

        Arguments:
            path: its path from the root of the language.
            left_out: the number of events without an exact day, which no calendar has.
            is_whole: whether it has all events with an exact day; None for no note.
        """
        first = self._layout.feed_from
        notes = []
        if is_whole is not None:
            said = self._words["feed_all" if is_whole or first is None else "feed_from"]
            notes.append(said.format(day=format_period(first, None)))
        if left_out:
            notes.append(
                translate_plural(
                    "{n} event is in no calendar, because its day is not known.",
                    "{n} events are in no calendar, because their days are not known.",
                    left_out,
                    self._lang,
                )
            )
        return {"href": path.rpartition("/")[2], "url": self.make_url(self._folder + path), "note": " ".join(notes)}
