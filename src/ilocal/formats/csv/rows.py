"""Tables as text: rows with their lines, matching of columns, and protection against formulas."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import NamedTuple
from unicodedata import normalize

from ilocal.errors import InputError
from ilocal.formats.base import WriteOptions
from ilocal.formats.csv.column_labels import name_people_columns
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text

# Text that spreadsheets take for a formula, also after spaces, quotes and earlier escapes
# already; in East Asian settings the wide signs are as good as the others.
_FORMULA_PATTERN = re.compile(r"""['"\s]*[=+\-@＝＋－＠]|'*[\t\r\n]""")

# What Excel reads as a delimiter line, bare or quoted, and pads with separators when saving.
_SEPARATOR_LINE_PATTERN = re.compile(r'"?sep ?=(?P<sign>\\t|[^\w\s"]|\t)?"?[,;\t]*\r?(?:\n|\Z)', re.IGNORECASE)

TableRow = tuple[int, list[str]]  # the line on which it begins, and its cells


class Table(NamedTuple):
    """A table as read: the line and the names of its header, and its rows, each as wide as that."""

    line: int  # on which the header begins
    header: list[str]
    rows: Iterator[TableRow]


def escape_cell_formula(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if _FORMULA_PATTERN.match(cell) else cell


def unescape_cell_formula(cell: str) -> str:
    """Return the inverse of `escape_cell_formula`, with line feeds."""
    cell = cell.replace("\r\n", "\n")
    return cell[1:] if cell[:1] == "'" and _FORMULA_PATTERN.match(cell, 1) else cell


def write_rows(
    header: Iterable[str], rows: Iterable[list[str]], options: WriteOptions, delimiter: str = ","
) -> Iterator[str]:
    """Yield rows of cells as text, row by row."""
    buffer, formula = StringIO(), _FORMULA_PATTERN.match
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n" if options.excel else "\n")
    writer.writerow(header)
    yield ("\ufeff" if options.excel else "") + _drain_csv_buffer(buffer)
    for row in rows:
        writer.writerow(
            row if options.keep_formulas else [f"'{text}" if text and formula(text) else text for text in row]
        )
        yield _drain_csv_buffer(buffer)


def _drain_csv_buffer(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def read_table(text: str, delimiter: str = "") -> Table:
    """Return the header, and an iterator over the rows that are not blank.

    A first line `sep=;` states the delimiter, as in Excel, and is not a row. Raises InputError, also while the rows are
    read.
    """
    text = text.removeprefix("\ufeff")
    first_line, text, stated_delimiter = _split_separator_line(text)
    if not text.strip():
        raise InputError(first_line, _("the file is empty; expected a header"))
    if (at := text.find("\0")) >= 0:
        line = first_line + text.count("\n", 0, at)
        raise InputError(line, _("the text contains a NUL character"), hint=_("specify the encoding with --encoding"))
    rows = _parse_rows(text, delimiter or stated_delimiter or _detect_delimiter(text.splitlines()[0]), first_line)
    header = next(rows)[1]
    return Table(first_line, header, _require_row_width(rows, len(header)))


def has_separator_line(text: str) -> bool:
    """Return whether the first line of a table only states its delimiter."""
    return _SEPARATOR_LINE_PATTERN.match(text.removeprefix("\ufeff")) is not None


def get_csv_header_line(text: str) -> str:
    """Return the line of a table in which its header begins."""
    _line, rest, _sign = _split_separator_line(text.removeprefix("\ufeff"))
    return rest.split("\n", 1)[0]


def _split_separator_line(text: str) -> tuple[int, str, str]:
    """Return the line number of the first row, the text from there, and the stated delimiter; "" for none."""
    found = _SEPARATOR_LINE_PATTERN.match(text)
    if found is None:
        return 1, text, ""
    sign = found["sign"] or ""
    return 2, text[found.end() :], "\t" if sign == "\\t" else sign


def _detect_delimiter(line: str) -> str:
    bare = re.sub('"[^"]*"', "", line)
    return max(",;\t", key=bare.count)


def _parse_rows(text: str, delimiter: str, first_line: int) -> Iterator[TableRow]:
    line = first_line
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        while (row := _read_next_row(rows)) is not None:
            yield line, row
            line = first_line + rows.line_num
    except csv.Error as error:
        from ilocal.i18n.third_party import translate_library_message

        said = _("not valid CSV: {reason}", reason=translate_library_message(str(error)))
        raise InputError(first_line - 1 + rows.line_num, said) from None


_MAX_CELL_CHARACTERS = 1 << 30  # more than the limit of an input file


def _read_next_row(rows: Iterator[list[str]]) -> list[str] | None:
    """Return the next row, None at the end, without changing Python's process-wide limit for a cell."""
    limit = csv.field_size_limit(_MAX_CELL_CHARACTERS)
    try:
        return next(rows, None)
    finally:
        csv.field_size_limit(limit)


def _require_row_width(rows: Iterator[TableRow], width: int) -> Iterator[TableRow]:
    """Yield the rows that are not blank.

    Raises InputError for another width than the header's, as columns would shift.
    """
    for line, row in rows:
        if not any(row):
            continue
        if len(row) < width or any(row[width:]):
            said = _("the row has {n} cells, but the header has {columns} columns", n=len(row), columns=width)
            hint = _("put cells that contain the separator or a line break in quotes")
            raise InputError(line, said, hint=hint)
        yield line, row[:width]


def match_columns_to_fields(
    table: Table, mapping: Mapping[str, str], names: Mapping[str, str], *, has_people_names: bool = False
) -> list[str]:
    """Return the field of each column, "" for none.

    Arguments:
        table: the table with the header.
        mapping: fields by names in the file, given by the user.
        names: fields by folded names.
        has_people_names: whether labels and synonyms also count.

    Raises InputError for a mapping from a missing column, and for two columns with one field or name.
    """
    said = {_find_column(name, table): field for name, field in mapping.items()}
    if len(said) < len(mapping):
        raise InputError(table.line, _("the same column is mapped twice"))
    if has_people_names:
        columns = name_people_columns(table.header, names, said)
    else:
        columns = [said.get(at, names.get(fold_text(name), "")) for at, name in enumerate(table.header)]
    called = [field or name.strip().lower() for field, name in zip(columns, table.header, strict=True)]
    seen = Counter(filter(None, called))
    if twice := next((name for name, n in seen.items() if n > 1), None):
        raise InputError(table.line, _("two columns have the name {name}", name=make_text_safe(twice)))
    return columns


def _find_column(name: str, table: Table) -> int:
    """Return the index of the column that a user calls `name`: an exact match, else a folded one."""
    wanted = normalize("NFC", name.strip())
    exact = [at for at, other in enumerate(table.header) if normalize("NFC", other.strip()) == wanted]
    alike = exact or [at for at, other in enumerate(table.header) if fold_text(other) == fold_text(name)]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise InputError(table.line, _('two columns match "{name}"', name=make_text_safe(name)))
    said = _('there is no column "{name}"', name=make_text_safe(name))
    columns = ", ".join(map(make_text_safe, filter(None, table.header)))
    raise InputError(table.line, said, hint=_("columns: {names}", names=columns))


def describe_unknown_csv_column(name: str) -> str:
    """Return the message about a column that is not a field."""
    return _('the column "{name}" is not a field and was skipped', name=make_text_safe(name))
