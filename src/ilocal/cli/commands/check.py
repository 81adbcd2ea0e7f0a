"""`ilocal check`."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Optional

import typer

from ilocal import progress
from ilocal.cli.output import page_command_output, write_command_output
from ilocal.cli.session import Session
from ilocal.errors import Diagnostic, UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.status import print_status, print_warning

if TYPE_CHECKING:
    from ilocal.storage.loader import ParsedRegistry

HELP_GROUP = "change"
EXAMPLES = {
    "ilocal check": "all problems with their line numbers",
    "ilocal check -f github": "the same as annotations in a pull request",
}
ReportFormat = Literal["text", "json", "github"]


def run(
    ctx: typer.Context,
    paths: Annotated[
        Optional[list[Path]],
        typer.Argument(metavar="[PATH]…", help="Registries to check, each a file or a folder. [default: the registry]"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    skip: Annotated[
        Optional[list[str]],
        typer.Option("--skip", metavar="CODE", help="Skip warnings with this code. May be repeated."),
    ] = None,
    format: Annotated[
        ReportFormat,
        typer.Option(
            "-f", "--format", help="Output format: text for people, json for programs, or github for GitHub Actions."
        ),
    ] = "text",
) -> None:
    """Report every problem in the registry as FILE:LINE: field: message; exit with code 3 if there are errors."""
    from ilocal.checks import list_check_codes

    session: Session = ctx.obj
    if unknown := next((code for code in skip or () if code not in list_check_codes()), None):
        raise UsageError(
            _('unknown warning "{code}"', code=make_text_safe(unknown)), hint=", ".join(list_check_codes())
        )
    found: list[Diagnostic] = []
    count = 0
    with progress.track_progress(lambda done: n_("Checking {n} event …", "Checking {n} events …", done)) as task:
        for path in paths or [session.path]:
            registry, broken = load_registry_for_check_command(path)
            count += len(registry.events)
            task.set_message(lambda _done: _("Looking for suspicious values …"))
            found += [*broken, *run_checks_for_command(registry, session)]
    found = sort_check_command_results(
        problem for problem in found if problem.severity == "error" or problem.code not in (skip or ())
    )
    with page_command_output(session) if format == "text" else nullcontext():
        from ilocal.checks.reports import REPORT_FORMATS

        write_command_output(REPORT_FORMATS[format](found))
    for path in paths or [session.path]:
        _warn_if_driver_is_missing(path)
    errors = sum(problem.severity == "error" for problem in found)
    warnings = len(found) - errors
    parts = (
        n_("{n} event", "{n} events", count),
        n_("{n} error", "{n} errors", errors),
        n_("{n} warning", "{n} warnings", warnings),
    )
    print_status(", ".join(parts))
    if errors or (strict and warnings):
        raise typer.Exit(3)


def load_registry_for_check_command(path: Path) -> "tuple[ParsedRegistry, list[Diagnostic]]":
    """Return the parsed registry at a path without unreadable files, and the diagnostics of those."""
    from ilocal.storage import files
    from ilocal.storage.loader import ParsedFile, join_parsed_files
    from ilocal.storage.toml import document

    sources, broken = [], []
    for member in files.list_registry_files(path):
        file = str(member.path)
        try:
            sources.append(ParsedFile(file, document.parse_document(files.read_file(member.path).data)))
        except document.TomlSyntaxError as error:
            broken.append(replace(error.diagnostic, file=file))
    return join_parsed_files(sources), broken


def run_checks_for_command(registry: "ParsedRegistry", session: Session) -> Iterator[Diagnostic]:
    """Yield the errors and warnings of a registry."""
    from ilocal.checks import run_checks

    yield from registry.diagnostics
    yield from run_checks(registry, session.get_today_option_in_zone(registry.info.timezone))


def sort_check_command_results(found: Iterator[Diagnostic]) -> list[Diagnostic]:
    """Return errors first, then warnings, each ordered by file and line."""
    return sorted(found, key=lambda problem: (problem.severity != "error", problem.file, problem.line))


def _warn_if_driver_is_missing(path: Path) -> None:
    """Warn if .gitattributes requires the merge driver and this clone has not configured it.

    This is no problem of the registry, and does not affect the exit code.
    """
    from ilocal.sync.driver_setup import find_missing_driver

    if (file := find_missing_driver(path)) is not None:
        said = _("{file}: the ilocal merge driver is not set up in this clone; run: ilocal git install", file=file)
        print_warning(said)
