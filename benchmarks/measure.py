"""Measurement of commands: in a clean environment, their time, peak memory and output."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LAUNCHER = Path(__file__).resolve().parent / "launcher.py"


class BenchmarkError(Exception):
    """The benchmark cannot go on: a command failed, or programs disagree."""


def _nothing() -> None:
    """Do nothing, as the preparation of most steps."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command to measure, and its preparation, which is not measured."""

    command: Sequence[str]
    before: Callable[[], object] = _nothing
    terminal: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """The measurements of one run."""

    seconds: float
    peak: int  # bytes of memory


class Stage:
    """The folder in which everything happens, and the environment that keeps all programs inside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._home = home = folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        self._spoken, self._errors = folder / "output", folder / "errors"
        self.environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "TZ": "Asia/Ho_Chi_Minh",
            "HOME": str(home),
            "TMPDIR": str(home),
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "CONFIG", "DATA", "STATE")},
            # As installed programs, these may keep their modules compiled.
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        }

    def run(self, step: Step) -> Run:
        """Run a step once, discarding its output."""
        return self._run(step, os.devnull)

    def answer(self, step: Step) -> str:
        """Return the output of a step."""
        self._run(step, str(self._spoken))
        return self._spoken.read_text(encoding="utf-8")

    def _run(self, step: Step, output: str) -> Run:
        step.before()
        environment = {**self.environment, **step.environment}
        if step.terminal:
            environment |= {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"}
        kind = "terminal" if step.terminal else "pipe"
        launcher = [sys.executable, "-I", "-S", str(LAUNCHER), output, str(self._errors), kind]
        done = subprocess.run(
            [*launcher, *step.command],
            env=environment,
            cwd=self._home,  # without Python files: `python -m` and `-c` import from here first
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        seconds, peak, code = done.stdout.split()
        if code != "0":
            errors = "" if step.terminal else self._errors.read_text(encoding="utf-8", errors="replace")
            raise BenchmarkError(f"{' '.join(step.command)}\nended with code {code}\n{errors[-2000:]}")
        return Run(float(seconds), int(peak) * 1024)


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of one step."""

    runs: tuple[Run, ...]

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def peak(self) -> int:
        """The median of the peaks, in bytes."""
        return round(statistics.median(run.peak for run in self.runs))


PATIENCE = 60.0  # seconds after which a slow step is run no more
_LEAST = 3


def in_turn(stage: Stage, steps: Mapping[str, Step], turns: int, warm_up: int = 0) -> dict[str, Runs]:
    """Run the steps in turn, each `turns` times, so that other load on the machine affects all of them equally.

    A step with three runs and a minute in total is not run again. `warm_up` turns come first and do not count.
    """
    runs: dict[str, list[Run]] = {name: [] for name in steps}
    for turn in range(-warm_up, turns):
        for name, step in steps.items():
            if len(runs[name]) >= _LEAST and sum(run.seconds for run in runs[name]) > PATIENCE:
                continue
            run = stage.run(step)
            if turn >= 0:
                runs[name].append(run)
    return {name: Runs(tuple(found)) for name, found in runs.items()}
