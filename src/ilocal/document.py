"""Registry text ⇄ tables: the text cut into pieces that are TOML by themselves, and put together again.

The text is cut before each line that begins a table which is not part of the event before it, with the comment lines
right above it. Each piece is parsed alone. A cut inside a multi-line string or array leaves its piece unfinished, and
what is unfinished cannot be parsed: such a piece is joined with the next until it can. So if every piece parses, every
cut was right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tomli

from ilocal.block import split_tail
from ilocal.errors import Problem, RegistryError

BOM = "\ufeff"
_EVENT = r"""(?:event|"event"|'event')"""
_CUT = re.compile(rf"^{BOM}?[ \t]*\[(?!\[?[ \t]*{_EVENT}[ \t]*\.)", re.MULTILINE)
_EVENT_HEADER = re.compile(rf"{BOM}?[ \t]*\[\[[ \t]*{_EVENT}[ \t]*\]\]")
_MOST_JOINED = 2000

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: one event with what follows it, or the text of other tables.

    `table` is the event's table; None where the piece is not an event, or cannot be read (`problem` says why).
    """

    text: str
    line: int  # of its first character, from 1
    is_event: bool
    table: Table | None = None
    problem: Problem | None = None

    @property
    def header_line(self) -> int:
        """The line of the table's header, below the comments that belong to it."""
        comments = re.match(rf"{BOM}?(?:[ \t]*#[^\n]*\n)*", self.text)
        return self.line + (comments.group().count("\n") if comments else 0)


@dataclass(frozen=True, slots=True)
class Document:
    """A registry's text, read. `read` makes it, `rewritten` gives a new text; the text itself never changes."""

    text: str
    pieces: tuple[Piece, ...]
    head: Table = field(default_factory=dict)  # all tables but the events
    locked: str = ""  # why the text may be read but not changed

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text[: self.text.find("\n") + 1] else "\n"

    def rewritten(self, changed: Mapping[int, str | None], added: Sequence[str]) -> str:
        """The text with some pieces replaced (None: removed), and blocks added at the end; blocks have line feeds.

        Everything else keeps its bytes. Adding leaves the whole old text in front; removing what was added restores it.
        """
        out: list[str] = []
        for n, piece in enumerate(self.pieces):
            new = changed.get(n, piece.text)
            if new is None:
                _remove(piece.text, out)
            else:
                out.append(new if n not in changed else self._native(new))
        end = "" if not out or "".join(out[-1:]).endswith("\n") else "\n"
        for block in added:
            before = self._native(end + "\n") if any(out) else ""
            out += [before, self._native(block if not end else block.removesuffix("\n"))]
        return "".join(out)

    def _native(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\n", self.newline)


def _remove(piece: str, out: list[str]) -> None:
    """Leave `piece` out but for the comments after it, with the blank line before it that sets it off."""
    body, tail = split_tail(piece)
    times = 1 if body.endswith("\n") else 2  # a text without a last line end stays without one
    for _ in range(times):
        before = out[-1] if out else ""
        shorter = before.removesuffix("\n").removesuffix("\r")
        if not before.endswith("\n") or (times == 1 and shorter and not shorter.endswith("\n")):
            break
        out[-1] = shorter
    # Joined to what stands before it, so that the next removal sees both.
    out[-1:] = ["".join(out[-1:]) + tail]


def read(text: str, known: Mapping[str, Piece] | None = None) -> Document:
    """Read a registry's text. An event that is not TOML becomes a piece with its problem, and hides no other.

    `known` has pieces that were read before, by their text: those are not parsed again.
    Raises RegistryError where what is not an event cannot be read.
    """
    pieces = tuple(_pieces(text, known or {}))
    rest = "".join(piece.text for piece in pieces if not piece.is_event)
    try:
        head = _parse(rest)
    except ValueError as error:
        head = _whole(text, pieces, error)
    if "event" not in head:
        return Document(text, pieces, head)
    return _uncut(text)


def _pieces(text: str, known: Mapping[str, Piece]) -> Iterator[Piece]:
    cuts, events = _cuts(text)
    at, line = 0, 1
    while at < len(cuts) - 1:
        piece, joined = _piece(text, cuts, at, line, cuts[at] in events, known)
        yield piece
        line += piece.text.count("\n")
        at += joined


def _cuts(text: str) -> tuple[list[int], set[int]]:
    """Where the text is cut, its beginning and end included; and which of these cuts stand before an event."""
    cuts, events = [0], set()
    for found in _CUT.finditer(text):
        start = _above(text, found.start(), cuts[-1])
        if start != cuts[-1]:
            cuts.append(start)
        if _EVENT_HEADER.match(text, found.start()):
            events.add(start)
        else:
            events.discard(start)
    return (cuts if cuts[-1] == len(text) else [*cuts, len(text)]), events


def _above(text: str, start: int, last: int) -> int:
    """The beginning of the comment lines right above `start`, no further up than `last`."""
    while start > last:
        line = text.rfind("\n", 0, start - 1) + 1
        if line < last or not text[line:start].lstrip(BOM + " \t").startswith("#"):
            break
        start = line
    return start


def _piece(
    text: str, cuts: Sequence[int], at: int, line: int, is_event: bool, known: Mapping[str, Piece]
) -> tuple[Piece, int]:
    """The piece that begins at a cut, and how many cuts it spans."""
    first: ValueError | None = None
    for end in range(at + 1, min(len(cuts), at + _MOST_JOINED)):
        source = text[cuts[at] : cuts[end]]
        old = known.get(source)
        if old is not None and old.problem is None:
            return Piece(source, line, is_event, old.table), end - at
        try:
            parsed = _parse(source)
        except ValueError as error:
            first = first or error
            if _unfinished(error):
                continue
            break
        return Piece(source, line, is_event, parsed["event"][0] if is_event else None), end - at
    assert first is not None
    return Piece(text[cuts[at] : cuts[at + 1]], line, is_event, problem=_problem(first, line)), 1


def _parse(source: str) -> Table:
    """Raises ValueError, whatever is wrong."""
    try:
        return tomli.loads(source.removeprefix(BOM))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _unfinished(error: ValueError) -> bool:
    return isinstance(error, tomli.TOMLDecodeError) and error.pos >= len(error.doc)


def _problem(error: ValueError, line: int) -> Problem:
    if isinstance(error, tomli.TOMLDecodeError):
        inside = error.doc.rstrip("\n").count("\n") if _unfinished(error) else error.lineno - 1
        return Problem(line + inside, f"not valid TOML: {error.msg[:1].lower()}{error.msg[1:]}")
    return Problem(line, f"not valid TOML: {error}")


def _whole(text: str, pieces: Sequence[Piece], error: ValueError) -> Table:
    """What is not an event cannot be read by itself: an error with its line, unless the whole text is TOML."""
    try:
        return _parse(text)
    except ValueError as whole_error:
        problem = next((piece.problem for piece in pieces if piece.problem and not piece.is_event), None)
        raise NotToml(problem or _problem(whole_error, 1)) from error


class NotToml(RegistryError):
    """The text is not TOML; `problem` has the line."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _uncut(text: str) -> Document:
    """Events that are not written as `[[event]]` blocks: valid TOML, to be read but not changed piece by piece."""
    try:
        whole = _parse(text)
    except ValueError as error:
        raise NotToml(_problem(error, 1)) from None
    tables = whole.pop("event", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise NotToml(Problem(0, "event must be a list of tables, each written as an [[event]] block"))
    pieces = tuple(Piece("", 0, True, table) for table in tables)
    return Document(text, pieces, whole, locked="its events are not written as [[event]] blocks")
