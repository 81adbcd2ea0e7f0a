"""Three-way merge of events, field by field.

A field that only one side changed is taken from it. Where both changed the same field, lists are merged as sets,
sections by heading, translations by language, long texts by line, and the fields that ilocal sets by rules of their
own; any other field that both changed is a conflict. Fields that only make sense together count as one: the dates with
their time zone, and the rule of a series with its exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any, Literal, NamedTuple, TypeVar

from ilocal.errors import InvalidEventError
from ilocal.model.dates import format_iso_date
from ilocal.model.diff3 import merge_text_lines
from ilocal.model.event import Event, OccurrenceOverride, Section, Translation
from ilocal.model.fields import DATE_LIST_FIELDS, FIELD_NAMES, FIELDS_BY_NAME, LIST_FIELDS

Side = Literal["ours", "theirs"]

DATE_GROUP = ("start", "end", "timezone")
RECURRENCE_GROUP = ("rrule", "rdates", "exdates", "overrides")
_SCHEDULE = (*DATE_GROUP, *RECURRENCE_GROUP)
_INT64_MAX = (1 << 63) - 1


class MergeConflict(NamedTuple):
    """A part that both sides changed to different values."""

    fields: tuple[str, ...]  # one field, or those that go together
    part: str  # of a field with parts: a heading, a language, the beginning of an occurrence, an unknown key; else ""
    base: Mapping[str, Any]  # values by name; empty for an absent part
    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]


class MergeResult(NamedTuple):
    """An event with the changes of both sides; where they conflict it has those of one."""

    event: Event
    conflicts: tuple[MergeConflict, ...]


def merge_events(base: Event | None, ours: Event, theirs: Event, *, prefer: Side = "ours") -> MergeResult:
    """Return the merge of two versions of `base`; if it is None, of an event that both sides have added.

    Where both sides changed a field to different values, the result lists the conflict, and its event has the values of
    the side to `prefer`. The event is always valid.
    """
    here: dict[str, Any] = {"source_file": ours.source_file, "source_line": ours.source_line}
    if base is not None and is_same_event(base, ours):
        return MergeResult(replace(theirs, **here), ())
    if is_same_event(ours, theirs) or (base is not None and is_same_event(base, theirs)):
        return MergeResult(ours, ())
    merger = _EventMerger(prefer, has_base=base is not None)
    records = tuple(_make_merge_record_of_event(event) for event in (base, ours, theirs))
    schedule = [{name: record[name] for name in _SCHEDULE} for record in records]
    values = merger.merge_records(*({k: v for k, v in one.items() if k not in _SCHEDULE} for one in records))
    times = _EventMerger(prefer, has_base=base is not None)
    with_times = times.merge_schedules(*schedule)
    try:
        event = Event(**values, **with_times, **here)
    except InvalidEventError:  # each side's dates are valid with its own rule, and perhaps not with the other's
        times.conflicts = []
        with_times = times.choose(_SCHEDULE, "", *schedule)
        event = Event(**values, **with_times, **here)
    return MergeResult(event, (*times.conflicts, *merger.conflicts))


def is_same_event(one: Event, other: Event) -> bool:
    """Return whether two events are equal, including the type and the time zone of each value."""
    return all(is_same_value(getattr(one, name), getattr(other, name)) for name in (*FIELD_NAMES, "extra"))


def is_same_value(one: Any, other: Any) -> bool:
    """Return whether two values are the same: of one type, times in one zone, and a nan is a nan."""
    if one is other:
        return True
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(is_same_value(value, other[key]) for key, value in one.items())
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(is_same_value, one, other))
    if type(one) is not type(other):
        return False
    if isinstance(one, (Section, Translation, OccurrenceOverride)):
        return is_same_value(_make_merge_record_of_event_part(one), _make_merge_record_of_event_part(other))
    if isinstance(one, (datetime, time)):
        return str(one) == str(other)
    return bool(one == other or (one != one and other != other))  # noqa: PLR0124


def merge_override_lists(
    base: Sequence[OccurrenceOverride],
    ours: Sequence[OccurrenceOverride],
    theirs: Sequence[OccurrenceOverride],
    *,
    prefer: Side,
) -> tuple[OccurrenceOverride, ...]:
    """Return the changed occurrences of a series, merged field by field; where they conflict, those of `prefer`."""
    return _EventMerger(prefer, has_base=True).merge_parts("overrides", base, ours, theirs)


_Key = TypeVar("_Key", bound=Hashable)


def merge_order_of_event_keys(
    base: Sequence[_Key], ours: Sequence[_Key], theirs: Sequence[_Key], kept: Iterable[_Key]
) -> list[_Key]:
    """Return the keys in `kept` in an order that agrees with both sides. Each must be in at least one side.

    The order is ours, unless only theirs differs from the base. A key that only the other side added comes after its
    predecessor there; where both added at one place, ours comes first.
    """
    wanted = set(kept)
    in_ours, in_theirs, in_base = set(ours), set(theirs), set(base)
    common = in_ours & in_theirs & in_base
    orders = [[key for key in keys if key in common] for keys in (base, ours, theirs)]
    is_theirs = orders[0] == orders[1] != orders[2]
    first, second = (theirs, ours) if is_theirs else (ours, theirs)
    in_first, in_second = set(first), set(second)
    followers: dict[_Key | None, list[_Key]] = {}
    before: _Key | None = None
    for key in second:
        if key in in_first and key in wanted:
            before = key
        elif key in wanted:
            followers.setdefault(before, []).append(key)
    merged: list[_Key] = []
    waiting = followers.get(None, [])
    for key in first:
        if key not in wanted:
            continue
        if is_theirs or key in in_second or key in in_base:
            merged += waiting
            waiting = []
        merged.append(key)
        waiting = [*waiting, *followers.get(key, [])]
    return [*merged, *waiting]


# -------------------------------------------------------------------------------------------------------------- records

_Record = Mapping[str, Any]  # values by name; a name may be absent
_PARTS_OF_FIELD: dict[str, Callable[[Any], Hashable]] = {
    "sections": lambda section: section.heading,
    "translations": lambda translation: translation.language,
    "overrides": lambda override: format_iso_date(override.recurrence_id),
}
_LINES_FIELDS = ("summary", "description", "body")


def _make_merge_record_of_event(event: Event | None) -> _Record:
    if event is None:
        return {**{name: FIELDS_BY_NAME[name].empty_value for name in FIELD_NAMES}, "extra": {}}
    return {name: getattr(event, name) for name in (*FIELD_NAMES, "extra")}


def _make_merge_record_of_event_part(part: Section | Translation | OccurrenceOverride) -> _Record:
    """Return the values of a part by name."""
    if isinstance(part, Section):
        return {"heading": part.heading, "body": part.body, "extra": part.extra}
    if isinstance(part, Translation):
        return {"language": part.language, "title": part.title, "description": part.description, "extra": part.extra}
    return {"recurrence_id": part.recurrence_id, **part.values, "extra": part.extra}


def _make_event_part_of_merge_record(field: str, record: _Record) -> Section | Translation | OccurrenceOverride:
    if field == "sections":
        return Section(**record)
    if field == "translations":
        return Translation(**record)
    values = {name: value for name, value in record.items() if name not in ("recurrence_id", "extra")}
    return OccurrenceOverride(record["recurrence_id"], values, record["extra"])


class _EventMerger:
    """A merge of records, with the conflicts that it met."""

    def __init__(self, prefer: Side, *, has_base: bool, field: str = "", part: str = "") -> None:
        self.conflicts: list[MergeConflict] = []
        self._prefer = prefer
        self._has_base = has_base
        self._field, self._part = field, part  # of which all that is merged is a part

    def choose(self, names: Sequence[str], part: str, base: _Record, ours: _Record, theirs: _Record) -> _Record:
        """Note a conflict, of a part if it has a name, and return the values of the side that is preferred."""
        fields = (self._field,) if self._field else ("extra",) if part else tuple(names)
        sides = tuple({name: one[name] for name in names if name in one} for one in (base, ours, theirs))
        self.conflicts.append(MergeConflict(fields, self._part or part, *sides))
        return sides[1 if self._prefer == "ours" else 2]

    def merge_records(self, base: _Record, ours: _Record, theirs: _Record) -> dict[str, Any]:
        """Merge value by value; dates go together, as in an override."""
        merged: dict[str, Any] = {}
        for name in {**ours, **theirs}:
            group = DATE_GROUP if name in DATE_GROUP else (name,)
            if name != next(one for one in group if one in ours or one in theirs):
                continue  # merged with the first of its group
            merged |= self._merge_group(group, base, ours, theirs)
        return merged

    def _merge_group(self, names: Sequence[str], base: _Record, ours: _Record, theirs: _Record) -> _Record:
        """Merge a field, or fields that go together."""
        old, mine, other = ({name: one[name] for name in names if name in one} for one in (base, ours, theirs))
        name = names[0]
        if is_same_value(old, other) or (is_same_value(mine, other) and name != "revision"):
            return mine
        if is_same_value(old, mine):
            return other
        if name in _PARTS_OF_FIELD:
            return {name: self.merge_parts(name, *(one.get(name, ()) for one in (old, mine, other)))}
        if name == "extra":
            return {name: self._merge_extra(*(one.get(name, {}) for one in (old, mine, other)))}
        if name in mine and name in other:
            merge = self._find_value_merger(name)
            value = merge and merge(old.get(name, FIELDS_BY_NAME.get(name, _BODY).empty_value), mine[name], other[name])
            if value is not None:
                return {name: value}
        return self.choose(names, "", base, ours, theirs)

    def _find_value_merger(self, name: str) -> Callable[[Any, Any, Any], Any] | None:
        """Return the function that merges two values of a field, or None; it returns None if they cannot be merged."""
        if name in _LINES_FIELDS:
            return merge_text_lines
        if name in (*LIST_FIELDS, *DATE_LIST_FIELDS):
            return merge_lists
        if name == "revision":
            return partial(_merge_event_revisions, has_base=self._has_base)
        return {"created": _find_oldest_event_value, "updated": _find_newest_event_value}.get(name)

    def merge_parts(
        self, field: str, base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]
    ) -> tuple[Any, ...]:
        """Merge sections, translations or overrides, each with the one of the same key."""
        sides = [_key_event_parts_to_merge(field, parts) for parts in (base, ours, theirs)]
        merged: dict[tuple[Hashable, int], Any] = {}
        for key in {**sides[1], **sides[2]}:
            records = [side.get(key) for side in sides]
            record = self._merge_part(field, str(key[0]), *records)
            if record is not None:
                merged[key] = _make_event_part_of_merge_record(field, record)
        order = merge_order_of_event_keys(list(sides[0]), list(sides[1]), list(sides[2]), merged)
        return tuple(merged[key] for key in order)

    def _merge_part(
        self, field: str, name: str, base: _Record | None, ours: _Record | None, theirs: _Record | None
    ) -> _Record | None:
        """Return the merge of one part; None if it is removed."""
        if is_same_value(ours, theirs) or is_same_value(base, theirs):
            return ours
        if is_same_value(base, ours):
            return theirs
        inner = _EventMerger(self._prefer, has_base=base is not None, field=field, part=name)
        record: _Record | None
        if ours is None or theirs is None:
            names = list({**(ours or {}), **(theirs or {})})
            record = inner.choose(names, name, base or {}, ours or {}, theirs or {}) or None
        else:
            record = inner.merge_records(base or {"extra": {}}, ours, theirs)
        self.conflicts += inner.conflicts
        return record

    def _merge_extra(self, base: _Record, ours: _Record, theirs: _Record) -> _Record:
        """Merge the keys that ilocal does not know; a table among them key by key, unless that conflicts."""
        merged: dict[str, Any] = {}
        for key in {**ours, **theirs}:
            found = [side.get(key, _ABSENT) for side in (base, ours, theirs)]
            value = _merge_unknown_value(*found)
            if value is _CONFLICT:
                merged |= self.choose((key,), key, base, ours, theirs)
            elif value is not _ABSENT:
                merged[key] = value
        return merged

    def merge_schedules(self, base: _Record, ours: _Record, theirs: _Record) -> _Record:
        """Merge the dates of an event, and the rule of a series with its exceptions.

        A rule, and the occurrences that are left out or changed, are those of a start: where one side moved the start
        and the other changed them, that is a conflict.
        """
        anchor = ("start", "timezone")
        is_ambiguous = (
            not _is_event_field_same_on_sides(anchor, ours, theirs)
            and not _is_event_field_same_on_sides(RECURRENCE_GROUP, ours, theirs)
            and any(
                not _is_event_field_same_on_sides(anchor, base, one)
                and not _is_event_field_same_on_sides(RECURRENCE_GROUP, base, other)
                for one, other in ((ours, theirs), (theirs, ours))
            )
        )
        if is_ambiguous:
            return self.choose(_SCHEDULE, "", base, ours, theirs)
        dates = self._merge_group(DATE_GROUP, base, ours, theirs)
        return {**dates, **self._merge_recurrence(base, ours, theirs)}

    def _merge_recurrence(self, base: _Record, ours: _Record, theirs: _Record) -> _Record:
        for one, other in ((theirs, ours), (ours, theirs)):
            if _is_event_field_same_on_sides(RECURRENCE_GROUP, base, one) or _is_event_field_same_on_sides(
                RECURRENCE_GROUP, ours, theirs
            ):
                return {name: other[name] for name in RECURRENCE_GROUP}
        if (
            ours["rrule"] != theirs["rrule"]
            or _is_occurrence_excluded_and_changed(base, ours, theirs)
            or _is_occurrence_excluded_and_changed(base, theirs, ours)
        ):
            return self.choose(RECURRENCE_GROUP, "", base, ours, theirs)
        merged: dict[str, Any] = {}
        for name in RECURRENCE_GROUP:
            merged |= self._merge_group((name,), base, ours, theirs)
        return merged


_ABSENT, _CONFLICT = object(), object()
_BODY = FIELDS_BY_NAME["description"]  # the body of a section is a text like it


def _is_event_field_same_on_sides(names: Iterable[str], one: _Record, other: _Record) -> bool:
    return all(is_same_value(one[name], other[name]) for name in names)


def _key_event_parts_to_merge(field: str, parts: Iterable[Any]) -> dict[tuple[Hashable, int], _Record]:
    """Return the parts by their key and a number, which distinguishes parts with the same key."""
    found: dict[tuple[Hashable, int], _Record] = {}
    counts: dict[Hashable, int] = {}
    for part in parts:
        key = _PARTS_OF_FIELD[field](part)
        counts[key] = counts.get(key, 0) + 1
        found[key, counts[key]] = _make_merge_record_of_event_part(part)
    return found


def _is_occurrence_excluded_and_changed(base: _Record, one: _Record, other: _Record) -> bool:
    """Return whether one side excludes an occurrence that the other has changed."""
    then, now = (_key_event_parts_to_merge("overrides", side["overrides"]) for side in (base, other))
    changed = [str(key[0]) for key, record in now.items() if not is_same_value(then.get(key), record)]
    left_out = [format_iso_date(point) for point in one["exdates"] if point not in base["exdates"]]
    return any(at.startswith(point) for at in changed for point in left_out)


def merge_lists(base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]) -> tuple[Any, ...]:
    """Return our list with the items that theirs added to the base, and without those it removed."""
    kept = tuple(item for item in ours if item in theirs or item not in base)
    return (*kept, *(item for item in dict.fromkeys(theirs) if item not in base and item not in ours))


def _merge_event_revisions(base: int, ours: int, theirs: int, *, has_base: bool) -> int:
    """Return the revision number that counts the changes of both sides."""
    return max(ours, theirs, min(ours + theirs - base, _INT64_MAX) if has_base else 0)


def _find_newest_event_value(_base: date | None, ours: date | None, theirs: date | None) -> date | None:
    return max((one for one in (ours, theirs) if one is not None), key=_compute_event_timestamp_key, default=None)


def _find_oldest_event_value(_base: date | None, ours: date | None, theirs: date | None) -> date | None:
    return min((one for one in (ours, theirs) if one is not None), key=_compute_event_timestamp_key, default=None)


def _compute_event_timestamp_key(stamp: date) -> tuple[datetime, str]:
    at = stamp if isinstance(stamp, datetime) else datetime.combine(stamp, time.min)
    return at if at.tzinfo else at.replace(tzinfo=UTC), stamp.isoformat()


def _merge_unknown_value(base: Any, ours: Any, theirs: Any) -> Any:
    """Return the merged value of an unknown key, _ABSENT if it is removed, or _CONFLICT."""
    if is_same_value(ours, theirs) or is_same_value(base, theirs):
        return ours
    if is_same_value(base, ours):
        return theirs
    if not isinstance(ours, Mapping) or not isinstance(theirs, Mapping):
        return _CONFLICT
    old = base if isinstance(base, Mapping) else {}
    merged = {
        key: _merge_unknown_value(*(side.get(key, _ABSENT) for side in (old, ours, theirs)))
        for key in {**ours, **theirs}
    }
    if any(value is _CONFLICT for value in merged.values()):
        return _CONFLICT
    return {key: value for key, value in merged.items() if value is not _ABSENT}
