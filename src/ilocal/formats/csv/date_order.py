"""Order of day and month in a table: dates whose column proves another order are refused, not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ilocal.errors import InputError, InvalidEventError, UsageError
from ilocal.i18n.labels import translate_list_summary
from ilocal.i18n.messages import _
from ilocal.model.fields import DATE_FIELDS, DATE_LIST_FIELDS
from ilocal.model.safe_text import make_text_safe

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
ORDERED_COLUMNS = frozenset((*DATE_FIELDS, *DATE_LIST_FIELDS, "when", "recurrence_id"))  # columns with such dates
_NUMERIC_DATE = re.compile(
    r"(?<![\d/.])(?P<one>\d{1,2})(?P<sign> ?[/.-] ?)(?P<two>\d{1,2})(?P<rest>(?P=sign)\d{4}(?!\d))|"
    r"(?<![\d/.])(?P<short_one>\d{1,2})/(?P<short_two>\d{1,2})(?![\d/.])"  # before the end of a range
)
_MAX_SHOWN_ROWS = 10


def check_date_order_option(text: str) -> str:
    """Return an order of `--date-order`. Raises UsageError."""
    if text not in ("", DAY_FIRST, MONTH_FIRST):
        said = _('there is no order "{text}" of day and month', text=make_text_safe(text))
        raise UsageError(said, hint=_("--date-order dmy or --date-order mdy"))
    return text


def put_day_first(text: str, name: str) -> str:
    """Return a cell with its numeric dates, which are month first, day first; `name` is its column.

    Raises InvalidEventError for a month that does not exist.
    """

    def swap(found: re.Match[str]) -> str:
        month, day = found["one"] or found["short_one"], found["two"] or found["short_two"]
        if not 1 <= int(month) <= 12:
            said = _("there is no month {month}", month=int(month))
            raise InvalidEventError(
                name, _('{reason} ("{date}", read month first)', reason=said, date=make_text_safe(found[0]))
            )
        return f"{day}{found['sign'] or '/'}{month}{found['rest'] or ''}"

    return _NUMERIC_DATE.sub(swap, text)


@dataclass(slots=True)
class _ColumnDates:
    """The numeric dates of one column: a date that is proof of an order, and the rows of those that may be either."""

    month_first: tuple[int, str] | None = None
    day_first: tuple[int, str] | None = None
    unclear_rows: list[int] = field(default_factory=list)

    def add_cell(self, row: int, text: str) -> None:
        for found in _NUMERIC_DATE.finditer(text):
            one, two = int(found["one"] or found["short_one"]), int(found["two"] or found["short_two"])
            if two > 12 >= one > 0:
                self.month_first = self.month_first or (row, found[0])
            elif one > 12 >= two > 0:
                self.day_first = self.day_first or (row, found[0])
            elif one != two and one <= 12 and two <= 12 and self.unclear_rows[-1:] != [row]:
                self.unclear_rows.append(row)


def require_one_date_order(
    rows: Iterable[tuple[int, Iterator[tuple[str, str]]]],
    order: str,
    name_place: Callable[[int, str], str] | None = None,
) -> None:
    """Raise InputError if a column has a date that can only be month first beside others that may be either.

    Arguments:
        rows: the number of each row, and the names and texts of its cells that may be dates.
        order: the order that the user states; then nothing is checked.
        name_place: returns the place of a cell by its row and column, where it is not a line.
    """
    if order:
        return
    columns: dict[str, _ColumnDates] = {}
    for row, cells in rows:
        for name, text in cells:
            columns.setdefault(name, _ColumnDates()).add_cell(row, text)
    _refuse_unclear_columns(columns, name_place)


def _refuse_unclear_columns(columns: Mapping[str, _ColumnDates], name_place: Callable[[int, str], str] | None) -> None:
    for name, dates in columns.items():
        if dates.month_first is None or not dates.unclear_rows:
            continue
        row, text = dates.month_first
        values = {
            "date": make_text_safe(text),
            "rows": translate_list_summary([str(number) for number in dates.unclear_rows], _MAX_SHOWN_ROWS),
            "column": make_text_safe(name),
        }
        if dates.day_first:
            said = _(
                'in column "{column}", "{date}" is month first and "{other}" (row {row}) day first; '
                "dates in these rows may be either: {rows}",
                other=make_text_safe(dates.day_first[1]),
                row=dates.day_first[0],
                **values,
            )
        else:
            said = _(
                'in column "{column}", "{date}" can only be month first; dates in these rows may be either: {rows}',
                **values,
            )
        hint = _("say how they are meant: --date-order mdy, the month first, or --date-order dmy, the day first")
        raise InputError(row, said, hint=hint, place=name_place(row, name) if name_place else "")
