"""Input files read for an import, and their events counted and rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ilocal import progress
from ilocal.errors import Diagnostic, IlocalError, InputError, UsageError
from ilocal.i18n.messages import N_, _, current_language, format_number, n_
from ilocal.model.event import Event
from ilocal.model.fields import FIELD_NAMES, name_event_field
from ilocal.model.safe_text import escape_message, make_text_safe
from ilocal.sync.matching import ImportResult, import_entries
from ilocal.sync.outdated_rows import FileHistory
from ilocal.sync.row_operations import ImportLog

if TYPE_CHECKING:
    from ilocal.formats.base import ImportedEvent, ReadOptions
    from ilocal.workspace import Registry


@dataclass
class ImportFile:
    """A parsed input file: its name, events and diagnostics."""

    name: str
    entries: list[ImportedEvent] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def file_name(self) -> str:
        """Its name without folders; "" for stdin."""
        return "" if self.name == "stdin" else Path(self.name).name


ImportChanges = list[tuple[Event, Event | None]]
NOTHING_READ_MESSAGE = N_("nothing could be read; nothing was imported")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of an import, on existing events and unreadable input."""

    source: str = ""  # for new events without one
    update: bool = False  # take the file's fields where they differ
    force: bool = False  # take an older state of an event, too
    strict: bool = False  # change nothing unless all files are readable
    dry_run: bool = False  # do not write


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """The result of each event, and the changed events before and after."""

    results: list[ImportResult]
    changes: ImportChanges

    @property
    def new_events(self) -> list[Event]:
        return [event for outcome, event, _fields in self.results if outcome == "new"]


def choose_format_of_import_source(
    text: str, name: str, path: Path | None, format_name: str | None, *, has_columns: bool
) -> Any:
    """Return the format module: the one given, or else by the path's suffix or the text's content.

    Arguments:
        text: the content.
        name: the name of the file in messages.
        path: its path, if it has one.
        format_name: the name of the format, if given.
        has_columns: whether the user maps columns or keys, so that it must be CSV or JSON.

    Raises UsageError for a format that cannot be read, or that has no columns or keys.
    """
    from ilocal import formats

    module: Any = formats.get_format(format_name) if format_name else None
    if module is None and path is not None:
        module = formats.find_format_by_suffix(path, "load") or formats.find_format_by_suffix(path, "dump")
    if module is None:
        module = formats.find_format_by_content(text)
        module = formats.get_format("csv") if has_columns and not hasattr(module, "has_columns") else module
    if has_columns and not hasattr(module, "has_columns"):
        raise UsageError(
            _("{file}: --map can only be used with tables and JSON", file=name),
            hint=_("if the file is a table or JSON, specify the format with -f csv or -f json"),
        )
    if not hasattr(module, "load"):
        unreadable = module.__name__.rpartition(".")[2]
        raise UsageError(_('{file}: ilocal cannot read the format "{name}"', file=name, name=unreadable))
    return module


def find_import_format_for_bytes(data: bytes, path: Path | None, format_name: str | None) -> Any | None:
    """Return the module that reads a file as bytes, by the given format, its content or its suffix.

    None for a text file. Raises UsageError for an unknown format.
    """
    from ilocal import formats

    if format_name:
        module = formats.get_format(format_name)
    else:
        module = formats.find_format_by_bytes(data)
        if module is None and path is not None:
            module = formats.find_format_by_suffix(path, "load")
    return module if hasattr(module, "load_bytes") else None


def check_import_options_for_bytes(module: Any, name: str, options: ReadOptions) -> None:
    """Raise UsageError for an option that has no effect on a file of this format."""
    if options.columns and not hasattr(module, "has_columns"):
        raise UsageError(_("{file}: --map can only be used with tables and JSON", file=name))
    if options.sheet and not hasattr(module, "has_sheets"):
        raise UsageError(_("{file}: --sheet can only be used with workbooks", file=name))
    check_date_order_of_format(module, name, options)


def check_date_order_of_format(module: Any, name: str, options: ReadOptions) -> None:
    """Raise UsageError if the order of day and month is stated for a file that is not a table."""
    if options.date_order and not hasattr(module, "has_date_order"):
        raise UsageError(_("{file}: not a table, and --date-order is about the dates of tables", file=name))


def warn_of_legacy_import(encoding: str) -> Diagnostic:
    """Return the warning that a file's text looks like Vietnamese in a legacy encoding."""
    said = _(
        "this looks like Vietnamese in an old font; to read the text, use --encoding {encoding}", encoding=encoding
    )
    return Diagnostic(0, said, severity="warning")


def parse_import_file(content: str | bytes, name: str, module: Any, options: ReadOptions) -> ImportFile:
    """Return the events in a file of a format, and its problems. Raises UsageError if it is not of that format."""
    from ilocal.formats.base import ImportedEvent

    found = ImportFile(name)
    try:
        with progress.track_progress(
            lambda done: _("Reading {file}: {n} …", file=make_text_safe(name), n=format_number(done))
        ) as task:
            items = module.load_bytes(content, options) if isinstance(content, bytes) else module.load(content, options)
            for item in task.iterate(items):
                if isinstance(item, Diagnostic):
                    found.problems.append(item)
                else:
                    found.entries.append(item if isinstance(item, ImportedEvent) else ImportedEvent(item))
    except InputError as error:
        raise error.in_file(name) from None
    except IlocalError as error:
        raise UsageError(f"{name}: {error.message}", hint=error.hint) from None
    return found


def import_files(
    registry: Registry,
    inputs: list[ImportFile],
    now: datetime,
    options: ImportOptions,
    *,
    print_problem: Callable[[str], None],
    write_rejects: Callable[[], None],
) -> ImportSummary:
    """Import the events of all files into the registry in one write.

    Arguments:
        registry: the registry.
        inputs: the files.
        now: the time of the change.
        options: see there.
        print_problem: called for each row that cannot be applied to this registry.
        write_rejects: called when all problems are known and nothing is saved yet; an error in it stops the import.

    Raises UsageError if nothing could be read, or, with `strict`, not everything.
    """
    summary = ImportSummary([], [])
    with progress.track_progress(make_import_comparison_message(inputs)) as task, registry.transaction() as draft:
        for one in inputs:
            log = ImportLog(history=FileHistory(one.file_name, registry.undo_history))
            entries = task.iterate([add_import_source(entry, options.source) for entry in one.entries])
            summary.results.extend(
                import_entries(draft, entries, now, update=options.update, log=log, force=options.force)
            )
            summary.changes.extend(log.changes)
            for problem in log.problems:
                print_problem(format_import_problem(problem, one.name))
            one.problems += log.problems
        write_rejects()
        _require_readable_import_rows(summary, inputs, options)
        if options.dry_run:
            draft.discard()
        task.set_message(lambda _done: _("Writing the registry …"))
    return summary


def _require_readable_import_rows(summary: ImportSummary, inputs: list[ImportFile], options: ImportOptions) -> None:
    rejected = count_rejected_import_rows(inputs)
    if options.strict and rejected:
        raise UsageError(
            n_(
                "{n} rejected with --strict; nothing was imported",
                "{n} rejected with --strict; nothing was imported",
                rejected,
            )
        )
    if not summary.results and any(one.problems for one in inputs):
        raise UsageError(_(NOTHING_READ_MESSAGE))


def make_import_comparison_message(inputs: list[ImportFile]) -> progress.ProgressMessage:
    """Return the progress message: how many entries have been compared with the registry."""
    total = sum(len(one.entries) for one in inputs)
    return lambda done: _("Comparing entries: {n} of {total} …", n=format_number(done), total=format_number(total))


def format_import_problem(problem: Diagnostic, name: str) -> str:
    """Return a diagnostic of the input file `name` as one line; an error states that its entry was not read.

    Its field is named as people name it in the current language.
    """
    if problem.field in (*FIELD_NAMES, "extra", "when"):
        problem = replace(problem, field=name_event_field(problem.field, current_language()))
    if problem.severity != "error":
        return problem.format_with_file(name)
    return replace(problem, lazy_message=_("skipped: {message}", message=problem.message)).format_with_file(name)


def list_rejected_import_rows(one: ImportFile) -> Iterator[str]:
    """Yield the source of each unreadable row, with the reason above it."""
    for problem in one.problems:
        if problem.severity == "error":
            yield f"# {escape_message(problem.format_with_file(one.name))}\n{make_text_safe(problem.text)}\n"


def count_rejected_import_rows(inputs: list[ImportFile]) -> int:
    """Return the number of rejected rows in the files."""
    return sum(problem.severity == "error" and not problem.is_further for one in inputs for problem in one.problems)


def add_import_source(entry: ImportedEvent, source: str) -> ImportedEvent:
    """Return the entry with the source given by `--source`, if it has none of its own."""
    event = entry.event
    if not source or event.source:
        return entry
    says = None if entry.stated_fields is None else entry.stated_fields - {"source"}
    return replace(entry, event=replace(event, source=source), stated_fields=says)


def format_import_counts(summary: ImportSummary, inputs: list[ImportFile]) -> str:
    """Return the counts as a line: `3 new, 0 updated, 1 unchanged, 0 rejected`."""
    counts = Counter(outcome for outcome, *_event in summary.results)
    removed, differ, newer = counts["removed"], counts["differs"], counts["outdated"]
    parts = [n_("{n} new", "{n} new", counts["new"]), n_("{n} updated", "{n} updated", counts["updated"])]
    parts += [n_("{n} removed", "{n} removed", removed)] if removed else []
    parts += [n_("{n} unchanged", "{n} unchanged", counts["unchanged"])]
    parts += [n_("{n} different", "{n} different", differ)] if differ else []
    parts += [n_("{n} newer in the registry", "{n} newer in the registry", newer)] if newer else []
    return ", ".join([*parts, n_("{n} rejected", "{n} rejected", count_rejected_import_rows(inputs))])
