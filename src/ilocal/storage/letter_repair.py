"""Repair of look-alike letters in the events of a registry file; every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from ilocal.errors import InvalidEventError, RegistryError
from ilocal.i18n.messages import _
from ilocal.model.lookalike_letters import replace_lookalike_letters
from ilocal.model.serialization import event_from_dict
from ilocal.storage.toml.block_edits import ByteRange, apply_block_edits
from ilocal.storage.toml.document import (
    Document,
    TextBlock,
    TomlSyntaxError,
    TomlTable,
    detect_file_newline,
    parse_document,
    parse_event_table,
)
from ilocal.storage.toml.event_editor import is_same_toml_value, update_event_block
from ilocal.storage.toml.scanner import split_toml_statements, split_trailing_comments

# Text for readers. Ids, addresses, codes and unknown keys are left alone.
_OVERRIDE_KEYS = frozenset(
    ("title", "location", "organizers", "projects", "topics", "kind", "participants", "summary", "description")
)
_EVENT_KEYS = _OVERRIDE_KEYS | {"source"}
_SECTION_KEYS = frozenset(("heading", "body"))
_TRANSLATION_KEYS = frozenset(("title", "description"))
_KEYS_BY_TABLE = {
    "section": _SECTION_KEYS,
    "sections": _SECTION_KEYS,
    "override": _OVERRIDE_KEYS,
    "overrides": _OVERRIDE_KEYS,
}
_STRING_PATTERN = re.compile(
    r'''(?P<long>"""(?:\\.|[^\\])*?"{3,5})|(?P<longraw>'{3}.*?'{3,5})|(?P<short>"(?:\\.|[^"\\\n])*")|(?P<raw>'[^'\n]*')'''
    r"|#[^\n]*",
    re.DOTALL,
)
_ESCAPE_PATTERN = re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)


def repair_letters_in_registry_file(file: str, data: bytes) -> bytes:
    """Return the content of a registry file with look-alike letters replaced; `data` itself if there are none.

    An event that is invalid, or in which the letters cannot be changed separately, stays as it is. Raises RegistryError
    if the text cannot be read or split into events.
    """
    found = parse_splittable_file(file, data)
    newline = detect_file_newline(data)
    changed: dict[ByteRange, str | None] = {}
    for block in found.blocks:
        if (
            block.table is not None
            and (new := _repair_letters_in_toml_block(block, found.get_block_text(block), newline)) is not None
        ):
            changed[ByteRange(block.start, block.end)] = new
    return apply_block_edits(data, changed, []) if changed else data


def parse_splittable_file(file: str, data: bytes) -> Document:
    """Return a registry file in blocks. Raises RegistryError if it cannot be read or split into events."""
    try:
        found = parse_document(data)
    except TomlSyntaxError as error:
        raise error.as_registry_error(file) from None
    if found.read_only_reason:
        raise RegistryError(
            _("{file}: cannot be split: {locked}", file=file, locked=found.read_only_reason),
            hint=_("write each event as an [[event]] block"),
        )
    return found


def _repair_letters_in_toml_block(block: TextBlock, text: str, newline: str) -> str | None:
    """Return an event's text with its letters repaired; None if there is nothing to repair or it is impossible."""
    assert block.table is not None
    wanted = repair_letters_in_toml_table(block.table)
    if is_same_toml_value(wanted, block.table):
        return None
    repaired = _repair_toml_strings(text)
    if _has_toml_table(repaired, wanted):
        return repaired
    # Letters written as escapes, or keys and values that only parsing the whole event distinguishes.
    rewritten = (_rewrite_block(one, wanted, newline) for one in (repaired, text))
    return next((new for new in rewritten if new is not None and _has_toml_table(new, wanted)), None)


def _has_toml_table(text: str, wanted: TomlTable) -> bool:
    try:
        return is_same_toml_value(parse_event_table(text.encode()), wanted)
    except ValueError:
        return False


def repair_letters_in_toml_table(table: TomlTable) -> TomlTable:
    """Return an event's table with the letters of its texts repaired."""
    new = _repair_toml_values(table, _EVENT_KEYS)
    for name, keys in _KEYS_BY_TABLE.items():
        if isinstance(items := table.get(name), list):
            new[name] = [_repair_toml_values(one, keys) if isinstance(one, dict) else one for one in items]
    if isinstance(languages := table.get("translations"), dict):
        new["translations"] = {
            language: _repair_toml_values(one, _TRANSLATION_KEYS) if isinstance(one, dict) else one
            for language, one in languages.items()
        }
    return new


def list_texts_in_toml_table(table: TomlTable) -> list[tuple[str, str]]:
    """Return the texts of an event's table that are repaired, each field with all its text."""
    found = [(key, _join_strings(value)) for key, value in table.items() if key in _EVENT_KEYS]
    for name, keys in _KEYS_BY_TABLE.items():
        items = [one for one in table.get(name, ()) if isinstance(one, dict)]
        found.append((name, "\n".join(_join_strings(one[key]) for one in items for key in one if key in keys)))
    languages = [one for one in table.get("translations", {}).values() if isinstance(one, dict)]
    texts = [_join_strings(one[key]) for one in languages for key in one if key in _TRANSLATION_KEYS]
    return [(field, text) for field, text in (*found, ("translations", "\n".join(texts))) if text]


def _join_strings(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(map(_join_strings, value)) if isinstance(value, list) else ""


def _repair_toml_values(table: TomlTable, keys: Collection[str]) -> TomlTable:
    return {key: _repair_toml_value(value) if key in keys else value for key, value in table.items()}


def _repair_toml_value(value: Any) -> Any:
    if isinstance(value, str):
        return replace_lookalike_letters(value)
    return [_repair_toml_value(one) for one in value] if isinstance(value, list) else value


def _repair_toml_strings(text: str) -> str:
    """Return an event's text with the letters inside its strings repaired, wherever one of its own keys has them."""
    body, tail = split_trailing_comments(text)
    known = {*_EVENT_KEYS, *_SECTION_KEYS, *_KEYS_BY_TABLE, "translations"}
    return "".join(_STRING_PATTERN.sub(_repair_toml_string, one.text) if one.key in known else one.text
                   for one in split_toml_statements(body)) + tail  # fmt: skip


def _repair_toml_string(found: re.Match[str]) -> str:
    """Return a TOML string with its letters repaired; escapes and comments stay."""
    if found.lastgroup is None:
        return found.group()
    if "raw" in found.lastgroup:
        return replace_lookalike_letters(found.group())
    parts, at = [], 0
    for escape in _ESCAPE_PATTERN.finditer(found.group()):
        parts += [replace_lookalike_letters(found.group()[at : escape.start()]), escape.group()]
        at = escape.end()
    return "".join([*parts, replace_lookalike_letters(found.group()[at:])])


def _rewrite_block(text: str, wanted: TomlTable, newline: str) -> str | None:
    """Return an event's text with differing values rewritten, as `edit` would write them."""
    try:
        return update_event_block(
            text, event_from_dict(parse_event_table(text.encode())), event_from_dict(wanted), newline
        )
    except (ValueError, InvalidEventError):
        return None
