"""Writes taken back in any order: events without ids known again, or nothing undone."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ilocal.errors import ConflictError
from ilocal.model.query import Query
from ilocal.storage.changes.text_delta import EventEdit, EventText
from ilocal.storage.replay import has_applied_edits, replay_event_edits
from ilocal.storage.transaction import Transaction
from ilocal.workspace import Registry
from tests.support.registry import open_transaction, parse_registry, render_transaction

pytestmark = pytest.mark.promise("P7")

NOW = datetime(2020, 2, 20, 8, tzinfo=UTC)


def _block(title: str, location: str, id: str) -> str:
    return "[[event]]\n" + (f'id = "{id}"\n' if id else "") + f'title = "{title}"\nlocation = "{location}"\n\n'


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xy"), st.booleans()), min_size=1, max_size=6),
    st.lists(st.integers(0, 5), min_size=1, max_size=3),
    st.sampled_from(["remove", "edit", "move"]),
    st.sampled_from([_block("New", "z", "new"), _block("A", "x", ""), _block("B", "z", ""), ""]),
    st.integers(0, 6),
)
@example([("A", "x", False), ("A", "y", False), ("A", "y", False)], [2], "edit", _block("New", "z", "new"), 0)
def test_events_without_ids_are_known_again_among_their_like_or_nothing_is_undone(
    events: list[tuple[str, str, bool]], which: list[int], how: str, other: str, at: int
) -> None:
    path = Path(os.environ["HOME"]) / "twins.toml"
    blocks = [_block(title, place, f"e{n}" if named else "") for n, (title, place, named) in enumerate(events)]
    path.write_text("".join(blocks), encoding="utf-8")
    workspace = Registry(path)
    ids = [event.id for event in workspace.select(Query())]
    chosen = dict.fromkeys(ids[n % len(ids)] for n in which)
    before = Counter((event.title, event.location) for event in workspace.select(Query()))
    with workspace.transaction() as draft:
        for id in chosen:
            event = draft.get(id)
            assert event is not None
            if how == "remove":
                draft.remove(id)
            elif how == "edit":
                draft.update(id, replace(event, location="changed"))
            else:
                draft.replace_block(id, _block(event.title, {"x": "y", "y": "x"}[event.location], ""), NOW)
    written = path.read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?=\[\[event\]\])", written)
    path.write_text("".join([*parts[: at + 1], other, *parts[at + 1 :]]), encoding="utf-8")
    by_hand = path.read_bytes()
    try:
        workspace.undo(next(workspace.undo_history()))
    except ConflictError:
        assert path.read_bytes() == by_hand
    else:
        added = Counter((event.title, event.location) for event in parse_registry(other).events.values())
        assert Counter((event.title, event.location) for event in workspace.select(Query())) == before + added


@pytest.mark.promise("P16")
def test_events_alike_are_looked_for_once_however_many_they_are(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _block("A", "x", "") * 40
    registry.write_text(text, encoding="utf-8")
    workspace = Registry(registry)
    ids = [event.id for event in workspace.select(Query())]
    with workspace.transaction() as draft:
        for id in ids:
            draft.remove(id)
    registry.write_text(text + "# cũ\n", encoding="utf-8")
    asked: list[str] = []
    really = Transaction.find_by_title
    monkeypatch.setattr(Transaction, "find_by_title", lambda draft, title: asked.append(title) or really(draft, title))  # type: ignore[func-returns-value]
    assert len(workspace.lost_writes()) == 0
    assert len(workspace) == 40
    assert [write.is_lost for write in workspace.undo_history()] == [True]
    assert len(asked) <= 4


# ------------------------------------------------------------------------------------------------------- single changes

FIRST = '[[event]]\nid = "a"\ntitle = "A"\n'
SECOND = '[[event]]\nid = "b"\ntitle = "B"\n'
NAMELESS = '[[event]]\ntitle = "C"\n'


def text_of(block: str, *, has_id: bool = True) -> EventText:
    return EventText(block.rstrip("\n"), has_id)


def replayed(text: str, *edits: EventEdit) -> str:
    """Return the text of a registry after changes that were made to another one."""
    transaction = open_transaction(text)
    replay_event_edits(transaction, edits)
    return text if transaction.has_nothing_to_write else render_transaction(transaction)


EDITED = EventEdit("", "a", text_of(FIRST), text_of(FIRST.replace('"A"', '"Â"')), "")
REMOVED = EventEdit("", "b", text_of(SECOND), None, "")
ADDED = EventEdit("", "b", None, text_of(SECOND), "a")
NAMELESS_ADDED = EventEdit("", "tba-c", None, text_of(NAMELESS, has_id=False), "a")
NAMELESS_REMOVED = EventEdit("", "tba-c", text_of(NAMELESS, has_id=False), None, "")


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        (f"{FIRST}\n{SECOND}", [EDITED], FIRST.replace('"A"', '"Â"') + "\n" + SECOND),
        (f"# mine\n{SECOND}\n{FIRST}", [EDITED], f"# mine\n{SECOND}\n" + FIRST.replace('"A"', '"Â"')),
        (FIRST.replace('"A"', '"Â"'), [EDITED], FIRST.replace('"A"', '"Â"')),  # there already
        (f"{FIRST}\n{SECOND}", [REMOVED], FIRST),
        (FIRST, [REMOVED], FIRST),  # gone already
        (FIRST, [ADDED], f"{FIRST}\n{SECOND}"),
        (f"{SECOND}\n{FIRST}", [ADDED], f"{SECOND}\n{FIRST}"),
        (f"{FIRST}\n{NAMELESS}", [ADDED], f"{FIRST}\n{SECOND}\n{NAMELESS}"),  # below the event it stood below
        (f"{FIRST}\n{NAMELESS}", [NAMELESS_REMOVED], FIRST),
        (f"{FIRST}\n{SECOND}", [EDITED, REMOVED], FIRST.replace('"A"', '"Â"')),
    ],
)
def test_a_change_is_made_once_more_to_a_text_that_changed_since(
    text: str, edits: list[EventEdit], expected: str
) -> None:
    assert replayed(text, *edits) == expected
    transaction = open_transaction(expected)
    assert has_applied_edits(transaction, edits)
    assert replayed(expected, *(edit for edit in edits if edit is not NAMELESS_REMOVED)) == expected


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        (FIRST.replace('"A"', '"Other"'), EDITED),  # changed by another program
        (SECOND, EDITED),  # removed by another program
        (FIRST + SECOND.replace('"B"', '"Other"'), REMOVED),
        (SECOND.replace('"B"', '"Other"'), ADDED),  # the id is taken
        (FIRST, NAMELESS_REMOVED),  # it may be gone, or have another text by now
    ],
)
def test_a_change_that_does_not_fit_is_refused(text: str, edit: EventEdit) -> None:
    transaction = open_transaction(text)
    with pytest.raises(ConflictError, match=f'"{edit.id}"'):
        replay_event_edits(transaction, [edit])
    assert transaction.has_nothing_to_write


def test_an_event_without_an_id_is_added_rather_once_too_often_than_not_at_all() -> None:
    assert replayed(f"{FIRST}\n{NAMELESS}", NAMELESS_ADDED).count('title = "C"') == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FIRST.replace('"A"', '"Â"') + SECOND, False),
        (FIRST.replace('"A"', '"Â"'), True),
        (FIRST, False),
        ("", False),
    ],
)
def test_changes_are_applied_where_each_of_them_is(text: str, expected: bool) -> None:
    assert has_applied_edits(open_transaction(text), [EDITED, REMOVED]) is expected
