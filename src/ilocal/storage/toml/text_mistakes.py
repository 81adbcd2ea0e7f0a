"""Mistakes in a TOML text that a parser finds in a line after the one that is to be changed."""

from __future__ import annotations

import re
from typing import NamedTuple

from ilocal.i18n import third_party
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.storage.toml.event_writer import format_toml_value
from ilocal.storage.toml.mistakes import QUOTED_MESSAGE, Mistake, find_toml_mistake
from ilocal.storage.toml.scanner import find_toml_statement_end

_KEY_PATTERN = re.compile(r"[ \t]*(?P<key>[A-Za-z0-9_-]+)[ \t]*=[ \t]*(?P<value>.*)")
_STATEMENT_OR_HEADER_PATTERN = re.compile(r"[ \t]*(?:[A-Za-z0-9_.-]+[ \t]*=|\[)")
_CONFLICT_MARKER_PATTERN = re.compile(r"([<=>|])\1{6}")
_MAX_TEXT_LINES = 50  # of a text whose quotes are those of a text of one line


class PlacedMistake(NamedTuple):
    """A mistake, and the part of the text that its correction replaces; it has as many line feeds as that."""

    start: int
    end: int
    mistake: Mistake


def find_mistake_in_text(text: str, at: int, reason: str, first_line: int) -> PlacedMistake | None:
    """Return the mistake behind an error of a parser; None if it has no known one.

    Arguments:
        text: the text.
        at: the place of the error in it.
        reason: what the parser says, in English.
        first_line: the number of the text's first line, for messages that name another line.
    """
    start, end = _find_line_bounds(text, at)
    if _CONFLICT_MARKER_PATTERN.match(text, start):
        return None
    reason = reason[:1].lower() + reason[1:]
    if reason == third_party.REPEATED_KEY:
        return _find_repeated_key(text, start, end, first_line)
    if reason in third_party.UNCLOSED_VALUES:
        return _find_unclosed_value(text, at)
    if reason == third_party.INVALID_VALUE and (statement := _find_statement_start(text, start)) < start:
        return (
            _find_unclosed_value(text, at)
            if _KEY_PATTERN.match(text, start)
            else _find_bare_item(text, start, statement)
        )
    mistake = None if reason == third_party.SURROGATE_ESCAPE else find_toml_mistake(text[start:end])
    if mistake is None:
        return None
    if mistake.has_open_quote:
        return _find_text_of_several_lines(text, start, end, mistake) or PlacedMistake(start, end, mistake)
    return PlacedMistake(start, end, mistake)


def _find_line_bounds(text: str, at: int) -> tuple[int, int]:
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _find_repeated_key(text: str, start: int, end: int, first_line: int) -> PlacedMistake | None:
    """Return the mistake of a field that is set twice."""
    found = _KEY_PATTERN.match(text, start, end)
    if found is None:
        return None
    header = text.rfind("\n[", 0, start) + 1
    earlier = re.compile(rf"""^[ \t]*["']?{re.escape(found["key"])}["']?[ \t]*=""", re.MULTILINE).search(text, header)
    if earlier is None or earlier.start() >= start:
        return None
    line = first_line + text.count("\n", 0, earlier.start())
    said = _("the field is set in line {line} already; leave one of the two lines out", line=line)
    return PlacedMistake(start, end, Mistake(said, "#", found["key"]))


def _find_unclosed_value(text: str, at: int) -> PlacedMistake | None:
    """Return the mistake of a list or a text that is not closed."""
    start = _find_statement_start(text, at)
    found = _KEY_PATTERN.match(text, start)
    if found is None:
        return None
    first_end = _find_line_bounds(text, start)[1]
    value = found["value"].strip()
    if not value.startswith("["):
        return _replace_rest(
            text, start, Mistake(_("the text has no closing {quotes}", quotes=value[:3]), "", found["key"])
        )
    if value not in ("[", "") and value[-1] not in "[,":
        mistake = find_toml_mistake(text[start:first_end])
        return PlacedMistake(start, first_end, mistake) if mistake else None
    line_start, _line_end = _find_line_bounds(text, at)
    before_start, before_end = _find_line_bounds(text, max(line_start - 1, 0))
    before = text[before_start:before_end].strip()
    if text[line_start:].lstrip()[:1] in ('"', "'") and before and before[-1] not in "[," and before_start > start:
        said = _("a comma is missing: {line}", line=f"{before},")
        return PlacedMistake(before_start, before_end, Mistake(said, f"{before},", found["key"]))
    return _replace_rest(text, start, Mistake(_("the list has no closing bracket ]"), "", found["key"]))


def _find_bare_item(text: str, start: int, statement: int) -> PlacedMistake | None:
    """Return the mistake of an item without quotes, in a list of several lines."""
    found, end = _KEY_PATTERN.match(text, statement), _find_line_bounds(text, start)[1]
    item = text[start:end].strip()
    if found is None or not found["value"].startswith("[") or not item or item[0] in "\"'[{]":
        return None
    right = format_toml_value(item.rstrip(" ,")) + ","
    return PlacedMistake(start, end, Mistake(_(QUOTED_MESSAGE, line=right), right, found["key"]))


def _replace_rest(text: str, start: int, mistake: Mistake) -> PlacedMistake:
    """Return a mistake after which nothing more can be read."""
    return PlacedMistake(start, len(text), mistake._replace(correction="#" + "\n" * text.count("\n", start)))


def _find_statement_start(text: str, at: int) -> int:
    """Return the start of the statement that contains a place."""
    start = 0
    while (end := find_toml_statement_end(text, start)) <= at and end < len(text):
        start = end
    return start


def _find_text_of_several_lines(text: str, start: int, end: int, mistake: Mistake) -> PlacedMistake | None:
    """Return the mistake of a text in single quotes or double ones that goes on in the next lines."""
    at = end
    for _line in range(_MAX_TEXT_LINES):
        if at >= len(text):
            return None
        line_start, at = _find_line_bounds(text, at + 1)
        line = text[line_start:at]
        if _STATEMENT_OR_HEADER_PATTERN.match(line):
            return None
        if line.rstrip().endswith(('"', "'")):
            said = _("a text of several lines needs three quotes at both ends: {line}", line=f'{mistake.key} = """…"""')
            correction = "#" + "\n" * text.count("\n", start, at)
            return PlacedMistake(start, at, Mistake(said, correction, mistake.key))
    return None
