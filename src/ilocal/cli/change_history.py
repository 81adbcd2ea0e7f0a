"""The changes that can be undone, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ilocal.cli.session import Session
from ilocal.errors import ConflictError, LaterChangeError
from ilocal.i18n.labels import translate_list_summary
from ilocal.i18n.messages import _, current_language, n_
from ilocal.model.describe import show_moment
from ilocal.model.differences import find_changed_fields
from ilocal.model.event import Event
from ilocal.model.fields import AUTOMATIC_FIELDS, name_event_field
from ilocal.model.safe_text import escape_single_line
from ilocal.storage.loader import parse_event_block
from ilocal.terminal.event_diff import color_diff_line, format_event_diff
from ilocal.terminal.status import print_status, write_stderr

if TYPE_CHECKING:
    from ilocal.storage.changes.text_delta import EventEdit
    from ilocal.storage.changes.undo_log import UndoEntry
    from ilocal.storage.changes.undo_stack import UndoStack

_MAX_TITLE_LENGTH = 60  # characters of a title in a line
_MAX_READ_EDITS = 50  # events of a change whose fields are listed in a line
_MAX_NAMED_FIELDS = 4
_PLAIN_COMMANDS = ("", "add", "copy", "edit", "remove")  # whose changes describe themselves


class ChangedEvent(NamedTuple):
    """The effect of a change on one event."""

    change: Literal["added", "changed", "removed"]
    id: str
    title: str
    fields: Sequence[str]  # that differ; empty if only the layout does


def describe_undo_command_entry(entry: UndoEntry, entries: Mapping[int, UndoEntry]) -> str:
    """Return a change as a phrase: `edit of Họp: Location`; `entries` are all recorded changes, by number."""
    origin = entry.origin
    if origin.undoes is not None:
        phrase = _("undo of change {number}", number=origin.undoes)
        return _add_entry_to_undo_command_list(phrase, entries.get(origin.undoes), entries)
    if origin.redoes is not None:
        phrase = _("redo of change {number}", number=origin.redoes)
        return _add_entry_to_undo_command_list(phrase, entries.get(origin.redoes), entries)
    if origin.restores:
        numbers = translate_list_summary([str(number) for number in origin.restores], 5)
        return _("restoration of lost changes: {numbers}", numbers=numbers)
    edits = entry.edits
    if origin.is_resolution:
        return _describe_resolve_command_entry(edits)
    if not edits:
        return _describe_layout_entry_of_undo_command()
    if origin.command == "import":
        n = len(edits)
        files = escape_single_line(origin.details)
        return n_("import of {n} event from {files}", "import of {n} events from {files}", n, files=files)
    phrase = _describe_edits(edits, origin.command)
    return phrase if origin.command in _PLAIN_COMMANDS else f"{escape_single_line(origin.command)}: {phrase}"


def _add_entry_to_undo_command_list(phrase: str, entry: UndoEntry | None, entries: Mapping[int, UndoEntry]) -> str:
    return phrase if entry is None else f"{phrase} ({describe_undo_command_entry(entry, entries)})"


def _describe_resolve_command_entry(edits: Sequence[EventEdit]) -> str:
    titles = [_shorten_title_for_undo_command(report_undone_event(edit).title) for edit in edits[:_MAX_READ_EDITS]]
    if not titles:
        return _("conflict resolution")
    return _("conflict resolution: {titles}", titles=translate_list_summary(titles, 3))


def _describe_edits(edits: Sequence[EventEdit], command: str) -> str:
    changes = {_get_command_of_entry(edit) for edit in edits}
    if command == "edit" and len(edits) == 2 and changes == {"added", "removed"}:  # an event has another id
        edits, changes = [edits[0]._replace(after=edits[1].after)], {"changed"}
    if len(changes) > 1:
        counts = (
            sum(_get_command_of_entry(edit) == kind for edit in edits) for kind in ("added", "changed", "removed")
        )
        added, changed, removed = counts
        return _("{added} added, {changed} changed, {removed} removed", added=added, changed=changed, removed=removed)
    some = [report_undone_event(edit) for edit in edits[:_MAX_READ_EDITS]]
    n, title = len(edits), _shorten_title_for_undo_command(some[0].title)
    phrases = {
        "added": (_("addition of {title}", title=title), n_("addition of {n} event", "addition of {n} events", n)),
        "changed": (_("edit of {title}", title=title), n_("edit of {n} event", "edit of {n} events", n)),
        "removed": (_("removal of {title}", title=title), n_("removal of {n} event", "removal of {n} events", n)),
    }
    (kind,) = changes
    phrase = phrases[kind][n > 1]
    if kind != "changed":
        return phrase
    fields = list(dict.fromkeys(name for one in some for name in one.fields))
    return f"{phrase}: {_name_fields(fields)}" if fields else f"{phrase} {_describe_layout_entry_of_undo_command()}"


def _shorten_title_for_undo_command(title: str) -> str:
    text = escape_single_line(title)
    return text if len(text) <= _MAX_TITLE_LENGTH else text[: _MAX_TITLE_LENGTH - 1].rstrip() + "…"


def _name_fields(names: Sequence[str]) -> str:
    return translate_list_summary([name_event_field(name, current_language()) for name in names], _MAX_NAMED_FIELDS)


def _describe_layout_entry_of_undo_command() -> str:
    """Return the description of a change that changed no field, such as that of `fmt`."""
    return _("(only the layout)")


def _get_command_of_entry(edit: EventEdit) -> Literal["added", "changed", "removed"]:
    return "added" if edit.before is None else "removed" if edit.after is None else "changed"


def _read_event_for_undo_command(lines: Any) -> Event:
    return parse_event_block(lines.text)


def report_undone_event(edit: EventEdit) -> ChangedEvent:
    """Return the effect of an edit on its event."""
    before, after = (_read_event_for_undo_command(lines) if lines else None for lines in (edit.before, edit.after))
    event = after or before
    assert event is not None
    fields = find_changed_fields(before, after) if before and after else []
    names = [name for name in fields if name not in AUTOMATIC_FIELDS]
    return ChangedEvent(_get_command_of_entry(edit), edit.id, event.title, names)


# ----------------------------------------------------------------------------------------------------------- the list


def format_undo_command_list(session: Session, entries: Sequence[UndoEntry], stack: UndoStack) -> Iterator[str]:
    """Yield a line for each change: its number, its time, and its description."""
    width = len(str(entries[0].number)) if entries else 0  # the last one has the greatest
    by_number = {entry.number: entry for entry in entries}
    for entry in entries:
        when = show_moment(entry.timestamp, session.zone)
        marks = [_("(lost)")] if entry.is_lost else [_("(undone)")] if entry.number in stack.inactive else []
        what = " ".join([describe_undo_command_entry(entry, by_number), *marks])
        yield "  ".join((str(entry.number).rjust(width), when, what))


def change_to_dict(session: Session, entry: UndoEntry, stack: UndoStack) -> dict[str, Any]:
    """Return a change as JSON has it."""
    origin = entry.origin
    found = {
        "number": entry.number,
        "time": entry.timestamp.astimezone(session.zone).replace(microsecond=0).isoformat(),
        "command": origin.command,
        "details": origin.details,
        "undoes": origin.undoes,
        "redoes": origin.redoes,
        "restores": list(origin.restores),
    }
    events = [report_undone_event(edit) for edit in entry.edits]
    return {key: value for key, value in found.items() if value} | {
        "is_undone": entry.number in stack.inactive,
        "is_lost": entry.is_lost,
        "events": [one._asdict() | {"fields": list(one.fields)} for one in events],
    }


def describe_undo_edits(edits: Sequence[EventEdit], session: Session) -> Iterator[str]:
    """Yield the changes event by event."""
    if not edits:
        yield _describe_layout_entry_of_undo_command()
    for edit in edits:
        before, after = (_read_event_for_undo_command(lines) if lines else None for lines in (edit.before, edit.after))
        if before is None and after is not None:
            line = f"+ {escape_single_line(edit.id)}: {escape_single_line(after.title)}"
            yield color_diff_line(line, session.uses_color)
        elif before is not None:
            head, *fields = format_event_diff(before, after, color=session.uses_color, id=edit.id)
            yield head if fields or after is None else f"{head} {_describe_layout_entry_of_undo_command()}"
            yield from fields


def print_edits(session: Session, edits: Sequence[EventEdit]) -> None:
    """Print the changes event by event to stderr."""
    for line in describe_undo_edits(edits, session):
        write_stderr(line + "\n")


def run_undo_of_entry(session: Session, entry: UndoEntry, entries: dict[int, UndoEntry], *, dry_run: bool) -> None:
    """Revert an entry, which may be an undo, and report its effect and the reverted change."""
    if not dry_run:
        try:
            session.registry.undo(entry)
        except LaterChangeError as error:
            what = describe_undo_command_entry(entries[error.number], entries) if error.number in entries else ""
            values = {"id": escape_single_line(error.id), "number": error.number, "what": what}
            message = _('"{id}" was changed again by change {number} ({what}); nothing was changed', **values)
            raise ConflictError(message if what else error.message, hint=error.hint) from None
    undone = entry.origin.undoes
    number = entry.number if undone is None and entry.origin.redoes is None else undone or entry.origin.redoes
    assert number is not None
    what = describe_undo_command_entry(entries.get(number, entry), entries)
    if number in entries and entries[number].origin.is_resolution:
        if dry_run:  # an event with conflict markers says nothing that could be compared
            write_stderr(what + "\n")
    else:
        print_edits(session, entry.inverse_edits)  # only after it succeeded, as a refused change must not be reported
    if dry_run:
        return
    if undone is None:
        print_status(_("Undid change {number}: {what}", number=number, what=what))
    else:
        print_status(_("Redid change {number}: {what}", number=number, what=what))
