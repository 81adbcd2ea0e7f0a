"""A table as text: its rows with their lines, what its columns are called, and the guard against formulas."""

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

# What a spreadsheet would take for a formula, also behind blanks and quotes, and however many guards stand before it
# already; in East Asian settings the wide signs are as good as the others.
_FORMULA_PATTERN = re.compile(r"""['"\s]*[=+\-@＝＋－＠]|'*[\t\r\n]""")

# What Excel reads as a first line, by itself or between quotes, and fills up with separators when it saves it.
_SEPARATOR_LINE_PATTERN = re.compile(r'"?sep ?=(?P<sign>\\t|[^\w\s"]|\t)?"?[,;\t]*\r?(?:\n|\Z)', re.IGNORECASE)

TableRow = tuple[int, list[str]]  # the line on which it begins, and its cells


class Table(NamedTuple):
    """A table as read: the line and the names of its header, and its rows, each as wide as that."""

    line: int  # on which the header begins
    header: list[str]
    rows: Iterator[TableRow]


def escape_cell_formula(cell: str) -> str:
    """The cell as no spreadsheet will run it."""
    return f"'{cell}" if _FORMULA_PATTERN.match(cell) else cell


def unescape_cell_formula(cell: str) -> str:
    """The inverse of `guarded`; with line feeds."""
    cell = cell.replace("\r\n", "\n")
    return cell[1:] if cell[:1] == "'" and _FORMULA_PATTERN.match(cell, 1) else cell


def write_rows(
    header: Iterable[str], rows: Iterable[list[str]], options: WriteOptions, delimiter: str = ","
) -> Iterator[str]:
    """Rows of cells as text, a piece a row."""
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

    A first line `sep=;` states the delimiter, as Excel reads it, and is no row. Raises InputError, also while the rows
    are read.
    """
    text = text.removeprefix("\ufeff")
    first_line, text, stated_delimiter = _split_separator_line(text)
    if not text.strip():
        raise InputError(first_line, _("an empty file, and a header is wanted"))
    if (at := text.find("\0")) >= 0:
        line = first_line + text.count("\n", 0, at)
        raise InputError(line, _("a NUL character, which no text has"), hint=_("say its encoding with --encoding"))
    rows = _parse_rows(text, delimiter or stated_delimiter or _detect_delimiter(text.splitlines()[0]), first_line)
    header = next(rows)[1]
    return Table(first_line, header, _require_row_width(rows, len(header)))


def has_separator_line(text: str) -> bool:
    """Return whether the first line of a table says its delimiter and nothing else."""
    return _SEPARATOR_LINE_PATTERN.match(text.removeprefix("\ufeff")) is not None


def get_csv_header_line(text: str) -> str:
    """Return the line of a table in which its header begins."""
    _line, rest, _sign = _split_separator_line(text.removeprefix("\ufeff"))
    return rest.split("\n", 1)[0]


def _split_separator_line(text: str) -> tuple[int, str, str]:
    """Return the number of the first line that is a row, the text from there on, and the delimiter; "" for none."""
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


_MAX_CELL_CHARACTERS = 1 << 30  # more than an input file may have


def _read_next_row(rows: Iterator[list[str]]) -> list[str] | None:
    """Return the next row, None at the end; Python's limit for a cell, one for the whole process, is left as it was."""
    limit = csv.field_size_limit(_MAX_CELL_CHARACTERS)
    try:
        return next(rows, None)
    finally:
        csv.field_size_limit(limit)


def _require_row_width(rows: Iterator[TableRow], width: int) -> Iterator[TableRow]:
    """The rows that are not blank. Another width than the header's means that cells stand under the wrong column."""
    for line, row in rows:
        if not any(row):
            continue
        if len(row) < width or any(row[width:]):
            said = _("{n} cells under {columns} columns", n=len(row), columns=width)
            hint = _("a cell that has the separator or a line end in it stands in quotes")
            raise InputError(line, said, hint=hint)
        yield line, row[:width]


def match_columns_to_fields(
    table: Table, mapping: Mapping[str, str], names: Mapping[str, str], *, has_people_names: bool = False
) -> list[str]:
    """The field that each column says, by `mapping` (name in the file: field) or by `names` (folded name: field).

    With `has_people_names`, also by what people call it. "" for a column that says none. Raises UsageError for a
    mapping from a column that is not there, and for two columns of one field or name.
    """
    said = {_find_column(name, table): field for name, field in mapping.items()}
    if len(said) < len(mapping):
        raise InputError(table.line, _("the mapping names one column twice"))
    if has_people_names:
        columns = name_people_columns(table.header, names, said)
    else:
        columns = [said.get(at, names.get(fold_text(name), "")) for at, name in enumerate(table.header)]
    called = [field or name.strip().lower() for field, name in zip(columns, table.header, strict=True)]
    seen = Counter(filter(None, called))
    if twice := next((name for name, n in seen.items() if n > 1), None):
        raise InputError(table.line, _("two columns are called {name}", name=make_text_safe(twice)))
    return columns


def _find_column(name: str, table: Table) -> int:
    """Where in the header the column stands that a user calls `name`: exactly so, else folded."""
    wanted = normalize("NFC", name.strip())
    exact = [at for at, other in enumerate(table.header) if normalize("NFC", other.strip()) == wanted]
    alike = exact or [at for at, other in enumerate(table.header) if fold_text(other) == fold_text(name)]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise InputError(table.line, _('two columns may be "{name}"', name=make_text_safe(name)))
    said = _('there is no column "{name}"', name=make_text_safe(name))
    columns = ", ".join(map(make_text_safe, filter(None, table.header)))
    raise InputError(table.line, said, hint=_("columns: {names}", names=columns))


def describe_unknown_csv_column(name: str) -> str:
    """What is said of a column that says no field."""
    return _('the column "{name}" is no field and is passed over', name=make_text_safe(name))
