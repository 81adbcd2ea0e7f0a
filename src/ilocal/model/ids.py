"""Ids of events: made from year and title, and resolved from the handle that a user types."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from ilocal.errors import EventNotFound, HandleError
from ilocal.i18n.messages import _, n_
from ilocal.model.dates import PartialDate
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import slugify_words


def make_event_id(
    title: str,
    start: PartialDate | None,
    taken: Container[str],
    max_length: int = 60,
    counters: dict[str, int] | None = None,
) -> str:
    """Return a new id `YEAR-slug-of-title`, or `tba-…` without a date; if taken, `-2` and so on is appended.

    Arguments:
        title: the title of the event.
        start: its start, for the year.
        taken: ids that are in use.
        max_length: most characters of the id.
        counters: last number used for each slug; pass the same dict when making many ids to avoid retrying numbers.
    """
    year = "tba" if start is None else f"{start.year:04}"
    name = year
    for part in slugify_words(title) or ["event"]:
        if len(name) + 1 + len(part) > max_length:
            break
        name += "-" + part
    if name == year:  # the first word is longer than an id may be
        name = f"{year}-{slugify_words(title)[0]}"[:max_length]
    counters = {} if counters is None else counters
    n = counters.get(name, 1)
    while (candidate := _append_number_to_event_id(name, n, max_length)) in taken:
        n += 1
    counters[name] = n
    return candidate


def _append_number_to_event_id(name: str, n: int, longest: int) -> str:
    return name if n == 1 else f"{name[: longest - len(str(n)) - 1].rstrip('-')}-{n}"


_MAX_ROW_NUMBER_DIGITS = 3


def is_row_number(handle: str) -> bool:
    """Return whether a handle is a short number, as lists print before their rows, and no year."""
    return handle.isascii() and handle.isdecimal() and len(handle) <= _MAX_ROW_NUMBER_DIGITS


def resolve_event_id_prefix(handle: str, ids: Iterable[str], ids_by_title: Callable[[], Iterable[str]] = list) -> str:
    """Return the id that `handle` names: a whole id, its start, or whole words of it or of its event's title.

    These ways are tried in order, and the first with a match decides. A title may be typed without the year of its id,
    but does not decide where other ids have the same words: numbered ids are of events with one title, and an event
    that begins with the words is as likely to be meant as one that contains them. A short number is never the start of
    an id.

    Arguments:
        handle: what the user typed.
        ids: ids that it may name.
        ids_by_title: returns the ids of events whose titles have its words; an id has only the first words of a title.

    Raises EventNotFound if nothing matches and HandleError if several ids do.
    """
    all_ids = list(ids)
    if handle in all_ids:
        return handle
    typed = slugify_words(handle)
    name = "-".join(typed)
    if not name:
        raise EventNotFound(_('no event matches "{handle}"', handle=make_text_safe(handle)))
    known = {id: ("-".join(words), "-".join(words[1:]), set(words)) for id in all_ids if (words := slugify_words(id))}
    is_start = not is_row_number(handle)
    ways: tuple[Callable[[], list[str]], ...] = (
        lambda: [id for id, (full, _, _) in known.items() if full == name],
        lambda: [id for id, (_, bare, _) in known.items() if bare == name or _is_numbered_id(bare, name)],
        lambda: [id for id, (full, _, _) in known.items() if is_start and full.startswith(name)],
        lambda: [
            *(id for id, (_, bare, words) in known.items() if bare.startswith(name) or words.issuperset(typed)),
            *ids_by_title(),
        ],
    )
    found = list(dict.fromkeys(next(filter(None, (way() for way in ways)), [])))
    if not found:
        raise EventNotFound(
            _('no event matches "{handle}"', handle=make_text_safe(handle)),
            hint=_("to list all ids, run: ilocal list -f ids"),
        )
    return require_one_matching_event_id(handle, found)


def _is_numbered_id(id: str, name: str) -> bool:
    """Return whether an id is a name with a number, as the second event of one title has it."""
    return id.startswith(name + "-") and id[len(name) + 1 :].isdecimal()


def require_one_matching_event_id(handle: str, found: list[str]) -> str:
    """Return the only id in `found`. Raises HandleError, which lists them, if there are several."""
    if len(found) > 1:
        shown = [*found[:10], *(["…"] if len(found) > 10 else [])]
        what = n_(
            '"{handle}" matches {n} event', '"{handle}" matches {n} events', len(found), handle=make_text_safe(handle)
        )
        error = HandleError(what, hint=_("be more specific; it could be:"), choices=shown)
        error.candidate_ids = found
        raise error
    return found[0]
