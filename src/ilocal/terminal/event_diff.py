"""A change of events, shown field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from ilocal.model.dates import iso
from ilocal.model.differences import changed_fields
from ilocal.model.event import Event
from ilocal.model.fields import LISTS, POINT_LISTS
from ilocal.model.safe_text import safe, shown
from ilocal.model.serialization import to_plain

_OWN = ("created", "updated", "revision")  # which ilocal keeps itself
_LONG = 60  # letters of a text that is shown by lines
_COLORS = {"-": "31", "+": "32"}


def diff(before: Event, after: Event | None, *, color: bool, id: str = "") -> Iterator[str]:
    """One event's change as lines: its id and title, then what is otherwise; `-` is what was and `+` what will be.

    `id` is what an event is called that has none.
    """
    at = f" ({iso(before.recurrence_id)})" if before.recurrence_id is not None else ""
    head = f"{shown(before.id or id)}{at}: {shown(before.title)}"
    if after is None:
        yield painted("- " + head, color)
        return
    yield head
    old, new = _plain(before), _plain(after)
    for name in changed_fields(before, after):
        if name not in _OWN:
            for line in _field(name, old.get(name), new.get(name), color):
                yield "  " + line


def _plain(event: Event) -> dict[str, Any]:
    plain = to_plain(event)
    return plain | {"extra": {key: plain[key] for key in event.extra if key in plain}}


def _field(name: str, old: Any, new: Any, color: bool) -> Iterator[str]:
    before, after = _lines(name, old), _lines(name, new)
    if len(before) <= 1 and len(after) <= 1 and name not in (*LISTS, *POINT_LISTS):
        was, now = "".join(before), "".join(after)
        if len(was) <= _LONG and len(now) <= _LONG:
            yield f"{name}: {_red(was, color)} → {_green(now, color)}"
            return
    yield f"{name}:"
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            yield from (painted(f"- {line}", color) for line in before[i:j])
            yield from (painted(f"+ {line}", color) for line in after[k:m])


def _lines(name: str, value: Any) -> list[str]:
    """A value as lines for one screen; none for nothing."""
    if not value:
        return []
    if name in (*LISTS, *POINT_LISTS):
        return [shown(item) for item in value]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return [safe(line.replace("\t", " ")) for line in text.split("\n")]


def painted(line: str, color: bool) -> str:
    """A line that begins with - or +, in the colour of that."""
    return f"\x1b[{_COLORS[line[0]]}m{line}\x1b[0m" if color else line


def _red(text: str, color: bool) -> str:
    return f"\x1b[{_COLORS['-']}m{text or '–'}\x1b[0m" if color else text or "–"


def _green(text: str, color: bool) -> str:
    return f"\x1b[{_COLORS['+']}m{text or '–'}\x1b[0m" if color else text or "–"
