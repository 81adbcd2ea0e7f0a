"""Content lines (RFC 5545, 3.1): splitting a file into components, and unfolding and folding lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ilocal.errors import InputError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe

MAX_LINE_OCTETS = 75  # of a line in a file, without its end
MAX_PROPERTY_CHARACTERS = 1_000_000  # characters of a property, unfolded
_SIMPLE_PROPERTY = re.compile(r"([A-Za-z0-9-]+):(.*)", re.DOTALL)
_PROPERTY_WITH_PARAMETERS = re.compile(r"([^:;]+)((?:;(?:[^:\"]|\"[^\"]*\")*)?):(.*)", re.DOTALL)
_LAST_COLON = re.compile(r'([^:;]+)(;.*):([^:"]*)', re.DOTALL)
_PARAMETER = re.compile(r';\s*(?:([A-Za-z0-9-]+)\s*=)?((?:[^;"]|"[^"]*")*)')
_CARET_ESCAPES = {"^^": "^", "^n": "\n", "^'": '"'}
_DATES = ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE")
# Of vCalendar 1.0, which allows a parameter without a name.
_QUOTED_PRINTABLE = re.compile(r'[^:"]*;\s*(?:ENCODING\s*=\s*)?"?QUOTED-PRINTABLE"?\s*[:;]', re.IGNORECASE)
_ENCODINGS = ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT")


class ComponentError(Exception):
    """Why a component, or one of its lines, cannot be read; for people."""


@dataclass(frozen=True, slots=True)
class Property:
    """An unfolded content line. Its value is as in the file, with escapes."""

    name: str  # in capitals
    value: str
    params: Mapping[str, str] = field(default_factory=dict)  # names in capitals, without quotes and carets

    @property
    def text(self) -> str:
        """The value as TEXT (RFC 5545, 3.3.11), without its escapes."""
        return unescape_text_value(self.value)

    @property
    def split_property_texts(self) -> list[str]:
        """The value as several TEXTs with commas between them."""
        return [unescape_text_value(item) for item in re.findall(r"(?:\\.|[^,\\]|\\$)+", self.value, re.DOTALL)]


def unescape_text_value(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value, flags=re.DOTALL)


@dataclass
class Component:
    """A component of a file from BEGIN to END, with its direct content."""

    kind: str  # in capitals
    line: int
    content_lines: list[str] = field(default_factory=list)  # its lines unfolded, those of components inside it left out
    source_lines: list[str] = field(default_factory=list)  # as in the file, including nested components
    inner_kinds: list[str] = field(default_factory=list)  # the kinds of the components directly inside it
    method: str = ""  # METHOD of its calendar, in capitals (RFC 5546)
    version: str = ""  # VERSION of its calendar
    is_complete: bool = False
    depth: int = 0  # of components inside it, while it is read

    @property
    def text(self) -> str:
        return "\n".join(self.source_lines)

    def lacks_end_before_content_line(self, word: str, name: str) -> bool:
        """Return whether a line shows that the component's own END is missing."""
        within = self.depth > 0 and self.kind != "VEVENT"
        return (word, name) == ("END", "VCALENDAR") or (
            word == "BEGIN" and name in (self.kind, "VEVENT", "VCALENDAR") and not within
        )

    def add_content_line(self, word: str, name: str, line: str, source: list[str]) -> bool:
        """Take in one line; whether it is the last."""
        self.source_lines += source
        if word == "BEGIN":
            self.inner_kinds += [] if self.depth else [name]
            self.depth += 1
        elif word == "END" and self.depth and name != self.kind:
            self.depth -= 1
        elif word == "END" and name == self.kind:
            self.is_complete = True
        elif not self.depth:
            self.content_lines.append(line)
        return self.is_complete


# ---------------------------------------------------------------------------------------------------------------- read


def parse_components(text: str) -> Iterator[Component]:
    """Yield the components in the calendars of a file, in order; a truncated one is marked as incomplete.

    Raises UsageError if there is no calendar, or the text has NUL bytes.
    """
    current: Component | None = None
    calendar = 0  # the line where one began that has not ended
    found = False
    head = {"METHOD": "", "VERSION": ""}
    for number, line, source in unfold_content_lines(text):
        word, _colon, name = line.strip().upper().partition(":")
        if current is not None and not current.lacks_end_before_content_line(word, name):
            if current.add_content_line(word, name, line, source):
                yield current
                current = None
            continue
        if current is not None:
            yield current
            current = None
        if name == "VCALENDAR" and word in ("BEGIN", "END"):
            calendar, found = (number, True) if word == "BEGIN" else (0, found)
            head = dict.fromkeys(head, "")
        elif word == "BEGIN" and found:
            current = Component(name, number, source_lines=[*source], method=head["METHOD"], version=head["VERSION"])
        elif word.partition(";")[0] in head:
            head[word.partition(";")[0]] = name.strip()
        elif not found and line.strip():
            raise InputError(number, _("expected the start of a calendar (BEGIN:VCALENDAR)"))
    yield from [current] if current else []
    if not found:
        raise InputError(1, _("the file is empty; expected a calendar (BEGIN:VCALENDAR)"))
    if calendar:
        yield Component("", calendar)


def unfold_content_lines(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each content line with its number, from 1, and its source lines.

    Raises UsageError for a NUL byte.
    """
    start, parts = 1, list[str]()
    is_old = False  # vCalendar 1.0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if "\0" in line:
            raise InputError(number, _("the calendar contains a NUL byte"))
        # A blank line ends no property: some programs fold so.
        if parts and (line[:1] in (" ", "\t", "") or _is_soft_break(parts, line)):
            parts.append(line)
            continue
        if parts:
            whole = _join_folded_lines(parts, is_old=is_old)
            is_old = whole.strip().upper() == "VERSION:1.0" if whole[:8].upper() == "VERSION:" else is_old
            yield start, whole, parts
        start, parts = number, [line] if line else []
    if parts:
        yield start, _join_folded_lines(parts, is_old=is_old), parts


def _is_soft_break(parts: Sequence[str], line: str) -> bool:
    """Return whether the last of `parts` ends in a soft line break, and `line` goes on (RFC 2045, 6.7)."""
    if not parts[-1].rstrip(" \t").endswith("=") or line[:6].upper() == "BEGIN:" or line[:4].upper() == "END:":
        return False
    return _QUOTED_PRINTABLE.match("".join(parts[:2])) is not None


def _join_folded_lines(parts: Sequence[str], *, is_old: bool) -> str:
    """Return lines as one: without the blank of a fold, which belongs to the text in vCalendar 1.0 (section 2.1.3)."""
    if len(parts) == 1:
        return parts[0]
    if not _QUOTED_PRINTABLE.match("".join(parts[:2])):
        return parts[0] + "".join([part if is_old else part[1:] for part in parts[1:]])
    found = [parts[0]]
    for part in parts[1:]:
        before, is_fold = found[-1].rstrip(" \t"), part[:1] in (" ", "\t") and not is_old
        if not before.endswith("="):
            found.append(part[1:] if is_fold else part)
        elif is_fold and re.match("[0-9A-F]{2}", part[1:]):  # the fold parts an escape
            found.append(part[1:])
        else:
            found[-1] = before[:-1]
            in_letter = is_fold and re.match("=[89AB][0-9A-F]", part[1:])  # which goes on, in UTF-8
            found.append(part[1:] if in_letter else part)
    return "".join(found)


def parse_content_line(line: str) -> Property:
    """Return one content line as a property. Raises ComponentError."""
    if plain := _SIMPLE_PROPERTY.fullmatch(line):
        return Property(plain[1].upper(), plain[2])
    found = _PROPERTY_WITH_PARAMETERS.fullmatch(line)
    name = re.sub(r"\s", "", found[1]).upper() if found else ""
    if found is None or not re.fullmatch("[A-Z0-9-]+", name):
        raise ComponentError(_('"{text}" is not a calendar property', text=make_text_safe(line[:40])))
    if name in _DATES and ":" in found[3] and not re.match(r"\s*[0-9]{4}", found[3]):  # a TZID with a colon, bare
        found = _LAST_COLON.fullmatch(line) or found
    return Property(name, found[3], _parse_parameters(found[2]))


def _parse_parameters(text: str) -> dict[str, str]:
    """Return the parameters of a content line, without quotes and carets (RFC 6868)."""
    found = {}
    for name, value in _PARAMETER.findall(text):
        bare = re.sub(r"\^[n'^]", lambda caret: _CARET_ESCAPES[caret[0]], value.replace('"', "")).strip()
        if name:
            found[name.upper()] = bare
        elif bare.upper() in _ENCODINGS:
            found["ENCODING"] = bare
    return found


# --------------------------------------------------------------------------------------------------------------- write


def format_component(kind: str, properties: Iterable[Property], inner: Iterable[str] = ()) -> str:
    """Return a component as text: folded at 75 octets, CRLF after each line."""
    body = "".join(fold_content_line(one) for one in properties)
    return f"BEGIN:{kind}\r\n{body}{''.join(inner)}END:{kind}\r\n"


def fold_content_line(one: Property) -> str:
    """Return a property as lines of at most 75 octets, each with CRLF; no letter is cut in two."""
    head = one.name
    if one.params:
        head += _format_parameters(tuple(one.params.items()))
    text = f"{head}:{one.value}"
    if len(text) * 4 <= MAX_LINE_OCTETS or len(octets := text.encode()) <= MAX_LINE_OCTETS:
        return text + "\r\n"
    parts, at = [], 0
    while len(octets) - at >= MAX_LINE_OCTETS:
        end = at + MAX_LINE_OCTETS - 1  # and the blank of the next line
        while octets[end] & 0b1100_0000 == 0b1000_0000:  # in the middle of a letter
            end -= 1
        parts.append(octets[at:end])
        at = end
    return b"\r\n ".join([*parts, octets[at:]]).decode() + "\r\n"


@lru_cache(maxsize=256)  # most are a few time zones
def _format_parameters(params: tuple[tuple[str, str], ...]) -> str:
    from icalendar.parser import Parameters  # 100 ms that only calendars need

    text: str = Parameters(params).to_ical().decode()
    return f";{text}"


def escape_text_value(text: str) -> str:
    """Return `text` as a TEXT value: no line break, no control character, separators escaped.

    The library's vText treats a backslash followed by N as an escaped line break.
    """
    return re.sub(r"([\\;,])", r"\\\1", make_text_safe(text)).replace("\n", "\\n")
