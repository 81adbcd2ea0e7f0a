"""Files that are older than the registry: which of their rows would replace newer values of an event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from ilocal.errors import InvalidEventError, UsageError
from ilocal.model.event import Event

if TYPE_CHECKING:
    from ilocal.formats.base import ImportedEvent
    from ilocal.storage.changes.text_delta import EventEdit
    from ilocal.storage.changes.undo_log import UndoEntry

_STATE_FIELDS = ("revision", "updated")


@dataclass
class FileHistory:
    """The earlier imports of one file, as the undo log has them: their changes are no news to the file."""

    file: str = ""  # its name without folders; "" for a file without a name, such as stdin
    read_entries: Callable[[], Iterable[UndoEntry]] | None = None  # newest first
    _changes: list[tuple[bool, dict[str, EventEdit]]] | None = field(default=None, repr=False)

    def explains_newer_state(self, event: Event, old: Event) -> bool:
        """Return whether all that made `old` newer than the file's `event` was imported from this file before."""
        for is_same_file, edits in self._list_changes() if self.file else ():
            edit = edits.get(old.id)
            if edit is None:
                continue
            if not is_same_file or edit.before is None:
                return is_same_file
            if not has_newer_state(_parse_event(edit.before.text), event, _STATE_FIELDS):
                return True
        return False

    def _list_changes(self) -> list[tuple[bool, dict[str, EventEdit]]]:
        """Return whether each change that is still in the registry came from this file, and what it changed."""
        if self._changes is None:
            self._changes = [
                (
                    entry.origin.command == "import" and self.file in entry.origin.details.split(", "),
                    {edit.id: edit for edit in entry.edits},
                )
                for entry in (self.read_entries() if self.read_entries else ())
                if not entry.is_lost and not entry.is_superseded
            ]
        return self._changes


def _parse_event(text: str) -> Event | None:
    from ilocal.storage.loader import parse_event_block

    try:
        return parse_event_block(text)
    except (InvalidEventError, UsageError):
        return None


def is_outdated_row(entry: ImportedEvent, old: Event, history: FileHistory) -> bool:
    """Return whether the registry's event is newer than the file's, by its revision, then by its time of change.

    A file that states neither is never older. What was imported from the same file before is not newer.
    """
    if entry.is_outdated is not None:
        return entry.is_outdated(old)
    event, stated = entry.event, entry.stated_fields
    if stated is None:  # JSON and TOML leave out what is empty; what ilocal wrote has at least the time of its addition
        stated = frozenset(_STATE_FIELDS if event.created else filter(event.__getattribute__, _STATE_FIELDS))
    return has_newer_state(old, event, stated) and not history.explains_newer_state(event, old)


def has_newer_state(one: Event | None, other: Event, stated: Iterable[str]) -> bool:
    """Return whether `one` is in a newer state than `other`, which states these fields."""
    if one is None:
        return True
    names = {*stated}
    if "revision" in names and one.revision != other.revision:
        return one.revision > other.revision
    if "updated" not in names or one.updated is None:
        return False
    if other.updated is None:  # an empty cell: it had never been changed
        return "revision" not in names
    return _to_moment(one.updated) > _to_moment(other.updated)


def _to_moment(stamp: date) -> datetime:
    at = stamp if isinstance(stamp, datetime) else datetime.combine(stamp, time.min)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
