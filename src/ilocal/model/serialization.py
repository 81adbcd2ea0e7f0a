"""The record as plain data and back: what JSON objects, TOML tables and rows of a spreadsheet say of an event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from ilocal.errors import DateError, RecordError
from ilocal.i18n.messages import N_, _
from ilocal.model.dates import Point, from_iso, iso
from ilocal.model.event import Event, Override, Section, Translation
from ilocal.model.fields import FIELDS, LISTS, OVERRIDDEN, POINT_LISTS, POINTS, STAMPS, TEXTS
from ilocal.model.safe_text import safe


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


def _plain_override(override: Override) -> dict[str, Any]:
    """What is otherwise, also where that is nothing: an empty text or list."""
    values = {
        name: "" if value is None else _PLAIN[name](value) if name in _PLAIN else value
        for name, value in override.values.items()
    }
    return {"recurrence_id": iso(override.recurrence_id), **values, **plain_value(dict(override.extra))}


_PLAIN: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys((*POINTS, *STAMPS, "recurrence_id"), iso),
    **dict.fromkeys(POINT_LISTS, lambda points: [iso(point) for point in points]),
    **dict.fromkeys(LISTS, list),
    "sections": lambda sections: [_plain_section(section) for section in sections],
    "translations": lambda found: {translation.language: _plain_translation(translation) for translation in found},
    "overrides": lambda overrides: [_plain_override(override) for override in overrides],
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
        elif key in POINT_LISTS:
            values[key] = _read_dates(key, value, read_point)
        elif key == "overrides" or (key == "override" and _are_tables(value)):
            values["overrides"] = _read_overrides("overrides", value, read_point)
        elif key == "section" and _are_tables(value):
            values["sections"] = _read_sections("sections", value)
        elif key not in _POSITION and value is not None:
            _check_value(key, value)  # a key of the owner's own
            extra[key] = value
    if not values.get("title"):
        raise RecordError("title", _("an event needs a title"))
    return Event(**values, extra=extra, source_file=source_file, source_line=source_line)


_DATES = frozenset((*POINTS, *STAMPS, "recurrence_id"))
_POSITION = ("source_file", "source_line")


def _read_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise RecordError(name, _("text is wanted here, not {kind}", kind=kind_of(value)))
    return value


_DEEPEST = 50
_MOST = 1 << 63  # TOML's whole numbers have 64 bits


def _check_value(key: str, value: Any, depth: int = 0) -> None:
    """Raise RecordError for what a TOML file cannot hold, however deep, and for what is too deep."""
    if depth > _DEEPEST:
        raise RecordError(safe(key), _("nested too deeply"))
    if isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            _check_value(key, inner, depth + 1)
    elif isinstance(value, int) and not -_MOST <= value < _MOST:
        raise RecordError(safe(key), _("a number of more than 64 bits"))
    elif not isinstance(value, (str, int, float, date, time)):
        raise RecordError(safe(key), _("a value that TOML does not have: {value}", value=value))


def _read_list(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RecordError(name, _("a list of texts is wanted here"))
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
        if isinstance(value, int) and 0 < value < 10_000 and not isinstance(value, bool):
            said = _('a date is wanted here, not {kind} (write "{year}")', kind=kind_of(value), year=value)
            raise RecordError(name, said)
        raise RecordError(name, _("a date is wanted here, not {kind}", kind=kind_of(value)))
    if name in STAMPS and not isinstance(value, date):
        raise RecordError(name, _("a day or a time is wanted here, not {kind}", kind=kind_of(value)))
    return value


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _read_dates(name: str, value: Any, read_point: Callable[[str], Point]) -> tuple[Point, ...]:
    if value is None or value == "":
        return ()
    items = [_read_date(name, item, read_point) for item in (value if isinstance(value, list) else [value])]
    if None in items:
        raise RecordError(name, _("a list of dates is wanted here"))
    return tuple(items)


def _read_overrides(name: str, value: Any, read_point: Callable[[str], Point]) -> tuple[Override, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RecordError(name, _("a list of tables is wanted here, each with a recurrence_id"))
    return tuple(_read_override(name, item, read_point) for item in value)


def _read_override(name: str, item: Mapping[str, Any], read_point: Callable[[str], Point]) -> Override:
    at = _read_date(name, item.get("recurrence_id"), read_point) if item.get("recurrence_id") else None
    if at is None:
        raise RecordError(name, _("a recurrence_id is wanted here: when the occurrence would begin"))
    values: dict[str, Any] = {}
    for key, value in item.items():
        if key in OVERRIDDEN:
            values[key] = _READERS[key](key, value) if key in _READERS else _read_date(key, value, read_point)
    return Override(at, values, _unknown(item, (*OVERRIDDEN, "recurrence_id")))


def _read_revision(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST:
        raise RecordError(name, _("a whole number from 0 is wanted here"))
    return value


def _read_sections(name: str, value: Any) -> tuple[Section, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise RecordError(name, _("a list of sections is wanted here, each with a heading and a body"))
    sections = []
    for item in value:
        heading, body = (_read_text(key, item.get(key, "")) for key in ("heading", "body"))
        sections.append(Section(heading, body, _unknown(item, ("heading", "body"))))
    return tuple(sections)


def _read_translations(name: str, value: Any) -> tuple[Translation, ...]:
    if not isinstance(value, Mapping) or not all(isinstance(item, dict) for item in value.values()):
        raise RecordError(name, _("a table a language is wanted here, such as [event.translations.en]"))
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
        return _("a date-time")
    if isinstance(value, date):
        return _("a date")
    return _(_KINDS.get(type(value), type(value).__name__))


_KINDS = {
    bool: N_("true or false"), int: N_("a number"), float: N_("a number"), str: N_("text"), list: N_("a list"),
    dict: N_("a table"),
}  # fmt: skip
