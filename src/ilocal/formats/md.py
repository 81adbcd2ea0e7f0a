"""Markdown (CommonMark): a heading for each month, under it a numbered list of events. Only written, never read.

All of an event stands inside its list item, so that nothing in a text, such as a code fence that is not closed, reaches
the next event. Titles, places and headings are data and escaped; longer texts are Markdown already, without HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ilocal.formats.base import Writing
from ilocal.i18n.labels import word
from ilocal.model.describe import Listing, cell, foreign_mark, grouped, marks
from ilocal.model.event import Event
from ilocal.model.safe_text import safe, shown
from ilocal.model.translations import in_language

suffixes = (".md", ".markdown")

_SPECIAL = re.compile(r"[\\`*_\[\]<>#~$|]|&(?=#?\w+;)|!(?=\[)")
_LINKED = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)  # no other address can do harm when it is followed
# What makes a link, or says where one leads, to another address (`javascript:`); and what makes it a picture, which a
# reader would fetch unasked.
_LINK = re.compile(r"\](?=\((?!https?://|mailto:)|:(?!\s*(?:https?://|mailto:)))", re.IGNORECASE)
_PICTURE = re.compile(r"!(?=\[)")
_NOT_IN_LINK = re.compile(r"[\s()<>\\`\"\[\]]")


def dump(events: Iterable[Event], how: Writing) -> Iterator[str]:
    yield f"# {plain(how.header.title or word('events', how.lang))}\n"
    for heading, group in grouped(events, Listing(how.lang)):
        yield f"\n## {plain(heading)}\n"
        for number, event in group:
            language = how.language or how.header.language
            told = in_language(event, how.lang, language)
            yield "\n" + _item(f"{number}. ", _blocks(told, how.lang, foreign_mark(event, how.lang, language)))


def _item(marker: str, blocks: Iterable[str]) -> str:
    """A list item: its marker, and every further line as deep as its text."""
    text = "\n\n".join(blocks)
    deep = " " * len(marker)
    lines = [deep + line if line.strip() else "" for line in text.split("\n")]
    return marker + "\n".join(lines).removeprefix(deep) + "\n"


def _blocks(event: Event, lang: str, mark: str) -> Iterator[str]:
    """Title with dates and place, texts, sections: the paragraphs of an event."""
    facts = [cell(event, "when", lang), event.location, *marks(event, Listing(lang))]
    foreign = f" {plain(mark)}" if mark else ""
    yield f"**{_title(event)}{foreign}**\\\n{' · '.join(plain(fact) for fact in facts if fact.strip())}"
    for text in (event.summary, event.description):
        yield from _texts(text)
    for section in event.sections:
        if section.heading.strip():
            yield f"### {plain(section.heading)}"
        yield from _texts(section.body)


def _title(event: Event) -> str:
    title = plain(event.title)
    return f"[{title}]({_address(event.url)})" if _LINKED.match(event.url) else title


def plain(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\g<0>", shown(text))


def _address(url: str) -> str:
    """An address as the destination of a link, which it cannot leave."""
    quoted = _NOT_IN_LINK.sub(lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), url.strip())
    return safe(quoted).replace("\\", "%5C").replace("&", "&amp;")


def _texts(text: str) -> Iterator[str]:
    """Markdown without HTML, without links to what is no web page or mail address, and with pictures as links."""
    if text.strip():
        harmless = _LINK.sub("]\\\\", safe(text.strip().replace("\r\n", "\n")))
        yield _PICTURE.sub("&#33;", harmless).replace("<", "&lt;")
