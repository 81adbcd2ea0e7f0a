"""The statements of one TOML table merged: each keeps its text and its comments, from the side that changed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ilocal.model.diff3 import merge_text_lines
from ilocal.model.merge import Side, is_same_value, merge_lists, merge_order_of_event_keys
from ilocal.storage.toml.event_editor import replace_toml_value
from ilocal.storage.toml.scanner import TomlStatement, find_toml_comments, split_toml_lines, split_toml_statements


class NotMergeable(Exception):
    """A text whose statements cannot be separated or merged."""


class ConflictRegion(NamedTuple):
    """A part of a merged text in which the two sides differ."""

    ours: str
    theirs: str


MergedText = list[str | ConflictRegion]


def choose_side_of_toml_conflicts(parts: Iterable[str | ConflictRegion], side: Side) -> str:
    """Return a merged text with one side of each conflict."""
    return "".join(part if isinstance(part, str) else getattr(part, side) for part in parts)


class _Unit(NamedTuple):
    """A statement, with the comments and blank lines above it."""

    lead: str
    text: str


@dataclass
class TableText:
    """A table of a block as text: its header, its keys, and the comments and the tables inside of it that follow."""

    header: _Unit
    units: dict[str, _Unit] = field(default_factory=dict)
    tail: str = ""

    def format(self) -> str:
        """Return the text of the table."""
        return "".join([*self.header, *(part for unit in self.units.values() for part in unit), self.tail])


EMPTY_TABLE = TableText(_Unit("", ""))


def split_table_texts(block: str) -> list[TableText]:
    """Return the tables of a block; keys before the first header form a table without one.

    Raises NotMergeable for a key that occurs in several statements, as with dotted keys.
    """
    tables: list[TableText] = []
    waiting = ""
    for statement in split_toml_statements(block):
        if statement.is_header:
            tables.append(TableText(_Unit(waiting, statement.text)))
        elif statement.key is None:
            waiting += statement.text
            continue
        else:
            if not tables:
                tables.append(TableText(_Unit("", "")))
            if statement.key in tables[-1].units:
                raise NotMergeable
            tables[-1].units[statement.key] = _Unit(waiting, statement.text)
        waiting = ""
    if waiting:
        tables = tables or [TableText(_Unit("", ""))]
        tables[-1].tail = waiting
    return tables


class TableValues(NamedTuple):
    """The values of a table on each side and merged, and the groups of keys that conflict.

    Where keys conflict, `merged` has our values.
    """

    base: Mapping[str, Any]
    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]
    merged: Mapping[str, Any]
    conflicts: Sequence[tuple[str, ...]] = ()


def merge_toml_tables(base: TableText, ours: TableText, theirs: TableText, values: TableValues) -> MergedText:
    """Merge three texts of a table. Raises NotMergeable."""
    group_by_key = {key: group for group in values.conflicts for key in group}
    order = merge_order_of_event_keys(
        list(base.units), list(ours.units), list(theirs.units), {**ours.units, **theirs.units}
    )
    parts: MergedText = [_merge_toml_comments(base.header.lead, ours.header.lead, theirs.header.lead)]
    parts.append(_merge_toml_header(base, ours, theirs))
    done: set[str] = set()
    for key in order:
        if key in done:
            continue
        if key in group_by_key:
            done |= {*group_by_key[key]}
            parts += _make_toml_conflict(group_by_key[key], ours, theirs)
        else:
            parts.append(_merge_toml_statement(key, [side.units.get(key) for side in (base, ours, theirs)], values))
    parts.append(_merge_toml_comments(base.tail, ours.tail, theirs.tail))
    return parts


def _merge_toml_header(base: TableText, ours: TableText, theirs: TableText) -> str:
    if base.header.text == ours.header.text:
        return theirs.header.text or ours.header.text
    return ours.header.text or theirs.header.text


def _merge_toml_comments(base: str, ours: str, theirs: str) -> str:
    """Comment lines of both sides; where they changed the same ones, those of both."""
    merged = merge_text_lines(base, ours, theirs)
    if merged is not None:
        return merged
    mine = split_toml_lines(ours)
    return ours + "".join(line for line in split_toml_lines(theirs) if line not in mine)


def _make_toml_conflict(keys: Sequence[str], ours: TableText, theirs: TableText) -> MergedText:
    """Return a conflict region with the statements of keys; comments that both sides have go above it."""
    found = [[table.units[key] for key in table.units if key in keys] for table in (ours, theirs)]
    if len(found[0]) == len(found[1]) == 1 and found[0][0].lead == found[1][0].lead:
        return [found[0][0].lead, ConflictRegion(found[0][0].text, found[1][0].text)]
    region = ConflictRegion(*("".join(unit.lead + unit.text for unit in units) for units in found))
    return [region] if region.ours != region.theirs else [region.ours]


_SideUnits = Sequence[_Unit | None]


_ABSENT = object()


def _merge_toml_statement(key: str, sides: _SideUnits, values: TableValues) -> str:
    """Return the text of a statement with the merged value, from the side that changed it; "" if it is removed."""
    base, ours, theirs = sides
    merged = values.merged.get(key, _ABSENT)
    is_mine, is_other = (is_same_value(side.get(key, _ABSENT), merged) for side in (values.ours, values.theirs))
    if (is_mine and theirs in (base, ours)) or (is_other and ours == base):  # one side alone changed the text
        return "".join((ours if theirs in (base, ours) else theirs) or ())
    if merged is _ABSENT:
        return _keep_new_toml_comments(sides)
    if ours is None or theirs is None:
        only = ours or theirs
        if only is None:
            raise NotMergeable
        return only.lead + (only.text if (is_mine if ours else is_other) else _replace_toml_value(key, only, merged))
    before = base or _Unit("", "")
    lead = _merge_toml_comments(before.lead, ours.lead, theirs.lead)
    if is_mine and (not is_other or theirs.text in (before.text, ours.text)):
        text, other = ours.text, theirs
    elif is_other and (not is_mine or ours.text == before.text):
        text, other = theirs.text, ours
    else:
        text, other = ours.text if is_mine else _replace_toml_value(key, ours, merged), theirs
    return lead + _list_new_toml_comments(other.text, before.text + text) + text


def _replace_toml_value(key: str, unit: _Unit, value: Any) -> str:
    if isinstance(value, Mapping) or (isinstance(value, (list, tuple)) and any(isinstance(v, Mapping) for v in value)):
        raise NotMergeable
    return replace_toml_value(TomlStatement(unit.text, key), value).text


def _keep_new_toml_comments(sides: _SideUnits) -> str:
    """Return comments that one side added to a statement which the other removed."""
    before = "".join(sides[0] or ())
    return "".join(_list_new_toml_comments("".join(side), before) for side in sides[1:] if side)


def _list_new_toml_comments(text: str, known: str) -> str:
    """Return the comments of a statement that another text lacks, each on its own line."""
    if "#" not in text or text in known:
        return ""
    have = {found.group().rstrip() for found in find_toml_comments(known)}
    new = [found.group().rstrip() for found in find_toml_comments(text)]
    return "".join(f"{comment}\n" for comment in new if comment not in have)


def merge_toml_values(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    """Return the merge of a table other than an event, key by key (our values in conflicts), and the conflicts."""
    merged: dict[str, Any] = {}
    conflicts: list[tuple[str, ...]] = []
    for key in {**ours, **theirs}:
        old, mine, other = (side.get(key, _ABSENT) for side in (base, ours, theirs))
        if is_same_value(old, mine):
            value = other
        elif is_same_value(mine, other) or is_same_value(old, other):
            value = mine
        elif isinstance(mine, list) and isinstance(other, list):
            value = list(merge_lists(old if isinstance(old, list) else (), mine, other))
        else:
            value = mine
            conflicts.append((key,))
        if value is not _ABSENT:
            merged[key] = value
    return merged, conflicts
