"""Invisible characters, which programs read but people do not see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any
from unicodedata import name

from ilocal.checks.base import (
    find_checked_key_line,
    get_aliases_to_check,
    get_metadata_to_check,
    make_check_warning,
)
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import list_unsafe_characters_of_text, make_text_safe
from ilocal.model.serialization import event_to_dict
from ilocal.storage.loader import ParsedRegistry

CODES = ("invisible-character",)
_MAX_NAMED_CHARACTERS = 3


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for source in registry.files:
        for table in (get_metadata_to_check(source), get_aliases_to_check(source)):
            for key, letters in check_table_for_invisible_characters(table).items():
                line = find_checked_key_line(source, key)
                yield Diagnostic(
                    line,
                    describe_invisible_characters_for_check(letters),
                    make_text_safe(key),
                    "warning",
                    file=source.file,
                    code=CODES[0],
                )
    for event in registry.events.values():
        for field, letters in check_table_for_invisible_characters(event_to_dict(event)).items():
            found = make_check_warning(
                registry, event, field, describe_invisible_characters_for_check(letters), CODES[0]
            )
            yield replace(found, field=make_text_safe(field))


def describe_invisible_characters_for_check(letters: Sequence[str]) -> str:
    """Return a description such as `an invisible character, U+200B ZERO WIDTH SPACE`."""
    control = _("control character")
    names = [f"U+{ord(letter):04X} {name(letter, control)}" for letter in letters]
    more = len(names) - _MAX_NAMED_CHARACTERS
    said = [
        _("an invisible character") if len(names) == 1 else _("invisible characters"),
        *names[:_MAX_NAMED_CHARACTERS],
    ]
    return ", ".join([*said, n_("and {n} more", "and {n} more", more)] if more > 0 else said)


def check_table_for_invisible_characters(table: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the invisible characters in a table by key, including those in nested values."""
    texts = {key: "\n".join([key, *_iterate_texts(value)]) for key, value in table.items()}
    return {key: letters for key, text in texts.items() if (letters := list_unsafe_characters_of_text(text))}


def _iterate_texts(value: Any) -> Iterator[str]:
    """Yield all text in a value, including the keys of tables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in chain(value, value.values()) if isinstance(value, dict) else value:
            yield from _iterate_texts(inner)
