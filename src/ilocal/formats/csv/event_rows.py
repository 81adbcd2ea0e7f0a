"""An event as cells under the names of its fields, and back."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from ilocal.errors import DateError, Problem, RecordError, UsageError, at_line
from ilocal.formats.base import Entry, Reading
from ilocal.formats.csv.rows import Row, guarded, not_a_field, unguarded
from ilocal.i18n.messages import _
from ilocal.model.date_parser import read, read_point
from ilocal.model.dates import iso
from ilocal.model.describe import label
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS, LISTS, POINT_LISTS, POINTS, STAMPS, field_named
from ilocal.model.safe_text import json_escaped, safe
from ilocal.model.serialization import from_plain, plain_value, to_plain
from ilocal.model.text_folding import fold

COLUMNS = ("id", *(name for name in FIELDS if name != "id"), "extra")
SAID = (*COLUMNS, "when", "action")  # what a column may say
_PASSED = ("source_file", "source_line")  # known, and of no use here
NAMES = {fold(name): name for name in (*SAID, *_PASSED)}
_NESTED = ("sections", "translations", "overrides", "extra")
_DATES = (*POINTS, *STAMPS, "recurrence_id")
_SPECIAL = re.compile(r"([\\;])")  # in an item of a list


def mapping_of(texts: Sequence[str]) -> dict[str, str]:
    """`Tên=title,Ngày=start` as fields by names of columns; an item with a comma in it stands in quotes, as in CSV.

    Raises UsageError.
    """
    found: dict[str, str] = {}
    for text in texts:
        try:
            pairs = [pair for item in csv.reader([text], skipinitialspace=True) for pair in item]
        except csv.Error:  # a line break, say
            pairs = [text]
        for pair in pairs:
            name, equals, field = (part.strip() for part in pair.rpartition("="))
            if not equals or not name:
                hint = _('write --map "Name of the column=title"')
                raise UsageError(_('"{text}" is no mapping', text=safe(pair)), hint=hint)
            known = NAMES.get(fold(field), "")
            if name in found:
                raise UsageError(_('the column "{name}" is mapped twice', name=safe(name)))
            found[name] = known if known in SAID else field_named(field)
    return found


def cell(event: Event, column: str) -> str:
    """One field of an event as one text, control characters made visible."""
    if column == "when":
        return label(event.start, event.end)
    value = getattr(event, column)
    if not value:
        return ""
    if column in _NESTED:
        value = plain_value(dict(value)) if column == "extra" else to_plain(event)[column]
        return json_escaped(json.dumps(value, ensure_ascii=False))
    if column in LISTS:
        text = "; ".join(value)
        if "\\" in text or text.count(";") >= len(value):
            text = "; ".join([_SPECIAL.sub(r"\\\1", item) for item in value])
        return safe(text)
    if column in _DATES:
        return iso(value)
    if column in POINT_LISTS:
        return "; ".join(map(iso, value))
    return str(value) if column == "revision" else safe(value)


def load(header: Sequence[str], columns: list[str], rows: Iterator[Row], how: Reading) -> Iterator[Entry | Problem]:
    """The events of a table whose columns say these fields ("" says none)."""
    if not {"title", "id"} & {*columns}:
        hint = _('say which it is: --map "Name of the column=title"; fields: {names}', names=", ".join(COLUMNS))
        raise UsageError(at_line(1, _("there is no column title")), hint=hint)
    for name, field in zip(header, columns, strict=True):
        if not field and name.strip():
            yield Problem(1, not_a_field(name.strip().lower()), level="warning")
    for line, row in rows:
        cells = {name: unguarded(text) for name, text in zip(columns, row, strict=True) if name in SAID}
        try:
            yield _entry(cells, how, line, ",".join(row))
        except RecordError as error:
            yield Problem(line, error.reason, error.field, text=",".join(row))


def _entry(cells: dict[str, str], how: Reading, line: int, text: str) -> Entry:
    cells |= {name: cells[name].strip() for name in ("id", "uid", "recurrence_id") if name in cells}
    action = cells.pop("action", "").strip()
    if fold(action) == "remove":
        cells = {name: cells.get(name, "") for name in ("id", "title", "recurrence_id")}
        if not cells["id"]:
            raise RecordError("id", _("what is to be removed is named by its id"))
        cells["title"] = cells["title"].strip() or cells["id"]
    elif action:
        said = _('"{action}" is no action; it is remove, or nothing', action=safe(action))
        raise RecordError("action", said)
    if "start" in cells:  # then `when` says it once more, for people
        cells.pop("when", "")
    says = {name for name in cells if name != "when"}
    # What the table leaves out is what the event of this id has; until that is known, anything valid stands for it.
    if cells.get("id"):
        cells.setdefault("title", cells["id"])
    if "when" not in cells and cells.get("end"):
        cells.setdefault("start", cells["end"])
    event = _event(cells, how, line)
    if "when" in cells:
        says |= {"start", "end"}
    elif event.end is not None:  # written as a range
        says.add("end")
    return Entry(event, frozenset(says), bool(action), partial(_reread, tuple(cells), how), text)


def _reread(columns: Sequence[str], how: Reading, event: Event) -> Event:
    """What a row written of the event says: no control characters, no blanks around items of lists, and so on."""
    cells = {name: unguarded(guarded(cell(event, name))) for name in columns}
    try:
        return _event({"title": event.title, **cells}, how, event.source_line)
    except RecordError:
        return event


def _event(cells: dict[str, str], how: Reading, line: int) -> Event:
    plain = _plain({name: text for name, text in cells.items() if text})
    if cells.get("when"):
        plain.setdefault("start", cells["when"])
    if "start" in plain and "end" not in plain:
        plain |= _span(plain["start"], how)
    return from_plain(plain, lambda source: read_point(source, how.today), source_line=line)


def _plain(cells: dict[str, str]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, text in cells.items():
        if name == "extra":
            plain |= {key: value for key, value in _json(name, text).items() if key not in FIELDS}
        elif name in _NESTED:
            plain[name] = _json(name, text)
        elif name in LISTS:
            plain[name] = split_list(text)
        elif name in POINT_LISTS:
            plain[name] = [item for found in text.split(";") if (item := found.strip())]
        elif name == "revision":
            plain[name] = int(text) if text.isdecimal() and len(text) < 10 else text
        elif name != "when":
            plain[name] = text
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
        raise RecordError(name, _("not valid JSON: {reason}", reason=error)) from None
    if name == "extra" and not isinstance(value, dict):
        raise RecordError(name, _("a JSON object is wanted here"))
    return value
