"""The formats: what was written is read back, and no control character gets out."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from ilocal import formats
from ilocal.errors import Diagnostic, UsageError
from ilocal.formats.csv.event_rows import format_csv_cell, parse_column_mapping
from ilocal.model.event import Event
from ilocal.model.name_lists import split_names
from ilocal.model.serialization import event_to_dict
from tests.support import strategies
from tests.support.formats import READING, dump_events, load_events

READABLE = [
    name
    for name in formats.list_formats()
    if hasattr(formats.get_format(name), "dump") and hasattr(formats.get_format(name), "load")
    if name != "page"  # which says less than an event has; see test_listings.py
]


def test_the_formats_are_found_by_their_files() -> None:
    assert formats.list_formats() == [
        "atom", "csv", "google-csv", "html", "ics", "ids", "json", "jsonl", "md", "outlook-csv", "page", "toml", "tsv", "xlsx",
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


@pytest.mark.parametrize("name", [name for name in formats.list_formats() if hasattr(formats.get_format(name), "dump")])
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
        ("csv", "", "line 1: the file is empty; expected a header"),
        ("csv", "stt,when\n", "line 1: there is no title column"),
        ("csv", "title,title\n", "line 1: two columns have the name title"),
        ("csv", 'title\n"open\n', "line 2: not valid CSV: unexpected end of data"),
        ("csv", "title,start\na,2020\nb\n", "line 3: the row has 1 cells, but the header has 2 columns"),
        ("csv", "title\na\n\0\n", "line 3: the text contains a NUL character"),
        ("json", "", "line 1: not valid JSON: expecting value"),
        ("json", '[{"title": "a"},\n{"title" "b"}]', "line 2: not valid JSON: expecting ':' delimiter"),
        ("json", '{"title": "a"}\n{"title": "b"}', "line 2: not valid JSON: extra data"),
        ("toml", "x = \n", "line 1: x: the field has no value; leave the line out"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_line(name: str, text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        load_events(name, text)
    assert error.value.message == message


@pytest.mark.parametrize(
    ("name", "text", "problems"),
    [
        ("json", '[{"title": "a"},\n 5,\n {"title": 5}]', [(2, "", "expected an object with a title"),
                                                         (3, "title", "expected a string, found a number")]),
        ("jsonl", '{"title": "a"}\n\n{"x\n', [(3, "", "not valid JSON: unterminated string starting at")]),
        ("toml", '[[event]]\ntitle = "a"\n[[event]]\n', [(3, "title", "an event must have a title")]),
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


@given(st.lists(st.text("a;\\\\ ,\"'\n", min_size=1, max_size=5).map(str.strip).filter(bool), min_size=1, max_size=4))
def test_a_separator_inside_an_item_of_a_list_stays_inside(items: list[str]) -> None:
    event = Event("Họp", id="a", topics=tuple(items))
    assert split_names(format_csv_cell(event, "topics")) == items
    assert [one.topics for one in load_events("csv", dump_events("csv", [event])) if isinstance(one, Event)] == [
        tuple(items)
    ]


# -------------------------------------------------------------------------------------------- JSON of other programs

FOREIGN = [
    {"name": "Hội nghị A", "url": "https://example.org/a", "startDate": "2020-03-12", "endDate": "2020-03-14",
     "city": "Hà Nội", "country": "Việt Nam"},
    {"name": "Họp", "startDate": "từ 25 đến 29/02/2020", "city": "Huế"},
]  # fmt: skip
EVENTS = [
    Event("Hội nghị A", start=date(2020, 3, 12), end=date(2020, 3, 14), location="Hà Nội", url="https://example.org/a",
          extra={"country": "Việt Nam"}),
    Event("Họp", start=date(2020, 2, 25), end=date(2020, 2, 29), location="Huế"),
]  # fmt: skip
MAP = {"name": "title", "startDate": "start", "endDate": "end", "city": "location"}


def write_foreign(name: str, items: list[dict[str, Any]]) -> str:
    if name == "json":
        return "\n" + json.dumps(items, ensure_ascii=False)
    return "\n" + "\n".join(json.dumps(item, ensure_ascii=False) for item in items)


def get_refusal(name: str, text: str, mapping: dict[str, str] | None = None) -> tuple[str, str]:
    with pytest.raises(UsageError) as error:
        list(formats.get_format(name).load(text, replace(READING, columns=mapping or {})))
    return error.value.message, error.value.hint


# Case json-of-other-programs, in the form of tech-conferences/conference-data.
@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_keys_of_other_programs_are_named_with_the_mapping_that_may_be_meant(name: str) -> None:
    said, hint = get_refusal(name, write_foreign(name, FOREIGN))
    assert said == "line 2: there is no title key; keys that are not fields: name, startDate, endDate, city, country"
    assert hint.startswith(
        'map the keys to fields with --map "name=title,startDate=start,endDate=end,city=location"; fields: title, id, start, '
    )


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_the_mapping_that_is_hinted_at_reads_them(name: str) -> None:
    hint = get_refusal(name, write_foreign(name, FOREIGN))[1].split('"')[1]
    assert parse_column_mapping([hint]) == MAP
    found = list(formats.get_format(name).load(write_foreign(name, FOREIGN), replace(READING, columns=MAP)))
    assert [replace(event, source_line=0) for event in found] == EVENTS


def test_objects_inside_are_reached_by_a_path() -> None:
    # As schema.org writes an event: https://schema.org/Event.
    items = [{
        "@type": "Event", "name": "Họp", "startDate": "2020-03-12T08:00", "location": {"@type": "Place", "name": "Huế"},
        "organizer": {"@type": "Organization", "name": "ILO"}, "description": "Mô tả.",
    }]  # fmt: skip
    mapping = parse_column_mapping([get_refusal("json", json.dumps(items))[1].split('"')[1]])
    assert mapping == {
        "name": "title", "startDate": "start", "location.name": "location", "organizer.name": "organizers",
    }  # fmt: skip
    (event,) = formats.get_format("json").load(json.dumps(items), replace(READING, columns=mapping))
    assert event == Event(
        "Họp", start=datetime(2020, 3, 12, 8), location="Huế", organizers=("ILO",), description="Mô tả.",
        extra={"@type": "Event"}, source_line=1,
    )  # fmt: skip


def test_a_mapping_means_for_keys_what_it_means_for_columns() -> None:
    text = '[{"TÊN": "Họp", "Ngày": "25-29/02/2020"}, {"title": "A", "Tên": "B"}, {"Tên": "C", "Ngày": "soon"}]'
    event, twice, unread = formats.get_format("json").load(
        text, replace(READING, columns={"ten": "title", "ngay": "when"})
    )
    assert event == Event("Họp", start=date(2020, 2, 25), end=date(2020, 2, 29), source_line=1)
    assert (twice.field, twice.message) == ("title", "two keys have the name title")
    assert (unread.field, unread.message) == ("when", 'cannot read "soon" as a date')
    assert get_refusal("json", text, {"Name": "title"}) == (
        'line 1: there is no key "Name"',
        "keys: TÊN, Ngày, title, Tên",
    )
    assert (
        get_refusal("json", text, {"Tên": "action"})[0]
        == "a JSON key cannot be mapped to action, which exists only in tables"
    )


def test_a_list_inside_of_one_object_is_named() -> None:
    assert get_refusal("json", '{"v": 1, "events": [{"name": "A"}]}') == (
        'line 1: the list of events is in the key "events"',
        "to import only this list, run: jq .events FILE | ilocal import -f json -",
    )


def test_an_event_without_a_title_among_others_is_a_problem_of_its_own() -> None:
    _event, problem = load_events("json", '[{"title": "A"}, {"name": "B"}]')
    assert isinstance(problem, Diagnostic)
    assert (problem.field, problem.message) == ("title", "an event must have a title")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("json", '[\n{"title": "A",\n"start": "2020",\n"title": "B"}]', (4, "title")),
        ("json", '{"title": "A",\n"x": [{"a": 1,\n"\\u0061": "{\\"a\\": 1}"}]}', (3, "a")),
        ("json", '[{"title": "A"},\n\n{"title": "a", "name": 1,\n"name": 2}]', (4, "name")),
        ("jsonl", '{"title": "A"}\n{"title": "A", "title": "A"}\n', (2, "title")),
    ],
)
def test_a_key_twice_in_one_object_is_named_with_its_line(name: str, text: str, problem: tuple[int, str]) -> None:
    found = [item for item in load_events(name, text) if isinstance(item, Diagnostic)]
    assert [(one.line, one.field, one.message) for one in found] == [
        (*problem, "the key appears twice in the same object")
    ]


@pytest.mark.parametrize(
    "text", ['[{"title": "A", "x": [{"a": 1}, {"a": 1}], "y": {"title": "a"}}]', '[{"title": "a: \\"title\\":"}]']
)
def test_a_key_in_several_objects_is_none_that_stands_twice(text: str) -> None:
    assert isinstance(load_events("json", text)[0], Event)
