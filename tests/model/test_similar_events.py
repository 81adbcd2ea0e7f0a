"""Events written down twice: found where titles and dates nearly agree, said, and never merged."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import Month
from ilocal.model.event import Event
from ilocal.model.similar_events import find_events_similar_to_others, find_similar_events
from tests.support import strategies
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.registry import parse_registry

DAY = date(2020, 2, 25)


def are_similar(first: str, second: str, **fields: str) -> bool:
    events = [Event(first, start=DAY, location="Hà Nội"), Event(second, start=DAY, **fields)]  # type: ignore[arg-type]
    return len(find_similar_events(events)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Họp CSR", "họp csr!"),
        ("Hội thảo về CSR trong ngành chế biến gỗ", "Hoi thao: CSR trong nganh che bien go"),
        ("Hội thảo tổng kết chiến dịch thanh tra lao động", "Hội thảo tổng kết chiến dịch thanh tra lao động 2020"),
        ("Hội thảo CSR cho doanh nghiệp chế biến gỗ", "Hội thảo CSR cho daonh nghiệp chế biến gỗ"),
        ("Tập huấn SCORE – ngành may mặc và gỗ", "SCORE: tập huấn ngành gỗ và may mặc"),
    ],
)
def test_titles_that_are_alike(first: str, second: str) -> None:
    assert are_similar(first, second)
    assert are_similar(first, second, location="Khách sạn Melia, Hà Nội")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Khảo sát đầu kì của Dự án ENHANCE", "Khảo sát cuối kì của Dự án ENHANCE"),
        (
            "Hội thảo mạng lưới công đoàn các khu công nghiệp tại miền Bắc",
            "Hội thảo mạng lưới công đoàn các khu công nghiệp tại miền Nam",
        ),
        ("Hội nghị Thanh tra Lao động Châu Á lần thứ 7", "Hội nghị Thanh tra Lao động Châu Á lần thứ 8"),
        ("Họp ban chỉ đạo dự án ENHANCE quý II", "Họp ban chỉ đạo dự án ENHANCE quý I"),
        ("Hội thảo CSR", "Hội thảo SCORE"),
        ("Hội thảo", "Hội thảo về an toàn lao động"),
    ],
)
def test_titles_that_are_not_alike(first: str, second: str) -> None:
    assert not are_similar(first, second)


def test_other_dates_and_other_places_are_other_events() -> None:
    title = "Hội thảo về CSR trong ngành chế biến gỗ"
    one = Event(title, id="a", start=DAY, end=date(2020, 2, 28), location="Hà Nội")
    assert find_similar_events([one, Event(f"{title} 2020", start=date(2020, 2, 28))]) != []
    assert find_similar_events([one, Event(f"{title} 2020", start=Month(2020, 2))]) != []
    assert find_similar_events([one, Event(f"{title} 2020", start=date(2020, 2, 29))]) == []
    assert find_similar_events([one, Event(title)]) == []
    assert find_similar_events([one, Event(f"{title} 2020", start=DAY, location="Cần Thơ")]) == []
    assert find_similar_events([Event(title), Event(title)]) != []
    weekly = Event(title, start=date(2020, 2, 1), rrule="FREQ=WEEKLY")
    assert find_similar_events([one, weekly]) == []  # of a series, only its first day counts


def test_no_event_of_the_shipped_registry_is_taken_for_another() -> None:
    assert find_similar_events(parse_registry(SHIPPED_REGISTRY.read_text(encoding="utf-8")).events.values()) == []


@given(st.lists(strategies.events(), max_size=6), st.lists(st.integers(0, 5), max_size=3))
def test_an_event_given_again_is_always_found(events: list[Event], again: list[int]) -> None:
    copies = [events[n] for n in again if n < len(events)]
    found = find_similar_events([*events, *copies])
    assert {id(pair.event) for pair in found} >= {id(copy) for copy in copies}


TITLES = st.sampled_from(["Họp giao ban", "họp Giao ban", "Hội thảo CSR", "CSR hội thảo", "Hội thảo gỗ", "Khác"])


@st.composite
def registries(draw: st.DrawFn) -> list[Event]:
    made = draw(st.lists(st.tuples(TITLES, strategies.spans()), max_size=60))
    return [Event(title, id=str(n), start=start, end=end) for n, (title, (start, end)) in enumerate(made)]


@given(registries(), st.integers(0, 60))
def test_beside_a_registry_only_what_may_touch_is_asked_for(events: list[Event], split: int) -> None:
    old, new = events[:split], events[split:]
    found = find_events_similar_to_others(new, lambda query: query.evaluate(old))
    assert [pair.event for pair in found] == [
        pair.event for pair in find_similar_events(events) if int(pair.event.id) >= split
    ]


def test_many_alike_at_one_time_take_no_more_than_a_moment() -> None:
    """Of 3,000 numbered meetings on one day each is compared with few; all with all would take minutes."""
    before = process_time()
    assert find_similar_events([Event(f"Họp giao ban tuần {n}", start=DAY) for n in range(3000)]) == []
    assert process_time() - before < 20
