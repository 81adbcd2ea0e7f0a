"""Diagnosis of TOML errors, with their lines.

Messages are tomli's, or our own for unfinished merges and for common mistakes.
"""

from __future__ import annotations

import re
from dataclasses import replace

import tomli

from ilocal.errors import Diagnostic
from ilocal.i18n import third_party
from ilocal.i18n.messages import N_, AnyMessage
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.storage.toml.text_mistakes import find_mistake_in_text


def is_unfinished_toml(error: ValueError) -> bool:
    """Return whether a text could be TOML if it went on."""
    return isinstance(error, tomli.TOMLDecodeError) and error.pos >= len(error.doc)


MERGE_MARKER_PATTERN = re.compile(r"^(<{7,}|={7,}|>{7,}|\|{7,})(?=\s|\Z)", re.MULTILINE)
_MERGE_CONFLICT_MESSAGE = N_("conflict markers of an unfinished git merge; to see both sides, run: ilocal resolve")
_MAX_DIAGNOSTICS = 20  # of one text
_LONG_NUMBER_PATTERN = re.compile(r"[0-9_]{4300,}")  # more than Python reads as a number


def _make_toml_diagnostic(line: int, reason: AnyMessage) -> Diagnostic:
    return Diagnostic(line, _("not valid TOML: {reason}", reason=reason), code="not-toml")


def diagnose_toml_errors(error: ValueError, line: int, source: bytes = b"") -> list[Diagnostic]:
    """Return the errors in a text that begins at `line`: each line with a common mistake, else the first error."""
    found: list[Diagnostic] = []
    while isinstance(error, tomli.TOMLDecodeError) and len(found) < _MAX_DIAGNOSTICS:
        text = error.doc
        place = find_mistake_in_text(text, _find_error_position(error), error.msg, line)
        if place is None:
            break
        number = line + text.count("\n", 0, place.start)
        mistake = place.mistake
        found.append(Diagnostic(number, mistake.reason, mistake.key, code="not-toml", is_further=bool(found)))
        try:
            tomli.loads(text[: place.start] + mistake.correction + text[place.end :])
            return found
        except tomli.TOMLDecodeError as next_error:
            error = next_error
        except (ValueError, RecursionError):
            return found
    if len(found) < _MAX_DIAGNOSTICS:
        found.append(replace(_diagnose_toml_error(error, line, source), is_further=bool(found)))
    return found


def _find_error_position(error: tomli.TOMLDecodeError) -> int:
    """Return where in its text an error is; at the end of a text, in its last line."""
    return len(error.doc.rstrip("\n")) if is_unfinished_toml(error) else error.pos


def _diagnose_toml_error(error: ValueError, line: int, source: bytes) -> Diagnostic:
    if not isinstance(error, tomli.TOMLDecodeError):
        digits = _LONG_NUMBER_PATTERN.search(source.decode()) if "digits" in str(error) else None
        if digits:
            at = digits.string.count("\n", 0, digits.start())
            return _make_toml_diagnostic(line + at, _("a number is too long"))
        return _make_toml_diagnostic(line, third_party.translate_library_message(str(error)))
    if is_unfinished_toml(error):
        mark, place = None, _find_error_position(error)
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


def diagnose_conflict_in_toml(line: int) -> Diagnostic:
    """Return the problem of an unfinished merge that begins in a line."""
    return _make_toml_diagnostic(line, _(_MERGE_CONFLICT_MESSAGE))


def is_toml_conflict_diagnosis(diagnostic: Diagnostic) -> bool:
    """Return whether a problem is that of an unfinished merge."""
    return diagnostic.lazy_message == diagnose_conflict_in_toml(diagnostic.line).lazy_message
