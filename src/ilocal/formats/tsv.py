r"""Tab-separated values: the columns of CSV, one event a line for `cut`, `awk` and `sort`.

A line feed, tab or backslash inside a cell is written `\n`, `\t`, `\\`, so that a line is an event.
Formulas are guarded as in CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ilocal.formats.base import WriteOptions
from ilocal.formats.csv.event_rows import COLUMNS, format_csv_cell
from ilocal.formats.csv.rows import escape_cell_formula
from ilocal.model.event import Event

suffixes = (".tsv", ".tab")
write_choices = ("columns", "keep_formulas")
supports_recurrence = True
supports_occurrences = True
_CELL_ESCAPES = {"\n": "\\n", "\t": "\\t", "\\": "\\\\"}


def dump(events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
    columns = options.columns or COLUMNS
    yield format_tsv_row(columns)
    for event in events:
        cells = (format_csv_cell(event, column) for column in columns)
        yield format_tsv_row(text if options.keep_formulas else escape_cell_formula(text) for text in cells)


def format_tsv_row(cells: Iterable[str]) -> str:
    """Return a row of cells, ending in a newline."""
    return "\t".join(map(_escape_tsv_cell, cells)) + "\n"


def _escape_tsv_cell(text: str) -> str:
    return re.sub(r"[\n\t\\]", lambda found: _CELL_ESCAPES[found.group()], text)
