"""A registry's text in its usual order: what is no event, then the events, newest first, their keys as ilocal has them.

Every key, table and comment keeps its text; order and blank lines alone change. A comment goes with what it stands
above, be it an event, a key or a table; one right below an event or a table, with a blank line after it, stays there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import NamedTuple

from ilocal.errors import RegistryError
from ilocal.i18n.messages import _
from ilocal.model.dates import sort_number
from ilocal.model.fields import OVERRIDDEN
from ilocal.storage.loader import Registry, Source, loaded
from ilocal.storage.toml.document import Document, NotToml, Piece, Table, body_start, newline_of, read
from ilocal.storage.toml.event_editor import same
from ilocal.storage.toml.event_writer import KEYS
from ilocal.storage.toml.scanner import Statement, comments, header_names, statements

# The tables of an event in their order, and the keys of each in theirs; other tables follow as they stand.
_TABLES = {
    "section": ("heading", "body"),
    "translations": ("title", "description"),
    "override": ("recurrence_id", *OVERRIDDEN),
}
_OURS = {"registry", "aliases"}  # tables beside the events, of which a file of a registry may have one alone
_NAMES = {"sections": "section", "overrides": "override"}


def laid_out(file: str, data: bytes) -> bytes:
    """The text of a file of a registry in its usual order; itself, where it is so already.

    Raises RegistryError where the text is that of no registry, cannot be cut, has two events with one id, or would not
    say the same.
    """
    try:
        found = read(data)
    except NotToml as error:
        raise error.of(file) from None
    registry = loaded([Source(file, found)])
    # Which of two events with one id is seen depends on their order.
    wrong = [one for one in registry.problems if one.code in ("not-toml", "duplicate-id")]
    if wrong:
        raise RegistryError(wrong[0].at(file), hint=_("mend that first; nothing was changed"))
    if found.locked:
        raise RegistryError(
            _("{file}: cannot be cut: {locked}", file=file, locked=found.locked),
            hint=_("write each event as an [[event]] block"),
        )
    if found.head and not found.head.keys() & _OURS and not any(piece.is_event for piece in found.pieces):
        raise RegistryError(
            _("{file}: no registry, as it has neither [[event]] nor [registry]; nothing was changed", file=file),
            hint=_("name the file or folder that is meant"),
        )
    parts = _ordered(_parts(found), registry)
    new = _text(found, parts)
    _prove(file, registry, [one.piece.table for one in parts.events], new)
    return new


# ---------------------------------------------------------------------------------------------------------------- text


class _Block(NamedTuple):
    """An event: its piece, comments that stand apart above it, and its own lines."""

    piece: Piece
    above: str
    own: Sequence[Statement]


@dataclass
class _Parts:
    """What a text falls into."""

    others: list[str] = field(default_factory=list)  # what is no event, as far as it stands together
    events: list[_Block] = field(default_factory=list)
    end: str = ""  # comments below the last event


def _parts(found: Document) -> _Parts:
    parts = _Parts()
    newline = newline_of(found.data)
    above, is_together = "", False
    for piece, after in zip_longest(found.pieces, found.pieces[1:]):
        text = found.text(piece)
        if piece.is_event:
            lines = statements(_ended(text, newline))
            own = _own(lines, is_before_other=after is not None and not after.is_event)
            parts.events.append(_Block(piece, _trimmed(above), lines[:own]))
            above, is_together = "".join(line.text for line in lines[own:]), False
        elif is_together:
            parts.others[-1] += text
        else:
            parts.others.append(above + text)
            above, is_together = "", True
    parts.others = [trimmed for one in parts.others if (trimmed := _trimmed(one))]
    parts.end = _trimmed(above)
    return parts


def _own(lines: Sequence[Statement], *, is_before_other: bool) -> int:
    """How many of its lines are an event's own: comments after it may stand above something else."""
    end = max(n for n, line in enumerate(lines) if line.key is not None or line.is_header) + 1
    blank = next((n for n in range(end, len(lines)) if not lines[n].text.strip()), None)
    return (end if is_before_other else len(lines)) if blank is None else blank


def _ordered(parts: _Parts, registry: Registry) -> _Parts:
    """The newest first, those of the same day as they stand, those without a date last."""
    starts = {registry.origins[id].piece.start: event.start for id, event in registry.events.items()}

    def number(block: _Block) -> int:
        start = starts.get(block.piece.start)  # None where the event is not valid
        return -1 if start is None else sort_number(start)

    return replace(parts, events=sorted(parts.events, key=number, reverse=True))


def _text(found: Document, parts: _Parts) -> bytes:
    newline = newline_of(found.data)
    paragraphs = [*parts.others]
    for _piece, above, own in parts.events:
        is_first = not paragraphs and not above
        block = _written(own, newline)
        # A comment at the top of a file would not belong to its event.
        paragraphs += [above, newline + block if is_first and not own[0].is_header else block]
    paragraphs.append(parts.end)
    text = newline.join(_ended(one, newline) for one in paragraphs if one)
    if not found.data.endswith(b"\n"):
        text = text.removesuffix("\n").removesuffix("\r")
    return found.data[: body_start(found.data)] + text.encode()


def _trimmed(text: str) -> str:
    """A text without the blank lines at its beginning and its end."""
    lines = re.findall("[^\n]*\n|[^\n]+", text)
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


def _written(lines: Iterable[Statement], newline: str) -> str:
    """An event's lines with its keys and tables in their order."""
    first, *others = _chunks(lines)
    return newline.join(map(_table, [first, *sorted(others, key=_rank)]))


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


def _table(chunk: _Chunk) -> str:
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


def _prove(file: str, before: Registry, tables: Sequence[Table | None], new: bytes) -> None:
    """Raise RegistryError unless the new text has these tables of events, and all else that the old one had."""
    try:
        after = loaded([Source(file, read(new))])
    except NotToml:
        raise _refusal(file) from None
    old, found = before.sources[0].document, after.sources[0].document
    if (
        found.locked
        or not same(tables, [piece.table for piece in found.pieces if piece.is_event])
        or not same(old.head, found.head)
        or not same(_by_id(before), _by_id(after))
        or _comments(old) != _comments(found)
    ):
        raise _refusal(file)


def _by_id(registry: Registry) -> dict[str, Table | None]:
    """The events as they are called: some have no id of their own, and get one by what stands before them."""
    return {id: origin.piece.table for id, origin in registry.origins.items()}


def _comments(found: Document) -> Counter[str]:
    texts = (found.text(piece) for piece in found.pieces)
    return Counter(one.group().rstrip("\r") for text in texts if "#" in text for one in comments(text))


def _refusal(file: str) -> RegistryError:
    return RegistryError(
        _("{file}: in another order it would not say the same; nothing was changed", file=file),
        hint=_("give each event an id, and write its keys one a line"),
    )
