"""JSON Feed 1.1 of new and changed events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ilocal.formats.atom import format_atom_timestamp, make_tag_uri
from ilocal.model.describe import describe_field
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import escape_json, escape_single_line
from ilocal.site.markdown import render_markdown


def make_item(event: Event, info: RegistryInfo, url: str, lang: str) -> dict[str, Any]:
    """Return the feed item of an event with `created` or `updated`; `url` is its page's, "" if unknown."""
    stamp, first = event.updated or event.created, event.created or event.updated
    assert stamp is not None and first is not None
    when = describe_field(event, "when", lang)
    facts = " · ".join(filter(None, (_escape_feed_text(when), _escape_feed_text(event.location))))
    html = f"<p>{facts}</p>" + render_markdown(event.summary if event.summary.strip() else event.description, 2)
    item = {
        "id": make_tag_uri(event.id, info),
        "url": url,
        "title": escape_single_line(event.title),
        "content_html": html,
        "date_published": format_atom_timestamp(first, info),
        "date_modified": format_atom_timestamp(stamp, info),
        "tags": [escape_single_line(topic) for topic in event.topics],
    }
    return {key: value for key, value in item.items() if value}


def _escape_feed_text(text: str) -> str:
    from html import escape

    return escape(escape_single_line(text))


def format_feed(title: str, items: Sequence[dict[str, Any]], *, lang: str, home: str, feed: str) -> str:
    """Return the feed; unknown addresses are ""."""
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "language": lang,
        "home_page_url": home,
        "feed_url": feed,
    }
    text = json.dumps(
        {**{key: value for key, value in told.items() if value}, "items": items}, ensure_ascii=False, indent=1
    )
    return escape_json(text) + "\n"
