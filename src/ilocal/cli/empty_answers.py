"""Messages for empty results: which names no event has, and similar ones."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from ilocal.cli.filters import Filters, split_filter_names
from ilocal.cli.session import Session
from ilocal.errors import RegistryError
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import _, current_language, format_number
from ilocal.model.query import has_name
from ilocal.model.query_builder import FIELDS_BY_NAME_FILTER, build_query_names
from ilocal.model.safe_text import escape_single_line, make_text_safe
from ilocal.model.similar_names import find_nearest_names
from ilocal.model.value_labels import translate_value
from ilocal.terminal.status import print_status


def print_empty_answer(session: Session, filters: Filters) -> None:
    """Report that no event matches, and for each unknown name the most similar known ones."""
    if not len(session.registry):
        print_status(translate_label("no events", current_language()))
        print_status(_("add one with: ilocal add"))
        return
    print_status(translate_label("none match", current_language()))
    print_near_names(session, filters)


def print_near_names(session: Session, filters: Filters) -> None:
    """Report the most similar known names for each name in the filters that no event has."""
    for name, typed in split_filter_names(session, filters).items():
        field = FIELDS_BY_NAME_FILTER[name]
        for text in typed if field not in ("status", "language") else ():
            counts = session.registry.count_names(field)
            meant = build_query_names({name: [text]}, lambda: session.registry.info)[0][1]
            if any(has_name(field, known, meant) for known in counts):
                continue
            near = [_format_counted_name(field, known, counts[known]) for known in find_nearest_names(text, counts)]
            what = {"option": f"--{name}", "name": make_text_safe(text)}
            if near:
                print_status(_('{option}: no event has "{name}"; near it: {names}', names=", ".join(near), **what))
            else:
                print_status(_('{option}: no event has "{name}"', **what))


def _format_counted_name(field: str, name: str, n: int) -> str:
    return f"{escape_single_line(translate_value(field, name, current_language()))} ({format_number(n)})"


def print_near_words(session: Session, texts: Sequence[str]) -> None:
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
            print_status(_('"{text}" is a date here; to search for the word: ilocal search {text}', text=shown))
