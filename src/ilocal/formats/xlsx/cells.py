"""Conversion of a workbook cell to the text that CSV would have."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from ilocal.formats.xlsx.layout import CUT_MARK
from ilocal.i18n.messages import _
from ilocal.model.fields import DATE_FIELDS
from ilocal.model.safe_text import make_text_safe

DATE_COLUMNS = frozenset((*DATE_FIELDS, "when", "recurrence_id"))
_CLOSED_COLUMNS = frozenset((*DATE_COLUMNS, "time", "status", "kind", "id", "action"))  # no text of people's own
_ERROR_VALUE = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199  # a whole number between them is a year and no count of days
_SERIAL_DAY_ZERO = date(1899, 12, 30)
_MAX_SERIAL = 2_958_465  # 31 December 9999
_DAY_MINUTES = 24 * 60


class CellError(ValueError):
    """A cell whose value does not fit its column."""


def is_cut_xlsx_text(value: Any) -> bool:
    """Return whether a cell is a text that it could not hold whole when ilocal wrote it."""
    return isinstance(value, str) and value.endswith(CUT_MARK)


def format_plain_cell(value: Any) -> str:
    """Return a cell as text, regardless of its column."""
    if isinstance(value, dict):
        ((_kind, text),) = value.items()
        return str(text).removesuffix("T00:00:00").replace("T", " ")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).replace("\r\n", "\n")


def format_field_cell(value: Any, field: str) -> str:
    """Return a cell as text in the column of a field. Raises CellError."""
    if isinstance(value, str):
        if _ERROR_VALUE.fullmatch(value):
            raise CellError(_("the formula in this cell returns the error {error}", error=value))
        text = value.replace("\r\n", "\n")
        return " ".join(text.replace("\u00a0", " ").split(" ")).strip() if field in _CLOSED_COLUMNS else text
    if isinstance(value, bool):
        said = format_plain_cell(value)
        raise CellError(_("expected text, found {value}", value=said))
    if field in DATE_COLUMNS:
        return _format_date_cell(value)
    if field == "time":
        return _format_time_cell(value)
    return format_plain_cell(value)


def _format_date_cell(value: Any) -> str:
    if isinstance(value, dict):
        if "time" in value:
            raise CellError(_("expected a date, found only a time: {time}", time=make_text_safe(value["time"])))
        return format_plain_cell(value)
    if float(value).is_integer():
        if _FIRST_YEAR <= value <= _LAST_YEAR:
            return str(int(value))
        if _FIRST_YEAR * 10_000 < value < (_LAST_YEAR + 1) * 10_000:  # 20200225, which is read as text
            return str(int(value))
    number = format_plain_cell(value)
    if not 0 < value <= _MAX_SERIAL:
        raise CellError(_("expected a date, found the number {number}", number=number))
    day = (_SERIAL_DAY_ZERO + timedelta(days=int(value))).isoformat()
    said = _(
        "expected a date, found the number {number}, which may mean {day}; format the cell as a date",
        number=number,
        day=day,
    )
    raise CellError(said)


def _format_time_cell(value: Any) -> str:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        if kind == "moment":
            text = datetime.fromisoformat(text).strftime("%H:%M:%S")
        return str(text)[: -len(":00")] if str(text).count(":") == 2 and str(text).endswith(":00") else str(text)
    if not 0 <= value < 1:
        raise CellError(_("expected a time, found the number {number}", number=format_plain_cell(value)))
    minutes = round(value * _DAY_MINUTES) % _DAY_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"


def name_column(at: int) -> str:
    """Return the letters of a column by its index: A, Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
