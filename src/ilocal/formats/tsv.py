"""Tab-separated values: the columns of CSV, one event a line for `cut`, `awk` and `sort`.

A line feed, tab or backslash inside a cell is written `\\n`, `\\t`, `\\\\`, so that a line is an event.
Formulas are guarded as in CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ilocal.formats.base import Writing
from ilocal.formats.csv import COLUMNS, cell
from ilocal.formats.csv.rows import guarded
from ilocal.model.event import Event

suffixes = (".tsv", ".tab")
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\\": "\\\\"}


def dump(events: Iterable[Event], how: Writing) -> Iterator[str]:
    columns = how.columns or COLUMNS
    yield line(columns)
    for event in events:
        cells = (cell(event, column) for column in columns)
        yield line(text if how.raw else guarded(text) for text in cells)


def line(cells: Iterable[str]) -> str:
    """One row."""
    return "\t".join(map(_one_line, cells)) + "\n"


def _one_line(text: str) -> str:
    return re.sub(r"[\n\t\\]", lambda found: _ESCAPES[found.group()], text)
