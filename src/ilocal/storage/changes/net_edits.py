"""Net effect of several changes of a registry: each event before the first and after the last of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ilocal.storage.changes.text_delta import EventEdit, EventText

_Key = tuple[str, str]  # an event with an id is identified by it, others by their lines


class NetEdits:
    """The joined edits of several changes, built from the last change to the first."""

    def __init__(self) -> None:
        self._edits: dict[int, EventEdit] = {}  # by a number that gives their order
        self._numbers_by_start: dict[_Key, list[int]] = {}  # of edits that can follow another one
        self._first_number = 0

    def prepend(self, edits: Sequence[EventEdit]) -> None:
        """Add the edits of an earlier change before all others."""
        self._first_number -= len(edits)
        joined = [(self._first_number + n, edit, self._take_successor(edit)) for n, edit in enumerate(edits)]
        for number, edit, successor in joined:
            self._store_edit(number, edit if successor is None else successor._replace(before=edit.before))

    def _take_successor(self, edit: EventEdit) -> EventEdit | None:
        """Return and remove the edit that begins where this one ends."""
        end = _make_key_of_undo_edit(edit.id, edit.after, edit.before)
        if end is None or not (numbers := self._numbers_by_start.get(end)):
            return None
        return self._edits.pop(numbers.pop())

    def _store_edit(self, number: int, edit: EventEdit) -> None:
        if edit.before == edit.after:
            return
        self._edits[number] = edit
        if (start := _make_key_of_undo_edit(edit.id, edit.before, edit.after)) is not None:
            self._numbers_by_start.setdefault(start, []).append(number)

    def __iter__(self) -> Iterator[EventEdit]:
        return iter([self._edits[number] for number in sorted(self._edits)])

    def __len__(self) -> int:
        return len(self._edits)


def _make_key_of_undo_edit(id: str, text: EventText | None, other: EventText | None) -> _Key | None:
    """Return the key of an event on one side of an edit; None if it does not exist there and never had an id."""
    known = text or other
    if known is not None and known.has_id:
        return ("id", id)
    return None if text is None else ("text", text.text)


def join_event_edits(changes: Iterable[Sequence[EventEdit]]) -> list[EventEdit]:
    """Return the net edits of several changes, given from first to last."""
    joined = NetEdits()
    for edits in reversed(list(changes)):
        joined.prepend(edits)
    return list(joined)
