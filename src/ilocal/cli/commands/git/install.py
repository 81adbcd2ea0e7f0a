"""`ilocal git install`."""

import shlex
from typing import Annotated

import typer

from ilocal.cli.session import Session
from ilocal.i18n.messages import _
from ilocal.terminal.status import print_status

EXAMPLES = {
    "ilocal git install": "merge by event and field in this clone",
    "ilocal git install --remove": "merged as plain text again",
}


def run(
    ctx: typer.Context,
    remove: Annotated[
        bool, typer.Option("--remove", help="Remove the driver; git merges the registry as plain text again.")
    ] = False,
) -> None:
    """Set up git to merge the registry by event and field, in this clone.

    A line in .gitattributes, which you commit, names the driver for everybody; each clone needs this command once.
    A clone without it merges the registry as plain text.
    """
    from ilocal.sync import driver_setup

    session: Session = ctx.obj
    change = driver_setup.remove_merge_driver if remove else driver_setup.install_merge_driver
    done = change(session.path)
    if not done.has_changed_attributes and not done.has_changed_settings:
        print_status(
            _("the ilocal merge driver is not set up in this clone")
            if remove
            else _("the ilocal merge driver is already set up in this clone")
        )
    elif remove:
        print_status(_("removed the ilocal merge driver; git merges this registry as plain text again"))
    else:
        print_status(_("set up the ilocal merge driver: in this clone, git merges this registry by event and field"))
    name = done.attributes_file
    if done.has_changed_attributes:
        print_status(
            _("{file}: removed the line: {line}", file=name, line=done.line)
            if remove
            else _("{file}: added the line: {line}", file=name, line=done.line)
        )
    if done.is_uncommitted:
        print_status(
            _(
                "{file} is not committed yet, and other clones need it: git add {path}",
                file=name,
                path=shlex.quote(str(name)),
            )
        )
