"""`ilocal stats`."""

import json
from collections.abc import Iterator
from typing import Annotated, Optional

import typer

from ilocal.cli.filters import Filters, Order, query
from ilocal.cli.option_groups import flat
from ilocal.cli.output import Picture, look, show
from ilocal.cli.session import Session
from ilocal.i18n.labels import count, word
from ilocal.i18n.messages import plural
from ilocal.model.safe_text import json_escaped, safe
from ilocal.model.statistics import By, Tally
from ilocal.terminal.status import say


@flat
def run(
    ctx: typer.Context,
    filters: Filters,
    out: Picture,
    by: Annotated[By, typer.Option("--by", help="What to count by.")] = "month",
    limit: Annotated[
        Optional[int], typer.Option("-n", "--limit", metavar="N", min=0, help="The first N lines.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="What recurs as one event, and not each time.")] = False,
) -> None:
    """Count events by month or year, or by what they say of themselves.

    An event of several days counts in the month in which it begins; one with several topics, for each of them. What
    recurs counts each time, as in a list, or once with --once.
    """
    from ilocal.model.statistics import tally
    from ilocal.terminal.charts.bars import bars_page

    session: Session = ctx.obj
    asked = query(session, filters, Order(once=once), newest_first=False)
    counted = tally(session.workspace.select(asked), by)
    how = look(session, out)
    formats = {
        "csv": lambda: as_csv(counted, limit),
        "tsv": lambda: as_tsv(counted, limit),
        "json": lambda: as_json(counted, limit),
    }
    show(session, bars_page(counted, how, limit), out, formats, how)
    _say(session, counted, limit)


def _say(session: Session, counted: Tally, limit: int | None) -> None:
    if not counted.events:
        say(word("none match" if len(session.workspace) else "no events", session.lang))
    elif session.draws:
        say(count(counted.events, session.lang))
    if counted.total > counted.events:
        say(
            plural(
                "counted {n} time: an event with several counts for each",
                "counted {n} times: an event with several counts for each",
                counted.total,
                session.lang,
            )
        )
    if limit is not None and (left := len(counted.rows) - limit) > 0:
        say(plural("{n} more line is not shown", "{n} more lines are not shown", left, session.lang))


def as_csv(counted: Tally, limit: int | None) -> Iterator[str]:
    """A row a value; an absent one is an empty cell."""
    from ilocal.formats.base import Writing
    from ilocal.formats.csv.rows import written

    return written((counted.by, "count"), ([safe(key), str(n)] for key, n in counted.data[:limit]), Writing())


def as_tsv(counted: Tally, limit: int | None) -> Iterator[str]:
    """The same between tabs."""
    from ilocal.formats.csv.rows import guarded
    from ilocal.formats.tsv import line

    yield line((counted.by, "count"))
    yield from (line((guarded(safe(key)), str(n))) for key, n in counted.data[:limit])


def as_json(counted: Tally, limit: int | None) -> Iterator[str]:
    """An array with an object a value; an absent one is null."""
    rows = [{counted.by: key or None, "count": n} for key, n in counted.data[:limit]]
    yield json_escaped(json.dumps(rows, ensure_ascii=False, indent=2)) + "\n"
