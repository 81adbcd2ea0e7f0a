"""Reader of a sheet as a table of events: finds its header, fills merged cells, and reads rows as in CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

from ilocal.errors import Diagnostic, InputError
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.formats.csv import calendar_reader
from ilocal.formats.csv.column_labels import count_known_columns
from ilocal.formats.csv.date_order import ORDERED_COLUMNS, require_one_date_order
from ilocal.formats.csv.event_rows import COLUMNS_BY_NAME, check_event_columns, match_event_columns, parse_event_csv_row
from ilocal.formats.csv.rows import Table
from ilocal.formats.xlsx.cells import CellError, format_field_cell, format_plain_cell, is_cut_xlsx_text, name_column
from ilocal.formats.xlsx.process import Sheet, SheetRange
from ilocal.i18n.messages import _
from ilocal.model.legacy_vietnamese import convert_legacy_vietnamese_letters, recognize_legacy_vietnamese
from ilocal.model.safe_text import escape_message, make_text_safe
from ilocal.model.text_folding import fold_text

HEADER_SEARCH_ROWS = 20
SheetRow = tuple[int, list[Any]]
_MIN_KNOWN_COLUMNS = 2


@dataclass(slots=True)
class _Header:
    """The header of a sheet: the number of its last row, its names, and the rows above it."""

    line: int
    names: list[str]
    above: list[SheetRow]


@dataclass(slots=True)
class _MergedCells:
    """The merged cells of a sheet, and the values that count for the rows below their first."""

    ranges: list[SheetRange]
    values: dict[SheetRange, Any] = field(default_factory=dict)
    _by_row: dict[int, list[SheetRange]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.ranges:
            for row in range(one.top, min(one.bottom, one.top + 100_000) + 1):
                self._by_row.setdefault(row, []).append(one)

    def find_in_row(self, line: int) -> list[SheetRange]:
        """Return the ranges that touch a row, by its number from 1."""
        return self._by_row.get(line - 1, [])

    def fill_row(self, line: int, cells: list[Any]) -> Iterator[SheetRange]:
        """Copy the value of each merged range into the row; yield ranges of several rows at their first."""
        for one in self.find_in_row(line):
            if one.top == line - 1:
                self.values[one] = cells[one.left] if one.left < len(cells) else ""
                if one.bottom > one.top and self.values[one] != "":
                    yield one
            else:
                cells += [""] * (one.left + 1 - len(cells))
                cells[one.left] = self.values.get(one, "")


def read_sheet(sheet: Sheet, options: ReadOptions) -> Iterator[ImportedEvent | Diagnostic] | None:
    """Return the events and diagnostics of a sheet; None if it has no header.

    Raises InputError, with the sheet, for an invalid header.
    """
    sheet = replace(sheet, rows=_convert_rows(sheet.rows, options.encoding)) if options.encoding else sheet
    first = list(islice(sheet.rows, HEADER_SEARCH_ROWS))
    merged = _MergedCells(sheet.merges)
    header = _find_header(first, merged, options)
    if header is None:
        return None
    below = [row for row in first if row[0] > header.line]
    warning = [] if options.encoding else _find_old_letters_in_sheet(sheet.name, first)
    return chain(warning, _read_rows(sheet, header, chain(below, sheet.rows), merged, options))


def _convert_rows(rows: Iterator[SheetRow], encoding: str) -> Iterator[SheetRow]:
    """Yield the rows with the Vietnamese that an old font showed in their cells."""
    for line, cells in rows:
        yield (
            line,
            [
                convert_legacy_vietnamese_letters(value, encoding) if isinstance(value, str) else value
                for value in cells
            ],
        )


def _find_old_letters_in_sheet(name: str, rows: Sequence[SheetRow]) -> list[Diagnostic]:
    """Return a warning if the first rows look like Vietnamese as an old font shows it."""
    text = "\n".join(value for _line, cells in rows for value in cells if isinstance(value, str))
    encoding = recognize_legacy_vietnamese(text)
    if not encoding:
        return []
    said = _(
        "this looks like Vietnamese in an old font; to read the text, use --encoding {encoding}", encoding=encoding
    )
    return [Diagnostic(0, said, severity="warning", place=name)]


def _find_header(rows: Sequence[SheetRow], merged: _MergedCells, options: ReadOptions) -> _Header | None:
    """Return the first row with two or more column names, else the first whose cells are all column names."""
    known = dict(COLUMNS_BY_NAME)
    for name, meant in (*options.usual_columns.items(), *options.columns.items()):
        known[fold_text(name)] = meant
    for needs_all in (False, True):
        for at, (line, _cells) in enumerate(rows):
            names, height = _join_header_rows(rows, at, merged)
            filled = sum(1 for name in names if name)
            count = count_known_columns(names, known)
            is_table = calendar_reader.is_calendar_csv_header(names) or count >= _MIN_KNOWN_COLUMNS
            if is_table or (needs_all and filled and count == filled):
                return _Header(line + height - 1, names, list(rows[:at]))
    return None


def _join_header_rows(rows: Sequence[SheetRow], at: int, merged: _MergedCells) -> tuple[list[str], int]:
    """Return the names of a header, and its height: cells merged downwards mean that it has rows of narrower names."""
    line, cells = rows[at]
    names = [" ".join(format_plain_cell(cell).split()) for cell in cells]
    height = max((one.bottom - one.top + 1 for one in merged.find_in_row(line) if one.top == line - 1), default=1)
    for number, lower in rows[at + 1 :]:
        if number >= line + height:
            break
        names += [""] * (len(lower) - len(names))
        for column, cell in enumerate(lower):
            if text := " ".join(format_plain_cell(cell).split()):
                names[column] = text
    return names, height


def _read_rows(
    sheet: Sheet, header: _Header, rows: Iterator[SheetRow], merged: _MergedCells, options: ReadOptions
) -> Iterator[ImportedEvent | Diagnostic]:
    table = Table(header.line, header.names, iter(()))
    for line, cells in header.above:
        yield _make_note_of_xlsx_sheet(sheet, line, cells)
    if calendar_reader.is_calendar_csv_header(header.names) and not options.columns:
        yield from _read_calendar_rows(sheet, header, rows, options)
        return
    try:
        columns = match_event_columns(table, options)
        for warning in check_event_columns(table, columns):
            yield replace(warning, place=f"{sheet.name}!{header.line}")
    except InputError as error:
        raise InputError(error.line, error.reason, hint=error.hint, place=f"{sheet.name}!{header.line}") from None
    reader = _RowReader(sheet.name, header, columns, merged, options)
    all_rows = list(rows)
    require_one_date_order(
        ((line, reader.iterate_written_dates(cells)) for line, cells in all_rows),
        options.date_order,
        reader.name_date_place,
    )
    for line, cells in all_rows:
        yield from reader.read_row(line, cells)


@dataclass(slots=True)
class _RowReader:
    """Reads rows of one sheet."""

    sheet: str
    header: _Header
    columns: list[str]
    merged: _MergedCells
    options: ReadOptions

    def read_row(self, line: int, cells: list[Any]) -> Iterator[ImportedEvent | Diagnostic]:
        """Yield the event of a row and its diagnostics; nothing for a repeated header."""
        for one in self.merged.fill_row(line, cells):
            yield self._make_merge_note(one)
        width = len(self.columns)
        row = [*cells, *[""] * width][:width]
        if not any(value != "" for value in row) or self._is_header_again(row):
            return
        text = ",".join(map(format_plain_cell, row))
        if not any(name and value != "" for name, value in zip(self.columns, row, strict=True)):
            yield Diagnostic(0, self._describe_outside(row), severity="note", place=f"{self.sheet}!{line}")
            return
        if (wide := self._find_wide_merge(line)) is not None:
            yield self._refuse_wide_merge(line, row, wide, text)
            return
        yield from self._read_cells(line, row, text)

    def _read_cells(self, line: int, row: list[Any], text: str) -> Iterator[ImportedEvent | Diagnostic]:
        columns = [
            "" if is_cut_xlsx_text(value) else name for name, value in zip(self.columns, row, strict=True)
        ]  # a field that was cut is left as it is
        try:
            texts = [self._format_cell(at, value) for at, value in enumerate(row)]
        except _PlacedCellError as error:
            place = self._name_place(line, error.column)
            yield Diagnostic(line, str(error.reason), self.columns[error.column], text=text, place=place)
            return
        item = parse_event_csv_row(line, texts, columns, self.options, text)
        if isinstance(item, Diagnostic):
            yield replace(item, place=self._name_place(line, self._find_column(item.field)))
            return
        if not item.is_removal and not item.event.id and item.event.start is None and self._has_date_column():
            place = self._name_place(line, self._find_column("start"))
            yield Diagnostic(line, _("no date; the event is imported without a date"), "start", "warning", place=place)
        yield item

    def iterate_written_dates(self, cells: Sequence[Any]) -> Iterator[tuple[str, str]]:
        """Yield the dates of a row that are texts, each with the name of its column."""
        for at, value in enumerate(cells[: len(self.columns)]):
            if isinstance(value, str) and self.columns[at] in ORDERED_COLUMNS:
                yield self.header.names[at], value

    def name_date_place(self, line: int, name: str) -> str:
        """Return the address of a cell by its row and the name of its column."""
        return self._name_place(line, self.header.names.index(name))

    def _format_cell(self, at: int, value: Any) -> str:
        if not self.columns[at]:
            return format_plain_cell(value)
        try:
            return format_field_cell(value, self.columns[at])
        except CellError as error:
            raise _PlacedCellError(at, error) from None

    def _find_column(self, name: str) -> int | None:
        """Return the column of a field; a date may be in a column for both dates."""
        for one in (name, *(("when", "time", "start") if name in ("start", "end") else ())):
            if one in self.columns:
                return self.columns.index(one)
        return None

    def _has_date_column(self) -> bool:
        return self._find_column("start") is not None

    def _name_place(self, line: int, column: int | None) -> str:
        return f"{self.sheet}!{'' if column is None else name_column(column)}{line}"

    def _is_header_again(self, row: Sequence[Any]) -> bool:
        return [" ".join(format_plain_cell(value).split()) for value in row] == self.header.names

    def _find_wide_merge(self, line: int) -> SheetRange | None:
        """Return a merged range in the row over several columns, at least one of which is a field."""
        for one in self.merged.find_in_row(line):
            if one.right > one.left and any(self.columns[one.left : one.right + 1]):
                return one
        return None

    def _refuse_wide_merge(self, line: int, row: Sequence[Any], wide: SheetRange, text: str) -> Diagnostic:
        place = self._name_place(line, wide.left)
        others = [value for at, value in enumerate(row) if not wide.left <= at <= wide.right and self.columns[at]]
        if all(value == "" for value in others):  # a heading between rows
            return Diagnostic(0, self._describe_outside(row), severity="note", place=place)
        said = _("this cell is merged across several columns; unmerge the cell, and write each value in its own column")
        return Diagnostic(line, said, text=text, place=place)

    def _make_merge_note(self, one: SheetRange) -> Diagnostic:
        last = name_column(one.left) + str(one.bottom + 1)
        place = self._name_place(one.top + 1, one.left)
        said = _("merged with the cells down to {last}; the value applies to each of these rows", last=last)
        return Diagnostic(0, said, severity="note", place=place)

    @staticmethod
    def _describe_outside(row: Sequence[Any]) -> str:
        text = " ".join(format_plain_cell(value) for value in row if value != "")
        return _("ignored text that is not part of an event: {text}", text=escape_message(text))


class _PlacedCellError(Exception):
    """A CellError with the index of its column."""

    def __init__(self, column: int, reason: CellError) -> None:
        super().__init__(str(reason))
        self.column, self.reason = column, reason


def _make_note_of_xlsx_sheet(sheet: Sheet, line: int, cells: Sequence[Any]) -> Diagnostic:
    text = " ".join(format_plain_cell(value) for value in cells if value != "")
    said = _("ignored text that is not part of an event: {text}", text=escape_message(text))
    return Diagnostic(0, said, severity="note", place=f"{sheet.name}!{line}")


def _read_calendar_rows(
    sheet: Sheet, header: _Header, rows: Iterator[SheetRow], options: ReadOptions
) -> Iterator[ImportedEvent | Diagnostic]:
    """Read a table that was exported by Google Calendar or Outlook and opened in a spreadsheet since."""
    width = len(header.names)
    texts = (
        (line, [_format_date_cell_of_sheet(name, value) for name, value in zip(header.names, row, strict=True)])
        for line, cells in rows
        for row in [[*cells, *[""] * width][:width]]
    )
    for item in calendar_reader.parse_calendar_csv_rows(Table(header.line, header.names, texts), options):
        yield replace(item, place=f"{sheet.name}!{item.line}") if isinstance(item, Diagnostic) else item


def _format_date_cell_of_sheet(name: str, value: Any) -> str:
    if isinstance(value, dict) and "time" in fold_text(name).split():
        try:
            return format_field_cell(value, "time")
        except CellError:
            return format_plain_cell(value)
    return format_plain_cell(value)


def describe_sheet_without_header(name: str) -> Diagnostic:
    """Return the note about a sheet without a header."""
    said = _("sheet {name} has no header row and was skipped", name=make_text_safe(name))
    return Diagnostic(0, said, severity="note")
