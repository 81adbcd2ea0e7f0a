"""`ilocal resolve`."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ilocal.cli.output import write_command_output
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, EventNotFound, UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.terminal.status import print_status

if TYPE_CHECKING:
    from ilocal.sync.conflict_resolution import FileConflict


HELP_GROUP = "change"
EXAMPLES = {
    "ilocal resolve": "both sides of each conflict",
    "ilocal resolve --mine": "your side of all conflicts",
}


def run(
    ctx: typer.Context,
    handle: Annotated[
        Optional[str], typer.Argument(metavar="[ID]", help="The event, or the start of its id. [default: all]")
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Keep the upper side, above the line of =======.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Keep the lower side.")] = False,
    edit: Annotated[bool, typer.Option("--edit", help="Settle the conflict in your editor.")] = False,
) -> None:
    """Show the conflicts of a merge, and settle them with one side or your own text.

    Without a choice, both sides of each conflict are shown; exit code 5 while there are conflicts.
    """
    from ilocal.sync.conflict_resolution import find_registry_conflicts, resolve_conflicts

    session: Session = ctx.obj
    if mine + theirs + edit > 1:
        raise UsageError(_("--mine, --theirs and --edit exclude each other"))
    every = find_registry_conflicts(session.path)
    found = every if handle is None else [one for one in every if any(id.startswith(handle) for id in one.ids)]
    if not every:
        print_status(_("there are no conflicts"))
        return
    if not found:
        raise EventNotFound(_('no conflict is in an event "{id}"', id=escape_single_line(handle or "")))
    if mine or theirs:
        resolve_conflicts(session.path, found, "ours" if mine else "theirs", session.registry.notes)
    elif edit:
        for one in _take_one_for_each_event(found):
            _edit_conflict(session, one)
    else:
        write_command_output(f"{line}\n" for one in found for line in _describe_conflict(one))
        _refuse_with_choices(found)
    _report_rest(session)


def _describe_conflict(conflict: "FileConflict") -> Iterator[str]:
    """Yield the place and event of a conflict, and the text of each side."""
    names = ", ".join(map(escape_single_line, conflict.ids))
    yield f"{escape_single_line(str(conflict.path))}:{conflict.line}: {names}".rstrip(": ")
    region = conflict.found.region
    for option, label, text in (
        ("--mine", conflict.found.our_name, region.ours),
        ("--theirs", conflict.found.their_name, region.theirs),
    ):
        yield f"  {option} ({escape_single_line(label)})" if label else f"  {option}"
        for line in text.rstrip("\n").split("\n") if text.strip() else [_("(removed)")]:
            yield f"    {make_text_safe(line.rstrip(chr(13)))}"


def _refuse_with_choices(found: "list[FileConflict]") -> None:
    id = next((id for one in found for id in one.ids), "")
    raise ConflictError(
        n_("{n} conflict", "{n} conflicts", len(found)),
        hint=_(
            "keep one side with: ilocal resolve {id} --mine, or --theirs; or settle it in your editor with --edit",
            id=id,
        ).replace("  ", " "),
    )


def _take_one_for_each_event(found: "list[FileConflict]") -> "list[FileConflict]":
    """Return the first conflict of each event, last event first, so that offsets of others stay valid."""
    firsts = {(one.path, one.start): one for one in reversed(found)}
    return sorted(firsts.values(), key=lambda one: (str(one.path), -one.start))


def _edit_conflict(session: Session, conflict: "FileConflict") -> None:
    from ilocal.cli.event_editor import run_editor_for_command
    from ilocal.sync.conflict_resolution import read_conflict_text, replace_conflict_text

    before = read_conflict_text(conflict)
    body = before.rstrip("\n")
    run_editor_for_command(
        body + "\n",
        next(iter(conflict.ids), "conflict"),
        lambda text: replace_conflict_text(
            session.path, conflict, before, text.rstrip("\n") + before[len(body) :], session.registry.notes
        ),
    )


def _report_rest(session: Session) -> None:
    """Report how many conflicts are left, or the git command to run."""
    from ilocal.sync.conflict_resolution import find_registry_conflicts

    left = find_registry_conflicts(session.path)
    if left:
        print_status(n_("{n} conflict left", "{n} conflicts left", len(left)))
        return
    print_status(_("no conflicts left; tell git with: git add {path}", path=shlex.quote(str(session.path))))
