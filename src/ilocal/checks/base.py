"""The promise of a check, and the helpers that checks share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Protocol

from ilocal.errors import Problem
from ilocal.model.event import Event
from ilocal.storage.loader import Registry, Source, field_line, others
from ilocal.storage.toml.document import Piece
from ilocal.storage.toml.scanner import statements


class Doubter(Protocol):
    """A module of this folder. To add a kind of doubt, add such a module and its test; nothing else is edited."""

    CODES: tuple[str, ...]
    """The short names of its warnings, as programs know them: `unknown-key`. They stay the same."""

    def doubts(self, registry: Registry, today: date) -> Iterator[Problem]:
        """What it doubts: warnings with one of the codes, and errors where events are left out.

        It opens nothing, and reads no clock.
        """


def doubt(registry: Registry, event: Event, field: str, message: str, code: str) -> Problem:
    """A doubt about a field of an event, with its line."""
    document, piece = registry.origins[event.id]
    line = field_line(piece.line, document.text(piece), field)
    return Problem(line, message, field, "warning", file=event.source_file, code=code)


def left_out(registry: Registry) -> Iterator[tuple[Source, Piece]]:
    """The events that have been left out, for what is wrong with them: of these there is a table alone."""
    read = {id(origin.piece) for origin in registry.origins.values()}
    for source in registry.sources:
        for piece in source.document.pieces:
            if piece.table is not None and id(piece) not in read:
                yield source, piece


# ---------------------------------------------------------------------------------------- what stands outside of events


def own_table(source: Source) -> Mapping[str, Any]:
    """What a file says in `[registry]`."""
    return _table(source, "registry")


def aliases_table(source: Source) -> Mapping[str, Any]:
    """What a file says in `[aliases]`."""
    return _table(source, "aliases")


def _table(source: Source, name: str) -> Mapping[str, Any]:
    table = source.document.head.get(name)
    return table if isinstance(table, dict) else {}


def head_line(source: Source, key: str) -> int:
    """The line of a key, or of a table's header, outside of the events; 0 where it is written in another way."""
    for line, text in others(source.document):
        with suppress(ValueError):  # what cannot be read has no keys
            for statement in statements(text):
                if key in (statement.key, statement.text.split("#")[0].strip("[] \t\r\n").split(".")[0]):
                    return line
                line += statement.text.count("\n")
    return 0
