"""A script for a separate, limited process, which reads a workbook from stdin and writes JSON lines.

A crafted workbook of a few kilobytes can make the library request hundreds of gigabytes, which then ends only this
process. The script imports nothing from ilocal, and python_calamine from the folder given by its first argument. It
writes an object for the workbook, or for an error; then for each sheet an object, and an array for each row.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

MEMORY_LIMIT_BYTES = 1 << 30
CPU_LIMIT_SECONDS = 30

_OOXML_PARTS = {"word/document.xml": "Word", "ppt/presentation.xml": "PowerPoint"}
_OLE_STREAMS = {"WordDocument": "Word", "PowerPoint Document": "PowerPoint"}
BUILTIN_MONTH_FORMAT = "17"  # mmm-yy
_ENCRYPTED_STREAM = "EncryptedPackage"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def limit_xlsx_process() -> None:
    """Bound memory and time, where the system can."""
    try:
        import resource
    except ImportError:
        return
    for name, limit in (("RLIMIT_AS", MEMORY_LIMIT_BYTES), ("RLIMIT_CPU", CPU_LIMIT_SECONDS), ("RLIMIT_CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, name), (limit, limit))
        except (ValueError, OSError, AttributeError):  # a lower limit is set already, or the system has none
            continue


def find_reason_against_xlsx(data: bytes) -> dict[str, str]:
    """Return why a file cannot be read: its kind if it is not a workbook, or a password; empty otherwise."""
    if not data.startswith(b"PK"):
        for stream, program in _OLE_STREAMS.items():
            if stream.encode("utf-16-le") in data:
                return {"error": "other", "program": program}
        return {"error": "password"} if _ENCRYPTED_STREAM.encode("utf-16-le") in data else {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        for part, program in _OOXML_PARTS.items():
            if part in names:
                return {"error": "other", "program": program}
        if "mimetype" in names:
            kind = archive.open("mimetype").read(200).decode("ascii", "replace")
            if "spreadsheet" not in kind:
                return {"error": "other", "program": kind}
            manifest = archive.open("META-INF/manifest.xml").read(1 << 20) if "META-INF/manifest.xml" in names else b""
            return {"error": "password"} if b"encryption-data" in manifest else {}
    return {} if any(name.lower().startswith("xl/") for name in names) else {"error": "archive"}


def find_ods_merges(data: bytes) -> dict[str, list[list[int]]]:
    """Return the merged ranges of each sheet of an .ods file, which the library does not report."""
    from xml.etree.ElementTree import iterparse

    found: dict[str, list[list[int]]] = {}
    with zipfile.ZipFile(BytesIO(data)) as archive, archive.open("content.xml") as content:
        name, row, column = "", 0, 0
        for event, element in iterparse(content, ("start", "end")):
            tag = element.tag.removeprefix(_TABLE)
            if event == "start":
                if tag == "table":
                    name, row = element.get(f"{_TABLE}name", ""), 0
                elif tag == "table-row":
                    column = 0
                continue
            if tag in ("table-cell", "covered-table-cell"):
                height = int(element.get(f"{_TABLE}number-rows-spanned", "1"))
                width = int(element.get(f"{_TABLE}number-columns-spanned", "1"))
                if height > 1 or width > 1:
                    found.setdefault(name, []).append([row, column, row + height - 1, column + width - 1])
                column += int(element.get(f"{_TABLE}number-columns-repeated", "1"))
            elif tag == "table-row":
                row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                element.clear()
    return found


def find_error_cells(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Return the errors in each sheet of an .xlsx file by row and column from 0; the library reads them as empty."""
    from xml.etree.ElementTree import iterparse

    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name, part in list_sheet_parts(archive).items():
            content = archive.read(part)
            if b't="e"' not in content:  # most sheets have no errors, and need not be read twice
                continue
            for _event, element in iterparse(BytesIO(content)):
                if element.tag.endswith("}row"):
                    element.clear()
                elif element.tag.endswith("}c") and element.get("t") == "e":
                    text = "".join(child.text or "" for child in element if child.tag.endswith("}v"))
                    found.setdefault(name, {})[parse_cell_address(element.get("r", ""))] = text
    return found


def find_month_cells(data: bytes) -> dict[str, set[tuple[int, int]]]:
    """Return the cells of each sheet of an .xlsx file that show a month and a year, by row and column from 0.

    Excel makes the first day of the month of what is typed as Mar-2027, in a format such as mmm-yy.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        styles = find_month_styles(archive)
        parts = list_sheet_parts(archive) if styles else {}
        return {name: find_styled_cells(archive, part, styles) for name, part in parts.items()}


def find_styled_cells(archive: zipfile.ZipFile, part: str, styles: set[str]) -> set[tuple[int, int]]:
    """Return the cells of a sheet that have one of these styles, by row and column from 0."""
    from xml.etree.ElementTree import iterparse

    found = set()
    with archive.open(part) as content:
        for _event, element in iterparse(content):
            if element.tag.endswith("}row"):
                element.clear()
            elif element.tag.endswith("}c") and element.get("s") in styles:
                found.add(parse_cell_address(element.get("r", "")))
    return found


def find_month_styles(archive: zipfile.ZipFile) -> set[str]:
    """Return the indexes of the cell styles whose number format shows a month and a year, and no day."""
    from xml.etree.ElementTree import fromstring

    if "xl/styles.xml" not in archive.namelist():
        return set()
    root = fromstring(archive.read("xl/styles.xml"))
    months = {BUILTIN_MONTH_FORMAT}
    months |= {
        one.get("numFmtId", "")
        for one in root.iter()
        if one.tag.endswith("}numFmt") and is_month_format(one.get("formatCode", ""))
    }
    styles = next((one for one in root if one.tag.endswith("}cellXfs")), ())
    return {str(number) for number, one in enumerate(styles) if one.get("numFmtId") in months}


def is_month_format(code: str) -> bool:
    """Return whether a number format shows a month and a year, and no day or time."""
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", code.partition(";")[0]).lower()
    return "m" in shown and "y" in shown and not set("dhs0#") & set(shown)


def list_sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the file in an .xlsx archive that holds each sheet, by the sheet's name."""
    from xml.etree.ElementTree import fromstring

    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): (one.get("Target") or "").lstrip("/").removeprefix("xl/") for one in relations}
    sheets = [one for one in fromstring(archive.read("xl/workbook.xml")).iter() if one.tag.endswith("}sheet")]
    ids = {one.get("name", ""): next((v for k, v in one.items() if k.endswith("}id")), "") for one in sheets}
    parts = {name: f"xl/{targets.get(id, '')}" for name, id in ids.items()}
    return {name: part for name, part in parts.items() if part in names}


def parse_cell_address(address: str) -> tuple[int, int]:
    """Return the row and the column of an address such as C7, both from 0."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(address[len(letters) :]) - 1, column - 1


def to_json_cell(value: Any) -> Any:
    """Return a cell as JSON has it: dates and times as an object with one key."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"time": str(value)}
    return value


def to_month(cell: Any) -> Any:
    """Return a cell that shows a month: the first day as the month, and any other day as it is."""
    if not isinstance(cell, dict):
        return cell
    ((_kind, text),) = cell.items()
    return {"month": text[:7]} if re.fullmatch(r"\d{4}-\d\d-01(?:T00:00:00)?", text) else cell


def write_xlsx_row_as_json(value: Any) -> None:
    """Write a value as a line of JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def write_sheet(
    sheet: Any, merges: list[list[int]], errors: dict[tuple[int, int], str], months: Collection[tuple[int, int]]
) -> None:
    """Write a sheet: its merged ranges, then each row that is not empty, with its number from 1.

    `errors` has the texts of cells with failed formulas, such as #N/A, and `months` the cells that show a month.
    """
    errors_by_row: dict[int, dict[int, str]] = {}
    for (row_index, column), text in errors.items():
        errors_by_row.setdefault(row_index + 1, {})[column] = text
    months_by_row: dict[int, list[int]] = {}
    for row_index, column in months:
        months_by_row.setdefault(row_index + 1, []).append(column)
    write_xlsx_row_as_json({"sheet": sheet.name, "merges": merges})
    first_row, first_column = sheet.start or (0, 0)
    lead: list[Any] = [""] * first_column
    for number, row in enumerate(sheet.iter_rows(), first_row + 1):
        cells = lead + [to_json_cell(value) for value in row]
        for column in months_by_row.get(number, ()):
            if column < len(cells):
                cells[column] = to_month(cells[column])
        for column, text in errors_by_row.get(number, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = text
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            write_xlsx_row_as_json([number, cells])


def write_workbook(data: bytes, wanted: str) -> None:
    """Write the requested sheets: the one with a name, or all visible ones."""
    import python_calamine

    refusal = find_reason_against_xlsx(data)
    if refusal:
        write_xlsx_row_as_json(refusal)
        return
    try:
        workbook = python_calamine.load_workbook(BytesIO(data))
    except python_calamine.PasswordError:
        write_xlsx_row_as_json({"error": "password"})
        return
    sheets = [
        {"name": one.name, "hidden": "Visible" not in str(one.visible).split(".")}
        for one in workbook.sheets_metadata
        if "WorkSheet" in str(one.typ)
    ]
    write_xlsx_row_as_json({"sheets": sheets})
    is_ods = data.startswith(b"PK") and b"opendocument" in data[:200]
    ods_merges = find_ods_merges(data) if is_ods else {}
    is_xlsx = data.startswith(b"PK") and not is_ods
    errors = find_error_cells(data) if is_xlsx else {}
    months = find_month_cells(data) if is_xlsx else {}
    for one in sheets:
        if one["name"] == wanted if wanted else not one["hidden"]:
            sheet = workbook.get_sheet_by_name(str(one["name"]))
            ranges = sheet.merged_cell_ranges or ()
            merges = [[top, left, bottom, right] for (top, left), (bottom, right) in ranges]
            write_sheet(
                sheet, ods_merges.get(sheet.name, merges), errors.get(sheet.name, {}), months.get(sheet.name, ())
            )


def main() -> None:
    """Read the workbook from stdin; the arguments are the library's folder and the name of the sheet, or ""."""
    limit_xlsx_process()
    sys.path.insert(0, sys.argv[1])
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")  # type: ignore[union-attr]
    try:
        write_workbook(sys.stdin.buffer.read(), sys.argv[2])
    except MemoryError:
        write_xlsx_row_as_json({"error": "large"})
    except Exception as error:  # the library's errors have no base class in common with those of broken archives
        write_xlsx_row_as_json({"error": "broken", "reason": str(error)[:500] or type(error).__name__})


if __name__ == "__main__":
    main()
