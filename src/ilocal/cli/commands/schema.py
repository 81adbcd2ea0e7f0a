"""`ilocal schema`."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Optional

import typer

from ilocal.cli.output import refuse_registry_as_output, write_command_output
from ilocal.cli.session import Session
from ilocal.errors import RegistryError
from ilocal.i18n.messages import current_language

HELP_GROUP = "setup"
EXAMPLES = {
    "ilocal schema -o events.schema.json": "the schema as a file for your editor",
}


def run(
    ctx: typer.Context,
    output: Annotated[
        Optional[Path],
        typer.Option("-o", "--output", metavar="FILE", help="Write to FILE, replacing an existing file."),
    ] = None,
) -> None:
    """Print a JSON Schema of the registry, which lets editors complete, explain and check events as you type."""
    from ilocal.storage.json_schema import format_schema_file

    if output is not None:
        session: Session = ctx.obj
        with suppress(RegistryError):  # it is useful before a registry exists
            refuse_registry_as_output(session, output)
    write_command_output([format_schema_file(current_language())], output)
