"""The record."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.dates import Month, Span, Year
from ilocal.errors import RecordError
from ilocal.event import Event, Section, make_id
from ilocal.plain import from_plain, to_plain
from tests.support import strategies


@given(strategies.any_events())
def test_plain_data_is_read_back_as_the_same_event(event: Event) -> None:
    assert from_plain(to_plain(event)) == event


def test_plain_data_leaves_out_what_is_absent() -> None:
    event = Event("Họp", id="2020-hop", start=date(2020, 2, 20), topics=("CSR",), sections=(Section("A", "b"),))
    assert to_plain(event) == {
        "id": "2020-hop", "title": "Họp", "start": "2020-02-20", "topics": ["CSR"],
        "sections": [{"heading": "A", "body": "b"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("plain", "field", "message"),
    [
        ({}, "title", "an event needs a title"),
        ({"title": " "}, "title", "an event needs a title"),
        ({"title": 5}, "title", "text is wanted here, not a number"),
        ({"title": "a", "start": 2020}, "start", "a date is wanted here, not a number (write \"2020\")"),
        ({"title": "a", "start": "2020-02-30"}, "start", 'cannot read "2020-02-30" as a date: day is out of range for month'),
        ({"title": "a", "end": "2020-02-20"}, "end", "an end without a start"),
        ({"title": "a", "start": "2020-02-20", "end": "2020-02-19"}, "end",
         "the end (2020-02-19) is before the start (2020-02-20)"),
        ({"title": "a", "start": "2020-02", "end": "2020-02-19"}, "end",
         "the end (a day) must have the form of the start (a month)"),
        ({"title": "a", "status": "sure"}, "status", 'unknown status "sure" (tentative, confirmed, cancelled, postponed)'),
        ({"title": "a", "topics": [1]}, "topics", "a list of texts is wanted here"),
        ({"title": "a", "id": "a b"}, "id", '"a b" has a blank, a control or an invisible character in it'),
        ({"title": "a", "revision": -1}, "revision", "a whole number from 0 is wanted here"),
        ({"title": "a", "created": "2020-02"}, "created", "a day or a time is wanted here, not Month"),
    ],
)  # fmt: skip
def test_what_the_record_forbids(plain: dict[str, object], field: str, message: str) -> None:
    with pytest.raises(RecordError) as error:
        from_plain(plain)
    assert (error.value.field, error.value.reason) == (field, message)


def test_the_days_of_a_span_are_those_it_may_take() -> None:
    assert Span(Month(2020, 2)).days == (date(2020, 2, 1), date(2020, 2, 29))
    assert Span(Year(2019), Year(2020)).days == (date(2019, 1, 1), date(2020, 12, 31))
    assert Event("a").span is None


def test_ids() -> None:
    title = 'Họp khởi động "Nhóm cố vấn CSR" thúc đẩy thực hiện CSR trong chuỗi cung ứng'
    assert make_id(title, date(2020, 2, 20), ()) == "2020-hop-khoi-dong-nhom-co-van-csr-thuc-day-thuc-hien-csr"
    assert make_id("Họp", None, {"tba-hop", "tba-hop-2"}) == "tba-hop-3"
    assert make_id("ກອງປະຊຸມ", Year(2020), ()) == "2020-event"


@given(st.one_of(strategies.titles, st.text(max_size=90)), strategies.spans(), st.integers(0, 12))
def test_an_id_is_short_ascii_and_free(title: str, pair: tuple[object, object], clashes: int) -> None:
    taken: set[str] = set()
    for _ in range(clashes + 1):
        made = make_id(title, pair[0], taken)  # type: ignore[arg-type]
        assert made not in taken
        assert len(made) <= 60
        assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        taken.add(made)
