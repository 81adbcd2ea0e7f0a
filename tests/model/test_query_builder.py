"""Filters as people write them become a query: the window of a question and how far rules are followed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import DateRange
from ilocal.model.query_builder import (
    build_query,
    build_query_names,
    compute_default_horizon,
    compute_occurrence_window,
    parse_status,
)
from ilocal.model.registry_info import RegistryInfo

TODAY = date(2020, 2, 20)
FEBRUARY = DateRange(date(2020, 2, 1), date(2020, 2, 29))
MARCH = DateRange(date(2020, 3, 1), date(2020, 3, 31))
ALWAYS = DateRange(date.min, date.max)
INFO = RegistryInfo(language="vi", aliases={"LĐTE": ("lao động trẻ em",)})

windows = st.tuples(st.dates(), st.dates()).map(lambda pair: DateRange(*sorted(pair)))
groups = st.lists(st.lists(windows, min_size=1, max_size=3).map(tuple), max_size=3)


@pytest.mark.parametrize(
    ("overlapping", "coming", "expected"),
    [
        ([], None, ALWAYS),
        ([(FEBRUARY,)], None, FEBRUARY),
        ([], TODAY, DateRange(TODAY, date.max)),
        ([(FEBRUARY,)], TODAY, DateRange(TODAY, FEBRUARY.last)),
        ([(FEBRUARY, MARCH)], None, DateRange(FEBRUARY.first, MARCH.last)),  # any of them
        ([(DateRange(date(2020, 1, 1), TODAY),), (FEBRUARY,)], None, DateRange(FEBRUARY.first, TODAY)),  # both of them
        ([(FEBRUARY,), (MARCH,)], None, DateRange(MARCH.first, MARCH.first)),  # no day is in both
    ],
)
def test_the_window_is_the_days_that_every_filter_leaves(
    overlapping: list[tuple[DateRange, ...]], coming: date | None, expected: DateRange
) -> None:
    assert compute_occurrence_window(overlapping, coming) == expected


@given(groups, st.none() | st.dates(), st.dates())
def test_a_day_that_every_filter_allows_is_in_the_window(
    overlapping: list[tuple[DateRange, ...]], coming: date | None, day: date
) -> None:
    window = compute_occurrence_window(overlapping, coming)
    assert window.first <= window.last
    allowed = all(any(days.first <= day <= days.last for days in group) for group in overlapping)
    if allowed and (coming is None or day >= coming):
        assert window.first <= day <= window.last


@pytest.mark.parametrize(
    ("window", "today", "expected"),
    [
        (ALWAYS, TODAY, date(2021, 2, 20)),
        (FEBRUARY, TODAY, date(2021, 2, 20)),
        (MARCH, TODAY, date(2021, 3, 2)),  # a year from where the window begins
        (ALWAYS, date(9999, 2, 1), date.max),
    ],
)
def test_rules_are_followed_for_a_year(window: DateRange, today: date, expected: date) -> None:
    assert compute_default_horizon(window, today) == expected


@given(windows, st.dates())
def test_the_horizon_is_never_before_today_nor_before_the_window(window: DateRange, today: date) -> None:
    horizon = compute_default_horizon(window, today)
    assert (
        max(window.first, today)
        <= horizon
        <= max(window.first, today) + min(timedelta(days=366), date.max - max(window.first, today))
    )


def test_a_filter_that_ends_leaves_no_horizon() -> None:
    for filters in ({"to": "2020-03-01"}, {"month": "2020-02"}, {"year": 2020}, {"on": TODAY}):
        assert build_query(lambda: INFO, lambda: TODAY, **filters).expand_until is None
    for filters in ({"from_": "2020-01-01"}, {"topic": "CSR"}, {"words": "họp"}):
        assert build_query(lambda: INFO, lambda: TODAY, **filters).expand_until == date(2021, 2, 20)  # type: ignore[arg-type]


def test_names_are_folded_and_what_an_event_leaves_out_counts() -> None:
    asked = {"topic": ["Thủy Sản", "CSR"], "status": ["đã xác nhận"], "language": ["VI"], "kind": None, "project": []}
    assert build_query_names(asked, lambda: INFO) == [
        ("topics", ("thuy san", "csr")),
        ("status", ("confirmed", "")),
        ("language", ("vi", "")),
    ]
    assert build_query_names({"language": ["en"], "status": ["cancelled"]}, lambda: INFO) == [
        ("status", ("cancelled",)),
        ("language", ("en",)),
    ]


def test_an_alias_means_what_it_stands_for_and_the_other_way_round() -> None:
    info = RegistryInfo(aliases={"LĐTE": ("lao động trẻ em", "trẻ em lao động")})
    for typed in ("LĐTE", "lđte", "Lao động trẻ em"):
        ((_field, names),) = build_query_names({"topic": [typed]}, lambda: info)
        assert {"ldte", "lao dong tre em", "tre em lao dong"} == set(names)
    assert build_query_names({"topic": ["CSR"]}, lambda: info) == [("topics", ("csr",))]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("cancelled", "cancelled"),
        ("Đã hủy", "cancelled"),
        ("da huy", "cancelled"),
        ("CONFIRMED", "confirmed"),
        ("x", "x"),
    ],
)
def test_a_status_is_known_by_its_name_in_any_language(text: str, status: str) -> None:
    assert parse_status(text) == status
