"""Changes of a registry's text: every other byte as it was, or the change refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import ConflictError, RegistryError
from ilocal.model.event import Event, Translation
from tests.support import strategies
from tests.support.registry import (
    BROKEN_REGISTRIES,
    find_event,
    open_transaction,
    parse_event_tables,
    parse_registry,
    render_transaction,
)


@given(strategies.registry_texts(), st.lists(strategies.any_events(), min_size=1, max_size=3))
def test_add_leaves_every_old_byte_and_remove_gives_them_back(text: str, events: list[Event]) -> None:
    draft = open_transaction(text)
    added = [draft.add(event) for event in events]
    new = render_transaction(draft)
    assert new.startswith(text)
    found = parse_registry(new)
    assert [found.events[event.id] for event in added] == added
    undone = open_transaction(new)
    for event in added:
        undone.remove(event.id)
    assert render_transaction(undone) == text


@given(strategies.registry_texts(least=1), st.data())
def test_remove_takes_one_event_and_keeps_the_comments_after_it(text: str, data: st.DataObject) -> None:
    registry = parse_registry(text)
    id = data.draw(st.sampled_from(sorted(registry.events)))
    draft = open_transaction(text)
    draft.remove(id)
    new = render_transaction(draft)
    gone = registry.locations[id].block
    pieces = registry.files[0].document.blocks
    left = [piece.table for piece in pieces if piece.is_event and piece is not gone]
    assert parse_event_tables(new) == left
    assert text.count("# between") == new.count("# between")


def test_a_text_with_broken_toml_is_never_rewritten() -> None:
    with pytest.raises(RegistryError, match="f.toml:5: title: the closing quote is missing"):
        open_transaction(BROKEN_REGISTRIES)


@pytest.mark.parametrize(
    "text", ['event = [{ title = "x" }]\n', '[[event]]\ntitle = "a"\n[["e\\u0076ent"]]\ntitle = "b"\n']
)
def test_events_in_another_notation_are_read_but_not_changed(text: str) -> None:
    registry = parse_registry(text)
    assert [event.title for event in registry.events.values()] == [t["title"] for t in parse_event_tables(text)]  # type: ignore[index]
    with pytest.raises(RegistryError, match="cannot be changed"):
        open_transaction(text)


def test_a_change_that_does_not_take_is_refused() -> None:
    draft = open_transaction('[[event]]\ntitle = "a"\ntranslations.en.title = "b"\n')
    draft.update("tba-a", replace(find_event(draft, "tba-a"), translations=(Translation("en", "c"),)))
    with pytest.raises(RegistryError, match="cannot edit the event without changing other parts"):
        render_transaction(draft)


def test_only_new_lines_take_the_line_end_of_the_file() -> None:
    text = '# a\r\n\r\n[[event]]\r\ntitle = "A"\nkind = "b"\n'
    draft = open_transaction(text)
    draft.update("tba-a", replace(find_event(draft, "tba-a"), location="Huế"))
    assert (
        render_transaction(draft)
        == '# a\r\n\r\n[[event]]\r\nid = "tba-a"\r\ntitle = "A"\nlocation = "Huế"\r\nkind = "b"\n'
    )


def test_an_event_without_an_id_gets_it_written_with_its_first_change() -> None:
    draft = open_transaction('[[event]]\ntitle = "A"\n')
    draft.update("tba-a", replace(find_event(draft, "tba-a"), kind="meeting"))
    assert render_transaction(draft) == '[[event]]\nid = "tba-a"\ntitle = "A"\nkind = "meeting"\n'


def test_ids_are_never_given_twice() -> None:
    text = '[[event]]\nid = "tba-a"\nstatus = "broken"\n\n[[event]]\ntitle = "A"\n'
    draft = open_transaction(text)
    assert list(parse_registry(text).events) == ["tba-a-2"]
    assert draft.add(Event("A")).id == "tba-a-3"
    with pytest.raises(ConflictError):
        draft.add(Event("B", id="tba-a"))
