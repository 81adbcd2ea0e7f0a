"""Layout of a sheet of events: its columns, their widths, and the limits of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ilocal.formats.csv.column_labels import PEOPLE_COLUMNS, add_rule_column
from ilocal.formats.csv.event_rows import COLUMNS
from ilocal.model.dates import PartialDate
from ilocal.model.event import Event
from ilocal.model.fields import DATE_FIELDS

MAX_CELL_LENGTH = 32_767  # UTF-16 units, as counted by Excel
MAX_ROWS = 1_048_576
MAX_LINKS = 65_530  # of one sheet; Excel does not open a file with more
CUT_MARK = " … [ilocal: cut]"  # ends a text that a cell could not hold, and that an import leaves alone

_MIN_WIDTH, _MAX_WIDTH = 8, 60  # characters
_DATE_WIDTH, _PROGRAM_WIDTH = 17, 12  # `25/02/2020 08:30`; a column that people do not read
_FIRST_SERIAL_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900
_SAMPLE_ROWS = 1_000  # rows that are sampled for the width of a column


def choose_sheet_columns(events: Sequence[Event]) -> tuple[str, ...]:
    """Return the columns that people fill in, and others that have a value in any event."""
    columns = add_rule_column(PEOPLE_COLUMNS, events)
    others = [column for column in COLUMNS if column not in columns]
    return (*columns, *(column for column in others if any(getattr(event, column) for event in events)))


def is_wrapped_xlsx_column(column: str) -> bool:
    """Return whether long texts of a column run over several lines: those that people read."""
    return column in PEOPLE_COLUMNS and column not in ("id", "url", *DATE_FIELDS)


def measure_xlsx_column(column: str, label: str, texts: Sequence[str]) -> float:
    """Return the width of a column in characters, from its label and the first of its texts."""
    if column in DATE_FIELDS:
        return _DATE_WIDTH
    if column not in (*PEOPLE_COLUMNS, "rrule", "when"):
        return max(_PROGRAM_WIDTH, len(label) + 4)
    longest = max((len(line) for text in texts[:_SAMPLE_ROWS] for line in text.split("\n")), default=0)
    return min(_MAX_WIDTH, max(_MIN_WIDTH, longest + 2, len(label) + 4))  # room for the filter arrow


def is_serial_date(point: PartialDate | None) -> bool:
    """Return whether a spreadsheet can store a date: a day, or a local time to the second.

    Midnight is excluded: it would be read as a day.
    """
    if isinstance(point, datetime):
        has_time = bool(point.hour or point.minute or point.second)
        return has_time and point.tzinfo is None and not point.microsecond and point.date() >= _FIRST_SERIAL_DAY
    return isinstance(point, date) and point >= _FIRST_SERIAL_DAY


def cut_xlsx_cell_text(text: str) -> str:
    """Return a text cut to the maximum length of a cell, with a mark at its end if it was cut."""
    units = text.encode("utf-16-le")
    if len(units) // 2 <= MAX_CELL_LENGTH:
        return text
    room = MAX_CELL_LENGTH - len(CUT_MARK)
    return units[: room * 2].decode("utf-16-le", "ignore") + CUT_MARK
