"""What a question means."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ilocal.block import render
from ilocal.dates import Days, Month
from ilocal.errors import UsageError
from ilocal.event import Event, Section
from ilocal.query import Query, field_named, read_term
from ilocal.workspace import Workspace

ALIASES = {"LĐTE": ("lao động trẻ em", "child labour"), "CSR": ("trách nhiệm xã hội",)}
SURVEY = Event(
    "Khảo sát cuối kì về thủy sản",
    id="a",
    start=date(2020, 2, 25),
    end=date(2020, 2, 29),
    topics=("LĐTE",),
    location="Khách sạn Melia, Hà Nội",
    description="Phòng ngừa lao động trẻ em; CSR/RBC.",
    sections=(Section("Mục tiêu", "- Bộ Luật 2019"),),
)
FOUND = [
    "khảo sát", "khao sat", "KHAO SAT", "Khảo Sát", "cuối kỳ", "cuối kì", "cuoi ky", "thuỷ sản", "thuy san", "LĐTE", "ldte",
    "lao động trẻ em", "lao dong", "child labour", "phòng ngừa LĐTE", "trách nhiệm xã hội", "csr rbc", "CSR/RBC", "thuy*",
    "th*", "khảo s*", "k*", "luật 2019", "title:khảo sát", "topic:lđte", "topics:ldte", "location:hà nội", "section:mục tiêu",
    "id:a", "Mục tiêu", '"khảo sát"', "(khao) sat",
]  # fmt: skip
NOT_FOUND = [
    "khào sát", "sat khao", "động đông", "đong", "thúy", "sản về", "title:lao động",
    "location:melia nội", "sát kì", "khoan*", "thù*", "hay", "tiêu bộ", "kì*x",
]  # fmt: skip


@pytest.mark.parametrize("text", FOUND)
def test_finds(text: str) -> None:
    assert read_term(text, ALIASES).matches(SURVEY)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_does_not_find(text: str) -> None:
    assert not read_term(text, ALIASES).matches(SURVEY)


@pytest.mark.parametrize("text", ["", "  ", "*", "&", "title:", "–"])
def test_a_term_needs_a_word(text: str) -> None:
    with pytest.raises(UsageError, match="nothing to search for"):
        read_term(text, {})


@pytest.mark.parametrize(
    "text", ['"', "a OR b", "NEAR(a b)", "a AND", "x:y", "-a", "^a", "a'; DROP TABLE event", "[a", "%", "_a"]
)
def test_nothing_typed_is_syntax(tmp_path: Path, text: str) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(render(Event("x", id="x", description=text + " a")), encoding="utf-8")
    if any(map(str.isalnum, text)):
        found = Workspace(registry).select(Query(terms=(read_term(text, {}),)))
        assert [event.id for event in found] == ["x"]


def test_a_match_is_where_it_stands_in_composed_text() -> None:
    assert read_term("cuối kỳ", {}).spans("Khảo sát cuối kì, cuối kỳ") == [(9, 16), (18, 25)]
    assert read_term("cuoi*", {}).spans("cuo\u0302\u0301i ¼") == [(0, 6)]


def test_a_group_of_days_is_any_and_groups_are_all() -> None:
    february, march = Days(date(2020, 2, 1), date(2020, 2, 29)), Days(date(2020, 3, 1), date(2020, 3, 31))
    assert Query(touching=((february, march),)).matches(SURVEY)
    assert not Query(touching=((february,), (march,))).matches(SURVEY)
    assert Query(touching=((Days(date(2020, 2, 29), date.max),),)).matches(SURVEY)
    assert not Query(touching=((Days(date.min, date.max),),)).matches(Event("undated"))


def test_upcoming_is_what_may_not_be_over() -> None:
    day = date(2020, 2, 29)
    assert Query(upcoming=day).matches(SURVEY)
    assert not Query(upcoming=date(2020, 3, 1)).matches(SURVEY)
    assert Query(upcoming=day).matches(Event("a", start=Month(2020, 2)))
    assert Query(upcoming=day).matches(Event("to be announced"))


def test_names_are_whole_but_a_place_may_be_a_part() -> None:
    assert Query(values=(("location", ("ha noi",)),)).matches(SURVEY)
    assert not Query(values=(("location", ("noi khach",)),)).matches(SURVEY)
    assert not Query(values=(("topics", ("lao dong",)),)).matches(SURVEY)
    assert Query(values=(("status", ("confirmed", "")),)).matches(SURVEY)
    assert Query(missing=("kind",)).matches(SURVEY)
    assert not Query(missing=("topics",)).matches(SURVEY)


def test_dates_order_with_the_undated_last_and_equal_ones_as_they_stand() -> None:
    events = [
        Event("x"), Event("one", start=date(2020, 1, 1)), Event("two", start=date(2020, 1, 1), end=date(2020, 4, 30)),
        Event("late", start=date(2020, 2, 1)), Event("vague", start=Month(2020, 2)),
    ]  # fmt: skip
    assert [e.title for e in Query(descending=True).answer(events)] == ["late", "vague", "one", "two", "x"]
    assert [e.title for e in Query().answer(events)] == ["one", "two", "late", "vague", "x"]
    assert [e.title for e in Query(sort="title", limit=2).answer(events)] == ["late", "one"]


def test_an_unknown_field_lists_the_known() -> None:
    assert field_named("Topic") == "topics"
    with pytest.raises(UsageError) as error:
        field_named("colour")
    assert "title, " in error.value.hint
