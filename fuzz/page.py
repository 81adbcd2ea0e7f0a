"""Web pages saved as text. Law: events of a page that can be laid out are read back from the layout."""

from __future__ import annotations

from collections.abc import Iterator

from fuzz.common import DATES, HEADER, ROOT, dumped, events_in, same, text_of
from ilocal.formats import page
from ilocal.formats.base import WriteOptions
from ilocal.model.event import Event

WORDS = (
    *DATES,
    "\n\n",
    "1. ",
    "2. ",
    "10. ",
    "\n  ",
    "\n\n ",
    "• ",
    "- ",
    "# ",
    "To be announced",
    "Chưa có ngày",
    "9:15-10:15 ",
)


def seeds() -> Iterator[bytes]:
    """Yield the pages of the tests."""
    for path in sorted((ROOT / "tests" / "pages").glob("*.txt")):
        yield path.read_bytes()
    yield "Sự kiện\n\nTháng Hai 2020\n\n 1. Họp\n\n  2020/02/20 08:30 - 10:00\n\n  Gồm:\n\n    • một\n".encode()


def check(data: bytes) -> None:
    """Check that the events of any page are laid out, and that those without notes are read back."""
    text = text_of(data)
    if text is None:
        return
    events = events_in(page, text)
    for lang in ("vi", "en"):
        kept = [event for event in events if not _notes(event, lang)]
        if kept:
            back = events_in(page, dumped(page, kept, WriteOptions(registry_info=HEADER, lang=lang)))
            same(list(map(_what, back)), list(map(_what, kept)))


def _notes(event: Event, lang: str) -> list[str]:
    how = WriteOptions(registry_info=HEADER, lang=lang)
    dumped(page, [event], how)
    return how.notes


def _what(event: Event) -> tuple[object, ...]:
    paragraphs = [line.split() for line in event.description.split("\n") if line.strip()]
    return event.title.split(), event.start, event.end or event.start, paragraphs
