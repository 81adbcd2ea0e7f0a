"""The JSON Schema of a registry file, for editors."""

from __future__ import annotations

from typing import Any

from ilocal.i18n.messages import N_, SOURCE, translated
from ilocal.model.fields import LISTS, OVERRIDDEN, POINT_LISTS, POINTS, STAMPS, STATUSES, TEXTS
from ilocal.model.registry_info import KEYS

# What a table of the registry calls those fields of the record that are lists of tables.
TABLES = {"sections": "section", "overrides": "override"}

_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = "[Tt ][0-2][0-9]:[0-5][0-9](:[0-6][0-9]([.][0-9]+)?)?([Zz]|[+-][0-2][0-9]:[0-5][0-9])?"
_POINT = f"^([0-9]{{4}}|[0-9]{{4}}-(0[1-9]|1[0-2])|{_DAY}({_TIME})?)$"
_STAMP = f"^{_DAY}({_TIME})?$"

_REGISTRY = {
    "title": N_("What the list of events is called."),
    "language": N_("Language of the events, and of headings unless --lang says otherwise: vi or en."),
    "timezone": N_("Time zone of the events, by its IANA name: Asia/Ho_Chi_Minh."),
    "uid_domain": N_("Part of every calendar UID: never change it."),
}
_EVENT = {
    "title": N_("What the event is called; all that is required."),
    "id": N_("What commands call it; unique, made once from the year and the title."),
    "start": N_('First day: 2020-02-25; or 2020-02-25T08:30:00, "2020-02", "2020"; left out: to be announced.'),
    "end": N_("Last day, which counts, in the form of start; left out for a single day."),
    "timezone": N_("Time zone of its times, by its IANA name; left out: the registry's."),
    "rrule": N_("How it recurs (RFC 5545): FREQ=YEARLY;BYMONTH=6."),
    "rdates": N_("Further beginnings of a series, in the form of start."),
    "exdates": N_("Beginnings of a series that are left out."),
    "location": N_("Where it takes place."),
    "organizers": N_("Who holds it."),
    "projects": N_("The projects it belongs to."),
    "topics": N_("What it is about, in a word or two each."),
    "kind": N_("What it is: meeting, workshop, survey, publication."),
    "status": N_("Whether it takes place; left out: confirmed."),
    "language": N_("Its language (BCP 47); left out: the registry's."),
    "participants": N_("Who takes part."),
    "url": N_("Its page on the web."),
    "uid": N_("Its UID in calendars; left out: its id and the registry's uid_domain."),
    "source": N_("Where the record came from."),
    "created": N_("When ilocal added it."),
    "updated": N_("When ilocal last changed it."),
    "revision": N_("How often ilocal changed it."),
    "summary": N_("The event in a sentence or two, in Markdown."),
    "description": N_("What it is about, in Markdown."),
    "sections": N_("Headed parts of its own page: [[event.section]]."),
    "translations": N_("Title and description in other languages: [event.translations.en]."),
    "overrides": N_("Occurrences of a series that are otherwise than the rest: [[event.override]]."),
    "recurrence_id": N_("When the occurrence would begin."),
}


def schema(lang: str = SOURCE) -> dict[str, Any]:
    """The schema of a registry, or of one file of a registry in a folder; what it explains is in this language."""
    said: dict[str, Any] = _said(_schema(), lang)
    return said


def _said(part: Any, lang: str) -> Any:
    if isinstance(part, list):
        return [_said(inner, lang) for inner in part]
    if isinstance(part, dict):
        return {
            key: translated(inner, lang)
            if key in ("title", "description") and isinstance(inner, str)
            else _said(inner, lang)
            for key, inner in part.items()
        }
    return part


def _schema() -> dict[str, Any]:
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": N_("A registry of events, as ilocal reads it"),
        "type": "object",
        "properties": {
            "registry": {
                "description": N_("What the registry says of itself."),
                "type": "object",
                "properties": {key: _described(_REGISTRY[key], {"type": "string"}) for key in KEYS},
            },
            "aliases": {
                "description": N_('Search: either side finds the other. "LĐTE" = "lao động trẻ em"'),
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
    return {"description": N_("An event."), "type": "object", "required": ["title"], "properties": ordered}


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
