"""Messages that libraries and the operating system write, marked for translation."""

from __future__ import annotations

import re

from ilocal.i18n.messages import N_, LazyMessage, _, lazy_gettext

# Messages of tomli that tell which mistake was made.
REPEATED_KEY, INVALID_VALUE = N_("cannot overwrite a value"), N_("invalid value")
UNCLOSED_VALUES = (N_("unclosed array"), N_("unterminated string"))
SURROGATE_ESCAPE = N_("escaped character is not a Unicode scalar value")

LIBRARY_MESSAGES = (
    # tomli
    REPEATED_KEY,
    SURROGATE_ESCAPE,
    N_("expected '=' after a key in a key/value pair"),
    N_("expected ']' at the end of a table declaration"),
    N_("expected ']]' at the end of an array declaration"),
    N_("expected newline or end of document after a statement"),
    N_("invalid date or datetime"),
    N_("invalid hex value"),
    N_("invalid initial character for a key part"),
    N_("invalid statement"),
    INVALID_VALUE,
    *UNCLOSED_VALUES,
    N_("unclosed inline table"),
    N_("unescaped '\\' in a string"),
    # json
    N_("expecting ',' delimiter"),
    N_("expecting ':' delimiter"),
    N_("expecting property name enclosed in double quotes"),
    N_("expecting value"),
    N_("extra data"),
    N_("illegal trailing comma before end of array"),
    N_("illegal trailing comma before end of object"),
    N_("invalid \\escape"),
    N_("invalid \\uXXXX escape"),
    N_("invalid control character at"),
    N_("unterminated string starting at"),
    # csv
    N_("unexpected end of data"),
    # datetime
    N_("day is out of range for month"),
    N_("hour must be in 0..23"),
    N_("minute must be in 0..59"),
    N_("month must be in 1..12"),
    N_("second must be in 0..59"),
    # our own, used in the same place
    N_("nested too deeply"),
)
# The same with a part of the text: its pattern, and the message with a placeholder.
_LIBRARY_PATTERNS = [
    (re.compile(pattern, re.DOTALL), message)
    for pattern, message in (
        ("cannot declare (?P<what>.+) twice", N_("cannot declare {what} twice")),
        ("cannot mutate immutable namespace (?P<what>.+)", N_("cannot mutate immutable namespace {what}")),
        ("duplicate inline table key (?P<what>.+)", N_("duplicate inline table key {what}")),
        (r"""expected (?P<what>['\"].+['\"])""", N_("expected {what}")),
        ("found invalid character (?P<what>.+)", N_("found invalid character {what}")),
        ("illegal character (?P<what>.+)", N_("illegal character {what}")),
        ("'(?P<character>.)' expected after '(?P<other>.)'", N_("'{character}' expected after '{other}'")),
        (r"year (?P<what>-?\d+) is out of range", N_("year {what} is out of range")),
        (r"day (?P<what>\d+) must be in range .+", N_("day is out of range for month")),
    )
]


def translate_library_message(text: str) -> LazyMessage:
    """Return a library's message without a capital; it is printed in the user's language if it is known."""
    text = re.sub(r", not -?\d+$", "", text[:1].lower() + text[1:])  # datetime, since Python 3.14
    if text not in LIBRARY_MESSAGES:
        for pattern, message in _LIBRARY_PATTERNS:
            if found := pattern.fullmatch(text):
                return lazy_gettext(message, **found.groupdict())
    return LazyMessage(text)


# Messages of the system for errors that a user may meet, in English.
_SYSTEM_MESSAGES = (
    N_("operation not permitted"),
    N_("no such file or directory"),
    N_("input/output error"),
    N_("no such device or address"),
    N_("bad file descriptor"),
    N_("resource temporarily unavailable"),
    N_("cannot allocate memory"),
    N_("permission denied"),
    N_("device or resource busy"),
    N_("file exists"),
    N_("invalid cross-device link"),
    N_("no such device"),
    N_("not a directory"),
    N_("is a directory"),
    N_("invalid argument"),
    N_("too many open files in system"),
    N_("too many open files"),
    N_("text file busy"),
    N_("file too large"),
    N_("no space left on device"),
    N_("illegal seek"),
    N_("read-only file system"),
    N_("too many links"),
    N_("broken pipe"),
    N_("file name too long"),
    N_("no locks available"),
    N_("directory not empty"),
    N_("too many levels of symbolic links"),
    N_("operation not supported"),
    N_("exec format error"),
    N_("stale file handle"),
    N_("remote I/O error"),
    N_("disk quota exceeded"),
    N_("host is down"),
    N_("connection timed out"),
    # Python's own
    N_("no closing quotation"),
    N_("embedded null byte"),
)


def translate_os_error(error: Exception) -> str:
    """Return the message of an error from the system or Python, for use within a sentence."""
    text = getattr(error, "strerror", None) or str(error)
    return _(text[:1].lower() + text[1:])
