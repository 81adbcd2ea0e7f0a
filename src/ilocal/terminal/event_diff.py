"""A change of events, shown field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from ilocal.i18n.messages import current_language
from ilocal.model.describe import describe_period_of_event
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event
from ilocal.model.fields import AUTOMATIC_FIELDS, DATE_LIST_FIELDS, LIST_FIELDS, name_event_field
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.model.serialization import event_to_dict
from ilocal.model.value_labels import describe_event_value

_MAX_INLINE_LENGTH = 60  # letters of a text that is shown by lines
_ANSI_COLOR_CODES = {"-": "31", "+": "32"}


def format_event_diff(before: Event, after: Event | None, *, color: bool, id: str = "") -> Iterator[str]:
    """Yield one event's change as lines: its id and title, then the differences; `-` is old and `+` is new.

    `id` is used for an event without one.
    """
    at = f" ({describe_period_of_event(before.recurrence_id)})" if before.recurrence_id is not None else ""
    head = f"{escape_single_line(before.id or id)}{at}: {escape_single_line(before.title)}"
    if after is None:
        yield color_diff_line("- " + head, color)
        return
    yield head
    old, new = _make_lines_for_diff(before), _make_lines_for_diff(after)
    for name in find_changed_fields(before, after):
        if name not in AUTOMATIC_FIELDS:
            was, now = (_draw_value_in_diff(name, plain.get(name)) for plain in (old, new))
            for line in _format_field_diff(name, was, now, color):
                yield "  " + line


def _make_lines_for_diff(event: Event) -> dict[str, Any]:
    plain = event_to_dict(event)
    return plain | {"extra": {key: plain[key] for key in event.extra if key in plain}}


def _draw_value_in_diff(name: str, value: Any) -> Any:
    """Return a value in the current language: a known kind or status as its label."""
    return describe_event_value(name, value, current_language()) if isinstance(value, str) else value


def _format_field_diff(name: str, old: Any, new: Any, color: bool) -> Iterator[str]:
    before, after = _split_value_for_screen(name, old), _split_value_for_screen(name, new)
    label = name_event_field(name, current_language())
    if len(before) <= 1 and len(after) <= 1 and name not in (*LIST_FIELDS, *DATE_LIST_FIELDS):
        was, now = "".join(before), "".join(after)
        if len(was) <= _MAX_INLINE_LENGTH and len(now) <= _MAX_INLINE_LENGTH:
            yield f"{label}: {_color_removed_text(was, color)} → {_color_added_text(now, color)}"
            return
    yield f"{label}:"
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            yield from (color_diff_line(f"- {line}", color) for line in before[i:j])
            yield from (color_diff_line(f"+ {line}", color) for line in after[k:m])


def _split_value_for_screen(name: str, value: Any) -> list[str]:
    """Return a value as lines for the screen; an empty list for no value."""
    if not value:
        return []
    if name in (*LIST_FIELDS, *DATE_LIST_FIELDS):
        return [escape_single_line(item) for item in value]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return [make_text_safe(line.replace("\t", " ")) for line in text.split("\n")]


def color_diff_line(line: str, color: bool) -> str:
    """Return a line that begins with - or +, in the matching colour."""
    return f"\x1b[{_ANSI_COLOR_CODES[line[0]]}m{line}\x1b[0m" if color else line


def _color_removed_text(text: str, color: bool) -> str:
    return f"\x1b[{_ANSI_COLOR_CODES['-']}m{text or '–'}\x1b[0m" if color else text or "–"


def _color_added_text(text: str, color: bool) -> str:
    return f"\x1b[{_ANSI_COLOR_CODES['+']}m{text or '–'}\x1b[0m" if color else text or "–"
