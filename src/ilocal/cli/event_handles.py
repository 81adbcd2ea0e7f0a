"""Events as users name them: handles of one or more words, candidates for ambiguous ones, and a list to pick from."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from ilocal.errors import EventNotFound, HandleError, IlocalError, UsageError
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import _, format_number
from ilocal.model.dates import date_sort_key
from ilocal.model.describe import describe_period_of_event
from ilocal.model.event import Event
from ilocal.model.ids import is_row_number
from ilocal.model.query import Query
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.terminal.prompts import is_interactive, prompt_for_line
from ilocal.terminal.status import print_status
from ilocal.terminal.text_width import clip_to_width

if TYPE_CHECKING:
    from ilocal.cli.session import Session

MAX_CANDIDATES = 10  # events
_MAX_SORTED_CANDIDATES = 200  # events of which the newest are offered
_MAX_TITLE_COLUMNS = 60  # of a title, so that the id behind it is seen


def find_events(session: Session, handles: Sequence[str], *, can_ask: bool = True) -> list[Event]:
    """Return the events that handles name, each once.

    Words that are not handles individually are combined: `phỏng vấn`. At a terminal, the user picks from the candidates
    of an ambiguous handle, unless `can_ask` is false. Raises HandleError, with candidates.
    """
    try:
        found = [session.find_event_by_handle_argument(handle) for handle in handles]
    except HandleError as error:
        if len(handles) == 1:
            found = choose_candidates(session, handles[0], error, can_ask=can_ask)
        else:
            found = _find_event_by_handle_words(session, handles, error, can_ask=can_ask)
    return list({event.id: event for event in found}.values())


def find_events_to_change(session: Session, handles: Sequence[str], *, can_ask: bool = True) -> list[Event]:
    """Return the events that handles name, as `find_events`, if accents that are typed are those of their titles.

    Raises HandleError, with the event that may be meant, for other accents.
    """
    found = find_events(session, handles, can_ask=can_ask)
    for event in found:
        if words := _find_misspelled_words(event, handles):
            message = _('"{words}" has other accents than the title', words=make_text_safe(" ".join(words)))
            error = HandleError(message, hint=_("if this event is meant, type its id:"))
            error.choices = [format_handle_candidate(session, event)]
            raise error
    return found


def _find_misspelled_words(event: Event, handles: Sequence[str]) -> list[str]:
    """Return the words of handles that the event's title has with other accents only."""
    from ilocal.model.search_terms import find_words_with_other_accents
    from ilocal.model.text_folding import normalize_words

    words = [word for handle in handles for word in handle.split()]
    return [word for word in words if find_words_with_other_accents(event, normalize_words(word))]


def find_named_event(session: Session, words: Sequence[str]) -> Event:
    """Return the one event that words name together, picked at a terminal. Raises HandleError, with candidates."""
    handle = " ".join(words)
    try:
        return session.find_event_by_handle_argument(handle)
    except HandleError as error:
        return choose_candidates(session, handle, error, is_single=True)[0]


def choose_candidates(
    session: Session, handle: str, error: HandleError, *, can_ask: bool = True, is_single: bool = False
) -> list[Event]:
    """Return the events that the user at a terminal picks from the candidates of an ambiguous handle.

    Raises the error, with candidates, if the user cannot be asked or nothing matches the handle.
    """
    if not error.candidate_ids or not can_ask or not is_interactive():
        raise add_handle_candidates(session, handle, error) from None
    print_status(error.message)
    found = _fetch_newest_candidates(session, error.candidate_ids)
    return _pick_from_list(session, found, len(error.candidate_ids), is_single=is_single)


def _fetch_newest_candidates(session: Session, ids: Sequence[str]) -> list[Event]:
    """Return as many of the events as are offered, newest first and undated ones last."""
    found = map(session.registry.find, ids[:_MAX_SORTED_CANDIDATES])

    def place(event: Event) -> tuple[bool, int]:
        return event.start is not None, 0 if event.start is None else date_sort_key(event.start)

    return sorted(found, key=place, reverse=True)[:MAX_CANDIDATES]


def _find_event_by_handle_words(
    session: Session, words: Sequence[str], error: HandleError, *, can_ask: bool
) -> list[Event]:
    """Return the event that all words name together, or what is picked; else raise `error`, of a single word."""
    together = " ".join(words)
    named = {word: id for word in words if (id := _find_id_of_handle(session, word))}
    wrong = [word for word in words if word not in named]
    if any(word == id for word, id in named.items()):  # who writes ids writes no title
        raise add_handle_candidates(session, wrong[0], error)
    try:
        return [session.registry.find(together)]
    except EventNotFound as unknown:
        if not named:
            raise add_handle_candidates(session, together, unknown) from None
        raise add_handle_candidates(session, wrong[0], error) from None
    except HandleError as ambiguous:
        return choose_candidates(session, together, ambiguous, can_ask=can_ask)


def _find_id_of_handle(session: Session, word: str) -> str:
    """Return the id of the event that a word names; "" if it names none, or several."""
    try:
        return session.registry.find(word).id
    except HandleError:
        return ""


def add_handle_candidates(session: Session, handle: str, error: HandleError) -> HandleError:
    """Return the error with candidate events, each with its dates, title and id."""
    found = _fetch_newest_candidates(session, error.candidate_ids)
    hint = error.hint
    if isinstance(error, EventNotFound) and is_row_number(handle):
        return error.with_hint(
            _("numbers count the rows of a list; type words of the title, or an id: ilocal list -f ids")
        )
    if isinstance(error, EventNotFound):
        found = suggest_events_for_handle(session, handle)
        hint = _("did you mean:") if found else hint
    other = error.with_hint(hint)
    if found:
        more = format_shown_count(len(found), len(error.candidate_ids))
        other.choices = [*(format_handle_candidate(session, event) for event in found), *more]
    return other


def format_shown_count(shown: int, total: int) -> list[str]:
    """Return a line that says how many of the candidates are shown; no line if all are."""
    return [_("… {n} of {total}; type more words", n=shown, total=format_number(total))] if total > shown else []


def format_handle_candidate(session: Session, event: Event) -> str:
    """Return a line with the dates, the title and the id of an event."""
    when = describe_period_of_event(event.start, event.end, translate_label("undated", session.lang))
    title = clip_to_width(escape_single_line(event.title), _MAX_TITLE_COLUMNS)
    return f"{when}  {title}  ({make_text_safe(event.id)})"


def suggest_events_for_handle(session: Session, text: str) -> list[Event]:
    """Return events whose texts contain the words of `text`, or words with that prefix, or similar ones."""
    from ilocal.model.search_terms import parse_search_term

    words = text.split()
    with suppress(IlocalError):  # a text without words
        for terms in (
            [parse_search_term(word, session.registry.info.aliases) for word in words],
            [parse_search_term(f"{word.rstrip('*')}*", {}) for word in words],
        ):
            if found := _select_handle_candidates(session, Query(terms=tuple(terms))):
                return found
        if near := session.registry.suggestions.correct_words(text):
            return _select_handle_candidates(session, Query(terms=(parse_search_term(near, {}),)))
    return []


def _select_handle_candidates(session: Session, query: Query) -> list[Event]:
    """Return the newest answers, as many as are offered."""
    return list(session.registry.select(replace(query, is_descending=True, limit=MAX_CANDIDATES)))


# ------------------------------------------------------------------------------------------------------------- picking


def ask_user_for_handles(session: Session, hint: str, *, is_single: bool = False) -> list[Event]:
    """Let the user at the terminal pick events from a list, by number, or by words that narrow it.

    Raises UsageError with `hint` if the user cannot be asked, and typer.Exit if nothing is picked.
    """
    if not is_interactive():
        raise UsageError(_("the event is missing"), hint=hint)
    shown = _select_first_handle_choices(session)
    if not shown:
        raise UsageError(translate_label("no events", session.lang), hint=_("to add an event, run: ilocal add"))
    return _pick_from_list(session, shown, len(session.registry), is_single=is_single)


def _pick_from_list(session: Session, shown: list[Event], total: int, *, is_single: bool) -> list[Event]:
    """Let the user pick from `shown`, the first of `total` events. Raises typer.Exit if nothing is picked."""
    question = _("Number of the event, or words to search for (Enter: none): ")
    while True:
        for n, event in enumerate(shown, 1):
            print_status(f"{n:>2}  {format_handle_candidate(session, event)}")
        for line in format_shown_count(len(shown), total):
            print_status(f"    {line}")
        answer = prompt_for_line(question, [event.title for event in shown]).strip()
        if not answer:
            print_status(_("no event was picked"))
            raise typer.Exit(130)
        picked = _ask_for_handle_number(shown, answer)
        if picked and (len(picked) == 1 or not is_single):
            return picked
        found, count = ([], 0) if picked else _find_choices(session, answer)
        if len(found) == 1:
            return found
        if not found:
            print_status(_("pick only one event") if picked else _("no event matches these words"))
        shown, total = (found, count) if found else (shown, total)


def _select_first_handle_choices(session: Session) -> list[Event]:
    """Return the events that are running or coming, soonest first, then the last ones."""
    coming = Query(not_over_before=session.today, limit=MAX_CANDIDATES)
    found = [event for event in session.registry.select(coming) if event.start is not None]
    latest = _select_handle_candidates(session, Query())
    return list({event.id: event for event in (*found, *latest)}.values())[:MAX_CANDIDATES]


def _ask_for_handle_number(shown: Sequence[Event], answer: str) -> list[Event]:
    numbers = answer.replace(",", " ").split()
    if not all(number.isdecimal() and 1 <= int(number) <= len(shown) for number in numbers):
        return []
    return [shown[int(number) - 1] for number in dict.fromkeys(numbers)]


def _find_choices(session: Session, answer: str) -> tuple[list[Event], int]:
    """Return the event that a handle names, those that it may name, or those near it; and how many there are."""
    try:
        return [session.registry.find(answer)], 1
    except EventNotFound:
        near = suggest_events_for_handle(session, answer)
        return near, len(near)
    except HandleError as error:
        return _fetch_newest_candidates(session, error.candidate_ids), len(error.candidate_ids)
