"""What the libraries say that read texts for us, where it reaches people: marked here, to be translated like our own.

Another release may say something else: that stays in English until it is marked as well.
"""

from __future__ import annotations

import re

from ilocal.language import N_, _

SAID = (
    # tomli
    N_("cannot overwrite a value"),
    N_("escaped character is not a Unicode scalar value"),
    N_("expected '=' after a key in a key/value pair"),
    N_("expected ']' at the end of a table declaration"),
    N_("expected ']]' at the end of an array declaration"),
    N_("expected newline or end of document after a statement"),
    N_("invalid date or datetime"),
    N_("invalid hex value"),
    N_("invalid initial character for a key part"),
    N_("invalid statement"),
    N_("invalid value"),
    N_("unclosed array"),
    N_("unclosed inline table"),
    N_("unescaped '\\' in a string"),
    N_("unterminated string"),
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
    # our own, said in such a place
    N_("nested too deeply"),
)
# The same with something of the text in it: how it is said, and the message with a place for that.
_WITH = [
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


def told(text: str) -> str:
    """What a library said, without a capital, in the language of this run where that is known."""
    text = re.sub(r", not -?\d+$", "", text[:1].lower() + text[1:])  # datetime, since Python 3.14
    if text not in SAID:
        for pattern, message in _WITH:
            if found := pattern.fullmatch(text):
                return _(message, **found.groupdict())
    return _(text)
