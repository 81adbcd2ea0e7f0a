"""JSON Lines: one object a line, as in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ilocal.errors import Diagnostic
from ilocal.formats.base import ReadOptions, WriteOptions
from ilocal.formats.json import describe_json_error, event_from_json, event_to_json
from ilocal.model.event import Event

suffixes = (".jsonl", ".ndjson")


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    for event in events:
        yield event_to_json(event, options, indent=None) + "\n"


def load(text: str, options: ReadOptions) -> Iterator[Event | Diagnostic]:
    for line, source in enumerate(text.split("\n"), 1):
        if not source.strip():
            continue
        try:
            value = json.loads(source)
        except (ValueError, RecursionError) as error:
            yield Diagnostic(line, describe_json_error(error), text=source)
            continue
        yield event_from_json(value, options, line, source)


def detect_format(text: str) -> bool:
    """A first line that is an object by itself."""
    first = text.strip("\ufeff \t\r\n").partition("\n")[0]
    return first.startswith("{") and first.rstrip().endswith("}")
