"""Questions of the benchmark, and how ilocal is asked. The peers are in `peers`."""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Protocol

import events
import writers
from measure import Stage, Step
from registry import Registry
from vocabulary import WORD

Question = Literal["first use", "month", "next ten", "word", "add"]
QUESTIONS: tuple[Question, ...] = ("first use", "month", "next ten", "word", "add")


class Program(Protocol):
    """A program with the events of one size; made by its class, which writes its files."""

    name: str
    repeats: bool  # whether "next ten" lists an event of several days once for each of them

    def steps(self) -> Mapping[Question, Step]:
        """Return the step for each question that the program has a command for."""

    def titles(self, output: str) -> list[str]:
        """Return the titles in an answer to month, next ten or word, in order."""


class Maker(Protocol):
    """How a program is made for a size."""

    name: str
    most: int | None  # largest number of events it is asked about, unless all are requested

    def version(self, stage: Stage) -> str | None:
        """Return the version of the installed program; None if it is not installed."""

    def make(self, stage: Stage, count: int) -> Program:
        """Return the program with `count` events."""


MILLION = 1_000_000
COMMAND = (sys.executable, "-m", "ilocal")
TODAY = ("--today", str(events.TODAY))


class Ilocal:
    """ilocal with a registry of one size and a cache folder of its own; every answer goes into a pipe."""

    name = "ilocal"
    repeats = False

    def __init__(self, stage: Stage, count: int, *, in_folder: bool = False) -> None:
        self._stage = stage
        home = stage.folder / f"ilocal-{count}"
        path = home / "events" if in_folder else home / "events.toml"
        self._cache = home / "cache"
        home.mkdir()
        (writers.write_toml_folder if in_folder else writers.write_toml)(path, events.made(count))
        self.registry = Registry(path)
        self._is_warm = False

    def step(self, *words: str, terminal: bool = False) -> Step:
        """Return a command on the unchanged registry with a fresh index."""
        command = (*COMMAND, "-r", str(self.registry.path), *TODAY, *words)
        return Step(command, self.warm, terminal, {"XDG_CACHE_HOME": str(self._cache)})

    def first_use(self, *words: str) -> Step:
        """Return a command on the unchanged registry without an index."""
        step = self.step(*words)
        return Step(step.command, self.forget, step.terminal, step.environment)

    def after_edit(self, *words: str) -> Step:
        """Return a command after another program has changed one event; the index is that of the registry before."""
        step = self.step(*words)
        return Step(step.command, self._warm_and_edited, step.terminal, step.environment)

    def steps(self) -> Mapping[Question, Step]:
        month = ("list", "--month", events.MONTH, "--columns", "title", "-f", "csv")
        new = events.NEW
        return {
            "first use": self.first_use(*month),
            "month": self.step(*month),
            "next ten": self.step("upcoming", "-n", "10", "--columns", "title", "-f", "csv"),
            "word": self.step("search", WORD, "--columns", "title", "-f", "csv"),
            "add": self.step("add", new.title, str(new.start), "--location", new.location, "--topic", *new.topics),
        }

    def titles(self, output: str) -> list[str]:
        return [row["title"] for row in csv.DictReader(output.splitlines())]

    def warm(self) -> None:
        """Restore the registry, and make sure that its index is fresh."""
        if self.registry.restore():
            self._is_warm = False
        if not self._is_warm:
            step = self.step("upcoming", "-n", "1")
            self._stage.run(Step(step.command, environment=step.environment))
            self._is_warm = True

    def forget(self) -> None:
        """Restore the registry, and remove its index."""
        self.registry.restore()
        shutil.rmtree(self._cache, ignore_errors=True)
        self._is_warm = False

    def _warm_and_edited(self) -> None:
        self.warm()
        self.registry.edit()

    def index_size(self) -> int:
        """Return the number of bytes in the cache folder."""
        self.warm()
        return sum(path.stat().st_size for path in _files(self._cache))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


class IlocalMaker:
    """ilocal is asked about every size; a million events are in a folder with a file per year."""

    name = "ilocal"
    most: int | None = None

    def __init__(self) -> None:
        self._made: dict[int, Ilocal] = {}

    def version(self, stage: Stage) -> str | None:
        return stage.answer(Step((*COMMAND, "--version"))).split()[-1]

    def make(self, stage: Stage, count: int) -> Ilocal:
        """Return the single program for each size."""
        if count not in self._made:
            self._made[count] = Ilocal(stage, count, in_folder=count >= MILLION)
        return self._made[count]
