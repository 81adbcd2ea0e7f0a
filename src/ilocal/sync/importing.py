"""Input files read for an import, and their events counted and rejected."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ilocal import progress
from ilocal.errors import Problem
from ilocal.i18n.messages import _, n_, number
from ilocal.model.event import Event
from ilocal.model.safe_text import message, safe

if TYPE_CHECKING:
    from ilocal.formats.base import Entry


@dataclass
class Input:
    """One file as read: its name, its events, and what in it is none."""

    name: str
    entries: "list[Entry]" = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


Changes = list[tuple[Event, Event | None]]


def comparison_progress(inputs: list[Input]) -> progress.Told:
    """How many of the entries have been held against the registry."""
    total = sum(len(one.entries) for one in inputs)
    return lambda done: _("Comparing: {n} of {total} …", n=number(done), total=number(total))


def described(problem: Problem, name: str) -> str:
    if problem.level != "error":
        return problem.at(name)
    return replace(problem, message=_("not read: {message}", message=problem.message)).at(name)


def rejected(one: Input) -> Iterator[str]:
    """What could not be read, with its reason above it."""
    for problem in one.problems:
        if problem.level == "error":
            yield f"# {message(problem.at(one.name))}\n{safe(problem.text)}\n"


def errors_in(inputs: list[Input]) -> int:
    """How much of the files could not be taken."""
    return sum(problem.level == "error" for one in inputs for problem in one.problems)


def sourced(entry: "Entry", source: str) -> "Entry":
    """The entry with the source that `--source` says, where it has none; then the file does not say it."""
    event = entry.event
    if not source or event.source:
        return entry
    says = None if entry.says is None else entry.says - {"source"}
    return replace(entry, event=replace(event, source=source), says=says)


def counted(new: int, updated: int, removed: int, unchanged: int, differ: int, inputs: list[Input]) -> str:
    """`3 new, 0 updated, 1 unchanged, 0 rejected`."""
    rejected = errors_in(inputs)
    parts = [n_("{n} new", "{n} new", new), n_("{n} updated", "{n} updated", updated)]
    parts += [n_("{n} removed", "{n} removed", removed)] if removed else []
    parts += [n_("{n} unchanged", "{n} unchanged", unchanged)]
    parts += [n_("{n} differs", "{n} differs", differ)] if differ else []
    return ", ".join([*parts, n_("{n} rejected", "{n} rejected", rejected)])
