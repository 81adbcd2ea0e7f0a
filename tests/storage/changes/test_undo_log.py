"""The log of writes: outside of the registry's folder, private, bounded, and never trusted."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ilocal.model.event import Event
from ilocal.storage.changes import undo_log
from ilocal.workspace import Registry
from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS

pytestmark = pytest.mark.promise("P7")


def list_kept_writes(folder: Path) -> list[Path]:
    return sorted((folder / "state" / "ilocal" / "undo").glob("*/*"))


def test_what_is_kept_is_outside_of_the_folder_for_our_eyes_alone_and_bounded(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(undo_log, "MAX_UNDO_ENTRIES", 5)
    workspace = Registry(registry)
    for n in range(8):
        with workspace.transaction() as draft:
            draft.add(Event(f"Sự kiện {n}"))
    assert [write.number for write in workspace.undo_history()] == [8, 7, 6, 5, 4]
    assert {path.stat().st_mode & 0o777 for path in list_kept_writes(tmp_path)} == {0o600}
    assert {path.parent.stat().st_mode & 0o777 for path in list_kept_writes(tmp_path)} == {0o700}
    monkeypatch.setattr(undo_log, "MAX_UNDO_LOG_BYTES", 10)
    with workspace.transaction() as draft:
        draft.add(Event("Groß", description="x" * 1000))
    assert [write.number for write in workspace.undo_history()] == [9]


def test_where_nothing_can_be_kept_the_write_stands_and_it_is_said(process: Ilocal, registry: Path) -> None:
    nowhere = registry.parent / "no folder"
    nowhere.write_text("a file", encoding="utf-8")
    result = process("add", "Mới", env={"XDG_STATE_HOME": str(nowhere)})
    assert result == (
        0, "tba-moi\n", "ilocal: warning: saved, but \"ilocal undo\" cannot undo this change: not a directory\n",
    )  # fmt: skip


def test_garbage_among_what_is_kept_is_passed_over(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    assert ilocal("add", "A").code == 0
    assert ilocal("add", "B").code == 0
    (newest,) = Path(os.environ["XDG_STATE_HOME"]).glob("ilocal/undo/*/*2.json")
    newest.write_text('{"number": 2', encoding="utf-8")
    assert ilocal("undo", "--list").out.split("  ")[2] == "addition of A\n"
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
    registry.write_text(FOUR_EVENTS, encoding="utf-8")
    assert ilocal("undo", "--list").out.split("  ")[::2] == ["1", "addition of A (lost)\n"]
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
    assert 'saved, but "ilocal undo" cannot undo this change: ' in result.err
