"""Every program with the same events and the same questions, in turn."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import events
from answers import check, scan
from measure import Runs, Stage, in_turn
from programs import QUESTIONS, Maker, Question


@dataclass(frozen=True, slots=True)
class Entry:
    """The measurements of one program with one number of events; questions without a command are absent."""

    program: str
    count: int
    runs: Mapping[Question, Runs]


def race(stage: Stage, makers: Sequence[Maker], count: int, turns: int) -> list[Entry]:
    """Check the answers of all programs about `count` events, then measure them. Raises BenchmarkError."""
    truth = scan(events.made(count))
    programs = [maker.make(stage, count) for maker in makers]
    for program in programs:
        tell(f"{count:,} events: checking the answers of {program.name}")
        check(stage, program, truth, count)
    runs: dict[str, dict[Question, Runs]] = {program.name: {} for program in programs}
    for question in QUESTIONS:
        tell(f"{count:,} events: {question}")
        steps = {program.name: found[question] for program in programs if question in (found := program.steps())}
        for name, measured in in_turn(stage, steps, turns).items():
            runs[name][question] = measured
    return [Entry(name, count, found) for name, found in runs.items()]


def tell(message: str) -> None:
    """Print progress to standard error."""
    print(message, file=sys.stderr, flush=True)
