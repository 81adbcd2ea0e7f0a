"""`ilocal copy`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Optional

import typer

from ilocal.cli.bulk_edit import print_date_reading
from ilocal.cli.event_adding import add_events_from_command
from ilocal.cli.event_handles import ask_user_for_handles, choose_candidates, find_named_event
from ilocal.cli.event_options import (
    EventOptions,
    choose_dates,
    collect_option_values,
    parse_repeat_option,
    refuse_option_off_rule,
)
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import write_command_output
from ilocal.cli.session import Session
from ilocal.errors import DateError, HandleError, UsageError
from ilocal.i18n.messages import _
from ilocal.model.dates import Period, get_precision, shift_end
from ilocal.model.event import Event
from ilocal.model.fields import AUTOMATIC_FIELDS, FIELDS_BY_NAME
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.prompts import is_interactive, prompt_for_line

HELP_GROUP = "change"
EXAMPLES = {
    'ilocal copy "nhóm cố vấn" 2021-02-18': "the same meeting a year later",
    "ilocal copy 2020-hop-khoi-dong 2021-02-19 --location Huế": "the same meeting at another place",
}
# Fields specific to one event, which a similar one does not share: its page, its status, the days of its series.
_OWN_FIELDS = ("id", "uid", "url", "status", "rdates", "exdates", "overrides", *AUTOMATIC_FIELDS)


@expand_option_groups
def run(
    ctx: typer.Context,
    fields: EventOptions,
    words: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="HANDLE [WHEN]", help="The event to copy, and the date of the copy."),
    ] = None,
    dates: Annotated[
        Optional[str], typer.Option("--when", metavar="DATES", help="The date or dates; the same as WHEN.")
    ] = None,
    title: Annotated[Optional[str], typer.Option("--title", metavar="TITLE", help="Set the title of the copy.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Add the event even if a similar event exists.")] = False,
    if_absent: Annotated[
        bool,
        typer.Option(
            "--if-absent", help="If a similar event exists, print the id of that event instead of adding a new one."
        ),
    ] = False,
) -> None:
    """Copy an event to another date and print the id of the copy.

    The copy has all fields of the original except the id, the status, the link, and the added, skipped and changed
    occurrences of a series; set other fields with the same options as for `ilocal add`. If the new date has no time,
    the copy has the times of the original. If the new date is a single date, the copy lasts as long as the original.
    """
    session: Session = ctx.obj
    if force and if_absent:
        raise UsageError(_("--force and --if-absent cannot be used together"))
    old, span = find_event_and_date(session, words or [], has_date=bool(fields.start or dates))
    if choose_dates(None if span is None else "", dates):
        span = session.parse_period(dates or "")
    said = collect_option_values(fields, session)
    if span is not None:
        if "start" in said or "end" in said:
            raise UsageError(_("the date is specified twice, as WHEN and with --start or --end"))
        start, end = move_event_for_copy_command(old, span)
        said |= {"start": start, "end": end}
    if title is not None:
        said["title"] = title
    command = " ".join(("ilocal", "copy", make_text_safe(old.id)))
    event = copy_event_with_options(old, parse_repeat_option(said, said.get("start"), session, command))
    if "rrule" not in said:
        refuse_option_off_rule(old, event)
    (id,) = add_events_from_command(session, [event], force=force, if_absent=if_absent)
    print_date_reading(event)
    write_command_output([f"{id}\n"])


def find_event_and_date(session: Session, words: Sequence[str], *, has_date: bool) -> tuple[Event, Period | None]:
    """Return the event that the first words name, and the date in the others; ask for what is missing.

    Raises HandleError, DateError, and UsageError if the user cannot be asked.
    """
    if not words:
        (picked,) = ask_user_for_handles(session, _("ilocal copy HANDLE WHEN"), is_single=True)
        return picked, None if has_date else _ask_for_date(session)
    ambiguous: tuple[str, HandleError, Period] | None = None
    for n in range(1, len(words)):
        handle = " ".join(words[:n])
        try:
            span = session.parse_period(" ".join(words[n:]))
            return session.registry.find(handle), span
        except DateError:
            continue
        except HandleError as error:
            ambiguous = ambiguous or ((handle, error, span) if error.candidate_ids else None)
    if ambiguous is not None:
        return choose_candidates(session, *ambiguous[:2], is_single=True)[0], ambiguous[2]
    if len(words) > 1 and _names_an_event(session, words[:-1]) and not _names_an_event(session, words):
        session.parse_period(words[-1])  # raises an error about the missing part
    event = find_named_event(session, words)
    return event, None if has_date else _ask_for_date(session)


def _names_an_event(session: Session, words: Sequence[str]) -> bool:
    try:
        session.registry.find(" ".join(words))
    except HandleError:
        return False
    return True


def _ask_for_date(session: Session) -> Period:
    if not is_interactive():
        raise UsageError(_("the date of the new event is missing"), hint=_("ilocal copy HANDLE WHEN"))
    return session.parse_period(prompt_for_line(_("Date of the new event: ")))


def move_event_for_copy_command(old: Event, span: Period) -> tuple[Any, Any]:
    """Return start and end of an event like `old` in `span`: at the same time of the day, and for as long."""
    start = span.start
    if isinstance(old.start, datetime) and isinstance(start, date) and not isinstance(start, datetime):
        if span.end is not None:
            return start, span.end
        start = datetime.combine(start, old.start.timetz())
    is_alike = old.start is not None and get_precision(old.start) == get_precision(start)
    if span.end is not None or old.end is None or old.start is None or not is_alike:
        return start, span.end
    return start, shift_end(old.end, old.start, start)


def copy_event_with_options(old: Event, said: dict[str, Any]) -> Event:
    """Return a new event like `old`, with the given values. Raises InvalidEventError."""
    own = {name: FIELDS_BY_NAME[name].empty_value for name in _OWN_FIELDS}
    dates = {"start": None, "end": None} if "start" in said else {}
    return replace(old, **{**own, **dates, **said}, source_file="", source_line=0)
