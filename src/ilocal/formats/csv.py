"""Comma-separated values (RFC 4180): a header, one event a row, lists joined by `; `.

Sections, translations and unknown keys stand as JSON in cells of their own, so that a file comes back whole.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from ilocal.dates import iso, label
from ilocal.errors import DateError, Problem, RecordError, UsageError
from ilocal.event import FIELDS, LISTS, POINTS, STAMPS, Event
from ilocal.formats import Reading, Writing
from ilocal.grammar import read, read_point
from ilocal.plain import from_plain, plain_value, to_plain
from ilocal.text import escaped, safe

suffixes = (".csv",)
COLUMNS = ("id", *(name for name in FIELDS if name != "id"), "extra")
_NESTED = ("sections", "translations", "extra")
_DATES = (*POINTS, *STAMPS)
_SPECIAL = re.compile(r"([\\;])")  # in an item of a list
# What a spreadsheet would take for a formula, however many guards stand before it already.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")


def dump(events: Iterable[Event], how: Writing, delimiter: str = ",") -> Iterator[str]:
    columns = how.columns or COLUMNS
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n" if how.excel else "\n")
    writer.writerow(columns)
    yield ("\ufeff" if how.excel else "") + _taken(buffer)
    for event in events:
        cells = [cell(event, column) for column in columns]
        writer.writerow(cells if how.raw else [f"'{text}" if text and _FORMULA.match(text) else text for text in cells])
        yield _taken(buffer)


def _taken(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def cell(event: Event, column: str) -> str:
    """One field of an event as one text, control characters made visible."""
    if column == "when":
        return label(event.start, event.end)
    value = getattr(event, column)
    if not value:
        return ""
    if column in _NESTED:
        value = plain_value(dict(value)) if column == "extra" else to_plain(event)[column]
        return escaped(json.dumps(value, ensure_ascii=False))
    if column in LISTS:
        text = "; ".join(value)
        if "\\" in text or text.count(";") >= len(value):
            text = "; ".join([_SPECIAL.sub(r"\\\1", item) for item in value])
        return safe(text)
    if column in _DATES:
        return iso(value)
    return str(value) if column == "revision" else safe(value)


def load(text: str, how: Reading, delimiter: str = "") -> Iterator[Event | Problem]:
    text = text.removeprefix("\ufeff")
    lines = text.splitlines(keepends=True)
    if not lines:
        raise UsageError("line 1: an empty file, and a header is wanted")
    delimiter = delimiter or max(",;\t", key=lines[0].count)
    csv.field_size_limit(1 << 30)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(rows))
        yield from _unknown(columns)
        line = rows.line_num + 1
        for row in rows:
            if any(row):
                yield _event(row, columns, how, line)
            line = rows.line_num + 1
    except csv.Error as error:
        raise UsageError(f"line {rows.line_num}: not valid CSV: {error}") from None


def _columns(header: list[str]) -> list[str]:
    columns = [name.strip().lower() for name in header]
    if "title" not in columns:
        raise UsageError("line 1: there is no column title", hint="columns: " + ", ".join(COLUMNS))
    if twice := next((name for n, name in enumerate(columns) if name in columns[:n] and name), None):
        raise UsageError(f"line 1: two columns are called {safe(twice)}")
    return columns


def _unknown(columns: list[str]) -> Iterator[Problem]:
    for name in columns:
        if name not in (*COLUMNS, "when", "source_file", "source_line"):
            yield Problem(1, f'the column "{safe(name)}" is no field and is passed over', level="warning")


def _event(row: list[str], columns: list[str], how: Reading, line: int) -> Event | Problem:
    if len(row) != len(columns):
        return Problem(line, f"{len(row)} cells under {len(columns)} columns", text=",".join(row))
    cells = {
        name: _unguarded(text) for name, text in zip(columns, row, strict=True) if name in (*COLUMNS, "when") and text
    }
    try:
        return from_plain(
            _plain(cells, how), lambda source: read_point(source, how.today), source_line=line
        )  # fmt: skip
    except RecordError as error:
        return Problem(line, error.reason, error.field, text=",".join(row))


def _unguarded(text: str) -> str:
    text = text.replace("\r\n", "\n")
    return text[1:] if _GUARDED.match(text) else text


def _plain(cells: dict[str, str], how: Reading) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, text in cells.items():
        if name == "when":
            continue
        if name in _NESTED:
            value = _json(name, text)
            own = {key: inner for key, inner in value.items() if key not in COLUMNS} if name == "extra" else {}
            plain |= own if name == "extra" else {name: value}
        elif name in LISTS:
            plain[name] = split_list(text)
        elif name == "revision":
            plain[name] = int(text) if text.isdecimal() and len(text) < 10 else text
        else:
            plain[name] = text
    if "when" in cells:
        plain.setdefault("start", cells["when"])
    if "start" in plain and "end" not in plain:
        plain |= _span(plain["start"], how)
    return plain


def _span(source: str, how: Reading) -> dict[str, Any]:
    """A start that is written as a range is both ends."""
    try:
        span = read(source, how.today)
    except DateError as error:
        raise RecordError("start", error.message) from None
    return {"start": iso(span.start)} | ({"end": iso(span.end)} if span.end is not None else {})


def split_list(text: str) -> list[str]:
    r"""`a; b` as a list; `\;` is a semicolon inside an item."""
    items = re.findall(r"((?:\\.|[^;\\]|\\$)+)", text, re.DOTALL)
    return [item for found in items if (item := re.sub(r"\\([\\;])", r"\1", found).strip())]


def _json(name: str, text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(name, f"not valid JSON: {error}") from None
    if name == "extra" and not isinstance(value, dict):
        raise RecordError(name, "a JSON object is wanted here")
    return value


def recognises(text: str) -> bool:
    """A first line with a `title` between commas, semicolons or tabs."""
    first = text.lstrip("\ufeff").split("\n", 1)[0].lower()
    parts = re.split("[,;\t]", first)
    return len(parts) > 1 and "title" in (part.strip(' "\r') for part in parts)
