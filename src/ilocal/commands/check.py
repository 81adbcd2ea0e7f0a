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
    from ilocal.registry import unknown_inside

    yield from _head_doubts(registry)
    for id, event in registry.events.items():
        piece = registry.document.pieces[registry.pieces[id]]
        inside = [key for keys in unknown_inside(piece.table or {}) for key in keys]
        for key in (*event.extra, *inside):
            line = piece.line + field_line(piece.text, key.rpartition(".")[2] or key) if piece.text else 0
            yield Problem(line, _UNKNOWN, safe(key), "warning")
        if piece.table is not None and not piece.table.get("id"):
            yield Problem(piece.header_line, f'no id: called "{id}" until its title or date changes', "id", "warning")


_UNKNOWN = "unknown key, kept as it is"


def _head_doubts(registry: "Registry") -> Iterator[Problem]:
    """Doubts about what stands outside of events: unknown tables, unknown keys of the registry, no such time zone."""
    from ilocal.header import KEYS

    head = registry.document.head
    own = head.get("registry", {})
    unknown = [key for key in head if key not in ("registry", "aliases")]
    unknown += [key for key in (own if isinstance(own, dict) else ()) if key not in KEYS]
    for key in unknown:
        yield Problem(_head_line(registry, key), _UNKNOWN, safe(key), "warning")
    name = registry.header.timezone
    if name and not _is_zone(name):
        line = _head_line(registry, "timezone")
        yield Problem(line, f'there is no time zone "{safe(name)}"', "timezone", "warning")


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _head_line(registry: "Registry", key: str) -> int:
    """The line of a key, or of a table's header, outside of the events; 0 where it is written in another way."""
    from ilocal.block import statements

    for piece in registry.document.pieces:
        line = piece.line
        for statement in () if piece.is_event else statements(piece.text):
            if key in (statement.key, statement.text.split("#")[0].strip("[] \t\r\n").split(".")[0]):
                return line
            line += statement.text.count("\n")
    return 0
