"""`ilocal stats`."""

from collections.abc import Iterator
from typing import Annotated, Optional

import typer

from ilocal.cli.chart_output import ChartOutput, choose_render_options_for_command, output_chart
from ilocal.cli.filters import Filters, SortOptions, build_query_from_options
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import format_command_json
from ilocal.cli.session import Session
from ilocal.i18n.labels import translate_event_count
from ilocal.i18n.messages import current_language, n_
from ilocal.model.safe_text import make_text_safe
from ilocal.model.statistics import EventStatistics, GroupBy
from ilocal.terminal.status import print_status

HELP_GROUP = "look"
EXAMPLES = {
    "ilocal stats --by topic -n 5": "the most frequent topics",
    "ilocal stats --by year -f csv": "the number of events by year, as CSV",
}
CAN_ASK_SEVERAL_REGISTRIES = True


@expand_option_groups
def run(
    ctx: typer.Context,
    filters: Filters,
    out: ChartOutput,
    by: Annotated[GroupBy, typer.Option("--by", help="Count by this field.")] = "month",
    limit: Annotated[
        Optional[int], typer.Option("-n", "--limit", metavar="N", min=0, help="Show the first N lines.")
    ] = None,
    occurrences: Annotated[bool, typer.Option("--occurrences", help="Count each occurrence of a series.")] = False,
    once: Annotated[bool, typer.Option("--once", hidden=True)] = False,  # noqa: ARG001 (what is done without it, too)
) -> None:
    """Count events by month or year, or by a field such as topic or location.

    An event of several days is counted in the month in which it begins, and an event with several topics is counted
    under each topic. A series is counted once, or once per occurrence with --occurrences.
    """
    from ilocal.model.statistics import count_events_by
    from ilocal.terminal.charts.bars import render_bar_chart

    session: Session = ctx.obj
    asked = build_query_from_options(
        session,
        filters,
        SortOptions(occurrences=counts_occurrences_by_option(session, out, occurrences)),
        newest_first=False,
    )
    counted = count_events_by(session.registry.select(asked), by)
    how = choose_render_options_for_command(session, out)
    formats = {
        "csv": lambda: format_stats_command_csv(counted, limit),
        "tsv": lambda: format_stats_command_tsv(counted, limit),
        "json": lambda: format_stats_command_json(counted, limit),
    }
    output_chart(session, render_bar_chart(counted, how, limit), out, formats, how)
    _print_count_notes(session, filters, counted, limit)


def counts_occurrences_by_option(session: Session, out: ChartOutput, are_asked: bool) -> bool:
    """Return whether each occurrence counts; the config only affects output for people."""
    is_for_people = out.format in (None, "table") and out.output is None
    return are_asked or (is_for_people and bool(session.resolve_setting("occurrences").value))


def _print_count_notes(session: Session, filters: Filters, counted: EventStatistics, limit: int | None) -> None:
    if not counted.event_count:
        from ilocal.cli.empty_answers import print_empty_answer  # seldom needed

        print_empty_answer(session, filters)
    elif session.uses_tables:
        print_status(translate_event_count(counted.event_count, current_language()))
    if counted.count_all_events > counted.event_count:
        print_status(
            n_(
                "{n} in total; an event with several values is counted under each value",
                "{n} in total; an event with several values is counted under each value",
                counted.count_all_events,
            )
        )
    if limit is not None and (left := len(counted.rows) - limit) > 0:
        print_status(n_("{n} line is not shown", "{n} lines are not shown", left))


def format_stats_command_csv(counted: EventStatistics, limit: int | None) -> Iterator[str]:
    """Yield CSV with a row for each value; an absent one is an empty cell."""
    from ilocal.formats.base import WriteOptions
    from ilocal.formats.csv.rows import write_rows

    return write_rows(
        (counted.group_by, "count"),
        ([make_text_safe(key), str(n)] for key, n in counted.list_period_counts[:limit]),
        WriteOptions(),
    )


def format_stats_command_tsv(counted: EventStatistics, limit: int | None) -> Iterator[str]:
    """Yield the same as TSV."""
    from ilocal.formats.csv.rows import escape_cell_formula
    from ilocal.formats.tsv import format_tsv_row

    yield format_tsv_row((counted.group_by, "count"))
    yield from (
        format_tsv_row((escape_cell_formula(make_text_safe(key)), str(n)))
        for key, n in counted.list_period_counts[:limit]
    )


def format_stats_command_json(counted: EventStatistics, limit: int | None) -> Iterator[str]:
    """Yield JSON: an array with an object for each value; an absent one is null."""
    rows = [{counted.group_by: key or None, "count": n} for key, n in counted.list_period_counts[:limit]]
    yield format_command_json(rows)
