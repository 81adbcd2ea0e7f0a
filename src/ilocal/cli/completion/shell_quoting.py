"""Words of a command line with a shell's quotes, and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SPECIAL_CHARACTERS = frozenset(" \t\\'\"$`&|;<>()*?[]{}!#~^")  # have a meaning to a shell somewhere in a word
_DOUBLE_QUOTE_SPECIAL_CHARACTERS = frozenset('\\"$`')  # the same between double quotes


@dataclass
class ShellWord:
    """A word as typed, and its meaning; `open_quote` is the quote still open at its end, from `quote_position`."""

    raw: str = ""
    text: str = ""
    open_quote: str = ""
    quote_position: int = 0


def split_shell_words(line: str) -> list[ShellWord]:
    """Return the words of a line; the last one is being typed, and may be empty."""
    found = [ShellWord()]
    letters = iter(line)
    for letter in letters:
        word = found[-1]
        if not word.open_quote and letter in " \t\n":
            if word.raw:
                found.append(ShellWord())
            continue
        _extend_shell_word(word, letter, letters)
    return found


def _extend_shell_word(word: ShellWord, letter: str, letters: Iterator[str]) -> None:
    """Extend a word by a letter, or by two if the first is a backslash."""
    word.raw += letter
    if letter == "\\" and word.open_quote != "'":
        after = next(letters, "")
        word.raw += after
        word.text += after if not word.open_quote or after in _DOUBLE_QUOTE_SPECIAL_CHARACTERS else letter + after
    elif letter == word.open_quote:
        word.open_quote = ""
    elif letter in "'\"" and not word.open_quote:
        word.open_quote, word.quote_position = letter, len(word.raw) - 1
    else:
        word.text += letter


def quote_completion_for_shell(text: str, quote: str) -> str:
    """Return a text as it is typed, outside of quotes or after an open one."""
    if quote == "'":
        return text.replace("'", "'\\''")
    special = _DOUBLE_QUOTE_SPECIAL_CHARACTERS if quote else _SPECIAL_CHARACTERS
    return "".join(f"\\{letter}" if letter in special else letter for letter in text)
