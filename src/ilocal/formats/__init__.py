"""The formats: one module each, found by its name in this folder; see `Format` for what a module offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Protocol

from ilocal.errors import Problem, UsageError
from ilocal.event import Event
from ilocal.text import safe


@dataclass(frozen=True, slots=True)
class Writing:
    """How to write, for those formats that leave a choice."""

    columns: tuple[str, ...] = ()  # of a table; empty: the format's own
    excel: bool = False  # a byte-order mark and CRLF in front of and between CSV rows
    raw: bool = False  # no guard against cells that a spreadsheet would run


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader must be told."""

    today: date  # for dates such as "tomorrow"


class Format(Protocol):
    """A module of this folder. It has `dump`, or `load`, or both; it opens no file and knows no terminal.

    To add a format, add such a module and its test: the options, the suffixes and the help find it here.
    """

    suffixes: tuple[str, ...]
    """Endings of file names that are in this format, with the dot; the first is the usual one."""

    def dump(self, events: Iterable[Event], how: Writing) -> Iterator[str]:
        """The events as text, in pieces, with no control character but line feeds and tabs. Takes events one by one."""

    def load(self, text: str, how: Reading) -> Iterator[Event | Problem]:
        """The events in `text`, each with its `source_line`, and a Problem for whatever is not an event or is doubtful.

        Raises UsageError (`line N: …`) where the text as a whole is not of this format. What `dump` wrote, `load` reads
        back as equal events.
        """

    def recognises(self, text: str) -> bool:
        """Whether `text` looks like this format; a module that has no such function is never guessed."""


def names() -> list[str]:
    """The names of all formats, in alphabetical order."""
    return sorted(found.name for found in iter_modules(__path__))


def named(name: str) -> Any:
    """The module of a format. Raises UsageError."""
    if name not in names():
        raise UsageError(f'there is no format "{safe(name)}"', hint="one of " + ", ".join(names()))
    return import_module(f"{__name__}.{name}")


def for_writing(name: str) -> Any:
    """The format `name`, which can be written. Raises UsageError."""
    module = named(name) if name in names() else None
    if not hasattr(module, "dump"):
        raise UsageError(f'"{safe(name)}" is not a format to write', hint="one of " + ", ".join(["table", *writable()]))
    return module


def writable() -> list[str]:
    """The names of the formats that can be written."""
    return [name for name in names() if hasattr(named(name), "dump")]


def by_suffix(path: Path, needed: str) -> Any | None:
    """The format of a file by the ending of its name; `needed` is `dump` or `load`."""
    for module in map(named, names()):
        if path.suffix.lower() in module.suffixes and hasattr(module, needed):
            return module
    return None


def by_content(text: str) -> Any:
    """The format that recognises a text; a page, where none does."""
    for module in map(named, names()):
        if hasattr(module, "recognises") and module.recognises(text):
            return module
    return named("page")
