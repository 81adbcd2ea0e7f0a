"""JSON Lines: one object a line, as in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ilocal.errors import Problem
from ilocal.formats.base import Reading, Writing
from ilocal.formats.json import read_object, text_of, wrong_in
from ilocal.model.event import Event

suffixes = (".jsonl", ".ndjson")


def dump(events: Iterable[Event], how: Writing) -> Iterator[str]:
    for event in events:
        yield text_of(event, how, indent=None) + "\n"


def load(text: str, how: Reading) -> Iterator[Event | Problem]:
    for line, source in enumerate(text.split("\n"), 1):
        if not source.strip():
            continue
        try:
            value = json.loads(source)
        except (ValueError, RecursionError) as error:
            yield Problem(line, wrong_in(error), text=source)
            continue
        yield read_object(value, how, line, source)


def recognises(text: str) -> bool:
    """A first line that is an object by itself."""
    first = text.strip("\ufeff \t\r\n").partition("\n")[0]
    return first.startswith("{") and first.rstrip().endswith("}")
