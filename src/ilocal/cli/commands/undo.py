"""`ilocal undo`."""

from typing import TYPE_CHECKING, Annotated, Literal, Optional

import typer

from ilocal.cli.output import format_command_json, write_command_output
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import escape_single_line
from ilocal.terminal.status import print_status

if TYPE_CHECKING:
    from ilocal.storage.changes.undo_log import UndoEntry
    from ilocal.storage.changes.undo_stack import UndoStack


HELP_GROUP = "change"
EXAMPLES = {
    "ilocal undo --list": "the changes that can be undone",
    "ilocal undo": "undo the latest change",
}


def run(
    ctx: typer.Context,
    number: Annotated[
        Optional[int], typer.Argument(metavar="[NUMBER]", help="Number of a change, as shown by --list.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the changes, newest first, without undoing any.")] = False,
    format: Annotated[
        Optional[Literal["table", "json"]],
        typer.Option("-f", "--format", help="Output format of --list. [default: table]"),
    ] = None,
    lost: Annotated[
        bool, typer.Option("--lost", help="Restore changes that an editor overwrote by saving an older copy.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be changed without changing anything.")
    ] = False,
) -> None:
    """Undo the latest change, or the change with the given number. Use "ilocal redo" to revert the undo."""
    session: Session = ctx.obj
    if sum((number is not None, list_, lost)) > 1:
        raise UsageError(_("NUMBER, --list and --lost cannot be used together"))
    if format is not None and not list_:
        raise UsageError(_("--format can only be used with --list"), hint="ilocal undo --list -f json")
    if list_:
        print_change_history(session, is_json=format == "json")
    elif lost:
        restore_changes_for_undo_command(session, dry_run=dry_run)
    else:
        entries = {entry.number: entry for entry in session.registry.undo_history()}
        entry = choose_entry_for_undo_command(session.registry.undo_stack(), entries, number)
        from ilocal.cli.change_history import run_undo_of_entry

        run_undo_of_entry(session, entry, entries, dry_run=dry_run)


def choose_entry_for_undo_command(
    stack: "UndoStack", entries: dict[int, "UndoEntry"], number: int | None
) -> "UndoEntry":
    """Return the entry to revert. Raises ConflictError if there is none, or it is already undone."""
    if number is None:
        if stack.done:
            return stack.done[-1].latest
        if stack.undone:
            raise ConflictError(
                _("all changes have already been undone; nothing was changed"),
                hint=_("to redo the change, run: ilocal redo"),
            )
        raise ConflictError(_("there is nothing to undo; nothing was changed"))
    if number not in entries:
        what = _("there is no change {number} in the history; nothing was changed", number=number)
        raise ConflictError(what, hint="ilocal undo --list")
    if (step := stack.find_done(number)) is not None:
        return step.latest
    if (step := stack.inactive.get(number)) is not None:
        is_next = stack.undone[-1:] == [step]
        way = _("to make the change again, run: ilocal undo {number}", number=step.latest.number)
        what = _("change {number} has already been undone; nothing was changed", number=number)
        raise ConflictError(what, hint=_("to redo the change, run: ilocal redo") if is_next else way)
    return entries[number]


def restore_changes_for_undo_command(session: Session, *, dry_run: bool) -> None:
    """Restore the lost changes, and report their effect."""
    _noticed = session.registry.undo_stack()
    lost = session.registry.lost_writes()
    if not lost:
        raise ConflictError(_("there are no lost changes; nothing was changed"))
    from ilocal.cli.change_history import print_edits
    from ilocal.storage.changes.net_edits import join_event_edits

    edits = join_event_edits([entry.edits for entry in lost])
    if not dry_run:
        session.registry.reapply(lost)
    print_edits(session, edits)
    if not dry_run:
        ids = ", ".join(dict.fromkeys(escape_single_line(edit.id) for edit in edits))
        print_status(_("restored: {ids}", ids=ids) if ids else _("restored the order or layout"))


def print_change_history(session: Session, *, is_json: bool) -> None:
    """Print the recorded changes, newest first."""
    from ilocal.cli.change_history import change_to_dict, format_undo_command_list

    stack = session.registry.undo_stack()
    entries = list(session.registry.undo_history())
    if is_json:
        write_command_output([format_command_json([change_to_dict(session, entry, stack) for entry in entries])])
    else:
        write_command_output(f"{line}\n" for line in format_undo_command_list(session, entries, stack))
