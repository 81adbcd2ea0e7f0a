"""`ilocal import`."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from ilocal import progress
from ilocal.cli.output import keep_registry, warn_of_names, write
from ilocal.cli.session import Session
from ilocal.errors import IlocalError, Problem, RegistryError, UsageError, at_line, in_file
from ilocal.i18n.messages import N_, _, n_, number
from ilocal.model.event import Event
from ilocal.model.registry_info import Header
from ilocal.model.safe_text import safe
from ilocal.sync.importing import Changes, Input, comparison_progress, counted, described, errors_in, rejected, sourced
from ilocal.sync.matching import Result, merge
from ilocal.sync.row_operations import Ledger
from ilocal.terminal.status import caution, say, tell

NOTHING = N_("nothing could be read; the registry is as it was")


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
    columns = mapping(map or [])
    inputs = [read(name, format, session, columns, encoding) for name in files]
    if rejects is not None:
        keep_registry(session, rejects)
        if any(name != "-" and rejects.exists() and rejects.samefile(name) for name in files):
            raise UsageError(
                _("{path}: that is a file to be read; nothing was changed", path=rejects), hint=_("name another file")
            )
    check_readable(inputs, rejects)
    outcomes, changes = taken(session, inputs, source, update=update, strict=strict, dry_run=dry_run, rejects=rejects)
    if dry_run:
        show(changes, session)
    report(outcomes, inputs, dry_run=dry_run)
    new = [event for outcome, event, _ in outcomes if outcome == "new"]
    resemblances(session, new)
    warn_of_names(session, new)


def taken(
    session: Session,
    inputs: list[Input],
    source: str,
    *,
    update: bool,
    strict: bool,
    dry_run: bool,
    rejects: Path | None,
) -> tuple[list[Result], Changes]:
    """Put all files into the registry in one write; returns what became of each event, and what was changed."""
    outcomes: list[Result] = []
    changes: Changes = []
    now = session.now
    with progress.task(comparison_progress(inputs)) as task, session.workspace.changing() as draft:
        for one in inputs:
            ledger = Ledger()
            entries = task.each([sourced(entry, source) for entry in one.entries])
            outcomes += merge(draft, entries, now, update=update, ledger=ledger)
            changes += ledger.changes
            reject_late(one, ledger)
        keep_rejects(inputs, rejects)
        if strict and errors_in(inputs):
            raise UsageError(
                n_(
                    "{n} rejected, and --strict was said; the registry is as it was",
                    "{n} rejected, and --strict was said; the registry is as it was",
                    errors_in(inputs),
                )
            )
        if not outcomes and any(one.problems for one in inputs):
            raise UsageError(_(NOTHING))
        if dry_run:
            draft.drop()
        task.now(lambda _done: _("Writing the registry …"))
    return outcomes, changes


def check_readable(inputs: list[Input], rejects: Path | None) -> None:
    """Say what could not be read. Raises UsageError where that is everything; a table without rows is no error."""
    for one in inputs:
        for problem in one.problems:
            say(described(problem, one.name))
    if not any(one.entries for one in inputs) and any(one.problems for one in inputs):
        keep_rejects(inputs, rejects)
        raise UsageError(_(NOTHING))


def mapping(texts: list[str]) -> dict[str, str]:
    """The option `--map`: fields by the names of columns. Raises UsageError."""
    if not texts:
        return {}
    from ilocal.formats.csv import mapping_of

    return mapping_of(texts)


def read(name: str, format: str | None, session: Session, columns: Mapping[str, str] = {}, encoding: str = "") -> Input:
    """Read one file in the format that is said, or that its suffix or content says. Raises UsageError."""
    from ilocal import formats
    from ilocal.cli.input_files import NotText, read_input, read_stdin
    from ilocal.formats import base

    shown = "stdin" if name == "-" else name
    try:
        text = read_stdin(encoding) if name == "-" else read_input(Path(name), encoding).replace("\r\n", "\n")
    except NotText as error:
        hint = _('save it as UTF-8 (a workbook as "CSV UTF-8"), or say its encoding with --encoding')
        raise UsageError(error.message, hint=hint) from None
    if not text.strip("\ufeff \t\r\n"):
        raise UsageError(in_file(shown, at_line(1, _("an empty file"))))
    module: Any = formats.named(format) if format else None
    if module is None and name != "-":
        module = formats.by_suffix(Path(name), "load") or formats.by_suffix(Path(name), "dump")
    module = module or (formats.named("csv") if columns else formats.by_content(text))
    if columns and not hasattr(module, "has_columns"):
        raise UsageError(
            _("{file}: only the columns of a CSV can be mapped", file=shown), hint=_("say -f csv, where it is one")
        )
    if not hasattr(module, "load"):
        name = module.__name__.rpartition(".")[2]
        raise UsageError(_('{file}: "{name}" is not a format to read', file=shown, name=name))
    found = Input(shown)
    try:
        how = base.Reading(session.today, header(session), columns)
        with progress.task(lambda done: _("Reading {file}: {n} …", file=safe(shown), n=number(done))) as task:
            for item in task.each(module.load(text, how)):
                if isinstance(item, Problem):
                    found.problems.append(item)
                else:
                    found.entries.append(item if isinstance(item, base.Entry) else base.Entry(item))
    except IlocalError as error:
        raise UsageError(in_file(shown, error.message), hint=error.hint) from None
    return found


def keep_rejects(inputs: list[Input], path: Path | None) -> None:
    if path is not None:
        write((text for one in inputs for text in rejected(one)), path)


def reject_late(one: Input, ledger: Ledger) -> None:
    """Say which rows ask for what cannot be done in this registry."""
    for problem in ledger.problems:
        say(described(problem, one.name))
    one.problems += ledger.problems


def show(changes: list[tuple[Event, Event | None]], session: Session) -> None:
    """Show the changes event by event on stderr: they are about the data."""
    from ilocal.terminal.event_diff import diff

    for before, after in changes:
        for line in diff(before, after, color=session.color):
            tell(line + "\n")


def header(session: Session) -> Header:
    """What the registry says of itself; nothing, where it cannot be read."""
    try:
        return session.workspace.header
    except RegistryError:
        return Header()


def report(outcomes: list[Result], inputs: list[Input], *, dry_run: bool) -> None:
    """The ids of what is new or changed on stdout, the counts on stderr."""
    for outcome, event, what in outcomes:
        if outcome == "differs":
            say(_("{id}: differs in {fields}; --update takes the file's", id=event.id, fields=", ".join(what)))
    write(f"{outcome} {safe(event.id)}\n" for outcome, event, _ in outcomes if outcome in ("new", "updated", "removed"))
    counts = Counter(outcome for outcome, *_event in outcomes)
    parts = counted(counts["new"], counts["updated"], counts["removed"], counts["unchanged"], counts["differs"], inputs)
    say(_("would be: {counts}", counts=parts) if dry_run else parts)


def resemblances(session: Session, new: list[Event]) -> None:
    """Say which of the new events may be one of the registry, or of the file, written otherwise; they are kept."""
    from ilocal.model.similar_events import beside, likeness

    for event, like in beside(new, session.workspace.select):
        caution(f"{safe(event.id)}: {safe(likeness(like))}")
