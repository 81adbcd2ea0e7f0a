"""An event of schema.org, from whichever markup, as an event of ours."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

from ilocal.errors import DateError, Diagnostic, InvalidEventError
from ilocal.formats.base import ReadOptions
from ilocal.formats.html.document import parse_html
from ilocal.formats.html.page_text import format_page_text
from ilocal.model.date_parser import parse_date
from ilocal.model.dates import PartialDate, parse_iso_date
from ilocal.model.event import Event
from ilocal.model.timezones import load_timezone
from ilocal.model.value_labels import resolve_event_kind_or_status

_STATUSES = {"EventCancelled": "cancelled", "EventPostponed": "postponed"}
_ADDRESS_PARTS = ("streetAddress", "addressLocality", "addressRegion", "addressCountry")
_TAG = re.compile(r"<(?:p|br|div|ul|ol|li|a|strong|b|em|i|h[1-6]|span)\b[^>]*>", re.IGNORECASE)
_COMPACT_OFFSET = re.compile(r"([+-]\d\d)(\d\d)$")
_UID = re.compile(r"[^\s@]+@[^\s@]+")
_LAST_MINUTE = (23, 59)


def make_event_from_html_item(item: dict[str, Any], options: ReadOptions) -> Event | Diagnostic:
    """Return the event of an item, or its diagnostic."""
    title = _read_json_ld_text(item.get("name"))
    line = item.get("@line", 0)
    try:
        start, end = _read_dates(item, options)
        language = _read_json_ld_text(item.get("inLanguage"))
        uid = _read_json_ld_text(item.get("identifier"))
        return Event(
            title,
            start=start,
            end=end,
            location=_read_location(item.get("location")),
            organizers=_read_names(item.get("organizer")),
            topics=_read_names(item.get("keywords")),
            projects=_read_projects(item.get("about")),
            kind=_read_kind(item.get("additionalType")),
            participants=_read_participants(item),
            status=_STATUSES.get(_read_json_ld_text(item.get("eventStatus")).rpartition("/")[2], ""),
            language="" if language == options.registry_info.language else language,
            url=_read_url(item.get("url")),
            uid=uid if _UID.fullmatch(uid) else "",
            description=_read_text(item.get("description")),
            source_line=line,
        )
    except DateError as error:
        return Diagnostic(line, f"{title}: {error.message}", "start", text=title)
    except InvalidEventError as error:
        return Diagnostic(line, f"{title}: {error.reason}", error.field, text=title)


def _read_json_ld_text(value: Any) -> str:
    """Return a text as one line; of an object its name, of a list the first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("alternateName") or ""
    return " ".join(unescape(str(value)).split()) if isinstance(value, (str, int, float)) else ""


def _read_text(value: Any) -> str:
    """Return a text with its paragraphs, without tags."""
    if isinstance(value, list):
        value = "\n\n".join(one for one in value if isinstance(one, str))
    if not isinstance(value, str):
        return _read_json_ld_text(value)
    text = unescape(value) if "&lt;" in value else value
    if _TAG.search(text):
        return format_page_text(parse_html(text), is_part=True)
    return "\n".join(line.strip() for line in unescape(text).replace("\r\n", "\n").strip().split("\n"))


def _read_names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        value = [value] if value else []
    return tuple(dict.fromkeys(filter(None, map(_read_json_ld_text, value))))


def _read_projects(value: Any) -> tuple[str, ...]:
    """Return the names of the projects among the things that an event is about."""
    things = value if isinstance(value, list) else [value]
    return _read_names([one for one in things if isinstance(one, dict) and "Project" in str(one.get("@type"))])


def _read_kind(value: Any) -> str:
    """Return a type that is a word, and not the address of a vocabulary."""
    text = _read_json_ld_text(value)
    return "" if _read_url(text) else resolve_event_kind_or_status("kind", text)


def _read_participants(item: dict[str, Any]) -> str:
    """Return those for whom an event is, else those who perform."""
    audience = item.get("audience")
    groups = audience if isinstance(audience, list) else [audience]
    said = [
        _read_json_ld_text(one) or _read_json_ld_text(one.get("audienceType") if isinstance(one, dict) else "")
        for one in groups
    ]
    return ", ".join(filter(None, said)) or ", ".join(_read_names(item.get("performer") or item.get("performers")))


def _read_url(value: Any) -> str:
    text = value.get("@id", "") if isinstance(value, dict) else value
    text = text[0] if isinstance(text, list) and text else text
    return text.strip() if isinstance(text, str) and re.match(r"https?://\S+$", text.strip()) else ""


def _read_location(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, map(_read_location, value))))
    if not isinstance(value, dict):
        return _read_json_ld_text(value)
    if "VirtualLocation" in str(value.get("@type")):
        return _read_url(value.get("url")) or _read_json_ld_text(value)
    name, address = _read_json_ld_text(value), _read_address(value.get("address"))
    if not address or address in name:
        return name
    return address if not name or address.startswith(name) else f"{name}, {address}"


def _read_address(value: Any) -> str:
    if isinstance(value, dict):
        parts = [_read_json_ld_text(value.get(part)) for part in _ADDRESS_PARTS]
        return ", ".join(dict.fromkeys(filter(None, parts))) or _read_json_ld_text(value)
    return _read_json_ld_text(value)


# --------------------------------------------------------------------------------------------------------------- dates


def _read_dates(item: dict[str, Any], options: ReadOptions) -> tuple[PartialDate | None, PartialDate | None]:
    """Return start and end; whole days if the times mean that. Raises DateError."""
    start, end = (_read_moment(_read_json_ld_text(item.get(name)), options) for name in ("startDate", "endDate"))
    if isinstance(start, datetime) and _is_midnight(start):
        if end is None and start.tzinfo is None:
            return start.date(), None
        if isinstance(end, datetime) and (end.hour, end.minute) == _LAST_MINUTE:
            return start.date(), _drop_single_day_of_json_ld(start.date(), end.date())
        if isinstance(end, datetime) and _is_midnight(end) and start.tzinfo is None:
            return start.date(), _drop_single_day_of_json_ld(start.date(), end.date())
    if isinstance(start, datetime) and type(end) is date:  # a time, and the last day
        return start.date(), _drop_single_day_of_json_ld(start.date(), end)
    if type(start) is date and isinstance(end, datetime):
        last = end.date() - timedelta(days=1) if _is_midnight(end) and end.date() > start else end.date()
        return start, _drop_single_day_of_json_ld(start, last)
    return start, None if end == start else end


def _drop_single_day_of_json_ld(first: date, last: date) -> date | None:
    return last if last > first else None


def _is_midnight(moment: datetime) -> bool:
    return not (moment.hour or moment.minute or moment.second)


def _read_moment(text: str, options: ReadOptions) -> PartialDate | None:
    """Return a date as ISO has it, else as people write it; a time in the registry's own zone is local."""
    if not text:
        return None
    iso = _COMPACT_OFFSET.sub(r"\1:\2", text.strip()) if "T" in text else text.strip()
    iso = re.sub(r"(:\d\d)\.\d+", r"\1", iso)
    try:
        point = parse_iso_date(iso)
    except DateError:
        point = parse_date(text, options.today)
    if not isinstance(point, datetime) or point.tzinfo is None:
        return point
    zone = load_timezone(options.registry_info.timezone)
    if zone is None:
        return point
    local = point.astimezone(zone)
    if local.utcoffset() == point.utcoffset() or point.utcoffset() == timedelta(0):
        return local.replace(tzinfo=None)
    return point
