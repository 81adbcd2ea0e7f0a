"""The fields in which two events differ, for a change and for an import."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given

from ilocal.model.dates import Month
from ilocal.model.differences import find_changed_fields, find_event_differences
from ilocal.model.event import Event, OccurrenceOverride, Section, Translation
from ilocal.model.fields import FIELD_NAMES
from ilocal.model.serialization import event_from_dict, event_to_dict
from tests.support.strategies import any_events

EVENT = Event(
    "Họp",
    id="2020-hop",
    start=date(2020, 2, 25),
    end=date(2020, 2, 26),
    location="Huế",
    topics=("CSR",),
    sections=(Section("Mục tiêu", "Gặp nhau."),),
    extra={"room": 5},
)
# Another value for each field; what it is compared with has none, or the one above.
OTHERS: dict[str, Any] = {
    "title": "Hội thảo", "id": "2020-hoi-thao", "start": date(2020, 2, 24), "end": date(2020, 2, 27), "timezone": "",
    "rrule": "FREQ=DAILY", "rdates": (date(2020, 3, 1),), "exdates": (date(2020, 2, 25),), "location": "Đà Nẵng",
    "organizers": ("ILO",), "projects": ("RSCA",), "topics": ("CSR", "gỗ"), "kind": "workshop", "status": "cancelled",
    "language": "en", "participants": "20", "url": "https://ilocal.example/", "uid": "a@b", "source": "trang 5",
    "created": datetime(2020, 1, 1, tzinfo=UTC), "updated": datetime(2020, 1, 2, tzinfo=UTC), "revision": 1,
    "summary": "Ngắn.", "description": "Dài.", "sections": (), "translations": (Translation("en", "Meeting"),),
    "overrides": (OccurrenceOverride(date(2020, 3, 1), {"location": "Huế"}),), "extra": {"room": 6},
}  # fmt: skip
STATED = [name for name in (*FIELD_NAMES, "extra") if name in OTHERS and name != "timezone"]


@given(any_events(), any_events())
def test_the_changed_fields_are_those_that_make_the_one_from_the_other(before: Event, after: Event) -> None:
    changed = find_changed_fields(before, after)
    values = {name: getattr(after, name) for name in changed}
    kept = {field.name for field in fields(Event) if field.name not in changed}
    assert all(getattr(before, name) == getattr(after, name) for name in kept)
    assert replace(before, **values) == after
    assert find_changed_fields(after, before) == changed
    assert find_changed_fields(before, before) == []


@pytest.mark.parametrize("name", STATED)
def test_a_field_that_was_changed_is_named_alone(name: str) -> None:
    assert find_changed_fields(EVENT, replace(EVENT, **{name: OTHERS[name]})) == [name]


def test_the_same_moment_in_another_zone_is_another_time() -> None:
    one = replace(EVENT, start=datetime(2020, 2, 25, 8, tzinfo=UTC), end=None)
    other = replace(one, start=datetime(2020, 2, 25, 15, tzinfo=timezone(timedelta(hours=7))))
    assert one.start == other.start
    assert find_changed_fields(one, other) == ["start"]


@given(any_events())
def test_importing_what_is_there_changes_nothing(event: Event) -> None:
    assert find_event_differences(event, event) == []
    assert find_event_differences(event, event_from_dict(event_to_dict(event))) == []
    assert find_event_differences(event, event, {*FIELD_NAMES, "extra"}) == []


@pytest.mark.parametrize("name", STATED)
def test_an_import_changes_what_it_gives_otherwise(name: str) -> None:
    changed = find_event_differences(EVENT, replace(EVENT, **{name: OTHERS[name]}))
    ours = name in ("id", "source", "created", "updated", "revision")  # what the registry gives itself
    silent = name == "sections"  # the event of the file has none, and says nothing of them
    assert changed == ([] if ours or silent else [name])


@pytest.mark.parametrize(
    ("event", "stated", "expected"),
    [
        (Event("Họp", start=date(2020, 2, 25)), None, ["end"]),  # who says the start says the end
        (Event("Họp"), None, []),
        (Event("Họp"), {"title"}, []),
        (Event("Họp"), {"title", "location", "start"}, ["start", "location"]),
        (Event("Họp", start=date(2020, 2, 25)), {"title", "start"}, []),
        (Event("Họp", start=Month(2020, 2)), {"start"}, ["start"]),
        (Event("Họp"), {"extra"}, ["extra"]),
        (Event("Họp", extra={"room": 5}), {"extra"}, []),
        (Event("Họp", extra={"floor": 2}), None, ["extra"]),
        (Event("Họp"), {"id", "source", "revision"}, []),
    ],
)
def test_what_a_file_leaves_out_says_nothing_but_in_the_fields_that_it_has(
    event: Event, stated: set[str] | None, expected: list[str]
) -> None:
    assert find_event_differences(EVENT, event, stated) == expected


def test_a_date_in_an_unknown_key_is_the_same_as_its_text() -> None:
    old = replace(EVENT, extra={"until": date(2020, 3, 1), "room": [1, 2]})
    assert find_event_differences(old, replace(EVENT, extra={"until": "2020-03-01"})) == []
    assert find_event_differences(old, replace(EVENT, extra={"until": "2020-03-02"})) == ["extra"]
