"""Events written down twice: found where titles and dates nearly agree, said, and never merged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.dates import Month
from ilocal.duplicates import beside, pairs
from ilocal.event import Event
from tests.conftest import SHIPPED, Ilocal, parsed
from tests.support import strategies

DAY = date(2020, 2, 25)


def alike(first: str, second: str, **fields: str) -> bool:
    return len(pairs([Event(first, start=DAY, location="Hà Nội"), Event(second, start=DAY, **fields)])) == 1  # type: ignore[arg-type]


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
    assert alike(first, second)
    assert alike(first, second, location="Khách sạn Melia, Hà Nội")


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
    assert not alike(first, second)


def test_other_dates_and_other_places_are_other_events() -> None:
    title = "Hội thảo về CSR trong ngành chế biến gỗ"
    one = Event(title, id="a", start=DAY, end=date(2020, 2, 28), location="Hà Nội")
    assert pairs([one, Event(f"{title} 2020", start=date(2020, 2, 28))]) != []
    assert pairs([one, Event(f"{title} 2020", start=Month(2020, 2))]) != []
    assert pairs([one, Event(f"{title} 2020", start=date(2020, 2, 29))]) == []
    assert pairs([one, Event(title)]) == []
    assert pairs([one, Event(f"{title} 2020", start=DAY, location="Cần Thơ")]) == []
    assert pairs([Event(title), Event(title)]) != []
    weekly = Event(title, start=date(2020, 2, 1), rrule="FREQ=WEEKLY")
    assert pairs([one, weekly]) == []  # of a series, only its first day counts


def test_no_event_of_the_shipped_registry_is_taken_for_another() -> None:
    assert pairs(parsed(SHIPPED.read_text(encoding="utf-8")).events.values()) == []


@given(st.lists(strategies.events(), max_size=6), st.lists(st.integers(0, 5), max_size=3))
def test_an_event_given_again_is_always_found(events: list[Event], again: list[int]) -> None:
    copies = [events[n] for n in again if n < len(events)]
    found = pairs([*events, *copies])
    assert {id(pair.event) for pair in found} >= {id(copy) for copy in copies}


TITLES = st.sampled_from(["Họp giao ban", "họp Giao ban", "Hội thảo CSR", "CSR hội thảo", "Hội thảo gỗ", "Khác"])


@st.composite
def registries(draw: st.DrawFn) -> list[Event]:
    made = draw(st.lists(st.tuples(TITLES, strategies.spans()), max_size=60))
    return [Event(title, id=str(n), start=start, end=end) for n, (title, (start, end)) in enumerate(made)]


@given(registries(), st.integers(0, 60))
def test_beside_a_registry_only_what_may_touch_is_asked_for(events: list[Event], split: int) -> None:
    old, new = events[:split], events[split:]
    found = beside(new, lambda query: query.answer(old))
    assert [pair.event for pair in found] == [pair.event for pair in pairs(events) if int(pair.event.id) >= split]


def test_many_alike_at_one_time_take_no_more_than_a_moment() -> None:
    """Of 3,000 numbered meetings on one day each is compared with few; all with all would take minutes."""
    before = process_time()
    assert pairs([Event(f"Họp giao ban tuần {n}", start=DAY) for n in range(3000)]) == []
    assert process_time() - before < 20


TWICE = """\
[[event]]
id = "2020-hoi-thao"
title = "Hội thảo về CSR trong ngành chế biến gỗ"
start = 2020-02-25
end = 2020-02-28

[[event]]
id = "2020-csr"
start = 2020-02-27
title = "Hội thảo: CSR trong ngành chế bíên gỗ"
"""


def test_check_names_what_resembles_an_event_before_it(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(TWICE, encoding="utf-8")
    assert ilocal("check") == (
        0,
        'events.toml:10: title: like "2020-hoi-thao" (events.toml:1): is it the same event?\n',
        "2 events, 0 errors, 1 warning\n",
    )
    assert ilocal("check", "--strict").code == 3


def test_import_names_what_resembles_the_registry_or_its_own_file(ilocal: Ilocal, registry: Path) -> None:
    text = '{"title": "Họp: nhóm cố vấn CSR 2020", "start": "2020-02-20"}\n'
    text += '{"title": "Hội nghị"}\n{"title": "Họp đầu năm các dự án 2021", "start": "2021"}\n{"title": "Họp đàu năm các dự án", "start": "2021-02"}\n'
    Path("a.jsonl").write_text(text, encoding="utf-8")
    warned = (
        "4 new, 0 updated, 0 unchanged, 0 rejected\n"
        'ilocal: warning: 2020-hop-nhom-co-van-csr-2020: like "2020-hop" (events.toml:19): is it the same event?\n'
        'ilocal: warning: 2021-hop-dau-nam-cac-du-an: like "2021-hop-dau-nam-cac-du-an-2021": is it the same event?\n'
    )
    assert ilocal("import", "a.jsonl", "--dry-run").err == "would be: " + warned
    result = ilocal("import", "a.jsonl")
    assert (result.code, result.out.count("new "), result.err) == (0, 4, warned)
    assert ilocal("import", "a.jsonl").err == "0 new, 0 updated, 4 unchanged, 0 rejected\n"
