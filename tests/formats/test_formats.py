"""The formats: what was written is read back, and no control character gets out."""

from __future__ import annotations

import csv
import json
import unicodedata
from datetime import date
from io import StringIO
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from ilocal import formats
from ilocal.errors import Problem, UsageError
from ilocal.event import Event
from ilocal.formats import Entry, Reading, Writing
from ilocal.formats.csv import split_list
from ilocal.plain import to_plain
from ilocal.text import safe
from tests.support import strategies

HOW = Reading(date(2020, 2, 20))
READABLE = [
    name
    for name in formats.names()
    if hasattr(formats.named(name), "dump") and hasattr(formats.named(name), "load")
    if name != "page"  # which says less than an event has; see test_listings.py
]
clean = strategies.texts.map(safe)
clean_events = strategies.events(text=clean, title=strategies.titles.map(safe))
clean_series = strategies.series(text=clean, title=strategies.titles.map(safe))


def dumped(name: str, events: list[Event], how: Writing = Writing()) -> str:  # noqa: B008
    return "".join(formats.named(name).dump(events, how))


def loaded(name: str, text: str) -> list[Event | Problem]:
    found = formats.named(name).load(text, HOW)
    return [item.event if isinstance(item, Entry) else item for item in found]


def test_the_formats_are_found_by_their_files() -> None:
    assert formats.names() == [
        "csv", "google-csv", "ics", "ids", "json", "jsonl", "md", "outlook-csv", "page", "toml", "tsv",
    ]  # fmt: skip
    assert READABLE == ["csv", "ics", "json", "jsonl", "toml"]


@pytest.mark.parametrize("name", ["json", "jsonl", "toml"])
@given(events=st.lists(strategies.events(), max_size=3))
def test_what_was_written_is_read_back(name: str, events: list[Event]) -> None:
    assert loaded(name, dumped(name, events)) == events


@pytest.mark.parametrize("name", ["json", "jsonl", "toml"])
@given(event=strategies.series())
def test_a_series_is_read_back_with_what_its_occurrences_have_otherwise(name: str, event: Event) -> None:
    assert loaded(name, dumped(name, [event])) == [event]


@given(events=st.lists(st.one_of(clean_events, clean_series), max_size=3), how=st.builds(Writing, excel=st.booleans()))
def test_csv_is_read_back_but_for_control_characters(events: list[Event], how: Writing) -> None:
    assert loaded("csv", dumped("csv", events, how)) == events


@pytest.mark.parametrize("name", formats.names())
@given(events=st.lists(strategies.events(), max_size=2))
def test_no_control_character_gets_out(name: str, events: list[Event]) -> None:
    line_end = "\r\n" if name == "ics" else "\n"
    text = dumped(name, events)
    assert {letter for letter in text if unicodedata.category(letter) in ("Cc", "Zl", "Zp")} <= {"\n", "\t", *line_end}
    text.encode()


@given(st.lists(strategies.events(), max_size=3))
def test_json_is_json_and_an_object_a_line_is_one_event(events: list[Event]) -> None:
    plain = [to_plain(event) for event in events]
    assert json.loads(dumped("json", events)) == plain
    assert [json.loads(line) for line in dumped("jsonl", events).splitlines()] == plain


@given(st.lists(strategies.events(), max_size=3))
def test_tsv_has_a_line_an_event_and_the_same_number_of_cells(events: list[Event]) -> None:
    lines = dumped("tsv", events).removesuffix("\n").split("\n")
    assert len(lines) == len(events) + 1
    assert len({line.count("\t") for line in lines}) == 1


@given(st.lists(strategies.events(), max_size=3))
def test_no_csv_cell_is_a_formula(events: list[Event]) -> None:
    rows = list(csv.reader(StringIO(dumped("csv", events)), strict=True))
    assert len(rows) == len(events) + 1
    assert not [cell for row in rows[1:] for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\n"))]


def test_csv_looks_as_the_contract_says() -> None:
    event = Event("=1+1", id="a", start=date(2020, 2, 20), topics=("CSR", "thủy; sản"), description='một\n"hai", ba')
    how = Writing(("id", "title", "start", "topics", "description", "when"))
    assert dumped("csv", [event], how) == (
        "id,title,start,topics,description,when\n"
        'a,\'=1+1,2020-02-20,CSR; thủy\\; sản,"một\n""hai"", ba",2020/02/20\n'
    )  # fmt: skip
    assert dumped("csv", [event], Writing(("title",), raw=True)) == "title\n=1+1\n"
    assert dumped("csv", [event], Writing(("title",), excel=True)) == "\ufefftitle\r\n'=1+1\r\n"
    assert dumped("ids", [event]) == "a\n"


def test_csv_as_people_have_it() -> None:
    text = '\ufeffTitle;Start;Topics;Ngày\r\nHọp;25-29/02/2020;"CSR ; gỗ";x\r\n;;;\r\nKhảo sát;31/02/2020;;\r\nb;"tháng 2/2020";;\r\n'
    found = loaded("csv", text.removeprefix("\ufeff"))
    assert [item if isinstance(item, str) else (type(item).__name__, getattr(item, "line", 0)) for item in found] == [
        ("Problem", 1), ("Event", 0), ("Problem", 4), ("Event", 0),
    ]  # fmt: skip
    assert [str(item.message) for item in found if isinstance(item, Problem)] == [
        'the column "ngày" is no field and is passed over',
        'cannot read "31/02/2020" as a date: February 2020 has 29 days',
    ]
    (event,) = loaded("csv", "title,start,topics\r\nHọp,25-29/02/2020,CSR ; gỗ\r\n")
    assert event == Event("Họp", start=date(2020, 2, 25), end=date(2020, 2, 29), topics=("CSR", "gỗ"))


@pytest.mark.parametrize(
    ("text", "items"),
    [("a; b", ["a", "b"]), ("a;b ;; ", ["a", "b"]), (r"a\; b; c\\", ["a; b", "c\\"]), ("", []), ("\\", ["\\"])],
)
def test_lists_in_a_cell(text: str, items: list[str]) -> None:
    assert split_list(text) == items


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("csv", "", "line 1: an empty file, and a header is wanted"),
        ("csv", "name,when\n", "line 1: there is no column title"),
        ("csv", "title,title\n", "line 1: two columns are called title"),
        ("csv", 'title\n"open\n', "line 2: not valid CSV: unexpected end of data"),
        ("csv", "title,start\na,2020\nb\n", "line 3: 1 cells under 2 columns"),
        ("csv", "title\na\n\0\n", "line 3: a NUL character, which no text has"),
        ("json", "", "line 1: not valid JSON: expecting value"),
        ("json", '[{"title": "a"},\n{"title" "b"}]', "line 2: not valid JSON: expecting ':' delimiter"),
        ("json", '{"title": "a"}\n{"title": "b"}', "line 2: not valid JSON: extra data"),
        ("toml", "x = \n", "line 1: not valid TOML: invalid value"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_line(name: str, text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        loaded(name, text)
    assert error.value.message == message


@pytest.mark.parametrize(
    ("name", "text", "problems"),
    [
        ("json", '[{"title": "a"},\n 5,\n {"title": 5}]', [(2, "", "an object with a title is wanted here"),
                                                         (3, "title", "text is wanted here, not a number")]),
        ("jsonl", '{"title": "a"}\n\n{"x\n', [(3, "", "not valid JSON: unterminated string starting at")]),
        ("toml", '[[event]]\ntitle = "a"\n[[event]]\n', [(3, "title", "an event needs a title")]),
    ],
)  # fmt: skip
def test_one_bad_event_hides_no_other(name: str, text: str, problems: list[tuple[int, str, str]]) -> None:
    found = loaded(name, text)
    assert [item.title for item in found if isinstance(item, Event)] == ["a"]
    got = [(item.line, item.field, item.message) for item in found if isinstance(item, Problem)]
    assert [(line, field) for line, field, _ in got] == [(line, field) for line, field, _ in problems]
    assert all(message.startswith(wanted[:30]) for (_, _, message), (_, _, wanted) in zip(got, problems, strict=True))


@pytest.mark.parametrize("name", READABLE)
def test_a_text_is_recognised_as_what_it_is(name: str) -> None:
    text = dumped(name, [Event("Họp", start=date(2020, 2, 20)), Event("[[x]]", description="a\n\nb")])
    module: Any = formats.by_content(text)
    assert module.__name__.endswith(f".{name}")


def test_a_registry_read_as_toml_keeps_its_ids_and_makes_none() -> None:
    text = '[registry]\ntitle = "x"\n[[event]]\nid = "a"\ntitle = "A"\n[[event]]\ntitle = "B"\n'
    assert [item.id for item in loaded("toml", text) if isinstance(item, Event)] == ["a", ""]
    assert tomli.loads(dumped("toml", [Event("A", id="a")])) == {"event": [{"id": "a", "title": "A"}]}
