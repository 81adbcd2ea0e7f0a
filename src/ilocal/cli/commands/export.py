"""`ilocal export`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ilocal.cli.filters import Filters, SortOptions, build_query_from_options
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import OutputOptions, adapt_query_to_output_format, choose_list_options, output_events
from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.labels import translate_event_count
from ilocal.i18n.messages import _, current_language
from ilocal.terminal.status import print_status

HELP_GROUP = "exchange"
EXAMPLES = {
    "ilocal export events.ics": "all events as a calendar",
    "ilocal export q1.xlsx --from 2020-01 --to 2020-03": "a quarter as a workbook",
    "ilocal export events.csv --excel": "a CSV file for Excel",
}
CAN_ASK_SEVERAL_REGISTRIES = True


@expand_option_groups
def run(
    ctx: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="File to write; its extension determines the format: .csv, .json, …")
    ],
    filters: Filters,
    order: SortOptions,
    out: OutputOptions,
) -> None:
    """Write events to a file atomically."""
    session: Session = ctx.obj
    if out.output is not None:
        raise UsageError(_("specify the output file only once, as FILE or with -o"))
    out = replace(out, output=path)
    asked = adapt_query_to_output_format(
        session, build_query_from_options(session, filters, order), out, are_occurrences_asked=order.occurrences
    )
    how = choose_list_options(session, asked)
    counts = output_events(session, session.registry.select(asked), out, how)
    print_status(translate_event_count(counts.written_count, current_language()))
    if not counts.found_count:
        from ilocal.cli.empty_answers import print_near_names  # seldom needed

        print_near_names(session, filters)
