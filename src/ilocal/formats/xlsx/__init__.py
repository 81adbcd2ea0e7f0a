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
from ilocal.model.legacy_vietnamese import LEGACY_ENCODINGS, is_legacy_encoding
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
        raise _make_other_content_error(data)
    if options.encoding and not is_legacy_encoding(options.encoding):
        said = _("--encoding {encoding}: the text of a workbook is Unicode", encoding=make_text_safe(options.encoding))
        raise UsageError(said, hint=_("for old fonts: {names}", names=", ".join(LEGACY_ENCODINGS)))
    found_header = False
    for sheet in read_workbook(data, options.sheet):
        if isinstance(sheet, SheetList):
            for name in sheet.hidden_names if not options.sheet else ():
                said = _("sheet {name} is hidden and was skipped; --sheet reads it", name=make_text_safe(name))
                yield Diagnostic(0, said, severity="note")
            continue
        items = sheet_reader.read_sheet(sheet, options)
        if items is not None:
            found_header = True
            yield from items
        elif not _is_help_sheet(sheet.name):
            yield sheet_reader.describe_sheet_without_header(sheet.name)
    if not found_header:
        said = _("no sheet has a row that names its columns, such as title, start, location")
        raise UsageError(said, hint=_('say what a column is: --map "Name of the column=title"'))


def _is_help_sheet(name: str) -> bool:
    """Return whether a sheet is the one that explains a workbook of ours."""
    from ilocal.formats.xlsx.writer import HELP_LABEL

    return any(name == translate(HELP_LABEL, lang) for lang in supported_languages())


def _make_other_content_error(data: bytes) -> UsageError:
    """Return the error for a file that is named as a workbook but has other content."""
    start = data[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return UsageError(
            _("this is an XML spreadsheet of Excel 2003"), hint=_("open it in a spreadsheet and save it as .xlsx")
        )
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<head", b"<meta")):
        return UsageError(
            _("this is a web page with the name of a workbook"),
            hint=_("open it in a spreadsheet and save it as .xlsx; or read it as a page: -f html"),
        )
    if b"\0" in data[:2_000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UsageError(_("this is not a workbook"))
    return UsageError(_("this is text with the name of a workbook"), hint=_("read it as a table: -f csv"))
