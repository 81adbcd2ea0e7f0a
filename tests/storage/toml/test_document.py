"""The text of a registry, cut into blocks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from ilocal.errors import RegistryError
from ilocal.storage.toml import document
from tests.support import strategies
from tests.support.registry import (
    FOUR_EVENTS,
    find_event,
    open_transaction,
    parse_event_tables,
    parse_registry,
    render_transaction,
)


@given(strategies.registry_texts())
def test_cut_text_is_the_text_and_says_the_same(text: str) -> None:
    found = document.parse_document(text.encode())
    assert "".join(map(found.get_block_text, found.blocks)) == text.removeprefix("\ufeff")
    assert [piece.table for piece in found.blocks if piece.is_event] == parse_event_tables(text)
    assert not found.read_only_reason


def test_a_comment_right_above_an_event_goes_with_it() -> None:
    draft = open_transaction(FOUR_EVENTS)
    assert draft.remove("2020-hop").startswith("# Attached to the meeting.\n[[event]]\n")
    assert render_transaction(draft) == FOUR_EVENTS.replace(
        FOUR_EVENTS[FOUR_EVENTS.index("\n# Attached") : FOUR_EVENTS.index('\n[[event]]\nid = "2019')], ""
    )


SPEAKER = """\
[[event]]
id = "a"
title = "A"

[[event.section]]
heading = "One"
[event.section.speaker]
name = "Lan"

[[event.section]]
heading = "Two"
room = "5"
"""


def test_tables_inside_a_section_stay_with_it() -> None:
    draft = open_transaction(SPEAKER)
    event = find_event(draft, "a")
    draft.update("a", replace(event, sections=(replace(event.sections[0], heading="One!"), event.sections[1])))
    assert render_transaction(draft) == SPEAKER.replace('"One"', '"One!"')
    draft = open_transaction(SPEAKER)
    draft.update("a", replace(event, sections=event.sections[1:]))
    with pytest.raises(RegistryError, match="cannot edit the event without changing other parts"):
        render_transaction(draft)


@pytest.mark.parametrize("inside", ["[x] note\n" * 3000, "[[event]]\n" * 3000, "- [link](x)\n" * 3000])
def test_a_long_text_full_of_brackets_is_read_and_edited_in_one_go(inside: str) -> None:
    text = f'[[event]]\ntitle = "A"\ndescription = """\n{inside}"""\n\n[[event]]\ntitle = "B"\n'
    draft = open_transaction(text)
    assert list(parse_registry(text).events) == ["tba-a", "tba-b"]
    draft.update("tba-b", replace(find_event(draft, "tba-b"), kind="k"))
    draft.update("tba-a", replace(find_event(draft, "tba-a"), kind="k"))
    assert render_transaction(draft).count('kind = "k"') == 2
