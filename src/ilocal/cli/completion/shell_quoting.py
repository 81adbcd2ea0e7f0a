"""Words of a command line with a shell's quotes, and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SPECIAL = frozenset(" \t\\'\"$`&|;<>()*?[]{}!#~^")  # what has a meaning to a shell, somewhere in a word
_IN_DOUBLE = frozenset('\\"$`')  # the same between double quotes


@dataclass
class Word:
    """A word as it stands in a line, and what it says; `quote` is the one that is open at its end, begun at `at`."""

    raw: str = ""
    text: str = ""
    quote: str = ""
    at: int = 0


def split(line: str) -> list[Word]:
    """The words of a line; the last one is where somebody types, and may be empty."""
    found = [Word()]
    letters = iter(line)
    for letter in letters:
        word = found[-1]
        if not word.quote and letter in " \t\n":
            if word.raw:
                found.append(Word())
            continue
        _take(word, letter, letters)
    return found


def _take(word: Word, letter: str, letters: Iterator[str]) -> None:
    """Let a word go on by a letter, or by two, where the first is a backslash."""
    word.raw += letter
    if letter == "\\" and word.quote != "'":
        after = next(letters, "")
        word.raw += after
        word.text += after if not word.quote or after in _IN_DOUBLE else letter + after
    elif letter == word.quote:
        word.quote = ""
    elif letter in "'\"" and not word.quote:
        word.quote, word.at = letter, len(word.raw) - 1
    else:
        word.text += letter


def quoted(text: str, quote: str) -> str:
    """A text as it is typed, outside of quotes or after one that is open."""
    if quote == "'":
        return text.replace("'", "'\\''")
    special = _IN_DOUBLE if quote else _SPECIAL
    return "".join(f"\\{letter}" if letter in special else letter for letter in text)
