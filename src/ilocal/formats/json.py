"""JSON: one array of whole events. Dates are ISO text in their own precision; absent fields are left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ilocal.errors import Problem, RecordError, UsageError, at_line
from ilocal.formats.base import Reading, Writing
from ilocal.i18n import third_party
from ilocal.i18n.messages import _
from ilocal.model.date_parser import read_point
from ilocal.model.event import Event
from ilocal.model.safe_text import json_escaped, safe
from ilocal.model.serialization import from_plain, to_plain

suffixes = (".json",)


def dump(events: Iterable[Event], how: Writing) -> Iterator[str]:
    separator = "[\n"
    for event in events:
        yield separator + text_of(event, how, indent=2)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def text_of(event: Event, how: Writing, indent: int | None) -> str:
    """One event as a JSON object, with where it stands in the registry; only `how.columns`, where there are any."""
    plain = to_plain(event)
    if event.source_file:
        plain |= {"source_file": event.source_file, "source_line": event.source_line}
    if how.columns:
        plain = {name: plain[name] for name in how.columns if name in plain}
    return json_escaped(json.dumps(plain, ensure_ascii=False, indent=indent))


def load(text: str, how: Reading) -> Iterator[Event | Problem]:
    """An array of objects, or a single one."""
    try:
        items = list(_items(text)) if text[_skip(text, 0) :].startswith("[") else [(1, json.loads(text), text)]
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise UsageError(at_line(line, wrong_in(error))) from None
    for line, value, source in items:
        yield read_object(value, how, line, source)


def _items(text: str) -> Iterator[tuple[int, Any, str]]:
    """The values of an array one after the other, with the line of each and its text. Raises ValueError."""
    decoder = json.JSONDecoder()
    at = _skip(text, _skip(text, 0) + 1)
    line = text.count("\n", 0, at) + 1
    while text[at : at + 1] != "]":
        value, end = decoder.raw_decode(text, at)
        yield line, value, text[at:end]
        following = _skip(text, end)
        if text[following : following + 1] == ",":
            following = _skip(text, following + 1)
            if text[following : following + 1] == "]":
                raise json.JSONDecodeError("expecting value", text, following)
        elif text[following : following + 1] != "]":
            raise json.JSONDecodeError("expecting ',' delimiter", text, following)
        line += text.count("\n", at, following)
        at = following
    if _skip(text, at + 1) < len(text):
        raise json.JSONDecodeError("extra data", text, _skip(text, at + 1))


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def wrong_in(error: Exception) -> str:
    """What is wrong in a text that is not JSON."""
    said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    return _("not valid JSON: {reason}", reason=third_party.told(said or "nested too deeply"))


def read_object(value: Any, how: Reading, line: int, source: str) -> Event | Problem:
    """One JSON object as an event; dates as people write them are read too."""
    if not isinstance(value, dict):
        return Problem(line, _("an object with a title is wanted here"), text=source)
    try:
        _check_letters(value)
        return from_plain(value, lambda text: read_point(text, how.today), source_line=line)
    except RecordError as error:
        return Problem(line, error.reason, error.field, text=source)


def _check_letters(value: dict[str, Any]) -> None:
    """Raise RecordError for half of a surrogate pair: JSON can say it, and no file can hold it."""
    for name, inner in value.items():
        try:
            json.dumps({name: inner}, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            reason = _("half of a surrogate pair in the text, which no file can hold")
            raise RecordError(safe(name), reason) from None


def recognises(text: str) -> bool:
    """An array of objects, or one object over several lines."""
    first, _, rest = text.strip("\ufeff \t\r\n").partition("\n")
    if first.startswith("["):
        return (first[1:] + rest).lstrip()[:1] in ("{", "]")
    return first.startswith("{") and not first.rstrip().endswith("}")
