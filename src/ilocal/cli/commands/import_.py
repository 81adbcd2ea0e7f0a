"""`ilocal import`."""

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from ilocal.cli.import_sources import is_address_argument, read_address_argument, read_file_argument
from ilocal.cli.output import (
    print_command_event_changes,
    refuse_registry_as_output,
    warn_about_name_typos,
    write_command_output,
)
from ilocal.cli.session import Session
from ilocal.errors import RegistryError, UsageError
from ilocal.formats.base import ReadOptions
from ilocal.formats.csv.date_order import check_date_order_option
from ilocal.i18n.messages import N_, _, current_language, n_
from ilocal.model.event import Event
from ilocal.model.fields import name_event_field
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import make_text_safe
from ilocal.sync.importing import (
    NOTHING_READ_MESSAGE,
    ImportFile,
    ImportOptions,
    ImportSummary,
    format_import_counts,
    format_import_problem,
    import_files,
    list_rejected_import_rows,
)
from ilocal.terminal.status import print_status, print_warning

HELP_GROUP = "exchange"
EXAMPLES = {
    "ilocal import events.ics --dry-run": "preview of the events in a calendar",
    "ilocal import events.csv --update": "update events from an edited table",
    'ilocal import plan.csv --map "Việc=title" --map "Hôm nào=start"': "a table with other headers",
}


def run(
    ctx: typer.Context,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Files or web addresses to import; use - for stdin.")
    ],
    format: Annotated[
        Optional[str],
        typer.Option(
            "-f",
            "--format",
            metavar="FORMAT",
            help="Input format: page, csv, xlsx, json, toml or ics; by default chosen by extension and content.",
        ),
    ] = None,
    update: Annotated[bool, typer.Option("--update", help="Update existing events that differ from the file.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="With --update, import an event even if the registry has a newer version.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be imported without changing anything.")
    ] = False,
    rejects: Annotated[
        Optional[Path], typer.Option("--rejects", metavar="FILE", help="Write entries that could not be read to FILE.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Import nothing unless all events can be read.")] = False,
    source: Annotated[
        str, typer.Option("--source", metavar="TEXT", help="Source of the new events, such as a URL.")
    ] = "",
    map: Annotated[
        Optional[list[str]],
        typer.Option(
            "--map", metavar="NAME=FIELD,…", help="Map a CSV column or a JSON key to a field. May be repeated."
        ),
    ] = None,
    encoding: Annotated[
        str,
        typer.Option(
            "--encoding",
            metavar="NAME",
            help="Read text in this encoding: windows-1258, tcvn3, vni, viscii, …",
        ),
    ] = "",
    date_order: Annotated[
        str,
        typer.Option(
            "--date-order",
            metavar="ORDER",
            help="Order of day and month in a table: mdy for 12/20/2026. [default: dmy, if no date is against it]",
        ),
    ] = "",
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="Read only this sheet of a workbook.")] = "",
    private: Annotated[
        bool, typer.Option("--private", help="Allow addresses on this machine and on private networks.")
    ] = False,
) -> None:
    """Import events from calendars, workbooks, CSV, web pages, JSON or TOML. Importing a file again changes nothing."""
    session: Session = ctx.obj
    options = ReadOptions(
        session.today,
        get_registry_info_for_command(session),
        parse_map_option(map or []),
        parse_map_option(list(session.resolve_setting("map").value)),
        sheet,
        check_date_order_option(date_order),
        encoding,
    )
    inputs = [
        read_address_argument(name, format, options, is_private=private)
        if is_address_argument(name)
        else read_file_argument(name, format, options)
        for name in files
    ]
    refuse_rejects_over_input(session, rejects, files)
    require_readable_input_argument(inputs, rejects)
    session.registry.command_details = ", ".join("stdin" if name == "-" else Path(name).name for name in files)
    summary = import_files(
        session.registry,
        inputs,
        session.now,
        ImportOptions(source, update=update, force=force, strict=strict, dry_run=dry_run),
        print_problem=print_status,
        write_rejects=lambda: write_rejects_option(inputs, rejects),
    )
    print_import_summary(session, summary, inputs, dry_run=dry_run)
    warn_about_similar_events(session, summary.new_events)
    warn_about_name_typos(session, summary.new_events)


def require_readable_input_argument(inputs: list[ImportFile], rejects: Path | None) -> None:
    """Report what could not be read. Raises UsageError if that is everything; a table without rows is no error."""
    for one in inputs:
        for problem in one.problems:
            print_status(format_import_problem(problem, one.name))
    if not any(one.entries for one in inputs) and any(one.problems for one in inputs):
        write_rejects_option(inputs, rejects)
        raise UsageError(_(NOTHING_READ_MESSAGE))


def parse_map_option(texts: list[str]) -> dict[str, str]:
    """Return the mapping of `--map`: fields by column name. Raises UsageError."""
    if not texts:
        return {}
    from ilocal.formats.csv.event_rows import parse_column_mapping

    return parse_column_mapping(texts)


def refuse_rejects_over_input(session: Session, rejects: Path | None, names: list[str]) -> None:
    """Raise UsageError if the file for rejected rows is the registry, or one of the files to be read."""
    if rejects is None:
        return
    refuse_registry_as_output(session, rejects)
    if any(name != "-" and rejects.exists() and rejects.samefile(name) for name in names):
        raise UsageError(
            _("{path}: this is an input file; nothing was changed", path=rejects), hint=_("use another file")
        )


def write_rejects_option(inputs: list[ImportFile], path: Path | None) -> None:
    if path is not None:
        write_command_output((text for one in inputs for text in list_rejected_import_rows(one)), path)


def get_registry_info_for_command(session: Session) -> RegistryInfo:
    """Return the registry's metadata; empty if it cannot be read."""
    try:
        return session.registry.info
    except RegistryError:
        return RegistryInfo()


_PRINTED_OUTCOMES = (N_("new"), N_("updated"), N_("removed"))


def print_import_summary(session: Session, summary: ImportSummary, inputs: list[ImportFile], *, dry_run: bool) -> None:
    """Print the ids of new and changed events to stdout, and the counts, with `dry_run` all changes, to stderr."""
    if dry_run:
        print_command_event_changes(session, summary.changes)
    for outcome, event, what in summary.results:
        if outcome in ("differs", "outdated"):
            print_status(describe_unimported_row(outcome, event, what))
    # Programs read these words in a pipe; people read them in their language.
    words = {outcome: _(outcome) if sys.stdout.isatty() else outcome for outcome in _PRINTED_OUTCOMES}
    write_command_output(
        f"{words[outcome]} {make_text_safe(event.id)}\n"
        for outcome, event, _what in summary.results
        if outcome in words
    )
    parts = format_import_counts(summary, inputs)
    print_status(_("would import: {counts}", counts=parts) if dry_run else parts)
    if n := sum(outcome == "outdated" for outcome, _event, _what in summary.results):
        print_status(
            n_(
                "{n} event is newer in the registry than in the file, and was left as it is; "
                "--update --force takes it from the file",
                "{n} events are newer in the registry than in the file, and were left as they are; "
                "--update --force takes them from the file",
                n,
            )
        )


def describe_unimported_row(outcome: str, event: Event, fields: list[str]) -> str:
    """Return why an event that differs in some fields was not updated from the file."""
    id, names = make_text_safe(event.id), ", ".join(name_event_field(name, current_language()) for name in fields)
    if outcome == "outdated":
        return _("{id}: newer in the registry than in the file; differs in {fields}", id=id, fields=names)
    return _("{id}: differs in {fields}; to use the values in the file, add --update", id=id, fields=names)


def warn_about_similar_events(session: Session, new: list[Event]) -> None:
    """Warn about new events that may be duplicates of others; they are kept."""
    from ilocal.model.similar_events import describe_similar_event, find_events_similar_to_others

    for event, like in find_events_similar_to_others(new, session.registry.select):
        print_warning(f"{make_text_safe(event.id)}: {make_text_safe(describe_similar_event(like))}")
