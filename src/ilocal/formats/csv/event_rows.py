"""An event as cells under the names of its fields, and back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ilocal.errors import DateError, Diagnostic, InputError, InvalidEventError, UsageError
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.formats.csv.column_labels import is_removal_word_in_csv
from ilocal.formats.csv.date_order import MONTH_FIRST, ORDERED_COLUMNS, put_day_first, require_one_date_order
from ilocal.formats.csv.rows import (
    Table,
    describe_unknown_csv_column,
    escape_cell_formula,
    match_columns_to_fields,
    unescape_cell_formula,
)
from ilocal.i18n.messages import _
from ilocal.model.dates import PartialDate, format_iso_date
from ilocal.model.describe import format_period
from ilocal.model.event import Event
from ilocal.model.fields import (
    DATE_FIELDS,
    DATE_LIST_FIELDS,
    FIELD_NAMES,
    LIST_FIELDS,
    NUMBER_FIELDS,
    TABLE_FIELDS,
    TIMESTAMP_FIELDS,
    resolve_field_name,
)
from ilocal.model.name_lists import join_names, split_names
from ilocal.model.safe_text import escape_json, make_text_safe
from ilocal.model.serialization import event_from_dict, event_to_dict, to_json_value
from ilocal.model.text_folding import fold_text
from ilocal.model.value_labels import RESOLVED_FIELDS, describe_event_value, resolve_event_kind_or_status

COLUMNS = ("id", *(name for name in FIELD_NAMES if name != "id"), "extra")
READABLE_COLUMNS = (*COLUMNS, "when", "time", "action")  # what a column may be; `time` is a time of day
_IGNORED_COLUMNS = ("source_file", "source_line")  # known and deliberately unused
COLUMNS_BY_NAME = {fold_text(name): name for name in (*READABLE_COLUMNS, *_IGNORED_COLUMNS)}
_JSON_COLUMNS = (*TABLE_FIELDS, "extra")
_DATE_COLUMNS = (*DATE_FIELDS, *TIMESTAMP_FIELDS, "recurrence_id")
_ALL_DAY_WORDS = tuple(map(fold_text, ("cả ngày", "all day")))  # in the place of a time


def parse_column_mapping(texts: Sequence[str]) -> dict[str, str]:
    """Return the fields by column name in `Tên=title,Ngày=start`; items with a comma are quoted, as in CSV.

    Raises UsageError.
    """
    found: dict[str, str] = {}
    for text in texts:
        try:
            pairs = [pair for item in csv.reader([text], skipinitialspace=True) for pair in item]
        except csv.Error:  # such as a line break
            pairs = [text]
        for pair in pairs:
            name, equals, field = (part.strip() for part in pair.rpartition("="))
            if not equals or not name:
                hint = _('use a mapping such as --map "Name of the column=title"')
                raise UsageError(_('expected NAME=FIELD, found "{text}"', text=make_text_safe(pair)), hint=hint)
            known = COLUMNS_BY_NAME.get(fold_text(field), "")
            if name in found:
                raise UsageError(_('the column "{name}" is mapped twice', name=make_text_safe(name)))
            found[name] = known if known in READABLE_COLUMNS else resolve_field_name(field)
    return found


def format_csv_cell(event: Event, column: str) -> str:
    """Return a field of an event as text, with visible control characters."""
    if column == "when":
        return format_period(event.start, event.end)
    value = getattr(event, column)
    if not value:
        return ""
    if column in _JSON_COLUMNS:
        value = to_json_value(dict(value)) if column == "extra" else event_to_dict(event)[column]
        return escape_json(json.dumps(value, ensure_ascii=False))
    if column in LIST_FIELDS:
        return make_text_safe(join_names(value))
    if column in _DATE_COLUMNS:
        return format_iso_date(value)
    if column in DATE_LIST_FIELDS:
        return "; ".join(map(format_iso_date, value))
    return str(value) if column in NUMBER_FIELDS else make_text_safe(value)


def format_people_cell(event: Event, column: str, lang: str) -> str:
    """Return a field of an event in a form for people: a status and a rule in words, no `T` before a time."""
    if column in DATE_FIELDS:
        return format_date_in_csv(value) if (value := getattr(event, column)) else ""
    if column == "rrule" and event.rrule:
        from ilocal.model.recurrence_phrases import format_recurrence_phrase  # not needed by most tables

        return format_recurrence_phrase(event.rrule, event.start, lang)
    return describe_event_value(column, format_csv_cell(event, column), lang)


def format_date_in_csv(point: PartialDate) -> str:
    """Return a date in ISO format, with a space before a local time; a time with an offset keeps its `T`."""
    text = format_iso_date(point)
    return text if getattr(point, "tzinfo", None) else text.replace("T", " ")


def match_event_columns(table: Table, options: ReadOptions) -> list[str]:
    """Return the field of each column, "" for none. Raises InputError; see `match_columns_to_fields`."""
    usual = {fold_text(name): field for name, field in options.usual_columns.items()}
    return match_columns_to_fields(table, options.columns, {**COLUMNS_BY_NAME, **usual}, has_people_names=True)


def parse_event_csv_rows(
    table: Table, columns: list[str], options: ReadOptions
) -> Iterator[ImportedEvent | Diagnostic]:
    """Yield the events of a table whose columns are these fields ("" for none)."""
    yield from check_event_columns(table, columns)
    rows = list(table.rows)
    dated = [(at, name) for at, name in enumerate(table.header) if columns[at] in ORDERED_COLUMNS]
    require_one_date_order(((line, ((name, row[at]) for at, name in dated)) for line, row in rows), options.date_order)
    for line, row in rows:
        yield parse_event_csv_row(line, list(map(unescape_cell_formula, row)), columns, options, text=",".join(row))


def check_event_columns(table: Table, columns: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield a warning for each column that is no field. Raises InputError if neither `title` nor `id` is among them."""
    if not {"title", "id"} & {*columns}:
        hint = _(
            'specify the title column with --map "Name of the column=title"; fields: {names}', names=", ".join(COLUMNS)
        )
        raise InputError(table.line, _("there is no title column"), hint=hint)
    for name, field in zip(table.header, columns, strict=True):
        if not field and name.strip():
            yield Diagnostic(table.line, describe_unknown_csv_column(name.strip().lower()), severity="warning")


def parse_event_csv_row(
    line: int, row: Sequence[str], columns: Sequence[str], options: ReadOptions, text: str
) -> ImportedEvent | Diagnostic:
    """Return the event of a row with these columns, or its diagnostic; `text` is the row in the file."""
    cells = {name: cell for name, cell in zip(columns, row, strict=True) if name in READABLE_COLUMNS}
    try:
        return _read_row(cells, options, line, text)
    except InvalidEventError as error:
        return Diagnostic(line, error.reason, error.field, text=text)


def _read_row(cells: dict[str, str], options: ReadOptions, line: int, text: str) -> ImportedEvent:
    cells |= {name: cells[name].strip() for name in ("id", "uid", "recurrence_id") if name in cells}
    action = cells.pop("action", "").strip()
    if is_removal_word_in_csv(action):
        state = {name: cells[name] for name in ("revision", "updated") if name in cells}
        cells = {name: cells.get(name, "") for name in ("id", "title", "recurrence_id")} | state
        if not cells["id"]:
            raise InvalidEventError("id", _("to remove an event, specify its id"))
        cells["title"] = cells["title"].strip() or cells["id"]
    elif action:
        said = _('unknown action "{action}"; use remove, or leave the cell empty', action=make_text_safe(action))
        raise InvalidEventError("action", said)
    if options.date_order == MONTH_FIRST:
        cells |= {name: put_day_first(text, name) for name, text in cells.items() if name in ORDERED_COLUMNS}
    if "start" in cells:  # then `when` repeats it for people
        cells.pop("when", "")
    cells = _join_time_columns_of_csv(cells)
    says = {name for name in cells if name != "when"}
    # Fields that the table lacks are those of the registry's event; until that is known, any valid value will do.
    if cells.get("id"):
        cells.setdefault("title", cells["id"])
    if "when" not in cells and cells.get("end"):
        cells.setdefault("start", cells["end"])
    event = _cells_to_event(cells, options, line)
    if "when" in cells:
        says |= {"start", "end"}
    elif event.end is not None:  # written as a range
        says.add("end")
    return ImportedEvent(event, frozenset(says), bool(action), partial(_reread_csv_row, tuple(cells), options), text)


def _join_time_columns_of_csv(cells: dict[str, str]) -> dict[str, str]:
    """Return the cells with a time of day in its own column joined to its day."""
    time = " ".join(cells.pop("time", "").split())
    column = "start" if "start" in cells else "when"
    day = cells.get(column, "").strip()
    if time and day and not cells.get("end", "").strip() and fold_text(time) not in _ALL_DAY_WORDS:
        cells[column] = f"{day} {time}"
    return cells


def _reread_csv_row(columns: Sequence[str], options: ReadOptions, event: Event) -> Event:
    """Return an event as a row written of it would be read, for example without control characters."""
    cells = {name: unescape_cell_formula(escape_cell_formula(format_csv_cell(event, name))) for name in columns}
    try:
        return _cells_to_event({"title": event.title, **cells}, options, event.source_line)
    except InvalidEventError:
        return event


def _cells_to_event(cells: dict[str, str], options: ReadOptions, line: int) -> Event:
    from ilocal.model.date_parser import parse_date  # compiling its patterns takes 10 ms: not needed for writing

    plain = _cells_to_dict({name: text for name, text in cells.items() if text})
    if cells.get("when"):
        plain.setdefault("start", cells["when"])
    if "start" in plain and "end" not in plain:
        plain |= _parse_start_cell(plain["start"], options)
    phrase = plain.pop("rrule") if "rrule" in plain and _is_phrase(plain["rrule"]) else ""
    event = event_from_dict(plain, lambda source: parse_date(source, options.today), source_line=line)
    return replace(event, rrule=_parse_rule_phrase(phrase, event, options)) if phrase else event


def _is_phrase(text: str) -> bool:
    from ilocal.model.recurrence_phrases import is_rrule_text

    return not is_rrule_text(text)


def _parse_rule_phrase(phrase: str, event: Event, options: ReadOptions) -> str:
    """Return the rule that a cell states in words. Raises InvalidEventError."""
    from ilocal.model.recurrence_phrases import parse_recurrence

    try:
        return parse_recurrence(phrase, event.start, options.today)
    except UsageError as error:
        raise InvalidEventError("rrule", error.lazy_message) from None


def _cells_to_dict(cells: dict[str, str]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, text in cells.items():
        if name == "extra":
            plain |= {key: value for key, value in _parse_json_cell(name, text).items() if key not in FIELD_NAMES}
        elif name in _JSON_COLUMNS:
            plain[name] = _parse_json_cell(name, text)
        elif name in LIST_FIELDS:
            plain[name] = split_names(text)
        elif name in DATE_LIST_FIELDS:
            plain[name] = [item for found in text.split(";") if (item := found.strip())]
        elif name in NUMBER_FIELDS:
            plain[name] = int(text) if text.isdecimal() and len(text) < 10 else text
        elif name in RESOLVED_FIELDS:
            plain[name] = resolve_event_kind_or_status(name, text)
        elif name != "when":
            plain[name] = text
    return plain


def _parse_start_cell(source: str, options: ReadOptions) -> dict[str, Any]:
    """Return the start and, if it is written as a range, the end."""
    from ilocal.model.date_parser import parse_period
    from ilocal.model.undated_words import is_undated_text

    if is_undated_text(source):
        return {"start": ""}
    try:
        span = parse_period(source, options.today)
    except DateError as error:
        raise InvalidEventError("start", error.message) from None
    return {"start": format_iso_date(span.start)} | ({"end": format_iso_date(span.end)} if span.end is not None else {})


def _parse_json_cell(name: str, text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidEventError(name, _("not valid JSON: {reason}", reason=error)) from None
    if name == "extra" and not isinstance(value, dict):
        raise InvalidEventError(name, _("expected a JSON object"))
    return value
