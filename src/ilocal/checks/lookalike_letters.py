"""Letters that look like Vietnamese ones and are others, which sort, search and print as something else elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from unicodedata import name

from ilocal.checks.base import make_check_warning
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _, n_
from ilocal.model.lookalike_letters import Misspelling, find_words_with_lookalike_letters
from ilocal.model.safe_text import escape_single_line
from ilocal.storage.letter_repair import list_texts_in_toml_table
from ilocal.storage.loader import ParsedRegistry

CODES = ("lookalike-letter", "separate-accent")
_MAX_NAMED_WORDS = 3


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for event in registry.events.values():
        block = registry.locations[event.id].block
        for field, text in list_texts_in_toml_table(block.table or {}):
            found = find_words_with_lookalike_letters(text)
            if wrong := [one for one in found if one.letters]:
                yield make_check_warning(registry, event, field, warn_of_lookalike_letters(wrong), CODES[0])
            if apart := [one for one in found if not one.letters]:
                yield make_check_warning(registry, event, field, warn_of_decomposed_accents(apart), CODES[1])


def warn_of_lookalike_letters(found: Sequence[Misspelling]) -> str:
    """Return a sentence that names the words and the letters in them that are others than they seem."""
    letters = dict(pair for one in found for pair in one.letters)
    reasons = [
        _(
            "{letter} ({code}) is used instead of {right}",
            letter=escape_single_line(wrong),
            code=_list_code_points_for_warning(wrong),
            right=right,
        )
        for wrong, right in letters.items()
    ]
    return _(
        "{words}: {letters}; to fix this, run: ilocal fmt --letters",
        words=_quote_suspicious_words(found),
        letters=", ".join(reasons),
    )


def warn_of_decomposed_accents(found: Sequence[Misspelling]) -> str:
    """Return a sentence that lists words whose accents are separate characters."""
    return _(
        "{words}: accents are separate characters; to combine them with their letters, run: ilocal fmt --letters",
        words=_quote_suspicious_words(found),
    )


def _quote_suspicious_words(found: Sequence[Misspelling]) -> str:
    more = len(found) - _MAX_NAMED_WORDS
    named = [f'"{escape_single_line(one.word)}"' for one in found[:_MAX_NAMED_WORDS]]
    return ", ".join([*named, n_("and {n} more", "and {n} more", more)] if more > 0 else named)


def _list_code_points_for_warning(letters: str) -> str:
    return " + ".join(f"U+{ord(letter):04X} {name(letter)}" for letter in letters)
