"""Conversion between registry text and tables: the text is split into blocks that are TOML by themselves.

The text is split before each line that begins a table which is not part of the event before it or, if that table is an
event, before the comment lines directly above. Each block is parsed separately. A split inside a multi-line string or
array leaves an unfinished block that cannot be parsed; such a block is extended to the first split outside. So if every
block parses, every split was right. A merge conflict that holds whole events is a block by itself; an event with a
conflict inside cannot be read.

All of this uses UTF-8 bytes: TOML's syntax is ASCII, and offsets in a text are offsets in its file.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

import tomli

from ilocal.errors import Diagnostic, RegistryError
from ilocal.i18n.messages import N_, AnyMessage
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.storage.toml.conflict_regions import ConflictCut, ConflictFinder
from ilocal.storage.toml.diagnosis import (
    MERGE_MARKER_PATTERN,
    diagnose_conflict_in_toml,
    diagnose_toml_errors,
    is_toml_conflict_diagnosis,
    is_unfinished_toml,
)
from ilocal.storage.toml.scanner import NestingIndex

UTF8_BOM = b"\xef\xbb\xbf"
_EVENT_KEY_PATTERN = rb"""(?:event|"event"|'event')"""
_BLOCK_START_PATTERN = re.compile(rb"\n([ \t]*\[)(?!\[?[ \t]*%s[ \t]*\.)" % _EVENT_KEY_PATTERN)
_EVENT_HEADER_PATTERN = re.compile(rb"[ \t]*\[\[[ \t]*%s[ \t]*\]\]" % _EVENT_KEY_PATTERN)

TomlTable = dict[str, Any]


class TextBlock(NamedTuple):
    """A part of the text: one event with its tables, or the text of other tables.

    `table` is the event's table; None if the block is not an event, is invalid (see `diagnostic`) or `is_known`.
    """

    start: int  # in bytes
    end: int
    line: int  # of its first character, from 1
    header_line: int  # the line of the table's header, below the comments that belong to it
    digest: bytes
    is_event: bool
    table: TomlTable | None = None
    diagnostic: Diagnostic | None = None
    is_known: bool = False
    further_diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that is not TOML in the piece."""
        return () if self.diagnostic is None else (self.diagnostic, *self.further_diagnostics)


class BlockStart(NamedTuple):
    """A possible start of a block; `header_offset` is the place of the event's header, -1 for other tables."""

    start: int
    header_offset: int = -1


class TomlSyntaxError(RegistryError):
    """The text is not TOML; `problem` has the line."""

    def __init__(self, problem: Diagnostic, *, hint: AnyMessage = "") -> None:
        super().__init__(problem.lazy_message, hint=hint)
        self.diagnostic = problem

    def as_registry_error(self, file: str) -> RegistryError:
        """Return the error with the name of its file."""
        return RegistryError(self.diagnostic.format_with_file(file), hint=self.hint)


class NotSplittable(Exception):
    """The blocks do not give the text's meaning: it is not a registry, or its events are not `[[event]]` blocks."""


@dataclass(frozen=True, slots=True)
class Document:
    """A registry's text, read: perhaps a byte-order mark, then the pieces."""

    data: bytes
    blocks: tuple[TextBlock, ...]
    metadata: TomlTable = field(default_factory=dict)  # all tables but the events
    read_only_reason: str = ""  # why the text is read-only: a message id

    def get_block_text(self, block: TextBlock) -> str:
        """Return the text of a block."""
        return self.data[block.start : block.end].decode()


def parse_document(data: bytes) -> Document:
    """Return a parsed registry text. An event with a TOML error becomes a block with a diagnostic; others stay valid.

    Raises TomlSyntaxError if text outside events is invalid.
    """
    found = tuple(split_blocks(data))
    rest = [data[piece.start : piece.end] for piece in found if not piece.is_event]
    try:
        return Document(data, found, parse_metadata_tables(rest, found))
    except NotSplittable:
        return parse_unsplit_document(data, found)


def skip_bom(data: bytes) -> int:
    """Return the offset of the text, after a byte-order mark."""
    return len(UTF8_BOM) if data.startswith(UTF8_BOM) else 0


def detect_file_newline(data: bytes) -> str:
    """Return the newline of a text, judged by its first line."""
    return "\r\n" if b"\r\n" in data[: data.find(b"\n") + 1] else "\n"


def compute_toml_block_digest(data: bytes) -> bytes:
    """Return a digest of a text: 16 bytes."""
    return sha256(data).digest()[:16]


# ---------------------------------------------------------------------------------------------------------------- read


def split_blocks(
    data: bytes, start: int | None = None, end: int | None = None, line: int = 1, known_digests: Container[bytes] = ()
) -> Iterator[TextBlock]:
    """Yield the blocks of a text.

    Arguments:
        data: the text.
        start: the offset of a block to begin with; None for the first.
        end: the offset at which to stop; None for the end of the text.
        line: the line of `start`.
        known_digests: digests of events that were read before and are not parsed again.

    Raises TomlSyntaxError if the text is not UTF-8.
    """
    start = skip_bom(data) if start is None else start
    end = len(data) if end is None else end
    cuts = [*_find_block_starts(data, start, end), BlockStart(end)]
    places = [cut.start for cut in cuts]
    at, merging, reach, conflicts = 0, 0, NestingIndex(data, places), ConflictFinder(data, start, end)
    while at < len(cuts) - 1:
        first = at
        piece, at = _parse_block(data, cuts, at, line, known_digests, reach)
        if piece.diagnostic and not merging:
            cut = conflicts.find_cut(
                places, first, reach.find_next_unnested(first) or first + 1, is_event=piece.is_event
            )
            if cut and (pieces := _split_toml_piece_at_conflicts(data, piece, conflicts, cut)):
                yield from pieces
                at = cut.next_cut
                line += data.count(b"\n", piece.start, cut.end)
                continue
        lines, merging = _list_conflict_lines(data, piece, merging)
        if lines and (is_toml_conflict_diagnosis(piece.diagnostic) if piece.diagnostic else piece.is_event):
            # Which side is right is unknown: an event between markers is neither shown nor changed.
            conflict, *others = map(diagnose_conflict_in_toml, lines)
            piece = piece._replace(table=None, is_known=False, diagnostic=conflict, further_diagnostics=tuple(others))
        yield piece
        line += data.count(b"\n", piece.start, piece.end)


def _split_toml_piece_at_conflicts(
    data: bytes, piece: TextBlock, conflicts: ConflictFinder, cut: ConflictCut
) -> list[TextBlock] | None:
    """Return the block that starts where `piece` does, and the conflicts of whole blocks that follow it.

    An event with a conflict inside cannot be read; of other tables, everything outside the conflicts can. Return None
    if the cut is uncertain: each side of the conflicts inside must make the text one event, or other tables.
    """
    table = None
    try:
        for side in ("ours", "theirs") if piece.is_event else ("",):
            text = conflicts.choose_side(cut, piece.start, side)
            table = _extract_event_table(_parse_toml(text, piece.line), piece.is_event)
            if piece.is_event and table is None:
                return None
    except ValueError:
        return None
    found = [] if piece.is_event else cut.inside
    conflicts_at = {span.start for span in (*found, *cut.following)}
    places = sorted({piece.start, *conflicts_at, *(span.end for span in found), cut.body_end, cut.end})
    broken = {at: at for at in conflicts_at}  # starts of unreadable blocks, each with its first marker
    if piece.is_event and cut.inside:
        broken[piece.start] = cut.inside[0].start
    blocks = []
    for start, end in pairwise(places):
        number = piece.line + data.count(b"\n", piece.start, start)
        mark = piece.line + data.count(b"\n", piece.start, broken.get(start, start))
        blocks.append(
            TextBlock(
                start,
                end,
                number,
                piece.header_line if start == piece.start else number,
                compute_toml_block_digest(data[start:end]),
                piece.is_event or start in conflicts_at,
                None if start in broken else table,
                diagnose_conflict_in_toml(mark) if start in broken else None,
            )
        )
    return blocks


def _find_block_starts(data: bytes, start: int, end: int) -> list[BlockStart]:
    """Return the possible starts of blocks; `start` is the first."""
    found = [start] if _BLOCK_START_PATTERN.match(b"\n" + data[start : start + 1000]) else []
    found += [match.start(1) for match in _BLOCK_START_PATTERN.finditer(data, start, end)]
    cuts = [
        BlockStart(find_block_start_with_comments(data, at, start), at)
        if _EVENT_HEADER_PATTERN.match(data, at)
        else BlockStart(at)
        for at in found
    ]
    return cuts if cuts and cuts[0].start == start else [BlockStart(start), *cuts] if start < end else []


def find_block_start_with_comments(data: bytes, header: int, lower_bound: int) -> int:
    """Return the start of the comment lines directly above a header; those at the top of a file do not belong to it.

    A line with triple quotes may be the end of a string.
    """
    start = header
    if data[header - 2 : header] == b"\n\n":  # seen at a glance
        return header
    while start > lower_bound:
        line = data.rfind(b"\n", lower_bound, start - 1) + 1 or lower_bound
        text = data[line:start]
        if not text.lstrip(b" \t").startswith(b"#") or b'"""' in text or b"'''" in text:
            break
        start = line
    return header if start == skip_bom(data) else start


def _parse_block(
    data: bytes,
    block_starts: Sequence[BlockStart],
    at: int,
    line: int,
    known_digests: Container[bytes],
    nesting: NestingIndex,
) -> tuple[TextBlock, int]:
    """Return the block that begins at a split, and the index of the split where it ends."""
    (start, header), end = block_starts[at], block_starts[at + 1].start
    source = data[start:end]
    key = compute_toml_block_digest(source)
    is_event = header >= 0
    header_line = line + data.count(b"\n", start, header) if header > start else line
    if is_event and key in known_digests:
        return TextBlock(start, end, line, header_line, key, True, is_known=True), at + 1
    try:
        return TextBlock(
            start, end, line, header_line, key, is_event, _extract_event_table(_parse_toml(source, line), is_event)
        ), at + 1
    except ValueError as error:
        further = nesting.find_next_unnested(at) if is_unfinished_toml(error) else None
        if further is not None and further > at + 1:
            longer = data[start : block_starts[further].start]
            with suppress(ValueError):
                table = _extract_event_table(
                    _parse_toml_block_across_splits(data, block_starts[at : further + 1], line), is_event
                )
                return TextBlock(
                    start,
                    block_starts[further].start,
                    line,
                    header_line,
                    compute_toml_block_digest(longer),
                    is_event,
                    table,
                ), further
        first, *others = diagnose_toml_errors(error, line, source)
        return TextBlock(
            start, end, line, header_line, key, is_event, diagnostic=first, further_diagnostics=tuple(others)
        ), at + 1


def _parse_toml_block_across_splits(data: bytes, block_starts: Sequence[BlockStart], line: int) -> TomlTable:
    """Return the tables of a block that spans several splits. Raises ValueError.

    Ever longer beginnings are parsed first, as an error in one is an error in all and is found sooner.
    """
    size = 8
    while size < len(block_starts) - 1:
        try:
            _parse_toml(data[block_starts[0].start : block_starts[size].start], line)
        except ValueError as error:
            if not is_unfinished_toml(error):
                raise
        size *= 2
    return _parse_toml(data[block_starts[0].start : block_starts[-1].start], line)


def _extract_event_table(parsed: TomlTable, is_event: bool) -> TomlTable | None:
    """Return the event's table; None if the block is not exactly one event."""
    if not is_event or parsed.keys() != {"event"} or len(parsed["event"]) != 1:
        return None
    table = parsed["event"][0]
    assert isinstance(table, dict)
    return table


_ID_KEY_PATTERN = re.compile(rb"""^[ \t]*(?:id|"id"|'id')[ \t]*=""", re.MULTILINE)


def find_id_line_in_block(source: bytes) -> int:
    """Return the number of the id's line in an event's block, from 0."""
    found = _ID_KEY_PATTERN.search(source)
    return source.count(b"\n", 0, found.start()) if found else 0


def parse_event_table(source: bytes) -> TomlTable:
    """Return the table of the only event in a block that was read before. Raises ValueError."""
    table = _extract_event_table(_parse_toml(source, 1), True)
    if table is None:
        raise ValueError("not one event")
    return table


def _parse_toml(source: bytes, line: int) -> TomlTable:
    """Return parsed TOML. Raises ValueError for any TOML error, and TomlSyntaxError if it is not UTF-8."""
    try:
        text = source.decode()
    except UnicodeDecodeError as error:
        said = _("not UTF-8 text (byte {byte})", byte=hex(source[error.start]))
        bad = Diagnostic(line + source.count(b"\n", 0, error.start), said, code="not-toml")
        raise TomlSyntaxError(bad, hint=_("save the file as UTF-8")) from None
    try:
        return tomli.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _list_conflict_lines(data: bytes, block: TextBlock, open_line: int) -> tuple[list[int], int]:
    """Return the lines of the merge conflicts that a block is in, and of the one still open at its end, else 0.

    `open_line` is the latter at the start of the block. Markers in a block that parses are part of its text.
    """
    lines = [open_line] if open_line else []
    if block.diagnostic is None or not (open_line or is_toml_conflict_diagnosis(block.diagnostic)):
        return lines, open_line
    text = data[block.start : block.end].decode()
    for mark in MERGE_MARKER_PATTERN.finditer(text):
        if mark[1][0] == "<" and not open_line:
            open_line = block.line + text.count("\n", 0, mark.start())
            lines.append(open_line)
        elif mark[1][0] == ">":
            open_line = 0
        elif not lines:
            open_line = block.diagnostic.line
            lines.append(open_line)
    return lines, open_line


# ---------------------------------------------------------------------------------------------------------------- head


def parse_metadata_tables(other_texts: Iterable[bytes], blocks: Iterable[TextBlock] = ()) -> TomlTable:
    """Return the tables of all text outside events. Raises NotSplittable if the blocks do not give its meaning."""
    try:
        head = _parse_toml(b"".join(other_texts), 1)
    except ValueError:
        raise NotSplittable from None
    if "event" in head or any(map(is_irregular_block, blocks)):
        raise NotSplittable
    return head


def is_irregular_block(block: TextBlock) -> bool:
    """Return whether a block looks like an event but is not exactly one."""
    return block.is_event and block.table is None and not block.diagnostic and not block.is_known


def parse_unsplit_document(data: bytes, blocks: Sequence[TextBlock] = ()) -> Document:
    """Return a read-only document of a text whose events are not `[[event]]` blocks.

    Raises TomlSyntaxError, with the line, if the text is invalid.
    """
    try:
        tables = _parse_toml(data[skip_bom(data) :], 1)
    except ValueError as error:
        problem = next((piece.diagnostic for piece in blocks if piece.diagnostic and not piece.is_event), None)
        raise TomlSyntaxError(problem or diagnose_toml_errors(error, 1, data[skip_bom(data) :])[0]) from None
    events = tables.pop("event", [])
    if not isinstance(events, list) or not all(isinstance(table, dict) for table in events):
        said = _("event must be a list of tables, each written as an [[event]] block")
        problem = Diagnostic(0, said, code="not-toml")
        raise TomlSyntaxError(problem)
    uncut = tuple(TextBlock(n, n, 0, 0, b"", True, table) for n, table in enumerate(events))
    return Document(data, uncut, tables, read_only_reason=N_("the events are not written as [[event]] blocks"))
