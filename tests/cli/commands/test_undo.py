"""P7: every write can be taken back, an undo too, to the byte where nothing else was changed."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ilocal import journal
from ilocal.draft import Draft
from ilocal.errors import ConflictError, RegistryError
from ilocal.event import Event
from ilocal.query import Query
from ilocal.workspace import Workspace
from tests.conftest import FOUR, Ilocal, parsed
from tests.support.strategies import events, registry_texts

pytestmark = pytest.mark.promise("P7")

NEW = '{"title": "Khảo sát", "start": "2020-03"}\n{"id": "2020-hop", "title": "Họp", "start": "2020-02-20"}\n'
WRITES = [
    ("add", "Mới", "2020-03-01"),
    ("edit", "2020-hop", "--title", "Khác", "--add-topic", "x", "--id", "2020-khac"),
    ("edit", "2019-dien-dan", "--unset", "organizers"),
    ("remove", "2020-khao-sat", "--yes"),
    ("remove", "--from", "2019", "--yes"),
    ("import", "new.jsonl", "--update"),
]


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "state" / "ilocal" / "undo").glob("*/*"))


@pytest.mark.parametrize("write", WRITES, ids=[" ".join(write[:2]) for write in WRITES])
@pytest.mark.parametrize("form", ["as it is", "CRLF", "no last line end", "byte-order mark"])
def test_undo_gives_the_old_bytes_back_and_undo_of_that_the_new_ones(
    ilocal: Ilocal, registry: Path, tmp_path: Path, write: tuple[str, ...], form: str
) -> None:
    (tmp_path / "new.jsonl").write_text(NEW, encoding="utf-8")
    text = {
        "as it is": FOUR,
        "CRLF": FOUR.replace("\n", "\r\n"),
        "no last line end": FOUR.rstrip("\n"),
        "byte-order mark": "\ufeff" + FOUR,
    }[form]
    registry.write_bytes(text.encode())
    assert ilocal(*write).code == 0
    new = registry.read_bytes()
    assert new != text.encode()
    assert ilocal("undo").code == 0
    assert registry.read_bytes() == text.encode()
    assert ilocal("undo").code == 0
    assert registry.read_bytes() == new


FIRST = '# top\n[[event]]\nid = "a"\ntitle = "A"\n# c\n[[event]]\nid = "b"\ntitle = "B"\n'
QUARTER = '[[event]]\nid = "z"\ntitle = "Z"\n{}\n\n[[event]]\nid = "a"\ntitle = "A"\n[[event]]\nid = "b"\ntitle = "B"\n'


@pytest.mark.parametrize("text", [FIRST, QUARTER.format("\n# Quý 1"), QUARTER.format("# t1\n\n# t2")])
def test_comments_around_what_was_removed_are_where_they_were(ilocal: Ilocal, registry: Path, text: str) -> None:
    registry.write_text(text, encoding="utf-8")
    assert ilocal("remove", "--yes", "a").code == 0
    assert ilocal("undo").code == 0
    assert registry.read_text(encoding="utf-8") == text


def test_each_write_has_its_number_and_undo_shows_what_it_does(ilocal: Ilocal, registry: Path) -> None:
    for write in WRITES[:4]:
        assert ilocal(*write).code == 0
    lines = [line.split("  ") for line in ilocal("undo", "--list").out.splitlines()]
    assert [(number, what) for number, _, what in lines] == [
        ("4", "-2020-khao-sat"),
        ("3", "~2019-dien-dan"),
        ("2", "-2020-hop +2020-khac"),
        ("1", "+2020-moi"),
    ]
    assert ilocal("undo", "3").err == (
        '2019-dien-dan: Diễn đàn Lao động\n  organizers:\n  + ILO\n  + Bộ LĐTBXH\nundone: 3\n'
    )  # fmt: skip
    assert ilocal("undo", "--dry-run").err == (
        '2019-dien-dan: Diễn đàn Lao động\n  organizers:\n  - ILO\n  - Bộ LĐTBXH\n'
    )  # fmt: skip
    assert ilocal("undo", "1").err == "- 2020-moi: Mới\nundone: 1\n"
    assert ilocal("undo", "4").err == "+ 2020-khao-sat: Khảo sát cuối kì về lao động trẻ em\nundone: 4\n"
    assert ilocal("undo", "2").code == 0
    assert registry.read_text(encoding="utf-8").count("[[event]]") == 4


def test_what_a_write_did_is_told_also_where_it_changed_no_field_and_of_what_has_no_id(
    ilocal: Ilocal, registry: Path
) -> None:
    registry.write_text(
        '[[event]]\ntitle = "Cũ"\nstart = 2020-01-01\n\n[[event]]\ntitle = "Mới"\nstart = 2020-03-01\n',
        encoding="utf-8",
    )
    assert ilocal("fmt").code == 0
    told = "(the order or the layout alone)"
    assert ilocal("undo", "--list").out.split("  ")[2] == f"{told}\n"
    assert ilocal("undo").err == f"{told}\nundone: 1\n"
    registry.write_text(
        registry.read_text(encoding="utf-8").replace(
            'title = "Mới"\nstart = 2020-03-01', 'start = 2020-03-01\ntitle = "Mới"'
        )
    )
    assert ilocal("fmt").code == 0
    assert ilocal("undo").err == f"2020-moi: Mới {told}\nundone: 3\n"
    for n in range(5, 14):
        assert ilocal("edit", "2020-moi", "--location", f"Phòng {n}").code == 0
    assert [line.split("  2")[0] for line in ilocal("undo", "--list").out.splitlines()] == [
        *("13", "12", "11", "10"),
        *(f" {n}" for n in range(9, 0, -1)),
    ]
    assert ilocal("undo").err == "2020-moi: Mới\n  location: Phòng 13 → Phòng 12\nundone: 13\n"
    assert ilocal("remove", "2020-moi", "--yes").code == 0
    assert ilocal("undo").err == "+ 2020-moi: Mới\nundone: 15\n"
    assert ilocal("undo").err == "- 2020-moi: Mới\nundone: 16\n"


def test_an_older_write_is_taken_back_among_newer_ones_and_hand_edits(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("remove", "2020-hop", "--yes").code == 0
    assert ilocal("add", "Mới", "2020-03-01").code == 0
    registry.write_text(registry.read_text(encoding="utf-8").replace("# Ours.", "# Ours, all."), encoding="utf-8")
    assert ilocal("undo", "1").code == 0
    # It stands where it stood, with its comments and its own keys.
    added = registry.read_text(encoding="utf-8").partition('\n[[event]]\nid = "2020-moi"')
    assert added[0] == FOUR.replace("# Ours.", "# Ours, all.")


def test_what_was_changed_since_is_not_undone(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("edit", "2020-hop", "--title", "Khác").code == 0
    text = registry.read_text(encoding="utf-8").replace("Khác", "Bằng tay")
    registry.write_text(text, encoding="utf-8")
    assert ilocal("undo") == (5, "", 'ilocal: "2020-hop" was changed meanwhile; nothing was changed\n')
    assert registry.read_text(encoding="utf-8") == text


def test_undo_without_anything_to_undo_is_exit_5(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("undo") == (5, "", "ilocal: nothing was written by ilocal here; nothing was changed\n")
    assert ilocal("undo", "--list") == (0, "", "")
    assert ilocal("undo", "7").err == "ilocal: no write 7 is kept; nothing was changed\nhint: ilocal undo --list\n"


def test_a_folder_is_as_it_was_also_where_a_file_was_new(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "years").mkdir()
    (tmp_path / "years" / "2020.toml").write_text(FOUR, encoding="utf-8")
    lines = '{"title": "A", "start": "2020-05"}\n{"title": "B", "start": "2021-05"}\n'
    (tmp_path / "new.jsonl").write_text(lines, encoding="utf-8")

    def texts() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (tmp_path / "years").iterdir()}

    before = texts()
    assert ilocal("-r", "years", "add", "--jsonl", "new.jsonl").code == 0
    after = texts()
    assert sorted(after) == ["2020.toml", "2021.toml"]
    assert ilocal("-r", "years", "undo").code == 0
    assert texts() == before
    assert ilocal("-r", "years", "undo").code == 0
    assert texts() == after


def test_what_is_kept_is_outside_of_the_folder_for_our_eyes_alone_and_bounded(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(journal, "MOST", 5)
    workspace = Workspace(registry)
    for n in range(8):
        with workspace.changing() as draft:
            draft.add(Event(f"Sự kiện {n}"))
    assert [write.number for write in workspace.writes()] == [8, 7, 6, 5, 4]
    assert {path.stat().st_mode & 0o777 for path in kept(tmp_path)} == {0o600}
    assert {path.parent.stat().st_mode & 0o777 for path in kept(tmp_path)} == {0o700}
    monkeypatch.setattr(journal, "MOST_BYTES", 10)
    with workspace.changing() as draft:
        draft.add(Event("Groß", description="x" * 1000))
    assert [write.number for write in workspace.writes()] == [9]


def test_where_nothing_can_be_kept_the_write_stands_and_it_is_said(process: Ilocal, registry: Path) -> None:
    nowhere = registry.parent / "no folder"
    nowhere.write_text("a file", encoding="utf-8")
    result = process("add", "Mới", env={"XDG_STATE_HOME": str(nowhere)})
    assert result == (
        0, "tba-moi\n", "ilocal: warning: saved, but ilocal undo cannot take it back: not a directory\n",
    )  # fmt: skip


def test_garbage_among_what_is_kept_is_passed_over(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    assert ilocal("add", "A").code == 0
    assert ilocal("add", "B").code == 0
    (newest,) = Path(os.environ["XDG_STATE_HOME"]).glob("ilocal/undo/*/*2.json")
    newest.write_text('{"number": 2', encoding="utf-8")
    assert ilocal("undo", "--list").out.split("  ")[2] == "+tba-a\n"
    assert ilocal("add", "C").code == 0
    assert ilocal("undo").code == 0


SOUND: dict[str, Any] = {
    "when": "2020-01-01T00:00:00+00:00",
    "stretches": [{"file": "", "start": 0, "old": None, "new": "x", "stamp": "", "around": ""}],
    "is_lost": False,
}

WRONG: list[dict[str, Any]] = [
    {"start": "x"}, {"start": -1}, {"start": 1.5}, {"old": 0}, {"new": 2}, {"new": "\ud800"}, {"file": None},
    {"stamp": 1}, {"around": []}, {"more": 1},
]  # fmt: skip
NO_WRITES = [
    "[" * 100_000,
    "7",
    '"x"',
    json.dumps({**SOUND, "when": 7}),
    json.dumps({**SOUND, "when": "0001-01-01T00:00:00+14:00"}),
    json.dumps({**SOUND, "when": "0001-01-01T00:00:00+00:00"}),
    json.dumps({**SOUND, "stretches": "xy"}),
    json.dumps({**SOUND, "stretches": [7]}),
    *(json.dumps({**SOUND, "stretches": [{**SOUND["stretches"][0], **wrong}]}) for wrong in WRONG),
]


@pytest.mark.parametrize("text", NO_WRITES, ids=[text[-60:] for text in NO_WRITES])
def test_what_is_no_write_among_what_is_kept_is_passed_over(ilocal: Ilocal, registry: Path, text: str) -> None:
    assert ilocal("add", "A").code == 0
    (kept_file,) = Path(os.environ["XDG_STATE_HOME"]).glob("ilocal/undo/*/*1.json")
    kept_file.with_name("00000052.json").write_text(text, encoding="utf-8")
    registry.write_text(FOUR, encoding="utf-8")
    assert ilocal("undo", "--list").out.split("  ")[::2] == ["1", "+tba-a\n"]
    assert ilocal("add", "B") == (0, "tba-b\n", "")


@pytest.mark.promise("P7", "P11")
def test_nothing_waits_for_a_fifo_among_what_is_kept(registry: Path, tmp_path: Path, process: Ilocal) -> None:
    assert process("add", "Một").code == process("add", "Hai").code == 0
    (first,) = (tmp_path / "state" / "ilocal" / "undo").glob("*/00000001.json")
    first.unlink()
    os.mkfifo(first)
    assert process("undo", "--list").out.startswith("2 ")
    os.mkfifo(first.with_name("00000003.tmp"))
    result = process("add", "Ba")
    assert (result.code, result.out) == (0, "tba-ba\n")
    assert "saved, but ilocal undo cannot take it back: " in result.err


@given(
    text=registry_texts(),
    steps=st.lists(st.tuples(events(), st.sampled_from(["add", "remove", "both"]), st.integers(0, 9)), max_size=4),
)
def test_undoing_write_after_write_gives_the_bytes_back_that_were_there_before(
    text: str, steps: list[tuple[Event, str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("undo") / "events.toml"
    path.write_bytes(text.encode())
    workspace = Workspace(path)
    texts = []
    for event, what, pick in steps:
        texts.append(path.read_bytes())
        with suppress(RegistryError), workspace.changing() as draft:
            ids = [old.id for old in workspace.select(Query(once=True))]
            old = ids[pick % len(ids)] if ids else None
            if what != "remove" or old is None:
                draft.add(replace(event, id=""))
            if what != "add" and old is not None:
                draft.remove(old)
        if path.read_bytes() == texts[-1]:
            texts.pop()  # refused: the text is written in an unusual way
    done = list(workspace.writes())
    assert len(done) == len(texts)
    for write, before in zip(done, reversed(texts), strict=True):
        workspace.undo(write)
        assert path.read_bytes() == before


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
    workspace = Workspace(path)
    ids = [event.id for event in workspace.select(Query())]
    chosen = dict.fromkeys(ids[n % len(ids)] for n in which)
    before = Counter((event.title, event.location) for event in workspace.select(Query()))
    with workspace.changing() as draft:
        for id in chosen:
            event = draft.get(id)
            assert event is not None
            if how == "remove":
                draft.remove(id)
            elif how == "edit":
                draft.put(id, replace(event, location="changed"))
            else:
                draft.put_block(id, _block(event.title, {"x": "y", "y": "x"}[event.location], ""), NOW)
    written = path.read_text(encoding="utf-8")
    parts = re.split(r"(?m)^(?=\[\[event\]\])", written)
    path.write_text("".join([*parts[: at + 1], other, *parts[at + 1 :]]), encoding="utf-8")
    by_hand = path.read_bytes()
    try:
        workspace.undo(next(workspace.writes()))
    except ConflictError:
        assert path.read_bytes() == by_hand
    else:
        added = Counter((event.title, event.location) for event in parsed(other).events.values())
        assert Counter((event.title, event.location) for event in workspace.select(Query())) == before + added


@pytest.mark.promise("P16")
def test_events_alike_are_looked_for_once_however_many_they_are(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = _block("A", "x", "") * 40
    registry.write_text(text, encoding="utf-8")
    workspace = Workspace(registry)
    ids = [event.id for event in workspace.select(Query())]
    with workspace.changing() as draft:
        for id in ids:
            draft.remove(id)
    registry.write_text(text + "# cũ\n", encoding="utf-8")
    asked: list[str] = []
    really = Draft.titled
    monkeypatch.setattr(Draft, "titled", lambda draft, title: asked.append(title) or really(draft, title))  # type: ignore[func-returns-value]
    assert len(workspace.lost()) == 0
    assert len(workspace) == 40
    assert [write.is_lost for write in workspace.writes()] == [True]
    assert len(asked) <= 4
