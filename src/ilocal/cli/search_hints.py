"""Hints for words that no event has: how a search reads them, dates among them, and similar words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from ilocal.cli.free_arguments import is_span_argument
from ilocal.cli.session import Session
from ilocal.errors import DateError, IlocalError, RegistryError
from ilocal.i18n.messages import _, current_language
from ilocal.model.fields import SEARCHABLE_FIELDS, find_field, name_event_field
from ilocal.model.query import Query
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.model.search_terms import parse_search_term
from ilocal.terminal.status import print_status

_OPERATORS = ("OR", "AND", "NOT", "|", "||", "&&")  # of other programs
_FIELD_PREFIX = re.compile(r"(?P<name>[^\W\d][\w -]*):(?!//)\s*(?P<rest>\S.*)")


def print_search_hints(session: Session, texts: Sequence[str]) -> None:
    """Print why a search may have found nothing, one hint a line; `texts` are its arguments."""
    rest = [text for text in texts if not _print_hint_of_text(session, text)]
    if len(rest) == len(texts):
        _print_phrase_hint(session, texts)
    _print_near_words(session, rest)


def _print_hint_of_text(session: Session, text: str) -> bool:
    """Print how a text is read that looks like an operator, a field, a span or a date; return whether it does."""
    hints = (_describe_operator(text), _describe_unknown_field(text), _describe_date_word(session, text))
    for hint in filter(None, hints):
        print_status(hint)
        return True
    return False


def _describe_operator(text: str) -> str:
    """Return how an operator of other programs is read: as a word."""
    found = next((word for word in text.split() if word in _OPERATORS), "")
    if not found:
        return ""
    if found == "NOT":
        return _('"NOT" is searched as a word; to leave out events with a word: --not WORD')
    return _(
        '"{word}" is searched as a word, and an event must contain all words; for either word, ask twice', word=found
    )


def _describe_unknown_field(text: str) -> str:
    """Return which name before a colon is not a field that can be searched."""
    found = _FIELD_PREFIX.fullmatch(text)
    field = find_field(found["name"].strip()) if found else ""
    if found is None or field in SEARCHABLE_FIELDS:
        return ""
    shown = {"name": make_text_safe(found["name"]), "text": make_text_safe(text)}
    if field:
        return _('"{name}:" cannot be searched; for dates: --on, --month, --year, --from and --to', **shown)
    names = ", ".join(name_event_field(name, current_language()) for name in SEARCHABLE_FIELDS)
    return _('there is no field "{name}", so "{text}" is searched as words; fields are {names}', names=names, **shown)


def _describe_date_word(session: Session, text: str) -> str:
    """Return how to ask for a date or a span of time that is searched as a word: `feb`, `30d`."""
    shown = make_text_safe(text)
    if is_span_argument(text):
        return _('"{text}" is searched as a word; for so many days from today: ilocal upcoming {text}', text=shown)
    try:
        session.parse_certain_period(text)
    except DateError as error:
        if error.reason and not text.isdecimal():
            return _('"{text}" is searched as a word; as a date, {reason}', text=shown, reason=error.reason)
    return ""


def _print_phrase_hint(session: Session, texts: Sequence[str]) -> None:
    """Print how to find the words of a phrase apart, if an event has all of them."""
    words = [word for text in texts for word in text.split()]
    if len(words) == len(texts) or any(":" in word for word in words):
        return
    with suppress(IlocalError):  # a text without words
        terms = tuple(parse_search_term(word, session.registry.info.aliases) for word in words)
        if any(True for _event in session.registry.select(Query(terms=terms, limit=1))):
            shown = make_text_safe(" ".join(words))
            print_status(
                _("each quoted text is a phrase; to find its words anywhere: ilocal search {words}", words=shown)
            )


def _print_near_words(session: Session, texts: Sequence[str]) -> None:
    """Suggest words of the registry for texts without a match: for all together, or one by one."""
    together = " ".join(texts)
    if len(texts) > 1 and ":" not in together:
        with suppress(RegistryError):
            if near := session.registry.suggestions.correct_words(together):
                print_status(_("did you mean {name}?", name=f'"{escape_single_line(near)}"'))
                return
    for text in texts:
        head, colon, rest = text.partition(":")
        words = rest if colon and rest.strip() else text
        with suppress(RegistryError):
            near = session.registry.suggestions.correct_words(words)
            if near and near.casefold() != words.strip().casefold():
                prefix = f"{head}:" if words is rest else ""
                print_status(_("did you mean {name}?", name=f'"{escape_single_line(prefix + near)}"'))


def print_date_words_hint(texts: Sequence[str]) -> None:
    """Print how to search a text as words that was read as a date."""
    for text in texts:
        if not any(map(str.isdecimal, text)):  # `mai` is tomorrow, and a name
            shown = make_text_safe(text)
            print_status(
                _('"{text}" was read as a date; to search for the word, run: ilocal search {text}', text=shown)
            )
