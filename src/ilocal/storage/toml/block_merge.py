"""Merge of two texts of one event, by statement and table, with the same result as `model.merge`."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from ilocal.errors import InvalidEventError
from ilocal.model.dates import format_iso_date
from ilocal.model.diff3 import merge_text_lines
from ilocal.model.event import Event
from ilocal.model.fields import FIELD_NAMES, FIELDS_BY_NAME, TABLE_FIELDS, TOML_NAMES_BY_FIELD
from ilocal.model.merge import (
    DATE_GROUP,
    MergeConflict,
    MergeResult,
    is_same_event,
    merge_events,
    merge_order_of_event_keys,
)
from ilocal.model.serialization import event_from_dict
from ilocal.storage.toml.document import parse_event_table
from ilocal.storage.toml.event_writer import build_toml_override_tables, build_toml_section_tables
from ilocal.storage.toml.scanner import parse_toml_table_header, split_toml_lines
from ilocal.storage.toml.table_merge import (
    EMPTY_TABLE,
    ConflictRegion,
    MergedText,
    NotMergeable,
    TableText,
    TableValues,
    choose_side_of_toml_conflicts,
    merge_toml_tables,
    split_table_texts,
)


class EventText(NamedTuple):
    """An event and its text, each line of which ends in a line feed."""

    text: str
    event: Event


def merge_toml_event_blocks(base: EventText | None, ours: EventText, theirs: EventText) -> MergedText:
    """Return the merge of two texts of an event. Where statements conflict, it has a region with those of both sides.

    The result is verified: with either side of its conflicts it means the event that `merge_events` returns.
    """
    results = [
        merge_events(base and base.event, ours.event, theirs.event, prefer="ours"),
        merge_events(base and base.event, ours.event, theirs.event, prefer="theirs"),
    ]
    try:
        parts = _BlockMerger(base, ours, theirs, results[0]).merge()
        if _is_proved(parts, results):
            return parts
    except NotMergeable:
        pass
    text = merge_text_lines(base.text if base else "", ours.text, theirs.text)
    if text is not None and not results[0].conflicts and _is_proved([text], results):
        return [text]
    return _narrow_toml_conflict(ours.text, theirs.text)


def _narrow_toml_conflict(ours: str, theirs: str) -> MergedText:
    """Return a conflict region without the first lines that both sides have in common."""
    mine, other = split_toml_lines(ours), split_toml_lines(theirs)
    first = next((n for n, pair in enumerate(zip(mine, other, strict=False)) if pair[0] != pair[1]), 0)
    return ["".join(mine[:first]), ConflictRegion("".join(mine[first:]), "".join(other[first:]))]


def _is_proved(parts: MergedText, results: list[MergeResult]) -> bool:
    """Return whether a merged text has the expected meaning, with either side of its conflicts."""
    has_conflict = any(isinstance(part, ConflictRegion) for part in parts)
    if has_conflict != bool(results[0].conflicts):
        return False
    sides: tuple[Any, ...] = ("ours", "theirs") if has_conflict else ("ours",)
    return all(
        _is_toml_of_event(choose_side_of_toml_conflicts(parts, side), result.event)
        for side, result in zip(sides, results, strict=False)
    )


def _is_toml_of_event(text: str, expected: Event) -> bool:
    try:
        return is_same_event(event_from_dict(parse_event_table(text.encode())), expected)
    except (ValueError, InvalidEventError):
        return False


_Key = tuple[Hashable, ...]
_MAIN: _Key = ("event",)


class _BlockSide(NamedTuple):
    """The tables of one side and their values, by key."""

    tables: Mapping[_Key, TableText]
    values: Mapping[_Key, Mapping[str, Any]]


class _BlockMerger:
    """A merge of the tables of one event."""

    def __init__(self, base: EventText | None, ours: EventText, theirs: EventText, result: MergeResult) -> None:
        self._base = _split_block(base) if base else _BlockSide({}, {})
        self._ours, self._theirs = _split_block(ours), _split_block(theirs)
        self._merged = _list_table_values(result.event)
        self._conflicts = result.conflicts

    def merge(self) -> MergedText:
        """Merge table by table. Raises NotMergeable."""
        sides = (self._base, self._ours, self._theirs)
        every = {**self._ours.tables, **self._theirs.tables}
        parts: MergedText = []
        is_done = False
        for key in merge_order_of_event_keys(
            list(sides[0].tables), list(sides[1].tables), list(sides[2].tables), every
        ):
            if key[0] == "override" and self._has_whole_conflict():
                parts += [] if is_done else [self._make_override_region()]
                is_done = True
            else:
                parts += self._merge_table(key)
        return parts

    def _has_whole_conflict(self) -> bool:
        return any("overrides" in one.fields and not one.part for one in self._conflicts)

    def _make_override_region(self) -> ConflictRegion | str:
        texts = [
            "".join(table.format() for key, table in side.tables.items() if key[0] == "override")
            for side in (self._ours, self._theirs)
        ]
        return ConflictRegion(*texts) if texts[0] != texts[1] else texts[0]

    def _merge_table(self, key: _Key) -> MergedText:
        base, ours, theirs = (side.tables.get(key) for side in (self._base, self._ours, self._theirs))
        texts = [table.format() if table else "" for table in (base, ours, theirs)]
        conflicts = [one for one in self._conflicts if _is_conflict_in_toml_table(one, key)]
        is_opaque = key[0] == "table"
        if (ours is None or theirs is None or is_opaque) and conflicts:
            return [ConflictRegion(texts[1], texts[2])]
        if ours is None or theirs is None:
            is_kept = key in self._merged or (is_opaque and (base is None or texts[0] not in texts[1:]))
            return [texts[1] or texts[2]] if is_kept else []
        if is_opaque:
            return [_merge_whole_toml_texts(texts)]
        values = TableValues(
            self._base.values.get(key, {}),
            self._ours.values.get(key, {}),
            self._theirs.values.get(key, {}),
            self._merged.get(key, {}),
            [keys for one in conflicts for keys in _list_toml_keys_in_conflict(one, key, ours, theirs)],
        )
        return merge_toml_tables(base or EMPTY_TABLE, ours, theirs, values)


def _merge_whole_toml_texts(texts: list[str]) -> str:
    base, ours, theirs = texts
    merged = merge_text_lines(base, ours, theirs)
    if merged is None:
        raise NotMergeable
    return merged


def _split_block(side: EventText) -> _BlockSide:
    """Return the tables of a text by key. Raises NotMergeable if they do not match its event."""
    tables: dict[_Key, TableText] = {}
    expected = _list_table_values(side.event)
    by_kind = {kind: iter([key for key in expected if key[0] == kind]) for kind in ("section", "override")}
    last: tuple[str, ...] = ()
    for table in split_table_texts(side.text):
        path = tuple(parse_toml_table_header(table.header.text)) if table.header.text else ()
        kind = path[1] if len(path) > 1 else ""
        key: _Key = ("table", *path[1:])
        if path == ("event",):
            key = _MAIN
        elif len(path) == 2 and kind in by_kind:
            key = next(by_kind[kind], key)
        elif len(path) == 3 and kind == "translations":
            key = ("translations", path[2])
        elif last and path[: len(last)] == last and len(path) > 2 and kind in by_kind:
            key = ("table", *next(reversed(tables)), *path[2:])
        if key in tables or (not tables and key != _MAIN):
            raise NotMergeable
        tables[key] = table
        last = path if len(path) == 2 else last
    return _BlockSide(tables, expected)


def _list_table_values(event: Event) -> dict[_Key, Mapping[str, Any]]:
    """Return the values of each table of an event, by the key of the table."""
    main = {
        name: getattr(event, name)
        for name in FIELD_NAMES
        if name not in TABLE_FIELDS and getattr(event, name) != FIELDS_BY_NAME[name].empty_value
    }
    found: dict[_Key, Mapping[str, Any]] = {_MAIN: {**main, **event.extra}}
    for kind, tables in (
        ("section", build_toml_section_tables(event)),
        ("override", build_toml_override_tables(event)),
    ):
        counts: dict[str, int] = {}
        for known, extra in tables:
            name = str(known["heading" if kind == "section" else "recurrence_id"])
            if kind == "override":
                name = format_iso_date(known["recurrence_id"])
            counts[name] = counts.get(name, 0) + 1
            found[kind, name, counts[name]] = {**known, **extra}
    for one in event.translations:
        texts = {"title": one.title, "description": one.description}
        found["translations", one.language] = {**{key: text for key, text in texts.items() if text}, **one.extra}
    return found


def _is_conflict_in_toml_table(conflict: MergeConflict, key: _Key) -> bool:
    """Return whether a conflict is in a table."""
    if key == _MAIN:
        return not conflict.part or conflict.fields == ("extra",)
    if key[0] == "table":
        return conflict.fields == ("extra",) and conflict.part == key[1]
    field = {"section": "sections", "override": "overrides"}.get(str(key[0]), str(key[0]))
    return conflict.fields == (field,) and conflict.part == key[1]


def _list_toml_keys_in_conflict(
    conflict: MergeConflict, key: _Key, ours: TableText, theirs: TableText
) -> list[tuple[str, ...]]:
    """Return the groups of keys in a table that a conflict involves, as far as they occur in its text."""
    if key == _MAIN:
        names = (conflict.part,) if conflict.fields == ("extra",) else conflict.fields
        names = tuple(name for name in names if name not in TOML_NAMES_BY_FIELD)
        groups = [names]
    else:
        if key[0] in ("section", "override") and key[2] != 1:
            raise NotMergeable
        names = tuple({**conflict.ours, **conflict.theirs})
        dates = tuple(name for name in names if name in DATE_GROUP)
        groups = [dates, *((name,) for name in names if name not in DATE_GROUP)]
    present = {**ours.units, **theirs.units}
    return [found for group in groups if (found := tuple(name for name in group if name in present))]
