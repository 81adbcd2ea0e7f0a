"""JSON Lines: one object a line, as in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.errors import Diagnostic
from ilocal.formats._json_keys import JsonItem, decode_json_item, require_event_keys_in_json
from ilocal.formats.base import ReadOptions, WriteOptions
from ilocal.formats.json import describe_json_error, event_from_json, event_to_json
from ilocal.model.event import Event

suffixes = (".jsonl", ".ndjson")
write_choices = ("columns",)
supports_recurrence = True
supports_occurrences = True
has_columns = True  # keys, which `ReadOptions.columns` may map to fields


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    for event in events:
        yield event_to_json(event, options, indent=None) + "\n"


def load(text: str, options: ReadOptions) -> Iterator[Event | Diagnostic]:
    found: list[JsonItem | Diagnostic] = []
    for line, source in enumerate(text.split("\n"), 1):
        if not source.strip():
            continue
        try:
            found.append(decode_json_item(line, source))
        except (ValueError, RecursionError) as error:
            found.append(Diagnostic(line, describe_json_error(error), text=source))
    require_event_keys_in_json([one for one in found if isinstance(one, JsonItem)], options)
    for one in found:
        yield one if isinstance(one, Diagnostic) else event_from_json(one, options)


def detect_format(text: str) -> bool:
    """Return whether the first line is a complete object."""
    first = text.strip("\ufeff \t\r\n").partition("\n")[0]
    return first.startswith("{") and first.rstrip().endswith("}")
