"""Changes made once more, or taken back, in a text that may have changed since."""

from __future__ import annotations

from collections.abc import Iterable

from ilocal.errors import ConflictError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import safe
from ilocal.storage.changes.text_delta import Edit, edits, is_reordered
from ilocal.storage.changes.undo_log import Write
from ilocal.storage.transaction import Draft


def take_back(draft: Draft, write: Write) -> None:
    """Undo a write: to the byte where its stretches stand as it left them, else event by event.

    Raises ConflictError where what it wrote was changed since.
    """
    for stretch in write.stretches:
        if draft.restore(stretch):
            continue
        if is_reordered(stretch):
            raise ConflictError(
                _("the text was changed since, and events are in another order; nothing was changed"),
                hint=_("take back first what was changed since"),
            )
        replay(draft, edits(stretch.reverse))


def replay(draft: Draft, edits: Iterable[Edit]) -> None:
    """Make changes that were made to another state of the text; those that are there already are passed over.

    Raises ConflictError where one does not fit.
    """
    for edit in edits:
        found = None if edit.before is None else draft.holding(edit.id, edit.before)
        if found is not None and edit.after is None:
            draft.remove(found)
        elif found is not None and edit.after is not None:
            draft.put_lines(found, edit.after.text)
        elif edit.before is None and _is_missing(draft, edit):
            draft.insert(edit)
        elif not _is_known_to_be_so(draft, edit):
            raise ConflictError(_('"{id}" was changed meanwhile; nothing was changed', id=safe(edit.id)))


def _is_missing(draft: Draft, edit: Edit) -> bool:
    """Whether there is no such event. Of one without an id nobody can tell: better one too many than one too few."""
    return (edit.after is not None and not edit.after.has_id) or draft.lines(edit.id) is None


def _is_known_to_be_so(draft: Draft, edit: Edit) -> bool:
    """Whether an event is as it is after a change. One without an id that is not found may be gone, or another one."""
    return _is_so(draft, edit) and (edit.after is not None or edit.before is None or edit.before.has_id)


def says(draft: Draft, edits: Iterable[Edit]) -> bool:
    """Whether the text is as it is after these changes, event by event."""
    return all(_is_so(draft, edit) for edit in edits)


def _is_so(draft: Draft, edit: Edit) -> bool:
    if edit.after is not None:
        return draft.holding(edit.id, edit.after) is not None
    if edit.before is not None and not edit.before.has_id:
        return draft.holding(edit.id, edit.before) is None
    return draft.lines(edit.id) is None
