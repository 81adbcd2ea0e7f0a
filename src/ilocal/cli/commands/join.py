"""`ilocal join`."""

from pathlib import Path
from typing import Annotated

import typer

from ilocal.cli.output import refuse_registry_as_output
from ilocal.cli.session import Session
from ilocal.i18n.messages import _
from ilocal.terminal.status import print_status

HELP_GROUP = "setup"
EXAMPLES = {
    "ilocal -r years join one.toml": "the folder joined into one file",
}


def run(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to create, such as events.toml.")],
) -> None:
    """Join the files of a registry folder into one file, year by year. This reverses "ilocal split".

    The text of every event is copied byte for byte, and the folder is not changed.
    """
    session: Session = ctx.obj
    refuse_registry_as_output(session, file)
    session.registry.join(file)
    print_status(_("{file}: created; use it with: ilocal -r {file}", file=file))
