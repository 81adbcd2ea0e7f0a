"""`ilocal remove`."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Annotated, Optional

import typer

from ilocal.cli.filters import Filters, Order, query
from ilocal.cli.option_groups import flat
from ilocal.cli.output import screen, write
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, MeanwhileError, UsageError
from ilocal.i18n.labels import count
from ilocal.i18n.messages import _, n_
from ilocal.model.describe import Listing
from ilocal.model.differences import changed_fields
from ilocal.model.event import Event
from ilocal.model.query import Sort
from ilocal.model.safe_text import safe
from ilocal.terminal.plain_text import listing
from ilocal.terminal.prompts import can_ask, confirm
from ilocal.terminal.status import say, tell


@dataclass
class Most:
    """How many of the events that are found, and which first."""

    limit: Annotated[
        Optional[int],
        typer.Option("-n", "--limit", metavar="N", min=0, help="Only the first N of what the filters find."),
    ] = None
    sort: Annotated[
        Optional[Sort], typer.Option("--sort", help="What decides which are the first N. [default: date, newest first]")
    ] = None
    reverse: Annotated[bool, typer.Option("--reverse", help="The last N in that order instead.")] = False


@flat
def run(
    ctx: typer.Context,
    filters: Filters,
    most: Most,
    handles: Annotated[
        Optional[list[str]], typer.Argument(metavar="HANDLE…", help="An id, the start of one, or words of its title.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove the events that are named, or all that the filters find; print them as TOML."""
    session: Session = ctx.obj
    if bool(handles) == (not filters.is_empty):
        raise UsageError(_("name the events, or say which by filters: one of the two"), hint=_("ilocal remove HANDLE"))
    events = [session.find(handle) for handle in handles] if handles else _found(session, filters, most)
    if not events:
        say(count(0, session.lang))
        return
    if not yes:
        _confirm(session, events)
    from ilocal.storage.toml.event_editor import visible

    with session.workspace.changing() as draft:
        removed = []
        for id, shown in {event.id: event for event in events}.items():
            now = draft.get(id)
            if now is None:
                raise ConflictError(_('"{id}" was removed meanwhile; nothing was changed', id=safe(id)))
            if changed_fields(now, shown) and not (yes and handles):
                raise MeanwhileError(_('"{id}" was changed meanwhile; nothing was changed', id=safe(id)))
            removed.append(draft.remove(id))
    write("\n".join(visible(block.replace("\r\n", "\n")) for block in removed))


def _found(session: Session, filters: Filters, most: Most) -> list[Event]:
    """The events that the filters find. Raises UsageError for a series that is also outside of the days asked for."""
    asked = query(session, filters, Order(most.limit, most.sort, most.reverse, once=True))
    events = list(session.workspace.select(asked))
    series = next((event for event in events if event.recurs and asked.touching), None)
    if series is not None:
        raise UsageError(
            _('"{id}" recurs, also outside of these days; nothing was removed', id=series.id),
            hint=_("name it to remove all of it: ilocal remove {id}", id=series.id),
        )
    return events


def _confirm(session: Session, events: Sequence[Event]) -> None:
    """Show what would be removed, and ask."""
    how = Listing(session.lang, by_month=False, language=session.language)
    if can_ask():
        from ilocal.terminal import tables

        table = StringIO()
        tables.listing(events, how, screen(session, table))
        tell(table.getvalue())
    else:
        for line in "".join(listing(events, how)).strip("\n").split("\n"):
            say(line)
    what = n_("{n} event", "{n} events", len(events))
    would = _("{what} would be removed, and nobody is there to ask", what=what)
    confirm(_("remove {what}?", what=what), would)
