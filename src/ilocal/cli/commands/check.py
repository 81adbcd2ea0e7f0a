"""`ilocal check`."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Optional

import typer

from ilocal import progress
from ilocal.cli.output import paged, write
from ilocal.cli.session import Session
from ilocal.errors import Problem, UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import safe
from ilocal.terminal.status import say

if TYPE_CHECKING:
    from ilocal.storage.loader import Registry
from ilocal.checks.reports import FORMATS

Format = Literal["text", "json", "github"]


def run(
    ctx: typer.Context,
    paths: Annotated[
        Optional[list[Path]],
        typer.Argument(metavar="[PATH]…", help="Registries to check, each a file or a folder. [default: the registry]"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    skip: Annotated[
        Optional[list[str]], typer.Option("--skip", metavar="CODE", help="No such warnings. May be repeated.")
    ] = None,
    format: Annotated[
        Format, typer.Option("-f", "--format", help="For people, for programs, or for GitHub Actions.")
    ] = "text",
) -> None:
    """Name every problem of the registry as FILE:LINE: field: message, errors first; exit code 3 for errors."""
    from ilocal.checks import codes

    session: Session = ctx.obj
    if unknown := next((code for code in skip or () if code not in codes()), None):
        raise UsageError(_('there is no warning "{code}"', code=safe(unknown)), hint=", ".join(codes()))
    found: list[Problem] = []
    count = 0
    with progress.task(lambda done: n_("Checking {n} event …", "Checking {n} events …", done)) as task:
        for path in paths or [session.path]:
            registry, broken = opened(path)
            count += len(registry.events)
            task.now(lambda _done: _("Looking for what is doubtful …"))
            found += [*broken, *problems(registry, session)]
    found = in_order(problem for problem in found if problem.level == "error" or problem.code not in (skip or ()))
    with paged(session) if format == "text" else nullcontext():
        write(FORMATS[format](found))
    errors = sum(problem.level == "error" for problem in found)
    warnings = len(found) - errors
    parts = (
        n_("{n} event", "{n} events", count),
        n_("{n} error", "{n} errors", errors),
        n_("{n} warning", "{n} warnings", warnings),
    )
    say(", ".join(parts))
    if errors or (strict and warnings):
        raise typer.Exit(3)


def opened(path: Path) -> "tuple[Registry, list[Problem]]":
    """The registry at a path, read whole; and its files that cannot be read at all, which it is without."""
    from ilocal.storage import files
    from ilocal.storage.loader import Source, loaded
    from ilocal.storage.toml import document

    sources, broken = [], []
    for member in files.members(path):
        file = str(member.path)
        try:
            sources.append(Source(file, document.read(files.read(member.path).data)))
        except document.NotToml as error:
            broken.append(replace(error.problem, file=file, code="not-toml"))
    return loaded(sources), broken


def problems(registry: "Registry", session: Session) -> Iterator[Problem]:
    """What is wrong with a registry, and what is doubtful."""
    from ilocal.checks import review

    yield from registry.problems
    yield from review(registry, session.today_in(registry.header.timezone))


def in_order(found: Iterator[Problem]) -> list[Problem]:
    """Errors first, then warnings, each in the order of files and lines."""
    return sorted(found, key=lambda problem: (problem.level != "error", problem.file, problem.line))
