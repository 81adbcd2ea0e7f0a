"""What two sides made of one event, merged: the laws of it, and what each kind of field does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import InvalidEventError
from ilocal.model.event import Event, OccurrenceOverride, Section, Translation
from ilocal.model.fields import FIELD_NAMES
from ilocal.model.merge import (
    DATE_GROUP,
    RECURRENCE_GROUP,
    MergeResult,
    is_same_event,
    merge_events,
    merge_order_of_event_keys,
)
from tests.support.strategies import any_events

EVENT = Event(
    "Họp", id="2020-hop", start=date(2020, 2, 25), end=date(2020, 2, 26), location="Huế", topics=("CSR", "gỗ"),
    created=date(2020, 1, 1), updated=date(2020, 1, 5), revision=2, description="Một.\n\nHai.\n\nBa.",
    sections=(Section("Mục tiêu", "Gặp nhau.\n\nHọc."), Section("Hậu cần", "Xe.")), translations=(Translation("en", "Meeting"),),
    extra={"room": 5, "venue": {"floor": 1, "seats": 20}},
)  # fmt: skip
SERIES = replace(
    EVENT,
    end=None,
    rrule="FREQ=WEEKLY",
    exdates=(date(2020, 3, 3),),
    overrides=(OccurrenceOverride(date(2020, 3, 10), {"location": "Đà Nẵng", "title": "Họp lớn"}),),
)


@st.composite
def versions(draw: st.DrawFn) -> tuple[Event, Event, Event]:
    """Draw an event, and two versions of it with other values for some of its fields."""
    base = draw(any_events())
    return base, *(draw(_edits_of(base)) for _ in range(2))  # type: ignore[return-value]


@st.composite
def _edits_of(draw: st.DrawFn, base: Event) -> Event:
    other = draw(any_events())
    names: set[str] = draw(st.sets(st.sampled_from([*FIELD_NAMES, "extra"]), max_size=6)) - {"recurrence_id"}
    for group in (DATE_GROUP, RECURRENCE_GROUP):
        if draw(st.booleans()) and names & {*group}:
            names |= {*group}
    try:
        return replace(base, **{name: getattr(other, name) for name in names})
    except InvalidEventError:
        return base


def list_values(value: Any) -> Iterator[Any]:
    """Yield the values in a value, at any depth, with texts as their lines."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from list_values(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from list_values(inner)
    elif isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, Section):
        yield from list_values((value.heading, value.body, value.extra))
    elif isinstance(value, Translation):
        yield from list_values((value.language, value.title, value.description, value.extra))
    elif isinstance(value, OccurrenceOverride):
        yield from list_values((value.recurrence_id, value.values, value.extra))
    else:
        yield repr(value)


def list_event_values(event: Event) -> set[Any]:
    kept = [name for name in (*FIELD_NAMES, "extra") if name not in ("created", "updated", "revision")]
    return {one for name in kept for one in list_values(getattr(event, name))}


def as_sets(result: MergeResult) -> Any:
    """Return a result without differences that depend on the side: orders, and the values in conflicts."""
    chosen = {field for one in result.conflicts for field in one.fields}
    fields = [name for name in (*FIELD_NAMES, "extra") if name not in chosen]
    return {name: set(map(repr, list_values(getattr(result.event, name)))) for name in fields}


@pytest.mark.promise("P18")
@given(versions())
def test_a_merge_with_what_did_not_change_is_the_other_side(sides: tuple[Event, Event, Event]) -> None:
    base, ours, theirs = sides
    assert merge_events(base, ours, base) == (ours, ())
    assert merge_events(base, base, theirs) == (theirs, ())
    assert merge_events(base, ours, ours) == merge_events(None, ours, ours) == (ours, ())


@pytest.mark.promise("P18")
@given(versions(), st.booleans())
def test_a_merge_has_the_same_fields_whichever_side_is_ours(sides: tuple[Event, Event, Event], has_base: bool) -> None:
    base, ours, theirs = sides
    found = merge_events(base if has_base else None, ours, theirs)
    other = merge_events(base if has_base else None, theirs, ours)
    assert as_sets(found) == as_sets(other)
    swapped = {(one.fields, one.part, repr(one.theirs), repr(one.ours)) for one in other.conflicts}
    assert {(one.fields, one.part, repr(one.ours), repr(one.theirs)) for one in found.conflicts} == swapped


@pytest.mark.promise("P18")
@given(versions(), st.booleans())
def test_each_value_that_a_side_changed_is_in_the_result_or_in_a_conflict(
    sides: tuple[Event, Event, Event], has_base: bool
) -> None:
    base, ours, theirs = sides
    found = merge_events(base if has_base else None, ours, theirs)
    told = {one for conflict in found.conflicts for one in list_values((conflict.ours, conflict.theirs))}
    told |= {part for conflict in found.conflicts for part in conflict.part.split("\n")}
    before = list_event_values(base) if has_base else set()
    for side in (ours, theirs):
        assert list_event_values(side) - before <= list_event_values(found.event) | told
    other = merge_events(base if has_base else None, ours, theirs, prefer="theirs")
    assert other.conflicts == found.conflicts
    for conflict in found.conflicts:
        is_part = conflict.part or conflict.fields == (
            "sections",
        )  # the part of one is its heading, which may be empty
        for name in () if is_part else conflict.fields:
            assert repr(getattr(other.event, name)) == repr(getattr(theirs, name))


MERGES: dict[str, tuple[Event, dict[str, Any], dict[str, Any], dict[str, Any]]] = {  # base, ours, theirs, merged
    "other fields": (EVENT, {"location": "Hà Nội"}, {"title": "Họp lớn"}, {"location": "Hà Nội", "title": "Họp lớn"}),
    "lists as sets": (EVENT, {"topics": ("CSR",)}, {"topics": ("CSR", "gỗ", "cá")}, {"topics": ("CSR", "cá")}),
    "texts by lines": (
        EVENT, {"description": "1.\n\nHai.\n\nBa."}, {"description": "Một.\n\nHai.\n\n3."}, {"description": "1.\n\nHai.\n\n3."},
    ),
    "stamps and revisions": (
        EVENT, {"updated": datetime(2020, 1, 6, tzinfo=UTC), "revision": 3, "created": date(2020, 1, 2)},
        {"updated": date(2020, 1, 7), "revision": 4, "created": date(2020, 1, 3)},
        {"updated": date(2020, 1, 7), "revision": 5, "created": date(2020, 1, 2)},
    ),
    "sections by heading": (
        EVENT,
        {"sections": (Section("Mục tiêu", "Gặp nhau.\n\nChơi."), EVENT.sections[1], Section("Mới", "a"))},
        {"sections": (Section("Đầu", "b"), Section("Mục tiêu", "Chào nhau.\n\nHọc."))},
        {"sections": (Section("Đầu", "b"), Section("Mục tiêu", "Chào nhau.\n\nChơi."), Section("Mới", "a"))},
    ),
    "translations by language": (
        EVENT,
        {"translations": (Translation("en", "Big meeting"),)},
        {"translations": (Translation("en", "Meeting", "Long."), Translation("fr", "Réunion"))},
        {"translations": (Translation("en", "Big meeting", "Long."), Translation("fr", "Réunion"))},
    ),
    "unknown keys, and tables of them": (
        EVENT,
        {"extra": {"room": 6, "venue": {"floor": 2, "seats": 20}}},
        {"extra": {"room": 5, "venue": {"floor": 1, "seats": 20, "lift": True}, "bus": "8"}},
        {"extra": {"room": 6, "venue": {"floor": 2, "seats": 20, "lift": True}, "bus": "8"}},
    ),
    "occurrences of a series": (
        SERIES,
        {"exdates": (date(2020, 3, 3), date(2020, 3, 17)), "overrides": (OccurrenceOverride(date(2020, 3, 10), {"location": "Huế", "title": "Họp lớn"}),)},
        {"exdates": (), "overrides": (OccurrenceOverride(date(2020, 3, 10), {"location": "Đà Nẵng", "title": "Họp bé"}), OccurrenceOverride(date(2020, 3, 24), {"title": "Nghỉ"}))},
        {"exdates": (date(2020, 3, 17),), "overrides": (OccurrenceOverride(date(2020, 3, 10), {"location": "Huế", "title": "Họp bé"}), OccurrenceOverride(date(2020, 3, 24), {"title": "Nghỉ"}))},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MERGES)
def test_fields_are_merged_as_their_kind_has_it(name: str) -> None:
    base, ours, theirs, merged = MERGES[name]
    assert merge_events(base, replace(base, **ours), replace(base, **theirs)) == (replace(base, **merged), ())


def test_an_event_that_both_added_has_what_only_one_says_and_conflicts_where_they_differ() -> None:
    ours = Event("Họp", id="2020-hop", start=date(2020, 2, 25), location="Huế", topics=("CSR",), revision=1)
    theirs = Event("Họp", id="2020-hop", start=date(2020, 2, 25), location="Hà Nội", topics=("gỗ",), kind="meeting")
    found = merge_events(None, ours, theirs)
    assert found.event == replace(ours, topics=("CSR", "gỗ"), kind="meeting")
    assert found.conflicts == ((("location",), "", {"location": ""}, {"location": "Huế"}, {"location": "Hà Nội"}),)


CONFLICTS: dict[str, tuple[Event, dict[str, Any], dict[str, Any], tuple[str, ...], str]] = {
    "a field": (EVENT, {"location": "Hà Nội"}, {"location": "Hội An"}, ("location",), ""),
    "a field that one side removed": (EVENT, {"location": ""}, {"location": "Hội An"}, ("location",), ""),
    "one line of a text": (EVENT, {"description": "Một.\n\n2.\n\nBa."}, {"description": "Một.\n\nII.\n\nBa."}, ("description",), ""),
    "dates": (EVENT, {"start": date(2020, 2, 24)}, {"end": date(2020, 2, 27)}, DATE_GROUP, ""),
    "the body of a section": (
        EVENT, {"sections": (Section("Mục tiêu", "A"), EVENT.sections[1])}, {"sections": (Section("Mục tiêu", "B"), EVENT.sections[1])},
        ("sections",), "Mục tiêu",
    ),
    "a section that one side removed": (
        EVENT, {"sections": EVENT.sections[:1]}, {"sections": (EVENT.sections[0], Section("Hậu cần", "Tàu."))}, ("sections",), "Hậu cần",
    ),
    "a translation": (EVENT, {"translations": (Translation("en", "A"),)}, {"translations": (Translation("en", "B"),)}, ("translations",), "en"),
    "an unknown key": (EVENT, {"extra": {**EVENT.extra, "room": 6}}, {"extra": {**EVENT.extra, "room": 7}}, ("extra",), "room"),
    "a table of unknown keys": (
        EVENT, {"extra": {"room": 5, "venue": {"floor": 2, "seats": 20}}}, {"extra": {"room": 5, "venue": {"floor": 3, "seats": 9}}}, ("extra",), "venue",
    ),
    "a rule": (SERIES, {"rrule": "FREQ=DAILY"}, {"rrule": "FREQ=MONTHLY"}, RECURRENCE_GROUP, ""),
    "a rule and its exceptions": (SERIES, {"rrule": "FREQ=DAILY"}, {"exdates": ()}, RECURRENCE_GROUP, ""),
    "an occurrence that is left out and changed": (
        SERIES, {"exdates": (*SERIES.exdates, date(2020, 3, 17))},
        {"overrides": (*SERIES.overrides, OccurrenceOverride(date(2020, 3, 17), {"title": "Họp bé"}))}, RECURRENCE_GROUP, "",
    ),
    "an occurrence": (
        SERIES, {"overrides": (OccurrenceOverride(date(2020, 3, 10), {"location": "Huế", "title": "Họp lớn"}),)},
        {"overrides": (OccurrenceOverride(date(2020, 3, 10), {"location": "Vinh", "title": "Họp lớn"}),)}, ("overrides",), "2020-03-10",
    ),
    "a start and the exceptions that belong to it": (
        SERIES, {"start": date(2020, 2, 26)}, {"exdates": ()}, (*DATE_GROUP, *RECURRENCE_GROUP), "",
    ),
}  # fmt: skip


@pytest.mark.promise("P18")
@pytest.mark.parametrize("name", CONFLICTS)
def test_what_both_sides_changed_is_a_conflict_with_both_values(name: str) -> None:
    base, mine, other, fields, part = CONFLICTS[name]
    ours, theirs = replace(base, **mine), replace(base, **other)
    found = merge_events(base, ours, theirs)
    assert [(one.fields, one.part) for one in found.conflicts] == [(fields, part)]
    assert is_same_event(found.event, ours)
    assert is_same_event(merge_events(base, ours, theirs, prefer="theirs").event, theirs)


def test_what_is_valid_on_each_side_alone_is_a_conflict_of_the_dates() -> None:
    changed = OccurrenceOverride(date(2020, 3, 10), {"start": date(2020, 3, 10), "end": date(2020, 3, 11)})
    base = replace(SERIES, overrides=())
    ours, theirs = replace(base, end=date(2020, 2, 27)), replace(base, overrides=(changed,))
    assert merge_events(base, ours, theirs).conflicts == ()
    assert merge_events(base, ours, theirs).event == replace(base, end=date(2020, 2, 27), overrides=(changed,))


keys = st.lists(st.integers(0, 8), unique=True, max_size=7)


@given(keys, keys, keys)
def test_an_order_has_each_key_once_and_is_that_of_a_side_where_the_other_has_not_moved_it(
    base: list[int], ours: list[int], theirs: list[int]
) -> None:
    every = {*ours, *theirs}
    found = merge_order_of_event_keys(base, ours, theirs, every)
    assert sorted(found) == sorted(every)
    assert ours == [key for key in found if key in ours] or theirs == [key for key in found if key in theirs]
    assert merge_order_of_event_keys(base, base, theirs, theirs) == theirs
    assert merge_order_of_event_keys(base, ours, base, ours) == ours


def test_what_both_added_at_one_place_stands_there_and_ours_comes_first() -> None:
    assert merge_order_of_event_keys("abc", "axbc", "aybc", "axbyc") == list("axybc")
    assert merge_order_of_event_keys("abc", "abcx", "abcy", "abcxy") == list("abcxy")
    assert merge_order_of_event_keys("abc", "abcx", "cbya", "abcxy") == list("cxbya")
