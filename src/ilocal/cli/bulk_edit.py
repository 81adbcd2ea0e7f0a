"""Many events edited in one write: shown, confirmed and reported."""

import sys
from collections.abc import Callable, Sequence

from ilocal.cli.confirmation import confirm_or_exit
from ilocal.cli.filters import Filters, build_query_from_options
from ilocal.cli.output import print_command_event_changes, warn_about_name_typos
from ilocal.cli.session import Session
from ilocal.errors import ConflictError, FileChangedError, InvalidEventError, UsageError
from ilocal.i18n.messages import _, current_language, n_
from ilocal.model.date_names import current_date_format
from ilocal.model.describe import describe_field, describe_period
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event, increment_event_revision
from ilocal.model.fields import AUTOMATIC_FIELDS, FIELDS_BY_NAME, name_event_field
from ilocal.model.recurrence_words import describe_recurrence
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.terminal.status import print_status

EventChange = Callable[[Event], Event]
_MAX_SHOWN_CHANGES = 50  # events shown before the confirmation


# ------------------------------------------------------------------------------------------------- one write


def edit_named_events(session: Session, ids: Sequence[str], change: EventChange, *, dry_run: bool) -> None:
    """Change the named events, and report the changed fields."""
    if dry_run:
        found = [session.find_event_by_handle_argument(id) for id in ids]
        print_command_event_changes(session, [(event, change(event)) for event in found])
        return
    for before, after in run_bulk_edit(session, ids, change):
        print_bulk_edit_changed_fields(before, after)


def edit_filtered_events(session: Session, filters: Filters, change: EventChange, *, yes: bool, dry_run: bool) -> None:
    """Change all events that the filters find, after confirmation."""
    asked = build_query_from_options(session, filters, newest_first=False, series="whole")
    found = list(session.registry.select(asked))
    if not found:
        from ilocal.cli.empty_answers import print_near_names  # seldom needed

        print_near_names(session, filters)
    pairs = [(event, change_or_name_event(change, event)) for event in found]
    pairs = [pair for pair in pairs if find_changed_fields(*pair)]
    if dry_run or not yes:
        some = pairs if dry_run else pairs[:_MAX_SHOWN_CHANGES]
        print_command_event_changes(session, some)
        print_bulk_edit_series_notes([event for event, _after in some if event.is_recurring and asked.overlapping])
        if n := len(pairs) - len(some):
            print_status(
                n_(
                    "… and {n} more; to see all changes, add --dry-run",
                    "… and {n} more; to see all changes, add --dry-run",
                    n,
                )
            )
    if len(found) > len(pairs):
        n = len(found) - len(pairs)
        print_status(n_("nothing to change in {n} event", "nothing to change in {n} events", n))
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

        run_bulk_edit(session, list(expected), change, is_meant)
    print_status(n_("{n} event changed", "{n} events changed", len(pairs)))


def _confirm_bulk_edit(n: int) -> None:
    would = n_(
        "this would change {n} event, and ilocal cannot ask for confirmation without a terminal",
        "this would change {n} events, and ilocal cannot ask for confirmation without a terminal",
        n,
    )
    confirm_or_exit(n_("change {n} event?", "change {n} events?", n), would)


def change_or_name_event(change: EventChange, event: Event) -> Event:
    """Return the changed event; an error names which of several events cannot be changed."""
    try:
        return change(event)
    except InvalidEventError as error:
        raise UsageError(f"{make_text_safe(event.id)}: {error.message}", hint=error.hint) from None


def run_bulk_edit(
    session: Session, ids: Sequence[str], change: EventChange, is_meant: Callable[[Event], bool] = lambda _event: True
) -> list[tuple[Event, Event]]:
    """Change the events in one write; return each before and after.

    Raises ConflictError if an event is gone, and FileChangedError if `is_meant` is false for its current state.
    """
    now = session.now
    pairs: list[tuple[Event, Event]] = []
    with session.registry.transaction() as draft:
        for id in ids:
            before = draft.get(id)
            if before is None:
                raise ConflictError(
                    _('"{id}" was removed by another program; nothing was changed', id=make_text_safe(id))
                )
            if not is_meant(before):
                raise FileChangedError(
                    _('"{id}" was changed by another program; nothing was changed', id=make_text_safe(id))
                )
            after = change_or_name_event(change, before) if len(ids) > 1 else change(before)
            pairs.append((before, after))
            if find_changed_fields(before, after):
                draft.update(id, increment_event_revision(after, now))
    changed = [pair for pair in pairs if find_changed_fields(*pair)]
    fields = [field for pair in changed for field in find_changed_fields(*pair)]
    warn_about_name_typos(session, [after for _before, after in changed], fields)
    return pairs


# ------------------------------------------------------------------------------------------------- messages


def print_bulk_edit_series_notes(series: Sequence[Event]) -> None:
    """Report the events that are also changed on days outside the filters."""
    for event in series:
        print_status(
            _(
                "{id} is a series; all its occurrences are changed, including those outside the selected dates",
                id=make_text_safe(event.id),
            )
        )


_MAX_SHOWN_VALUE_LENGTH = 60  # characters of a value that is shown as it was and as it is


def print_bulk_edit_changed_fields(before: Event, after: Event, *, is_text_changed: bool = False) -> None:
    """Report the fields of an event that changed, with old and new values; on a terminal, also how its date was read.

    `is_text_changed` tells that its text changed in any case, if only in its comments.
    """
    names = [name for name in find_changed_fields(before, after) if name not in AUTOMATIC_FIELDS]
    fields = [_describe_change_of_bulk_edit(name, before, after) for name in names] or [_("comments")] * is_text_changed
    if not fields:
        print_status(_("{id}: nothing to change", id=make_text_safe(before.id)))
        return
    print_status(_("{id}: changed {fields}", id=make_text_safe(before.id), fields=", ".join(fields)))
    if not {"start", "end", "rrule"}.isdisjoint(names):
        print_date_reading(after)


def _describe_change_of_bulk_edit(name: str, before: Event, after: Event) -> str:
    """Return the name of a field, with its old and new value if both are short."""
    lang = current_language()
    field = name_event_field(name, lang)
    if name == "extra" or FIELDS_BY_NAME[name].kind == "tables":
        return field
    old, new = (escape_single_line(describe_field(event, name, lang)) for event in (before, after))
    if max(len(old), len(new)) > _MAX_SHOWN_VALUE_LENGTH:
        return field
    return f"{field} ({old or '–'} → {new or '–'})"


def print_date_reading(event: Event) -> None:
    """Print on a terminal in words when an event takes place, so that a misread date is noticed."""
    if event.period is None or not sys.stderr.isatty():
        return
    rule = [describe_recurrence(event.rrule, current_language(), current_date_format())] if event.rrule else []
    print_status("; ".join([describe_period(event.period), *rule]))
