"""`ilocal list`."""

import typer

from ilocal.cli.filters import Filters, Order, query
from ilocal.cli.option_groups import flat
from ilocal.cli.output import Output, answer, asked_for
from ilocal.cli.session import Session
from ilocal.i18n.labels import word
from ilocal.model.describe import Listing
from ilocal.terminal.status import say


@flat
def run(ctx: typer.Context, filters: Filters, order: Order, out: Output) -> None:
    """List events by month, newest first."""
    session: Session = ctx.obj
    asked = asked_for(query(session, filters, order), out)
    found = session.workspace.select(asked)
    if not answer(session, found, out, Listing(session.lang, by_month=asked.sort == "date")).found:
        say(word("none match" if len(session.workspace) else "no events", session.lang))
