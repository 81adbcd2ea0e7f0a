"""`ilocal import`."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ilocal import progress
from ilocal.cli.output import refuse_registry_as_output, warn_about_name_typos, write_command_output
from ilocal.cli.session import Session
from ilocal.errors import Diagnostic, IlocalError, InputError, RegistryError, UsageError
from ilocal.i18n.messages import N_, _, format_number, n_
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import escape_unsafe
from ilocal.sync.importing import (
    ImportChanges,
    ImportFile,
    add_import_source,
    count_rejected_rows,
    format_import_counts,
    format_import_problem,
    format_rejected_rows,
    make_comparison_message,
)
from ilocal.sync.matching import ImportResult, import_entries
from ilocal.sync.row_operations import ImportLog
from ilocal.terminal.status import print_status, print_warning, write_stderr

NOTHING_READ_MESSAGE = N_("nothing could be read; the registry is as it was")


def run(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="Files to read; - is stdin.")],
    format: Annotated[
        Optional[str],
        typer.Option("-f", "--format", metavar="FORMAT", help="page, csv, json, jsonl, toml or ics; else by suffix."),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Where an event differs from the file, take the file's.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    rejects: Annotated[
        Optional[Path], typer.Option("--rejects", metavar="FILE", help="Write what could not be read to FILE.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing unless all of the files can be read.")
    ] = False,
    source: Annotated[
        str, typer.Option("--source", metavar="TEXT", help="The source of the new events, such as a URL.")
    ] = "",
    map: Annotated[
        Optional[list[str]],
        typer.Option("--map", metavar="NAME=FIELD,…", help="What columns of a CSV are called. May be repeated."),
    ] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", metavar="NAME", help="Where it is not UTF-8 or UTF-16: windows-1258, …")
    ] = "",
) -> None:
    """Read events from calendars, CSV, web pages saved as text, JSON or TOML, in one write; twice is once."""
    session: Session = ctx.obj
    columns = parse_map_option(map or [])
    inputs = [read_import_file(name, format, session, columns, encoding) for name in files]
    if rejects is not None:
        refuse_registry_as_output(session, rejects)
        if any(name != "-" and rejects.exists() and rejects.samefile(name) for name in files):
            raise UsageError(
                _("{path}: that is a file to be read; nothing was changed", path=rejects), hint=_("name another file")
            )
    require_readable_import(inputs, rejects)
    outcomes, changes = apply_import_files(
        session, inputs, source, update=update, strict=strict, dry_run=dry_run, rejects=rejects
    )
    if dry_run:
        print_import_changes(changes, session)
    print_import_summary(outcomes, inputs, dry_run=dry_run)
    new = [event for outcome, event, _ in outcomes if outcome == "new"]
    warn_about_similar_events(session, new)
    warn_about_name_typos(session, new)


def apply_import_files(
    session: Session,
    inputs: list[ImportFile],
    source: str,
    *,
    update: bool,
    strict: bool,
    dry_run: bool,
    rejects: Path | None,
) -> tuple[list[ImportResult], ImportChanges]:
    """Put all files into the registry in one write; returns what became of each event, and what was changed."""
    outcomes: list[ImportResult] = []
    changes: ImportChanges = []
    now = session.now
    with progress.track_progress(make_comparison_message(inputs)) as task, session.registry.transaction() as draft:
        for one in inputs:
            ledger = ImportLog()
            entries = task.iterate([add_import_source(entry, source) for entry in one.entries])
            outcomes += import_entries(draft, entries, now, update=update, log=ledger)
            changes += ledger.changes
            print_late_rejections(one, ledger)
        write_rejects_option(inputs, rejects)
        if strict and count_rejected_rows(inputs):
            raise UsageError(
                n_(
                    "{n} rejected, and --strict was said; the registry is as it was",
                    "{n} rejected, and --strict was said; the registry is as it was",
                    count_rejected_rows(inputs),
                )
            )
        if not outcomes and any(one.problems for one in inputs):
            raise UsageError(_(NOTHING_READ_MESSAGE))
        if dry_run:
            draft.discard()
        task.set_message(lambda _done: _("Writing the registry …"))
    return outcomes, changes


def require_readable_import(inputs: list[ImportFile], rejects: Path | None) -> None:
    """Say what could not be read. Raises UsageError where that is everything; a table without rows is no error."""
    for one in inputs:
        for problem in one.problems:
            print_status(format_import_problem(problem, one.name))
    if not any(one.entries for one in inputs) and any(one.problems for one in inputs):
        write_rejects_option(inputs, rejects)
        raise UsageError(_(NOTHING_READ_MESSAGE))


def parse_map_option(texts: list[str]) -> dict[str, str]:
    """The option `--map`: fields by the names of columns. Raises UsageError."""
    if not texts:
        return {}
    from ilocal.formats.csv.event_rows import parse_column_mapping

    return parse_column_mapping(texts)


def read_import_file(
    name: str, format: str | None, session: Session, columns: Mapping[str, str] = {}, encoding: str = ""
) -> ImportFile:
    """Read one file in the format that is said, or that its suffix or content says. Raises UsageError."""
    from ilocal import formats
    from ilocal.cli.input_files import UndecodableInputError, read_input_file, read_stdin_text
    from ilocal.formats import base

    shown = "stdin" if name == "-" else name
    try:
        text = read_stdin_text(encoding) if name == "-" else read_input_file(Path(name), encoding).replace("\r\n", "\n")
    except UndecodableInputError as error:
        hint = _('save it as UTF-8 (a workbook as "CSV UTF-8"), or say its encoding with --encoding')
        raise UsageError(error.message, hint=hint) from None
    if not text.strip("\ufeff \t\r\n"):
        raise InputError(1, _("an empty file")).in_file(shown)
    module: Any = formats.get_format(format) if format else None
    if module is None and name != "-":
        module = formats.find_format_by_suffix(Path(name), "load") or formats.find_format_by_suffix(Path(name), "dump")
    module = module or (formats.get_format("csv") if columns else formats.find_format_by_content(text))
    if columns and not hasattr(module, "has_columns"):
        raise UsageError(
            _("{file}: only the columns of a CSV can be mapped", file=shown), hint=_("say -f csv, where it is one")
        )
    if not hasattr(module, "load"):
        name = module.__name__.rpartition(".")[2]
        raise UsageError(_('{file}: "{name}" is not a format to read', file=shown, name=name))
    found = ImportFile(shown)
    try:
        how = base.ReadOptions(session.today, get_registry_info(session), columns)
        with progress.track_progress(
            lambda done: _("Reading {file}: {n} …", file=escape_unsafe(shown), n=format_number(done))
        ) as task:
            for item in task.iterate(module.load(text, how)):
                if isinstance(item, Diagnostic):
                    found.problems.append(item)
                else:
                    found.entries.append(item if isinstance(item, base.ImportedEvent) else base.ImportedEvent(item))
    except InputError as error:
        raise error.in_file(shown) from None
    except IlocalError as error:
        raise UsageError(f"{shown}: {error.message}", hint=error.hint) from None
    return found


def write_rejects_option(inputs: list[ImportFile], path: Path | None) -> None:
    if path is not None:
        write_command_output((text for one in inputs for text in format_rejected_rows(one)), path)


def print_late_rejections(one: ImportFile, ledger: ImportLog) -> None:
    """Say which rows ask for what cannot be done in this registry."""
    for problem in ledger.problems:
        print_status(format_import_problem(problem, one.name))
    one.problems += ledger.problems


def print_import_changes(changes: list[tuple[Event, Event | None]], session: Session) -> None:
    """Show the changes event by event on stderr: they are about the data."""
    from ilocal.terminal.event_diff import format_event_diff

    for before, after in changes:
        for line in format_event_diff(before, after, color=session.uses_color):
            write_stderr(line + "\n")


def get_registry_info(session: Session) -> RegistryInfo:
    """What the registry says of itself; nothing, where it cannot be read."""
    try:
        return session.registry.info
    except RegistryError:
        return RegistryInfo()


def print_import_summary(outcomes: list[ImportResult], inputs: list[ImportFile], *, dry_run: bool) -> None:
    """The ids of what is new or changed on stdout, the counts on stderr."""
    for outcome, event, what in outcomes:
        if outcome == "differs":
            print_status(_("{id}: differs in {fields}; --update takes the file's", id=event.id, fields=", ".join(what)))
    write_command_output(
        f"{outcome} {escape_unsafe(event.id)}\n"
        for outcome, event, _ in outcomes
        if outcome in ("new", "updated", "removed")
    )
    counts = Counter(outcome for outcome, *_event in outcomes)
    parts = format_import_counts(
        counts["new"], counts["updated"], counts["removed"], counts["unchanged"], counts["differs"], inputs
    )
    print_status(_("would be: {counts}", counts=parts) if dry_run else parts)


def warn_about_similar_events(session: Session, new: list[Event]) -> None:
    """Say which of the new events may be one of the registry, or of the file, written otherwise; they are kept."""
    from ilocal.model.similar_events import describe_similar_event, find_similar_in_registry

    for event, like in find_similar_in_registry(new, session.registry.select):
        print_warning(f"{escape_unsafe(event.id)}: {escape_unsafe(describe_similar_event(like))}")
