"""A JSON Schema of the registry, for editors: what they offer, explain and underline while somebody writes events.

Draft 7, the newest that all of them know, taplo among them. It is made of the record's own tables, so that it cannot
drift. Editors give TOML's dates to a schema as text. Keys that ilocal does not know are allowed, as in the registry.
"""

from __future__ import annotations

from typing import Any

from ilocal.event import LISTS, OVERRIDDEN, POINT_LISTS, POINTS, STAMPS, STATUSES, TEXTS
from ilocal.header import KEYS

FILE = "ilocal.schema.json"  # beside the registry, where `init` puts it

# What a table of the registry calls those fields of the record that are lists of tables.
TABLES = {"sections": "section", "overrides": "override"}

_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = "[Tt ][0-2][0-9]:[0-5][0-9](:[0-6][0-9]([.][0-9]+)?)?([Zz]|[+-][0-2][0-9]:[0-5][0-9])?"
_POINT = f"^([0-9]{{4}}|[0-9]{{4}}-(0[1-9]|1[0-2])|{_DAY}({_TIME})?)$"
_STAMP = f"^{_DAY}({_TIME})?$"

_REGISTRY = {
    "title": "What the list of events is called.",
    "language": "Language of the events, and of headings unless --lang says otherwise: vi or en.",
    "timezone": "Time zone of the events, by its IANA name: Asia/Ho_Chi_Minh.",
    "uid_domain": "Part of every calendar UID: never change it.",
}
_EVENT = {
    "title": "What the event is called; all that is required.",
    "id": "What commands call it; unique, made once from the year and the title.",
    "start": 'First day: 2020-02-25; or 2020-02-25T08:30:00, "2020-02", "2020"; left out: to be announced.',
    "end": "Last day, which counts, in the form of start; left out for a single day.",
    "timezone": "Time zone of its times, by its IANA name; left out: the registry's.",
    "rrule": "How it recurs (RFC 5545): FREQ=YEARLY;BYMONTH=6.",
    "rdates": "Further beginnings of a series, in the form of start.",
    "exdates": "Beginnings of a series that are left out.",
    "location": "Where it takes place.",
    "organizers": "Who holds it.",
    "projects": "The projects it belongs to.",
    "topics": "What it is about, in a word or two each.",
    "kind": "What it is: meeting, workshop, survey, publication.",
    "status": "Whether it takes place; left out: confirmed.",
    "language": "Its language (BCP 47); left out: the registry's.",
    "participants": "Who takes part.",
    "url": "Its page on the web.",
    "uid": "Its UID in calendars; left out: its id and the registry's uid_domain.",
    "source": "Where the record came from.",
    "created": "When ilocal added it.",
    "updated": "When ilocal last changed it.",
    "revision": "How often ilocal changed it.",
    "summary": "The event in a sentence or two, in Markdown.",
    "description": "What it is about, in Markdown.",
    "sections": "Headed parts of its own page: [[event.section]].",
    "translations": "Title and description in other languages: [event.translations.en].",
    "overrides": "Occurrences of a series that are otherwise than the rest: [[event.override]].",
    "recurrence_id": "When the occurrence would begin.",
}


def schema() -> dict[str, Any]:
    """The schema of a registry, or of one file of a registry in a folder."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A registry of events, as ilocal reads it",
        "type": "object",
        "properties": {
            "registry": {
                "description": "What the registry says of itself.",
                "type": "object",
                "properties": {key: _described(_REGISTRY[key], {"type": "string"}) for key in KEYS},
            },
            "aliases": {
                "description": 'Search: either side finds the other. "LĐTE" = "lao động trẻ em"',
                "type": "object",
                "additionalProperties": _texts(),
            },
            "event": {"type": "array", "items": _event()},
        },
    }


def _event() -> dict[str, Any]:
    fields = {name: _field(name) for name in ("id", *TEXTS, *LISTS, *POINTS, *POINT_LISTS, *STAMPS, "revision")}
    fields |= {TABLES["sections"]: _tables("sections", _texts_of("heading", "body"))}
    fields |= {"translations": _translations()}
    overridden = {name: _field(name) for name in (*OVERRIDDEN, "recurrence_id")}
    fields |= {TABLES["overrides"]: _tables("overrides", overridden, ["recurrence_id"])}
    ordered = {TABLES.get(name, name): fields[TABLES.get(name, name)] for name in _EVENT if name != "recurrence_id"}
    return {"description": "An event.", "type": "object", "required": ["title"], "properties": ordered}


def _field(name: str) -> dict[str, Any]:
    """The schema of a field that is no table."""
    kind: dict[str, Any] = {"type": "string"}
    if name in LISTS:
        kind = _texts()
    elif name in (*POINTS, "recurrence_id"):
        kind = {"type": "string", "pattern": _POINT}
    elif name in POINT_LISTS:
        kind = _one_or_more({"type": "string", "pattern": _POINT})
    elif name in STAMPS:
        kind = {"type": "string", "pattern": _STAMP}
    elif name == "revision":
        kind = {"type": "integer", "minimum": 0}
    elif name == "status":
        kind = {"type": "string", "enum": list(STATUSES)}
    elif name in ("title", "id"):
        kind = {"type": "string", "pattern": r"\S" if name == "title" else r"^\S+$"}
    return _described(_EVENT[name], kind)


def _described(text: str, kind: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, **kind}


def _one_or_more(kind: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": kind}, kind]}


def _texts() -> dict[str, Any]:
    return _one_or_more({"type": "string"})


def _texts_of(*names: str) -> dict[str, Any]:
    return {name: {"type": "string"} for name in names}


def _tables(name: str, fields: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    item = {"type": "object", "properties": fields, "required": required or []}
    return _described(_EVENT[name], {"type": "array", "items": item})


def _translations() -> dict[str, Any]:
    language = {"type": "object", "properties": _texts_of("title", "description")}
    return _described(_EVENT["translations"], {"type": "object", "additionalProperties": language})
