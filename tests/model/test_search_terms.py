"""Search terms: words that find an event, and words that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.errors import UsageError
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.model.search_terms import parse_search_term
from ilocal.storage.toml.event_writer import format_event_block
from ilocal.workspace import Registry
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.registry import SURVEY_EVENT


def test_search_finds_what_a_reader_would_find() -> None:
    workspace = Registry(SHIPPED_REGISTRY)

    def found(*arguments: str) -> list[str]:
        terms = tuple(parse_search_term(text, workspace.info.aliases) for text in arguments)
        return [event.id for event in workspace.select(Query(terms=terms))]

    texts = {event.id: f"{event.title} {event.description}".casefold() for event in workspace.select(Query())}
    child_labour = [id for id, text in texts.items() if "lao động trẻ em" in text or "lđte" in text]
    assert sorted(found("LĐTE")) == sorted(found("lao dong tre em")) == sorted(child_labour)
    assert len(child_labour) == 9
    assert found("cuối kỳ") == found("cuoi ki") == [id for id in found("cuối") if "cuối k" in texts[id]]
    assert len(found("cuối kỳ")) == 2
    assert found("thuỷ sản") == found("thuy san") == [id for id in found("thủy") if "thủy sản" in texts[id]]
    assert len(found("thuỷ sản")) == 2
    assert found("lao động", "dong lao") == []


ALIASES = {"LĐTE": ("lao động trẻ em", "child labour"), "CSR": ("trách nhiệm xã hội",)}

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
    assert parse_search_term(text, ALIASES).matches(SURVEY_EVENT)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_does_not_find(text: str) -> None:
    assert not parse_search_term(text, ALIASES).matches(SURVEY_EVENT)


@pytest.mark.parametrize("text", ["", "  ", "*", "&", "title:", "–"])
def test_a_term_needs_a_word(text: str) -> None:
    with pytest.raises(UsageError, match="contains no words to search for"):
        parse_search_term(text, {})


@pytest.mark.parametrize(
    "text", ['"', "a OR b", "NEAR(a b)", "a AND", "x:y", "-a", "^a", "a'; DROP TABLE event", "[a", "%", "_a"]
)
def test_nothing_typed_is_syntax(tmp_path: Path, text: str) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(format_event_block(Event("x", id="x", description=text + " a")), encoding="utf-8")
    if any(map(str.isalnum, text)):
        found = Registry(registry).select(Query(terms=(parse_search_term(text, {}),)))
        assert [event.id for event in found] == ["x"]


def test_a_match_is_where_it_stands_in_composed_text() -> None:
    assert parse_search_term("cuối kỳ", {}).find_spans("Khảo sát cuối kì, cuối kỳ") == [(9, 16), (18, 25)]
    assert parse_search_term("cuoi*", {}).find_spans("cuo\u0302\u0301i ¼") == [(0, 6)]
