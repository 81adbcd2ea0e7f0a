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
    from ilocal.sync.conflict_resolution import ConflictedFile, FileConflict, ResolutionMessages


HELP_GROUP = "change"
EXAMPLES = {
    "ilocal resolve": "both sides of each conflict",
    "ilocal resolve --mine": "keep your side in all conflicts",
}


def run(
    ctx: typer.Context,
    handle: Annotated[
        Optional[str], typer.Argument(metavar="[ID]", help="The id of an event, or the start of the id. [default: all]")
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Keep the upper side, above the ======= line.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Keep the lower side, below the ======= line.")] = False,
    edit: Annotated[bool, typer.Option("--edit", help="Resolve the conflict in your editor.")] = False,
) -> None:
    """Show merge conflicts, or resolve them with one side or your own text.

    Without an option, show both sides of each conflict, and exit with code 5 if there are conflicts.
    """
    from ilocal.sync.conflict_resolution import ResolutionMessages, find_conflicted_files, resolve_conflicts

    session: Session = ctx.obj
    if mine + theirs + edit > 1:
        raise UsageError(_("--mine, --theirs and --edit cannot be used together"))
    every = find_conflicted_files(session.path)
    if not every:
        print_status(_("there are no conflicts"))
        return
    chosen = _select_conflicts(every, handle)
    said = ResolutionMessages([], session.registry.notes)
    found = [conflict for one in chosen for conflict in one.conflicts]
    if edit and found:
        for conflict in _list_conflicts_for_resolve_command(found):
            _edit_conflict_for_resolve_command(session, conflict, said)
    elif mine or theirs or edit:
        resolve_conflicts(session.path, chosen, "theirs" if theirs else "ours", said)
    else:
        write_command_output(f"{line}\n" for one in found for line in _describe_conflict(one))
        _refuse_with_choices(chosen, found)
    for message in dict.fromkeys(said.done):
        print_status(message)
    _suggest_command_for_other_conflicts(session)


def _select_conflicts(every: "list[ConflictedFile]", handle: str | None) -> "list[ConflictedFile]":
    """Return the files with the conflicts of the event that a handle names. Raises EventNotFound."""
    if handle is None:
        return every
    found = []
    for file in every:
        conflicts = [one for one in file.conflicts if any(id.startswith(handle) for id in one.ids)]
        found += [file._replace(conflicts=conflicts)] if conflicts else []
    if not found:
        raise EventNotFound(_('there is no conflict in an event "{id}"', id=escape_single_line(handle)))
    return found


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


def _refuse_with_choices(files: "list[ConflictedFile]", found: "list[FileConflict]") -> None:
    for file in files:
        if file.is_narrowed and not file.conflicts:
            print_status(
                _(
                    "{file}: git merged this file as text and marked conflicts; merged by event, it has none",
                    file=str(file.path),
                )
            )
        elif file.is_narrowed:
            print_status(
                _(
                    "{file}: git merged this file as text and marked more lines; "
                    "merged by event, only the conflicts above remain",
                    file=str(file.path),
                )
            )
    if not found:
        raise ConflictError(
            _("there are conflict markers, but no conflicts"), hint=_("merge by event with: ilocal resolve --mine")
        )
    id = next((id for one in found for id in one.ids), "")
    raise ConflictError(
        n_("{n} conflict", "{n} conflicts", len(found)),
        hint=_(
            "to keep one side, run: ilocal resolve {id} --mine, or --theirs; to "
            "resolve the conflict in your editor, use --edit",
            id=id,
        ).replace("  ", " "),
    )


def _list_conflicts_for_resolve_command(found: "list[FileConflict]") -> "list[FileConflict]":
    """Return the first conflict of each event, last event first, so that offsets of others stay valid."""
    firsts = {(one.path, one.start): one for one in reversed(found)}
    return sorted(firsts.values(), key=lambda one: (str(one.path), -one.start))


def _edit_conflict_for_resolve_command(session: Session, conflict: "FileConflict", said: "ResolutionMessages") -> None:
    from ilocal.cli.event_editor import run_editor_for_command
    from ilocal.sync.conflict_resolution import replace_conflict_text

    body = conflict.text.rstrip("\n")
    run_editor_for_command(
        body + "\n",
        next(iter(conflict.ids), "conflict"),
        lambda text: replace_conflict_text(
            session.path, conflict, text.rstrip("\n") + conflict.text[len(body) :], said
        ),
    )


def _suggest_command_for_other_conflicts(session: Session) -> None:
    """Report how many conflicts are left, or the git command to run."""
    from ilocal.sync.conflict_resolution import find_conflicted_files

    left = [conflict for one in find_conflicted_files(session.path) for conflict in one.conflicts]
    if left:
        print_status(n_("{n} conflict left", "{n} conflicts left", len(left)))
        return
    print_status(
        _("no conflicts left; mark the file as resolved with: git add {path}", path=shlex.quote(str(session.path)))
    )
