"""`ilocal upcoming`."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Optional

import typer

from ilocal.cli.filters import Filters, Order, query
from ilocal.cli.option_groups import flat
from ilocal.cli.output import Output, answer, asked_for
from ilocal.cli.session import Session
from ilocal.i18n.labels import word
from ilocal.model.dates import Days
from ilocal.model.describe import Listing, foreign_mark, label
from ilocal.model.safe_text import safe, shown
from ilocal.model.translations import in_language
from ilocal.terminal.status import say


@flat
def run(
    ctx: typer.Context,
    filters: Filters,
    order: Order,
    out: Output,
    days: Annotated[Optional[int], typer.Option("--days", metavar="N", min=1, help="In the next N days.")] = None,
) -> None:
    """List what is running and what is to come, soonest first."""
    session: Session = ctx.obj
    left = (date.max - session.today).days
    window = Days(session.today, session.today + timedelta(days=min(days - 1, left))) if days else None
    asked = asked_for(query(session, filters, order, newest_first=False, upcoming=session.today, window=window), out)
    found = session.workspace.select(asked)
    if (
        not answer(
            session, found, out, Listing(session.lang, by_month=asked.sort == "date", running_on=session.today)
        ).found
        and order.limit != 0
    ):
        say(word("nothing coming", session.lang))
        over = Days(date.min, session.today - timedelta(days=1))
        past = replace(query(session, filters, window=over), limit=1)
        for last in session.workspace.select(past):
            told = in_language(last, session.lang, session.language)
            mark = safe(foreign_mark(last, session.lang, session.language))
            when = label(last.start, last.end, word("undated", session.lang))
            say(word("last event", session.lang).format(when=when, title=shown(told.title) + mark))
