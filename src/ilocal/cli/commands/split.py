"""`ilocal split`."""

from pathlib import Path
from typing import Annotated

import typer

from ilocal.cli.session import Session
from ilocal.i18n.messages import n_
from ilocal.terminal.status import print_status


def run(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.")],
) -> None:
    """Copy the registry into a folder with a file a year, which is a registry too: ilocal -r FOLDER.

    Every event keeps its text to the byte, and the registry stays as it is. "ilocal join" is the way back.
    """
    session: Session = ctx.obj
    names = session.registry.split(folder)
    print_status(
        n_(
            "{folder}: {n} file made; use it with: ilocal -r {folder}",
            "{folder}: {n} files made; use it with: ilocal -r {folder}",
            len(names),
            folder=folder,
        )
    )
