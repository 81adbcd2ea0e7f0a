"""Mistakes of people who write TOML by hand, and the line as it is written right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ilocal.i18n.messages import N_, AnyMessage
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.storage.toml.event_writer import format_toml_value

_STATEMENT = re.compile(r"(?P<head>[ \t]*(?P<key>[A-Za-z0-9_.-]+)[ \t]*)(?P<sign>[=:])(?P<value>.*)")
_COMMENT = re.compile(r"[ \t]+#.*$")
_DOUBLE_QUOTES, _SINGLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb", "\u2018\u2019\u201a\u201b"  # as Word has them
_STRAIGHT_QUOTES = str.maketrans({**dict.fromkeys(_DOUBLE_QUOTES, '"'), **dict.fromkeys(_SINGLE_QUOTES, "'")})
_QUOTES = "\"'" + _DOUBLE_QUOTES + _SINGLE_QUOTES
_MAX_LINE_LENGTH = 200  # longer lines are not checked: they are no typo, but lost quotes
_STRAIGHT, _DATE, _RANGE, _CLOSING, _QUOTED, _EQUALS = (
    N_("straight quotes are needed: {line}"), N_("write a date as {line}"),
    N_("write a range in two lines: {line}"), N_("the closing quote is missing: {line}"),
    N_("text needs quotes: {line}"), N_("the name of a field must be followed by =: {line}"),
)  # fmt: skip


class Mistake(NamedTuple):
    """An error in a line, and a corrected line with which to continue parsing."""

    reason: AnyMessage
    correction: str


def find_mistake(line: str) -> Mistake | None:
    """Return the mistake in a line that sets a field, such as `location = Huế`; None if it has no known one."""
    found = _STATEMENT.fullmatch(line.rstrip("\r"))
    if found is None or len(line) > _MAX_LINE_LENGTH:
        return None
    comment = _COMMENT.search(found["value"])
    bare = found["value"][: comment.start()] if comment else found["value"]
    if not bare.strip():
        return Mistake(_("{key} has no value; leave the line out", key=found["key"]), "#")
    for value in dict.fromkeys((bare.strip(), found["value"].strip())):
        if found["sign"] == "=" and _is_toml_value(value):
            return None  # the error is in another line
        for message, right, shown in _propose_values(found["key"], value):
            said = _EQUALS if found["sign"] == ":" else message
            if _is_toml_value(right):
                return Mistake(_(said, line=shown), f"{found['head'].strip()} = {right}")
    return None


def _propose_values(key: str, value: str) -> Iterator[tuple[str, str, str]]:
    """Yield possible mistakes in the value of a key: a message, the proposed value, and lines to show."""
    from ilocal.model.date_parser import find_certain_period  # needed for errors alone

    straight = value.translate(_STRAIGHT_QUOTES)
    if straight != value:
        yield _STRAIGHT, straight, f"{key} = {straight}"
        inner = format_toml_value(value.strip(_QUOTES))
        yield _STRAIGHT, inner, f"{key} = {inner}"
    elif _is_toml_value(value):
        yield _EQUALS, value, f"{key} = {value}"
    span = find_certain_period(value)
    if span is not None:
        first = format_toml_value(span.start)
        if span.end is None:
            yield _DATE, first, f"{key} = {first}"
        else:
            yield _RANGE, first, f"start = {first}, end = {format_toml_value(span.end)}"
    if value[0] in "\"'":
        yield _CLOSING, value + value[0], f"{key} = {value}{value[0]}"
    if value[0] == "[" and value[-1] == "]":
        items = [item.strip().strip(_QUOTES) for item in value[1:-1].split(",")]
        right = format_toml_value([item for item in items if item])
        yield _QUOTED, right, f"{key} = {right}"
    if value[0] not in "[{\"'":
        yield _QUOTED, format_toml_value(value), f"{key} = {format_toml_value(value)}"


def _is_toml_value(text: str) -> bool:
    import tomli

    try:
        return tomli.loads(f"k = {text}").keys() == {"k"}
    except (ValueError, RecursionError):
        return False
