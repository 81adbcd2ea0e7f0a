"""Replay of changes: undo and redo in a text that may have changed since."""

from __future__ import annotations

from collections.abc import Iterable

from ilocal.errors import ConflictError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe
from ilocal.storage.changes.net_edits import join_event_edits
from ilocal.storage.changes.text_delta import EventEdit, TextDelta, has_reordered_toml_blocks, list_event_edits
from ilocal.storage.changes.undo_log import UndoEntry
from ilocal.storage.loader import parse_event_block
from ilocal.storage.transaction import Transaction


class EditConflictError(ConflictError):
    """A change does not fit the text: its event is another one by now."""

    def __init__(self, id: str) -> None:
        super().__init__(_('"{id}" was changed by another program; nothing was changed', id=make_text_safe(id)))
        self.id = id


def revert_undo_entry(transaction: Transaction, entry: UndoEntry, *, is_exact: bool = False) -> None:
    """Undo a write: byte by byte where its text is unchanged, else event by event, unless it must be `is_exact`.

    Raises ConflictError if what it wrote was changed since.
    """
    for stretch in entry.deltas:
        if transaction.revert(stretch):
            continue
        if is_exact:
            raise ConflictError(_("the text was edited after that change; nothing was changed"))
        if has_reordered_toml_blocks(stretch):
            raise ConflictError(
                _("the text was edited after that change and its events are in a different order; nothing was changed"),
                hint=_("undo the later changes first"),
            )
        replay_event_edits(transaction, list_event_edits(stretch.inverse))


def reapply_undo_entries(transaction: Transaction, entries: Iterable[UndoEntry]) -> None:
    """Redo lost changes: byte by byte where the text is as it was before them, else event by event.

    Raises ConflictError if the events were changed since.
    """
    deltas: dict[str, list[TextDelta]] = {}
    for entry in entries:
        for delta in entry.deltas:
            deltas.setdefault(delta.file, []).append(delta)
    for one in deltas.values():
        if not transaction.reapply(one):
            edits = join_event_edits([list_event_edits(delta) for delta in one])
            replay_event_edits(transaction, [edit for edit in edits if not is_layout_edit(edit)])


def is_layout_edit(edit: EventEdit) -> bool:
    """Return whether an edit changes only the order or form of an event's lines."""
    if edit.before is None or edit.after is None:
        return False
    before, after = (parse_event_block(lines.text) for lines in (edit.before, edit.after))
    return edit.before.has_id == edit.after.has_id and before == after


def replay_event_edits(transaction: Transaction, edits: Iterable[EventEdit]) -> None:
    """Apply edits that were made to another state of the text, skipping those already applied.

    Raises EditConflictError if one does not fit.
    """
    for edit in edits:
        found = None if edit.before is None else transaction.find_unedited_toml_lines(edit.id, edit.before)
        if found is not None and edit.after is None:
            transaction.remove(found)
        elif found is not None and edit.after is not None:
            transaction.restore_lines(found, edit.after.text)
        elif edit.before is None and _is_toml_block_missing(transaction, edit):
            transaction.reinsert(edit)
        elif not _is_edit_surely_applied(transaction, edit):
            raise EditConflictError(edit.id)


def _is_toml_block_missing(transaction: Transaction, edit: EventEdit) -> bool:
    """Return whether an event is missing. One without an id is assumed to be: a duplicate is better than a loss."""
    return (edit.after is not None and not edit.after.has_id) or transaction.read_toml_lines_of_event(edit.id) is None


def _is_edit_surely_applied(transaction: Transaction, edit: EventEdit) -> bool:
    """Return whether an edit is certainly applied. An event without an id that is missing may also have changed."""
    return _is_edit_applied(transaction, edit) and (edit.after is not None or edit.before is None or edit.before.has_id)


def has_applied_edits(transaction: Transaction, edits: Iterable[EventEdit]) -> bool:
    """Return whether all of these edits are applied in the text."""
    return all(_is_edit_applied(transaction, edit) for edit in edits)


def _is_edit_applied(transaction: Transaction, edit: EventEdit) -> bool:
    if edit.after is not None:
        return transaction.find_unedited_toml_lines(edit.id, edit.after) is not None
    if edit.before is not None and not edit.before.has_id:
        return transaction.find_unedited_toml_lines(edit.id, edit.before) is None
    return transaction.read_toml_lines_of_event(edit.id) is None
