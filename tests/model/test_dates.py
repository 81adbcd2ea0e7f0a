"""Dates of every precision: their order and their text."""

from __future__ import annotations

from hypothesis import given

from ilocal.model.dates import Span, from_iso, iso, sort_number
from tests.support import strategies


@given(strategies.spans().filter(lambda pair: pair[0] is not None))
def test_iso_text_is_read_back_in_its_own_precision(pair: tuple[object, object]) -> None:
    start = Span(*pair).start  # type: ignore[arg-type]
    assert from_iso(iso(start)) == start
    assert type(from_iso(iso(start))) is type(start)


def test_points_sort_by_their_earliest_day_and_the_vaguer_first() -> None:
    order = ["2019-12-31T23:59", "2020", "2020-01", "2020-01-01T00:00", "2020-01-01T08:30", "2020-01-02", "2020-02"]
    numbers = [sort_number(from_iso(text)) for text in order]
    assert numbers == sorted(numbers)
    assert sort_number(from_iso("2020-01")) == sort_number(from_iso("2020-01-01"))
