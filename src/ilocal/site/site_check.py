"""Checks of a built site: broken links, and events that lack data for calendars, search engines or feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ilocal.model.event import Event
from ilocal.site import json_ld
from ilocal.site.event_catalogue import is_exact_date_for_page
from ilocal.site.site_manifest import SiteManifest

_LINK_ATTRIBUTES = ("href", "src", "action")


class BrokenLink(NamedTuple):
    """A link of a page that leads to no file of the site, or to no place on a page."""

    page: str
    line: int
    target: str


class EventGaps(NamedTuple):
    """Events by missing data."""

    not_in_calendars: list[Event]  # no day
    not_for_search_engines: list[Event]  # no place, or no day
    not_in_feeds: list[Event]  # without a known time of creation or change


class _PageReader(HTMLParser):
    """Collects the links of a page, and the places on it that links may lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[int, str]] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _LINK_ATTRIBUTES and value:
                self.links.append((self.getpos()[0], value))
            elif name == "id" and value:
                self.ids.add(value)


def find_broken_links_of_pages(folder: Path, manifest: SiteManifest, base_url: str) -> Iterator[BrokenLink]:
    """Return the links within a site that lead nowhere; those to other sites are not followed."""
    pages: dict[str, _PageReader] = {}
    for path in manifest.files:
        if path.endswith(".html"):
            pages[path] = _PageReader()
            pages[path].feed((folder / path).read_text(encoding="utf-8"))
    for path, page in pages.items():
        for line, link in page.links:
            target = resolve_link(path, link, base_url)
            if target is None:
                continue
            name, fragment = target
            is_file = name in manifest.files or (folder / name).is_file()
            if not is_file or (fragment and name in pages and fragment not in pages[name].ids):
                yield BrokenLink(path, line, link)


def resolve_link(page: str, link: str, base_url: str) -> tuple[str, str] | None:
    """Return the file and anchor in the site to which a link leads; None if it leads elsewhere."""
    if base_url and link.startswith(base_url):
        page, link = "index.html", link.removeprefix(base_url)
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    folders = page.split("/")[:-1]
    if not parts.path:
        return (page if not base_url or link.startswith("#") else "index.html"), unquote(parts.fragment)
    for part in unquote(parts.path).split("/"):
        if part == ".." and folders:
            folders.pop()
        elif part not in ("", "."):
            folders.append(part)
    name = "/".join(folders)
    return (f"{name}/index.html".lstrip("/") if parts.path.endswith("/") else name), unquote(parts.fragment)


def find_events_missing_on_site(events: Iterable[Event]) -> EventGaps:
    """Return the events that calendars, search engines or feeds do not show, and why that is."""
    gaps = EventGaps([], [], [])
    for event in events:
        if not is_exact_date_for_page(event.start):
            gaps.not_in_calendars.append(event)
        if not json_ld.can_describe_event_on_page(event):
            gaps.not_for_search_engines.append(event)
        if event.updated is None and event.created is None:
            gaps.not_in_feeds.append(event)
    return gaps
