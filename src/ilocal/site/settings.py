"""Settings of a website, from `[site]` in the registry and the options of `ilocal site`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ilocal.errors import UsageError
from ilocal.i18n.messages import _, first_supported_language, supported_languages
from ilocal.model.dates import parse_iso_date, to_date_range
from ilocal.model.safe_text import make_text_safe


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """How a website is to be."""

    base_url: str = ""  # ends in "/"; empty: unknown, so there are no absolute addresses
    languages: tuple[str, ...] = ()  # of pages, the first at the root; empty: those of the events
    templates: Path | None = None  # a folder of the owner's own
    feed_from: date | None = None  # the first day in calendar feeds; None: a year before the newest event
    has_event_calendars: bool = True  # a calendar file for each event


def read_settings_of_website(table: Mapping[str, Any], registry: Path, base_url: str | None = None) -> SiteSettings:
    """Return the settings in a `[site]` table; `base_url` is that of the command line, which takes precedence.

    Raises UsageError for an invalid value.
    """
    folder = registry if registry.is_dir() else registry.parent
    templates = table.get("templates")
    return SiteSettings(
        base_url=_normalize_base_url(base_url if base_url is not None else table.get("base_url", "")),
        languages=_read_languages_of_website(table.get("languages", ())),
        templates=_find_template_folder(folder, templates) if templates else None,
        feed_from=to_date_range(parse_iso_date(table["feed_from"])).first if "feed_from" in table else None,
        has_event_calendars=table.get("event_ics", True),
    )


def _normalize_base_url(text: str) -> str:
    """Return an address that ends in a slash. Raises UsageError if it is invalid."""
    url = text.strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query + parts.fragment
    except ValueError:
        is_address = False
    if not is_address or not url.isascii() or set(url) & set(' "<>\\^`{|}'):
        raise UsageError(
            _('base_url: "{url}" is not a web address', url=make_text_safe(url)),
            hint=_("use an address such as https://example.org/events/"),
        )
    return url if url.endswith("/") else f"{url}/"


def _read_languages_of_website(names: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for name in names:
        lang = first_supported_language(name)
        if lang is None:
            raise UsageError(
                _('languages: "{lang}" is not supported', lang=make_text_safe(name)),
                hint=_("use one of {names}", names=", ".join(supported_languages())),
            )
        found.append(lang)
    return tuple(dict.fromkeys(found))


def _find_template_folder(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_dir():
        raise UsageError(
            _("templates: there is no folder {path}", path=make_text_safe(str(path))),
            hint=_("to create the folder, run: ilocal site templates {path}", path=make_text_safe(str(path))),
        )
    return path
