"""Comma-separated values (RFC 4180): a header, one event a row, lists joined by `; `.

Sections, translations, overrides and unknown keys stand as JSON in cells of their own, so that a file comes back whole.
Read as well: tables with other headers, by a mapping, and those of Google Calendar and Outlook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ilocal.errors import Diagnostic
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.formats.csv.event_rows import COLUMNS, COLUMNS_BY_NAME, format_csv_cell, parse_event_csv_rows
from ilocal.formats.csv.rows import (
    get_csv_header_line,
    has_separator_line,
    match_columns_to_fields,
    read_table,
    write_rows,
)
from ilocal.model.event import Event

suffixes = (".csv",)
has_columns = True  # which `ReadOptions.columns` may map to fields


def dump(events: Iterable[Event], options: WriteOptions, delimiter: str = ",") -> Iterator[str]:
    columns = options.columns or COLUMNS
    return write_rows(
        columns, ([format_csv_cell(event, column) for column in columns] for event in events), options, delimiter
    )


def load(text: str, options: ReadOptions, delimiter: str = "") -> Iterator[Event | ImportedEvent | Diagnostic]:
    from ilocal.formats.csv import calendar_reader

    table = read_table(text, delimiter)
    if calendar_reader.is_calendar_csv_header(table.header) and not options.columns:
        yield from calendar_reader.parse_calendar_csv_rows(table, options)
        return
    columns = match_columns_to_fields(table, options.columns, COLUMNS_BY_NAME)
    yield from parse_event_csv_rows(table, columns, options)


def detect_format(text: str) -> bool:
    """A first line `sep=;`; a header with a `title`, or a calendar's `Subject` and `Start Date`, between separators."""
    if has_separator_line(text):
        return True
    first = get_csv_header_line(text).lower()
    parts = [part.strip(' "\r') for part in re.split("[,;\t]", first)]
    return len(parts) > 1 and ("title" in parts or {"subject", "start date"} <= set(parts))
