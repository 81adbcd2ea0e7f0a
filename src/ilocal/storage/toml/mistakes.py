"""Mistakes of people who write TOML by hand, and the line as it is written right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ilocal.i18n.messages import N_, AnyMessage
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.model.fields import DATE_FIELDS, DATE_LIST_FIELDS, FIELD_NAMES, TIMESTAMP_FIELDS
from ilocal.storage.toml.event_writer import format_toml_value

_STATEMENT = re.compile(r"(?P<head>[ \t]*(?P<key>[A-Za-z0-9_.-]+)[ \t]*)(?P<sign>[=:])(?P<value>.*)")
_STATEMENT_WITHOUT_SIGN = re.compile(r"""[ \t]*(?P<key>[A-Za-z0-9_-]+)[ \t]+(?P<value>["'\[\d].*)""")
_STATEMENT_OF_WORDS = re.compile(r"""[ \t]*(?P<key>[^\W_][^=:\[\]{}#"'\x00-\x1f\x7f]*?)[ \t]*[=:](?P<value>.*)""")
_STATEMENT_WITHOUT_KEY = re.compile(r"[ \t]*=[ \t]*(?P<value>\S.*)")
_HEADER = re.compile(r"[ \t]*\[{1,3}[ \t]*(?P<name>[A-Za-z0-9_.-]+)[ \t]*\]{0,3}[ \t]*(?:#.*)?")
_LIST_TABLES = ("event", "event.section", "event.override", "source")  # tables that a registry has several of
_TABLE_NAME = re.compile(r"registry|aliases|site|event\.translations\.[A-Za-z0-9_-]+")
_COMMENT = re.compile(r"[ \t]+#.*$")
_SECOND_STATEMENT = re.compile(r"""(?P<value>.*?["'\]\w])[ \t]*[,;]?[ \t]+(?P<rest>(?P<key>[A-Za-z0-9_-]+)[ \t]*=.*)""")
_SHORT_OFFSET = re.compile(r"(?P<time>.*\d:\d\d)(?P<sign>[+-])(?P<hours>\d{1,2})")
_ZONE_AFTER_TIME = re.compile(r"(?P<time>\S+)[ \t]+(?P<zone>[A-Z][A-Za-z_]+/[A-Za-z_/+-]+)")
_DOUBLE_QUOTES, _SINGLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb", "\u2018\u2019\u201a\u201b"  # as Word has them
_STRAIGHT_QUOTES = str.maketrans({**dict.fromkeys(_DOUBLE_QUOTES, '"'), **dict.fromkeys(_SINGLE_QUOTES, "'")})
_QUOTES = "\"'" + _DOUBLE_QUOTES + _SINGLE_QUOTES
_REPEATED_COMMAS = re.compile(r"""(?P<quoted>"[^"]*"|'[^']*')|(?P<sign>[,\[])(?:[ \t]*,)+""")
_MAX_LINE_LENGTH = 200  # longer lines are not checked: they are no typo, but lost quotes
_NOTHING_WORDS = ("None", "null", "nil", "NULL", "-", "?")
_NO_VALUE = N_("the field has no value; leave the line out")
_ALL_DATE_FIELDS = (*DATE_FIELDS, *DATE_LIST_FIELDS, *TIMESTAMP_FIELDS)
_STRAIGHT, _DATE, _RANGE, _CLOSING, QUOTED_MESSAGE, _EQUALS = (
    N_("use straight quotes: {line}"), N_("write a date as {line}"),
    N_("write a range on two lines: {line}"), N_("the closing quote is missing: {line}"),
    N_("put text in quotes: {line}"), N_("put = after the name of the field: {line}"),
)  # fmt: skip
(
    _COMMA, _EXTRA_COMMA, _BRACKET, _BRACKETS, _ONE_EQUALS, _NO_COMMA, _ZERO, _CASE, _EXTRA_QUOTE, _INNER_QUOTES,
    _BACKSLASH, _ZONE,
) = (
    N_("a comma is missing: {line}"), N_("there is one comma too many: {line}"),
    N_("the closing bracket is missing: {line}"), N_("a list needs brackets: {line}"),
    N_("one = is enough: {line}"), N_("no comma at the end: {line}"), N_("a number does not begin with 0: {line}"),
    N_("true and false are written in small letters: {line}"), N_("there is one quote too many: {line}"),
    N_("a text with quotes in it needs single quotes around it: {line}"),
    N_("a text with a backslash needs single quotes around it: {line}"),
    N_("write the time zone in a line of its own: {line}"),
)  # fmt: skip


class Mistake(NamedTuple):
    """An error in a line, and a corrected line with which to continue parsing."""

    reason: AnyMessage
    correction: str
    key: str = ""  # of the field
    has_open_quote: bool = False  # whether the closing quote of a text is missing


def find_toml_mistake(line: str) -> Mistake | None:
    """Return the mistake in a line that sets a field, such as `location = Huế`; None if it has no known one."""
    line = line.rstrip("\r")
    if len(line) > _MAX_LINE_LENGTH:
        return None
    found = _STATEMENT.fullmatch(line)
    if found is None:
        return _find_mistake_outside_value(line)
    key, head = found["key"], found["head"].strip()
    comment = _COMMENT.search(found["value"])
    bare = found["value"][: comment.start()] if comment else found["value"]
    if not bare.strip() or bare.strip() in _NOTHING_WORDS:
        return Mistake(_(_NO_VALUE), "#", key)
    for value in dict.fromkeys((bare.strip(), found["value"].strip())):
        if found["sign"] == "=" and _is_toml_value(value):
            return None  # the error is in another line
        if mistake := _find_second_statement(key, value) or _find_impossible_value(key, value):
            return mistake
        for message, right, shown in _propose_toml_values(key, value):
            said = _EQUALS if found["sign"] == ":" else message
            if _is_toml_value(right):
                return Mistake(_(said, line=shown), f"{head} = {right}", key, said == _CLOSING)
    return None


def _find_mistake_outside_value(line: str) -> Mistake | None:
    """Return the mistake in a line whose name or header is wrong."""
    if header := _HEADER.fullmatch(line):
        name = header["name"]
        right = f"[[{name}]]" if name in _LIST_TABLES else f"[{name}]" if _TABLE_NAME.fullmatch(name) else ""
        return Mistake(_("write the header as {line}", line=right), right) if right and right != line.strip() else None
    if line.strip() in FIELD_NAMES:
        return Mistake(_(_NO_VALUE), "#", line.strip())
    if (found := _STATEMENT_WITHOUT_SIGN.fullmatch(line)) and _is_toml_value(found["value"]):
        right = f"{found['key']} = {found['value'].strip()}"
        return Mistake(_(_EQUALS, line=right), right, found["key"])
    if (found := _STATEMENT_WITHOUT_KEY.fullmatch(line)) and _is_toml_value(found["value"]):
        return Mistake(_("the name of the field is missing before ="), "#")
    if found := _STATEMENT_OF_WORDS.fullmatch(line):
        return _find_wrong_name(found["key"].strip(), found["value"].strip())
    return None


def _find_wrong_name(name: str, value: str) -> Mistake | None:
    """Return the mistake in a name that TOML takes in quotes only, such as `địa điểm`."""
    from ilocal.model.fields import find_field  # needed for errors alone

    right = value if _is_toml_value(value) else format_toml_value(value.translate(_STRAIGHT_QUOTES).strip("\"'"))
    if field := find_field(name):
        return Mistake(_("this field is called {name}: {line}", name=field, line=f"{field} = {right}"), "#", name)
    quoted = f"{format_toml_value(name)} = {right}"
    return Mistake(_("a name of other than plain letters needs quotes: {line}", line=quoted), quoted, name)


def _find_second_statement(key: str, value: str) -> Mistake | None:
    """Return the mistake of a line that sets two fields."""
    found = _SECOND_STATEMENT.fullmatch(value)
    if found is None or not _is_toml_value(found["value"]) or not _is_toml_value(found["rest"].partition("=")[2]):
        return None
    said = _("write {name} in a line of its own: {line}", name=found["key"], line=found["rest"])
    return Mistake(said, f"{key} = {found['value']}", key)


def _find_impossible_value(key: str, value: str) -> Mistake | None:
    """Return the mistake of a date or time that cannot exist."""
    from ilocal.model.impossible_dates import explain_impossible_date  # needed for errors alone

    reason = explain_impossible_date(value) if key in _ALL_DATE_FIELDS and value[0] not in "\"'" else None
    return Mistake(reason, "#", key) if reason else None


def _propose_toml_values(key: str, value: str) -> Iterator[tuple[str, str, str]]:
    """Yield possible mistakes in the value of a key: a message, the proposed value, and lines to show."""
    straight = value.translate(_STRAIGHT_QUOTES)
    if straight != value:
        yield _STRAIGHT, straight, f"{key} = {straight}"
        inner = format_toml_value(value.strip(_QUOTES))
        yield _STRAIGHT, inner, f"{key} = {inner}"
    elif _is_toml_value(value):
        yield _EQUALS, value, f"{key} = {value}"
    yield from _propose_dates(key, value)
    for message, right in (*_propose_signs(value), *_propose_lists(value), *_propose_texts(value)):
        yield message, right, f"{key} = {right}"
    if value[0] not in "[{\"'" and key not in _ALL_DATE_FIELDS:
        yield QUOTED_MESSAGE, format_toml_value(value), f"{key} = {format_toml_value(value)}"
    elif value[0] not in "[{\"'":
        yield N_("not a date; write a day as 2020-02-25, a time as 2020-02-25T09:00:00"), '""', ""


def _propose_dates(key: str, value: str) -> Iterator[tuple[str, str, str]]:
    from ilocal.model.date_parser import find_certain_period  # needed for errors alone

    if short := _SHORT_OFFSET.fullmatch(value):
        value = f"{short['time']}{short['sign']}{int(short['hours']):02}:00"
    zoned = _ZONE_AFTER_TIME.fullmatch(value)
    span = find_certain_period(zoned["time"] if zoned else value)
    if span is None:
        return
    first = format_toml_value(span.start)
    if zoned:
        yield _ZONE, first, f'{key} = {first}, timezone = "{zoned["zone"]}"'
    elif span.end is None:
        yield _DATE, first, f"{key} = {first}"
    else:
        yield _RANGE, first, f"start = {first}, end = {format_toml_value(span.end)}"


def _propose_signs(value: str) -> Iterator[tuple[str, str]]:
    """Yield values without signs that TOML does not have there."""
    if value[0] == "=":
        yield _ONE_EQUALS, value.lstrip("= ")
    if value[-1] in ",;":
        yield _NO_COMMA, value[:-1].rstrip()
    if re.fullmatch("0[0-9]+", value):
        yield _ZERO, value.lstrip("0") or "0"
    if value.lower() in ("true", "false"):
        yield _CASE, value.lower()


def _propose_lists(value: str) -> Iterator[tuple[str, str]]:
    """Yield lists with the commas and brackets that a value lacks, or without commas that have nothing before them."""
    if value[0] == "[" and len(value) > 1:
        right = value if value[-1] == "]" else value.rstrip(" ,") + "]"
        if (fixed := _REPEATED_COMMAS.sub(lambda found: found["quoted"] or found["sign"], right)) != right:
            yield _EXTRA_COMMA, fixed
        message = _COMMA if right == value else _BRACKET
        yield message, right
        yield message, re.sub(r"""(?<=["'])[ \t]+(?=["'])""", ", ", right)
        items = [item.strip().strip(_QUOTES) for item in right[1:-1].split(",")]
        yield (QUOTED_MESSAGE if right == value else _BRACKET), format_toml_value([item for item in items if item])
    elif value[0] in "\"'" and "," in value:
        yield _BRACKETS, f"[{value}]"


def _propose_texts(value: str) -> Iterator[tuple[str, str]]:
    """Yield texts with the quotes that a value lacks, or without those that it has too many of."""
    quote = value[0]
    if quote not in "\"'":
        return
    if value.endswith(quote * 2) and len(value) > 2:
        yield _EXTRA_QUOTE, value[:-1]
    if value[-1] == quote and len(value) > 1:
        inner = value[1:-1]
        message = _INNER_QUOTES if quote in inner else _BACKSLASH
        if "'" not in inner and quote == '"':
            yield message, f"'{inner}'"
        elif quote in inner or "\\" in inner:
            yield N_("quotes inside a text need a backslash before them: {line}"), format_toml_value(inner)
    yield _CLOSING, value + quote


def _is_toml_value(text: str) -> bool:
    import tomli

    try:
        return tomli.loads(f"k = {text}").keys() == {"k"}
    except (ValueError, RecursionError):
        return False
