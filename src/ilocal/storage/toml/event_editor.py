"""A few keys of an event's TOML text changed, with the rest left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event, Translation
from ilocal.model.fields import OVERRIDABLE_FIELDS
from ilocal.model.safe_text import escape_toml, make_text_safe
from ilocal.storage.toml.event_writer import (
    EVENT_KEYS,
    OVERRIDE_HEADER,
    SECTION_HEADER,
    TomlValues,
    build_toml_override_tables,
    build_toml_section_tables,
    format_toml_key,
    format_toml_statement,
    format_toml_table,
    format_toml_translation,
    format_toml_translation_header,
    format_toml_value,
)
from ilocal.storage.toml.scanner import (
    TomlStatement,
    find_toml_comments,
    split_toml_statements,
    split_trailing_comments,
)

_SECTION_KEYS = ("heading", "body")
_OVERRIDE_KEYS = ("recurrence_id", *OVERRIDABLE_FIELDS)


def escape_toml_block(block: str) -> str:
    """Return a block with unsafe characters written as escapes, which keeps its meaning."""
    if make_text_safe(block) == block:
        return block
    return "".join(map(_escape_toml_statement, split_toml_statements(block)))


def _escape_toml_statement(statement: TomlStatement) -> str:
    import tomli

    text = escape_toml(statement.text)
    if not statement.key or is_same_toml_value(tomli.loads(text), before := tomli.loads(statement.text)):
        return text
    # Escapes do not work in single quotes: such values are rewritten, and for such keys the whole statement.
    rewritten = (
        escape_toml(replace_toml_value(one, before[statement.key]).text)
        for one in (statement, TomlStatement("", statement.key))
    )
    return next(text for text in rewritten if is_same_toml_value(tomli.loads(text), before))


# ------------------------------------------------------------------------------------------------------------ changing


def update_event_block(block: str, before: Event, after: Event, newline: str = "\n") -> str:
    """Return an event's block with the changes from `before`, which it means now, to `after`; other lines stay.

    New lines end in `newline`. The caller must verify that the result means `after`: in blocks with dotted keys or
    inline tables a change may have no effect.
    """
    body, tail = split_trailing_comments(block)
    found = split_toml_statements(body if body.endswith("\n") else body + newline)
    old = set(map(id, found))
    chunks = _split_into_toml_tables(found)
    for key in find_changed_fields(before, after):
        if key == "sections":
            chunks = _update_toml_tables(
                chunks,
                SECTION_HEADER,
                build_toml_section_tables(before),
                build_toml_section_tables(after),
                _SECTION_KEYS,
            )
        elif key == "overrides":
            chunks = _update_toml_tables(
                chunks,
                OVERRIDE_HEADER,
                build_toml_override_tables(before),
                build_toml_override_tables(after),
                _OVERRIDE_KEYS,
            )
        elif key == "translations":
            chunks = _update_toml_translations(chunks, before.translations, after.translations)
        elif key != "extra":
            chunks[0] = _set_or_remove_toml_key(chunks[0], key, getattr(after, key), EVENT_KEYS)
    chunks[0] = _update_extra_toml_keys(chunks[0], before.extra, after.extra)
    all_statements = [statement for chunk in chunks for statement in chunk]
    text = "".join(s.text if id(s) in old else s.text.replace("\n", newline) for s in all_statements)
    return (text if body.endswith("\n") else text.removesuffix(newline)) + tail


TableStatements = list[TomlStatement]


def _split_into_toml_tables(found: Iterable[TomlStatement]) -> list[TableStatements]:
    chunks: list[TableStatements] = [[]]
    for statement in found:
        if statement.is_header and any(s.is_header for s in chunks[-1]):
            chunks.append([])
        chunks[-1].append(statement)
    return chunks


def _set_or_remove_toml_key(chunk: TableStatements, key: str, value: Any, order: Sequence[str]) -> TableStatements:
    """Return the chunk with `key` set to `value`, or without it if the value is empty."""
    return (
        _remove_toml_key(chunk, key) if value is None or value in ("", ()) else _set_toml_key(chunk, key, value, order)
    )


def _remove_toml_key(chunk: TableStatements, key: str) -> TableStatements:
    at = _find_toml_key(chunk, key)
    if at is None:
        return chunk
    return [
        *chunk[:at],
        *(TomlStatement(f"{comment}\n") for comment in _list_toml_comments(chunk[at].text)),
        *chunk[at + 1 :],
    ]


def _set_toml_key(chunk: TableStatements, key: str, value: Any, order: Sequence[str]) -> TableStatements:
    at = _find_toml_key(chunk, key)
    if at is None:
        return _insert_toml_statement(chunk, key, TomlStatement(format_toml_statement(key, value), key), order)
    return [*chunk[:at], replace_toml_value(chunk[at], value), *chunk[at + 1 :]]


def _find_toml_key(chunk: TableStatements, key: str) -> int | None:
    return next((n for n, statement in enumerate(chunk) if statement.key == key), None)


def _insert_toml_statement(
    chunk: TableStatements, key: str, new_statement: TomlStatement, order: Sequence[str]
) -> TableStatements:
    """Return the chunk with a new key, inserted after the keys that precede it in the standard order."""
    earlier = set(order[: order.index(key)] if key in order else order)
    place = max(n for n, statement in enumerate(chunk) if statement.is_header or statement.key in earlier)
    return [*chunk[: place + 1], new_statement, *chunk[place + 1 :]]


def replace_toml_value(statement: TomlStatement, value: Any) -> TomlStatement:
    """Return the statement with another value; the spelling of its key and its comments stay."""
    head = re.match(r"""[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*=[ \t]*""", statement.text)
    notes = _list_toml_comments(statement.text)
    inner, last = (notes[:-1], notes[-1:]) if _has_trailing_toml_comment(statement.text) else (notes, [])
    text = "".join(f"{comment}\n" for comment in inner)
    text += (head.group() if head else f"{format_toml_key(statement.key or '')} = ") + format_toml_value(value)
    text += "".join(f"  {comment}" for comment in last) + "\n"
    return replace(statement, text=text)


def _list_toml_comments(text: str) -> list[str]:
    """Return the comments in a statement, each without its newline."""
    return [found.group().rstrip() for found in find_toml_comments(text)]


def _has_trailing_toml_comment(text: str) -> bool:
    found = find_toml_comments(text)
    return bool(found) and found[-1].end() >= len(text.rstrip("\r\n"))


def _get_toml_table_header(chunk: TableStatements) -> str:
    return next((re.sub(r"\s|#.*", "", s.text) for s in chunk if s.is_header), "")


def _update_toml_tables(
    chunks: list[TableStatements],
    header: str,
    before: Sequence[tuple[TomlValues, TomlValues]],
    after: Sequence[tuple[TomlValues, TomlValues]],
    order: Sequence[str],
) -> list[TableStatements]:
    """Return the chunks with the tables of one kind (`header`) changed; tables are matched by position."""
    groups: list[list[TableStatements]] = []  # a table with the tables in it
    others: list[TableStatements] = []
    for chunk in chunks:
        found = _get_toml_table_header(chunk)
        if found == header:
            groups.append([chunk])
        elif groups and found.lstrip("[").startswith(header.strip("[]") + "."):
            groups[-1].append(chunk)
        else:
            others.append(chunk)
    new: list[TableStatements] = []
    for n, (known, extra) in enumerate(after):
        group = groups[n] if n < len(groups) else [split_toml_statements(format_toml_table(header, known, extra))]
        if n < len(before):
            for key in {**before[n][0], **known}:
                if key not in known:
                    group[0] = _remove_toml_key(group[0], key)
                elif before[n][0].get(key) != known[key]:
                    group[0] = _set_toml_key(group[0], key, known[key], order)
            group[0] = _update_extra_toml_keys(group[0], before[n][1], extra)
        new += group
    gone = [statement for group in groups[len(after) :] for chunk in group for statement in chunk]
    kept = [TomlStatement(f"{comment}\n") for statement in gone for comment in _list_toml_comments(statement.text)]
    return [others[0], *new, *([kept] if kept else []), *others[1:]]


def _update_extra_toml_keys(
    chunk: TableStatements, before: Mapping[str, Any], after: Mapping[str, Any]
) -> TableStatements:
    for key in {**before, **after}:
        if key not in after:
            chunk = _remove_toml_key(chunk, key)
        elif key not in before or not is_same_toml_value(before[key], after[key]):
            keys = [statement.key for statement in chunk if statement.key is not None]
            chunk = _set_toml_key(chunk, key, after[key], keys)  # an empty text of an owner's key is a text
    return chunk


def is_same_toml_value(one: Any, other: Any) -> bool:
    """Return whether two TOML values are the same; nan equals nan.

    It does not recurse, as dotted keys can nest as deeply as a line is long.
    """
    pairs = [(one, other)]
    while pairs:
        one, other = pairs.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            pairs += [(value, other[key]) for key, value in one.items()]
        elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
            if len(one) != len(other):
                return False
            pairs += zip(one, other, strict=True)
        elif type(one) is not type(other) or not (one == other or (one != one and other != other)):  # noqa: PLR0124
            return False
    return True


def _update_toml_translations(
    chunks: list[TableStatements], before: tuple[Translation, ...], after: tuple[Translation, ...]
) -> list[TableStatements]:
    result = list(chunks)
    for translation in after:
        if translation in before:
            continue
        header = format_toml_translation_header(translation)
        at = next((n for n, chunk in enumerate(result) if _get_toml_table_header(chunk) == header), None)
        if at is None:
            result.append(split_toml_statements(format_toml_translation(translation)))
            continue
        for key in ("title", "description"):
            result[at] = _set_or_remove_toml_key(result[at], key, getattr(translation, key), ("title", "description"))
        old = next((one for one in before if one.language == translation.language), translation)
        result[at] = _update_extra_toml_keys(result[at], old.extra, translation.extra)
    gone = set(map(format_toml_translation_header, before)) - set(map(format_toml_translation_header, after))
    return [chunk for chunk in result if _get_toml_table_header(chunk) not in gone]
