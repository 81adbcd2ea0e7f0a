"""The promise of a check, and the helpers that checks share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Protocol

from ilocal.errors import Diagnostic
from ilocal.model.event import Event
from ilocal.storage.loader import ParsedFile, ParsedRegistry, find_field_line_in_file, list_text_outside_events
from ilocal.storage.toml.document import TextBlock
from ilocal.storage.toml.scanner import split_toml_statements


class Check(Protocol):
    """A module of this folder. To add a kind of doubt, add such a module and its test; nothing else is edited."""

    CODES: tuple[str, ...]
    """The short names of its warnings, as programs know them: `unknown-key`. They stay the same."""

    def check(self, registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
        """What it doubts: warnings with one of the codes, and errors where events are left out.

        It opens nothing, and reads no clock.
        """


def make_check_warning(registry: ParsedRegistry, event: Event, field: str, message: str, code: str) -> Diagnostic:
    """A doubt about a field of an event, with its line."""
    document, piece = registry.locations[event.id]
    line = find_field_line_in_file(piece.line, document.get_block_text(piece), field)
    return Diagnostic(line, message, field, "warning", file=event.source_file, code=code)


def list_unchecked_events(registry: ParsedRegistry) -> Iterator[tuple[ParsedFile, TextBlock]]:
    """The events that have been left out, for what is wrong with them: of these there is a table alone."""
    read = {id(origin.block) for origin in registry.locations.values()}
    for source in registry.files:
        for piece in source.document.blocks:
            if piece.table is not None and id(piece) not in read:
                yield source, piece


# ---------------------------------------------------------------------------------------- what stands outside of events


def get_checked_registry_table(source: ParsedFile) -> Mapping[str, Any]:
    """What a file says in `[registry]`."""
    return _get_checked_table(source, "registry")


def get_checked_aliases_table(source: ParsedFile) -> Mapping[str, Any]:
    """What a file says in `[aliases]`."""
    return _get_checked_table(source, "aliases")


def get_site_table(source: ParsedFile) -> Mapping[str, Any]:
    """What a file says in `[site]`."""
    return _get_checked_table(source, "site")


def _get_checked_table(source: ParsedFile, name: str) -> Mapping[str, Any]:
    table = source.document.metadata.get(name)
    return table if isinstance(table, dict) else {}


def find_checked_key_line(source: ParsedFile, key: str) -> int:
    """The line of a key, or of a table's header, outside of the events; 0 where it is written in another way."""
    for line, text in list_text_outside_events(source.document):
        with suppress(ValueError):  # what cannot be read has no keys
            for statement in split_toml_statements(text):
                if key in (statement.key, statement.text.split("#")[0].strip("[] \t\r\n").split(".")[0]):
                    return line
                line += statement.text.count("\n")
    return 0
