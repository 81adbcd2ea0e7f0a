"""`ilocal show`."""

from typing import Annotated

import typer

from ilocal import lines
from ilocal.lines import Listing
from ilocal.options import Session, flat
from ilocal.output import Output, answer, write


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
    events = [session.workspace.find(handle) for handle in handles]
    if out.format not in (None, "table") or out.output or out.columns:
        answer(session, events, out, Listing(session.lang, by_month=False))
        return
    for n, event in enumerate(events):
        parts = [*([lines.Part("gap"), lines.Part("gap")] if n else []), *lines.page(event, session.lang)]
        if session.draws:
            from ilocal import render

            render.page(parts, render.console(session.color))
        else:
            write(lines.plain(parts))
