"""The JSON Schema of a registry file, for editors."""

from __future__ import annotations

import json
from typing import Any

from ilocal.i18n.messages import N_, SOURCE_LANGUAGE, translate
from ilocal.model.fields import (
    DATE_FIELDS,
    DATE_LIST_FIELDS,
    LIST_FIELDS,
    OVERRIDABLE_FIELDS,
    STATUSES,
    TEXT_FIELDS,
    TIMESTAMP_FIELDS,
)
from ilocal.model.registry_info import REGISTRY_KEYS

# What a table of the registry calls those fields of the record that are lists of tables.
TABLE_NAMES_BY_FIELD = {"sections": "section", "overrides": "override"}

_DATE_PATTERN = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME_PATTERN = "[Tt ][0-2][0-9]:[0-5][0-9](:[0-6][0-9]([.][0-9]+)?)?([Zz]|[+-][0-2][0-9]:[0-5][0-9])?"
_PARTIAL_DATE_PATTERN = f"^([0-9]{{4}}|[0-9]{{4}}-(0[1-9]|1[0-2])|{_DATE_PATTERN}({_TIME_PATTERN})?)$"
_TIMESTAMP_PATTERN = f"^{_DATE_PATTERN}({_TIME_PATTERN})?$"

_REGISTRY_DESCRIPTIONS = {
    "title": N_("What the list of events is called."),
    "language": N_("Language of the events, and of headings unless --lang says otherwise: vi or en."),
    "timezone": N_("Time zone of the events, by its IANA name: Asia/Ho_Chi_Minh."),
    "uid_domain": N_("Part of every calendar UID: never change it."),
}
_EVENT_DESCRIPTIONS = {
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


def build_json_schema(lang: str = SOURCE_LANGUAGE) -> dict[str, Any]:
    """The schema of a registry, or of one file of a registry in a folder; what it explains is in this language."""
    said: dict[str, Any] = _translate_json_schema(_build_registry_json_schema(), lang)
    return said


def format_schema_file(lang: str) -> str:
    """Return the text of the schema's file, with descriptions in this language."""
    return json.dumps(build_json_schema(lang), ensure_ascii=False, indent=2) + "\n"


def _translate_json_schema(part: Any, lang: str) -> Any:
    if isinstance(part, list):
        return [_translate_json_schema(inner, lang) for inner in part]
    if isinstance(part, dict):
        return {
            key: translate(inner, lang)
            if key in ("title", "description") and isinstance(inner, str)
            else _translate_json_schema(inner, lang)
            for key, inner in part.items()
        }
    return part


def _build_registry_json_schema() -> dict[str, Any]:
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": N_("A registry of events, as ilocal reads it"),
        "type": "object",
        "properties": {
            "registry": {
                "description": N_("What the registry says of itself."),
                "type": "object",
                "properties": {
                    key: _add_json_schema_description(_REGISTRY_DESCRIPTIONS[key], {"type": "string"})
                    for key in REGISTRY_KEYS
                },
            },
            "aliases": {
                "description": N_('Search: either side finds the other. "LĐTE" = "lao động trẻ em"'),
                "type": "object",
                "additionalProperties": _build_text_list_json_schema(),
            },
            "event": {"type": "array", "items": _build_event_json_schema()},
        },
    }


def _build_event_json_schema() -> dict[str, Any]:
    fields = {
        name: _build_field_json_schema(name)
        for name in ("id", *TEXT_FIELDS, *LIST_FIELDS, *DATE_FIELDS, *DATE_LIST_FIELDS, *TIMESTAMP_FIELDS, "revision")
    }
    fields |= {
        TABLE_NAMES_BY_FIELD["sections"]: _build_table_list_json_schema(
            "sections", _build_json_schema_texts("heading", "body")
        )
    }
    fields |= {"translations": _build_translations_json_schema()}
    overridden = {name: _build_field_json_schema(name) for name in (*OVERRIDABLE_FIELDS, "recurrence_id")}
    fields |= {
        TABLE_NAMES_BY_FIELD["overrides"]: _build_table_list_json_schema("overrides", overridden, ["recurrence_id"])
    }
    ordered = {
        TABLE_NAMES_BY_FIELD.get(name, name): fields[TABLE_NAMES_BY_FIELD.get(name, name)]
        for name in _EVENT_DESCRIPTIONS
        if name != "recurrence_id"
    }
    return {"description": N_("An event."), "type": "object", "required": ["title"], "properties": ordered}


def _build_field_json_schema(name: str) -> dict[str, Any]:
    """The schema of a field that is no table."""
    kind: dict[str, Any] = {"type": "string"}
    if name in LIST_FIELDS:
        kind = _build_text_list_json_schema()
    elif name in (*DATE_FIELDS, "recurrence_id"):
        kind = {"type": "string", "pattern": _PARTIAL_DATE_PATTERN}
    elif name in DATE_LIST_FIELDS:
        kind = _build_one_or_list_json_schema({"type": "string", "pattern": _PARTIAL_DATE_PATTERN})
    elif name in TIMESTAMP_FIELDS:
        kind = {"type": "string", "pattern": _TIMESTAMP_PATTERN}
    elif name == "revision":
        kind = {"type": "integer", "minimum": 0}
    elif name == "status":
        kind = {"type": "string", "enum": list(STATUSES)}
    elif name in ("title", "id"):
        kind = {"type": "string", "pattern": r"\S" if name == "title" else r"^\S+$"}
    return _add_json_schema_description(_EVENT_DESCRIPTIONS[name], kind)


def _add_json_schema_description(text: str, kind: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, **kind}


def _build_one_or_list_json_schema(kind: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": kind}, kind]}


def _build_text_list_json_schema() -> dict[str, Any]:
    return _build_one_or_list_json_schema({"type": "string"})


def _build_json_schema_texts(*names: str) -> dict[str, Any]:
    return {name: {"type": "string"} for name in names}


def _build_table_list_json_schema(
    name: str, fields: dict[str, Any], required: list[str] | None = None
) -> dict[str, Any]:
    item = {"type": "object", "properties": fields, "required": required or []}
    return _add_json_schema_description(_EVENT_DESCRIPTIONS[name], {"type": "array", "items": item})


def _build_translations_json_schema() -> dict[str, Any]:
    language = {"type": "object", "properties": _build_json_schema_texts("title", "description")}
    return _add_json_schema_description(
        _EVENT_DESCRIPTIONS["translations"], {"type": "object", "additionalProperties": language}
    )
