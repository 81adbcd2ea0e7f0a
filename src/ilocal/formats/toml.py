"""TOML: the events as blocks of a registry; what another registry holds can be read as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ilocal.errors import Problem, UsageError, at_line
from ilocal.formats.base import Reading, Writing
from ilocal.model.event import Event

suffixes = (".toml",)
series = True


def dump(events: Iterable[Event], how: Writing) -> Iterator[str]:
    from ilocal.storage.toml.event_writer import render

    separator = ""
    for event in events:
        yield separator + render(event)
        separator = "\n"


def load(text: str, how: Reading) -> Iterator[Event | Problem]:
    from ilocal.storage.loader import Source, given_id, loaded
    from ilocal.storage.toml.document import NotToml, read

    try:
        registry = loaded([Source("", read(text.encode()))])
    except NotToml as error:
        raise UsageError(at_line(error.problem.line, error.problem.message)) from None
    yield from registry.problems
    for id, event in registry.events.items():
        yield event if given_id(registry.origins[id].piece.table or {}) else replace(event, id="")


def recognises(text: str) -> bool:
    """A line that begins an event."""
    return any(line.strip() == "[[event]]" for line in text.split("\n"))
