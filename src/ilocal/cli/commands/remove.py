"""`ilocal remove`."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Annotated, Optional

import typer

from ilocal.cli.confirmation import confirm_or_exit
from ilocal.cli.event_handles import ask_user_for_handles, find_events_to_change
from ilocal.cli.filters import Filters, SortOptions, build_query_from_options
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import (
    adapt_to_tables,
    create_console_for_session,
    print_command_event_changes,
    write_command_output,
)
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, FileChangedError, UsageError
from ilocal.i18n.labels import translate_event_count
from ilocal.i18n.messages import _, current_language, n_
from ilocal.model.describe import ListOptions
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event
from ilocal.model.query import SortKey
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.plain_text import draw_plain_event_list
from ilocal.terminal.prompts import is_interactive
from ilocal.terminal.status import print_status, write_stderr

HELP_GROUP = "change"
EXAMPLES = {
    "ilocal remove --to 2019-06 --dry-run": "preview of the old events to remove",
    'ilocal remove "nhóm cố vấn" --yes': "one event, without confirmation",
}


@dataclass
class LimitOptions:
    """How many of the found events are used, and in which order."""

    limit: Annotated[
        Optional[int],
        typer.Option(
            "-n", "--limit", metavar="N", min=0, help="Remove only the first N events that match the filters."
        ),
    ] = None
    sort: Annotated[
        Optional[SortKey],
        typer.Option("--sort", help="Sort by this field before applying -n. [default: date, newest first]"),
    ] = None
    reverse: Annotated[
        bool, typer.Option("--reverse", help="Reverse the order, so that -n selects the last N events.")
    ] = False


@expand_option_groups
def run(
    ctx: typer.Context,
    filters: Filters,
    most: LimitOptions,
    handles: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="HANDLE…", help="The id of an event, the start of the id, or words from the title."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Answer yes to all questions.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be changed without changing anything.")
    ] = False,
) -> None:
    """Remove the given events, or all events that match the filters, and print them as TOML."""
    session: Session = ctx.obj
    if not handles and filters.has_no_filter_options and is_interactive():
        handles = [event.id for event in ask_user_for_handles(session, _("ilocal remove HANDLE"))]
    if not handles and filters.has_no_filter_options:
        raise UsageError(_("specify an event, or select events with filters"), hint=_("ilocal remove HANDLE"))
    if handles and not filters.has_no_filter_options:
        raise UsageError(_("specify events or select them with filters, not both"), hint=_("ilocal remove HANDLE"))
    if handles:
        _refuse_limit_options(most)
        events = find_events_to_change(session, handles, can_ask=not yes)
    else:
        events = _find_events_by_remove_options(session, filters, most)
    if not events:
        from ilocal.cli.empty_answers import print_near_names  # seldom needed

        print_status(translate_event_count(0, current_language()))
        print_near_names(session, filters)
        return
    if dry_run:
        print_command_event_changes(session, [(event, None) for event in events])
        print_status(n_("{n} event would be removed", "{n} events would be removed", len(events)))
        return
    if not yes:
        _confirm_removal(session, events)
    from ilocal.storage.toml.event_editor import escape_toml_block

    with session.registry.transaction() as draft:
        removed = []
        for id, shown in {event.id: event for event in events}.items():
            now = draft.get(id)
            if now is None:
                raise ConflictError(
                    _('"{id}" was removed by another program; nothing was changed', id=make_text_safe(id))
                )
            if find_changed_fields(now, shown) and not (yes and handles):
                raise FileChangedError(
                    _('"{id}" was changed by another program; nothing was changed', id=make_text_safe(id))
                )
            removed.append(draft.remove(id))
    write_command_output("\n".join(escape_toml_block(block.replace("\r\n", "\n")) for block in removed))


def _refuse_limit_options(most: LimitOptions) -> None:
    """Raise UsageError for an option about how many of the found events are used, as none are looked for."""
    given = {"-n": most.limit is not None, "--sort": most.sort is not None, "--reverse": most.reverse}
    for option in (option for option, is_given in given.items() if is_given):
        raise UsageError(
            _("{option} has no effect where the events are named", option=option),
            hint=_("leave it out, or select events by filters"),
        )


def _find_events_by_remove_options(session: Session, filters: Filters, most: LimitOptions) -> list[Event]:
    """Return the events that the filters find. Raises UsageError for a series with other days than those."""
    asked = build_query_from_options(session, filters, SortOptions(most.limit, most.sort, most.reverse), series="whole")
    events = list(session.registry.select(asked))
    series = next((event for event in events if event.is_recurring and asked.overlapping), None)
    if series is not None:
        raise UsageError(
            _('"{id}" is a series with occurrences outside these dates; nothing was removed', id=series.id),
            hint=_("to remove the whole series, run: ilocal remove {id}", id=series.id),
        )
    return events


def _confirm_removal(session: Session, events: Sequence[Event]) -> None:
    """Show the events that would be removed, and ask for confirmation."""
    how = ListOptions(session.lang, has_month_headings=False, language=session.registry_language)
    if is_interactive():
        from ilocal.terminal import tables

        table = StringIO()
        tables.draw_event_tables(events, adapt_to_tables(session, how), create_console_for_session(session, table))
        write_stderr(table.getvalue())
    else:
        for line in "".join(draw_plain_event_list(events, how)).strip("\n").split("\n"):
            print_status(line)
    what = n_("{n} event", "{n} events", len(events))
    would = _("this would remove {what}, and ilocal cannot ask for confirmation without a terminal", what=what)
    confirm_or_exit(_("remove {what}?", what=what), would)
