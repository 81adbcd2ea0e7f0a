"""The record: one frozen `Event`, as plain data and back, and the ids events are known by."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from ilocal.dates import Days, Point, Span, check_order, days, from_iso, iso
from ilocal.errors import DateError, RecordError
from ilocal.text import safe, slug

STATUSES = ("tentative", "confirmed", "cancelled", "postponed")
TEXTS = ("title", "location", "kind", "status", "language", "participants", "url", "source", "summary", "description")
LISTS = ("organizers", "projects", "topics")
POINTS = ("start", "end")
STAMPS = ("created", "updated")


_PLAIN_ID = re.compile("[!-~]+")


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of an event's own page; `body` is Markdown."""

    heading: str
    body: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)  # keys that ilocal does not know


@dataclass(frozen=True, slots=True)
class Translation:
    """Title and description in another language (BCP 47 tag)."""

    language: str
    title: str = ""
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One event. The order of the fields is the order in which they are written.

    Only `title` is required; an empty text or tuple means that the field is absent. An Event that exists is valid:
    the constructor raises RecordError for anything that the record forbids.
    """

    title: str
    id: str = ""  # unique in its registry; "" until the registry gives one
    start: Point | None = None
    end: Point | None = None  # inclusive, in the form of start
    location: str = ""
    organizers: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kind: str = ""
    status: str = ""  # one of STATUSES
    language: str = ""  # BCP 47; absent: the registry's
    participants: str = ""
    url: str = ""
    source: str = ""  # where the record came from
    created: date | None = None
    updated: date | None = None
    revision: int = 0  # how often ilocal changed it (RFC 5545, SEQUENCE)
    summary: str = ""
    description: str = ""
    sections: tuple[Section, ...] = ()
    translations: tuple[Translation, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)  # keys that ilocal does not know, as TOML values
    source_file: str = field(default="", compare=False)
    source_line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise RecordError("title", "an event needs a title")
        if self.status and self.status not in STATUSES:
            raise RecordError("status", f'unknown status "{safe(self.status)}" ({", ".join(STATUSES)})')
        if self.id and not _PLAIN_ID.fullmatch(self.id) and (safe(self.id) != self.id or len(self.id.split()) != 1):
            raise RecordError("id", f'"{safe(self.id)}" has a blank or a control character in it')
        if self.end is not None:
            if self.start is None:
                raise RecordError("end", "an end without a start")
            try:
                check_order(self.start, self.end)
            except DateError as error:
                raise RecordError("end", error.message) from None

    @property
    def span(self) -> Span | None:
        return None if self.start is None else Span(self.start, self.end)

    @property
    def days(self) -> Days | None:
        """The first and the last day on which it may take place; None without a date."""
        return None if self.start is None else Days(days(self.start).first, days(self.end or self.start).last)


FIELDS = tuple(f.name for f in dataclasses.fields(Event) if f.compare and f.name != "extra")


def changed_fields(before: Event, after: Event) -> list[str]:
    """The fields in which two events differ; a time said in another zone is another one."""
    return [name for name in (*FIELDS, "extra") if _differ(getattr(before, name), getattr(after, name))]


def _differ(one: Any, other: Any) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return iso(one) != iso(other)
    return bool(one != other)


def to_plain(event: Event) -> dict[str, Any]:
    """The event as JSON has it: dates as ISO text in their own precision, absent fields left out, sections as objects.

    Unknown keys follow under their own names, with dates and times as ISO text.
    """
    plain: dict[str, Any] = {"id": event.id} if event.id else {}
    for name in FIELDS:
        value = getattr(event, name)
        if name == "id" or value is None or value in ("", ()) or (name == "revision" and value == 0):
            continue
        plain[name] = _PLAIN[name](value) if name in _PLAIN else value
    for key, value in event.extra.items():
        plain.setdefault(key, plain_value(value))
    return plain


def plain_value(value: Any) -> Any:
    """A TOML value as JSON has it."""
    if isinstance(value, dict):
        return {key: plain_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain_value(inner) for inner in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)  # JSON has no such numbers
    return value if isinstance(value, (str, int, float, bool)) else value.isoformat()


def _plain_section(section: Section) -> dict[str, Any]:
    body = {"body": section.body} if section.body else {}
    return {"heading": section.heading, **body, **plain_value(dict(section.extra))}


def _plain_translation(translation: Translation) -> dict[str, Any]:
    texts = {"title": translation.title, "description": translation.description}
    return {**{key: text for key, text in texts.items() if text}, **plain_value(dict(translation.extra))}


_PLAIN: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(POINTS + STAMPS, iso),
    **dict.fromkeys(LISTS, list),
    "sections": lambda sections: [_plain_section(section) for section in sections],
    "translations": lambda found: {translation.language: _plain_translation(translation) for translation in found},
}


def from_plain(
    plain: Mapping[str, Any],
    read_point: Callable[[str], Point] = from_iso,
    *,
    source_file: str = "",
    source_line: int = 0,
) -> Event:
    """The event of a JSON object or a TOML table. `read_point` reads a date that is written as text.

    Fields that are null or empty are absent. Raises RecordError, which names the field.
    """
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, value in plain.items():
        if key in _READERS:
            if value is not None:
                values[key] = _READERS[key](key, value)
        elif key in _DATES:
            if value is not None:
                values[key] = _read_date(key, value, read_point)
        elif key == "section" and isinstance(value, list) and value and isinstance(value[0], dict):
            values["sections"] = _read_sections("sections", value)
        elif key not in _POSITION and value is not None:
            _check_value(key, value)  # a key of the owner's own
            extra[key] = value
    if not values.get("title"):
        raise RecordError("title", "an event needs a title")
    return Event(**values, extra=extra, source_file=source_file, source_line=source_line)


_DATES = frozenset(POINTS + STAMPS)
_POSITION = ("source_file", "source_line")


def _read_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise RecordError(name, f"text is wanted here, not {kind_of(value)}")
    return value


_DEEPEST = 50
_MOST = 1 << 63  # TOML's whole numbers have 64 bits


def _check_value(key: str, value: Any, depth: int = 0) -> None:
    """Raise RecordError for what a TOML file cannot hold, however deep, and for what is too deep."""
    if depth > _DEEPEST:
        raise RecordError(safe(key), "nested too deeply")
    if isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            _check_value(key, inner, depth + 1)
    elif isinstance(value, int) and not -_MOST <= value < _MOST:
        raise RecordError(safe(key), "a number of more than 64 bits")
    elif not isinstance(value, (str, int, float, date, time)):
        raise RecordError(safe(key), f"a value that TOML does not have: {value}")


def _read_list(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RecordError(name, "a list of texts is wanted here")
    return tuple(item for item in value if item)


def _read_date(name: str, value: Any, read_point: Callable[[str], Point]) -> Any:
    if isinstance(value, str) and value:
        try:
            value = read_point(value)
        except DateError as error:
            raise RecordError(name, error.message, hint=error.hint) from None
    elif value == "":
        return None
    elif not isinstance(value, date):
        year = (
            f' (write "{value}")'
            if isinstance(value, int) and 0 < value < 10_000 and not isinstance(value, bool)
            else ""
        )
        raise RecordError(name, f"a date is wanted here, not {kind_of(value)}{year}")
    if name in STAMPS and not isinstance(value, date):
        raise RecordError(name, f"a day or a time is wanted here, not {kind_of(value)}")
    return value


def _read_revision(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST:
        raise RecordError(name, "a whole number from 0 is wanted here")
    return value


def _read_sections(name: str, value: Any) -> tuple[Section, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RecordError(name, "a list of sections is wanted here, each with a heading and a body")
    sections = []
    for item in value:
        heading, body = (_read_text(key, item.get(key, "")) for key in ("heading", "body"))
        sections.append(Section(heading, body, _unknown(item, ("heading", "body"))))
    return tuple(sections)


def _read_translations(name: str, value: Any) -> tuple[Translation, ...]:
    if not isinstance(value, Mapping) or not all(isinstance(item, dict) for item in value.values()):
        raise RecordError(name, "a table a language is wanted here, such as [event.translations.en]")
    found = []
    for language, item in value.items():
        title, description = (_read_text(f"{name}.{key}", item.get(key, "")) for key in ("title", "description"))
        found.append(Translation(language, title, description, _unknown(item, ("title", "description"))))
    return tuple(found)


def _unknown(item: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    extra = {key: value for key, value in item.items() if key not in known}
    for key, value in extra.items():
        _check_value(key, value)
    return extra


_READERS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys((*TEXTS, "id"), _read_text),
    **dict.fromkeys(LISTS, _read_list),
    "revision": _read_revision,
    "sections": _read_sections,
    "translations": _read_translations,
}


def kind_of(value: Any) -> str:
    """What a TOML or JSON value is, in words."""
    if isinstance(value, datetime):
        return "a date-time"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date" if isinstance(value, date) else type(value).__name__)


def make_id(title: str, start: Point | None, taken: Container[str], longest: int = 60) -> str:
    """`YEAR-slug-of-title`, or `tba-…` without a date; at most `longest` characters, `-2` and so on on a clash."""
    year = "tba" if start is None else f"{start.year:04}"
    name = year
    for part in slug(title) or ["event"]:
        if len(name) + 1 + len(part) > longest:
            break
        name += "-" + part
    if name == year:  # a first word longer than an id may be
        name = f"{year}-{slug(title)[0]}"[:longest]
    candidate, n = name, 1
    while candidate in taken:
        n += 1
        candidate = f"{name[: longest - len(str(n)) - 1].rstrip('-')}-{n}"
    return candidate
