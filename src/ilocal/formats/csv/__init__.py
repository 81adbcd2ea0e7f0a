"""Comma-separated values (RFC 4180): a header, one event a row, lists joined by `; `.

Sections, translations, overrides and unknown keys are JSON in cells of their own, so that nothing is lost. Also reads
tables with other headers, by a mapping, and those of Google Calendar and Outlook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ilocal.errors import Diagnostic
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.formats.csv.column_labels import (
    PEOPLE_COLUMNS,
    add_rule_column,
    count_known_columns,
    label_csv_column,
)
from ilocal.formats.csv.event_rows import (
    COLUMNS,
    COLUMNS_BY_NAME,
    format_csv_cell,
    format_people_cell,
    match_event_columns,
    parse_event_csv_rows,
)
from ilocal.formats.csv.rows import get_csv_header_line, has_separator_line, read_table, write_rows
from ilocal.model.event import Event

suffixes = (".csv",)
write_choices = ("columns", "excel", "keep_formulas")
supports_recurrence = True
supports_occurrences = True
_MAX_LABEL_LENGTH = 40  # characters; a sentence with commas is not a header
has_columns = True  # which `ReadOptions.columns` may map to fields
has_date_order = True  # which `ReadOptions.date_order` may state


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    if options.excel:
        return _dump_for_excel(events, options)
    columns = options.columns or COLUMNS
    return write_rows(columns, ([format_csv_cell(event, column) for column in columns] for event in events), options)


_EXCEL_SEPARATORS = {"vi": ";"}  # by language: where the comma divides decimals, Excel divides cells by semicolons


def _dump_for_excel(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    """Yield a table for Excel. It has no line `sep=`: after that, Excel ignores the byte-order mark."""
    events = list(events)
    columns, lang = options.columns or add_rule_column(PEOPLE_COLUMNS, events), options.lang
    header = [label_csv_column(column, lang) for column in columns]
    rows = ([format_people_cell(event, column, lang) for column in columns] for event in events)
    return write_rows(header, rows, options, _EXCEL_SEPARATORS.get(lang, ","))


def load(text: str, options: ReadOptions, delimiter: str = "") -> Iterator[Event | ImportedEvent | Diagnostic]:
    from ilocal.formats.csv import calendar_reader

    table = read_table(text, delimiter)
    if calendar_reader.is_calendar_csv_header(table.header) and not options.columns:
        yield from calendar_reader.parse_calendar_csv_rows(table, options)
        return
    columns = match_event_columns(table, options)
    yield from parse_event_csv_rows(table, columns, options)


def detect_format(text: str) -> bool:
    """Return whether a text begins with `sep=;` or a CSV header: `title`, a calendar's, or two known column names."""
    if has_separator_line(text):
        return True
    first = get_csv_header_line(text).lower()
    parts = [part.strip(' "\r') for part in re.split("[,;\t]", first)]
    if len(parts) > 1 and ("title" in parts or {"subject", "start date"} <= set(parts)):
        return True
    is_short = all(len(part) <= _MAX_LABEL_LENGTH for part in parts)
    return len(parts) > 1 and is_short and count_known_columns(parts, COLUMNS_BY_NAME) > 1
