"""`ilocal add`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Optional

import typer

from ilocal.cli.bulk_edit import print_date_reading
from ilocal.cli.event_adding import add_events_from_command
from ilocal.cli.event_editor import run_editor_for_command
from ilocal.cli.event_options import EventOptions, build_event_from_options, choose_dates, parse_when
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import write_command_output
from ilocal.cli.session import Session
from ilocal.errors import Diagnostic, UsageError
from ilocal.i18n.messages import _
from ilocal.model.dates import format_iso_date
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.prompts import is_interactive
from ilocal.terminal.status import print_status

HELP_GROUP = "change"
EXAMPLES = {
    'ilocal add "Họp giao ban" "20/03/2020 8h30" --location "Hà Nội"': "an event at a time of day",
    'ilocal add "Giao ban tuần" "2020-03-02 09:00" --repeat "every monday until 2020-06"': "a series",
    "ilocal add --jsonl new.jsonl": "many events in one atomic write",
}


@expand_option_groups
def run(
    ctx: typer.Context,
    fields: EventOptions,
    title: Annotated[Optional[str], typer.Argument(metavar="TITLE", help="Title of the event.")] = None,
    when: Annotated[
        Optional[str],
        typer.Argument(metavar="[WHEN]", help='A date or a range, such as 2020-02-20 or "25 - 29 Feb 2020".'),
    ] = None,
    dates: Annotated[
        Optional[str], typer.Option("--when", metavar="DATES", help="The date or dates; the same as WHEN.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Add the event even if a similar event exists.")] = False,
    if_absent: Annotated[
        bool,
        typer.Option(
            "--if-absent", help="If a similar event exists, print the id of that event instead of adding a new one."
        ),
    ] = False,
    jsonl: Annotated[
        Optional[Path],
        typer.Option(
            "--jsonl",
            metavar="FILE",
            help="Add one event for each line of FILE, or none if a line is invalid; use - for stdin.",
        ),
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Write the event in $EDITOR.")] = False,
) -> None:
    """Add an event and print its id. In a terminal, without TITLE, prompt for each field.

    An event with the same title as an existing one and overlapping dates is a duplicate, which is rejected unless you
    use --force or --if-absent.
    """
    session: Session = ctx.obj
    if force and if_absent:
        raise UsageError(_("--force and --if-absent cannot be used together"))
    when = choose_dates(when, dates)

    def save(events: Iterable[Event]) -> list[str]:
        return add_events_from_command(session, list(events), force=force, if_absent=if_absent)

    if jsonl is not None:
        if title is not None or when is not None or edit or any(value for value in vars(fields).values()):
            raise UsageError(_("--jsonl cannot be used with TITLE or with options for fields"))
        ids = save(read_jsonl_option(jsonl, session))
    elif edit:
        ids = (
            run_editor_for_command(
                build_template_from_options(title, when, fields, session),
                "event",
                lambda text: save([parse_template_into_options(text)]),
            )
            or []
        )
        if not ids:
            print_status(_("no event was written in the editor; nothing was added"))
    elif title is None:
        set_date_options(session, fields, when)
        ids = fill_form_and_add(session, fields, force=force, if_absent=if_absent)
    else:
        event = build_event_from_options(title, when, fields, session)
        ids = save([event])
        print_date_reading(event)
    write_command_output(f"{id}\n" for id in ids)


def set_date_options(session: Session, fields: EventOptions, when: str | None) -> None:
    """Set the start and the end from WHEN, if it is given. Raises DateError, and UsageError if they are given twice."""
    if when is None:
        return
    if fields.start is not None or fields.end is not None:
        raise UsageError(_("the date is specified twice, as WHEN and with --start or --end"))
    dates = parse_when(session, when)
    fields.start, fields.end = (None if point is None else format_iso_date(point) for point in dates.values())


def fill_form_and_add(session: Session, fields: EventOptions, *, force: bool, if_absent: bool) -> list[str]:
    """Ask for the event field by field, if the user can answer."""
    if not is_interactive():
        raise UsageError(_("the title is missing"), hint=_('ilocal add "TITLE" 2020-02-20'))
    from ilocal.cli import event_form

    def save(event: Event, insists: bool) -> list[str]:
        return add_events_from_command(
            session, [event], force=force or (insists and not if_absent), if_absent=if_absent
        )

    ids = event_form.ask_for_missing_options(session, fields, save)
    if ids is None:
        print_status(_("nothing was added"))
        raise typer.Exit(130)
    return ids


def read_jsonl_option(path: Path, session: Session) -> list[Event]:
    """Return the events of a JSON Lines file or stdin. Raises UsageError for the first invalid line."""
    from ilocal.cli.input_files import read_input_file, read_text_from_stdin_argument
    from ilocal.formats import jsonl
    from ilocal.formats.base import ReadOptions

    name = "stdin" if str(path) == "-" else str(path)
    text = read_text_from_stdin_argument() if name == "stdin" else read_input_file(path)
    events = []
    for item in jsonl.load(text, ReadOptions(session.today)):
        if isinstance(item, Diagnostic):
            raise UsageError(item.format_with_file(name), hint=_("nothing was added"))
        events.append(item)
    if not events:
        print_status(_("{file}: no events found; nothing was added", file=make_text_safe(name)))
    return events


def build_template_from_options(title: str | None, when: str | None, fields: EventOptions, session: Session) -> str:
    """Return a block to fill in: the given values, and the other fields as comments."""
    from ilocal.storage.toml.event_writer import EVENT_KEYS, format_event_block

    text = format_event_block(build_event_from_options(title or "?", when, fields, session)).replace(
        'title = "?"', 'title = ""'
    )
    ours = ("id", "created", "updated", "revision")
    absent = [key for key in EVENT_KEYS if key not in ours and f"\n{key} = " not in text]
    return text + "".join(f"# {key} =\n" for key in absent)


def parse_template_into_options(text: str) -> Event:
    from ilocal.storage.loader import parse_event_block

    return parse_event_block(text)
