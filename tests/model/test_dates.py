"""Dates of every precision: their order and their text."""

from __future__ import annotations

from hypothesis import given

from ilocal.model.dates import Period, date_sort_key, format_iso_date, parse_iso_date
from tests.support import strategies


@given(strategies.spans().filter(lambda pair: pair[0] is not None))
def test_iso_text_is_read_back_in_its_own_precision(pair: tuple[object, object]) -> None:
    start = Period(*pair).start  # type: ignore[arg-type]
    assert parse_iso_date(format_iso_date(start)) == start
    assert type(parse_iso_date(format_iso_date(start))) is type(start)


def test_points_sort_by_their_earliest_day_and_the_vaguer_first() -> None:
    order = ["2019-12-31T23:59", "2020", "2020-01", "2020-01-01T00:00", "2020-01-01T08:30", "2020-01-02", "2020-02"]
    numbers = [date_sort_key(parse_iso_date(text)) for text in order]
    assert numbers == sorted(numbers)
    assert date_sort_key(parse_iso_date("2020-01")) == date_sort_key(parse_iso_date("2020-01-01"))
