"""P5, P7, P13 and P14: one process, and whatever it and others do to a registry, in any order, against the text itself."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ilocal.errors import IlocalError
from ilocal.index import database
from ilocal.model.event import Event
from ilocal.storage.changes import undo_log
from ilocal.storage.loader import load_registry
from ilocal.storage.toml import document
from ilocal.workspace import Registry
from tests.support.index import describe_workspace, load_meaning
from tests.support.kill_storm import run_captured
from tests.support.registry import FOUR_EVENTS
from tests.support.strategies import events, registry_texts

picks = st.integers(0, 99)  # which of several: modulo how many there are
MOST = 4  # writes that are kept


class OneProcess(RuleBasedStateMachine):
    """A registry, its index and what was written; `last` is the text before and after the last write."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.patch = pytest.MonkeyPatch()
        for name in ("CACHE", "STATE", "DATA"):
            self.patch.setenv(f"XDG_{name}_HOME", str(self.folder / name.lower()))
        self.patch.setattr(undo_log, "MAX_UNDO_ENTRIES", MOST)
        self.path = self.folder / "events.toml"
        self.workspace = Registry(self.path)
        self.last = b"", b""
        self.copies: list[Path] = []  # with the times they had

    def teardown(self) -> None:
        self.workspace.close()
        self.patch.undo()
        shutil.rmtree(self.folder)

    @initialize(text=st.one_of(st.just(FOUR_EVENTS), registry_texts()))
    def begin(self, text: str) -> None:
        self.path.write_bytes(text.encode())

    # ---------------------------------------------------------------------------------------------------------- writes

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def ids(self) -> list[str]:
        with suppress(IlocalError):
            return list(load_registry([("", self.data)]).events)
        return []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Check that a write that is refused changes nothing."""
        before = self.data
        try:
            yield
        except IlocalError:
            assert self.data == before
        if self.data != before:
            self.last = before, self.data

    @rule(event=events())
    def add(self, event: Event) -> None:
        before = self.data
        with self.writing(), self.workspace.transaction() as draft:
            draft.add(event)
        assert self.data.startswith(before)

    @precondition(lambda self: self.ids)
    @rule(pick=picks, title=st.sampled_from(["Khác", "lao động", "x"]))
    def edit(self, pick: int, title: str) -> None:
        id = self.ids[pick % len(self.ids)]
        with self.writing(), self.workspace.transaction() as draft:
            old = draft.get(id)
            assert old is not None
            draft.update(id, replace(old, title=title))

    @precondition(lambda self: self.ids)
    @rule(pick=picks)
    def remove(self, pick: int) -> None:
        id = self.ids[pick % len(self.ids)]
        with self.writing(), self.workspace.transaction() as draft:
            draft.remove(id)

    @rule(pick=picks, title=st.sampled_from(["Khảo sát", "Họp quý"]))
    def import_twice(self, pick: int, title: str) -> None:
        rows = [{"id": id, "title": title} for id in self.ids[pick % 3 :][:2]] + [{"title": f"{title} {pick}"}]
        new = self.folder / "new.jsonl"
        new.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        before = self.data
        code, _ = run_captured("-r", str(self.path), "import", str(new), "--update")
        once = self.data
        assert (code == 0) or once == before
        if once != before:
            self.last = before, once
        assert run_captured("-r", str(self.path), "import", str(new), "--update")[0] == code
        assert self.data == once

    @rule()
    def undo(self) -> None:
        before, after = self.last
        newest = next(self.workspace.undo_history(), None)
        if newest is None:
            return
        is_untouched = self.data == after
        with self.writing():
            self.workspace.undo(newest)
        if is_untouched:
            assert self.data == before

    @rule(pick=picks)
    def undo_by_number(self, pick: int) -> None:
        writes = list(self.workspace.undo_history())
        if writes:
            with self.writing():
                self.workspace.undo(writes[pick % len(writes)])

    # ------------------------------------------------------------------------------------------------------ by hand

    def save(self, data: bytes, *, is_renamed: bool) -> None:
        if is_renamed:
            new = self.folder / "saved~"
            new.write_bytes(data)
            new.replace(self.path)
        else:
            with self.path.open("r+b") as file:
                file.write(data)
                file.truncate()

    @rule(note=st.sampled_from(["a", "b", "long"]), is_renamed=st.booleans())
    def comment(self, note: str, is_renamed: bool) -> None:
        data = self.data
        line_end = b"" if not data or data.endswith(b"\n") else b"\n"
        self.save(data + line_end + f"# {note}\n".encode(), is_renamed=is_renamed)

    @rule(old=st.sampled_from("abeinort"), new=st.sampled_from("abeinort"), is_renamed=st.booleans())
    def change_letters(self, old: str, new: str, is_renamed: bool) -> None:
        """Save a text of the same size with other letters in titles, comments, keys or ids."""
        self.save(self.data.replace(f"{old} ".encode(), f"{new} ".encode()), is_renamed=is_renamed)

    @rule(one=picks, other=picks, what=st.sampled_from(["swap", "drop", "twice"]), is_renamed=st.booleans())
    def move(self, one: int, other: int, what: str, is_renamed: bool) -> None:
        """Events that change places, vanish, or stand there twice."""
        data = self.data
        try:
            pieces = [data[piece.start : piece.end] for piece in document.split_blocks(data) if piece.is_event]
        except document.TomlSyntaxError:
            return
        if pieces:
            start = data.index(pieces[0])
            first, second = one % len(pieces), other % len(pieces)
            if what == "swap":
                pieces[first], pieces[second] = pieces[second], pieces[first]
            elif what == "drop":
                del pieces[first]
            else:
                pieces.insert(first, pieces[second])
            lines = (piece if piece.endswith(b"\n") else piece + b"\n" for piece in pieces)
            self.save(data[:start] + b"".join(lines), is_renamed=is_renamed)

    @rule(at=st.integers(0, 500), is_renamed=st.booleans())
    def cut_short(self, at: int, is_renamed: bool) -> None:
        """Save an incomplete text, which is completed only later, if at all."""
        self.copy()
        self.save(self.data[: len(self.data) - at].decode(errors="ignore").encode(), is_renamed=is_renamed)

    @rule()
    def copy(self) -> None:
        kept = self.folder / f"copy{len(self.copies)}"
        shutil.copy2(self.path, kept)
        self.copies.append(kept)

    @precondition(lambda self: self.copies)
    @rule(pick=picks)
    def restore_a_copy(self, pick: int) -> None:
        shutil.copy2(self.copies[pick % len(self.copies)], self.folder / "saved~")
        (self.folder / "saved~").replace(self.path)

    # ---------------------------------------------------------------------------------------------------- time, index

    @rule(seconds=st.sampled_from([0, 1, 10**6, 10**9]))
    def set_times_of_the_file(self, seconds: int) -> None:
        os.utime(self.path, (seconds, seconds))

    @rule(hours=st.sampled_from([-1000, -1, 0, 1]))
    def set_the_clock(self, hours: int) -> None:
        now = time.clock_gettime_ns
        self.patch.setattr(time, "time_ns", lambda: now(time.CLOCK_REALTIME) + hours * 3_600_000_000_000)

    @rule(
        how=st.sampled_from(
            ["gone", "empty", "cut short", "garbage", "in the middle", "version", "a folder", "in the way"]
        )
    )
    def spoil_the_index(self, how: str) -> None:
        self.workspace.close()
        cache = self.folder / "cache"
        if how == "in the way":
            shutil.rmtree(cache, ignore_errors=True)
            cache.write_text("no folder")
        for path in database.get_index_folder(self.path).glob("*.sqlite") if cache.is_dir() else ():
            damage_index(path, how)

    @precondition(lambda self: (self.folder / "cache").is_file())
    @rule()
    def clear_the_way(self) -> None:
        (self.folder / "cache").unlink()

    @rule()
    def begin_anew(self) -> None:
        self.workspace.close()
        self.workspace = Registry(self.path)

    # ----------------------------------------------------------------------------------------------------------- laws

    @invariant()
    def every_answer_is_what_the_text_says(self) -> None:
        self.workspace.close()
        text = self.data.decode()
        assert describe_workspace(self.workspace) == load_meaning(self.path, text)

    @invariant()
    def what_is_kept_is_bounded(self) -> None:
        assert len(list(self.workspace.undo_history())) <= MOST

    @invariant()
    def nothing_is_left_behind(self) -> None:
        assert not [path.name for path in self.folder.iterdir() if path.name.startswith(".")]


def damage_index(path: Path, how: str) -> None:
    """Damage the file of an index."""
    if path.is_dir():
        path.rmdir()
    elif how in ("gone", "a folder"):
        path.unlink()
        if how == "a folder":
            path.mkdir()
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "cut short":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif how == "garbage":
        path.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    elif how == "in the middle":
        with path.open("r+b") as file:
            file.seek(4096 * 3)
            file.write(b"\xa5" * 4096)
    elif how == "version":
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE meta SET version = -1")


@pytest.mark.promise("P5", "P7", "P13", "P14")
def test_answers_are_those_of_the_text_and_every_write_can_be_taken_back() -> None:
    is_long = settings.default is not None and settings.default.max_examples > 100
    size = settings(max_examples=200 if is_long else 25, stateful_step_count=50 if is_long else 12)
    run_state_machine_as_test(OneProcess, settings=size)
