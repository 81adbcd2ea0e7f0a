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
    """A module of this folder. To add a rule, add such a module and its test; nothing else is edited."""

    CODES: tuple[str, ...]
    """The short names of its warnings, as programs know them: `unknown-key`. They stay the same."""

    def check(self, registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
        """Yield its diagnostics: warnings with one of the codes, and errors for events that are left out.

        It must open no file and read no clock.
        """


def make_check_warning(registry: ParsedRegistry, event: Event, field: str, message: str, code: str) -> Diagnostic:
    """Return a warning about a field of an event, with its line."""
    document, piece = registry.locations[event.id]
    line = find_field_line_in_file(piece.line, document.get_block_text(piece), field)
    return Diagnostic(line, message, field, "warning", file=event.source_file, code=code)


def list_unchecked_events(registry: ParsedRegistry) -> Iterator[tuple[ParsedFile, TextBlock]]:
    """Yield the events that are left out because of errors: only their tables exist."""
    read = {id(origin.block) for origin in registry.locations.values()}
    for source in registry.files:
        for piece in source.document.blocks:
            if piece.table is not None and id(piece) not in read:
                yield source, piece


# ------------------------------------------------------------------------------------------------- outside of events


def get_metadata_to_check(source: ParsedFile) -> Mapping[str, Any]:
    """Return a file's table `[registry]`."""
    return _get_table_to_check(source, "registry")


def get_aliases_to_check(source: ParsedFile) -> Mapping[str, Any]:
    """Return a file's table `[aliases]`."""
    return _get_table_to_check(source, "aliases")


def get_site_settings_to_check(source: ParsedFile) -> Mapping[str, Any]:
    """Return a file's table `[site]`."""
    return _get_table_to_check(source, "site")


def _get_table_to_check(source: ParsedFile, name: str) -> Mapping[str, Any]:
    table = source.document.metadata.get(name)
    return table if isinstance(table, dict) else {}


def find_checked_key_line(source: ParsedFile, key: str) -> int:
    """Return the line of a key or table header outside the events; 0 if it is written in another notation."""
    for line, text in list_text_outside_events(source.document):
        with suppress(ValueError):  # unreadable text has no keys
            for statement in split_toml_statements(text):
                if key in (statement.key, statement.text.split("#")[0].strip("[] \t\r\n").split(".")[0]):
                    return line
                line += statement.text.count("\n")
    return 0
