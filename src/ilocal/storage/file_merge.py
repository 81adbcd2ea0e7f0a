"""Merge of two versions of a registry file: event by event, in order, including the comments between events.

Events are identified by id, other tables by header. Text that only one side changed is taken byte by byte; only events
that both sides changed are merged inside. The result is verified before it is returned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from ilocal.errors import InvalidEventError
from ilocal.model.event import Event, can_overlap
from ilocal.model.merge import merge_order_of_event_keys
from ilocal.model.serialization import event_from_dict
from ilocal.storage.toml.block_merge import EventText, merge_toml_event_blocks
from ilocal.storage.toml.conflict_markers import (
    ConflictMarkers,
    drop_conflicts_from_toml,
    write_conflict_markers_in_toml,
)
from ilocal.storage.toml.document import (
    NotSplittable,
    TextBlock,
    TomlSyntaxError,
    TomlTable,
    parse_metadata_tables,
    skip_bom,
    split_blocks,
)
from ilocal.storage.toml.event_editor import is_same_toml_value, update_event_block
from ilocal.storage.toml.scanner import split_toml_lines, split_toml_statements
from ilocal.storage.toml.table_merge import (
    EMPTY_TABLE,
    ConflictRegion,
    MergedText,
    NotMergeable,
    TableValues,
    choose_side_of_toml_conflicts,
    merge_toml_tables,
    merge_toml_values,
    split_table_texts,
)
from ilocal.storage.toml.tables import parse_toml_table


class FileMerge(NamedTuple):
    """A merged file, and a summary for the user."""

    data: bytes
    conflict_count: int  # regions between markers
    renamed_ids: Sequence[tuple[str, str]]  # of events that both sides added with one id: theirs, before and after


def merge_toml_files(base: bytes, ours: bytes, theirs: bytes, markers: ConflictMarkers) -> FileMerge:
    """Return the merge of two versions of a file.

    Raises NotMergeable if a version is not a registry or contains conflict markers, or if the result cannot be
    verified.
    """
    tables: dict[bytes, TomlTable] = {}
    sides = [
        _split_toml_side(drop_conflicts_from_toml(base), tables, is_base=True),
        _split_toml_side(ours, tables),
        _split_toml_side(theirs, tables),
    ]
    renamed = _rename_events_in_toml_of_theirs(*sides)
    style = _TextStyle(*(_pick_toml_side(*values) for values in zip(*(side.style for side in sides), strict=True)))
    items = _FileMerger(sides[0], sides[1], sides[2], has_lead=bool(style.lead)).merge()
    if items and items[0].starts_with_own_comment() and not style.lead:
        style = style._replace(lead="\n")  # a comment at the very top would belong to the file
    parts = _join_toml_texts(part for item in items for part in (*item.parts, item.gap))
    for side in ("ours", "theirs") if any(isinstance(part, ConflictRegion) for part in parts) else ("ours",):
        text = style.lead + choose_side_of_toml_conflicts(parts, side)
        _verify_merged_toml_file(text, [choose_side_of_toml_conflicts(item.parts, side) for item in items], tables)
    data = style.apply(write_conflict_markers_in_toml(parts, markers))
    return FileMerge(data, sum(isinstance(part, ConflictRegion) for part in parts), renamed)


_T = TypeVar("_T")


def _pick_toml_side(base: _T, ours: _T, theirs: _T) -> _T:
    """Return the value of the side that changed it; ours if both did."""
    return theirs if base == ours else ours


# ---------------------------------------------------------------------------------------------------------------- split


class _TextStyle(NamedTuple):
    """The style of a text outside its items."""

    bom: bytes
    newline: str
    lead: str  # blank lines at the top
    end: str  # line feeds at the end

    def apply(self, text: str) -> bytes:
        """Return the content of a file with this text, which ends in one line feed."""
        whole = self.lead + text.removesuffix("\n") + self.end
        return self.bom + whole.replace("\n", self.newline).encode()


_ItemKey = tuple[str, str, int]


class _Item(NamedTuple):
    """A part of a file that is merged separately: an event, another table, or a comment between blank lines."""

    key: _ItemKey
    text: str  # ends in one line feed
    table: TomlTable | None = None


@dataclass
class _FileSide:
    """One version of a file."""

    style: _TextStyle
    items: dict[_ItemKey, _Item] = field(default_factory=dict)
    gaps: dict[tuple[_ItemKey, _ItemKey], str] = field(default_factory=dict)  # blank lines between two items
    other_texts: list[bytes] = field(default_factory=list)  # blocks other than events

    def list_ids(self) -> set[str]:
        return {key[1] for key in self.items if key[0] == "event"}


def _split_toml_side(data: bytes, tables: dict[bytes, TomlTable], *, is_base: bool = False) -> _FileSide:
    """Cut a version of a file into items. `tables` are those of events that were read before, by their digests."""
    bom, data = data[: skip_bom(data)], data[skip_bom(data) :]
    newline = "\n"
    if b"\r\n" in data and data.count(b"\r\n") == data.count(b"\n"):
        data, newline = data.replace(b"\r\n", b"\n"), "\r\n"
    stripped = data.rstrip(b"\n")
    lead = len(stripped) - len(stripped.lstrip(b"\n"))
    side = _FileSide(_TextStyle(bom, newline, "\n" * lead, "\n" * (len(data) - len(stripped))))
    data = stripped + b"\n" if stripped else b""
    counts: Counter[tuple[str, str]] = Counter()
    before: _ItemKey | None = None
    gap = ""
    try:
        for block in split_blocks(data, known_digests=tables):
            if block.diagnostic and is_base:
                continue
            if not block.is_event:
                side.other_texts.append(data[block.start : block.end])
            for text, blank in _split_block_items(data[block.start : block.end].decode()):
                item = _make_toml_item(text, block, tables, counts)
                side.items[item.key] = item
                if before is not None:
                    side.gaps[before, item.key] = gap
                before, gap = item.key, blank
    except TomlSyntaxError:
        raise NotMergeable from None
    return side


def _split_block_items(text: str) -> list[tuple[str, str]]:
    """Return a block without the separate comments below it, and each of those; each with the blank lines after it."""
    body = text.rstrip("\n")
    if not body:
        return []
    if not body[body.rfind("\n") + 1 :].lstrip().startswith("#"):
        return [(body + "\n", text[len(body) + 1 :])]
    lines = split_toml_statements(text)
    own = max((n for n, line in enumerate(lines) if line.key is not None or line.is_header), default=-1) + 1
    if own:
        own = next((n for n in range(own, len(lines)) if not lines[n].text.strip()), len(lines))
    chunks = ["".join(line.text for line in lines[:own])] if own else []
    rest = "".join(line.text for line in lines[own:])
    for line in split_toml_lines(rest):
        if line.strip() and (not chunks or chunks[-1].endswith("\n\n")):
            chunks.append(line)
        elif chunks:
            chunks[-1] += line if line.strip() else "\n"
    found = []
    for chunk in chunks:
        body = chunk.rstrip("\n")
        found.append((body + "\n", chunk[len(body) + 1 :]))
    return found


def _is_comment(text: str) -> bool:
    return text.startswith(("#", " ", "\t")) and all(
        not line.strip() or line.lstrip().startswith("#") for line in text.split("\n")
    )


def _make_toml_item(
    text: str, block: TextBlock, tables: dict[bytes, TomlTable], counts: Counter[tuple[str, str]]
) -> _Item:
    table: TomlTable | None = None
    if block.diagnostic:
        raise NotMergeable
    if _is_comment(text):
        name = ("comment", text)
    elif block.is_event:
        table = block.table or tables.get(block.digest)
        if table is None:
            raise NotMergeable
        tables[block.digest] = table
        id = table.get("id")
        name = (
            ("event", id) if isinstance(id, str) and id else ("nameless", f"{table.get('title')} {table.get('start')}")
        )
    else:
        header = next((line for line in text.split("\n") if line.lstrip().startswith("[")), "")
        name = ("table", header.partition("#")[0].strip())
    counts[name] += 1
    return _Item((*name, counts[name]), text, table)


# ---------------------------------------------------------------------------------------------------------------- merge


def _rename_events_in_toml_of_theirs(base: _FileSide, ours: _FileSide, theirs: _FileSide) -> list[tuple[str, str]]:
    """Give events that theirs added a new id if we added a different event with the same id."""
    renamed = []
    taken = base.list_ids() | ours.list_ids() | theirs.list_ids()
    for key, item in list(theirs.items.items()):
        if key[0] != "event" or key in base.items or key not in ours.items:
            continue
        one, other = _parse_toml_item(ours.items[key]), _parse_toml_item(item)
        if one.title == other.title and can_overlap(one, other):
            continue
        number = next(n for n in range(2, len(taken) + 3) if f"{key[1]}-{n}" not in taken)
        new = f"{key[1]}-{number}"
        taken.add(new)
        text = update_event_block(item.text, other, replace(other, id=new))
        table = {**(item.table or {}), "id": new}
        _replace_toml_item(theirs, key, _Item(("event", new, 1), text, table))
        renamed.append((key[1], new))
    return renamed


def _replace_toml_item(side: _FileSide, key: _ItemKey, new: _Item) -> None:
    side.items = {new.key if old == key else old: new if old == key else item for old, item in side.items.items()}
    swap: Callable[[_ItemKey], _ItemKey] = lambda one: new.key if one == key else one  # noqa: E731
    side.gaps = {(swap(one), swap(other)): gap for (one, other), gap in side.gaps.items()}


def _parse_toml_item(item: _Item) -> Event:
    """Return the event of an item. Raises NotMergeable if it is not valid."""
    try:
        return event_from_dict(item.table or {})
    except InvalidEventError:
        raise NotMergeable from None


class _MergedItem(NamedTuple):
    """An item as it is merged, and the blank lines below it."""

    kind: str
    parts: MergedText
    gap: str

    def starts_with_own_comment(self) -> bool:
        """Return whether this is an event with a comment directly above it."""
        first = next((part for part in self.parts if part), "")
        return self.kind != "comment" and isinstance(first, str) and first.lstrip().startswith("#")


class _FileMerger:
    """A merge of the items of three versions of a file."""

    def __init__(self, base: _FileSide, ours: _FileSide, theirs: _FileSide, *, has_lead: bool) -> None:
        self._sides = (base, ours, theirs)
        self._has_lead = has_lead  # whether blank lines are at the top

    def merge(self) -> list[_MergedItem]:
        """Return the merged items in their order."""
        base, ours, theirs = (side.items for side in self._sides)
        merged: dict[_ItemKey, MergedText] = {}
        for key in {**ours, **theirs}:
            parts = self._merge_item(base.get(key), ours.get(key), theirs.get(key))
            if any(parts):
                merged[key] = parts
        order = merge_order_of_event_keys(list(base), list(ours), list(theirs), merged)
        usual = Counter(self._sides[1].gaps.values()).most_common(1)
        blank = usual[0][0] if usual else "\n"
        gaps = [
            self._find_gap(*pair, blank, is_at_top=not n and not self._has_lead)
            for n, pair in enumerate(pairwise(order))
        ]
        return [_MergedItem(key[0], merged[key], gap) for key, gap in zip(order, [*gaps, ""], strict=False)]

    def _find_gap(self, key: _ItemKey, after: _ItemKey, usual: str, *, is_at_top: bool) -> str:
        """Return the blank lines between two items as the sides have them, or `usual` if neither has them together."""
        base, ours, theirs = (side.gaps.get((key, after)) for side in self._sides)
        if ours is None or theirs is None:
            found = ours if ours is not None else theirs
            found = (usual or "\n") if found is None else found
        else:
            found = _pick_toml_side(base, ours, theirs) or ""
        # Right above an event a comment belongs to it, but at the top of a file.
        is_apart = key[0] == "comment" and after[0] != "table" and not is_at_top
        return "\n" if is_apart and not found else found

    def _merge_item(self, base: _Item | None, ours: _Item | None, theirs: _Item | None) -> MergedText:
        texts = [item.text if item else "" for item in (base, ours, theirs)]
        if texts[1] == texts[2] or texts[0] == texts[2]:
            return [texts[1]]
        if texts[0] == texts[1]:
            return [texts[2]]
        if ours is None or theirs is None:
            return [ConflictRegion(texts[1], texts[2])]
        if ours.table is None or theirs.table is None:
            return _merge_other_toml_table(*texts)
        old = EventText(base.text, _parse_toml_item(base)) if base is not None and base.table is not None else None
        return merge_toml_event_blocks(
            old, EventText(ours.text, _parse_toml_item(ours)), EventText(theirs.text, _parse_toml_item(theirs))
        )


def _merge_other_toml_table(base: str, ours: str, theirs: str) -> MergedText:
    """Return the merge of a table other than an event, key by key."""
    sides = [split_table_texts(text) for text in (base, ours, theirs)]
    values = [_read_table_values(text) for text in (base, ours, theirs)]
    if len(sides[1]) != 1 or len(sides[2]) != 1 or len(sides[0]) > 1:
        return [ConflictRegion(ours, theirs)]
    merged, conflicts = merge_toml_values(*values)
    parts = merge_toml_tables(
        sides[0][0] if sides[0] else EMPTY_TABLE,
        sides[1][0],
        sides[2][0],
        TableValues(values[0], values[1], values[2], merged, conflicts),
    )
    if not is_same_toml_value(_read_table_values(choose_side_of_toml_conflicts(parts, "ours")), merged):
        return [ConflictRegion(ours, theirs)]
    return parts


def _read_table_values(text: str) -> Mapping[str, Any]:
    """Return the keys of the innermost table of a text with one header. Raises NotMergeable."""
    try:
        values: Any = parse_toml_table(text)
    except ValueError:
        raise NotMergeable from None
    header = next((line for line in text.split("\n") if line.lstrip().startswith("[")), "")
    for _name in range(_count_toml_header_names(header)):
        values = next(iter(values.values()))
        values = values[0] if isinstance(values, list) else values
    return values if isinstance(values, Mapping) else {}


def _count_toml_header_names(header: str) -> int:
    from ilocal.storage.toml.scanner import parse_toml_table_header

    return len(parse_toml_table_header(header)) if header else 0


def _join_toml_texts(parts: Iterable[str | ConflictRegion]) -> MergedText:
    """Return the parts with adjacent texts joined."""
    joined: MergedText = []
    waiting: list[str] = []
    for part in parts:
        if isinstance(part, str):
            waiting.append(part)
            continue
        joined += ["".join(waiting), part]
        waiting = []
    return [*joined, "".join(waiting)]


# ---------------------------------------------------------------------------------------------------------------- proof


def _verify_merged_toml_file(text: str, expected: Sequence[str], tables: Mapping[bytes, TomlTable]) -> None:
    """Raise NotMergeable unless a text is a registry that splits into exactly the merged items."""
    found = _split_toml_side(text.encode(), dict(tables))
    if [item.text for item in found.items.values()] != [one for one in expected if one]:
        raise NotMergeable
    try:
        parse_metadata_tables(found.other_texts)
    except NotSplittable:
        raise NotMergeable from None
