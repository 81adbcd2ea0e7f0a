"""`ilocal split`."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from ilocal.cli.session import Session
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import make_text_safe
from ilocal.storage.discovery import find_nearest_registry
from ilocal.terminal.status import print_status

HELP_GROUP = "setup"
EXAMPLES = {
    "ilocal split years": "a folder with a file a year",
}


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
            "{folder}: created {n} file; use it with: ilocal -r {folder}",
            "{folder}: created {n} files; use it with: ilocal -r {folder}",
            len(names),
            folder=folder,
        )
    )
    used = find_nearest_registry(Path.cwd())
    if used is not None and used.resolve() == session.path.resolve():
        print_status(
            _(
                "{file} stays as it is, and is still what commands use here; "
                "once you have removed it: ilocal config registry {folder}",
                file=make_text_safe(str(session.path)),
                folder=make_text_safe(shlex.quote(str(folder))),
            )
        )
