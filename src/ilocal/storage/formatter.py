"""Formatter of registry files: other tables first, then events, newest first, with their keys in standard order.

Every key, table and comment keeps its text; only order and blank lines change. A comment moves with what is below it,
be it an event, a key or a table; one directly below an event or a table and followed by a blank line stays there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import NamedTuple

from ilocal.errors import RegistryError
from ilocal.i18n.messages import _
from ilocal.model.dates import date_sort_key
from ilocal.model.fields import OVERRIDABLE_FIELDS, TOML_NAMES_BY_FIELD
from ilocal.storage.loader import ParsedFile, ParsedRegistry, join_parsed_files
from ilocal.storage.toml.document import (
    Document,
    TextBlock,
    TomlSyntaxError,
    TomlTable,
    detect_file_newline,
    parse_document,
    skip_bom,
)
from ilocal.storage.toml.event_editor import is_same_toml_value
from ilocal.storage.toml.event_writer import EVENT_KEYS
from ilocal.storage.toml.scanner import (
    TomlStatement,
    find_toml_comments,
    parse_toml_table_header,
    split_toml_statements,
)

# The tables of an event in order, and the keys of each in order; other tables follow in their existing order.
_TABLE_KEYS = {
    "section": ("heading", "body"),
    "translations": ("title", "description"),
    "override": ("recurrence_id", *OVERRIDABLE_FIELDS),
}
_METADATA_TABLES = {"registry", "aliases"}  # tables other than events; a file of a registry may consist of these alone


def format_registry_text(file: str, data: bytes) -> bytes:
    """Return the text of a registry file in standard order; `data` itself if it is already.

    Raises RegistryError if the text is not a registry, cannot be split into events, has duplicate ids, or would change
    its meaning.
    """
    try:
        found = parse_document(data)
    except TomlSyntaxError as error:
        raise error.as_registry_error(file) from None
    registry = join_parsed_files([ParsedFile(file, found)])
    # Which of two events with one id is seen depends on their order.
    wrong = [one for one in registry.diagnostics if one.code in ("not-toml", "duplicate-id")]
    if wrong:
        raise RegistryError(wrong[0].format_with_file(file), hint=_("fix this error first; nothing was changed"))
    if found.read_only_reason:
        raise RegistryError(
            _("{file}: cannot be split: {locked}", file=file, locked=found.read_only_reason),
            hint=_("write each event as an [[event]] block"),
        )
    if (
        found.metadata
        and not found.metadata.keys() & _METADATA_TABLES
        and not any(piece.is_event for piece in found.blocks)
    ):
        raise RegistryError(
            _(
                "{file}: not a registry, because the file has neither [[event]] nor [registry]; nothing was changed",
                file=file,
            ),
            hint=_("specify the file or folder of the registry"),
        )
    parts = _sort_event_blocks(_split_file_parts(found), registry)
    new = _join_file_parts(found, parts)
    _verify_equivalent_text(file, registry, [one.block.table for one in parts.event_blocks], new)
    return new


# ---------------------------------------------------------------------------------------------------------------- text


class _EventBlock(NamedTuple):
    """An event: its block, separate comments above it, and its own lines."""

    block: TextBlock
    comments_above: str
    statements: Sequence[TomlStatement]


@dataclass
class _FileParts:
    """The parts of a file."""

    other_texts: list[str] = field(default_factory=list)  # text other than events, contiguous parts joined
    event_blocks: list[_EventBlock] = field(default_factory=list)
    comments_at_end: str = ""  # comments below the last event


def _split_file_parts(found: Document) -> _FileParts:
    parts = _FileParts()
    newline = detect_file_newline(found.data)
    above, is_together = "", False
    for piece, after in zip_longest(found.blocks, found.blocks[1:]):
        text = found.get_block_text(piece)
        if piece.is_event:
            lines = split_toml_statements(_ensure_final_newline(text, newline))
            own = _count_block_statements(lines, is_before_other=after is not None and not after.is_event)
            parts.event_blocks.append(_EventBlock(piece, _trim_blank_block_lines(above), lines[:own]))
            above, is_together = "".join(line.text for line in lines[own:]), False
        elif is_together:
            parts.other_texts[-1] += text
        else:
            parts.other_texts.append(above + text)
            above, is_together = "", True
    parts.other_texts = [trimmed for one in parts.other_texts if (trimmed := _trim_blank_block_lines(one))]
    parts.comments_at_end = _trim_blank_block_lines(above)
    return parts


def _count_block_statements(lines: Sequence[TomlStatement], *, is_before_other: bool) -> int:
    """Return how many of its lines belong to an event: comments after it may belong to what follows."""
    end = max(n for n, line in enumerate(lines) if line.key is not None or line.is_header) + 1
    blank = next((n for n in range(end, len(lines)) if not lines[n].text.strip()), None)
    return (end if is_before_other else len(lines)) if blank is None else blank


def _sort_event_blocks(parts: _FileParts, registry: ParsedRegistry) -> _FileParts:
    """Return the parts with events sorted: newest first, those of the same day in their order, undated ones last."""
    starts = {registry.locations[id].block.start: event.start for id, event in registry.events.items()}

    def number(block: _EventBlock) -> int:
        start = starts.get(block.block.start)  # None if the event is invalid
        return -1 if start is None else date_sort_key(start)

    return replace(parts, event_blocks=sorted(parts.event_blocks, key=number, reverse=True))


def _join_file_parts(found: Document, parts: _FileParts) -> bytes:
    newline = detect_file_newline(found.data)
    paragraphs = [*parts.other_texts]
    for _piece, above, own in parts.event_blocks:
        is_first = not paragraphs and not above
        block = _format_event_toml_block(own, newline)
        # A comment at the top of a file would not belong to its event.
        paragraphs += [above, newline + block if is_first and not own[0].is_header else block]
    paragraphs.append(parts.comments_at_end)
    text = newline.join(_ensure_final_newline(one, newline) for one in paragraphs if one)
    if not found.data.endswith(b"\n"):
        text = text.removesuffix("\n").removesuffix("\r")
    return found.data[: skip_bom(found.data)] + text.encode()


def _trim_blank_block_lines(text: str) -> str:
    """Return a text without blank lines at its start and end."""
    lines = re.findall("[^\n]*\n|[^\n]+", text)
    kept = [n for n, line in enumerate(lines) if line.strip()]
    return "".join(lines[kept[0] : kept[-1] + 1]) if kept else ""


def _ensure_final_newline(text: str, newline: str) -> str:
    return text if text.endswith("\n") else text + newline


# --------------------------------------------------------------------------------------------------------------- block


@dataclass
class _EventTable:
    """A table of an event, or the event itself: the comments above its header, its keys, the comments below them."""

    header_text: str = ""
    table_names: Sequence[str] = ()  # of the table inside the event
    key_texts: list[tuple[str, str]] = field(default_factory=list)  # each with its comments and its value
    comments_at_end: str = ""


def _format_event_toml_block(lines: Iterable[TomlStatement], newline: str) -> str:
    """Return an event's lines with its keys and tables in standard order."""
    first, *others = _split_into_toml_tables(lines)
    return newline.join(map(_format_toml_table, [first, *sorted(others, key=_rank_toml_table)]))


def _split_into_toml_tables(found: Iterable[TomlStatement]) -> list[_EventTable]:
    chunks: list[_EventTable] = []
    waiting: list[str] = []  # comments and blank lines above the next item
    for statement in found:
        if statement.is_header:
            below, above = _split_comments_between_toml_tables(waiting) if chunks else ([], waiting)
            if chunks:
                chunks[-1].comments_at_end = _drop_blank_block_lines(below)
            head = above if not chunks else [line for line in above if line.strip()]
            chunks.append(
                _EventTable(
                    "".join(head) + statement.text,
                    [TOML_NAMES_BY_FIELD.get(name, name) for name in parse_toml_table_header(statement.text)[1:]],
                )
            )
        elif statement.key is None:
            waiting.append(statement.text)
            continue
        else:
            chunks[-1].key_texts.append((statement.key, _drop_blank_block_lines(waiting) + statement.text))
        waiting = []
    chunks[-1].comments_at_end = _drop_blank_block_lines(waiting)
    return chunks


def _split_comments_between_toml_tables(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the comments of two tables: those below the first and set off from the second, and the others."""
    blank = next((n for n, line in enumerate(lines) if not line.strip()), 0)
    return lines[:blank], lines[blank:]


def _drop_blank_block_lines(lines: Iterable[str]) -> str:
    return "".join(line for line in lines if line.strip())


def _rank_toml_table(chunk: _EventTable) -> int:
    kinds = list(_TABLE_KEYS)
    return kinds.index(chunk.table_names[0]) if chunk.table_names[0] in kinds else len(kinds)


def _format_toml_table(chunk: _EventTable) -> str:
    order: Sequence[str] = ()
    if not chunk.table_names:
        order = EVENT_KEYS
    elif len(chunk.table_names) == (2 if chunk.table_names[0] == "translations" else 1):
        order = _TABLE_KEYS.get(chunk.table_names[0], ())

    def rank(key: str) -> int:
        """Return the rank of a key: known keys, then others, then the event's tables if written as inline values."""
        is_table = not chunk.table_names and TOML_NAMES_BY_FIELD.get(key, key) in _TABLE_KEYS
        return order.index(key) if key in order else len(order) + is_table

    keys = sorted(chunk.key_texts, key=lambda pair: rank(pair[0]))
    return chunk.header_text + "".join(text for _key, text in keys) + chunk.comments_at_end


# --------------------------------------------------------------------------------------------------------------- proof


def _verify_equivalent_text(file: str, before: ParsedRegistry, tables: Sequence[TomlTable | None], new: bytes) -> None:
    """Raise RegistryError unless the new text has these tables of events, and all else that the old one had."""
    try:
        after = join_parsed_files([ParsedFile(file, parse_document(new))])
    except TomlSyntaxError:
        raise _file_reordering_error(file) from None
    old, found = before.files[0].document, after.files[0].document
    if (
        found.read_only_reason
        or not is_same_toml_value(tables, [piece.table for piece in found.blocks if piece.is_event])
        or not is_same_toml_value(old.metadata, found.metadata)
        or not is_same_toml_value(_map_toml_tables_by_id(before), _map_toml_tables_by_id(after))
        or _count_toml_comments(old) != _count_toml_comments(found)
    ):
        raise _file_reordering_error(file)


def _map_toml_tables_by_id(registry: ParsedRegistry) -> dict[str, TomlTable | None]:
    """Return the tables of events by id; events without an id of their own have a computed one."""
    return {id: origin.block.table for id, origin in registry.locations.items()}


def _count_toml_comments(found: Document) -> Counter[str]:
    texts = (found.get_block_text(piece) for piece in found.blocks)
    return Counter(one.group().rstrip("\r") for text in texts if "#" in text for one in find_toml_comments(text))


def _file_reordering_error(file: str) -> RegistryError:
    return RegistryError(
        _("{file}: reordering would change the meaning of the file; nothing was changed", file=file),
        hint=_("give each event an id, and write each key on a separate line"),
    )
