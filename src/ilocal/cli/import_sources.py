"""Sources of imports: a file, stdin or an address, read into events."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ilocal.errors import InputError, UsageError
from ilocal.formats.base import ReadOptions
from ilocal.i18n.messages import _
from ilocal.model.legacy_vietnamese import recognize_legacy_vietnamese
from ilocal.model.safe_text import make_text_safe
from ilocal.sync.importing import (
    ImportFile,
    check_date_order_of_format,
    check_import_options_for_bytes,
    choose_format_of_import_source,
    find_import_format_for_bytes,
    parse_import_file,
    warn_of_legacy_import,
)

if TYPE_CHECKING:
    from ilocal.sync.http_client import FetchedDocument


def read_file_argument(name: str, format: str | None, options: ReadOptions) -> ImportFile:
    """Read one file, or stdin for `-`, in the format named, or that its suffix or content shows. Raises UsageError."""
    from ilocal.cli.input_files import read_bytes_from_stdin_argument, read_input_bytes

    display_name, path = ("stdin", None) if name == "-" else (name, Path(name))
    data = read_bytes_from_stdin_argument() if path is None else read_input_bytes(path)
    return read_bytes_of_import_argument(data, display_name, path, format, options)


_ADDRESS_PATTERN = re.compile("[A-Za-z][A-Za-z0-9+.-]+://|(?:data|file|javascript|mailto|webcal):", re.IGNORECASE)
_FORMATS_BY_TYPE = {
    "text/calendar": "ics", "text/csv": "csv", "application/json": "json", "application/ld+json": "json",
    "application/x-ndjson": "jsonl", "application/toml": "toml", "text/tab-separated-values": "csv",
    "text/html": "html", "application/xhtml+xml": "html",
}  # fmt: skip


def is_address_argument(name: str) -> bool:
    """Return whether an argument is an address with a scheme, such as https: or file:, and not an existing file."""
    return _ADDRESS_PATTERN.match(name) is not None and not Path(name).exists()


def read_address_argument(name: str, format: str | None, options: ReadOptions, *, is_private: bool) -> ImportFile:
    """Fetch a document from the web and read it, by its content, its name or the server's content type.

    Raises UsageError for schemes other than http, https and webcal, and NetworkError if fetching fails.
    """
    from ilocal.sync.http_client import fetch_document
    from ilocal.sync.web_addresses import hide_secrets

    document = fetch_document(name, allow_private=is_private)
    return read_document_of_import_argument(document, make_text_safe(hide_secrets(name)), format, options)


def read_document_of_import_argument(
    document: FetchedDocument, address: str, format: str | None, options: ReadOptions
) -> ImportFile:
    """Read a fetched document: its format is found by content, suffix or content type, in this order.

    Raises UsageError if it cannot be read.
    """
    kind, _semicolon, parameters = document.content_type.lower().partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", parameters)
    if charset and not options.encoding and charset[1] not in ("utf-8", "utf8"):
        options = replace(options, encoding=charset[1])
    path = Path(document.final_url.partition("?")[0].rpartition("/")[2] or "index")
    if (
        not format
        and find_import_format_for_bytes(document.body, path, None) is None
        and not _has_argument_readable_suffix(path)
    ):
        format = _FORMATS_BY_TYPE.get(kind.strip())
    return read_bytes_of_import_argument(document.body, address, path, format, options)


def _has_argument_readable_suffix(path: Path) -> bool:
    from ilocal import formats

    return formats.find_format_by_suffix(path, "load") is not None


def read_bytes_of_import_argument(
    data: bytes, display_name: str, path: Path | None, format: str | None, options: ReadOptions
) -> ImportFile:
    """Read the content of a file, in the format named, or that its content or suffix shows. Raises UsageError."""
    module = find_import_format_for_bytes(data, path, format)
    if module is not None:
        check_import_options_for_bytes(module, display_name, options)
        return parse_import_file(data, display_name, module, options)
    if options.sheet:
        raise UsageError(_("{file}: --sheet can only be used with workbooks", file=display_name))
    text = decode_import_argument(data, display_name, options.encoding)
    module = choose_format_of_import_source(text, display_name, path, format, has_columns=bool(options.columns))
    check_date_order_of_format(module, display_name, options)
    found = parse_import_file(text, display_name, module, options)
    if not options.encoding and (legacy := recognize_legacy_vietnamese(text)):
        found.problems.append(warn_of_legacy_import(legacy))
    return found


def decode_import_argument(data: bytes, display_name: str, encoding: str) -> str:
    """Return the content as text, with line feeds. Raises UsageError if it cannot be decoded, or is empty."""
    from ilocal.cli.input_files import UndecodableInputError, decode_input_file_argument

    try:
        text = decode_input_file_argument(data, display_name, encoding).replace("\r\n", "\n")
    except UndecodableInputError as error:
        hint = _('save the file as UTF-8 (a workbook as "CSV UTF-8"), or specify the encoding with --encoding')
        if not encoding and (legacy := recognize_legacy_vietnamese(data[:20_000].decode("cp1252", "replace"))):
            hint = _("the file looks like Vietnamese in an old font; use --encoding {encoding}", encoding=legacy)
        raise UsageError(error.message, hint=hint) from None
    if not text.strip("\ufeff \t\r\n"):
        raise InputError(1, _("the file is empty")).in_file(display_name)
    return text
