"""`ilocal export`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ilocal.cli.filters import Filters, Order, query
from ilocal.cli.option_groups import flat
from ilocal.cli.output import Output, answer
from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.labels import count
from ilocal.i18n.messages import _
from ilocal.model.describe import Listing
from ilocal.terminal.status import say


@flat
def run(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Its suffix says the format: .csv, .json, …")],
    filters: Filters,
    order: Order,
    out: Output,
) -> None:
    """Write events to a file, whole or not at all."""
    session: Session = ctx.obj
    if out.output is not None:
        raise UsageError(_("the file is named twice, as FILE and with -o"))
    asked = replace(query(session, filters, order), once=True)  # a file holds series, not times
    how = Listing(session.lang, by_month=asked.sort == "date")
    written = answer(session, session.workspace.select(asked), replace(out, output=path), how).written
    say(count(written, session.lang))
