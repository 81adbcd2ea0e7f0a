"""`ilocal search`."""

from typing import Annotated, Optional

import typer

from ilocal.cli.filters import Filters, SortOptions, build_query_from_options
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import OutputOptions, adapt_query_to_output_format, choose_list_options, output_events
from ilocal.cli.session import Session
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import current_language
from ilocal.model.search_terms import parse_search_term
from ilocal.terminal.status import print_status

HELP_GROUP = "look"
EXAMPLES = {
    'ilocal search "thanh tra"': "a phrase, with or without accents",
    'ilocal search "title:hội thảo" --not gỗ': "a phrase in titles, excluding a word",
    'ilocal search "doanh*" --year 2019': "words that start with these letters, in one year",
}
CAN_ASK_SEVERAL_REGISTRIES = True


@expand_option_groups
def run(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS…", help='Each argument is a phrase: "lao động" finds the two words side by side.'
        ),
    ],
    filters: Filters,
    order: SortOptions,
    out: OutputOptions,
    without: Annotated[
        Optional[list[str]], typer.Option("--not", metavar="WORDS", help="Exclude events that contain these words.")
    ] = None,
) -> None:
    """Find events that contain all the words, in any of their texts.

    Accents are optional: "thuy san" finds thủy sản, "thuỷ sản" finds only that. "thanh tra*" finds longer words as
    well, "title:họp" looks into one field, and aliases of the registry find each other.
    """
    session: Session = ctx.obj
    aliases = session.registry.info.aliases
    terms = tuple(parse_search_term(text, aliases) for text in words)
    excluded = tuple(parse_search_term(text, aliases) for text in without or ())
    asked = adapt_query_to_output_format(
        session,
        build_query_from_options(session, filters, order, terms=terms, excluded_terms=excluded),
        out,
        are_occurrences_asked=order.occurrences,
    )
    found = session.registry.select(asked)
    if (
        not output_events(
            session,
            found,
            out,
            choose_list_options(session, asked, terms),
        ).found_count
        and order.limit != 0
    ):
        from ilocal.cli.empty_answers import print_near_names  # seldom needed
        from ilocal.cli.search_hints import print_search_hints

        print_status(translate_label("nothing found", current_language()))
        print_near_names(session, filters)
        print_search_hints(session, words)
        raise typer.Exit(1)
