"""`ilocal calendar`."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal, Optional

import typer

from ilocal.cli.filters import Filters, query
from ilocal.cli.option_groups import flat
from ilocal.cli.output import Picture, look, show
from ilocal.cli.session import Session
from ilocal.cli.settings.config import WEEK
from ilocal.errors import UsageError
from ilocal.i18n.labels import count, word
from ilocal.i18n.messages import _
from ilocal.model.dates import Days, Month, Span, Year, days
from ilocal.model.event import Event
from ilocal.model.safe_text import json_escaped, safe
from ilocal.terminal.status import say

WeekStart = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]  # config.WEEK
_A_WEEK = 7


@flat
def run(
    ctx: typer.Context,
    filters: Filters,
    out: Picture,
    when: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="[MONTH]", help='A month, "Feb 2020", or a year. [default: this month]'),
    ] = None,
    week_start: Annotated[
        Optional[WeekStart],
        typer.Option("--week-start", help="The day a week begins with. [default: the config's, or monday]"),
    ] = None,
) -> None:
    """Show a month as a grid, with events across their days; or a year at a glance.

    Events known only to the month are named below. Where titles do not fit into the grid, all are numbered and listed
    in full.
    """
    from ilocal.terminal.charts.month import month_page
    from ilocal.terminal.charts.year import year_page

    session: Session = ctx.obj
    period = period_of(session, " ".join(when or ()), filters)
    asked = query(session, filters, newest_first=False, window=days(period))
    events = list(session.workspace.select(asked))
    how, begin = look(session, out), WEEK.index(week_start) if week_start else session.week_start
    if isinstance(period, Month):
        lines = month_page(events, period, how, begin)
    else:
        lines = year_page(events, period, how, begin)
    show(session, lines, out, {"json": lambda: as_json(events, days(period))}, how)
    if not events:
        say(word("none match" if len(session.workspace) else "no events", session.lang))
    elif session.draws:
        say(count(len(events), session.lang))


def period_of(session: Session, text: str, filters: Filters) -> Month | Year:
    """The month or year that is named, by the argument or by the only `--month` or `--year`; else that of today."""
    named = [text] if text else [*(filters.month or ()), *(filters.year or ())]
    if len(named) != 1:
        return Month(session.today.year, session.today.month)
    return period(session.read(named[0]), named[0])


def period(span: Span, text: str) -> Month | Year:
    """The month of a day or a week, or the year, that a span names. Raises UsageError for one of several months."""
    start, (first, last) = span.start, span.days
    if isinstance(start, Year) and last.year == start.year:
        return start
    if (first.year, first.month) == (last.year, last.month) or (last - first).days < _A_WEEK:
        return Month(first.year, first.month)
    raise UsageError(
        _('"{text}" is more than a month', text=safe(text)), hint=_("name a month or a year: 2020-02, 2020")
    )


def as_json(events: Sequence[Event], window: Days) -> Iterator[str]:
    """Each day with the ids of its events; and the ids of those whose days are not known."""
    from ilocal.terminal.charts.month_grid import by_day, has_day

    found = [{"date": day.isoformat(), "events": ids(some)} for day, some in by_day(events, window)]
    without = ids(event for event in events if not has_day(event))
    plain = {"from": window.first.isoformat(), "to": window.last.isoformat(), "days": found, "without_day": without}
    yield json_escaped(json.dumps(plain, ensure_ascii=False, indent=2)) + "\n"


def ids(events: Iterable[Event]) -> list[str]:
    """The ids of events, each once."""
    return list(dict.fromkeys(event.id for event in events))
