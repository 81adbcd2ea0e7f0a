"""`ilocal site templates`."""

from pathlib import Path
from typing import Annotated

import typer

from ilocal.cli.output import write_command_output
from ilocal.i18n.messages import _
from ilocal.terminal.status import print_status

EXAMPLES = {
    "ilocal site templates my-templates": "the templates in a folder, ready to customize",
}


def run(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to create, next to the registry.")],
) -> None:
    """Copy the built-in templates and styles to a folder, so that you can customize them.

    Keep the files that you change and delete the rest: if your folder lacks a file, the built-in one is used.
    """
    from ilocal.site.template_copy import copy_templates

    write_command_output(f"{folder / name}\n" for name in copy_templates(folder))
    print_status(_('to use the templates, add to [site] in the registry: templates = "{folder}"', folder=folder.name))
