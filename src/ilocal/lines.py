"""Events as lines of text: what a list and an event's page say, before anybody draws it.

A pipe gets these lines as they are, each event on one, its title whole; a terminal gets them drawn by `render`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from ilocal.dates import Point, iso, label, month_heading
from ilocal.event import LISTS, POINT_LISTS, POINTS, STAMPS, Event, Override
from ilocal.i18n.labels import word
from ilocal.query import Term
from ilocal.text import one_line, safe
from ilocal.translation import foreign, in_language, languages

DEFAULT_COLUMNS = ("when", "title")


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list is shown."""

    lang: str
    columns: tuple[str, ...] = ()  # empty: what fits
    by_month: bool = True
    running_on: date | None = None  # mark what is going on that day
    terms: tuple[Term, ...] = ()  # what was searched for, to be highlighted
    language: str = ""  # of the registry: what is in another than `lang`, and not translated, is marked


def grouped(events: Iterable[Event], how: Listing) -> Iterator[tuple[str, Iterator[tuple[int, Event]]]]:
    """The events under the headings of their months, numbered from 1 under each; without headings, one group."""

    def heading(event: Event) -> str:
        return month_heading(event.start, how.lang, word("undated", how.lang)) if how.by_month else ""

    for title, group in groupby(events, heading):
        yield title, enumerate(group, 1)


def listing(events: Iterable[Event], how: Listing) -> Iterator[str]:
    """The lines of a list for a pipe."""
    columns = how.columns or DEFAULT_COLUMNS
    separator = ""
    for heading, group in grouped(events, how):
        yield separator + (f"{heading}\n" if heading else "")
        separator = "\n"
        for number, event in group:
            told = in_language(event, how.lang, how.language)
            cells = [safe(cell(told, column, how.lang) + _foreign(event, column, how)) for column in columns]
            if columns[0] == "when":
                cells[0] = cells[0].ljust(23)
            notes = [f"[{mark}]" for mark in marks(event, how)] if "title" in columns else []
            yield f"{number:>3}. " + "  ".join([*cells, *notes]).rstrip() + "\n"


def _foreign(event: Event, column: str, how: Listing) -> str:
    return foreign_mark(event, how.lang, how.language) if column == "title" else ""


def foreign_mark(event: Event, lang: str, language: str) -> str:
    """What follows a title that is not in the language asked for: ` [vi]`."""
    tag = one_line(foreign(event, lang, language))
    return f" [{tag}]" if tag else ""


def marks(event: Event, how: Listing) -> list[str]:
    """What a reader must know at first sight: that it is running, or not certain to take place."""
    found = []
    if how.running_on and _is_running(event, how.running_on):
        found.append(word("running", how.lang))
    if event.status and event.status != "confirmed":
        found.append(word(event.status, how.lang))
    return found


def _is_running(event: Event, day: date) -> bool:
    if event.span is None or event.status in ("cancelled", "postponed"):
        return False
    first, last = event.span.days
    return first <= day <= last


def cell(event: Event, column: str, lang: str) -> str:
    """One field on one line of a table; whoever shows it makes it safe."""
    if column == "when":
        zone = f" {one_line(event.timezone)}" if event.timezone and isinstance(event.start, datetime) else ""
        return label(event.start, event.end, word("undated", lang)) + zone
    value = getattr(event, column)
    if column in LISTS:
        value = "; ".join(value)
    elif column == "rrule" and value:
        from ilocal.repeat import describe_recurrence

        value = describe_recurrence(value, lang)
    elif column in POINT_LISTS:
        value = "; ".join(map(_shown, value))
    elif column == "overrides":
        value = "; ".join(_otherwise(override) for override in value)
    elif column in (*POINTS, *STAMPS, "recurrence_id"):
        value = iso(value).replace("T", " ") if value is not None else ""
    elif column == "status":
        value = word(value, lang)
    elif column == "sections":
        value = "; ".join(section.heading for section in value)
    elif column == "translations":
        value = "; ".join(f"{translation.language}: {translation.title}" for translation in value)
    return one_line(str(value)) if value else ""


def _otherwise(override: Override) -> str:
    """An occurrence that is otherwise: when it would be, and what it is."""
    values = ((key, value) for key, value in override.values.items() if key not in STAMPS and key != "revision")
    said = ", ".join(f"{key} {_shown(value)}" for key, value in values)
    return f"{_shown(override.recurrence_id)}: {said}"


def _shown(value: object) -> str:
    """A value on one line: a date as lists have it, and what a list of an event has with semicolons."""
    if isinstance(value, tuple):
        return "; ".join(map(_shown, value))
    return label(value, None, "") if isinstance(value, Point) else str(value)


class Part(NamedTuple):
    """A piece of an event's page: `kind` is title, field (`label`: `text`), heading, text, bullet or gap.

    Each text is one line; whoever shows it makes it safe. A `mark` follows the text and is less than it.
    """

    kind: str
    text: str = ""
    label: str = ""
    mark: str = ""


# The order in which the fields are shown; title and long texts have their own places.
_FIELDS = (
    "when", "rrule", "rdates", "exdates", "overrides", "location", "organizers", "projects", "topics", "kind",
    "status", "participants", "language", "url", "uid", "source", "created", "updated", "revision", "id",
)  # fmt: skip


def page(event: Event, lang: str, language: str = "") -> Iterator[Part]:
    """One event in full: its fields, its texts, and its sections as on its page. `language` is the registry's."""
    mark, spoken = foreign_mark(event, lang, language), one_line(languages(event, lang, language))
    event = in_language(event, lang, language)
    yield Part("title", one_line(event.title), mark=mark)
    yield Part("gap")
    for name in _FIELDS:
        if text := spoken if name == "language" else cell(event, name, lang):
            yield Part("field", text, word(name, lang))
    for key, value in event.extra.items():
        yield Part("field", one_line(str(value)), one_line(key))
    for text in (event.summary, event.description):
        yield from _paragraphs(text)
    for section in event.sections:
        yield from (Part("gap"), Part("heading", one_line(section.heading)))
        yield from _paragraphs(section.body)
    for translation in event.translations:
        mark = f"[{translation.language}]" if translation.language else ""
        heading = one_line(f"{mark} {translation.title}")
        if translation.title or translation.description.strip():
            yield from (Part("gap"), Part("heading", heading))
        yield from _paragraphs(translation.description)


def _paragraphs(text: str) -> Iterator[Part]:
    """Markdown as lines: blank lines part paragraphs, `- ` begins a bullet."""
    if text.strip():
        yield Part("gap")
    for line in text.strip().split("\n"):
        if line.startswith("- "):
            yield Part("bullet", one_line(line[2:]))
        elif line.strip():
            yield Part("text", one_line(line))
        elif text.strip():
            yield Part("gap")


def plain(parts: Sequence[Part]) -> Iterator[str]:
    """An event's page as lines for a pipe."""
    safer = [Part(part.kind, safe(part.text + part.mark), safe(part.label)) for part in parts]
    width = max((len(part.label) for part in safer), default=0) + 2
    for part in safer:
        if part.kind == "field":
            yield f"{part.label:<{width}}{part.text}\n"
        elif part.kind == "bullet":
            yield f"  • {part.text}\n"
        else:
            yield f"{part.text}\n"


def snippet(event: Event, terms: Iterable[Term]) -> Iterator[str]:
    """Parts of the event's texts, its title apart, in which the terms stand: one for each that is not shown yet.

    What stands in a translation alone begins with its language.
    """
    given = [one_line(event.title)]
    for term in terms:
        if any(term.spans(text) for text in given):
            continue
        lines = ((mark, one_line(line)) for mark, text in _texts(event) for line in text.split("\n"))
        found = next((mark + _around(line, *spans[0]) for mark, line in lines if (spans := term.spans(line))), None)
        if found is not None:
            given.append(found)
            yield found


def _texts(event: Event) -> Iterator[tuple[str, str]]:
    """The texts in which a match may stand unseen, each with what is said before it."""
    for text in (event.summary, event.description, *(section.body for section in event.sections)):
        yield "", text
    for translation in event.translations:
        mark = f"[{one_line(translation.language)}] " if translation.language else ""
        yield from ((mark, translation.title), (mark, translation.description))


_AROUND = 60  # characters kept on either side of what was found


def _around(line: str, begin: int, end: int) -> str:
    """The part of a line near a match, cut between words."""
    first = line.rfind(" ", 0, max(begin - _AROUND, 0)) + 1 if begin > _AROUND else 0
    last = line.find(" ", end + _AROUND)
    head, tail = ("…" if first else ""), ("…" if last >= 0 else "")
    return head + (line[first:last] if last >= 0 else line[first:]) + tail
