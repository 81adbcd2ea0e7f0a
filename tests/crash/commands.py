"""The writes that are made to fail, and what must hold afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ilocal.query import Query
from ilocal.registry import load
from ilocal.workspace import Workspace

from ..conftest import FOUR, Result, environment
from ..processes import litter

NEW = '{"id": "2020-hop", "title": "Họp", "start": "2020-02-20"}\n{"title": "Khảo sát", "start": "2020-03"}\n'
COMMANDS = {
    "add": ("add", "Mới", "2020-03-01"),
    "edit": ("edit", "2020-hop", "--title", "Khác"),
    "remove": ("remove", "2020-khao-sat", "--yes"),
    "import": ("import", "new.jsonl", "--update"),
    "undo": ("undo",),
}


class Stage:
    """A folder with a registry in which a command runs again and again, from the same state each time."""

    def __init__(self, folder: Path, command: str) -> None:
        self.command = COMMANDS[command]
        self.folder = folder
        self.registry = folder / "events.toml"
        (folder / "new.jsonl").write_text(NEW, encoding="utf-8")
        self.registry.write_text(FOUR, encoding="utf-8")
        if command == "undo":
            assert self.run(COMMANDS["edit"]).code == 0
        self.old = self.registry.read_bytes()
        self._state = {path: path.read_bytes() for path in self._kept()}
        done = self.run(self.command)
        assert done.code == 0, done
        self.new = self.registry.read_bytes()
        self.said = done.out
        assert self.new != self.old

    def _kept(self) -> list[Path]:
        return list((self.folder / "state").glob("ilocal/undo/*/*"))

    def reset(self) -> None:
        """Everything as it was before the command; the index knows it."""
        for name in litter(self.folder):
            (self.folder / name).unlink()
        for path in self._kept():
            if path not in self._state:
                path.unlink()
        for path, data in self._state.items():
            path.write_bytes(data)
        self.registry.write_bytes(self.old)
        with self._at_home():
            answers(self.registry)

    @contextmanager
    def _at_home(self) -> Iterator[None]:
        """This process with the caches of the stage."""
        kept = dict(os.environ)
        os.environ.update(environment(self.folder))
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(kept)

    def run(
        self, command: tuple[str, ...], *, wrapper: tuple[str, ...] = (), env: dict[str, str] | None = None
    ) -> Result:
        done = subprocess.run(
            [*wrapper, sys.executable, "-m", "ilocal", *command],
            cwd=self.folder,
            env=environment(self.folder) | {"PYTHONHASHSEED": "0"} | (env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    def check(self, result: Result, at: str, *, is_cleared: bool) -> None:
        """What must hold after the command ended as it did, whatever was injected `at` some place."""
        text = self.registry.read_bytes()
        assert text in (self.old, self.new), f"{at}: the registry is neither the old text nor the new one"
        assert "Traceback" not in result.err, f"{at}: {result.err}"
        if result.code in (0, 6):
            assert text == self.new, f"{at}: exit code {result.code}, and nothing is saved: {result.err}"
        elif result.code > 0 and result.code < 128:
            assert text == self.old, f"{at}: exit code {result.code}, and yet it is saved: {result.err}"
        if self.said and result.out == self.said:
            assert text == self.new, f"{at}: the answer was given, and nothing is saved"
        if is_cleared:
            assert litter(self.folder) == [], f"{at}: {result}"
        self.go_on(text, at)

    def go_on(self, text: bytes, at: str) -> None:
        """The next command works, and leaves nothing of the one that failed."""
        from ilocal.event import Event

        with self._at_home():
            with Workspace(self.registry).changing() as draft:
                draft.add(Event("Sau đó", id="sau"))
            now = self.registry.read_bytes()
            assert now.startswith(text), at
            assert b'id = "sau"' in now[len(text) :], at
            assert litter(self.folder) == [], at
            assert answers(self.registry) == list(load([("", now)]).events), at


def answers(registry: Path) -> list[str]:
    """The ids that the index knows, in the order of the text."""
    workspace = Workspace(registry)
    try:
        ids = {event.id: event.source_line for event in workspace.select(Query(once=True))}
    finally:
        workspace.close()
    return sorted(ids, key=lambda id: ids[id])


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
