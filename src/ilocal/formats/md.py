"""Markdown (CommonMark): a heading for each month, with a numbered list of events. It is only written, never read.

All of an event is inside its list item, so that an unclosed code fence, for example, does not affect the next event.
Titles, places and headings are escaped; longer texts are Markdown already, without HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ilocal.formats.base import WriteOptions
from ilocal.i18n.labels import translate_label
from ilocal.model.describe import (
    ListOptions,
    describe_event_status,
    describe_field,
    describe_translation_language,
    describe_when,
    group_events_by_start_month,
)
from ilocal.model.event import Event
from ilocal.model.recurrence_words import describe_series
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.model.translations import localize_event

suffixes = (".md", ".markdown")

_MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]<>#~$|]|&(?=#?\w+;)|!(?=\[)")
_LINKABLE_URL = re.compile(
    r"(?:https?://|mailto:)\S", re.IGNORECASE
)  # no other address can do harm when it is followed
# Syntax of links and definitions with an unsafe address (`javascript:`); and of pictures, which a
# reader would fetch unasked.
_UNSAFE_LINK = re.compile(r"\](?=\((?!https?://|mailto:)|:(?!\s*(?:https?://|mailto:)))", re.IGNORECASE)
_IMAGE = re.compile(r"!(?=\[)")
_UNSAFE_URL_CHARACTER = re.compile(r"[\s()<>\\`\"\[\]]")


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    yield f"# {escape_markdown(options.registry_info.title or translate_label('events', options.lang))}\n"
    for heading, group in group_events_by_start_month(events, ListOptions(options.lang)):
        yield f"\n## {escape_markdown(heading)}\n"
        for number, event in group:
            language = options.language or options.registry_info.language
            told = localize_event(event, options.lang, language)
            yield "\n" + _format_list_item(
                f"{number}. ",
                _format_event_as_markdown_blocks(
                    told, options.lang, describe_translation_language(event, options.lang, language)
                ),
            )


def _format_list_item(marker: str, blocks: Iterable[str]) -> str:
    """Return a list item: its marker, with further lines indented to its text."""
    text = "\n\n".join(blocks)
    deep = " " * len(marker)
    lines = [deep + line if line.strip() else "" for line in text.split("\n")]
    return marker + "\n".join(lines).removeprefix(deep) + "\n"


def _format_event_as_markdown_blocks(event: Event, lang: str, mark: str) -> Iterator[str]:
    """Yield the paragraphs of an event: title with dates, place, rule, kind and topics; texts; sections."""
    rule = describe_series(event, lang) if event.is_recurring and event.series is None else ""
    facts = [
        describe_when(event, lang),
        event.location,
        rule,
        *describe_event_status(event, ListOptions(lang, date_format="ymd")),
    ]
    facts += [describe_field(event, "kind", lang), ", ".join(event.topics), _format_plain_url(event.url)]
    foreign = f" {escape_markdown(mark)}" if mark else ""
    line = " · ".join(escape_markdown(fact) for fact in facts if fact.strip())
    yield f"**{_format_title_link(event)}{foreign}**\\\n{line}"
    for text in (event.summary, event.description):
        yield from _sanitize_markdown_format(text)
    for section in event.sections:
        if section.heading.strip():
            yield f"### {escape_markdown(section.heading)}"
        yield from _sanitize_markdown_format(section.body)


def _format_plain_url(url: str) -> str:
    """Return an address that the title does not link to, such as one of a share in the office."""
    return "" if _LINKABLE_URL.match(url) else url


def _format_title_link(event: Event) -> str:
    title = escape_markdown(event.title)
    return f"[{title}]({_quote_link_url(event.url)})" if _LINKABLE_URL.match(event.url) else title


def escape_markdown(text: str) -> str:
    """Return a text on one line, escaped so that Markdown shows it unchanged."""
    return _MARKDOWN_SPECIAL.sub(r"\\\g<0>", escape_single_line(text))


def _quote_link_url(url: str) -> str:
    """Return an address escaped as the destination of a link."""
    quoted = _UNSAFE_URL_CHARACTER.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), url.strip()
    )
    return make_text_safe(quoted).replace("\\", "%5C").replace("&", "&amp;")


def _sanitize_markdown_format(text: str) -> Iterator[str]:
    """Yield Markdown without HTML, with unsafe links disabled, and with pictures as links."""
    if text.strip():
        harmless = _UNSAFE_LINK.sub("]\\\\", make_text_safe(text.strip().replace("\r\n", "\n")))
        yield _IMAGE.sub("&#33;", harmless).replace("<", "&lt;")
