"""Keys of an event changed in its own lines, with comments in their places."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import IlocalError, RegistryError
from ilocal.model.event import Event
from ilocal.storage.loader import parse_event_block
from ilocal.storage.toml.scanner import find_toml_comments
from tests.support import strategies
from tests.support.registry import FOUR_EVENTS, find_event, open_transaction, parse_registry, render_transaction


@given(strategies.registry_texts(least=1), strategies.any_events(), st.data())
def test_edit_changes_the_lines_of_one_event_and_no_other(text: str, other: Event, data: st.DataObject) -> None:
    registry = parse_registry(text)
    id = data.draw(st.sampled_from(sorted(registry.events)))
    before = registry.events[id]
    names = data.draw(st.lists(st.sampled_from(["title", "location", "topics", "description", "sections"]), min_size=1))
    if data.draw(st.booleans()):  # what recurs hangs together, and on the start
        names = [*names, "start", "end", "timezone", "rrule", "rdates", "exdates", "overrides", "uid"]
    after = replace(before, **{name: getattr(other, name) for name in names})
    draft = open_transaction(text)
    draft.update(id, after)
    try:
        new = render_transaction(draft)
    except RegistryError:  # a section that goes would take a key of its owner's with it
        assert {"sections", "overrides"} & {*names}
        table = registry.locations[id].block.table or {}
        assert any(section.keys() - {"heading", "body"} for section in table["section"])
        return
    assert parse_registry(new).events[id] == after
    document, piece = registry.locations[id]
    assert new.encode().startswith(document.data[: piece.start])
    assert new.encode().endswith(document.data[piece.end :])
    if "sections" not in names:
        assert not [
            found.group()
            for found in find_toml_comments(document.get_block_text(piece))
            if found.group().strip() not in new
        ]


def test_an_empty_text_of_an_owners_key_can_be_put_where_there_was_none() -> None:
    text = '[[event]]\nid = "a"\ntitle = "A"\nstart = 2018-12-01\n\n[[event.override]]\nrecurrence_id = 2018-12-01\n'
    event = parse_registry(text).events["a"]
    draft = open_transaction(text)
    draft.update("a", replace(event, extra={"note": ""}, overrides=(replace(event.overrides[0], extra={"room": ""}),)))
    assert render_transaction(draft) == (
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2018-12-01\nnote = ""\n\n'
        '[[event.override]]\nrecurrence_id = 2018-12-01\nroom = ""\n'
    )


def test_an_edit_shows_in_a_diff_as_its_own_lines() -> None:
    draft = open_transaction(FOUR_EVENTS)
    old = find_event(draft, "2020-khao-sat")
    draft.update(old.id, replace(old, end=date(2020, 3, 1), topics=("LĐTE", "CSR"), location="Huế"))
    diff = list(difflib.unified_diff(FOUR_EVENTS.split("\n"), render_transaction(draft).split("\n"), n=0, lineterm=""))[
        2:
    ]
    assert diff == [
        "@@ -14,2 +14,3 @@",
        "-end = 2020-02-29  # the last day",
        '-topics = ["lao động trẻ em"]',
        "+end = 2020-03-01  # the last day",
        '+location = "Huế"',
        '+topics = ["LĐTE", "CSR"]',
    ]


def test_comments_stay_where_a_value_changes_or_goes() -> None:
    text = '[[event]]\n# top\ntitle   =   "T"  # the title\ntopics = [\n  "a", # first\n  "b",\n] # all\nend = 2020-02-21 # e\nstart = 2020-02-20\n'
    draft = open_transaction(text)
    (event,) = parse_registry(text).events.values()
    draft.update(event.id, replace(event, title="N # x", topics=("z",), end=None))
    assert render_transaction(draft) == (
        f'[[event]]\nid = "{event.id}"\n# top\ntitle   =   "N # x"  # the title\n# first\ntopics = ["z"]  # all\n# e\n'
        "start = 2020-02-20\n"
    )


def test_a_hash_that_ends_a_string_is_no_comment() -> None:
    text = '[[event]]\ntitle = "A"\ndescription = """\nText\n#ILO #CSR"""\n[[event]]\ntitle = "B"\n'
    draft = open_transaction(text)
    assert list(parse_registry(text).events) == ["tba-a", "tba-b"]
    draft.remove("tba-a")
    assert render_transaction(draft) == '[[event]]\ntitle = "B"\n'


@pytest.mark.parametrize(
    "text", ["", "x = 1\n", '[[event]]\ntitle="a"\n[[event]]\ntitle="b"\n', "[[event]]\nstart=1\n", "[["]
)
def test_an_edited_block_is_exactly_one_event(text: str) -> None:
    with pytest.raises(IlocalError):
        parse_event_block(text)
