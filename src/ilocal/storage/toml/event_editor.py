"""A few keys of an event's TOML text changed, with the rest left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ilocal.model.differences import changed_fields
from ilocal.model.event import Event, Translation
from ilocal.model.fields import OVERRIDDEN
from ilocal.model.safe_text import escaped, safe
from ilocal.storage.toml.event_writer import (
    KEYS,
    OVERRIDE,
    SECTION,
    Values,
    _key,
    _overrides,
    _sections,
    _statement,
    _table,
    _translation,
    _translation_header,
    value_text,
)
from ilocal.storage.toml.scanner import Statement, comments, split_tail, statements

_OF_SECTION = ("heading", "body")
_OF_OVERRIDE = ("recurrence_id", *OVERRIDDEN)


def visible(block: str) -> str:
    """The block as it can be shown: what is unsafe in it as escapes, which say the same as before."""
    if safe(block) == block:
        return block
    return "".join(map(_visible, statements(block)))


def _visible(statement: Statement) -> str:
    import tomli

    text = escaped(statement.text)
    if not statement.key or same(tomli.loads(text), before := tomli.loads(statement.text)):
        return text
    # Between single quotes an escape is none: there the value is written anew, and where the key is such, both are.
    rewritten = (
        escaped(with_value(one, before[statement.key]).text) for one in (statement, Statement("", statement.key))
    )
    return next(text for text in rewritten if same(tomli.loads(text), before))


# ------------------------------------------------------------------------------------------------------------ changing


def change(block: str, before: Event, after: Event, newline: str = "\n") -> str:
    """The block with what differs between `before`, which it says, and `after`; comments and other lines stay.

    New lines end in `newline`. Who writes the result proves that it says `after`: a block may be written in ways
    (dotted keys, inline tables) in which a change does not take.
    """
    body, tail = split_tail(block)
    found = statements(body if body.endswith("\n") else body + newline)
    old = set(map(id, found))
    chunks = _chunks(found)
    for key in changed_fields(before, after):
        if key == "sections":
            chunks = _set_tables(chunks, SECTION, _sections(before), _sections(after), _OF_SECTION)
        elif key == "overrides":
            chunks = _set_tables(chunks, OVERRIDE, _overrides(before), _overrides(after), _OF_OVERRIDE)
        elif key == "translations":
            chunks = _set_translations(chunks, before.translations, after.translations)
        elif key != "extra":
            chunks[0] = _set(chunks[0], key, getattr(after, key), KEYS)
    chunks[0] = _set_extra(chunks[0], before.extra, after.extra)
    all_statements = [statement for chunk in chunks for statement in chunk]
    text = "".join(s.text if id(s) in old else s.text.replace("\n", newline) for s in all_statements)
    return (text if body.endswith("\n") else text.removesuffix(newline)) + tail


Chunk = list[Statement]


def _chunks(found: Iterable[Statement]) -> list[Chunk]:
    chunks: list[Chunk] = [[]]
    for statement in found:
        if statement.is_header and any(s.is_header for s in chunks[-1]):
            chunks.append([])
        chunks[-1].append(statement)
    return chunks


def _set(chunk: Chunk, key: str, value: Any, order: Sequence[str]) -> Chunk:
    """The chunk with `key` set to `value`, or without it where that is empty."""
    return _without(chunk, key) if value is None or value in ("", ()) else _with(chunk, key, value, order)


def _without(chunk: Chunk, key: str) -> Chunk:
    at = _place(chunk, key)
    if at is None:
        return chunk
    return [*chunk[:at], *(Statement(f"{comment}\n") for comment in _comments(chunk[at].text)), *chunk[at + 1 :]]


def _with(chunk: Chunk, key: str, value: Any, order: Sequence[str]) -> Chunk:
    at = _place(chunk, key)
    if at is None:
        return _inserted(chunk, key, Statement(_statement(key, value), key), order)
    return [*chunk[:at], with_value(chunk[at], value), *chunk[at + 1 :]]


def _place(chunk: Chunk, key: str) -> int | None:
    return next((n for n, statement in enumerate(chunk) if statement.key == key), None)


def _inserted(chunk: Chunk, key: str, new: Statement, order: Sequence[str]) -> Chunk:
    """A new key stands after the last of those that come before it in the usual order."""
    earlier = set(order[: order.index(key)] if key in order else order)
    place = max(n for n, statement in enumerate(chunk) if statement.is_header or statement.key in earlier)
    return [*chunk[: place + 1], new, *chunk[place + 1 :]]


def with_value(statement: Statement, value: Any) -> Statement:
    """The statement with another value; how its key is written and the comment after it stay."""
    head = re.match(r"""[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*=[ \t]*""", statement.text)
    notes = _comments(statement.text)
    inner, last = (notes[:-1], notes[-1:]) if _ends_in_comment(statement.text) else (notes, [])
    text = "".join(f"{comment}\n" for comment in inner)
    text += (head.group() if head else f"{_key(statement.key or '')} = ") + value_text(value)
    text += "".join(f"  {comment}" for comment in last) + "\n"
    return replace(statement, text=text)


def _comments(text: str) -> list[str]:
    """The comments in a statement, each without its line end."""
    return [found.group().rstrip() for found in comments(text)]


def _ends_in_comment(text: str) -> bool:
    found = comments(text)
    return bool(found) and found[-1].end() >= len(text.rstrip("\r\n"))


def _header_of(chunk: Chunk) -> str:
    return next((re.sub(r"\s|#.*", "", s.text) for s in chunk if s.is_header), "")


def _set_tables(
    chunks: list[Chunk],
    header: str,
    before: Sequence[tuple[Values, Values]],
    after: Sequence[tuple[Values, Values]],
    order: Sequence[str],
) -> list[Chunk]:
    """The chunks with other tables of one kind (`header`); a table is the one in its place before."""
    groups: list[list[Chunk]] = []  # a table with the tables in it
    others: list[Chunk] = []
    for chunk in chunks:
        found = _header_of(chunk)
        if found == header:
            groups.append([chunk])
        elif groups and found.lstrip("[").startswith(header.strip("[]") + "."):
            groups[-1].append(chunk)
        else:
            others.append(chunk)
    new: list[Chunk] = []
    for n, (known, extra) in enumerate(after):
        group = groups[n] if n < len(groups) else [statements(_table(header, known, extra))]
        if n < len(before):
            for key in {**before[n][0], **known}:
                if key not in known:
                    group[0] = _without(group[0], key)
                elif before[n][0].get(key) != known[key]:
                    group[0] = _with(group[0], key, known[key], order)
            group[0] = _set_extra(group[0], before[n][1], extra)
        new += group
    gone = [statement for group in groups[len(after) :] for chunk in group for statement in chunk]
    kept = [Statement(f"{comment}\n") for statement in gone for comment in _comments(statement.text)]
    return [others[0], *new, *([kept] if kept else []), *others[1:]]


def _set_extra(chunk: Chunk, before: Mapping[str, Any], after: Mapping[str, Any]) -> Chunk:
    for key in {**before, **after}:
        if key not in after:
            chunk = _without(chunk, key)
        elif key not in before or not same(before[key], after[key]):
            keys = [statement.key for statement in chunk if statement.key is not None]
            chunk = _with(chunk, key, after[key], keys)  # an empty text of an owner's key is a text
    return chunk


def same(one: Any, other: Any) -> bool:
    """Whether two TOML values are the same; a nan is the same as a nan.

    Without recursion: dotted keys nest as deeply as a line is long.
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


def _set_translations(
    chunks: list[Chunk], before: tuple[Translation, ...], after: tuple[Translation, ...]
) -> list[Chunk]:
    result = list(chunks)
    for translation in after:
        if translation in before:
            continue
        header = _translation_header(translation)
        at = next((n for n, chunk in enumerate(result) if _header_of(chunk) == header), None)
        if at is None:
            result.append(statements(_translation(translation)))
            continue
        for key in ("title", "description"):
            result[at] = _set(result[at], key, getattr(translation, key), ("title", "description"))
        old = next((one for one in before if one.language == translation.language), translation)
        result[at] = _set_extra(result[at], old.extra, translation.extra)
    gone = set(map(_translation_header, before)) - set(map(_translation_header, after))
    return [chunk for chunk in result if _header_of(chunk) not in gone]
