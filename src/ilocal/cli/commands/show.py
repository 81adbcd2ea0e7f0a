"""`ilocal show`."""

import os
import sys
from typing import Annotated, Optional

import typer

from ilocal.cli.event_handles import ask_user_for_handles, find_events
from ilocal.cli.option_groups import expand_option_groups
from ilocal.cli.output import (
    OutputOptions,
    choose_output_format,
    create_console_for_session,
    output_events,
    page_command_output,
    write_command_output,
)
from ilocal.cli.session import Session
from ilocal.i18n.messages import _
from ilocal.model import describe
from ilocal.model.describe import ListOptions
from ilocal.terminal import plain_text
from ilocal.terminal.capabilities import has_hyperlinks

HELP_GROUP = "look"
EXAMPLES = {
    "ilocal show nhóm cố vấn": "one event, by words from the title",
    'ilocal show "nhóm cố vấn" -f json': "the same, for use in a program",
}
CAN_ASK_SEVERAL_REGISTRIES = True


@expand_option_groups
def run(
    ctx: typer.Context,
    out: OutputOptions,
    handles: Annotated[
        Optional[list[str]],
        typer.Argument(metavar="HANDLE…", help="The id of an event, the start of the id, or words from the title."),
    ] = None,
) -> None:
    """Show events in full, with their sections. In a terminal, without HANDLE, pick an event from a list."""
    session: Session = ctx.obj
    events = find_events(session, handles) if handles else ask_user_for_handles(session, _("ilocal show HANDLE"))
    if not _is_detail_output_option(out) and (choose_output_format(out) is not None or out.columns):
        output_events(session, events, out, ListOptions(session.lang, has_month_headings=False))
        return
    pages = [
        [
            *([describe.DetailLine("gap"), describe.DetailLine("gap")] if n else []),
            *describe.describe_event_fields(event, session.lang, session.registry_language),
        ]
        for n, event in enumerate(events)
    ]
    if not session.uses_tables or out.output is not None:
        write_command_output((line for parts in pages for line in plain_text.format_event_details(parts)), out.output)
        return
    has_links = sys.stdout.isatty() and has_hyperlinks(os.environ)  # before a pager takes the place of the terminal
    with page_command_output(session):
        from ilocal.terminal import tables

        page = create_console_for_session(session)
        for parts in pages:
            tables.draw_event_page(parts, page, has_links=has_links)


def _is_detail_output_option(out: OutputOptions) -> bool:
    """Return whether a file gets the terminal's output: a .txt file without a format."""
    is_text = (
        out.format is None and out.template is None and out.output is not None and out.output.suffix.lower() == ".txt"
    )
    return is_text and not (out.columns or out.excel or out.raw or out.undated_as_span)
