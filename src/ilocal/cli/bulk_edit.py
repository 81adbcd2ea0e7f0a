"""Many events edited in one write: shown, confirmed and reported."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ilocal.cli.confirmation import confirm_or_exit
from ilocal.cli.filters import Filters, build_query_from_options
from ilocal.cli.output import print_event_changes, warn_about_name_typos
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, FileChangedError, InvalidEventError, UsageError
from ilocal.i18n.messages import _, n_
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event, revise_event
from ilocal.model.safe_text import escape_unsafe
from ilocal.terminal.status import print_status

EventChange = Callable[[Event], Event]
_MAX_SHOWN_CHANGES = 50  # events before it is asked whether to change them


# ------------------------------------------------------------------------------------------------- one write


def edit_named_events(session: Session, ids: Sequence[str], change: EventChange, *, dry_run: bool) -> None:
    """Change the events that were named, and say in which fields."""
    if dry_run:
        found = [session.find_event(id) for id in ids]
        print_event_changes(session, [(event, change(event)) for event in found])
        return
    for id, what in save_changed_events(session, ids, change).items():
        print_changed_fields(id, what)


def edit_filtered_events(session: Session, filters: Filters, change: EventChange, *, yes: bool, dry_run: bool) -> None:
    """Change all events that the filters find, once it is agreed."""
    asked = replace(build_query_from_options(session, filters, newest_first=False), collapse_series=True)
    found = list(session.registry.select(asked))
    pairs = [(event, change_or_name_event(change, event)) for event in found]
    pairs = [pair for pair in pairs if find_changed_fields(*pair)]
    if dry_run or not yes:
        some = pairs if dry_run else pairs[:_MAX_SHOWN_CHANGES]
        print_event_changes(session, some)
        print_series_notes([event for event, _after in some if event.is_recurring and asked.overlapping])
        if n := len(pairs) - len(some):
            print_status(n_("… and {n} more: --dry-run shows it", "… and {n} more: --dry-run shows them all", n))
    if len(found) > len(pairs):
        n = len(found) - len(pairs)
        print_status(n_("{n} event has nothing to change", "{n} events have nothing to change", n))
    if dry_run:
        print_status(n_("{n} event would be changed", "{n} events would be changed", len(pairs)))
        return
    if pairs:
        if not yes:
            _confirm_bulk_edit(len(pairs))
        events = [event for event, _after in pairs]
        expected = {event.id: event for event in events}

        def is_meant(now: Event) -> bool:
            return bool(asked.find_results(now)) if yes else not find_changed_fields(now, expected[now.id])

        save_changed_events(session, list(expected), change, is_meant)
    print_status(n_("{n} event changed", "{n} events changed", len(pairs)))


def _confirm_bulk_edit(n: int) -> None:
    would = n_(
        "{n} event would be changed, and nobody is there to ask",
        "{n} events would be changed, and nobody is there to ask",
        n,
    )
    confirm_or_exit(n_("change {n} event?", "change {n} events?", n), would)


def change_or_name_event(change: EventChange, event: Event) -> Event:
    """The event changed; an error names the one of many that cannot be."""
    try:
        return change(event)
    except InvalidEventError as error:
        raise UsageError(f"{escape_unsafe(event.id)}: {error.message}", hint=error.hint) from None


def save_changed_events(
    session: Session, ids: Sequence[str], change: EventChange, is_meant: Callable[[Event], bool] = lambda _event: True
) -> dict[str, list[str]]:
    """Change the events in one write; returns by id the fields that are different now.

    Raises ConflictError where an event is gone, or is not, as it is now, one that was meant.
    """
    now = session.now
    what: dict[str, list[str]] = {}
    afters: list[Event] = []
    with session.registry.transaction() as draft:
        for id in ids:
            before = draft.get(id)
            if before is None:
                raise ConflictError(_('"{id}" was removed meanwhile; nothing was changed', id=escape_unsafe(id)))
            if not is_meant(before):
                raise FileChangedError(_('"{id}" was changed meanwhile; nothing was changed', id=escape_unsafe(id)))
            after = change_or_name_event(change, before) if len(ids) > 1 else change(before)
            what[id] = find_changed_fields(before, after)
            if what[id]:
                draft.update(id, revise_event(after, now))
                afters.append(after)
    warn_about_name_typos(session, afters, [field for fields in what.values() for field in fields])
    return what


# ------------------------------------------------------------------------------------------------- what is said


def print_series_notes(series: Sequence[Event]) -> None:
    """Say which events are changed on other days as well."""
    for event in series:
        print_status(
            _(
                "{id} recurs, and is changed on all its days, also outside of those asked for",
                id=escape_unsafe(event.id),
            )
        )


def print_changed_fields(id: str, what: Sequence[str]) -> None:
    """Say in which fields an event is different now."""
    if what:
        print_status(_("{id}: {fields} changed", id=escape_unsafe(id), fields=", ".join(what)))
    else:
        print_status(_("{id}: nothing to change", id=escape_unsafe(id)))
