"""The writes that are made to fail, and what must hold afterwards."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.storage.loader import load_registry
from ilocal.workspace import Registry
from tests.support.cli import Result, make_environment
from tests.support.forked_program import run_program
from tests.support.processes import find_leftovers
from tests.support.registry import FOUR_EVENTS
from tests.support.traced_program import run_traced_program


class Write(NamedTuple):
    """A command; FOLDER in it stands for where it runs. `target` is what it changes or makes there."""

    arguments: tuple[str, ...]
    target: str = "events.toml"
    source: str = "events.toml"  # the registry that it reads
    after: tuple[str, ...] = ()  # a command that comes before it


NEW = '{"id": "2020-hop", "title": "Họp", "start": "2020-02-20"}\n{"title": "Khảo sát", "start": "2020-03"}\n'
YEARS = "".join(f'{{"id": "n{year}", "title": "Mới", "start": "{year}"}}\n' for year in (2020, 2022, 2023))
TO_YEARS = ("-r", "FOLDER/years", "add", "--jsonl", "years.jsonl")
COMMANDS = {
    "add": Write(("add", "Mới", "2020-03-01")),
    "edit": Write(("edit", "2020-hop", "--title", "Khác")),
    "remove": Write(("remove", "2020-khao-sat", "--yes")),
    "import": Write(("import", "new.jsonl", "--update")),
    "undo": Write(("undo",), after=("edit", "2020-hop", "--title", "Khác")),
    "add to a folder": Write(TO_YEARS, "years", "years"),
    "undo in a folder": Write(("-r", "FOLDER/years", "undo"), "years", "years", after=TO_YEARS),
    "init": Write(("init", "FOLDER/made/new.toml"), "made/new.toml"),
    "split": Write(("split", "FOLDER/made/parts"), "made/parts"),
    "merge": Write(("git", "merge", "FOLDER/base.toml", "FOLDER/events.toml", "FOLDER/theirs.toml")),
    "join": Write(("-r", "FOLDER/years", "join", "FOLDER/made/one.toml"), "made/one.toml", "years"),
}

Texts = dict[str, bytes]  # the files of a registry by name, one without a name; none, where there is no registry


class Stage:
    """A folder with registries in which a command runs again and again, from the same state each time."""

    def __init__(self, folder: Path, command: str) -> None:
        self.write = COMMANDS[command]
        self.folder = folder
        self.target, self.source = folder / self.write.target, folder / self.write.source
        (folder / "new.jsonl").write_text(NEW, encoding="utf-8")
        (folder / "years.jsonl").write_text(YEARS, encoding="utf-8")
        (folder / "events.toml").write_text(FOUR_EVENTS, encoding="utf-8")
        theirs = FOUR_EVENTS.replace("[aliases]", "[aliases]\nCSR = 'trách nhiệm'")
        (folder / "theirs.toml").write_text(theirs + '\n[[event]]\nid = "t"\ntitle = "Họp T"\n', encoding="utf-8")
        (folder / "base.toml").write_text(FOUR_EVENTS.replace("Ours", "Base"), encoding="utf-8")
        for name in ("years", "made"):
            (folder / name).mkdir()
        for year in (2019, 2020):
            text = f'[[event]]\nid = "e{year}"\ntitle = "Họp"\nstart = {year}-02-20\n'
            (folder / "years" / f"{year}.toml").write_text(text, encoding="utf-8")
        if self.write.after:
            assert self.run(self.write.after).code == 0
        self.old = self.texts()
        self._state = {path: path.read_bytes() for path in self._kept()}
        done = self.run(self.write.arguments)
        assert done.code == 0, done
        self.new = self.texts()
        self.said = done.out
        assert self.new != self.old

    def texts(self) -> Texts:
        """Return the current registry of the command, without generated values."""
        if self.target.is_dir():
            return {path.name: path.read_bytes() for path in sorted(self.target.glob("*.toml"))}
        if not self.target.exists():
            return {}
        return {"": re.sub(rb'uid_domain = "\w+', b'uid_domain = "any', self.target.read_bytes())}

    def litter(self) -> list[str]:
        return [name for folder in ("", "years", "made") for name in find_leftovers(self.folder / folder)]

    def _kept(self) -> list[Path]:
        return list((self.folder / "state").glob("ilocal/undo/*/*"))

    def reset(self) -> None:
        """Everything as it was before the command; the index knows it."""
        make_empty_folder(self.folder / "made")
        for folder in (self.folder, self.folder / "years"):
            for name in find_leftovers(folder):
                (folder / name).unlink()
        for path in self._kept():
            if path not in self._state:
                path.unlink()
        for path, data in self._state.items():
            path.write_bytes(data)
        if self.target.is_dir():
            for name in self.texts():
                (self.target / name).unlink()
        for name, data in self.old.items():
            (self.target / name).write_bytes(data)
        # What is read is always young, and so looked at in the same way each time.
        for path in self.source.glob("*.toml") if self.source.is_dir() else [self.source]:
            path.write_bytes(path.read_bytes())
        with self._at_home():
            list_ids(self.source)

    @contextmanager
    def _at_home(self) -> Iterator[None]:
        """Run the block in this process with the caches of the stage."""
        kept = dict(os.environ)
        os.environ.update(make_environment(self.folder))
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(kept)

    def run(
        self, command: tuple[str, ...], *, strace: tuple[str, ...] = (), env: dict[str, str] | None = None
    ) -> Result:
        """Run a command, with options of strace under that."""
        arguments = tuple(text.replace("FOLDER", str(self.folder)) for text in command)
        environment = make_environment(self.folder) | (env or {})
        if strace:
            return run_traced_program(arguments, self.folder, environment, strace)
        return run_program(arguments, self.folder, environment)

    def check(self, result: Result, at: str, *, is_cleared: bool) -> None:
        """Check the state after the command ended, whatever was injected `at` some place."""
        texts = self.texts()
        if result.code < 0 and self.write.target == "years":  # killed: each file by itself
            for name in {*texts, *self.old, *self.new}:
                assert texts.get(name) in (self.old.get(name), self.new.get(name)), f"{at}: {name} is neither"
        else:
            assert texts in (self.old, self.new), f"{at}: the registry is neither the old text nor the new one"
        assert "Traceback" not in result.err, f"{at}: {result.err}"
        if result.code in (0, 6):
            assert texts == self.new, f"{at}: exit code {result.code}, and nothing is saved: {result.err}"
        elif result.code > 0 and result.code < 128:
            assert texts == self.old, f"{at}: exit code {result.code}, and yet it is saved: {result.err}"
        if self.said and result.out == self.said:
            assert texts == self.new, f"{at}: the answer was given, and nothing is saved"
        if is_cleared:
            assert self.litter() == [], f"{at}: {result}"
        self.go_on(texts, at)

    def go_on(self, texts: Texts, at: str) -> None:
        """Check that the next command works, and that nothing remains of the failed one."""
        if not texts:
            again = self.run(self.write.arguments)
            texts = self.texts()
            assert (again.code, texts) == (0, self.new), f"{at}: {again}"
            assert self.litter() == [], at
        with self._at_home():
            with Registry(self.target).transaction() as draft:
                draft.add(Event("Sau đó", id="sau"))
            now = self.texts()
            grown = {name: data for name, data in now.items() if data != texts.get(name)}
            assert texts.keys() <= now.keys(), at
            (name,) = grown
            assert grown[name].startswith(texts.get(name, b"")), at
            assert b'id = "sau"' in grown[name][len(texts.get(name, b"")) :], at
            assert self.litter() == [], at
            assert list_ids(self.target) == sorted(load_registry(list(now.items())).events), at


def list_ids(registry: Path) -> list[str]:
    """Return the ids in the index, in order."""
    workspace = Registry(registry)
    try:
        return [event.id for event in workspace.select(Query(collapse_series=True, sort="id"))]
    finally:
        workspace.close()


def make_empty_folder(folder: Path) -> Path:
    """Return an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
