"""The ratios that ilocal promises, each of two commands that are measured side by side in one run."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import events
from answers import check_phrase, scan
from bare import bare_step
from measure import BenchmarkError, Runs, Stage, Step, in_turn
from programs import Ilocal, IlocalMaker, Question
from race import Entry, tell
from registry import EDITED
from vocabulary import PHRASE, TWIN

MEANT_FOR = (21, 100_000)  # the bounds apply to these numbers of events; other sizes tell less

_LOAD = "import sys, tomli; tomli.load(open(sys.argv[1], 'rb'))"
_WRITE = """
import hashlib, os, sys
path = sys.argv[1]
with open(path, "rb") as file:
    data = file.read()
hashlib.sha256(data).hexdigest()
with open(path + ".new", "wb") as file:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())
os.replace(path + ".new", path)
folder = os.open(os.path.dirname(path), os.O_RDONLY)
os.fsync(folder)
os.close(folder)
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio and its bound. `ours` and `theirs` are seconds, or bytes where it is of memory."""

    measure: str
    ours: float
    theirs: float
    bound: float | None  # None: informative, without a promise
    unit: Literal["seconds", "bytes"] = "seconds"
    at_least: bool = False  # the bound is the least and not the most

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def is_met(self) -> bool | None:
        if self.bound is None:
            return None
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound


class Pairs:
    """Measures pairs of steps about the smallest and the largest registry."""

    def __init__(self, stage: Stage, maker: IlocalMaker, sizes: list[int], turns: int) -> None:
        self._stage, self._turns = stage, turns
        self._names = f"{max(sizes):,} events", f"{min(sizes):,}"
        self._is_meant = (min(sizes), max(sizes)) == MEANT_FOR
        self._large, self._small = maker.make(stage, max(sizes)), maker.make(stage, min(sizes))
        for ilocal, count in ((self._large, max(sizes)), (self._small, min(sizes))):
            found = stage.answer(ilocal.step("search", PHRASE, "-n", "10", "--columns", "title", "-f", "csv"))
            check_phrase(f"ilocal, {count:,} events, phrase", ilocal.titles(found), scan(events.made(count)))
        edited = stage.answer(self._large.after_edit("search", EDITED, "--columns", "title", "-f", "csv"))
        if len(self._large.titles(edited)) != 1:
            raise BenchmarkError("ilocal: the answer after a hand edit does not show it")

    def measured(self) -> Iterator[Target]:
        """Yield every target that needs no peer."""
        large, small, (many, few) = self._large, self._small, self._names
        ten = ("upcoming", "-n", "10")
        warm = self._quick(small.step(*ten, terminal=True), bare_step(self._stage))
        yield _target(f"`upcoming -n 10`, {few} events : bare Typer program, ten Rich rows, both on a pty", warm, 1.3)
        warm = self._quick(large.step(*ten), small.step(*ten))
        yield self._target(f"`upcoming -n 10`, {many} : {few}", warm, 1.15)
        bound = 1.3 if self._is_meant else None
        yield Target(f"peak memory of `upcoming -n 10`, {many} : {few}", warm[0].peak, warm[1].peak, bound, "bytes")
        phrase = ("search", PHRASE, "-n", "10")
        found = self._quick(large.step(*phrase), small.step(*phrase))
        yield self._target(f"`search` of three words, ten results, {many} : {few}", found, 1.4)
        twin = ("search", TWIN, "-n", "10")
        found = self._quick(large.step(*twin), small.step(*twin))
        yield self._target(f"`search` of a word that is rare with its marks alone, {many} : {few}", found, None)
        load = self._plain(_LOAD, large)
        first = large.first_use(*ten)
        yield self._target(f"first use of {many} : `tomli.load` of the file", self._slow(first, load), 2.3)
        edited = self._slow(large.after_edit(*ten), first)
        yield self._target(f"answer after a hand edit in {many} : first use", edited, 0.12)
        added = self._slow(large.steps()["add"], self._plain(_WRITE, large))
        yield self._target(f"`add` to {many} : reading, hashing, writing and syncing them in plain Python", added, 3)
        listed = self._slow(large.step("list", "-f", "csv"), load)
        yield self._target(f"`list -f csv` of {many} into a pipe : `tomli.load` of the file", listed, 1.5)

    def _target(self, measure: str, pair: tuple[Runs, Runs], bound: float | None) -> Target:
        return _target(measure, pair, bound if self._is_meant else None)

    def _plain(self, program: str, ilocal: Ilocal) -> Step:
        """Return a Python program that works on a copy of the registry."""
        copy = self._stage.folder / "plain.toml"
        if not copy.exists():
            ilocal.registry.restore()
            shutil.copyfile(ilocal.registry.path, copy)
        return Step((sys.executable, "-c", program, str(copy)))

    def _quick(self, ours: Step, theirs: Step) -> tuple[Runs, Runs]:
        return self._pair(ours, theirs, warm_up=2)

    def _slow(self, ours: Step, theirs: Step) -> tuple[Runs, Runs]:
        return self._pair(ours, theirs, warm_up=0)

    def _pair(self, ours: Step, theirs: Step, *, warm_up: int) -> tuple[Runs, Runs]:
        found = in_turn(self._stage, {"ours": ours, "theirs": theirs}, self._turns, warm_up)
        return found["ours"], found["theirs"]


def _target(measure: str, pair: tuple[Runs, Runs], bound: float | None) -> Target:
    tell(f"measured: {measure}")
    return Target(measure, pair[0].seconds, pair[1].seconds, bound)


_KHAL: tuple[Question, ...] = ("first use", "month", "word")


def beside_khal(entries: Iterable[Entry]) -> Iterator[Target]:
    """Yield khal's time for the same question, from 1,000 events on."""
    runs = {(entry.program, entry.count): entry.runs for entry in entries}
    for (program, count), theirs in runs.items():
        if program != "khal" or count < 1_000:
            continue
        for question in _KHAL:
            khal, ilocal = theirs[question].seconds, runs["ilocal", count][question].seconds
            name = "search" if question == "word" else question
            yield Target(f"khal : ilocal, {name}, {count:,} events", khal, ilocal, 2, at_least=True)
