"""Pieces of a text made ready for the index: cut, parsed and told as rows; a long text by several processes at once."""

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

from ilocal.errors import RecordError
from ilocal.i18n import messages
from ilocal.index import rows
from ilocal.index.name_counts import Name, named
from ilocal.model.serialization import from_plain
from ilocal.storage import loader
from ilocal.storage.toml import document
from ilocal.storage.toml.document import Irregular, Piece, digest

PIECES = 100  # of a segment
_LARGE = 4 << 20  # bytes from which on it is worth while to start processes
_SHARE = 1 << 20  # bytes that a process takes at a time


At = tuple[int, int, int, int]  # start, length, line and header line, counted in the segment
# An event as it goes into three tables: `event` (without its key and segment), `record` and `words` (without their
# keys). Plain tuples, which go quickly from one process to another.
Kept = tuple[tuple[Any, ...], rows.Record, tuple[str, str, str]]


class Ready(NamedTuple):
    """A segment of a text, ready to be written. Lines and places are counted from its beginning."""

    length: int
    lines: int
    digest: bytes
    events: list[Kept]
    known: list[tuple[At, bytes]]  # events that are in the index already: place and digest
    others: list[tuple[int, int, int, str]]  # start, length, line, text
    problems: list[tuple[Any, ...]]  # start, length, digest, line, message, field, is it TOML's, id
    names: Counter[Name]  # of its events


def segments(data: bytes, start: int, end: int, pieces: Iterable[Piece]) -> Iterator[Ready]:
    """The pieces from `start` to `end` as segments. Raises Irregular."""
    left = iter(pieces)
    while group := list(islice(left, PIECES)):
        # What is written in another way has no places in the text: its segment is all of it.
        stop = group[-1].end if group[0].line else end
        yield _ready(data, start, max(stop, start), group)
        start = stop


def _ready(data: bytes, start: int, end: int, group: list[Piece]) -> Ready:
    found = Ready(end - start, data.count(b"\n", start, end), digest(data[start:end]), [], [], [], [], Counter())
    first = group[0].line
    base = start if first else 0
    for piece in group:
        at = (piece.start - base, piece.end - piece.start, piece.line - first, piece.header - first)
        if piece.problem:
            line, message = piece.problem.line - first, messages.kept(piece.problem.message)
            found.problems.append((*at[:2], piece.digest, line, message, piece.problem.field, True, ""))
        if not piece.is_event:
            found.others.append((*at[:3], _text(data, piece)))
        elif piece.known:
            found.known.append((at, piece.digest))
        elif document.is_irregular(piece):
            raise Irregular
        elif not piece.problem:
            assert piece.table is not None
            try:
                found.events.append(kept(piece.table, at, piece.digest, data[piece.start : piece.end], found.names))
            except RecordError as error:
                problem = loader.record_problem(error, at[2], _text(data, piece))
                message, id = messages.kept(problem.message), loader.given_id(piece.table)
                found.problems.append((*at[:2], piece.digest, problem.line, message, problem.field, False, id))
    return found


def kept(table: document.Table, at: At, key: bytes, source: bytes, names: Counter[Name]) -> Kept:
    """The rows of an event's table, whose names are counted in `names`. Raises RecordError."""
    event = from_plain(table)
    names.update(named(event))
    words = (rows.searched(event), rows.labels(event), rows.handle_words(event.id))
    return (*at, document.id_line(source), key, event.id, not event.id, *rows.keys(event)), rows.record(event), words


def _text(data: bytes, piece: Piece) -> str:
    return data[piece.start : piece.end].decode()


# ----------------------------------------------------------------------------------------------------------- processes


def whole(data: bytes) -> Iterator[Ready]:
    """All of a text as segments. Raises Irregular, and NotToml for what is not UTF-8."""
    at, line = 0, 1
    if len(data) >= _LARGE and _processes() > 1 and hasattr(os, "fork"):
        for share in _by_processes(data):
            if share is None:  # to be read in one go, from here on
                break
            yield from share
            at += sum(segment.length for segment in share)
            line += sum(segment.lines for segment in share)
    start = max(at, document.body_start(data))
    if start < len(data):
        yield from segments(data, at, len(data), document.pieces(data, start, line=line))


def _processes() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _by_processes(data: bytes) -> Iterator[list[Ready] | None]:
    """The text share by share; None where a share cannot be read by itself, or processes cannot be had."""
    shares = list(_shares(data))
    count = min(_processes(), 8, len(shares))
    sys.stdout.flush()  # or every process would have what is not written yet
    workers: list[tuple[int, BinaryIO]] = []
    try:
        for n in range(count):
            workers.append(_started(data, shares[n::count]))
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


def _started(data: bytes, shares: list[tuple[int, int]]) -> tuple[int, BinaryIO]:
    """A process that reads some shares of the text: its number, and where it writes what it read, pickled."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        _serve(data, shares, theirs)
    os.close(theirs)
    return process, open(ours, "rb")


def _serve(data: bytes, shares: list[tuple[int, int]], pipe: int) -> NoReturn:
    """What such a process does. It says nothing and stops when nobody reads any more."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        with open(pipe, "wb") as answers:
            for start, end in shares:
                pickle.dump(_share(data, start, end), answers, pickle.HIGHEST_PROTOCOL)
                answers.flush()
    finally:
        os._exit(0)


def _shares(data: bytes) -> Iterator[tuple[int, int]]:
    """Stretches of the text that begin, as far as can be seen, where an event does."""
    start = 0
    while start < len(data):
        header = data.find(b"\n[[event]]", start + _SHARE) + 1
        end = document.with_comments(data, header, start) if header else len(data)
        yield start, end
        start = end


def _share(data: bytes, start: int, end: int) -> list[Ready] | None:
    """A stretch of the text as segments; None where it is not a whole number of regular pieces."""
    try:
        pieces = list(document.pieces(data, max(start, document.body_start(data)), end))
        if any(piece.problem for piece in pieces):  # perhaps it begins or ends inside of a text
            return None
        return list(segments(data, start, end, pieces))
    except (Irregular, document.NotToml):
        return None
