"""A table as text: its rows with their lines, what its columns are called, and the guard against formulas."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from unicodedata import normalize

from ilocal.errors import InputError
from ilocal.formats.base import WriteOptions
from ilocal.i18n.messages import _
from ilocal.model.safe_text import escape_unsafe
from ilocal.model.text_folding import fold_text

# What a spreadsheet would take for a formula, also behind blanks and quotes, and however many guards stand before it
# already; in East Asian settings the wide signs are as good as the others.
_FORMULA_PATTERN = re.compile(r"""['"\s]*[=+\-@＝＋－＠]|'*[\t\r\n]""")

TableRow = tuple[int, list[str]]  # the line on which it begins, and its cells


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
    yield ("\ufeff" if options.excel else "") + _drain_buffer(buffer)
    for row in rows:
        writer.writerow(
            row if options.keep_formulas else [f"'{text}" if text and formula(text) else text for text in row]
        )
        yield _drain_buffer(buffer)


def _drain_buffer(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def read_rows(text: str, delimiter: str = "") -> tuple[list[str], Iterator[TableRow]]:
    """The header, and the rows that are not blank, each as wide as the header. Raises UsageError, also while read."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise InputError(1, _("an empty file, and a header is wanted"))
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise InputError(line, _("a NUL character, which no text has"), hint=_("say its encoding with --encoding"))
    rows = _parse_rows(text, delimiter or _detect_delimiter(text.splitlines()[0]))
    header = next(rows)[1]
    return header, _require_row_width(rows, len(header))


def _detect_delimiter(line: str) -> str:
    bare = re.sub('"[^"]*"', "", line)
    return max(",;\t", key=bare.count)


def _parse_rows(text: str, delimiter: str) -> Iterator[TableRow]:
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        while (row := _read_next_row(rows)) is not None:
            yield line, row
            line = rows.line_num + 1
    except csv.Error as error:
        from ilocal.i18n.third_party import translate_library_message

        said = _("not valid CSV: {reason}", reason=translate_library_message(str(error)))
        raise InputError(rows.line_num, said) from None


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


def match_columns_to_fields(header: Sequence[str], mapping: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """The field that each column says, by `mapping` (name in the file: field) or by `names` (folded name: field).

    "" for a column that says none. Raises UsageError for a mapping from a column that is not there, and for two columns
    of one field or name.
    """
    said = {_find_column(name, header): (name, field) for name, field in mapping.items()}
    if len(said) < len(mapping):
        raise InputError(1, _("the mapping names one column twice"))
    columns = [said[at][1] if at in said else names.get(fold_text(name), "") for at, name in enumerate(header)]
    called = [field or name.strip().lower() for field, name in zip(columns, header, strict=True)]
    seen = Counter(filter(None, called))
    if twice := next((name for name, n in seen.items() if n > 1), None):
        raise InputError(1, _("two columns are called {name}", name=escape_unsafe(twice)))
    return columns


def _find_column(name: str, header: Sequence[str]) -> int:
    """Where in the header the column stands that a user calls `name`: exactly so, else folded."""
    wanted = normalize("NFC", name.strip())
    exact = [at for at, other in enumerate(header) if normalize("NFC", other.strip()) == wanted]
    alike = exact or [at for at, other in enumerate(header) if fold_text(other) == fold_text(name)]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise InputError(1, _('two columns may be "{name}"', name=escape_unsafe(name)))
    said = _('there is no column "{name}"', name=escape_unsafe(name))
    raise InputError(1, said, hint=_("columns: {names}", names=", ".join(map(escape_unsafe, filter(None, header)))))


def describe_unknown_column(name: str) -> str:
    """What is said of a column that says no field."""
    return _('the column "{name}" is no field and is passed over', name=escape_unsafe(name))
