"""Workbooks: .xlsx written for people who work in a spreadsheet; .xlsx, .xls and .ods read.

A sheet is a table as in CSV, with labels of a language as header. Days and times are real dates; months, years and
values typed into empty date cells are text, so that no spreadsheet converts them to days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ilocal.errors import Diagnostic, UsageError
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.i18n.messages import _, supported_languages, translate
from ilocal.model.event import Event
from ilocal.model.legacy_vietnamese import LEGACY_ENCODINGS, is_legacy_vietnamese_encoding
from ilocal.model.safe_text import make_text_safe

suffixes = (".xlsx",)
read_suffixes = (".xlsm", ".xlsb", ".xls", ".ods")
write_choices = ("columns",)
supports_recurrence = True
supports_occurrences = True
has_sheets = True  # `ReadOptions.sheet` may select one
has_columns = True  # which `ReadOptions.columns` may map to fields
has_date_order = True  # which `ReadOptions.date_order` may state


def dump_bytes(events: Iterable[Event], options: WriteOptions) -> Iterator[bytes]:
    from ilocal.formats.xlsx.writer import write_workbook

    yield write_workbook(events, options)


def detect_bytes(data: bytes) -> bool:
    """Return whether data is a zip archive, as .xlsx and .ods are, or an old Office container."""
    return data.startswith(_SIGNATURES)


_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def load_bytes(data: bytes, options: ReadOptions) -> Iterator[ImportedEvent | Diagnostic]:
    """Yield the events of each visible sheet with a header, or of the requested sheet."""
    from ilocal.formats.xlsx import sheet_reader
    from ilocal.formats.xlsx.process import SheetList, read_workbook

    if not detect_bytes(data):
        raise _make_error_of_xlsx_content(data)
    if options.encoding and not is_legacy_vietnamese_encoding(options.encoding):
        said = _(
            "--encoding {encoding} cannot be used with a workbook, whose text is Unicode",
            encoding=make_text_safe(options.encoding),
        )
        raise UsageError(said, hint=_("for text in old fonts, use one of {names}", names=", ".join(LEGACY_ENCODINGS)))
    found_header = False
    for sheet in read_workbook(data, options.sheet):
        if isinstance(sheet, SheetList):
            for name in sheet.hidden_names if not options.sheet else ():
                said = _("sheet {name} is hidden and was skipped; to import it, use --sheet", name=make_text_safe(name))
                yield Diagnostic(0, said, severity="note")
            continue
        items = sheet_reader.read_sheet(sheet, options)
        if items is not None:
            found_header = True
            yield from items
        elif not _is_help_sheet(sheet.name):
            yield sheet_reader.describe_sheet_without_header(sheet.name)
    if not found_header:
        said = _("no sheet has a header row with column names such as title, start or location")
        raise UsageError(said, hint=_('map a column to a field with --map "Name of the column=title"'))


def _is_help_sheet(name: str) -> bool:
    """Return whether a sheet is the one that explains a workbook of ours."""
    from ilocal.formats.xlsx.writer import HELP_LABEL

    return any(name == translate(HELP_LABEL, lang) for lang in supported_languages())


def _make_error_of_xlsx_content(data: bytes) -> UsageError:
    """Return the error for a file that is named as a workbook but has other content."""
    start = data[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return UsageError(
            _("this is an Excel 2003 XML spreadsheet"),
            hint=_("open the file in a spreadsheet program and save it as .xlsx"),
        )
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<head", b"<meta")):
        return UsageError(
            _("this is a web page, but the file name is that of a workbook"),
            hint=_(
                "open the file in a spreadsheet program and save it as .xlsx, or import it as a web page with -f html"
            ),
        )
    if b"\0" in data[:2_000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UsageError(_("this is not a workbook"))
    return UsageError(
        _("this is a text file, but the file name is that of a workbook"),
        hint=_("to import the file as a table, add -f csv"),
    )
