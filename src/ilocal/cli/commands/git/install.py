"""`ilocal git install`."""

from typing import Annotated

import typer

from ilocal.cli.session import Session
from ilocal.i18n.messages import _
from ilocal.terminal.status import print_status

EXAMPLES = {
    "ilocal git install": "events merged one by one in this clone",
    "ilocal git install --remove": "merged as any text again",
}


def run(
    ctx: typer.Context,
    remove: Annotated[bool, typer.Option("--remove", help="Undo it: git merges the registry as any text.")] = False,
) -> None:
    """Have git merge the registry by event and field, in this clone.

    A line in .gitattributes, which is to be committed, names the driver for everybody; each clone needs this command
    once. A clone without it merges as if there were no driver.
    """
    from ilocal.sync import driver_setup

    session: Session = ctx.obj
    change = driver_setup.remove_merge_driver if remove else driver_setup.install_merge_driver
    done = change(session.path)
    if not done.has_changed_attributes and not done.has_changed_settings:
        print_status(_("git is not set up for this registry") if remove else _("git is set up already"))
    elif remove:
        print_status(_("git merges this registry as any text again"))
    else:
        print_status(_("git merges this registry by event and field now, in this clone"))
    if done.has_changed_attributes:
        name = done.attributes_file
        print_status(
            _("{file}: removed: {line}", file=name, line=done.line)
            if remove
            else _("{file}: added, and to be committed: {line}", file=name, line=done.line)
        )
