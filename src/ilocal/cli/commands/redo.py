"""`ilocal redo`."""

from typing import Annotated

import typer

from ilocal.cli.session import Session
from ilocal.errors import ConflictError
from ilocal.i18n.messages import _

HELP_GROUP = "change"
EXAMPLES = {
    "ilocal redo": "redo the last undone change",
}


def run(
    ctx: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be changed without changing anything.")
    ] = False,
) -> None:
    """Redo the last undone change. After a new change, nothing can be redone."""
    session: Session = ctx.obj
    stack = session.registry.undo_stack()
    if not stack.undone:
        raise ConflictError(_("there is nothing to redo; nothing was changed"), hint="ilocal undo --list")
    from ilocal.cli.change_history import run_undo_of_entry

    entries = {entry.number: entry for entry in session.registry.undo_history()}
    run_undo_of_entry(session, stack.undone[-1].latest, entries, dry_run=dry_run)
