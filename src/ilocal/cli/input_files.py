"""Reading of input files, pipes and stdin in any encoding, up to a size limit."""

from __future__ import annotations

import codecs
import os
import re
import stat
import sys
from pathlib import Path
from unicodedata import normalize

from ilocal.errors import UsageError
from ilocal.i18n.messages import _, format_number
from ilocal.i18n.third_party import translate_os_error
from ilocal.model.legacy_vietnamese import decode_legacy_vietnamese, is_legacy_vietnamese_encoding
from ilocal.model.safe_text import make_text_safe

MAX_INPUT_BYTES = 256 << 20  # limit for input, which may be endless


class UndecodableInputError(UsageError):
    """Bytes that are not text, or not in the given encoding."""


def read_input_bytes(path: Path) -> bytes:
    """Return the content of an input file. Raises UsageError."""
    try:
        return _read_file_or_pipe(path)
    except IsADirectoryError:
        raise UsageError(_("{path}: expected a file, found a folder", path=path)) from None
    except OSError as error:
        raise UsageError(f"{path}: {translate_os_error(error)}") from None


def read_input_file(path: Path, encoding: str = "") -> str:
    """Return the text of an input file, in a given encoding or in the one that is detected. Raises UsageError."""
    return decode_input_file_argument(read_input_bytes(path), path, encoding)


def _read_file_or_pipe(path: Path) -> bytes:
    """Return the content of an input file or pipe. A pipe without a writer is refused."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        is_pipe = stat.S_ISFIFO(os.fstat(descriptor).st_mode)
        try:
            begin = os.read(descriptor, 1)
        except BlockingIOError:  # a writer exists
            begin = b""
        else:
            if is_pipe and not begin:
                raise UsageError(_("{path}: the pipe is empty, or no program writes to it", path=path))
        os.set_blocking(descriptor, True)
        return _check_input_size(begin + file.read(MAX_INPUT_BYTES + 1), path)


def _check_input_size(data: bytes, path: Path | str) -> bytes:
    if len(data) > MAX_INPUT_BYTES:
        raise UsageError(
            _("{path}: more than {most} bytes", path=path, most=format_number(MAX_INPUT_BYTES)),
            hint=_("split the file, and import the parts"),
        )
    return data


def read_bytes_from_stdin_argument() -> bytes:
    """Return the content of stdin. Raises UsageError if it is too large."""
    return _check_input_size(sys.stdin.buffer.read(MAX_INPUT_BYTES + 1), "stdin")


def read_text_from_stdin_argument(encoding: str = "") -> str:
    """Return stdin as text, with line feeds. Raises UsageError if it cannot be decoded."""
    return decode_input_file_argument(read_bytes_from_stdin_argument(), "stdin", encoding).replace("\r\n", "\n")


_WORKBOOK_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # .xlsx and .ods, and the .xls of old
_FOLDED_LETTER_PATTERN = re.compile(
    rb"(?<=[\x80-\xff])\r?\n[ \t](?=[\x80-\xbf])"
)  # folded inside a letter: RFC 5545, 3.1


def decode_input_file_argument(data: bytes, path: Path | str, encoding: str = "") -> str:
    """Return bytes as text without a byte-order mark: UTF-16 if they begin with its mark, else UTF-8, or as given.

    The separate tone marks of windows-1258 are composed.

    Raises UndecodableInputError, and UsageError for an unknown encoding.
    """
    if data.startswith(_WORKBOOK_SIGNATURES):
        raise UndecodableInputError(f"{path}: " + _("this is a workbook or an archive, not a text file"))
    if is_legacy_vietnamese_encoding(encoding):
        return decode_legacy_vietnamese(data, encoding).removeprefix("\ufeff")
    if not encoding and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if b"BEGIN:VCALENDAR" in data[:1000]:
            data = _FOLDED_LETTER_PATTERN.sub(b"", data)
        return decode_utf8_argument_file(data, path).removeprefix("\ufeff")
    try:
        name = codecs.lookup(encoding or "utf-16").name
        text = data.decode(name).removeprefix("\ufeff")
    except LookupError:
        raise UsageError(
            _('unknown encoding "{encoding}"', encoding=make_text_safe(encoding)),
            hint=_("use an encoding such as utf-8, utf-16, windows-1258, tcvn3, vni or viscii"),
        ) from None
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        line = data[:start].decode(name, "replace").count("\n") + 1
        said = _("not {encoding} text", encoding=name)
        raise UndecodableInputError(f"{path}:{line}: {said}", hint=_("save the file as UTF-8")) from None
    return normalize("NFC", text) if name == "cp1258" else text


def decode_utf8_argument_file(data: bytes, path: Path | str) -> str:
    """Return UTF-8 bytes as text. Raises UndecodableInputError with the line of the first invalid byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02x}"
        said = _("not UTF-8 text (byte {byte})", byte=byte)
        raise UndecodableInputError(f"{path}:{line}: {said}", hint=_("save the file as UTF-8")) from None
