"""Segments: blocks of a text split, parsed and encoded as rows; a long text is processed in parallel."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO, NamedTuple, NoReturn

from ilocal.errors import Diagnostic, InvalidEventError
from ilocal.index import rows
from ilocal.index.name_counts import FieldValue, collect_names_to_index
from ilocal.model.serialization import event_from_dict
from ilocal.storage import failpoints, loader
from ilocal.storage.toml import document
from ilocal.storage.toml.document import NotSplittable, TextBlock, compute_toml_block_digest

BLOCKS_PER_SEGMENT = 100  # of a segment
_MIN_PARALLEL_BYTES = 4 << 20  # bytes from which on it is worth while to start processes
_BYTES_PER_SHARE = 1 << 20  # bytes that a process takes at a time


BlockPosition = tuple[int, int, int, int]  # start, length, line and header line, counted in the segment
# An event as it goes into three tables: `event` (without its key and segment), `record` and `words` (without their
# keys). Plain tuples, which go quickly from one process to another.
EventRows = tuple[tuple[Any, ...], rows.IndexRecord, tuple[str, str, str]]


class PreparedSegment(NamedTuple):
    """A segment of a text, ready to be written. Lines and places are counted from its beginning."""

    length: int
    line_count: int
    digest: bytes
    event_rows: list[EventRows]
    known_blocks: list[tuple[BlockPosition, bytes]]  # events that are in the index already: place and digest
    other_text_rows: list[tuple[int, int, int, str]]  # start, length, line, text
    diagnostic_rows: list[tuple[Any, ...]]  # start, length, digest, line, message, field, code, id
    name_counts: Counter[FieldValue]  # of its events


def prepare_index_segments(data: bytes, start: int, end: int, blocks: Iterable[TextBlock]) -> Iterator[PreparedSegment]:
    """Yield the blocks from `start` to `end` as segments. Raises NotSplittable."""
    left = iter(blocks)
    while group := list(islice(left, BLOCKS_PER_SEGMENT)):
        # Events in other notations have no offsets in the text: their segment is all of it.
        stop = group[-1].end if group[0].line else end
        yield _prepare_segment(data, start, max(stop, start), group)
        start = stop


def _prepare_segment(data: bytes, start: int, end: int, group: list[TextBlock]) -> PreparedSegment:
    found = PreparedSegment(
        end - start,
        data.count(b"\n", start, end),
        compute_toml_block_digest(data[start:end]),
        [],
        [],
        [],
        [],
        Counter(),
    )
    first = group[0].line
    base = start if first else 0
    for piece in group:
        at = (piece.start - base, piece.end - piece.start, piece.line - first, piece.header_line - first)
        found.diagnostic_rows.extend(
            _build_index_row_of_diagnostic(piece, at, problem.line - first, problem) for problem in piece.diagnostics
        )
        if not piece.is_event:
            found.other_text_rows.append((*at[:3], _decode_segment_block(data, piece)))
        elif piece.is_known:
            found.known_blocks.append((at, piece.digest))
        elif document.is_irregular_block(piece):
            raise NotSplittable
        elif not piece.diagnostic:
            assert piece.table is not None
            try:
                found.event_rows.append(
                    build_index_rows_of_event(
                        piece.table, at, piece.digest, data[piece.start : piece.end], found.name_counts
                    )
                )
            except InvalidEventError as error:
                found.diagnostic_rows.extend(
                    _build_index_row_of_diagnostic(piece, at, problem.line, problem)
                    for problem in loader.list_invalid_fields_in_toml(error, at[2], _decode_segment_block(data, piece))
                )
    return found


def _build_index_row_of_diagnostic(
    piece: TextBlock, position: BlockPosition, line: int, problem: Diagnostic
) -> tuple[Any, ...]:
    """Return the row of a block's diagnostic; `line` is relative to its segment."""
    message, id = rows.encode_message_for_index(problem.lazy_message), loader.get_id_in_toml(piece.table or {})
    return (*position[:2], piece.digest, line, message, problem.field, problem.code, id)


def build_index_rows_of_event(
    table: document.TomlTable, position: BlockPosition, digest: bytes, source: bytes, names: Counter[FieldValue]
) -> EventRows:
    """Return the rows of an event's table, adding its names to `names`. Raises InvalidEventError."""
    event = event_from_dict(table)
    names.update(collect_names_to_index(event))
    words = (rows.build_fts_text(event), rows.build_fts_filter_terms(event), rows.build_fts_handle_words(event.id))
    return (
        (
            *position,
            document.find_id_line_in_block(source),
            digest,
            event.id,
            not event.id,
            *rows.compute_sql_sort_columns(event),
        ),
        rows.encode_index_record(event),
        words,
    )


def _decode_segment_block(data: bytes, piece: TextBlock) -> str:
    return data[piece.start : piece.end].decode()


# ----------------------------------------------------------------------------------------------------------- processes


def prepare_all_index_segments(data: bytes) -> Iterator[PreparedSegment]:
    """Yield a whole text as segments. Raises NotSplittable, and TomlSyntaxError if it is not UTF-8."""
    at, line = 0, 1
    if len(data) >= _MIN_PARALLEL_BYTES and _count_available_processors() > 1 and hasattr(os, "fork"):
        for share in _prepare_segments_in_processes(data):
            if share is None:  # to be read in one go, from here on
                break
            yield from share
            at += sum(segment.length for segment in share)
            line += sum(segment.line_count for segment in share)
    start = max(at, document.skip_bom(data))
    if start < len(data):
        yield from prepare_index_segments(data, at, len(data), document.split_blocks(data, start, line=line))


def _count_available_processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _prepare_segments_in_processes(data: bytes) -> Iterator[list[PreparedSegment] | None]:
    """Yield the text share by share; None if a share cannot be parsed separately, or processes are unavailable."""
    shares = list(_split_text_into_segment_shares(data))
    count = min(_count_available_processors(), 8, len(shares))
    sys.stdout.flush()  # or every process would inherit the unwritten output
    workers: list[tuple[int, BinaryIO]] = []
    try:
        for n in range(count):
            workers.append(_start_segment_worker(data, shares[n::count]))
        for n in range(len(shares)):
            yield pickle.load(workers[n % count][1])
    except (OSError, EOFError, pickle.UnpicklingError):  # no process to be had, or one that was killed
        yield None
    finally:
        for process, answers in workers:
            answers.close()
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _start_segment_worker(data: bytes, shares: list[tuple[int, int]]) -> tuple[int, BinaryIO]:
    """Start a process that parses some shares. Returns its id, and the stream of its pickled results."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        _run_segment_worker(data, shares, theirs)
    os.close(theirs)
    return process, open(ours, "rb")


def _run_segment_worker(data: bytes, shares: list[tuple[int, int]], pipe: int) -> NoReturn:
    """Run the worker process. It stays silent, and stops when its results are no longer read."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        failpoints.reach_failpoint("segment-worker")
        with open(pipe, "wb") as answers:
            for start, end in shares:
                pickle.dump(_prepare_share_segments(data, start, end), answers, pickle.HIGHEST_PROTOCOL)
                answers.flush()
    finally:
        os._exit(0)


def _split_text_into_segment_shares(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield parts of the text that appear to begin at an event."""
    start = 0
    while start < len(data):
        header = data.find(b"\n[[event]]", start + _BYTES_PER_SHARE) + 1
        end = document.find_block_start_with_comments(data, header, start) if header else len(data)
        yield start, end
        start = end


def _prepare_share_segments(data: bytes, start: int, end: int) -> list[PreparedSegment] | None:
    """Return a part of the text as segments; None if it does not consist of whole regular blocks."""
    try:
        pieces = list(document.split_blocks(data, max(start, document.skip_bom(data)), end))
        if any(piece.diagnostic for piece in pieces):  # perhaps it begins or ends inside of a text
            return None
        return list(prepare_index_segments(data, start, end, pieces))
    except (NotSplittable, document.TomlSyntaxError):
        return None
