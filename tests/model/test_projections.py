"""Occurrences that another program changed in what it was told of a series, merged back into the registry's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.event import Event, OccurrenceOverride
from ilocal.model.merge import is_same_event, merge_override_lists
from ilocal.model.projections import merge_overrides

DAYS = [date(2020, 3, day) for day in (3, 10, 17)]
values = st.dictionaries(
    st.sampled_from(["location", "title", "description"]), st.sampled_from(["a", "b", "c"]), min_size=1
)
overrides = st.lists(
    st.builds(OccurrenceOverride, st.sampled_from(DAYS), values), max_size=3, unique_by=lambda one: one.recurrence_id
).map(lambda found: tuple(sorted(found, key=lambda one: str(one.recurrence_id))))  # fmt: skip

OURS = OccurrenceOverride(DAYS[0], {"location": "Huế", "title": "Họp lớn"}, {"room": 5})
HIDDEN = OccurrenceOverride(DAYS[1], {"location": "Vinh"})
SERIES = Event("Họp", id="h", start=date(2020, 2, 25), rrule="FREQ=WEEKLY", overrides=(OURS, HIDDEN))
# As a format tells it that has no title of an occurrence, and cannot say the second one but as left out.
TOLD = replace(SERIES, overrides=(OccurrenceOverride(DAYS[0], {"location": "Huế"}),), exdates=(DAYS[1],))


@given(overrides, overrides)
def test_a_side_that_changed_nothing_takes_the_changes_of_the_other(
    base: tuple[OccurrenceOverride, ...], other: tuple[OccurrenceOverride, ...]
) -> None:
    for ours, theirs in ((base, other), (other, base), (other, other)):
        merged = merge_override_lists(base, ours, theirs, prefer="theirs")
        assert sorted(merged, key=lambda one: str(one.recurrence_id)) == list(other)


@given(overrides)
def test_what_was_told_and_came_back_unchanged_changes_nothing(told: tuple[OccurrenceOverride, ...]) -> None:
    event = replace(TOLD, overrides=told)
    ours = replace(SERIES, overrides=(*(replace(one, extra={"room": 5}) for one in told),))
    assert is_same_event(merge_overrides(event, ours, event), replace(ours, exdates=()))


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (TOLD, SERIES),
        (
            replace(TOLD, overrides=(OccurrenceOverride(DAYS[0], {"location": "Đà Nẵng"}),)),
            replace(SERIES, overrides=(replace(OURS, values={"location": "Đà Nẵng", "title": "Họp lớn"}), HIDDEN)),
        ),
        (replace(TOLD, overrides=()), replace(SERIES, overrides=(HIDDEN,))),
        (replace(TOLD, exdates=()), replace(SERIES, overrides=(OURS,))),
        (replace(TOLD, exdates=(DAYS[1], DAYS[2])), replace(SERIES, exdates=(DAYS[2],))),
    ],
    ids=["nothing", "another place", "the occurrence as usual", "no longer left out", "one more left out"],
)
def test_changes_of_another_program_are_taken_and_what_it_was_not_told_stays(heard: Event, expected: Event) -> None:
    assert is_same_event(merge_overrides(heard, SERIES, TOLD), expected)
