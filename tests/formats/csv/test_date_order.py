"""Numeric dates in tables: the day first, unless the table proves or the user states another order."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from ilocal import formats
from ilocal.errors import InputError
from ilocal.formats.base import ImportedEvent, ReadOptions
from tests.support.cli import Ilocal
from tests.support.formats import READING
from tests.support.registry import FOUR_EVENTS

MONTH_FIRST = "title,start,end\nA,12/7/2026,\nB,12/20/2026,12/22/2026\nC,5/5/2026,\nD,1/2/2027,1/3/2027\n"


def list_new_dates(ilocal: Ilocal, *arguments: str) -> list[str]:
    assert ilocal("import", *arguments).code == 0
    rows = ilocal(
        "list", "--year", "2026", "--year", "2027", "-f", "csv", "--columns", "title,start,end", "--sort", "title"
    )
    return rows.out.splitlines()[1:]


def test_a_column_with_a_date_month_first_is_refused_with_the_rows_that_may_be_either(
    ilocal: Ilocal, registry: Path
) -> None:
    Path("a.csv").write_text(MONTH_FIRST, encoding="utf-8")
    assert ilocal("import", "a.csv") == (
        2, "",
        'ilocal: a.csv:3: in column "start", "12/20/2026" can only be month first; '
        "dates in these rows may be either: 2, 5\n"
        "hint: say how they are meant: --date-order mdy, the month first, or --date-order dmy, the day first\n",
    )  # fmt: skip
    assert ilocal("--lang", "vi", "import", "a.csv").err == (
        'ilocal: a.csv:3: trong cột "start", "12/20/2026" chỉ có thể đọc theo thứ tự tháng trước, ngày sau; '
        "ngày ở các dòng sau có thể hiểu theo hai cách: 2, 5\n"
        "gợi ý: hãy nêu thứ tự: --date-order mdy (tháng trước, ngày sau) hoặc --date-order dmy (ngày trước, tháng sau)\n"
    )
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert list_new_dates(ilocal, "a.csv", "--date-order", "mdy") == [
        "A,2026-12-07,", "B,2026-12-20,2026-12-22", "C,2026-05-05,", "D,2027-01-02,2027-01-03",
    ]  # fmt: skip


def test_a_column_with_dates_in_both_orders_is_named(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("title,when\nA,12/7/2026\nB,12/20/2026\nC,20/12/2026\n", encoding="utf-8")
    assert ilocal("import", "a.csv") == (
        2, "",
        'ilocal: a.csv:3: in column "when", "12/20/2026" is month first and "20/12/2026" (row 4) day first; '
        "dates in these rows may be either: 2\n"
        "hint: say how they are meant: --date-order mdy, the month first, or --date-order dmy, the day first\n",
    )  # fmt: skip
    assert ilocal("import", "a.csv", "--date-order", "mdy", "--dry-run").err == (
        'a.csv:4: when: skipped: there is no month 20 ("20/12/2026", read month first)\n'
        "would import: 2 new, 0 updated, 0 unchanged, 1 rejected\n"
    )
    assert ilocal("import", "a.csv", "--date-order", "dmy", "--dry-run").err == (
        'a.csv:3: start: skipped: cannot read "12/20/2026" as a date: there is no month 20; '
        "the day comes first: 20/12/2026\n"
        "would import: 2 new, 0 updated, 0 unchanged, 1 rejected\n"
    )


def test_a_wrong_month_in_one_cell_stops_no_other_row_where_nothing_is_unclear(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("title,start\nA,2026-07-12\nB,12/20/2026\nC,5/5/2026\nD,25/7/2026\n", encoding="utf-8")
    assert ilocal("import", "a.csv").out == "new 2026-a\nnew 2026-c\nnew 2026-d\n"


def test_a_cell_of_a_workbook_is_named_and_its_real_dates_stay_as_they_are(ilocal: Ilocal, registry: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Sự kiện", "Ngày"], ["A", "12/7/2026"], ["B", "12/20/2026 - 12/22/2026"], ["C", date(2026, 7, 12)]):
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    Path("a.xlsx").write_bytes(out.getvalue())
    assert ilocal("import", "a.xlsx").err.startswith(
        'ilocal: a.xlsx:Sheet!B3: in column "Ngày", "12/20/2026" can only be month first; '
        "dates in these rows may be either: 2\n"
    )
    assert list_new_dates(ilocal, "a.xlsx", "--date-order", "mdy") == [
        "A,2026-12-07,", "B,2026-12-20,2026-12-22", "C,2026-07-12,",
    ]  # fmt: skip


def test_a_table_of_a_calendar_takes_the_stated_order_and_is_refused_for_both(ilocal: Ilocal, registry: Path) -> None:
    Path("g.csv").write_text("Subject,Start Date\nA,12/7/2026\nB,12/20/2026\nC,20/12/2026\n", encoding="utf-8")
    assert ilocal("import", "g.csv").err.startswith(
        'ilocal: g.csv:3: in column "Start Date / End Date", "12/20/2026" is month first and "20/12/2026" (row 4) '
    )
    assert list_new_dates(ilocal, "g.csv", "--date-order", "dmy") == ["A,2026-07-12,", "C,2026-12-20,"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("a.csv", "--date-order", "ymd"), 'there is no order "ymd" of day and month'),
        (("a.json", "--date-order", "mdy"), "a.json: not a table, and --date-order is about the dates of tables"),
    ],
)
def test_an_order_that_says_nothing_is_an_error(
    ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], error: str
) -> None:
    Path("a.csv").write_text("title,start\nA,2026\n", encoding="utf-8")
    Path("a.json").write_text('[{"title": "A"}]', encoding="utf-8")
    result = ilocal("import", *arguments)
    assert (result.code, result.err.splitlines()[0]) == (2, f"ilocal: {error}")


dates = st.dates(date(2020, 1, 1), date(2022, 12, 31))


@given(st.lists(dates, min_size=1, max_size=5), st.sampled_from("/-."), st.sampled_from(["", " 08:30", " - {}"]))
def test_dates_month_first_are_read_so_on_request_and_else_never_wrongly_beside_a_proof(
    days: list[date], sign: str, after: str
) -> None:
    def write(day: date) -> str:
        return f"{day.month}{sign}{day.day}{sign}{day.year}"

    text = "title;start\n" + "".join(f"A;{write(day)}{after.format(write(day))}\n" for day in days)

    def read(options: ReadOptions) -> list[date]:
        items = list(formats.get_format("csv").load(text, options))
        starts = [item.event.start for item in items if isinstance(item, ImportedEvent)]
        return [date(start.year, start.month, start.day) for start in starts if isinstance(start, date)]

    assert read(ReadOptions(READING.today, date_order="mdy")) == days
    is_proved = any(day.day > 12 for day in days)
    try:
        found = read(READING)
    except InputError:
        assert is_proved
    else:
        assert found == [date(day.year, day.day, day.month) for day in days if day.day <= 12]
        assert not is_proved or all(day.day == day.month for day in days if day.day <= 12)
