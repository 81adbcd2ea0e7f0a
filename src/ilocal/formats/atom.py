"""Atom (RFC 4287): a feed of events that were added or changed, for feed readers. Only written, never read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from html import escape
from urllib.parse import quote

from ilocal.formats.base import WriteOptions
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import n_
from ilocal.model.describe import describe_field
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.model.timezones import load_timezone
from ilocal.model.translations import find_original_language_of_event, localize_event

suffixes = (".atom",)
supports_recurrence = True  # a series is one entry

DEFAULT_TAG_DOMAIN = "ilocal.invalid"  # of ids, where the registry has no uid_domain
_EPOCH = "1970-01-01T00:00:00Z"  # if nothing was ever changed: the same registry gives the same bytes


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    stamped, count = [], 0
    for event in events:
        count += 1
        if event.updated or event.created:
            stamped.append(event)
    options.omitted_count += count - len(stamped)
    if count > len(stamped):
        left = count - len(stamped)
        note = n_("skipped {n} event: the registry does not record when it was added or changed",
                  "skipped {n} events: the registry does not record when they were added or changed", left)  # fmt: skip
        options.notes.append(note)
    stamped.sort(key=lambda event: format_atom_timestamp(_get_stamp(event), options.registry_info), reverse=True)
    yield from format_feed(stamped, options, {}, "", "")


def format_feed(
    events: Iterable[Event], options: WriteOptions, pages: Mapping[str, str], feed_url: str, home_url: str
) -> Iterator[str]:
    """Yield the parts of a feed of events, which have `created` or `updated`.

    Arguments:
        events: in the order of their entries, newest first.
        options: the registry and the language of the feed.
        pages: the addresses of event pages by id; an event without one gets its own `url`.
        feed_url: the address of the feed, "" if unknown.
        home_url: the address of the page to which the feed belongs.
    """
    info, events = options.registry_info, list(events)
    title = escape_single_line(info.title) or translate_label("events", options.lang)
    updated = max((format_atom_timestamp(_get_stamp(event), info) for event in events), default=_EPOCH)
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(options.lang)}">\n'
    yield f"<id>{escape(make_tag_uri('', info))}</id>\n<title>{_escape_text(title)}</title>\n"
    yield f"<updated>{updated}</updated>\n"
    yield f"<author><name>{_escape_text(title)}</name></author>\n"
    if feed_url:
        yield f'<link rel="self" type="application/atom+xml" href="{escape(feed_url)}"/>\n'
    if home_url:
        yield f'<link rel="alternate" type="text/html" href="{escape(home_url)}"/>\n'
    for event in events:
        yield _format_entry(event, options, pages.get(event.id, ""))
    yield "</feed>\n"


def _get_stamp(event: Event) -> date:
    stamp = event.updated or event.created
    assert stamp is not None
    return stamp


def _format_entry(event: Event, options: WriteOptions, page: str) -> str:
    info, stamp = options.registry_info, _get_stamp(event)
    told = localize_event(event, options.lang, options.language or info.language)
    foreign = find_original_language_of_event(event, options.lang, options.language or info.language)
    link = page or (event.url.strip() if event.url.strip().startswith(("https://", "http://")) else "")
    facts = [describe_field(event, "when", options.lang), event.location]
    text = told.summary if told.summary.strip() else told.description
    paragraphs = [" · ".join(fact for fact in facts if fact), *text.strip().split("\n\n")]
    html = "".join(f"<p>{escape(make_text_safe(one))}</p>" for one in paragraphs if one.strip())
    mark = f' xml:lang="{escape(foreign)}"' if foreign.replace("-", "").isalnum() and foreign.isascii() else ""
    lines = [
        f"<entry{mark}>",
        f"<id>{escape(make_tag_uri(event.id, info))}</id>",
        f"<title>{_escape_text(told.title)}</title>",
        f"<published>{format_atom_timestamp(event.created or stamp, info)}</published>",
        f"<updated>{format_atom_timestamp(stamp, info)}</updated>",
        *([f'<link rel="alternate" href="{escape(escape_single_line(link))}"/>'] if link else []),
        *(f'<category term="{_escape_text(topic)}"/>' for topic in event.topics),
        f'<content type="html">{escape(html, quote=False)}</content>',
        "</entry>",
    ]
    return "\n".join(lines) + "\n"


def _escape_text(text: str) -> str:
    return escape(escape_single_line(text))


def make_tag_uri(id: str, info: RegistryInfo) -> str:
    """Return the permanent id of an event in feeds (RFC 4151), which is independent of addresses."""
    return f"tag:{info.uid_domain or DEFAULT_TAG_DOMAIN},1970:{quote(id, safe='')}"


def format_atom_timestamp(stamp: date, info: RegistryInfo) -> str:
    """Return a timestamp in UTC by RFC 3339; days and local times are in the registry's time zone."""
    zone = load_timezone(info.timezone) or UTC
    moment = stamp if isinstance(stamp, datetime) else datetime.combine(stamp, time.min, UTC)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    with suppress(OverflowError):  # on the first and the last day of the calendar
        moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"
