"""JSON: one array of whole events. Dates are ISO text in their own precision; absent fields are left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ilocal.errors import Diagnostic, InputError, InvalidEventError
from ilocal.formats._json_keys import (
    JsonItem,
    ObjectBuilder,
    decode_json_item,
    find_duplicate_json_key,
    map_keys_to_fields,
    require_event_keys_in_json,
)
from ilocal.formats.base import ReadOptions, WriteOptions
from ilocal.i18n import third_party
from ilocal.i18n.messages import _
from ilocal.model.date_parser import parse_date, parse_period
from ilocal.model.event import Event
from ilocal.model.safe_text import escape_json, make_text_safe
from ilocal.model.serialization import event_from_dict, event_to_dict

suffixes = (".json",)
write_choices = ("columns",)
supports_recurrence = True
supports_occurrences = True
has_columns = True  # keys, which `ReadOptions.columns` may map to fields


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    separator = "[\n"
    for event in events:
        yield separator + event_to_json(event, options, indent=2)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def event_to_json(event: Event, options: WriteOptions, indent: int | None) -> str:
    """Return an event as a JSON object with its source position; only the chosen columns, if any."""
    plain = event_to_dict(event)
    if event.source_file:
        plain |= {"source_file": event.source_file, "source_line": event.source_line}
    if options.columns:
        plain = {name: plain[name] for name in _list_json_keys(event, options.columns) if name in plain}
    return escape_json(json.dumps(plain, ensure_ascii=False, indent=indent))


def _list_json_keys(event: Event, columns: Iterable[str]) -> Iterator[str]:
    """Yield the keys of columns: `when` is both dates, `extra` all keys that are no fields."""
    for column in columns:
        yield from {"when": ("start", "end"), "extra": tuple(event.extra)}.get(column, (column,))


def load(text: str, options: ReadOptions) -> Iterator[Event | Diagnostic]:
    """Yield the events of an array of objects, or of a single object."""
    try:
        items = (
            list(_iterate_json_array_items(text))
            if text[_skip_json_whitespace(text, 0) :].startswith("[")
            else [decode_json_item(1, text)]
        )
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise InputError(line, describe_json_error(error)) from None
    require_event_keys_in_json(items, options)
    for item in items:
        yield event_from_json(item, options)


def _iterate_json_array_items(text: str) -> Iterator[JsonItem]:
    """Yield the values of an array, each with its line and text. Raises ValueError."""
    builder = ObjectBuilder()
    decoder = json.JSONDecoder(object_pairs_hook=builder)
    at = _skip_json_whitespace(text, _skip_json_whitespace(text, 0) + 1)
    line = text.count("\n", 0, at) + 1
    while text[at : at + 1] != "]":
        builder.has_duplicate_key = False
        value, end = decoder.raw_decode(text, at)
        yield JsonItem(line, value, text[at:end], builder.has_duplicate_key)
        following = _skip_json_whitespace(text, end)
        if text[following : following + 1] == ",":
            following = _skip_json_whitespace(text, following + 1)
            if text[following : following + 1] == "]":
                raise json.JSONDecodeError("expecting value", text, following)
        elif text[following : following + 1] != "]":
            raise json.JSONDecodeError("expecting ',' delimiter", text, following)
        line += text.count("\n", at, following)
        at = following
    if _skip_json_whitespace(text, at + 1) < len(text):
        raise json.JSONDecodeError("extra data", text, _skip_json_whitespace(text, at + 1))


def _skip_json_whitespace(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def describe_json_error(error: Exception) -> str:
    """Return the message about a text that is not valid JSON."""
    said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    return _("not valid JSON: {reason}", reason=third_party.translate_library_message(said or "nested too deeply"))


def event_from_json(item: JsonItem, options: ReadOptions) -> Event | Diagnostic:
    """Return the event of a JSON object, or its diagnostic; dates may also be as people write them."""
    if not isinstance(item.value, dict):
        return Diagnostic(item.line, _("expected an object with a title"), text=item.source)
    if item.has_duplicate_key:
        key, below = find_duplicate_json_key(item.source)
        return Diagnostic(
            item.line + below, _("the key appears twice in the same object"), make_text_safe(key), text=item.source
        )
    try:
        _reject_json_surrogates(item.value)
        value = (
            map_keys_to_fields(item.value, options.columns, lambda text: parse_period(text, options.today))
            if options.columns
            else item.value
        )
        return event_from_dict(value, lambda text: parse_date(text, options.today), source_line=item.line)
    except InvalidEventError as error:
        return Diagnostic(item.line, error.reason, error.field, text=item.source)


def _reject_json_surrogates(value: dict[str, Any]) -> None:
    """Raise InvalidEventError for half of a surrogate pair: JSON can express it, but no file can hold it."""
    for name, inner in value.items():
        try:
            json.dumps({name: inner}, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            reason = _("the text contains half of a surrogate pair, which cannot be saved")
            raise InvalidEventError(make_text_safe(name), reason) from None


def detect_format(text: str) -> bool:
    """Return whether a text is an array of objects, or one object on several lines."""
    first, _, rest = text.strip("\ufeff \t\r\n").partition("\n")
    if first.startswith("["):
        return (first[1:] + rest).lstrip()[:1] in ("{", "]")
    return first.startswith("{") and not first.rstrip().endswith("}")
