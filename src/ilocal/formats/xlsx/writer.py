"""A workbook of events: a sheet to work in, and a sheet that explains it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from ilocal.formats.base import WriteOptions
from ilocal.formats.csv.column_labels import label_csv_column, list_values_of_csv_column
from ilocal.formats.csv.event_rows import format_date_in_csv, format_people_cell
from ilocal.formats.xlsx import layout
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import N_, n_, translate
from ilocal.model.event import Event
from ilocal.model.fields import DATE_FIELDS
from ilocal.model.safe_text import escape_single_line
from ilocal.model.value_labels import describe_event_value

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_CREATED = datetime(2000, 1, 1)  # the same in every file: the same events give the same bytes
_MAX_LIST_LENGTH = 255  # characters of all values of a drop-down, with their commas
_SPARE_ROWS = 1_000  # rows below the last event that have drop-down lists too
_LINK = re.compile(r"https?://[^\s\"<>\\^`{|}]{1,2000}")

HELP_LABEL = N_("Help")
_HELP = (
    N_("How this workbook works"),
    N_(
        "Each row is an event. Edit cells, add rows below, save the "
        "workbook, and import it: ilocal import --update FILE"
    ),
    N_(
        "Dates: write the day first, as in 25/02/2020, and a time as in 25/02/2020 08:30. "
        "If the exact day is not known yet, write 02/2020 or 2020."
    ),
    N_("Separate several names in a cell (organizers, projects, topics) with semicolons: CSR; gender."),
    N_("Do not change the id of an event: the id identifies the event in the row. A new row needs no id."),
    N_("Emptying a cell removes the value of that field. Deleting a column changes nothing."),
    N_(
        "Deleting a row does not remove its event. To remove an event, add a column "
        "named Action and write remove in the row of the event."
    ),
)


class _CellStyles(NamedTuple):
    """The formats of a sheet's cells."""

    header: Format
    text: Format
    plain: Format
    link: Format
    day: Format
    time: Format
    seconds: Format
    typed_date: Format


def write_workbook(events: Iterable[Event], options: WriteOptions) -> bytes:
    """Return the workbook. What it cannot hold is reported in the options."""
    from xlsxwriter.workbook import Workbook

    chosen = list(events)
    if len(chosen) >= layout.MAX_ROWS:
        options.omitted_count = len(chosen) - layout.MAX_ROWS + 1
        chosen = chosen[: layout.MAX_ROWS - 1]
    output = BytesIO()
    workbook = Workbook(
        output,
        {
            "constant_memory": True,  # rows are written as they come, which is also fastest
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    title = options.registry_info.title or translate_label("events", options.lang)
    workbook.set_properties({"title": escape_single_line(title), "created": _CREATED})
    _write_event_sheet(workbook, chosen, options, escape_single_line(title))
    _write_help_sheet(workbook, options.lang)
    workbook.close()
    return output.getvalue()


def _make_styles(workbook: Workbook) -> _CellStyles:
    def style(**properties: object) -> Format:
        return workbook.add_format({"valign": "top", **properties})

    return _CellStyles(
        header=style(bold=True, bg_color="#DDE7F3", bottom=1, text_wrap=True),
        text=style(text_wrap=True),
        plain=style(),
        link=style(font_color="#0563C1", underline=1),
        day=style(num_format="dd/mm/yyyy", align="left"),
        time=style(num_format="dd/mm/yyyy hh:mm", align="left"),
        seconds=style(num_format="dd/mm/yyyy hh:mm:ss", align="left"),
        typed_date=style(num_format="@", align="left"),
    )


def _write_event_sheet(workbook: Workbook, events: Sequence[Event], options: WriteOptions, title: str) -> None:
    lang = options.lang
    columns = options.columns or layout.choose_sheet_columns(events)
    labels = [label_csv_column(column, lang) for column in columns]
    rows = [
        [layout.cut_xlsx_cell_text(format_people_cell(event, column, lang)) for column in columns] for event in events
    ]
    _note_cut_texts_of_xlsx(rows, options)
    sheet = workbook.add_worksheet(translate_label("events", lang)[:31])
    styles = _make_styles(workbook)
    for at, (column, label) in enumerate(zip(columns, labels, strict=True)):
        width = layout.measure_xlsx_column(column, label, [row[at] for row in rows])
        sheet.set_column(at, at, width, _get_xlsx_column_style(column, styles))
    _set_up_page(sheet, title, columns, len(rows))
    for at, column in enumerate(columns):
        _add_drop_down(sheet, at, column, [row[at] for row in rows], lang)
    for at, label in enumerate(labels):
        sheet.write_string(0, at, label, styles.header)
    writer = _RowWriter(sheet, styles, columns)
    for number, (event, row) in enumerate(zip(events, rows, strict=True), 1):
        writer.write_row(number, event, row)


def _note_cut_texts_of_xlsx(rows: Sequence[Sequence[str]], options: WriteOptions) -> None:
    if cut := sum(text.endswith(layout.CUT_MARK) for row in rows for text in row):
        options.notes.append(
            n_(
                "{n} text is too long for a cell and was truncated; importing the workbook does not change that field",
                "{n} texts are too long for a cell and were truncated; "
                "importing the workbook does not change those fields",
                cut,
            )
        )


def _get_xlsx_column_style(column: str, styles: _CellStyles) -> Format:
    """Return the format of a column's empty cells, which applies to values that people type."""
    if column in DATE_FIELDS:
        return styles.typed_date
    return styles.text if layout.is_wrapped_xlsx_column(column) else styles.plain


def _set_up_page(sheet: Worksheet, title: str, columns: Sequence[str], row_count: int) -> None:
    """Freeze the header and the id and title columns; repeat the header on printed pages, and fit them to the width."""
    sheet.freeze_panes(1, columns.index("title") + 1 if "title" in columns[:2] else 0)
    sheet.autofilter(0, 0, row_count, len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header("&L" + title.replace("&", "&&")[:200])
    sheet.set_footer("&C&P / &N")


def _add_drop_down(sheet: Worksheet, at: int, column: str, texts: Sequence[str], lang: str) -> None:
    """Offer the known values of a column as a drop-down list; `kind` also allows other values."""
    values = list_values_of_csv_column(column, lang)
    if not values:
        return
    if column != "status":
        values = list(dict.fromkeys([*values, *sorted({text for text in texts if text})]))
    while len(",".join(values)) > _MAX_LIST_LENGTH:
        values.pop()
    is_open = column != "status"
    sheet.data_validation(
        1, at, min(len(texts) + _SPARE_ROWS, layout.MAX_ROWS - 1), at,
        {"validate": "list", "source": values, "show_error": not is_open},
    )  # fmt: skip


class _RowWriter:
    """Writes events into the rows of a sheet."""

    def __init__(self, sheet: Worksheet, styles: _CellStyles, columns: Sequence[str]) -> None:
        self._sheet, self._styles = sheet, styles
        self._columns = [(at, column, _get_xlsx_column_style(column, styles)) for at, column in enumerate(columns)]
        self._link_count = 0

    def write_row(self, number: int, event: Event, texts: Sequence[str]) -> None:
        """Write an event, given the texts of its cells."""
        for at, column, style in self._columns:
            if column in DATE_FIELDS:
                self._write_date(number, at, event, column)
            elif column == "url" and self._can_be_link(texts[at]):
                self._link_count += 1
                self._sheet.write_url(number, at, texts[at], self._styles.link, texts[at])
            elif texts[at]:
                self._sheet.write_string(number, at, texts[at], style)

    def _can_be_link(self, text: str) -> bool:
        return self._link_count < layout.MAX_LINKS and _LINK.fullmatch(text) is not None

    def _write_date(self, number: int, at: int, event: Event, column: str) -> None:
        point = getattr(event, column)
        if point is None:
            self._sheet.write_blank(number, at, None, self._styles.typed_date)
        elif not layout.is_serial_date(point):
            self._sheet.write_string(number, at, format_date_in_csv(point), self._styles.typed_date)
        elif isinstance(point, datetime):
            style = self._styles.seconds if point.second else self._styles.time
            self._sheet.write_datetime(number, at, point, style)
        else:
            assert isinstance(point, date)
            self._sheet.write_datetime(number, at, datetime(point.year, point.month, point.day), self._styles.day)


def _write_help_sheet(workbook: Workbook, lang: str) -> None:
    sheet = workbook.add_worksheet(translate(HELP_LABEL, lang)[:31])
    sheet.set_column(0, 0, 100)
    bold = workbook.add_format({"bold": True, "font_size": 13})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for number, text in enumerate(_HELP):
        sheet.write_string(number, 0, translate(text, lang), wrapped if number else bold)
    statuses = ", ".join(
        describe_event_value("status", status, lang) for status in list_values_of_csv_column("status", "") or ()
    )
    sheet.write_string(len(_HELP), 0, translate(N_("Status: {names}."), lang).format(names=statuses), wrapped)
