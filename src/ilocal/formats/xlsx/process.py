"""A workbook read by `child.py`: the process started, its limits on time and output, and its errors in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe

TIME_LIMIT_SECONDS = 35
OUTPUT_LIMIT_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class SheetRange:
    """Cells that are merged into one; rows and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its merged cells, and its rows that are not empty, each with its number from 1. Read before the next."""

    name: str
    merges: list[SheetRange]
    rows: Iterator[tuple[int, list[Any]]]


@dataclass(frozen=True, slots=True)
class SheetList:
    """The names of a workbook's sheets, and of those that are hidden."""

    names: list[str]
    hidden_names: list[str]


def read_workbook(data: bytes, sheet: str = "") -> Iterator[SheetList | Sheet]:
    """Yield the list of sheets, then each visible sheet, or the one called `sheet`. Raises UsageError."""
    from importlib.util import find_spec

    found = find_spec("python_calamine")
    if found is None or found.origin is None:
        raise UsageError(_("python-calamine, which is required to read workbooks, is not installed"))
    lines = _run_xlsx_child(data, str(Path(found.origin).parent.parent), sheet)
    with suppress(StopIteration):
        line = next(lines)
        while True:
            if not isinstance(line, dict):
                line = next(lines)
                continue
            _raise_xlsx_child_error(line)
            if "sheets" in line:
                yield _make_sheet_list(line["sheets"], sheet)
                line = next(lines)
                continue
            following: list[Any] = []
            merges = [SheetRange(*corner) for corner in line["merges"]]
            yield Sheet(line["sheet"], merges, _iterate_rows(lines, following))
            line = following[0] if following else next(lines)


def _iterate_rows(lines: Iterator[Any], following: list[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Yield the rows of a sheet; the line that ends it goes into `following`."""
    for line in lines:
        if isinstance(line, dict):
            _raise_xlsx_child_error(line)
            following.append(line)
            return
        yield line[0], line[1]


def _make_sheet_list(sheets: list[dict[str, Any]], wanted: str) -> SheetList:
    names = [one["name"] for one in sheets]
    if wanted and wanted not in names:
        said = _('there is no sheet "{name}"', name=make_text_safe(wanted))
        raise UsageError(said, hint=_("sheets: {names}", names=", ".join(map(make_text_safe, names))))
    return SheetList(names, [one["name"] for one in sheets if one["hidden"]])


def _raise_xlsx_child_error(line: dict[str, Any]) -> None:
    """Raise UsageError if a line of the child process reports an error."""
    kind = line.get("error")
    if kind == "password":
        raise UsageError(
            _("the workbook is protected with a password"),
            hint=_("save the workbook without a password, and import it again"),
        )
    if kind == "other":
        raise UsageError(
            _("this is a document of {program}, not a workbook", program=make_text_safe(line["program"])),
            hint=_("copy the table into a workbook, or save the document as text"),
        )
    if kind == "archive":
        raise UsageError(
            _("this is an archive, not a workbook"), hint=_("unpack the archive, and import the files in it")
        )
    if kind == "large":
        raise _make_xlsx_too_large_error()
    if kind == "broken":
        reason = make_text_safe(line["reason"])
        raise UsageError(
            _("the workbook is damaged and cannot be read: {reason}", reason=reason),
            hint=_("open the file in a spreadsheet program and save it again"),
        )


def _make_xlsx_too_large_error() -> UsageError:
    return UsageError(
        _("the workbook is too large to read, or it expands to too much data"),
        hint=_("copy the rows that have events into a new workbook, or save the sheet as CSV"),
    )


def _run_xlsx_child(data: bytes, library_folder: str, sheet: str) -> Iterator[Any]:
    """Yield the lines that the child writes. Raises UsageError if it is killed, by its limits or by its own fault."""
    import subprocess
    from tempfile import TemporaryFile
    from threading import Timer

    script = str(Path(__file__).with_name("child.py"))
    with TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-I", script, library_folder, sheet],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    timer = Timer(TIME_LIMIT_SECONDS, process.kill)
    timer.start()
    try:
        assert process.stdout is not None
        left = OUTPUT_LIMIT_BYTES
        while line := process.stdout.readline(left + 1):
            left -= len(line)
            if left < 0:
                raise _make_xlsx_too_large_error()
            if not line.endswith(b"\n"):
                break  # cut off amid a line: it was killed
            yield json.loads(line.decode("utf-8", "surrogatepass"))
        if process.wait():
            raise _make_xlsx_too_large_error()
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
