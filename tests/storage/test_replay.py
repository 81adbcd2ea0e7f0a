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
from ilocal.storage.transaction import Transaction
from ilocal.workspace import Registry
from tests.support.registry import parse_registry

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
