"""What every page has around its content: where it is, links to other pages and languages, and feeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ilocal.i18n.messages import format_number
from ilocal.model.describe import format_period
from ilocal.model.safe_text import escape_single_line
from ilocal.site.page_plan import SiteLayout, list_name_kinds
from ilocal.site.words import LANGUAGE_NAMES, translate_page_words


class PageFrames:
    """Makes the part of a context that does not depend on events, for pages of one language."""

    def __init__(self, layout: SiteLayout, lang: str) -> None:
        """Make frames of pages in `lang`."""
        self._layout, self._lang = layout, lang
        self._folder = layout.get_folder(lang)
        self._words = translate_page_words(lang)
        info = layout.catalogue.info
        self.title = escape_single_line(info.title) or self._words["home"]
        tag = info.language.strip().replace("_", "-").partition("-")[0].lower()
        self.foreign_language = tag if tag and tag != lang and tag.isascii() and tag.isalpha() else ""

    def get_root(self, path: str) -> str:
        """Return what leads from a page to the root of the site: `../` for each folder it is in."""
        if path == "404.html":  # which is shown at any address
            return self._layout.settings.base_url
        return "../" * path.count("/")

    def get_base(self, path: str) -> str:
        """Return what leads from a page to the root of its language."""
        return self.get_root(path) + self._folder

    def make_url(self, path: str) -> str:
        """Return the whole address of a file; "" where the site's is not known."""
        base = self._layout.settings.base_url
        return base + quote(path.removesuffix("index.html")) if base else ""

    def make_frame(self, path: str, page: Mapping[str, Any]) -> dict[str, Any]:
        """Return the variables `site` and `page` for the file at `path`."""
        base = self.get_base(path)
        site = {
            "title": self.title,
            "lang": self._lang,
            "timezone": self._layout.catalogue.info.timezone,
            "root": self.get_root(path),
            "base": base,
            "home": f"{base}index.html",
            "base_url": self._layout.settings.base_url,
            "nav": self._list_links(path, base, page),
        }
        told = {
            "heading_lang": "",
            "path": path,
            "url": "" if page["kind"] == "not_found" else self.make_url(path),
            "alternates": self._list_alternates(path, page),
            "feeds": self._list_feeds(path, base),
            **page,
        }
        return {"site": site, "page": told}

    def _list_links(self, path: str, base: str, page: Mapping[str, Any]) -> list[dict[str, Any]]:
        kinds = list_name_kinds(self._layout)
        targets = {
            "home": "index.html",
            "archive": "archive.html",
            **({"undated": "tba.html"} if self._layout.catalogue.undated else {}),
            **{f"{kind}s": f"{kind}/index.html" for kind in kinds},
            "search": "search.html",
            "about": "about.html",
        }
        local = path.removeprefix(self._folder)
        return [
            {"href": base + target, "label": self._words[name], "is_current": target == local}
            for name, target in targets.items()
        ]

    def _list_alternates(self, path: str, page: Mapping[str, Any]) -> list[dict[str, str]]:
        """Return the same page in each language that has it, and which of them is for everybody else."""
        if page["kind"] == "not_found":
            return []
        local = path.removeprefix(self._folder)
        languages = page.get("languages", self._layout.languages)
        found = [
            {
                "lang": lang,
                "href": f"{self.get_root(path)}{self._layout.get_folder(lang)}{local}",
                "url": self.make_url(self._layout.get_folder(lang) + local),
                "name": LANGUAGE_NAMES.get(lang, lang),
            }
            for lang in languages
        ]
        if len(found) < 2:
            return found
        return [*found, {**found[0], "lang": "x-default", "name": ""}]

    def _list_feeds(self, path: str, base: str) -> list[dict[str, str]]:
        return [
            {"type": "text/calendar", "title": self._words["calendar"], "href": f"{base}events.ics"},
            {"type": "application/atom+xml", "title": self._words["news"], "href": f"{base}feed.xml"},
            {"type": "application/feed+json", "title": self._words["news"], "href": f"{base}feed.json"},
        ]

    def describe_calendar(self, path: str, left_out: int = 0, *, is_whole: bool | None = None) -> dict[str, str]:
        """Return a calendar that a page offers, with what is to be known of it.

        Arguments:
            path: from the root of the language.
            left_out: how many events have no day, and are in no calendar.
            is_whole: whether it has all events that have a day; None where that goes without saying.
        """
        first = self._layout.feed_from
        notes = []
        if is_whole is not None:
            said = self._words["feed_all" if is_whole or first is None else "feed_from"]
            notes.append(said.format(day=format_period(first, None)))
        if left_out:
            notes.append(self._words["not_in_calendar"].format(n=format_number(left_out, self._lang)))
        return {"href": path.rpartition("/")[2], "url": self.make_url(self._folder + path), "note": " ".join(notes)}
