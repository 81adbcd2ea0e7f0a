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
    "ilocal -r years join one.toml": "the folder in one file again",
}


def run(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, such as events.toml.")],
) -> None:
    """Copy a registry that is a folder of files into one file, year after year: the way back from "ilocal split".

    Every event keeps its text to the byte, and the folder stays as it is.
    """
    session: Session = ctx.obj
    refuse_registry_as_output(session, file)
    session.registry.join(file)
    print_status(_("{file}: created; use it with: ilocal -r {file}", file=file))
