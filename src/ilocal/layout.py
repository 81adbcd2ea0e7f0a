"""A registry's text in its usual order: what is no event, then the events, newest first, their keys as ilocal has them.

Every key, table and comment keeps its text; order and blank lines alone change. A comment goes with what it stands
above, be it an event, a key or a table; one right below an event or a table, with a blank line after it, stays there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ilocal.block import KEYS, Statement, header_names, same, split_tail, statements
from ilocal.dates import sort_number
from ilocal.document import Document, NotToml, Piece, Table, body_start, newline_of, read
from ilocal.errors import RecordError, RegistryError
from ilocal.event import OVERRIDDEN
from ilocal.language import _
from ilocal.plain import from_plain
from ilocal.registry import Source, loaded
from ilocal.scan import comments

# The tables of an event in their order, and the keys of each in theirs; other tables follow as they stand.
_TABLES = {
    "section": ("heading", "body"),
    "translations": ("title", "description"),
    "override": ("recurrence_id", *OVERRIDDEN),
}
_NAMES = {"sections": "section", "overrides": "override"}


def laid_out(file: str, data: bytes) -> bytes:
    """The text of a file of a registry in its usual order; itself, where it is so already.

    Raises RegistryError where the text cannot be cut, has two events with one id, or would not say the same.
    """
    try:
        found = read(data)
    except NotToml as error:
        raise error.of(file) from None
    hint = _("mend that first; nothing was changed")
    broken = next((piece.problem for piece in found.pieces if piece.problem), None)
    if broken:
        raise RegistryError(broken.at(file), hint=hint)
    if found.locked:
        raise RegistryError(
            _("{file}: cannot be cut: {locked}", file=file, locked=found.locked),
            hint=_("write each event as an [[event]] block"),
        )
    twice = next((one for one in loaded([Source(file, found)]).problems if one.code == "duplicate-id"), None)
    if twice:  # which of the two is seen depends on their order
        raise RegistryError(twice.at(file), hint=hint)
    parts = _parts(found)
    new = _text(found, parts)
    _prove(file, found, [piece.table for piece, _above, _own in parts.events], new)
    return new


# ---------------------------------------------------------------------------------------------------------------- text


@dataclass
class _Parts:
    """What a text falls into, in its usual order."""

    others: list[str] = field(default_factory=list)  # what is no event, as far as it stands together
    events: list[tuple[Piece, str, str]] = field(default_factory=list)  # with comments apart above it, and its own text
    end: str = ""  # comments below the last event


def _text(found: Document, parts: _Parts) -> bytes:
    newline = newline_of(found.data)
    paragraphs = [*parts.others]
    for _piece, above, own in parts.events:
        if not paragraphs and not above and own.startswith("#"):
            own = newline + own  # a comment at the top of a file would not belong to its event
        paragraphs += [above, _block(own, newline)] if above else [_block(own, newline)]
    paragraphs.append(parts.end)
    text = newline.join(_ended(one, newline) for one in paragraphs if one)
    if not found.data.endswith(b"\n"):
        text = text.removesuffix("\n").removesuffix("\r")
    return found.data[: body_start(found.data)] + text.encode()


def _parts(found: Document) -> _Parts:
    parts = _Parts()
    above, is_together = "", False
    for n, piece in enumerate(found.pieces):
        text = found.text(piece)
        if piece.is_event:
            own, rest = _without_rest(text, is_before_other=_is_other(found.pieces[n + 1 : n + 2]))
            parts.events.append((piece, _trimmed(above), own))
            above, is_together = rest, False
        elif is_together:
            parts.others[-1] += text
        else:
            parts.others.append(above + text)
            above, is_together = "", True
    parts.others = [trimmed for one in parts.others if (trimmed := _trimmed(one))]
    parts.events = _ordered(parts.events)
    parts.end = _trimmed(above)
    return parts


def _is_other(pieces: Sequence[Piece]) -> bool:
    return any(not piece.is_event for piece in pieces)


def _without_rest(text: str, *, is_before_other: bool) -> tuple[str, str]:
    """An event's own text, and the comments after it that stand above something else."""
    body, tail = split_tail(text)
    lines = tail.splitlines(keepends=True)
    blank = next((n for n, line in enumerate(lines) if not line.strip()), None)
    own = (0 if is_before_other else len(lines)) if blank is None else blank
    return body + "".join(lines[:own]), "".join(lines[own:])


def _ordered(events: Iterable[tuple[Piece, str, str]]) -> list[tuple[Piece, str, str]]:
    """The newest first, those of the same day as they stand, those without a date last."""

    def number(one: tuple[Piece, str, str]) -> int:
        try:
            start = from_plain(one[0].table or {}).start
        except RecordError:
            start = None
        return -1 if start is None else sort_number(start)

    return sorted(events, key=number, reverse=True)


def _trimmed(text: str) -> str:
    """A text without the blank lines at its beginning and its end."""
    lines = text.splitlines(keepends=True)
    kept = [n for n, line in enumerate(lines) if line.strip()]
    return "".join(lines[kept[0] : kept[-1] + 1]) if kept else ""


def _ended(text: str, newline: str) -> str:
    return text if text.endswith("\n") else text + newline


# --------------------------------------------------------------------------------------------------------------- block


@dataclass
class _Chunk:
    """A table of an event, or the event itself: the comments above its header, its keys, the comments below them."""

    head: str = ""
    names: Sequence[str] = ()  # of the table inside the event
    keys: list[tuple[str, str]] = field(default_factory=list)  # each with its comments and its value
    end: str = ""


def _block(text: str, newline: str) -> str:
    """An event's text with its keys and tables in their order."""
    first, *others = _chunks(statements(_ended(text, newline)))
    return newline.join(map(_written, [first, *sorted(others, key=_rank)]))


def _chunks(found: Iterable[Statement]) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    waiting: list[str] = []  # comments and blank lines above what comes next
    for statement in found:
        if statement.is_header:
            below, above = _divided(waiting) if chunks else ([], waiting)
            if chunks:
                chunks[-1].end = _bare(below)
            head = above if not chunks else [line for line in above if line.strip()]
            chunks.append(
                _Chunk(
                    "".join(head) + statement.text,
                    [_NAMES.get(name, name) for name in header_names(statement.text)[1:]],
                )
            )
        elif statement.key is None:
            waiting.append(statement.text)
            continue
        else:
            chunks[-1].keys.append((statement.key, _bare(waiting) + statement.text))
        waiting = []
    chunks[-1].end = _bare(waiting)
    return chunks


def _divided(lines: list[str]) -> tuple[list[str], list[str]]:
    """Comments between two tables: those right below the first one and set off from the second, and the others."""
    blank = next((n for n, line in enumerate(lines) if not line.strip()), 0)
    return lines[:blank], lines[blank:]


def _bare(lines: Iterable[str]) -> str:
    return "".join(line for line in lines if line.strip())


def _rank(chunk: _Chunk) -> int:
    kinds = list(_TABLES)
    return kinds.index(chunk.names[0]) if chunk.names[0] in kinds else len(kinds)


def _written(chunk: _Chunk) -> str:
    order: Sequence[str] = ()
    if not chunk.names:
        order = KEYS
    elif len(chunk.names) == (2 if chunk.names[0] == "translations" else 1):
        order = _TABLES.get(chunk.names[0], ())

    def rank(key: str) -> int:
        """Known keys, then others, then the event's tables, where they are written as values."""
        is_table = not chunk.names and _NAMES.get(key, key) in _TABLES
        return order.index(key) if key in order else len(order) + is_table

    keys = sorted(chunk.keys, key=lambda pair: rank(pair[0]))
    return chunk.head + "".join(text for _key, text in keys) + chunk.end


# --------------------------------------------------------------------------------------------------------------- proof


def _prove(file: str, old: Document, tables: Sequence[Table | None], new: bytes) -> None:
    """Raise RegistryError unless the new text has these tables of events, and all else that the old one had."""
    try:
        found = read(new)
    except NotToml:
        raise _refusal(file) from None
    events = [piece.table for piece in found.pieces if piece.is_event]
    if (
        found.locked
        or not same(tables, events)
        or not same(old.head, found.head)
        or _comments(old) != _comments(found)
        or not same(_by_id(old), _by_id(found))
    ):
        raise _refusal(file)


def _comments(found: Document) -> Counter[str]:
    return Counter(one.group().rstrip() for piece in found.pieces for one in comments(found.text(piece)))


def _by_id(found: Document) -> dict[str, Table | None]:
    """The events as they are called: some have no id of their own, and get one by what stands before them."""
    return {id: origin.piece.table for id, origin in loaded([Source("", found)]).origins.items()}


def _refusal(file: str) -> RegistryError:
    return RegistryError(
        _("{file}: in another order it would not say the same; nothing was changed", file=file),
        hint=_("give each event an id, and write its keys one a line"),
    )
