"""`ilocal show`."""

from typing import Annotated

import typer

from ilocal.cli.option_groups import flat
from ilocal.cli.output import Output, answer, format_of, paged, screen, write
from ilocal.cli.session import Session
from ilocal.model import describe
from ilocal.model.describe import Listing
from ilocal.terminal import plain_text


@flat
def run(
    ctx: typer.Context,
    handles: Annotated[
        list[str], typer.Argument(metavar="HANDLE…", help="An id, the start of one, or words of its title.")
    ],
    out: Output,
) -> None:
    """Show events in full, with their sections."""
    session: Session = ctx.obj
    found = [session.find(handle) for handle in handles]
    events = list({event.id: event for event in found}.values())  # two words of one title name one event
    if format_of(out) is not None or out.columns:
        answer(session, events, out, Listing(session.lang, by_month=False))
        return
    pages = [
        [
            *([describe.Part("gap"), describe.Part("gap")] if n else []),
            *describe.page(event, session.lang, session.language),
        ]
        for n, event in enumerate(events)
    ]
    if not session.draws or out.output is not None:
        write((line for parts in pages for line in plain_text.plain(parts)), out.output)
        return
    with paged(session):
        from ilocal.terminal import tables

        page = screen(session)
        for parts in pages:
            tables.page(parts, page)
