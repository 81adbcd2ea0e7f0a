"""`ilocal list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ilocal.cli.filters import Filters, SortOptions, build_query_from_options
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import OutputOptions, adapt_query_to_output_format, choose_list_options, output_events
from ilocal.cli.session import Session

if TYPE_CHECKING:
    from ilocal.cli.free_arguments import FreeArguments
    from ilocal.model.search_terms import SearchTerm

HELP_GROUP = "look"
EXAMPLES = {
    "ilocal list 2020-02": "events in a month",
    'ilocal list "Q1 2020" --topic CSR': "events on a topic in a quarter",
    "ilocal list gỗ --columns when,title -f csv": "events that contain a word, as CSV",
}
CAN_ASK_SEVERAL_REGISTRIES = True


@expand_option_groups
def run(
    ctx: typer.Context,
    filters: Filters,
    order: SortOptions,
    out: OutputOptions,
    when_or_words: Annotated[
        Optional[list[str]],
        typer.Argument(
            metavar="[WHEN or WORDS…]",
            help='A date or a period, such as 2020-02, "Q1 2020" or today; or words that the events must contain.',
        ),
    ] = None,
) -> None:
    """List events by month, newest first."""
    session: Session = ctx.obj
    free: FreeArguments | None = None
    terms: tuple[SearchTerm, ...] = ()
    if when_or_words:
        from ilocal.cli.free_arguments import split_free_arguments  # most lists name nothing
        from ilocal.model.search_terms import parse_search_term

        free = split_free_arguments(session, when_or_words)
        terms = tuple(parse_search_term(text, session.registry.info.aliases) for text in free.words)
    asked = adapt_query_to_output_format(
        session,
        build_query_from_options(session, filters, order, terms=terms, periods=free.periods if free else ()),
        out,
        are_occurrences_asked=order.occurrences,
    )
    found = session.registry.select(asked)
    if not output_events(session, found, out, choose_list_options(session, asked, terms)).found_count:
        from ilocal.cli.empty_answers import print_empty_answer  # seldom needed

        print_empty_answer(session, filters)
        if free:
            from ilocal.cli.search_hints import print_date_words_hint, print_search_hints

            print_search_hints(session, free.words)
            print_date_words_hint(free.date_texts)
