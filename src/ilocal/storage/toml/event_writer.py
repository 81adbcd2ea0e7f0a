"""Events written as TOML text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ilocal.model.dates import Month, Year
from ilocal.model.event import Event, Translation
from ilocal.model.fields import FIELDS
from ilocal.model.safe_text import escaped, safe

HEADER = "[[event]]"
SECTION = "[[event.section]]"
OVERRIDE = "[[event.override]]"
# Tables and not keys of the event, and therefore after all keys.
_TABLES = ("sections", "translations", "overrides")
KEYS = ("id", *(name for name in FIELDS if name not in ("id", "recurrence_id", *_TABLES)))

# ------------------------------------------------------------------------------------------------------------- writing


def render(event: Event) -> str:
    """The block of `event`, with a line feed at the end of each line."""
    lines = [HEADER + "\n"]
    for key in KEYS:
        if value := getattr(event, key):
            lines.append(_statement(key, value))
    lines += [_statement(key, value) for key, value in event.extra.items()]
    lines += [_table(SECTION, *item) for item in _sections(event)]
    lines += [_translation(translation) for translation in event.translations]
    lines += [_table(OVERRIDE, *item) for item in _overrides(event)]
    return "".join(lines)


Values = Mapping[str, Any]


def _sections(event: Event) -> list[tuple[Values, Values]]:
    """The keys of each section that ilocal knows, and the others."""
    return [({"heading": one.heading} | ({"body": one.body} if one.body else {}), one.extra) for one in event.sections]


def _overrides(event: Event) -> list[tuple[Values, Values]]:
    """What is otherwise in an occurrence, also where that is nothing: an empty text or list."""
    return [
        ({"recurrence_id": one.recurrence_id} | {k: "" if v is None else v for k, v in one.values.items()}, one.extra)
        for one in event.overrides
    ]


def _table(header: str, known: Values, extra: Values) -> str:
    return f"\n{header}\n" + "".join(_statement(key, value) for key, value in (*known.items(), *extra.items()))


def _translation(translation: Translation) -> str:
    texts = (("title", translation.title), ("description", translation.description))
    return f"\n{_translation_header(translation)}\n" + "".join(
        _statement(key, value) for key, value in (*texts, *translation.extra.items()) if value != ""
    )


def _translation_header(translation: Translation) -> str:
    return f"[event.translations.{_key(translation.language)}]"


def _statement(key: str, value: Any) -> str:
    return f"{_key(key)} = {value_text(value)}\n"


def _key(key: str) -> str:
    import tomli_w

    return escaped(tomli_w.dumps({key: 1})[: -len(" = 1\n")])


def value_text(value: Any) -> str:
    """A TOML value as a person would write it: lists on one line, text with line breaks between triple quotes."""
    import tomli_w  # 4 ms at start-up, needed for writing alone

    if isinstance(value, (Month, Year)):
        value = str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(value_text, value)) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {value_text(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, str) and '"' in value and not re.search("['\x00-\x1f\x7f]", value) and safe(value) == value:
        return f"'{value}'"
    if isinstance(value, datetime):
        return value.isoformat()
    text = tomli_w.dumps({"k": value}, multiline_strings=isinstance(value, str) and "\r" not in value)
    return escaped(text[len("k = ") : -1])
