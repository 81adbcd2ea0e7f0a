"""The record."""

from __future__ import annotations

from datetime import date

import pytest

from ilocal.errors import InvalidEventError
from ilocal.model.dates import Month, Period, Year
from ilocal.model.event import Event
from ilocal.model.serialization import event_from_dict


@pytest.mark.parametrize(
    ("plain", "field", "message"),
    [
        ({}, "title", "an event must have a title"),
        ({"title": " "}, "title", "an event must have a title"),
        ({"title": 5}, "title", "expected a string, found a number"),
        ({"title": "a", "start": 2020}, "start", "expected a date, found a number; write \"2020\""),
        ({"title": "a", "start": "2020-02-30"}, "start", 'cannot read "2020-02-30" as a date: February 2020 has 29 days'),
        ({"title": "a", "end": "2020-02-20"}, "end", "the event has an end but no start"),
        ({"title": "a", "start": "2020-02-20", "end": "2020-02-19"}, "end",
         "the end (2020-02-19) is before the start (2020-02-20)"),
        ({"title": "a", "start": "2020-02", "end": "2020-02-19"}, "end",
         "the end (a day) must have the same form as the start (a month)"),
        ({"title": "a", "status": "sure"}, "status", 'unknown status "sure" (tentative, confirmed, cancelled, postponed)'),
        ({"title": "a", "topics": [1]}, "topics", "expected a list of strings"),
        ({"title": "a", "id": "a b"}, "id", '"a b" contains whitespace, a control character or an invisible character'),
        ({"title": "a", "revision": -1}, "revision", "expected a non-negative whole number"),
        ({"title": "a", "created": "2020-02"}, "created", "expected a day or a time, found Month"),
    ],
)  # fmt: skip
def test_what_the_record_forbids(plain: dict[str, object], field: str, message: str) -> None:
    with pytest.raises(InvalidEventError) as error:
        event_from_dict(plain)
    assert (error.value.field, error.value.reason) == (field, message)


def test_the_days_of_a_span_are_those_it_may_take() -> None:
    assert Period(Month(2020, 2)).date_range == (date(2020, 2, 1), date(2020, 2, 29))
    assert Period(Year(2019), Year(2020)).date_range == (date(2019, 1, 1), date(2020, 12, 31))
    assert Event("a").period is None
