"""`ilocal timeline`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Annotated, Optional

import typer

from ilocal.cli.filters import Filters, Order, query
from ilocal.cli.option_groups import flat
from ilocal.cli.output import Picture, look, show
from ilocal.cli.session import Session
from ilocal.i18n.labels import count, word
from ilocal.model.dates import Days
from ilocal.model.event import Event
from ilocal.model.safe_text import json_escaped
from ilocal.terminal.charts.timeline import Row
from ilocal.terminal.status import say
from ilocal.terminal.styled_text import Line, Look

_YEAR = 365
_MOST_UNDATED = 10


@flat
def run(
    ctx: typer.Context,
    filters: Filters,
    out: Picture,
    limit: Annotated[Optional[int], typer.Option("-n", "--limit", metavar="N", min=0, help="At most N events.")] = None,
    least: Annotated[
        Optional[int], typer.Option("--min-days", metavar="N", min=1, help="Only events of N days or more.")
    ] = None,
) -> None:
    """Show events as bars on an axis of time, one line an event, soonest first.

    What recurs is one line with a bar each time. Without --from, --to and the like: a year before today and a year
    after; where nothing is there, the last year with events. Events known only to a month or a year are broken lines
    over all of it.
    """
    from ilocal.terminal.charts.timeline import extent, rows

    session: Session = ctx.obj
    given = asked_days(session, filters)
    window = given or default_days(session, filters)
    found = session.workspace.select(query(session, filters, newest_first=False, window=window))
    shown = rows(event for event in found if lasts(event, least or 1))[:limit]
    undated, more = ([], 0) if given else _undated(session, filters)
    how = look(session, out)
    own = extent(shown, window)
    span = own and axis_days(own, given, session)
    show(session, _page(shown, span, undated, more, how), out, {"json": lambda: as_json(shown, span)}, how)
    if not shown and not undated:
        say(word("none match" if len(session.workspace) else "no events", session.lang))
    elif session.draws:
        say(count(len(shown) + len(undated) + more, session.lang))


def asked_days(session: Session, filters: Filters) -> Days | None:
    """The days that the filters name; None where they name none."""
    asked = query(session, filters)
    return asked.window if asked.touching else None


def default_days(session: Session, filters: Filters) -> Days:
    """A year before today and a year after; where nothing is there, the same around the event that begins last."""
    from ilocal.terminal.charts.timeline import days_from

    window = days_from(session.today, _YEAR, _YEAR)
    nearest = query(session, filters, Order(limit=1), window=window)
    if not any(True for _ in session.workspace.select(nearest)):
        for event in session.workspace.select(query(session, filters, Order(limit=1))):
            if event.days is not None:
                return days_from(event.days.first, _YEAR, _YEAR)
    return window


def axis_days(own: Days, given: Days | None, session: Session) -> Days:
    """The days of the axis: those that were asked for, else the events' own, and today where they are around it."""
    first, last = own
    if given is not None:
        return Days(first if given.first == date.min else given.first, last if given.last == date.max else given.last)
    if (first - session.today).days <= _YEAR and (session.today - last).days <= _YEAR:
        return Days(min(first, session.today), max(last, session.today))
    return own


def lasts(event: Event, least: int) -> bool:
    """Whether an event has at least so many days."""
    found = event.days
    return found is not None and (found.last - found.first).days + 1 >= least


def _undated(session: Session, filters: Filters) -> tuple[list[Event], int]:
    """The first events without a date, and how many more there are."""
    found = session.workspace.select(query(session, replace(filters, undated=True)))
    return list(islice(found, _MOST_UNDATED)), sum(1 for _ in found)


def as_json(shown: Sequence[Row], span: Days | None) -> Iterator[str]:
    """The events with the first and the last day of each bar, and the days of the axis; none of these without one."""
    events = [
        {"id": row.event.id, "title": row.event.title, "bars": [_ends(bar.days) for bar in row.bars]} for row in shown
    ]
    plain = {**(_ends(span) if span else {}), "events": events}
    yield json_escaped(json.dumps(plain, ensure_ascii=False, indent=2)) + "\n"


def _ends(found: Days | None) -> dict[str, str]:
    return {"from": found.first.isoformat(), "to": found.last.isoformat()} if found else {}


def _page(shown: Sequence[Row], span: Days | None, undated: list[Event], more: int, how: Look) -> Iterator[Line]:
    from ilocal.terminal.charts.timeline import timeline_page, undated_page

    if span is not None:
        yield from timeline_page(shown, span, how)
    if undated:
        yield from [[]] if span is not None else ()
        yield from undated_page(undated, more, how)
