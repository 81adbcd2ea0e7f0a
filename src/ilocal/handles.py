"""Handles: what people type to name an event."""

from __future__ import annotations

from collections.abc import Iterable

from ilocal.errors import HandleError, NoSuchEvent
from ilocal.i18n.messages import _, n_
from ilocal.text import safe, slug


def resolve(handle: str, ids: Iterable[str]) -> str:
    """The id that `handle` names: an id, the start of one, with or without the year, or whole words of it.

    The first of these ways in which any id fits decides. Raises HandleError for no event or more than one.
    """
    all_ids = list(ids)
    if handle in all_ids:
        return handle
    typed = slug(handle)
    name = "-".join(typed)
    if not name:
        raise NoSuchEvent(_('no event is called "{handle}"', handle=safe(handle)))
    known = {id: ("-".join(words), "-".join(words[1:]), set(words)) for id in all_ids if (words := slug(id))}
    ways = (
        [id for id, (full, bare, _) in known.items() if name in (full, bare)],
        [id for id, (full, bare, _) in known.items() if full.startswith(name) or bare.startswith(name)],
        [id for id, (_, _, words) in known.items() if words.issuperset(typed)],
    )
    found = next(filter(None, ways), [])
    if not found:
        raise NoSuchEvent(
            _('no event is called "{handle}"', handle=safe(handle)), hint=_("ilocal list -f ids prints all ids")
        )
    return only(handle, found)


def only(handle: str, found: list[str]) -> str:
    """The one id in `found`. Raises HandleError, which lists them, where there are more."""
    if len(found) > 1:
        shown = [*found[:10], *(["…"] if len(found) > 10 else [])]
        what = n_('"{handle}" may mean {n} event', '"{handle}" may mean {n} events', len(found), handle=safe(handle))
        raise HandleError(what, hint=_("one of"), choices=shown)
    return found[0]
