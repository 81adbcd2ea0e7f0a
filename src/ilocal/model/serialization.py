"""Conversion of events to and from plain data, as JSON objects, TOML tables and spreadsheet rows hold it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from ilocal.errors import DateError, InvalidEventError
from ilocal.i18n.messages import N_, LazyMessage
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.model.dates import PartialDate, format_iso_date, parse_iso_date, unreadable_date_error
from ilocal.model.event import Event, OccurrenceOverride, Section, Translation
from ilocal.model.fields import (
    DATE_FIELDS,
    DATE_LIST_FIELDS,
    FIELD_NAMES,
    LIST_FIELDS,
    NUMBER_FIELDS,
    OVERRIDABLE_FIELDS,
    TEXT_FIELDS,
    TIMESTAMP_FIELDS,
)
from ilocal.model.safe_text import make_text_safe


def event_to_dict(event: Event) -> dict[str, Any]:
    """Return an event as JSON data: dates as ISO text in their own precision, absent fields left out.

    Unknown keys follow under their own names, with dates and times as ISO text.
    """
    plain: dict[str, Any] = {"id": event.id} if event.id else {}
    for name in FIELD_NAMES:
        value = getattr(event, name)
        if value and name != "id":
            plain[name] = _FIELD_WRITERS[name](value) if name in _FIELD_WRITERS else value
    for key, value in event.extra.items():
        plain.setdefault(key, to_json_value(value))
    return plain


def to_json_value(value: Any) -> Any:
    """Return a TOML value as JSON data."""
    if isinstance(value, dict):
        return {key: to_json_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [to_json_value(inner) for inner in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)  # JSON lacks these numbers
    return value if isinstance(value, (str, int, float, bool)) else value.isoformat()


def _make_dict_of_event_section(section: Section) -> dict[str, Any]:
    body = {"body": section.body} if section.body else {}
    return {"heading": section.heading, **body, **to_json_value(dict(section.extra))}


def _make_dict_of_event_translation(translation: Translation) -> dict[str, Any]:
    texts = {"title": translation.title, "description": translation.description}
    return {**{key: text for key, text in texts.items() if text}, **to_json_value(dict(translation.extra))}


def _make_dict_of_occurrence_override(override: OccurrenceOverride) -> dict[str, Any]:
    """Return the differing values of an occurrence, including those set to an empty text or list."""
    values = {
        name: "" if value is None else _FIELD_WRITERS[name](value) if name in _FIELD_WRITERS else value
        for name, value in override.values.items()
    }
    return {"recurrence_id": format_iso_date(override.recurrence_id), **values, **to_json_value(dict(override.extra))}


_FIELD_WRITERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys((*DATE_FIELDS, *TIMESTAMP_FIELDS, "recurrence_id"), format_iso_date),
    **dict.fromkeys(DATE_LIST_FIELDS, lambda points: [format_iso_date(point) for point in points]),
    **dict.fromkeys(LIST_FIELDS, list),
    "sections": lambda sections: [_make_dict_of_event_section(section) for section in sections],
    "translations": lambda found: {
        translation.language: _make_dict_of_event_translation(translation) for translation in found
    },
    "overrides": lambda overrides: [_make_dict_of_occurrence_override(override) for override in overrides],
}


def event_from_dict(
    plain: Mapping[str, Any],
    parse_date: Callable[[str], PartialDate] = parse_iso_date,
    *,
    source_file: str = "",
    source_line: int = 0,
) -> Event:
    """Return the event of a JSON object or a TOML table.

    Arguments:
        plain: the values by name; fields that are null or empty are absent.
        parse_date: reads a date that is written as text.
        source_file: the file it comes from, for messages.
        source_line: its line there.

    Raises InvalidEventError, which names the field.
    """
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    errors: list[InvalidEventError] = []
    for key, value in plain.items():
        try:
            if key in _FIELD_READERS:
                if value is not None:
                    values[key] = _FIELD_READERS[key](key, value)
            elif key in _ALL_DATE_FIELDS:
                if value is not None:
                    values[key] = _make_event_date_from_value(key, value, parse_date)
            else:
                _make_rare_event_value(key, value, parse_date, values, extra)
        except InvalidEventError as error:
            errors.append(error)
    if not values.get("title") and all(error.field != "title" for error in errors):
        errors.append(InvalidEventError("title", _("an event must have a title")))
    if not errors:
        try:
            return Event(**values, extra=extra, source_file=source_file, source_line=source_line)
        except InvalidEventError as error:
            errors.append(error)
    raise _combine_errors_of_event(errors, values)


def _make_rare_event_value(
    key: str,
    value: Any,
    parse_date: Callable[[str], PartialDate],
    values: dict[str, Any],
    extra: dict[str, Any],
) -> None:
    """Add rare fields to `values` and unknown keys to `extra`. Raises InvalidEventError."""
    if key in DATE_LIST_FIELDS:
        values[key] = _make_recurrence_dates_from_value(key, value, parse_date)
    elif key == "overrides" or (key == "override" and _is_list_of_event_parts(value)):
        values["overrides"] = _make_occurrence_overrides_from_value("overrides", value, parse_date)
    elif key == "section" and _is_list_of_event_parts(value):
        values["sections"] = _make_event_sections_from_value("sections", value)
    elif key not in _POSITION_KEYS and value is not None:
        _validate_unknown_event_value(key, value)  # a key of the owner's own
        extra[key] = value


def _combine_errors_of_event(errors: list[InvalidEventError], values: dict[str, Any]) -> InvalidEventError:
    """Return the first error about an event with all others attached, including those of the remaining `values`."""
    kept = values | {"title": values.get("title") or "?"}
    for _field in FIELD_NAMES:
        wrong = {error.field for error in errors}
        if not wrong.isdisjoint(_TIME_FIELDS):
            wrong |= _TIME_FIELDS  # they are checked against each other
        kept = {name: value for name, value in kept.items() if name == "title" or name not in wrong}
        try:
            Event(**kept)
            break
        except InvalidEventError as error:
            errors.append(error)
    errors[0].further_errors = errors[1:]
    return errors[0]


_ALL_DATE_FIELDS = frozenset((*DATE_FIELDS, *TIMESTAMP_FIELDS, "recurrence_id"))
_TIME_FIELDS = frozenset((*DATE_FIELDS, *DATE_LIST_FIELDS, "rrule", "overrides"))
_FIRST_LIKELY_YEAR = 1000  # smaller numbers are no years
_POSITION_KEYS = ("source_file", "source_line")


def _make_event_text_from_value(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidEventError(name, _("expected a string, found {kind}", kind=describe_value_type(value)))
    return value


_MAX_DEPTH = 50
_INT64_LIMIT = 1 << 63  # integers of TOML have 64 bits


def _validate_unknown_event_value(key: str, value: Any, depth: int = 0) -> None:
    """Raise InvalidEventError for a value, at any depth, that TOML cannot hold or that is nested too deeply."""
    if depth > _MAX_DEPTH:
        raise InvalidEventError(make_text_safe(key), _("nested too deeply"))
    if isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            _validate_unknown_event_value(key, inner, depth + 1)
    elif isinstance(value, int) and not -_INT64_LIMIT <= value < _INT64_LIMIT:
        raise InvalidEventError(make_text_safe(key), _("the number does not fit into 64 bits"))
    elif not isinstance(value, (str, int, float, date, time)):
        raise InvalidEventError(make_text_safe(key), _("the value cannot be written in TOML: {value}", value=value))


def _make_event_name_list_from_value(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidEventError(name, _("expected a list of strings"))
    return tuple(item for item in value if item)


def _make_event_date_from_value(name: str, value: Any, parse_date: Callable[[str], PartialDate]) -> Any:
    if isinstance(value, str) and value:
        if parse_date is not parse_iso_date and _is_undated(value):
            return None
        try:
            value = parse_date(value)
        except DateError as error:
            if parse_date is parse_iso_date and (proposal := _propose_iso_date(value)):
                said = _('write "{text}" as {proposal}', text=make_text_safe(value), proposal=proposal)
                raise InvalidEventError(name, said) from None
            if parse_date is parse_iso_date and not error.reason and (reason := _explain_unreadable_date(value)):
                raise InvalidEventError(
                    name, unreadable_date_error(value, reason).lazy_message, hint=error.hint
                ) from None
            raise InvalidEventError(name, error.lazy_message, hint=error.hint) from None
    elif value == "":
        return None
    elif not isinstance(value, date):
        raise InvalidEventError(name, _describe_wrong_date(value))
    if name in TIMESTAMP_FIELDS and not isinstance(value, date):
        raise InvalidEventError(name, _("expected a day or a time, found {kind}", kind=describe_value_type(value)))
    return value


def _is_undated(text: str) -> bool:
    from ilocal.model.undated_words import is_undated_text  # needed for imports alone

    return is_undated_text(text)


def _explain_unreadable_date(text: str) -> LazyMessage | None:
    from ilocal.model.impossible_dates import explain_impossible_date  # needed for errors alone

    return explain_impossible_date(text)


def _describe_wrong_date(value: Any) -> LazyMessage:
    """Return the message for a value of another type than a date, with the date that is likely to be meant."""
    kind = describe_value_type(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if _FIRST_LIKELY_YEAR <= value < 10_000:
            return _('expected a date, found {kind}; write "{year}"', kind=kind, year=value)
        with suppress(ValueError):
            day = datetime.strptime(str(value), "%Y%m%d").date()
            return _("expected a date, found {kind}; write {day}", kind=kind, day=day.isoformat())
    if isinstance(value, time):
        return _(
            "expected a date, found a time alone; write it after its day: 2020-02-25T{time}", time=value.isoformat()
        )
    return _('expected a date, found {kind}; write a day as 2020-02-25, a month as "2020-02"', kind=kind)


def _propose_iso_date(text: str) -> str:
    """Return the ISO form of a written date; "" if it is not a date or depends on the present day."""
    from ilocal.model.date_parser import find_certain_period  # needed for errors alone

    span = find_certain_period(text)
    if span is None:
        return ""
    ends = (span.start,) if span.end is None else (span.start, span.end)
    return ", ".join(f'"{format_iso_date(point)}"' for point in ends)


def _is_list_of_event_parts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _make_recurrence_dates_from_value(
    name: str, value: Any, parse_date: Callable[[str], PartialDate]
) -> tuple[PartialDate, ...]:
    if value is None or value == "":
        return ()
    items = [
        _make_event_date_from_value(name, item, parse_date) for item in (value if isinstance(value, list) else [value])
    ]
    if None in items:
        raise InvalidEventError(name, _("expected a list of dates"))
    return tuple(items)


def _make_occurrence_overrides_from_value(
    name: str, value: Any, parse_date: Callable[[str], PartialDate]
) -> tuple[OccurrenceOverride, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidEventError(name, _("expected a list of tables, each with a recurrence_id"))
    return tuple(_make_occurrence_override_from_value(name, item, parse_date) for item in value)


def _make_occurrence_override_from_value(
    name: str, item: Mapping[str, Any], parse_date: Callable[[str], PartialDate]
) -> OccurrenceOverride:
    at = _make_event_date_from_value(name, item.get("recurrence_id"), parse_date) if item.get("recurrence_id") else None
    if at is None:
        raise InvalidEventError(
            name,
            _(
                "recurrence_id is missing; set it to the original start of the "
                "occurrence according to the rule of the series"
            ),
        )
    values: dict[str, Any] = {}
    for key, value in item.items():
        if key in OVERRIDABLE_FIELDS:
            values[key] = (
                _FIELD_READERS[key](key, value)
                if key in _FIELD_READERS
                else _make_event_date_from_value(key, value, parse_date)
            )
    return OccurrenceOverride(at, values, _collect_extra_fields_of_event(item, (*OVERRIDABLE_FIELDS, "recurrence_id")))


def _make_event_number_from_value(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _INT64_LIMIT:
        raise InvalidEventError(name, _("expected a non-negative whole number"))
    return value


def _make_event_sections_from_value(name: str, value: Any) -> tuple[Section, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidEventError(name, _("expected a list of sections, each with a heading and a body"))
    sections = []
    for item in value:
        heading, body = (_make_event_text_from_value(key, item.get(key, "")) for key in ("heading", "body"))
        sections.append(Section(heading, body, _collect_extra_fields_of_event(item, ("heading", "body"))))
    return tuple(sections)


def _make_event_translations_from_value(name: str, value: Any) -> tuple[Translation, ...]:
    if not isinstance(value, Mapping) or not all(isinstance(item, dict) for item in value.values()):
        raise InvalidEventError(name, _("expected a table for each language, such as [event.translations.en]"))
    found = []
    for language, item in value.items():
        title, description = (
            _make_event_text_from_value(f"{name}.{key}", item.get(key, "")) for key in ("title", "description")
        )
        found.append(
            Translation(language, title, description, _collect_extra_fields_of_event(item, ("title", "description")))
        )
    return tuple(found)


def _collect_extra_fields_of_event(item: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    extra = {key: value for key, value in item.items() if key not in known}
    for key, value in extra.items():
        _validate_unknown_event_value(key, value)
    return extra


_FIELD_READERS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(TEXT_FIELDS, _make_event_text_from_value),
    **dict.fromkeys(LIST_FIELDS, _make_event_name_list_from_value),
    **dict.fromkeys(NUMBER_FIELDS, _make_event_number_from_value),
    "sections": _make_event_sections_from_value,
    "translations": _make_event_translations_from_value,
}


def describe_value_type(value: Any) -> LazyMessage:
    """Return the type of a TOML or JSON value, in words."""
    if isinstance(value, datetime):
        return _("a date-time")
    if isinstance(value, date):
        return _("a date")
    return _(_TYPE_NAMES.get(type(value), type(value).__name__))


_TYPE_NAMES = {
    bool: N_("true or false"), int: N_("a number"), float: N_("a number"), str: N_("text"), list: N_("a list"),
    dict: N_("a table"), time: N_("a time"),
}  # fmt: skip
