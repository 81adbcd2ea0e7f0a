"""TOML: the events as blocks of a registry; other registries can be read unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ilocal.errors import Diagnostic, InputError
from ilocal.formats.base import ReadOptions, WriteOptions
from ilocal.model.event import Event

suffixes = (".toml",)
supports_recurrence = True


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    from ilocal.storage.toml.event_writer import format_event_block

    separator = ""
    for event in events:
        yield separator + format_event_block(event)
        separator = "\n"


def load(text: str, options: ReadOptions) -> Iterator[Event | Diagnostic]:
    from ilocal.storage.loader import ParsedFile, get_id_in_toml, join_parsed_files
    from ilocal.storage.toml.document import TomlSyntaxError, parse_document

    try:
        registry = join_parsed_files([ParsedFile("", parse_document(text.encode()))])
    except TomlSyntaxError as error:
        raise InputError(error.diagnostic.line, error.diagnostic.message_with_field) from None
    yield from registry.diagnostics
    for id, event in registry.events.items():
        yield event if get_id_in_toml(registry.locations[id].block.table or {}) else replace(event, id="")


def detect_format(text: str) -> bool:
    """Return whether a text has a line that begins an event."""
    return any(line.strip() == "[[event]]" for line in text.split("\n"))
