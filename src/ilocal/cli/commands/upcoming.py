"""`ilocal upcoming`."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Optional

import typer

from ilocal.cli.filters import Filters, SortOptions, build_query_from_options
from ilocal.cli.free_arguments import make_span_from_today, parse_span_argument
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import OutputOptions, adapt_query_to_output_format, output_events
from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import _, current_language
from ilocal.model.dates import DateRange
from ilocal.model.describe import ListOptions, describe_period_of_event, describe_translation_language
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.model.translations import localize_event
from ilocal.terminal.status import print_status

HELP_GROUP = "look"
EXAMPLES = {
    "ilocal upcoming 2w": "events in the next two weeks",
    'ilocal upcoming "tuần sau" -f md': "events next week, as Markdown for an email",
    "ilocal upcoming --kind workshop -n 3": "the next three workshops",
}
CAN_ASK_SEVERAL_REGISTRIES = True


@expand_option_groups
def run(
    ctx: typer.Context,
    filters: Filters,
    order: SortOptions,
    out: OutputOptions,
    span: Annotated[
        Optional[list[str]],
        typer.Argument(
            metavar="[SPAN]", help='Show events in this time span, such as 7d, 2w, 1m or "next week". [default: any]'
        ),
    ] = None,
    days: Annotated[
        Optional[int], typer.Option("--days", metavar="N", min=1, help="Show events in the next N days.")
    ] = None,
) -> None:
    """List running and upcoming events, soonest first."""
    session: Session = ctx.obj
    window = _choose_upcoming_window(session, span, days)
    asked = adapt_query_to_output_format(
        session,
        build_query_from_options(
            session, filters, order, newest_first=False, not_over_before=session.today, window=window
        ),
        out,
        are_occurrences_asked=order.occurrences,
    )
    found = session.registry.select(asked)
    if (
        not output_events(
            session,
            found,
            out,
            ListOptions(
                session.lang,
                has_month_headings=asked.sort == "date",
                running_date=session.today,
                counts_following=True,
                has_running_group=not asked.is_descending,
            ),
            is_next_wanted=True,
        ).found_count
        and order.limit != 0
    ):
        _print_nothing_upcoming(session, filters, window)


def _print_nothing_upcoming(session: Session, filters: Filters, window: DateRange | None) -> None:
    """Report that nothing is found, and which event comes after the days asked for, or which was the last."""
    from ilocal.cli.empty_answers import print_near_names  # seldom needed

    coming = build_query_from_options(session, filters, newest_first=False, not_over_before=session.today)
    over = DateRange(date.min, session.today - timedelta(days=1))
    past = build_query_from_options(session, filters, window=over)
    following = next(iter(session.registry.select(replace(coming, limit=1))), None) if window is not None else None
    lang = current_language()
    print_status(translate_label("nothing coming" if following is None else "nothing in this time", lang))
    print_near_names(session, filters)
    shown = following or next(iter(session.registry.select(replace(past, limit=1))), None)
    if shown is not None:
        told = localize_event(shown, session.lang, session.registry_language)
        mark = make_text_safe(describe_translation_language(shown, session.lang, session.registry_language))
        when = describe_period_of_event(shown.start, shown.end, translate_label("undated", lang))
        label = translate_label("last event" if following is None else "next event", lang)
        print_status(label.format(when=when, title=escape_single_line(told.title) + mark))


def _choose_upcoming_window(session: Session, span: list[str] | None, days: int | None) -> DateRange | None:
    """Return the days in which events are looked for; None for all that are to come. Raises UsageError."""
    if span and days:
        raise UsageError(_("the time span is specified twice, as SPAN and with --days"))
    if span:
        return parse_span_argument(session, span)
    return make_span_from_today(session.today, days, "d") if days else None
