"""`ilocal undo`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ilocal.cli.output import write_command_output
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import escape_single_line
from ilocal.terminal.status import print_status, write_stderr

if TYPE_CHECKING:
    from ilocal.storage.changes.text_delta import EventEdit
    from ilocal.storage.changes.undo_log import UndoEntry


def run(
    ctx: typer.Context,
    number: Annotated[Optional[int], typer.Argument(metavar="[NUMBER]", help="Of a write, by --list.")] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="What was written, the last first; nothing is changed.")
    ] = False,
    lost: Annotated[
        bool, typer.Option("--lost", help="Write once more what a later save of an old text took out.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be changed, and change nothing.")] = False,
) -> None:
    """Take back the last thing that ilocal wrote, or the one with a number; an undo can be undone as well."""
    session: Session = ctx.obj
    if sum((number is not None, list_, lost)) > 1:
        raise UsageError(_("a number, --list and --lost exclude each other"))
    if list_:
        write_command_output(f"{one}\n" for one in format_undo_list_option(session))
        return
    writes = session.registry.lost_writes() if lost else [find_undo_number_argument(session, number)]
    if not writes:
        raise ConflictError(_("nothing is known to be lost; nothing was changed"))
    edits = [edit for one in writes for edit in (one.edits if lost else one.inverse_edits)]
    said = ""
    if lost and not dry_run:
        session.registry.reapply(writes)
        said = _("put back: {ids}", ids=", ".join(dict.fromkeys(escape_single_line(edit.id) for edit in edits)))
    elif not dry_run:
        session.registry.undo(writes[0])
        said = _("undone: {number}", number=writes[0].number)
    for line in describe_undo_edits(edits, session):  # and not before: what is refused would be told as if it were done
        write_stderr(line + "\n")
    if said:
        print_status(said)


def find_undo_number_argument(session: Session, number: int | None) -> "UndoEntry":
    """The write that is meant. Raises ConflictError where there is none."""
    found = next((one for one in session.registry.undo_history() if number in (None, one.number)), None)
    if found is None:
        if number is None:
            raise ConflictError(_("nothing was written by ilocal here; nothing was changed"))
        what = _("no write {number} is kept; nothing was changed", number=number)
        raise ConflictError(what, hint="ilocal undo --list")
    return found


def format_undo_list_option(session: Session) -> Iterator[str]:
    """A line for each write: its number, when it was, and its events: new (+), gone (-) and changed (~)."""
    width = 0
    for one in session.registry.undo_history():
        width = width or len(str(one.number))  # the last one has the greatest
        when = one.timestamp.astimezone(session.zone).strftime("%Y-%m-%d %H:%M:%S")
        found = one.edits
        some = [_get_symbol_for_undo_list_option(edit) + escape_single_line(edit.id) for edit in found[:5]] or [
            _describe_layout_change_for_undo_list_option()
        ]
        left = len(found) - 5
        more = [n_("and {n} more", "and {n} more", left)] if left > 0 else []
        lost = [_("(lost)")] if one.is_lost else []
        yield "  ".join((str(one.number).rjust(width), when, " ".join([*some, *more, *lost])))


def _describe_layout_change_for_undo_list_option() -> str:
    """What is told of a write, or of a change in it, that changed no field, such as that of `fmt`."""
    return _("(the order or the layout alone)")


def _get_symbol_for_undo_list_option(edit: "EventEdit") -> str:
    return "+" if edit.before is None else "-" if edit.after is None else "~"


def describe_undo_edits(edits: "list[EventEdit]", session: Session) -> Iterator[str]:
    """What changes, event by event."""
    from ilocal.storage.loader import parse_event_block
    from ilocal.terminal.event_diff import color_diff_line, format_event_diff

    if not edits:
        yield _describe_layout_change_for_undo_list_option()
    for edit in edits:
        before, after = (parse_event_block(lines.text) if lines else None for lines in (edit.before, edit.after))
        if before is None and after is not None:
            yield color_diff_line(
                f"+ {escape_single_line(edit.id)}: {escape_single_line(after.title)}", session.uses_color
            )
        elif before is not None:
            head, *fields = format_event_diff(before, after, color=session.uses_color, id=edit.id)
            yield head if fields or after is None else f"{head} {_describe_layout_change_for_undo_list_option()}"
            yield from fields
