"""Input files read for an import, and their events counted and rejected."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ilocal import progress
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _, format_number, n_
from ilocal.model.event import Event
from ilocal.model.safe_text import escape_message, escape_unsafe

if TYPE_CHECKING:
    from ilocal.formats.base import ImportedEvent


@dataclass
class ImportFile:
    """One file as read: its name, its events, and what in it is none."""

    name: str
    entries: "list[ImportedEvent]" = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)


ImportChanges = list[tuple[Event, Event | None]]


def make_comparison_message(inputs: list[ImportFile]) -> progress.ProgressMessage:
    """How many of the entries have been held against the registry."""
    total = sum(len(one.entries) for one in inputs)
    return lambda done: _("Comparing: {n} of {total} …", n=format_number(done), total=format_number(total))


def format_import_problem(problem: Diagnostic, name: str) -> str:
    """Return a problem of the input file `name` as one line; an error says that its entry was not read."""
    if problem.severity != "error":
        return problem.format_with_file(name)
    return replace(problem, lazy_message=_("not read: {message}", message=problem.message)).format_with_file(name)


def format_rejected_rows(one: ImportFile) -> Iterator[str]:
    """What could not be read, with its reason above it."""
    for problem in one.problems:
        if problem.severity == "error":
            yield f"# {escape_message(problem.format_with_file(one.name))}\n{escape_unsafe(problem.text)}\n"


def count_rejected_rows(inputs: list[ImportFile]) -> int:
    """How much of the files could not be taken."""
    return sum(problem.severity == "error" for one in inputs for problem in one.problems)


def add_import_source(entry: "ImportedEvent", source: str) -> "ImportedEvent":
    """The entry with the source that `--source` says, where it has none; then the file does not say it."""
    event = entry.event
    if not source or event.source:
        return entry
    says = None if entry.stated_fields is None else entry.stated_fields - {"source"}
    return replace(entry, event=replace(event, source=source), stated_fields=says)


def format_import_counts(
    new: int, updated: int, removed: int, unchanged: int, differ: int, inputs: list[ImportFile]
) -> str:
    """`3 new, 0 updated, 1 unchanged, 0 rejected`."""
    rejected = count_rejected_rows(inputs)
    parts = [n_("{n} new", "{n} new", new), n_("{n} updated", "{n} updated", updated)]
    parts += [n_("{n} removed", "{n} removed", removed)] if removed else []
    parts += [n_("{n} unchanged", "{n} unchanged", unchanged)]
    parts += [n_("{n} differs", "{n} differs", differ)] if differ else []
    return ", ".join([*parts, n_("{n} rejected", "{n} rejected", rejected)])
