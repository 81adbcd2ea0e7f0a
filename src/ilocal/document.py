"""Registry text ⇄ tables: the text cut into pieces that are TOML by themselves, and put together again.

The text is cut before each line that begins a table which is not part of the event before it. Each piece is parsed
alone. A cut inside a multi-line string or array leaves its piece unfinished, and what is unfinished cannot be parsed:
such a piece goes on to the first cut that is outside. So if every piece parses, every cut was right. At last, comment
lines right above an event are given to its piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import tomli

from ilocal.block import split_tail
from ilocal.errors import Problem, RegistryError
from ilocal.scan import first_outside

BOM = "\ufeff"
_EVENT = r"""(?:event|"event"|'event')"""
_CUT = re.compile(rf"^[ \t]*\[(?!\[?[ \t]*{_EVENT}[ \t]*\.)", re.MULTILINE)
_EVENT_HEADER = re.compile(rf"[ \t]*\[\[[ \t]*{_EVENT}[ \t]*\]\]")
_COMMENTS = re.compile(r"(?:[ \t]*#[^\n]*\n)*")

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
        comments = _COMMENTS.match(self.text)
        return self.line + (comments.group().count("\n") if comments else 0)


@dataclass(frozen=True, slots=True)
class Document:
    """A registry's text, read: perhaps a byte-order mark, then the pieces. See `read` and `rewritten`."""

    text: str
    pieces: tuple[Piece, ...]
    head: Table = field(default_factory=dict)  # all tables but the events
    locked: str = ""  # why the text may be read but not changed

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text[: self.text.find("\n") + 1] else "\n"

    def rewritten(self, changed: Mapping[int, str | None], added: Sequence[str]) -> str:
        """The text with some pieces replaced (None: removed), and blocks, which have line feeds, added at the end.

        Everything else keeps its bytes. Adding leaves the whole old text in front; removing what was added restores it.
        """
        out: list[str] = []
        for n, piece in enumerate(self.pieces):
            new = changed.get(n, piece.text)
            if new is None:
                _remove(piece.text, out)
            else:
                out.append(new)
        text = "".join(out)
        end = "" if not text or text.endswith("\n") else "\n"
        for block in added:
            before = end + "\n" if text else ""
            text += (before + (block.removesuffix("\n") if end else block)).replace("\n", self.newline)
        return (BOM if self.text.startswith(BOM) else "") + text


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
    body = text.removeprefix(BOM)
    pieces = tuple(_with_comments(_pieces(body, known or {})))
    rest = "".join(piece.text for piece in pieces if not piece.is_event)
    try:
        head = _parse(rest)
    except ValueError as error:
        head = _whole(body, pieces, error)
    if "event" in head or any(piece.is_event and piece.table is None and not piece.problem for piece in pieces):
        return _uncut(text)
    return Document(text, pieces, head)


def _pieces(text: str, known: Mapping[str, Piece]) -> Iterator[Piece]:
    cuts = sorted({0, *(found.start() for found in _CUT.finditer(text)), len(text)})
    at, line = 0, 1
    while at < len(cuts) - 1:
        piece, at = _piece(text, cuts, at, line, known)
        yield piece
        line += piece.text.count("\n")


def _piece(text: str, cuts: Sequence[int], at: int, line: int, known: Mapping[str, Piece]) -> tuple[Piece, int]:
    """The piece that begins at a cut, and the index of the cut where it ends."""
    is_event = _EVENT_HEADER.match(text, cuts[at]) is not None
    source = text[cuts[at] : cuts[at + 1]]
    old = known.get(source)
    if old is not None and old.problem is None and old.is_event == is_event:
        return Piece(source, line, is_event, old.table), at + 1
    try:
        return Piece(source, line, is_event, _event_table(_parse(source), is_event)), at + 1
    except ValueError as error:
        end = first_outside(text, cuts[at], cuts, at + 1) if _unfinished(error) else None
        if end is not None and end > at + 1:
            longer = text[cuts[at] : cuts[end]]
            with suppress(ValueError):
                return Piece(longer, line, is_event, _event_table(_parse(longer), is_event)), end
        return Piece(source, line, is_event, problem=_problem(error, line)), at + 1


def _event_table(parsed: Table, is_event: bool) -> Table | None:
    """The event's table; None for what is no event, or not one event alone."""
    if not is_event or parsed.keys() != {"event"} or len(parsed["event"]) != 1:
        return None
    table = parsed["event"][0]
    assert isinstance(table, dict)
    return table


def _with_comments(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same text, with the comment lines right above an event in its piece; the top of a file stays there."""
    before: Piece | None = None
    for piece in pieces:
        comments = _comments_at_end(before) if before and piece.is_event else ""
        if before:
            yield replace(before, text=before.text[: len(before.text) - len(comments)])
        before = replace(piece, text=comments + piece.text, line=piece.line - comments.count("\n"))
    if before:
        yield before


def _comments_at_end(piece: Piece) -> str:
    """The comment lines that end a piece. A line with triple quotes may be the end of a string."""
    start = end = len(piece.text)
    while start > 0:
        line = piece.text.rfind("\n", 0, start - 1) + 1
        text = piece.text[line:start]
        if not text.lstrip(" \t").startswith("#") or not text.endswith("\n") or '"""' in text or "'''" in text:
            break
        start = line
    is_top_of_file = start == 0 and piece.line == 1
    return "" if piece.problem or is_top_of_file else piece.text[start:end]


def _parse(source: str) -> Table:
    """Raises ValueError, whatever is wrong."""
    try:
        return tomli.loads(source)
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
        whole = _parse(text.removeprefix(BOM))
    except ValueError as error:
        raise NotToml(_problem(error, 1)) from None
    tables = whole.pop("event", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise NotToml(Problem(0, "event must be a list of tables, each written as an [[event]] block"))
    pieces = tuple(Piece("", 0, True, table) for table in tables)
    return Document(text, pieces, whole, locked="its events are not written as [[event]] blocks")


def same(one: Any, other: Any) -> bool:
    """Whether two TOML values are the same; a nan is the same as a nan."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and (one == other or (one != one and other != other))  # noqa: PLR0124
