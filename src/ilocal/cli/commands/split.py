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
    "ilocal split years": "a folder with one file per year",
}


def run(
    ctx: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to write to, which must be new or empty.")
    ],
) -> None:
    """Copy the registry into a folder with one file per year.

    The folder is also a registry: use it with ilocal -r FOLDER. The text of every event is copied byte for byte, and
    the original registry is not changed. To reverse the split, use "ilocal join".
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
                "{file} was not changed, and commands here still use this registry; to use the folder, "
                "remove the old registry, and run: ilocal config registry {folder}",
                file=make_text_safe(str(session.path)),
                folder=make_text_safe(shlex.quote(str(folder))),
            )
        )
