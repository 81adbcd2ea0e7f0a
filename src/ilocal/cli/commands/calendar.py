"""`ilocal calendar`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal, Optional

import typer

from ilocal.cli.chart_output import ChartOutput, choose_render_options_for_command, output_chart
from ilocal.cli.filters import Filters, build_query_from_options
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import format_command_json
from ilocal.cli.session import Session
from ilocal.cli.settings.config import WEEK_START_CHOICES
from ilocal.errors import UsageError
from ilocal.i18n.labels import translate_event_count
from ilocal.i18n.messages import _, current_language
from ilocal.model.dates import DateRange, Month, Period, Year, to_date_range
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.status import print_status

HELP_GROUP = "look"
EXAMPLES = {
    "ilocal calendar 2020-02": "a month as a grid",
    "ilocal calendar 2019 --topic CSR": "a year at a glance, on one topic",
}
WeekStart = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]  # config.WEEK
CAN_ASK_SEVERAL_REGISTRIES = True


_DAYS_PER_WEEK = 7


@expand_option_groups
def run(
    ctx: typer.Context,
    filters: Filters,
    out: ChartOutput,
    when: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="[MONTH]", help='A month, such as "Feb 2020", or a year. [default: this month]'),
    ] = None,
    week_start: Annotated[
        Optional[WeekStart],
        typer.Option("--week-start", help="First day of the week. [default: the config's, or monday]"),
    ] = None,
) -> None:
    """Show a month as a grid with its events, or a year at a glance.

    Events without an exact day are listed below the grid. If titles do not fit into the grid, events are numbered in
    the grid and listed in full below it.
    """
    from ilocal.terminal.charts.month import render_month_chart
    from ilocal.terminal.charts.year import render_year_chart

    session: Session = ctx.obj
    period = choose_calendar_argument_period(session, " ".join(when or ()), filters)
    asked = build_query_from_options(session, filters, newest_first=False, window=to_date_range(period), series="each")
    events = list(session.registry.select(asked))
    how, begin = (
        choose_render_options_for_command(session, out),
        WEEK_START_CHOICES.index(week_start) if week_start else session.week_start,
    )
    if isinstance(period, Month):
        lines = render_month_chart(events, period, how, begin)
    else:
        lines = render_year_chart(events, period, how, begin)
    output_chart(
        session, lines, out, {"json": lambda: format_calendar_command_json(events, to_date_range(period))}, how
    )
    if not events:
        from ilocal.cli.empty_answers import print_empty_answer  # seldom needed

        print_empty_answer(session, filters)
    elif session.uses_tables:
        print_status(translate_event_count(len(events), current_language()))


def choose_calendar_argument_period(session: Session, text: str, filters: Filters) -> Month | Year:
    """Return the month or year given by the argument or by a single `--month` or `--year`; else the current month."""
    named = [text] if text else [*(filters.month or ()), *(filters.year or ())]
    if len(named) != 1:
        return Month(session.today.year, session.today.month)
    return require_month_or_year_argument(session.parse_period(named[0]), named[0])


def require_month_or_year_argument(span: Period, text: str) -> Month | Year:
    """Return the month of a day or a week, or the year. Raises UsageError for a period of several months."""
    start, (first, last) = span.start, span.date_range
    if isinstance(start, Year) and last.year == start.year:
        return start
    if (first.year, first.month) == (last.year, last.month) or (last - first).days < _DAYS_PER_WEEK:
        return Month(first.year, first.month)
    raise UsageError(
        _('"{text}" spans several months', text=make_text_safe(text)),
        hint=_("use a month or a year, such as 2020-02 or 2020"),
    )


def format_calendar_command_json(events: Sequence[Event], window: DateRange) -> Iterator[str]:
    """Yield each day with the ids of its events, and the ids of events without exact days, as JSON."""
    from ilocal.terminal.charts.month_grid import can_be_drawn_on_days, group_events_by_day_in_chart

    found = [
        {"date": day.isoformat(), "events": list_ids_for_calendar_command(some)}
        for day, some in group_events_by_day_in_chart(events, window)
    ]
    without = list_ids_for_calendar_command(event for event in events if not can_be_drawn_on_days(event))
    plain = {"from": window.first.isoformat(), "to": window.last.isoformat(), "days": found, "without_day": without}
    yield format_command_json(plain)


def list_ids_for_calendar_command(events: Iterable[Event]) -> list[str]:
    """Return the ids of events, each once."""
    return list(dict.fromkeys(event.id for event in events))
