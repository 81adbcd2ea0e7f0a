"""Events in the JSON-LD of a page: graphs, arrays, nested events; a block that is broken is named and skipped."""

from __future__ import annotations

import json
import re
from typing import Any

from ilocal.errors import Diagnostic
from ilocal.formats.html.document import Element
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import translate_library_message

SchemaItem = dict[str, Any]
_MAX_NESTING = 30
_WRAPPING = re.compile(  # comments and CDATA markers, which older pages put around a script
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*;?\s*$"
)
_OTHER_EVENT_TYPES = frozenset(("Festival", "Hackathon", "EventSeries", "CourseInstance"))


def find_json_ld_items(document: Element, problems: list[Diagnostic]) -> list[SchemaItem]:
    """Return the events of all JSON-LD blocks; blocks that are invalid JSON are reported in `problems`."""
    found: list[SchemaItem] = []
    for script in document.iterate():
        if script.tag != "script" or "ld+json" not in script.attributes.get("type", "").lower():
            continue
        text = _WRAPPING.sub("", script.collect_text())
        try:
            _collect_events(json.loads(text, strict=False), found, 0)
        except (ValueError, RecursionError) as error:
            said = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            reason = _("JSON-LD cannot be read and was skipped: {reason}", reason=translate_library_message(said))
            problems.append(Diagnostic(script.line, reason, severity="warning"))
    return found


def is_event_type(kind: object) -> bool:
    """Return whether a type of schema.org, or one of several, is that of an event."""
    names = kind if isinstance(kind, list) else [kind]
    for name in names:
        bare = str(name).rpartition("/")[2].rpartition(":")[2].rpartition("#")[2]
        if bare.endswith("Event") or bare in _OTHER_EVENT_TYPES:
            return True
    return False


def _collect_events(value: Any, found: list[SchemaItem], depth: int) -> None:
    if depth > _MAX_NESTING:
        return
    if isinstance(value, list):
        for one in value:
            _collect_events(one, found, depth + 1)
    elif isinstance(value, dict):
        if is_event_type(value.get("@type")):
            if value.get("name") and not _is_parent_in_json_ld(value):
                found.append(value)
            _collect_events(value.get("subEvent") or value.get("subEvents"), found, depth + 1)
            return
        for one in value.values():
            if isinstance(one, (list, dict)):
                _collect_events(one, found, depth + 1)


def _is_parent_in_json_ld(value: SchemaItem) -> bool:
    """Return whether an event only holds others, without a date of its own."""
    return bool(value.get("subEvent") or value.get("subEvents")) and not value.get("startDate")
