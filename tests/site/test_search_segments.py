"""How the index of the search is cut into files, and what an edit changes in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.dates import Month, PartialDate, Year, date_sort_key
from ilocal.model.event import Event
from ilocal.site.search_segments import (
    YEARS_FILE,
    collect_words_of_site_search,
    parse_years_of_site_search,
    plan_site_search_scripts,
)
from tests.support import strategies
from tests.support.browser_search import make_search_files

EVENTS = [
    Event("Họp", id="a", start=date(2020, 2, 20), location="Hà Nội"),
    Event("Hội nghị", id="b"),
    Event("Lễ", id="c", start=Month(2019, 11), status="cancelled"),
    Event("Họp", id="d", start=datetime(2020, 2, 20, 8, 30)),
]
FILES = {
    "search/2020.js": """\
ilocalSegment("2020", [
{"links":{"":["event/d.html","Họp","vi",""]},"texts":[{"title":["Họp"],"id":["d"]}]},
{"links":{"":["event/a.html","Họp","vi",""]},"texts":[{"title":["Họp"],"location":["Hà Nội"],"id":["a"]}]}
]);
""",
    "search/2019.js": """\
ilocalSegment("2019", [
{"links":{"":["event/c.html","Lễ","vi",""]},"texts":[{"title":["Lễ"],"id":["c"],"status":["cancelled"]}]}
]);
""",
    "search/tba.js": """\
ilocalSegment("tba", [
{"links":{"":["event/b.html","Hội nghị","vi",""]},"texts":[{"title":["Hội nghị"],"id":["b"]}]}
]);
""",
}


def read_index(text: str) -> Mapping[str, object]:
    """Return what a `years.js` tells."""
    index: Mapping[str, object] = json.loads(text.removeprefix("ilocalYears(").removesuffix(");\n"))
    return index


def test_files_of_a_small_registry() -> None:
    files = make_search_files(EVENTS, {"HN": ["Hà Nội"]})
    index = read_index(files.pop(YEARS_FILE))
    assert files == FILES
    assert index["segments"] == [["2020", 2], ["2019", 1], ["tba", 1]]
    assert index["aliases"] == [["HN", ["Hà Nội"]]]
    # Tones stand at the end of a word, as in `normalize_word`.
    assert index["words"] == [["0", "a d hop\u0323 hà nôị"], ["2", "b hôị nghị"], ["1", "c cancelled lễ"]]


@pytest.mark.parametrize(
    ("starts", "names"),
    [
        ([date(2020, 1, 1)] * 2000, ["2020"]),
        ([date(2020, month, 1) for month in (3, 5, 12)] * 700, ["2020-q4", "2020-q2", "2020-q1"]),
        ([date(2020, 1, 1)] * 1000 + [date(2020, 3, 1)] * 2000, ["2020-03", "2020-01"]),
        ([date(2020, 1, 1)] * 5000 + [Year(2019), Month(2019, 6)], ["2020-01", "2019"]),
    ],
)
def test_large_years_are_cut_by_quarter_and_large_quarters_by_month(
    starts: list[PartialDate], names: list[str]
) -> None:
    assert [segment.name for segment in plan_site_search_scripts(starts)] == names


@given(st.lists(strategies.placed, max_size=30))
def test_segments_in_order_hold_every_event_newest_first(events: list[Event]) -> None:
    """Equal dates as they stand in the registry, and what has no date last."""
    dated = sorted((e for e in events if e.start), key=lambda e: date_sort_key(e.start or Year(1)), reverse=True)
    found = [
        events[at] for segment in plan_site_search_scripts([event.start for event in events]) for at in segment.members
    ]
    assert list(map(id, found)) == list(map(id, [*dated, *(e for e in events if e.start is None)]))


@given(st.lists(strategies.any_events(), max_size=8))
def test_words_are_read_back_from_the_index(events: list[Event]) -> None:
    """So that a build needs to split no text of a segment that has not changed."""
    files = make_search_files(events, {"a": ["b"]})
    found = parse_years_of_site_search(files.pop(YEARS_FILE))
    assert {f"search/{name}.js": sorted(words) for name, words in found.items()} == {
        path: collect_words_of_site_search(script) for path, script in files.items()
    }


@pytest.mark.parametrize(
    "text", ["", "ilocalYears({});\n", "alert(1)", 'ilocalYears({"segments":[],"words":[["7","a"]]});\n']
)
def test_nothing_is_read_from_another_file(text: str) -> None:
    assert parse_years_of_site_search(text) == {}


def test_an_edit_changes_the_file_of_its_year_alone() -> None:
    events = [Event(f"Họp {n}", id=f"e{n}", start=date(2015, 1, 1) + timedelta(days=40 * n)) for n in range(60)]
    before = make_search_files(events, {})
    events[7] = replace(events[7], location=events[8].title)  # words that its year has
    after = make_search_files(events, {})
    assert [path for path in before if before[path] != after[path]] == ["search/2015.js"]
