"""What in a text is not TOML, with its line: in tomli's words, or in ours for the marks of an unfinished merge."""

from __future__ import annotations

import re

import tomli

from ilocal.errors import Diagnostic
from ilocal.i18n import third_party
from ilocal.i18n.messages import N_, AnyMessage
from ilocal.i18n.messages import lazy_gettext as _


def is_unfinished_toml(error: ValueError) -> bool:
    """Return whether a text could be TOML if it went on."""
    return isinstance(error, tomli.TOMLDecodeError) and error.pos >= len(error.doc)


MERGE_MARKER_PATTERN = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?=\s|\Z)", re.MULTILINE)
_MERGE_CONFLICT_MESSAGE = N_("the marks of an unfinished git merge; keep what is meant, and take the marks out")
_LONG_NUMBER_PATTERN = re.compile(r"[0-9_]{4300,}")  # more than Python reads as a number


def _make_toml_diagnostic(line: int, reason: AnyMessage) -> Diagnostic:
    return Diagnostic(line, _("not valid TOML: {reason}", reason=reason), code="not-toml")


def diagnose_toml_error(error: ValueError, line: int, source: bytes = b"") -> Diagnostic:
    """Return what is wrong in a text that begins in a line."""
    if not isinstance(error, tomli.TOMLDecodeError):
        digits = _LONG_NUMBER_PATTERN.search(source.decode()) if "digits" in str(error) else None
        if digits:
            at = digits.string.count("\n", 0, digits.start())
            return _make_toml_diagnostic(line + at, _("a number is too long"))
        return _make_toml_diagnostic(line, third_party.translate_library_message(str(error)))
    if is_unfinished_toml(error):
        mark, place = None, len(error.doc.rstrip("\n"))
    else:
        place = error.doc.rfind("\n", 0, error.pos) + 1
        mark = MERGE_MARKER_PATTERN.match(error.doc, place)
    said = third_party.translate_library_message(error.msg)
    if mark is not None:
        said = _(_MERGE_CONFLICT_MESSAGE)
        place = next(
            (one.start() for one in MERGE_MARKER_PATTERN.finditer(error.doc, 0, place) if one[1][0] == "<"), place
        )
    return _make_toml_diagnostic(line + error.doc.count("\n", 0, place), said)


def diagnose_merge_conflict(line: int) -> Diagnostic:
    """Return the problem of an unfinished merge that begins in a line."""
    return _make_toml_diagnostic(line, _(_MERGE_CONFLICT_MESSAGE))


def is_merge_conflict(diagnostic: Diagnostic) -> bool:
    """Return whether a problem is that of an unfinished merge."""
    return diagnostic == diagnose_merge_conflict(diagnostic.line)
