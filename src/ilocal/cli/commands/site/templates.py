"""`ilocal site templates`."""

from pathlib import Path
from typing import Annotated

import typer

from ilocal.cli.output import write_command_output
from ilocal.i18n.messages import _
from ilocal.terminal.status import print_status

EXAMPLES = {
    "ilocal site templates my-templates": "the templates in a folder, to be changed",
}


def run(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder beside the registry.")],
) -> None:
    """Copy the built-in templates and style, to change them.

    Keep what you change and delete the rest: what is not in your folder is taken from the built-in ones.
    """
    from ilocal.site.template_copy import copy_templates

    write_command_output(f"{folder / name}\n" for name in copy_templates(folder))
    print_status(_('add to the registry, below [site]: templates = "{folder}"', folder=folder.name))
