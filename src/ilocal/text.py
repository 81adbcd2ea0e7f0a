"""Words as search sees them, and text made safe to show.

A word has two spellings. The *marked* one keeps what Vietnamese distinguishes (â, đ, ơ, the five tones) but not what it
does not: case, composed or decomposed letters, where in the syllable the tone stands (`thuỷ`, `thủy`), and i or y where
either may be written (`kì`, `kỳ`). The *plain* one drops the marks too, for those who type without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_MARK = re.compile(r"[\u0300-\u036f]+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # huyền, sắc, ngã, hỏi, nặng
_VOWELS = frozenset("aeiouy")

# C0 (but line feed and tab), DEL and C1 controls; directional marks, embeddings and isolates; line and paragraph
# separators, the byte-order mark, and halves of surrogate pairs.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def _letters(text: str) -> str:
    """Letters and their marks apart, without case. Folding case can compose letters anew, hence twice."""
    return normalize("NFKD", normalize("NFKD", text).casefold())


def _bare(letters: str) -> str:
    return _MARK.sub("", letters).replace("đ", "d")


def unmarked(text: str) -> str:
    """`text` in lower case and without accents; everything else as it is."""
    return _bare(_letters(text))


def letters(word: str) -> tuple[str, str]:
    """The word's letters with their marks, the tone last, and without; i and y as they were written."""
    found = "".join(letter for letter in _letters(word) if letter.isalnum() or _MARK.match(letter))
    tone = "".join(sorted(letter for letter in found if letter in _TONES))
    base = "".join(letter for letter in found if letter not in _TONES)
    return base + tone, _bare(base)


def split_tone(marked: str) -> tuple[str, str]:
    """The marked spelling of a word, without its tone, and the tone."""
    base = marked.rstrip("".join(_TONES))
    return base, marked[len(base) :]


@lru_cache(maxsize=1 << 16)
def spell(word: str) -> tuple[str, str]:
    """The marked and the plain spelling of one word; they are the same when it has no marks."""
    marked, plain = letters(word)
    # y and i are one letter after a consonant (`kỳ`), after qu (`quý`) and alone (`y tế`), but not in `tay`, `thúy`.
    if plain.endswith("y") and (plain[-2:-1] not in _VOWELS or plain.endswith("quy")):
        plain = plain[:-1] + "i"
        base, tone = split_tone(marked)
        marked = base[:-1] + "i" + tone if base.endswith("y") else marked
    return marked, plain


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of `text` begins and ends. Composed text (NFC) is wanted."""
    return (found.span() for found in _WORD.finditer(text))


def words(text: str) -> list[tuple[str, str]]:
    """The words of `text` in order, each as (marked, plain)."""
    return [spell(word) for word in _WORD.findall(normalize("NFC", text))]


def fold(text: str) -> str:
    """`text` as compared where case, accents and punctuation do not matter: its plain words, one blank between."""
    return " ".join(plain for _, plain in words(text)) or text.strip().casefold()


def slug(text: str) -> list[str]:
    """The words of `text` in ASCII letters and digits, for an id (`kỳ` stays `ky`)."""
    found = (unmarked(word) for word in _WORD.findall(normalize("NFC", text)))
    return [word for raw in found if (word := re.sub("[^a-z0-9]", "", raw))]


def _visible(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def safe(text: str) -> str:
    """`text` with every control and directional character made visible (`\\x1b`); line feeds and tabs stay."""
    return _UNSAFE.sub(_visible, text)


def escaped(text: str) -> str:
    """JSON or TOML source with such characters as `\\uXXXX`, which both read back as the same characters.

    Only for source in which they can stand in strings alone.
    """
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def shown(text: str) -> str:
    """`text` for one line of a screen: composed, safe, every run of white space one blank."""
    return safe(" ".join(normalize("NFC", text).split()))
