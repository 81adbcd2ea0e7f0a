"""`ilocal timeline`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Annotated, Optional

import typer

from ilocal.cli.chart_output import ChartOutput, choose_render_options_for_command, output_chart
from ilocal.cli.filters import Filters, SortOptions, build_query_from_options
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import format_command_json
from ilocal.cli.session import Session
from ilocal.i18n.labels import translate_event_count
from ilocal.i18n.messages import current_language, n_
from ilocal.model.dates import DateRange
from ilocal.model.event import Event
from ilocal.terminal.charts.timeline import TimelineRow
from ilocal.terminal.status import print_status
from ilocal.terminal.styled_text import RenderOptions, StyledLine

HELP_GROUP = "look"
EXAMPLES = {
    "ilocal timeline --year 2020": "a year on a time axis",
    "ilocal timeline --project ENHANCE --min-days 7": "longer events of a project",
}
CAN_ASK_SEVERAL_REGISTRIES = True


_DAYS_PER_YEAR = 365
_MAX_UNDATED_EVENTS = 10


@expand_option_groups
def run(
    ctx: typer.Context,
    filters: Filters,
    out: ChartOutput,
    limit: Annotated[Optional[int], typer.Option("-n", "--limit", metavar="N", min=0, help="At most N events.")] = None,
    least: Annotated[
        Optional[int], typer.Option("--min-days", metavar="N", min=1, help="Show only events that last N days or more.")
    ] = None,
) -> None:
    """Show events as bars on a time axis, one line per event, soonest first.

    A series is one line with a bar for each occurrence. Without date filters, the axis covers one year before and one
    year after today or, if that period has no events, the last year with events. Events without an exact day are broken
    lines that span the whole month or year.
    """
    from ilocal.terminal.charts.timeline import build_timeline_rows, find_axis_range

    session: Session = ctx.obj
    given = get_days_of_filter_options(session, filters)
    window = given or choose_days_without_filter_options(session, filters)
    found = session.registry.select(
        build_query_from_options(session, filters, newest_first=False, window=window, series="each")
    )
    chart_rows = build_timeline_rows(event for event in found if satisfies_min_days_option(event, least or 1))
    shown = chart_rows[:limit]
    undated, more = ([], 0) if given else _find_events_undated_for_command(session, filters)
    how = choose_render_options_for_command(session, out)
    own = find_axis_range(shown, window)
    span = own and choose_days_from_filter_options(own, given, session)
    output_chart(
        session,
        _render_timeline_command_answer(shown, span, undated, more, how),
        out,
        {"json": lambda: format_timeline_command_json(shown, span)},
        how,
    )
    if not shown and not undated:
        from ilocal.cli.empty_answers import print_empty_answer  # seldom needed

        print_empty_answer(session, filters)
    elif session.uses_tables:
        print_status(translate_event_count(len(shown) + len(undated) + more, current_language()))
    if left := len(chart_rows) - len(shown):
        print_status(n_("{n} more event is not shown", "{n} more events are not shown", left))
    if given is None and least is None:
        _print_events_outside_axis(session, filters, len({row.event.id for row in chart_rows}) + len(undated) + more)


def _print_events_outside_axis(session: Session, filters: Filters, shown_count: int) -> None:
    """Print how many events are outside the days that the command chooses without filters by date."""
    if filters.has_no_filter_options:
        total = len(session.registry)
    else:
        total = sum(1 for _ in session.registry.select(build_query_from_options(session, filters, series="whole")))
    if total > shown_count:
        print_status(
            n_(
                "{n} event is outside these days; choose other days with --from and --to",
                "{n} events are outside these days; choose other days with --from and --to",
                total - shown_count,
            )
        )


def get_days_of_filter_options(session: Session, filters: Filters) -> DateRange | None:
    """Return the days of the date filters; None if there are none."""
    asked = build_query_from_options(session, filters)
    return asked.occurrence_window if asked.overlapping else None


def choose_days_without_filter_options(session: Session, filters: Filters) -> DateRange:
    """Return a year before today and a year after; if that is empty, the same around the last event's start."""
    from ilocal.terminal.charts.timeline import get_axis_days_around

    window = get_axis_days_around(session.today, _DAYS_PER_YEAR, _DAYS_PER_YEAR)
    nearest = build_query_from_options(session, filters, SortOptions(limit=1), window=window)
    if not any(True for _ in session.registry.select(nearest)):
        for event in session.registry.select(build_query_from_options(session, filters, SortOptions(limit=1))):
            if event.date_range is not None:
                return get_axis_days_around(event.date_range.first, _DAYS_PER_YEAR, _DAYS_PER_YEAR)
    return window


def choose_days_from_filter_options(own: DateRange, given: DateRange | None, session: Session) -> DateRange:
    """Return the days of the axis: as given, else those of the events, and today if it is near."""
    first, last = own
    if given is not None:
        return DateRange(
            first if given.first == date.min else given.first, last if given.last == date.max else given.last
        )
    if (first - session.today).days <= _DAYS_PER_YEAR and (session.today - last).days <= _DAYS_PER_YEAR:
        return DateRange(min(first, session.today), max(last, session.today))
    return own


def satisfies_min_days_option(event: Event, min_days: int) -> bool:
    """Return whether an event lasts at least so many days."""
    found = event.date_range
    return found is not None and (found.last - found.first).days + 1 >= min_days


def _find_events_undated_for_command(session: Session, filters: Filters) -> tuple[list[Event], int]:
    """Return the first undated events, and how many more there are."""
    found = session.registry.select(build_query_from_options(session, replace(filters, undated=True)))
    return list(islice(found, _MAX_UNDATED_EVENTS)), sum(1 for _ in found)


def format_timeline_command_json(chart_rows: Sequence[TimelineRow], span: DateRange | None) -> Iterator[str]:
    """Yield JSON with the days of each bar and those of the axis; the latter are absent without events."""
    events = [
        {
            "id": row.event.id,
            "title": row.event.title,
            "bars": [_format_days_for_command_json(bar.date_range) for bar in row.bars],
        }
        for row in chart_rows
    ]
    plain = {**(_format_days_for_command_json(span) if span else {}), "events": events}
    yield format_command_json(plain)


def _format_days_for_command_json(found: DateRange | None) -> dict[str, str]:
    return {"from": found.first.isoformat(), "to": found.last.isoformat()} if found else {}


def _render_timeline_command_answer(
    chart_rows: Sequence[TimelineRow], span: DateRange | None, undated: list[Event], more: int, options: RenderOptions
) -> Iterator[StyledLine]:
    from ilocal.terminal.charts.timeline import render_timeline_chart, render_undated_events

    if span is not None:
        yield from render_timeline_chart(chart_rows, span, options)
    if undated:
        yield from [[]] if span is not None else ()
        yield from render_undated_events(undated, more, options)
