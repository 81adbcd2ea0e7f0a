"""Characters that no screen shows: whoever reads the text does not see what a program reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any
from unicodedata import name

from ilocal.checks.base import aliases_table, doubt, head_line, own_table
from ilocal.errors import Problem
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import safe, unsafe
from ilocal.model.serialization import to_plain
from ilocal.storage.loader import Registry

CODES = ("invisible-character",)
_MOST_NAMED = 3


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for source in registry.sources:
        for table in (own_table(source), aliases_table(source)):
            for key, letters in invisible(table).items():
                line = head_line(source, key)
                yield Problem(line, unseen(letters), safe(key), "warning", file=source.file, code=CODES[0])
    for event in registry.events.values():
        for field, letters in invisible(to_plain(event)).items():
            found = doubt(registry, event, field, unseen(letters), CODES[0])
            yield replace(found, field=safe(field))


def unseen(letters: Sequence[str]) -> str:
    """`an invisible character, U+200B ZERO WIDTH SPACE`, or several."""
    control = _("control character")
    names = [f"U+{ord(letter):04X} {name(letter, control)}" for letter in letters]
    more = len(names) - _MOST_NAMED
    said = [_("an invisible character") if len(names) == 1 else _("invisible characters"), *names[:_MOST_NAMED]]
    return ", ".join([*said, n_("and {n} more", "and {n} more", more)] if more > 0 else said)


def invisible(table: Mapping[str, Any]) -> dict[str, list[str]]:
    """The keys of a table in which, or below which, there are characters that no screen shows."""
    texts = {key: "\n".join([key, *_texts(value)]) for key, value in table.items()}
    return {key: letters for key, text in texts.items() if (letters := unsafe(text))}


def _texts(value: Any) -> Iterator[str]:
    """All text in a value, the keys of tables as well."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in chain(value, value.values()) if isinstance(value, dict) else value:
            yield from _texts(inner)
