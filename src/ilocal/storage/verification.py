"""Verification that a new text of a file has the intended changes and no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ilocal.errors import InvalidEventError
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event
from ilocal.model.serialization import event_from_dict
from ilocal.storage.changes.text_delta import ChangedRegion, TextDelta, list_toml_block_digests
from ilocal.storage.registry_index import RegistryIndex
from ilocal.storage.toml.block_edits import ByteRange
from ilocal.storage.toml.document import (
    NotSplittable,
    TomlSyntaxError,
    TomlTable,
    parse_document,
    parse_event_table,
    parse_metadata_tables,
)
from ilocal.storage.toml.event_editor import is_same_toml_value


class UnexpectedChange(Exception):
    """A new text has a meaning other than the intended one."""


class FileEdits(NamedTuple):
    """The intended changes of one file."""

    block_edits: Mapping[ByteRange, str | None]  # new text of blocks; None: removed
    expected_events: Mapping[ByteRange, Event]  # the events of blocks with a new text
    insertions: Mapping[int, Sequence[tuple[str, Event]]]  # by byte offset: inserted texts, each with its event
    added_events: Sequence[Event]  # at the end


class _ExpectedBlock(NamedTuple):
    """An expected block of the new text: with this digest, or equal to the one at this place, or with this event."""

    digest: bytes
    place: ByteRange
    event: Event | None


def verify_new_file(data: bytes, edits: FileEdits) -> None:
    """Raise UnexpectedChange unless the text of a new file has exactly the intended events."""
    expected = [*(event for _, event in edits.insertions.get(0, ())), *edits.added_events]
    tables = [block.table for block in parse_document(data).blocks if block.is_event]
    if len(tables) != len(expected) or not all(map(_is_toml_table_of_event, tables, expected)):
        raise UnexpectedChange


def verify_changed_file_region(
    index: RegistryIndex, file: str, old: bytes, data: bytes, edits: FileEdits
) -> ChangedRegion | None:
    """Return the changed region of a file's text; None if it is the same.

    Raises UnexpectedChange unless it has the old events with exactly the intended changes.
    """
    try:
        region = index.find_changed_region(file, data)
        unchanged = dict(edits.expected_events)
        if region is not None:
            for block in _verify_file_region(index, file, old, region, edits):
                unchanged.pop(block.place, None)
        # A block that was edited without a change of its text must already have the intended meaning.
        is_expected = all(
            _is_toml_table_of_event(parse_event_table(old[place.start : place.end]), event)
            for place, event in unchanged.items()
        )
    except (TomlSyntaxError, NotSplittable, ValueError):
        raise UnexpectedChange from None
    if not is_expected:
        raise UnexpectedChange
    return region


def _verify_file_region(
    index: RegistryIndex, file: str, old: bytes, region: ChangedRegion, edits: FileEdits
) -> list[_ExpectedBlock]:
    """Return the expected blocks of a region. Raises UnexpectedChange if its blocks or other tables differ."""
    found = [block for block in region.list_blocks() if block.is_event]
    expected = [
        *_list_expected_toml_blocks(index, file, region, edits),
        *(_ExpectedBlock(b"", ByteRange(0, 0), event) for event in edits.added_events),
    ]
    if len(found) != len(expected) or not _has_file_same_metadata(index, file, region):
        raise UnexpectedChange
    for block, (digest, place, event) in zip(found, expected, strict=True):
        if event is None and block.digest == digest:
            continue
        table = block.table or parse_event_table(region.data[block.start : block.end])
        if event is None:
            is_expected = is_same_toml_value(table, parse_event_table(old[place.start : place.end]))
        else:
            is_expected = _is_toml_table_of_event(table, event)
        if not is_expected:
            raise UnexpectedChange
    return expected


def _list_expected_toml_blocks(
    index: RegistryIndex, file: str, region: ChangedRegion, edits: FileEdits
) -> Iterator[_ExpectedBlock]:
    """Yield the expected events of a region in text order, without those added at the end."""
    yield from _list_inserted_blocks(edits, region.start)
    for block in index.list_blocks_in_region(file, region):
        place = ByteRange(block.start, block.end)
        if place not in edits.block_edits:
            yield _ExpectedBlock(block.digest, place, None)
        elif edits.block_edits[place] is not None:
            yield _ExpectedBlock(block.digest, place, edits.expected_events[place])
        yield from _list_inserted_blocks(edits, block.end)


def _list_inserted_blocks(edits: FileEdits, at: int) -> Iterator[_ExpectedBlock]:
    yield from (_ExpectedBlock(b"", ByteRange(0, 0), event) for _, event in edits.insertions.get(at, ()))


def has_only_delta_changes(index: RegistryIndex, data: bytes, delta: TextDelta) -> bool:
    """Return whether a text has the events of a file as the inverse of `delta` leaves them, and no other change."""
    try:
        region = index.find_changed_region(delta.file, data)
        if region is None:
            return True
        old, new = (Counter(list_toml_block_digests(text, delta)) for text in (delta.old_text, delta.new_text))
        before = Counter(block.digest for block in index.list_blocks_in_region(delta.file, region))
        after = Counter(block.digest for block in region.list_blocks() if block.is_event)
        return before + old == after + new and _has_file_same_metadata(index, delta.file, region)
    except (TomlSyntaxError, NotSplittable, ValueError):
        return False


def _has_file_same_metadata(index: RegistryIndex, file: str, region: ChangedRegion) -> bool:
    """Return whether the tables outside events are unchanged."""
    rest = index.list_text_outside_events(file)
    before, after = [t for at, t in rest if at < region.start], [t for at, t in rest if at >= region.old_end]
    new = [region.data[block.start : block.end] for block in region.list_blocks() if not block.is_event]
    old = [text for at, text in rest if region.start <= at < region.old_end]
    return old == new or is_same_toml_value(
        parse_metadata_tables([*before, *new, *after]), parse_metadata_tables([*before, *old, *after])
    )


def _is_toml_table_of_event(table: TomlTable | None, expected: Event) -> bool:
    """Return whether a table means an event, including all unknown keys."""
    if table is None:
        return False
    try:
        found = event_from_dict(table)
    except InvalidEventError:
        return False
    without = (replace(event, extra={}) for event in (found, expected))
    return not find_changed_fields(*without) and is_same_toml_value(found.extra, expected.extra)
