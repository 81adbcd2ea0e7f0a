"""Events written as TOML text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from ilocal.model.dates import Month, Year
from ilocal.model.event import Event, Translation
from ilocal.model.fields import FIELDS
from ilocal.model.safe_text import escape_toml, make_text_safe

EVENT_HEADER = "[[event]]"
SECTION_HEADER = "[[event.section]]"
OVERRIDE_HEADER = "[[event.override]]"
# Tables come after all keys of an event, so they are not in this list.
EVENT_KEYS = (
    "id",
    *(field.name for field in FIELDS if field.is_stored and field.kind != "tables" and field.name != "id"),
)

# ------------------------------------------------------------------------------------------------------------- writing


def format_event_block(event: Event) -> str:
    """Return the block of an event, with a line feed after each line."""
    lines = [EVENT_HEADER + "\n"]
    for key in EVENT_KEYS:
        if value := getattr(event, key):
            lines.append(format_toml_statement(key, value))
    lines += [format_toml_statement(key, value) for key, value in event.extra.items()]
    lines += [format_toml_table(SECTION_HEADER, *item) for item in build_toml_section_tables(event)]
    lines += [format_toml_translation(translation) for translation in event.translations]
    lines += [format_toml_table(OVERRIDE_HEADER, *item) for item in build_toml_override_tables(event)]
    return "".join(lines)


TomlValues = Mapping[str, Any]


def build_toml_section_tables(event: Event) -> list[tuple[TomlValues, TomlValues]]:
    """Return the known and the unknown keys of each section."""
    return [({"heading": one.heading} | ({"body": one.body} if one.body else {}), one.extra) for one in event.sections]


def build_toml_override_tables(event: Event) -> list[tuple[TomlValues, TomlValues]]:
    """Return the differing values of each changed occurrence, including those set to an empty text or list."""
    return [
        ({"recurrence_id": one.recurrence_id} | {k: "" if v is None else v for k, v in one.values.items()}, one.extra)
        for one in event.overrides
    ]


def format_toml_table(header: str, known: TomlValues, extra: TomlValues) -> str:
    """Return a table of an event as text: its header, known keys, then unknown keys."""
    return f"\n{header}\n" + "".join(
        format_toml_statement(key, value) for key, value in (*known.items(), *extra.items())
    )


def format_toml_translation(translation: Translation) -> str:
    """Return a translation of an event as a TOML table."""
    texts = (("title", translation.title), ("description", translation.description))
    return f"\n{format_toml_translation_header(translation)}\n" + "".join(
        format_toml_statement(key, value) for key, value in (*texts, *translation.extra.items()) if value != ""
    )


def format_toml_translation_header(translation: Translation) -> str:
    """Return the header line of a translation's table."""
    return f"[event.translations.{format_toml_key(translation.language)}]"


def format_toml_statement(key: str, value: Any) -> str:
    """Return one line `key = value`."""
    return f"{format_toml_key(key)} = {format_toml_value(value)}\n"


@lru_cache(maxsize=1 << 10)  # most keys are names of fields
def format_toml_key(key: str) -> str:
    """Return a key in TOML notation, quoted if necessary."""
    import tomli_w

    return escape_toml(tomli_w.dumps({key: 1})[: -len(" = 1\n")])


def format_toml_value(value: Any) -> str:
    """Return a TOML value in a natural form: lists on one line, text with line breaks in triple quotes."""
    if isinstance(value, (Month, Year)):
        value = str(value)
    if isinstance(value, str) and value.isprintable() and '"' not in value and "\\" not in value:
        return escape_toml(f'"{value}"')
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(format_toml_value, value)) + "]"
    if isinstance(value, Mapping):
        return (
            "{ "
            + ", ".join(f"{format_toml_key(key)} = {format_toml_value(inner)}" for key, inner in value.items())
            + " }"
        )
    if (
        isinstance(value, str)
        and '"' in value
        and not re.search("['\x00-\x1f\x7f]", value)
        and make_text_safe(value) == value
    ):
        return f"'{value}'"
    if isinstance(value, datetime):
        return value.isoformat()
    import tomli_w  # 4 ms at start-up, needed for few values

    text = tomli_w.dumps({"k": value}, multiline_strings=isinstance(value, str) and "\r" not in value)
    return escape_toml(text[len("k = ") : -1])
