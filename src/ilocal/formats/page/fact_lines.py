"""Lines with a label below the date of an event: `Status: cancelled`, `Topics: CSR; gỗ`, written and read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from ilocal.errors import DateError, UsageError
from ilocal.formats.page.line_kinds import PageLine
from ilocal.model.dates import PartialDate, Period
from ilocal.model.describe import describe_field, describe_when, format_period
from ilocal.model.event import Event
from ilocal.model.fields import STATUSES, find_field, name_event_field_as_heading
from ilocal.model.name_lists import join_names, split_names
from ilocal.model.recurrence_phrases import parse_recurrence
from ilocal.model.safe_text import escape_single_line
from ilocal.model.value_labels import resolve_event_kind_or_status

# In the order of the lines. `start` is where a series begins that is listed at a later occurrence, with its end.
FACT_FIELDS = ("status", "rrule", "rdates", "start", "exdates", "location", "kind", "topics", "url")
_SERIES_FIELDS = ("rrule", "rdates", "start", "exdates")
_FACT_LINE = re.compile(r"(?P<label>[^\W\d_][^:]{0,30}?)\s*:\s+(?P<value>\S.*)")


def format_fact_lines(event: Event, lang: str) -> Iterator[str]:
    """Yield a line for each fact that the event has; its status only if it does not take place as planned."""
    whole = event if event.series is None else event.series.event
    for name in FACT_FIELDS:
        told = whole if name in _SERIES_FIELDS else event
        if name == "start" and whole.start == event.start:
            continue
        value = getattr(told, name)
        if value and (name, value) != ("status", "confirmed"):
            text = _format_fact(told, name, value, lang)
            yield f"{name_event_field_as_heading(name, lang)}: {escape_single_line(text)}"


def _format_fact(event: Event, name: str, value: Any, lang: str) -> str:
    if name == "start":
        return describe_when(event, lang)
    if name == "topics":
        return join_names(value)
    if name in ("rdates", "exdates"):
        return "; ".join(format_period(one, None) for one in value)
    return describe_field(event, name, lang)


def split_fact_lines(
    lines: Sequence[PageLine], start: PartialDate | None, today: date
) -> tuple[dict[str, Any], Sequence[PageLine]]:
    """Return the facts in the lines directly below a date, and the lines that follow.

    Arguments:
        lines: the lines below the date.
        start: the date, which a rule must fit.
        today: the day for dates such as "tomorrow".

    The first line that states no fact, such as one with an unknown status, ends them, and so does a blank line.
    """
    values: dict[str, Any] = {}
    for n, line in enumerate(lines):
        found = None if line.is_after_blank else _FACT_LINE.fullmatch(line.text)
        name = find_field(found["label"]) if found else ""
        value = _parse_fact(name, found["value"], start, today) if found and name not in values else None
        if not value or (name == "start" and not values.keys() & {"rrule", "rdates"}):
            return values, lines[n:]
        values |= {"start": value.start, "end": value.end} if isinstance(value, Period) else {name: value}
    return values, ()


def _parse_fact(name: str, text: str, start: PartialDate | None, today: date) -> Any:
    """Return the value that a text gives a field; None if it is no value of it, or the field no fact."""
    from ilocal.model.date_parser import parse_period

    parsers: dict[str, Callable[[], Any]] = {
        "status": lambda: status if (status := resolve_event_kind_or_status("status", text)) in STATUSES else None,
        "rrule": lambda: parse_recurrence(text, start, today),
        "start": lambda: parse_period(text, today),
        "rdates": lambda: _parse_days(text, today),
        "exdates": lambda: _parse_days(text, today),
        "location": lambda: text,
        "kind": lambda: resolve_event_kind_or_status("kind", text),
        "topics": lambda: tuple(split_names(text)),
        "url": lambda: text if re.match(r"[a-z][a-z0-9+.-]*:\S+$", text, re.IGNORECASE) else None,
    }
    with suppress(DateError, UsageError):
        return parsers[name]() if name in parsers else None
    return None


def _parse_days(text: str, today: date) -> tuple[PartialDate, ...]:
    from ilocal.model.date_parser import parse_date

    return tuple(parse_date(day, today) for day in text.split(";"))
