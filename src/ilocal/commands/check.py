"""`ilocal check`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ilocal.errors import Problem
from ilocal.options import Session, say
from ilocal.output import write
from ilocal.text import safe

if TYPE_CHECKING:
    from ilocal.registry import Registry


def run(
    ctx: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
) -> None:
    """Name every problem of the registry as FILE:LINE: field: message, errors first; exit code 3 for errors."""
    from ilocal.files import read
    from ilocal.registry import load

    session: Session = ctx.obj
    workspace = session.workspace
    registry = load(read(workspace.path).text, workspace.file)
    found = [*registry.problems, *doubts(registry)]
    errors = [problem for problem in found if problem.level == "error"]
    warnings = sorted((problem for problem in found if problem.level == "warning"), key=lambda problem: problem.line)
    write(safe(problem.at(workspace.file).replace("\n", "\\n")) + "\n" for problem in (*errors, *warnings))
    say(f"{len(registry.events)} events, {len(errors)} errors, {len(warnings)} warnings")
    if errors or (strict and warnings):
        raise typer.Exit(3)


def doubts(registry: "Registry") -> Iterator[Problem]:
    """What is valid and yet hardly meant."""
    from ilocal.block import field_line

    yield from _header_doubts(registry)
    for id, event in registry.events.items():
        piece = registry.document.pieces[registry.pieces[id]]
        for key in event.extra:
            line = piece.line + field_line(piece.text, key) if piece.text else 0
            yield Problem(line, "unknown key, kept as it is", safe(key), "warning")
        if piece.table is not None and not piece.table.get("id"):
            yield Problem(piece.header_line, f'no id: called "{id}" until its title or date changes', "id", "warning")


def _header_doubts(registry: "Registry") -> Iterator[Problem]:
    from zoneinfo import ZoneInfo

    from ilocal.block import field_line

    name = registry.header.timezone
    try:
        if name:
            ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        piece = next(piece for piece in registry.document.pieces if "timezone" in piece.text or not piece.text)
        line = piece.line + field_line(piece.text, "timezone") if piece.text else 0
        yield Problem(line, f'there is no time zone "{safe(name)}"', "timezone", "warning")
