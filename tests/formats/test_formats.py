"""The formats: what was written is read back, and no control character gets out."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from ilocal import formats
from ilocal.errors import Diagnostic, UsageError
from ilocal.model.event import Event
from ilocal.model.serialization import event_to_dict
from tests.support import strategies
from tests.support.formats import dump_events, load_events

READABLE = [
    name
    for name in formats.list_formats()
    if hasattr(formats.get_format(name), "dump") and hasattr(formats.get_format(name), "load")
    if name != "page"  # which says less than an event has; see test_listings.py
]


def test_the_formats_are_found_by_their_files() -> None:
    assert formats.list_formats() == [
        "csv", "google-csv", "ics", "ids", "json", "jsonl", "md", "outlook-csv", "page", "toml", "tsv",
    ]  # fmt: skip
    assert READABLE == ["csv", "ics", "json", "jsonl", "toml"]


@pytest.mark.parametrize("name", ["json", "jsonl", "toml"])
@given(events=st.lists(strategies.events(), max_size=3))
def test_what_was_written_is_read_back(name: str, events: list[Event]) -> None:
    assert load_events(name, dump_events(name, events)) == events


@pytest.mark.parametrize("name", ["json", "jsonl", "toml"])
@given(event=strategies.series())
def test_a_series_is_read_back_with_what_its_occurrences_have_otherwise(name: str, event: Event) -> None:
    assert load_events(name, dump_events(name, [event])) == [event]


@pytest.mark.parametrize("name", formats.list_formats())
@given(events=st.lists(strategies.events(), max_size=2))
def test_no_control_character_gets_out(name: str, events: list[Event]) -> None:
    line_end = "\r\n" if name == "ics" else "\n"
    text = dump_events(name, events)
    assert {letter for letter in text if unicodedata.category(letter) in ("Cc", "Zl", "Zp")} <= {"\n", "\t", *line_end}
    text.encode()


@given(st.lists(strategies.events(), max_size=3))
def test_json_is_json_and_an_object_a_line_is_one_event(events: list[Event]) -> None:
    plain = [event_to_dict(event) for event in events]
    assert json.loads(dump_events("json", events)) == plain
    assert [json.loads(line) for line in dump_events("jsonl", events).splitlines()] == plain


@given(st.lists(strategies.events(), max_size=3))
def test_tsv_has_a_line_an_event_and_the_same_number_of_cells(events: list[Event]) -> None:
    lines = dump_events("tsv", events).removesuffix("\n").split("\n")
    assert len(lines) == len(events) + 1
    assert len({line.count("\t") for line in lines}) == 1


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
        load_events(name, text)
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
    found = load_events(name, text)
    assert [item.title for item in found if isinstance(item, Event)] == ["a"]
    got = [(item.line, item.field, item.message) for item in found if isinstance(item, Diagnostic)]
    assert [(line, field) for line, field, _ in got] == [(line, field) for line, field, _ in problems]
    assert all(message.startswith(wanted[:30]) for (_, _, message), (_, _, wanted) in zip(got, problems, strict=True))


@pytest.mark.parametrize("name", READABLE)
def test_a_text_is_recognised_as_what_it_is(name: str) -> None:
    text = dump_events(name, [Event("Họp", start=date(2020, 2, 20)), Event("[[x]]", description="a\n\nb")])
    module: Any = formats.find_format_by_content(text)
    assert module.__name__.endswith(f".{name}")


def test_a_registry_read_as_toml_keeps_its_ids_and_makes_none() -> None:
    text = '[registry]\ntitle = "x"\n[[event]]\nid = "a"\ntitle = "A"\n[[event]]\ntitle = "B"\n'
    assert [item.id for item in load_events("toml", text) if isinstance(item, Event)] == ["a", ""]
    assert tomli.loads(dump_events("toml", [Event("A", id="a")])) == {"event": [{"id": "a", "title": "A"}]}
