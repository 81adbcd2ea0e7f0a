"""The JSON Schema of a registry file, for editors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ilocal.i18n.messages import N_, SOURCE_LANGUAGE, translate
from ilocal.model.fields import FIELDS, FIELDS_BY_NAME, OVERRIDABLE_FIELDS, STATUSES
from ilocal.model.registry_info import REGISTRY_KEYS, SITE_KEYS

_DATE_PATTERN = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME_PATTERN = "[Tt ][0-2][0-9]:[0-5][0-9](:[0-6][0-9]([.][0-9]+)?)?([Zz]|[+-][0-2][0-9]:[0-5][0-9])?"
_PARTIAL_DATE_PATTERN = f"^([0-9]{{4}}|[0-9]{{4}}-(0[1-9]|1[0-2])|{_DATE_PATTERN}({_TIME_PATTERN})?)$"
_TIMESTAMP_PATTERN = f"^{_DATE_PATTERN}({_TIME_PATTERN})?$"

_REGISTRY_DESCRIPTIONS = {
    "title": N_("Title of the list of events."),
    "language": N_("Language of the events, and of headings unless --lang is given: vi or en."),
    "timezone": N_("Time zone of the events, as an IANA name such as Asia/Ho_Chi_Minh."),
    "uid_domain": N_("Part of every calendar UID: never change it."),
}

_SITE_DESCRIPTIONS = {
    "base_url": N_("Public address of the website, such as https://example.org/events/."),
    "languages": N_(
        "Languages of the website. Pages in the first language are at the root, "
        "pages in each other language in a separate folder."
    ),
    "templates": N_("Folder with your own templates, next to the registry."),
    "feed_from": N_("The first day, month or year to include in the calendar feeds."),
    "event_ics": N_("Whether to write a separate calendar file for each event."),
}

# The keys of [[source]]: what each is for, and which values it takes.
_SOURCE_KEYS: dict[str, tuple[str, dict[str, Any]]] = {
    "name": (N_("Name of the office in one word; the events are in sources/NAME.toml."), {}),
    "url": (N_("Web address of the list: .ics, .json, .csv, .toml, .xlsx, .ods, or a page."), {}),
    "every": (N_("Age from which the list is fetched again: 12h, 1d, 2w."), {"pattern": r"^\s*[0-9]{1,4}\s*[hdw]\s*$"}),
    "trust": (
        N_("Whether the list may change events that it has added. [default: add-and-change]"),
        {"enum": ["add-and-change", "add-only"]},
    ),
    "removals": (
        N_("What becomes of events that are not in the list any more. [default: remove]"),
        {"enum": ["remove", "mark-cancelled", "keep"]},
    ),
    "uid_domain": (N_("Part of the UIDs of this office: its events are its own."), {}),
    "timezone": (N_("Time zone of times in the list without one; left out: the registry's."), {}),
    "format": (N_("Format of the list, if its address does not tell."), {}),
}


def build_schema_of_registry_file(lang: str = SOURCE_LANGUAGE) -> dict[str, Any]:
    """Return the JSON Schema of a registry file, with descriptions in a language."""
    said: dict[str, Any] = _translate_json_schema(_build_registry_json_schema(), lang)
    return said


def format_schema_file(lang: str) -> str:
    """Return the text of the schema's file, with descriptions in this language."""
    return json.dumps(build_schema_of_registry_file(lang), ensure_ascii=False, indent=2) + "\n"


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
        "title": N_("An ilocal event registry"),
        "type": "object",
        "properties": {
            "registry": {
                "description": N_("Title, language and time zone of the registry."),
                "type": "object",
                "properties": {
                    key: _add_json_schema_description(_REGISTRY_DESCRIPTIONS[key], {"type": "string"})
                    for key in REGISTRY_KEYS
                },
            },
            "aliases": {
                "description": N_('Aliases: a search for either side also finds the other. "LĐTE" = "lao động trẻ em"'),
                "type": "object",
                "additionalProperties": _build_text_list_json_schema(),
            },
            "site": {
                "description": N_("Settings of the website: ilocal site build."),
                "type": "object",
                "properties": {
                    key: _add_json_schema_description(_SITE_DESCRIPTIONS[key], _SCHEMA_BUILDERS_BY_SITE_KIND[kind]())
                    for key, kind in SITE_KEYS.items()
                },
            },
            "source": {
                "description": N_('An event list of another office, fetched by "ilocal refresh".'),
                "type": "array",
                "items": _build_source_json_schema(),
            },
            "event": {"type": "array", "items": _build_event_json_schema()},
        },
    }


def _build_source_json_schema() -> dict[str, Any]:
    """Return the schema of a list of another office; unknown keys are errors there."""
    properties = {
        name: _add_json_schema_description(text, {"type": "string", **more})
        for name, (text, more) in _SOURCE_KEYS.items()
    }
    properties["map"] = {
        "description": N_("Values that are added to each event of the list."),
        "type": "object",
        "additionalProperties": _build_text_list_json_schema(),
    }
    return {
        "type": "object",
        "required": ["name", "url"],
        "properties": properties,
        "additionalProperties": False,
    }


def _build_event_json_schema() -> dict[str, Any]:
    properties = {
        field.toml_name or field.name: _build_field_json_schema(field.name) for field in FIELDS if field.is_stored
    }
    return {"description": N_("An event."), "type": "object", "required": ["title"], "properties": properties}


def _build_field_json_schema(name: str) -> dict[str, Any]:
    """Return the schema of a field, with its description."""
    field = FIELDS_BY_NAME[name]
    special = _SCHEMA_BUILDERS_BY_FIELD.get(name)
    return _add_json_schema_description(field.help, special() if special else _SCHEMA_BUILDERS_BY_KIND[field.kind]())


def _add_json_schema_description(text: str, kind: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, **kind}


def _build_one_or_list_json_schema(kind: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "array", "items": kind}, kind]}


def _build_text_list_json_schema() -> dict[str, Any]:
    return _build_one_or_list_json_schema({"type": "string"})


def _build_json_schema_texts(*names: str) -> dict[str, Any]:
    return {name: {"type": "string"} for name in names}


def _build_table_list_json_schema(fields: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    item = {"type": "object", "properties": fields, "required": required or []}
    return {"type": "array", "items": item}


def _build_overrides_json_schema() -> dict[str, Any]:
    fields = {name: _build_field_json_schema(name) for name in (*OVERRIDABLE_FIELDS, "recurrence_id")}
    return _build_table_list_json_schema(fields, ["recurrence_id"])


def _build_schema_of_translation_tables() -> dict[str, Any]:
    language = {"type": "object", "properties": _build_json_schema_texts("title", "description")}
    return {"type": "object", "additionalProperties": language}


_SCHEMA_BUILDERS_BY_KIND: dict[str, Callable[[], dict[str, Any]]] = {
    "text": lambda: {"type": "string"},
    "texts": _build_text_list_json_schema,
    "date": lambda: {"type": "string", "pattern": _PARTIAL_DATE_PATTERN},
    "dates": lambda: _build_one_or_list_json_schema({"type": "string", "pattern": _PARTIAL_DATE_PATTERN}),
    "timestamp": lambda: {"type": "string", "pattern": _TIMESTAMP_PATTERN},
    "number": lambda: {"type": "integer", "minimum": 0},
}
_SCHEMA_BUILDERS_BY_SITE_KIND: dict[str, Callable[[], dict[str, Any]]] = {
    "text": lambda: {"type": "string"},
    "texts": _build_text_list_json_schema,
    "date": lambda: {"anyOf": [{"type": "string", "pattern": _PARTIAL_DATE_PATTERN}, {"type": "integer"}]},
    "boolean": lambda: {"type": "boolean"},
}
_SCHEMA_BUILDERS_BY_FIELD: dict[str, Callable[[], dict[str, Any]]] = {
    "title": lambda: {"type": "string", "pattern": r"\S"},
    "id": lambda: {"type": "string", "pattern": r"^\S+$"},
    "status": lambda: {"type": "string", "enum": list(STATUSES)},
    "sections": lambda: _build_table_list_json_schema(_build_json_schema_texts("heading", "body")),
    "translations": _build_schema_of_translation_tables,
    "overrides": _build_overrides_json_schema,
}
