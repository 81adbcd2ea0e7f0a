"""The field `created` set in the events of a registry file that lack it; every other byte stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ilocal.errors import InvalidEventError
from ilocal.model.serialization import event_from_dict
from ilocal.storage.letter_repair import parse_splittable_file
from ilocal.storage.toml.block_edits import ByteRange, apply_block_edits
from ilocal.storage.toml.document import TextBlock, detect_file_newline, parse_event_table
from ilocal.storage.toml.event_editor import update_event_block


def stamp_events_in_registry_file(file: str, data: bytes, find_time: Callable[[str], datetime]) -> bytes:
    """Return the content of a registry file with `created` in each event; `data` itself if all have it.

    Arguments:
        file: the name of the file for messages.
        data: its content.
        find_time: returns when the event with an id was added; the id is "" for an event without one.

    An event that is invalid, or cannot be changed separately, stays as it is. Raises RegistryError if the text cannot
    be read or split into events.
    """
    found = parse_splittable_file(file, data)
    newline = detect_file_newline(data)
    changed: dict[ByteRange, str | None] = {}
    for block in found.blocks:
        if block.table is not None and "created" not in block.table:
            new = _stamp_toml_block(block, found.get_block_text(block), find_time, newline)
            if new is not None:
                changed[ByteRange(block.start, block.end)] = new
    return apply_block_edits(data, changed, []) if changed else data


def _stamp_toml_block(block: TextBlock, text: str, find_time: Callable[[str], datetime], newline: str) -> str | None:
    """Return an event's text with `created`; None if that is impossible."""
    assert block.table is not None
    try:
        before = event_from_dict(block.table)
        after = replace(before, created=find_time(before.id))
        new = update_event_block(text, before, after, newline)
        return new if event_from_dict(parse_event_table(new.encode())) == after else None
    except (ValueError, InvalidEventError):
        return None
