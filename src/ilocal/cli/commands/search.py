"""`ilocal search`."""

from typing import Annotated, Optional

import typer

from ilocal.cli.filters import Filters, Order, query
from ilocal.cli.option_groups import flat
from ilocal.cli.output import Output, answer, asked_for
from ilocal.cli.session import Session
from ilocal.i18n.labels import word
from ilocal.model.describe import Listing
from ilocal.model.search_terms import read_term
from ilocal.terminal.status import say


@flat
def run(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS…", help='Each argument is a phrase of whole words: "lao động" finds lao động.'),
    ],
    filters: Filters,
    order: Order,
    out: Output,
    without: Annotated[Optional[list[str]], typer.Option("--not", metavar="WORDS", help="Not these words.")] = None,
) -> None:
    """Find events by words in any of their texts; all arguments must occur.

    Accents are optional: "thuy san" finds thủy sản, "thuỷ sản" finds only that. "thanh tra*" finds longer words as
    well, "title:họp" looks into one field, and aliases of the registry find each other.
    """
    session: Session = ctx.obj
    aliases = session.workspace.header.aliases
    terms = tuple(read_term(text, aliases) for text in words)
    excluded = tuple(read_term(text, aliases) for text in without or ())
    asked = asked_for(query(session, filters, order, terms=terms, without=excluded), out)
    found = session.workspace.select(asked)
    if (
        not answer(session, found, out, Listing(session.lang, by_month=asked.sort == "date", terms=terms)).found
        and order.limit != 0
    ):
        say(word("nothing found", session.lang))
        raise typer.Exit(1)
