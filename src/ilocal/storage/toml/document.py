"""Registry text ⇄ tables: the text cut into pieces that are TOML by themselves, and put together again.

The text is cut before each line that begins a table which is not part of the event before it, or before the comment
lines right above, where that table is an event. Each piece is parsed alone. A cut inside a multi-line string or array
leaves its piece unfinished, and what is unfinished cannot be parsed: such a piece goes on to the first cut that is
outside. So if every piece parses, every cut was right.

All of this is done on UTF-8 bytes: what is TOML's own in them is ASCII, and places in a text are places in its file.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

import tomli

from ilocal.errors import Problem, RegistryError
from ilocal.i18n import third_party
from ilocal.i18n.messages import N_, _
from ilocal.storage.toml.scanner import Reach, split_tail

BOM = b"\xef\xbb\xbf"
_EVENT = rb"""(?:event|"event"|'event')"""
_CUT = re.compile(rb"\n([ \t]*\[)(?!\[?[ \t]*%s[ \t]*\.)" % _EVENT)
_EVENT_HEADER = re.compile(rb"[ \t]*\[\[[ \t]*%s[ \t]*\]\]" % _EVENT)

Table = dict[str, Any]


class Piece(NamedTuple):
    """A stretch of the text: one event with what follows it, or the text of other tables.

    `table` is the event's table; None where the piece is not an event, cannot be read (`problem` says why) or is known.
    """

    start: int  # in bytes
    end: int
    line: int  # of its first character, from 1
    header: int  # the line of the table's header, below the comments that belong to it
    digest: bytes
    is_event: bool
    table: Table | None = None
    problem: Problem | None = None
    known: bool = False


class Cut(NamedTuple):
    """A place where a piece may begin; `header` is where the event's own line is, -1 for what is no event."""

    start: int
    header: int = -1


class NotToml(RegistryError):
    """The text is not TOML; `problem` has the line."""

    def __init__(self, problem: Problem, *, hint: str = "") -> None:
        super().__init__(problem.message, hint=hint)
        self.problem = problem

    def of(self, file: str) -> RegistryError:
        """The same, with the name of its file."""
        return RegistryError(self.problem.at(file), hint=self.hint)


class Irregular(Exception):
    """The text cannot be told by its pieces: it is no registry at all, or its events are written in another way."""


@dataclass(frozen=True, slots=True)
class Document:
    """A registry's text, read: perhaps a byte-order mark, then the pieces."""

    data: bytes
    pieces: tuple[Piece, ...]
    head: Table = field(default_factory=dict)  # all tables but the events
    locked: str = ""  # why the text may be read but not changed: a message, to be translated

    def text(self, piece: Piece) -> str:
        """The piece as it stands in the text."""
        return self.data[piece.start : piece.end].decode()


def read(data: bytes) -> Document:
    """Read a registry's text. An event that is not TOML becomes a piece with its problem, and hides no other.

    Raises NotToml where what is not an event cannot be read.
    """
    found = tuple(pieces(data))
    rest = [data[piece.start : piece.end] for piece in found if not piece.is_event]
    try:
        return Document(data, found, head_of(rest, found))
    except Irregular:
        return whole(data, found)


def body_start(data: bytes) -> int:
    """Where the text begins, behind a byte-order mark."""
    return len(BOM) if data.startswith(BOM) else 0


def digest(data: bytes) -> bytes:
    """What tells texts apart: 16 bytes."""
    return sha256(data).digest()[:16]


# ---------------------------------------------------------------------------------------------------------------- read


def pieces(
    data: bytes, start: int | None = None, end: int | None = None, line: int = 1, known: Container[bytes] = ()
) -> Iterator[Piece]:
    """The pieces of the text from `start`, where one begins and which is in this line, to `end`.

    Those whose digest is `known` are not parsed: they are events that were read before. Raises NotToml for what is not
    UTF-8.
    """
    start = body_start(data) if start is None else start
    end = len(data) if end is None else end
    cuts = [*_cuts(data, start, end), Cut(end)]
    at, merging, reach = 0, 0, Reach(data, [cut.start for cut in cuts])
    while at < len(cuts) - 1:
        piece, at = _piece(data, cuts, at, line, known, reach)
        merging = _merging(data, piece, merging)
        if merging and piece.is_event and not piece.problem:
            # Which side is meant is not ours to guess: an event between two marks is neither shown nor changed.
            piece = piece._replace(table=None, known=False, problem=Problem(merging, _not_toml(_(_MERGE))))
        yield piece
        line += data.count(b"\n", piece.start, piece.end)


def _cuts(data: bytes, start: int, end: int) -> list[Cut]:
    """Where pieces may begin, from `start` on, which is the first."""
    found = [start] if _CUT.match(b"\n" + data[start : start + 1000]) else []
    found += [match.start(1) for match in _CUT.finditer(data, start, end)]
    cuts = [Cut(with_comments(data, at, start), at) if _EVENT_HEADER.match(data, at) else Cut(at) for at in found]
    return cuts if cuts and cuts[0].start == start else [Cut(start), *cuts] if start < end else []


def with_comments(data: bytes, header: int, least: int) -> int:
    """Where the comment lines right above a header begin; those at the top of a file do not belong to it.

    A line with triple quotes may be the end of a string.
    """
    start = header
    if data[header - 2 : header] == b"\n\n":  # seen at a glance
        return header
    while start > least:
        line = data.rfind(b"\n", least, start - 1) + 1 or least
        text = data[line:start]
        if not text.lstrip(b" \t").startswith(b"#") or b'"""' in text or b"'''" in text:
            break
        start = line
    return header if start == body_start(data) else start


def _piece(
    data: bytes, cuts: Sequence[Cut], at: int, line: int, known: Container[bytes], reach: Reach
) -> tuple[Piece, int]:
    """The piece that begins at a cut, and the index of the cut where it ends."""
    (start, header), end = cuts[at], cuts[at + 1].start
    source = data[start:end]
    key = digest(source)
    is_event = header >= 0
    header_line = line + data.count(b"\n", start, header) if header > start else line
    if is_event and key in known:
        return Piece(start, end, line, header_line, key, True, known=True), at + 1
    try:
        return Piece(start, end, line, header_line, key, is_event, _event_table(_parse(source, line), is_event)), at + 1
    except ValueError as error:
        further = reach.of(at) if _unfinished(error) else None
        if further is not None and further > at + 1:
            longer = data[start : cuts[further].start]
            with suppress(ValueError):
                table = _event_table(_parse_long(data, cuts[at : further + 1], line), is_event)
                return Piece(start, cuts[further].start, line, header_line, digest(longer), is_event, table), further
        return Piece(start, end, line, header_line, key, is_event, problem=_problem(error, line, source)), at + 1


def _parse_long(data: bytes, cuts: Sequence[Cut], line: int) -> Table:
    """Parse what goes on over several cuts. Raises ValueError.

    Longer and longer beginnings first: what is wrong in one is wrong in all, and the sooner found.
    """
    size = 8
    while size < len(cuts) - 1:
        try:
            _parse(data[cuts[0].start : cuts[size].start], line)
        except ValueError as error:
            if not _unfinished(error):
                raise
        size *= 2
    return _parse(data[cuts[0].start : cuts[-1].start], line)


def _event_table(parsed: Table, is_event: bool) -> Table | None:
    """The event's table; None for what is no event, or not one event alone."""
    if not is_event or parsed.keys() != {"event"} or len(parsed["event"]) != 1:
        return None
    table = parsed["event"][0]
    assert isinstance(table, dict)
    return table


_ID = re.compile(rb"""^[ \t]*(?:id|"id"|'id')[ \t]*=""", re.MULTILINE)


def id_line(source: bytes) -> int:
    """How many lines into an event's piece its id stands."""
    found = _ID.search(source)
    return source.count(b"\n", 0, found.start()) if found else 0


def table_of(source: bytes) -> Table:
    """The table of the one event in a piece that was read before. Raises ValueError."""
    table = _event_table(_parse(source, 1), True)
    if table is None:
        raise ValueError("not one event")
    return table


def _parse(source: bytes, line: int) -> Table:
    """Raises ValueError, whatever is wrong in the TOML, and NotToml for what is not UTF-8."""
    try:
        text = source.decode()
    except UnicodeDecodeError as error:
        said = _("not UTF-8 text (byte {byte})", byte=hex(source[error.start]))
        bad = Problem(line + source.count(b"\n", 0, error.start), said)
        raise NotToml(bad, hint=_("save the file as UTF-8")) from None
    try:
        return tomli.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _unfinished(error: ValueError) -> bool:
    return isinstance(error, tomli.TOMLDecodeError) and error.pos >= len(error.doc)


_MARK = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?=\s|\Z)", re.MULTILINE)
_MERGE = N_("the marks of an unfinished git merge; keep what is meant, and take the marks out")
_DIGITS = re.compile(r"[0-9_]{4300,}")  # more than Python reads as a number


def _not_toml(reason: str) -> str:
    return _("not valid TOML: {reason}", reason=reason)


def _problem(error: ValueError, line: int, source: bytes = b"") -> Problem:
    if not isinstance(error, tomli.TOMLDecodeError):
        digits = _DIGITS.search(source.decode()) if "digits" in str(error) else None
        if digits:
            at = digits.string.count("\n", 0, digits.start())
            return Problem(line + at, _not_toml(_("a number is too long")))
        return Problem(line, _not_toml(third_party.told(str(error))))
    if _unfinished(error):
        mark, place = None, len(error.doc.rstrip("\n"))
    else:
        place = error.doc.rfind("\n", 0, error.pos) + 1
        mark = _MARK.match(error.doc, place)
    said = third_party.told(error.msg)
    if mark is not None:
        said = _(_MERGE)
        place = next((one.start() for one in _MARK.finditer(error.doc, 0, place) if one[1][0] == "<"), place)
    return Problem(line + error.doc.count("\n", 0, place), _not_toml(said))


def _merging(data: bytes, piece: Piece, line: int) -> int:
    """The line where a merge began that is not over at the end of a piece; 0 where there is none.

    `line` is the same at the beginning of the piece. Marks in a piece that can be read are its text.
    """
    if piece.problem is None or not (line or piece.problem.message == _not_toml(_(_MERGE))):
        return line
    marks = [mark[1] for mark in _MARK.finditer(data[piece.start : piece.end].decode())]
    if not marks:
        return line
    return 0 if marks[-1][0] == ">" else line or piece.problem.line


# ---------------------------------------------------------------------------------------------------------------- head


def head_of(rest: Iterable[bytes], found: Iterable[Piece] = ()) -> Table:
    """The tables of all text that is no event. Raises Irregular where the pieces do not tell what the text says."""
    try:
        head = _parse(b"".join(rest), 1)
    except ValueError:
        raise Irregular from None
    if "event" in head or any(map(is_irregular, found)):
        raise Irregular
    return head


def is_irregular(piece: Piece) -> bool:
    """Whether a piece looks like an event and is not one event alone."""
    return piece.is_event and piece.table is None and not piece.problem and not piece.known


def whole(data: bytes, found: Sequence[Piece] = ()) -> Document:
    """A text that its pieces do not tell: events that are not written as `[[event]]` blocks are read, to be read only.

    Raises NotToml where there is an error, with its line.
    """
    try:
        tables = _parse(data[body_start(data) :], 1)
    except ValueError as error:
        problem = next((piece.problem for piece in found if piece.problem and not piece.is_event), None)
        raise NotToml(problem or _problem(error, 1, data[body_start(data) :])) from None
    events = tables.pop("event", [])
    if not isinstance(events, list) or not all(isinstance(table, dict) for table in events):
        raise NotToml(Problem(0, _("event must be a list of tables, each written as an [[event]] block")))
    uncut = tuple(Piece(n, n, 0, 0, b"", True, table) for n, table in enumerate(events))
    return Document(data, uncut, tables, locked=N_("its events are not written as [[event]] blocks"))


# --------------------------------------------------------------------------------------------------------------- write


class Place(NamedTuple):
    """Where a piece stands in a text, in bytes."""

    start: int
    end: int


def newline_of(data: bytes) -> str:
    """How the lines of a text end, by the first of them."""
    return "\r\n" if b"\r\n" in data[: data.find(b"\n") + 1] else "\n"


def rewritten(data: bytes, changed: Mapping[Place, str | None], added: Sequence[str]) -> bytes:
    """The text with some pieces replaced (None: removed), and blocks, which have line feeds, added at the end.

    Everything else keeps its bytes. Adding leaves the whole old text in front; removing what was added restores it.
    """
    at = body_start(data)
    out: list[bytes] = []
    for place, new in sorted(changed.items()):
        if place.start > at:
            out.append(data[at : place.start])
        if new is None:
            _remove(data[place.start : place.end], out)
        else:
            out.append(new.encode())
        at = place.end
    if at < len(data):
        out.append(data[at:])
    newline = newline_of(data)
    is_empty = not any(out)
    end = "" if is_empty or out[-1].endswith(b"\n") else "\n"
    for block in added:
        before = "" if is_empty else end + "\n"
        out.append((before + (block.removesuffix("\n") if end else block)).replace("\n", newline).encode())
        is_empty = False
    return data[: body_start(data)] + b"".join(out)


def _remove(piece: bytes, out: list[bytes]) -> None:
    """Leave `piece` out but for the comments after it, with the blank line before it that sets it off."""
    body, tail = (part.encode() for part in split_tail(piece.decode()))
    times = 1 if body.endswith(b"\n") else 2  # a text without a last line end stays without one
    for _time in range(times):
        before = out[-1] if out else b""
        shorter = before.removesuffix(b"\n").removesuffix(b"\r")
        if not before.endswith(b"\n") or (times == 1 and shorter and not shorter.endswith(b"\n")):
            break
        out[-1] = shorter
    # Joined to what stands before it, so that the next removal sees both.
    out[-1:] = [b"".join(out[-1:]) + tail]
