"""Templates that write an event on one line: `{start:%d/%m} {title}`.

`{field}` is a field as a table shows it, `{field:%d/%m}` a date in parts, `{field|text}` has a text for where there is
nothing to say; `{{` and `}}` are braces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.date_names import get_month_name_of_date, get_weekday_name_of_date
from ilocal.model.dates import Month, PartialDate
from ilocal.model.describe import describe_field
from ilocal.model.event import Event
from ilocal.model.fields import (
    DATE_FIELDS,
    DATE_LIST_FIELDS,
    TIMESTAMP_FIELDS,
    resolve_event_field_or_dates,
    resolve_field_name,
)
from ilocal.model.safe_text import list_unsafe_characters_of_text, make_text_safe
from ilocal.model.translations import localize_event

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_PLACEHOLDER = re.compile(r"([^:|]*)(?::([^|]*))?(?:\|(.*))?")
_DATE_PART = re.compile(r"%(-?[A-Za-z]|%)|%|[^%]+")
_DATED_FIELDS = (*DATE_FIELDS, *DATE_LIST_FIELDS, *TIMESTAMP_FIELDS, "recurrence_id")
# Composite parts of dates, in simple ones.
_COMPOSITES = {"%F": "%Y-%m-%d", "%D": "%m/%d/%y", "%R": "%H:%M", "%T": "%H:%M:%S"}


class DatePart(NamedTuple):
    """A part of a date: how it is found, and what is written if the date does not have it."""

    unknown: str
    find: Callable[[PartialDate, str], str | None]


def _find_number_of_date(attribute: str, form: str = "02") -> Callable[[PartialDate, str], str | None]:
    def find(point: PartialDate, _lang: str) -> str | None:
        value = getattr(point, attribute, None)
        return None if value is None else format(value, form)

    return find


def _find_standard_form_of_date(directive: str) -> Callable[[PartialDate, str], str | None]:
    def find(point: PartialDate, _lang: str) -> str | None:
        return point.strftime(directive) if isinstance(point, date) else None

    return find


def _find_year_of_week(point: PartialDate, _lang: str) -> str | None:
    return f"{point.isocalendar().year:04}" if isinstance(point, date) else None


def _find_month_name(point: PartialDate, lang: str) -> str | None:
    if not isinstance(point, (date, Month)):
        return None
    name = get_month_name_of_date(point.month, lang)
    return f"Tháng {name}" if lang == "vi" else name


def _find_weekday_name(point: PartialDate, lang: str) -> str | None:
    if not isinstance(point, date):
        return None
    name = get_weekday_name_of_date(point.weekday(), lang)
    return name[:1].upper() + name[1:]


def _find_short_month_name(point: PartialDate, lang: str) -> str | None:
    if lang == "vi" and isinstance(point, (date, Month)):
        return f"thg {point.month}"
    name = _find_month_name(point, lang)
    return name and name[:3]


def _find_short_weekday_name(point: PartialDate, lang: str) -> str | None:
    if lang == "vi" and isinstance(point, date):
        return "CN" if point.weekday() == 6 else f"T{point.weekday() + 2}"
    name = _find_weekday_name(point, lang)
    return name and name[:3]


def _find_zone_offset_of_event_date(point: PartialDate, _lang: str) -> str | None:
    return (f"{point:%z}" or None) if isinstance(point, datetime) else None


def _find_hour_of_twelve(point: PartialDate, _lang: str) -> str | None:
    return f"{(point.hour + 11) % 12 + 1:02}" if isinstance(point, datetime) else None


def _find_half_of_day(point: PartialDate, _lang: str) -> str | None:
    return ("AM" if point.hour < 12 else "PM") if isinstance(point, datetime) else None


DATE_PARTS = {
    "Y": DatePart("????", _find_number_of_date("year", "04")),
    "y": DatePart("??", lambda point, _lang: f"{point.year % 100:02}"),
    "m": DatePart("??", _find_number_of_date("month")),
    "-m": DatePart("?", _find_number_of_date("month", "")),
    "d": DatePart("??", _find_number_of_date("day")),
    "-d": DatePart("?", _find_number_of_date("day", "")),
    "H": DatePart("??", _find_number_of_date("hour")),
    "-H": DatePart("?", _find_number_of_date("hour", "")),
    "M": DatePart("??", _find_number_of_date("minute")),
    "S": DatePart("??", _find_number_of_date("second")),
    "I": DatePart("??", _find_hour_of_twelve),
    "p": DatePart("??", _find_half_of_day),
    "z": DatePart("?", _find_zone_offset_of_event_date),
    "A": DatePart("?", _find_weekday_name),
    "a": DatePart("?", _find_short_weekday_name),
    "B": DatePart("?", _find_month_name),
    "b": DatePart("?", _find_short_month_name),
    "j": DatePart("???", _find_standard_form_of_date("%j")),
    "u": DatePart("?", _find_standard_form_of_date("%u")),
    "V": DatePart("??", _find_standard_form_of_date("%V")),
    "G": DatePart("????", _find_year_of_week),
}


class TemplatePart(NamedTuple):
    """A literal text, or a field with its date format and its fallback."""

    text: str = ""
    field: str = ""
    date_parts: tuple[str, ...] = ()  # literal texts, and keys of DATE_PARTS after `%`
    fallback: str | None = None


class EventTemplate(NamedTuple):
    """A parsed template."""

    parts: Sequence[TemplatePart]

    def format_event(self, event: Event, lang: str, language: str = "") -> str:
        """Return an event on one line, without the line end; `language` is the registry's."""
        told = localize_event(event, lang, language)
        return make_text_safe("".join(_fill_template_part_from_event(told, part, lang) for part in self.parts))


def parse_template_of_event_fields(text: str) -> EventTemplate:
    """Parse a template. Raises UsageError."""
    if not text:
        raise UsageError(
            _("the template is empty"), hint=_("use a template such as {example}", example="'{start:%d/%m} {title}'")
        )
    if "\n" in text:
        raise UsageError(_("a template must not contain a line break"))
    if unsafe := list_unsafe_characters_of_text(text):
        raise UsageError(_("a template must not contain the character {shown}", shown=make_text_safe(unsafe[0])))
    return EventTemplate([_parse_event_template_part(found) for found in _TOKEN.finditer(text)])


def _parse_event_template_part(token: re.Match[str]) -> TemplatePart:
    text = token.group()
    if token.group(1) is not None:
        return _parse_event_placeholder(token.group(1))
    if text in ("{", "}"):
        said = _('unmatched "{brace}" at character {n}', brace=text, n=token.start() + 1)
        raise UsageError(said, hint=_("to write a brace, use {braces}", braces=text * 2))
    return TemplatePart({"{{": "{", "}}": "}"}.get(text, text))


def _parse_event_placeholder(text: str) -> TemplatePart:
    found = _PLACEHOLDER.fullmatch(text)
    assert found is not None  # whatever has no braces
    name, date_format, fallback = found.groups()
    field = resolve_event_field_or_dates(name.strip())
    if field == "extra":  # keys of the owner's own are no single text
        resolve_field_name(field)
    return TemplatePart("", field, _parse_date_format_of_event_template(field, date_format), fallback)


def _parse_date_format_of_event_template(field: str, text: str | None) -> tuple[str, ...]:
    """Return the pieces of a format such as `%d/%m`. Raises UsageError."""
    if text is None:
        return ()
    if field not in _DATED_FIELDS:
        raise UsageError(
            _("{field} is not a date", field=field),
            hint=_("use one of {names}", names=", ".join(_DATED_FIELDS)),
        )
    for name, meaning in _COMPOSITES.items():
        text = text.replace(name, meaning)
    parts = tuple(found.group() for found in _DATE_PART.finditer(text))
    wrong = next((part for part in parts if part[0] == "%" and part != "%%" and part[1:] not in DATE_PARTS), None)
    if wrong is not None or "%" not in text:
        raise UsageError(
            _('"{text}" is not a date format', text=make_text_safe(wrong or text)),
            hint=_("use one of {names}", names=", ".join([*(f"%{name}" for name in DATE_PARTS), *_COMPOSITES])),
        )
    return parts


def _fill_template_part_from_event(event: Event, part: TemplatePart, lang: str) -> str:
    if not part.field:
        return part.text
    if part.date_parts:
        value = getattr(event, part.field)
        points: Sequence[PartialDate] = value if isinstance(value, tuple) else [value] if value is not None else []
        said = [_format_date_parts(point, part, lang) for point in points]
        found = "; ".join(text for text in said if text is not None)
        return found or part.fallback or ""
    is_missing = part.field == "when" and event.start is None and part.fallback is not None
    return ("" if is_missing else describe_field(event, part.field, lang)) or part.fallback or ""


def _format_date_parts(point: PartialDate, part: TemplatePart, lang: str) -> str | None:
    """Return a date in the format asked for; None if it lacks a part and the template has a fallback."""
    texts: list[str] = []
    for name in part.date_parts:
        if name[0] != "%" or name == "%%":
            texts.append(name[-1] if name == "%%" else name)
            continue
        date_part = DATE_PARTS[name[1:]]
        found = date_part.find(point, lang)
        if found is None and part.fallback is not None:
            return None
        texts.append(date_part.unknown if found is None else found)
    return "".join(texts)
