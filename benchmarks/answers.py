"""Comparison of answers: each program's answers are compared with a plain scan of the events.

Titles are compared. The month is a set: calcurse, remind and khal list an event on each of its days, ilocal once. The
word is a set too: khal lists an event once a day there as well. The next ten are ten lines in order of days, where a
running event counts as today's; which of several events on the tenth line's day are listed is each program's choice.
calcurse repeats an event on each of its days, and its ten lines are compared with that.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import events
from measure import BenchmarkError, Stage, Step
from programs import Program, Question
from vocabulary import PHRASE, WORD


@dataclass(frozen=True, slots=True)
class Truth:
    """The result of a plain scan."""

    month: set[str] = field(default_factory=set)
    word: set[str] = field(default_factory=set)
    phrase: set[str] = field(default_factory=set)
    once: list[tuple[date, str]] = field(default_factory=list)  # first day from today on, title
    daily: list[tuple[date, str]] = field(default_factory=list)  # each day from today on, title


def scan(made: Iterable[events.Event]) -> Truth:
    """Return the expected answers for the events."""
    found = Truth()
    end = events.TODAY + timedelta(days=events.WINDOW)
    word, phrase = re.compile(rf"\b{WORD}\b"), re.compile(rf"\b{PHRASE}\b")
    for event in made:
        title = normal(event.title)
        text = f"{event.title}\n{event.description}"
        if event.start <= events.MONTH_LAST and event.last >= events.MONTH_FIRST:
            found.month.add(title)
        if word.search(text):
            found.word.add(title)
        if phrase.search(text):
            found.phrase.add(title)
        if event.last >= events.TODAY and event.start < end:
            first = max(event.start, events.TODAY)
            found.once.append((first, title))
            found.daily.extend((first + timedelta(days=n), title) for n in range((event.last - first).days + 1))
    if len(found.phrase) < 10:
        raise BenchmarkError("the events do not hold the phrase ten times")
    return found


def normal(title: str) -> str:
    return " ".join(unicodedata.normalize("NFC", title).split())


def check(stage: Stage, program: Program, truth: Truth, count: int) -> None:
    """Ask every question once and compare. Raises BenchmarkError."""
    steps = program.steps()

    def titles(question: Question) -> list[str]:
        return [normal(title) for title in program.titles(stage.answer(steps[question]))]

    where = f"{program.name}, {count:,} events"
    _same(f"{where}, first use", set(titles("first use")), truth.month)
    _same(f"{where}, month", set(titles("month")), truth.month)
    _same_ten(f"{where}, next ten", titles("next ten"), truth.daily if program.repeats else truth.once)
    if "word" in steps:
        _same(f"{where}, word", set(titles("word")), truth.word)
    if "add" in steps:
        stage.run(steps["add"])
        # Asked without the preparation of the step, which would remove the new event.
        month = Step(steps["month"].command, environment=steps["month"].environment)
        found = {normal(title) for title in program.titles(stage.answer(month))}
        _same(f"{where}, month after add", found, truth.month | {events.NEW.title})


def check_phrase(where: str, found: Iterable[str], truth: Truth) -> None:
    """Check that there are ten titles with the phrase. Raises BenchmarkError."""
    titles = [normal(title) for title in found]
    if len(titles) != 10 or not set(titles) <= truth.phrase:
        raise BenchmarkError(f"{where}: not ten events with the phrase:\n" + "\n".join(titles))


def _same(where: str, found: set[str], expected: set[str]) -> None:
    if found != expected:
        missing, extra = sorted(expected - found), sorted(found - expected)
        lines = [f"  missing: {title}" for title in missing[:5]] + [f"  too many: {title}" for title in extra[:5]]
        raise BenchmarkError(
            f"{where}: the answer differs from the plain scan ({len(missing)} missing, {len(extra)} too many)\n"
            + "\n".join(lines)
        )


def _same_ten(where: str, found: list[str], occurrences: list[tuple[date, str]]) -> None:
    tenth = sorted(day for day, _ in occurrences)[9]
    before = Counter(title for day, title in occurrences if day < tenth)
    on_the_day = Counter(title for day, title in occurrences if day == tenth)
    if len(found) != 10 or not before <= Counter(found) or not Counter(found) - before <= on_the_day:
        lines = "\n".join(found)
        raise BenchmarkError(f"{where}: not the ten that come next by the plain scan:\n{lines}")
