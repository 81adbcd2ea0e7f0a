"""Many events edited in one write: shown, confirmed and reported."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ilocal.cli.filters import Filters, query
from ilocal.cli.output import warn_of_names
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, MeanwhileError, RecordError, UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.differences import changed_fields
from ilocal.model.event import Event, stamped
from ilocal.model.safe_text import safe
from ilocal.terminal.prompts import confirm
from ilocal.terminal.status import say, tell

Change = Callable[[Event], Event]
_MOST_SHOWN = 50  # events before it is asked whether to change them


# ------------------------------------------------------------------------------------------------- one write


def edit_named(session: Session, ids: Sequence[str], change: Change, *, dry_run: bool) -> None:
    """Change the events that were named, and say in which fields."""
    if dry_run:
        found = [session.find(id) for id in ids]
        show([(event, change(event)) for event in found], session)
        return
    for id, what in saved(session, ids, change).items():
        say_what(id, what)


def edit_found(session: Session, filters: Filters, change: Change, *, yes: bool, dry_run: bool) -> None:
    """Change all events that the filters find, once it is agreed."""
    asked = replace(query(session, filters, newest_first=False), once=True)
    found = list(session.workspace.select(asked))
    pairs = [(event, named(change, event)) for event in found]
    pairs = [pair for pair in pairs if changed_fields(*pair)]
    if dry_run or not yes:
        some = pairs if dry_run else pairs[:_MOST_SHOWN]
        show(some, session)
        note_series([event for event, _after in some if event.recurs and asked.touching])
        if n := len(pairs) - len(some):
            say(n_("… and {n} more: --dry-run shows it", "… and {n} more: --dry-run shows them all", n))
    if len(found) > len(pairs):
        n = len(found) - len(pairs)
        say(n_("{n} event has nothing to change", "{n} events have nothing to change", n))
    if dry_run:
        say(n_("{n} event would be changed", "{n} events would be changed", len(pairs)))
        return
    if pairs:
        if not yes:
            _confirm(len(pairs))
        events = [event for event, _after in pairs]
        expected = {event.id: event for event in events}

        def is_meant(now: Event) -> bool:
            return bool(asked.answers(now)) if yes else not changed_fields(now, expected[now.id])

        saved(session, list(expected), change, is_meant)
    say(n_("{n} event changed", "{n} events changed", len(pairs)))


def _confirm(n: int) -> None:
    would = n_(
        "{n} event would be changed, and nobody is there to ask",
        "{n} events would be changed, and nobody is there to ask",
        n,
    )
    confirm(n_("change {n} event?", "change {n} events?", n), would)


def named(change: Change, event: Event) -> Event:
    """The event changed; an error names the one of many that cannot be."""
    try:
        return change(event)
    except RecordError as error:
        raise UsageError(f"{safe(event.id)}: {error.message}", hint=error.hint) from None


def saved(
    session: Session, ids: Sequence[str], change: Change, is_meant: Callable[[Event], bool] = lambda _event: True
) -> dict[str, list[str]]:
    """Change the events in one write; returns by id the fields that are different now.

    Raises ConflictError where an event is gone, or is not, as it is now, one that was meant.
    """
    now = session.now
    what: dict[str, list[str]] = {}
    afters: list[Event] = []
    with session.workspace.changing() as draft:
        for id in ids:
            before = draft.get(id)
            if before is None:
                raise ConflictError(_('"{id}" was removed meanwhile; nothing was changed', id=safe(id)))
            if not is_meant(before):
                raise MeanwhileError(_('"{id}" was changed meanwhile; nothing was changed', id=safe(id)))
            after = named(change, before) if len(ids) > 1 else change(before)
            what[id] = changed_fields(before, after)
            if what[id]:
                draft.put(id, stamped(after, now))
                afters.append(after)
    warn_of_names(session, afters, [field for fields in what.values() for field in fields])
    return what


# ------------------------------------------------------------------------------------------------- what is said


def show(pairs: Sequence[tuple[Event, Event]], session: Session) -> None:
    """Show the changes event by event on stderr: they are about the data."""
    from ilocal.terminal.event_diff import diff

    for before, after in pairs:
        for line in diff(before, after, color=session.color):
            tell(line + "\n")


def note_series(series: Sequence[Event]) -> None:
    """Say which events are changed on other days as well."""
    for event in series:
        say(_("{id} recurs, and is changed on all its days, also outside of those asked for", id=safe(event.id)))


def say_what(id: str, what: Sequence[str]) -> None:
    """Say in which fields an event is different now."""
    if what:
        say(_("{id}: {fields} changed", id=safe(id), fields=", ".join(what)))
    else:
        say(_("{id}: nothing to change", id=safe(id)))
