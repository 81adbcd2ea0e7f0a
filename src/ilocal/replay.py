"""Changes made once more, or taken back, in a text that may have changed since."""

from __future__ import annotations

from collections.abc import Iterable

from ilocal.draft import Draft
from ilocal.errors import ConflictError
from ilocal.journal import Write
from ilocal.language import _
from ilocal.stretch import Edit, edits
from ilocal.text import safe


def take_back(draft: Draft, write: Write) -> None:
    """Undo a write: to the byte where its stretches stand as it left them, else event by event.

    Raises ConflictError where what it wrote was changed since.
    """
    for stretch in write.stretches:
        if not draft.restore(stretch):
            replay(draft, edits(stretch.reverse))


def replay(draft: Draft, edits: Iterable[Edit]) -> None:
    """Make changes that were made to another state of the text; those that are there already are passed over.

    Raises ConflictError where one does not fit.
    """
    for edit in edits:
        now = draft.lines(edit.id)
        if now == edit.after:
            continue
        if now != edit.before:
            raise ConflictError(_('"{id}" was changed meanwhile; nothing was changed', id=safe(edit.id)))
        if edit.after is None:
            draft.remove(edit.id)
        elif edit.before is None:
            draft.insert(edit, edit.after)
        else:
            draft.put_lines(edit.id, edit.after)


def says(draft: Draft, edits: Iterable[Edit]) -> bool:
    """Whether the text is as it is after these changes, event by event."""
    return all(draft.lines(edit.id) == edit.after for edit in edits)
