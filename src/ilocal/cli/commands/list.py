"""`ilocal list`."""

import typer

from ilocal.cli.filters import Filters, SortOptions, build_query_from_options
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import OutputOptions, adapt_query_to_output_format, choose_list_options, output_events
from ilocal.cli.session import Session

CAN_ASK_SEVERAL_REGISTRIES = True


@expand_option_groups
def run(ctx: typer.Context, filters: Filters, order: SortOptions, out: OutputOptions) -> None:
    """List events by month, newest first."""
    session: Session = ctx.obj
    asked = adapt_query_to_output_format(
        session, build_query_from_options(session, filters, order), out, are_occurrences_asked=order.occurrences
    )
    found = session.registry.select(asked)
    if not output_events(
        session,
        found,
        out,
        choose_list_options(session, asked),
    ).found_count:
        from ilocal.cli.empty_answers import print_empty_answer  # seldom needed

        print_empty_answer(session, filters)
