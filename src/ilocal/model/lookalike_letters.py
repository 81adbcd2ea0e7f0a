"""Letters that look like Vietnamese ones but are different, and the letters they stand for.

Old fonts and converters wrote đ as eth (U+00D0), as the African d (U+0189) or as a d with a bar laid over it, ư as the
letter oi (U+01A3), and accents as separate characters, as windows-1258 has them, sometimes in an order that no program
composes. A letter is reported only if it is unambiguous: Icelandic and English phonetics have eth too.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import normalize

_SHAPES = "\u0302\u0306\u031b"  # circumflex, breve, horn: part of the letter
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below: the tone
_BARS = "\u0335\u0336"
_SUSPECT_PATTERN = re.compile("[\u00d0\u00f0\u0189\u0256\u01a2\u01a3\u0300-\u036f]")
_WORD_PATTERN = re.compile("(?:[^\\W\\d_][\u0300-\u036f]*)+")
_LETTER_PATTERN = re.compile("[^\\W\\d_][\u0300-\u036f]*")
_BARRED_D_PATTERN = re.compile(f"([Dd])[{_BARS}]")
_RIGHT_LETTERS = {
    "\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ", "\u0256": "đ", "\u01a2": "Ư", "\u01a3": "ư"
}  # fmt: skip
_D_LOOKALIKES = "\u00d0\u0189\u00f0\u0256"
_VOWELS = frozenset("aeiouy")
_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyzđ")


class Misspelling(NamedTuple):
    """A word with look-alike letters, and its correct spelling."""

    word: str
    right: str
    letters: tuple[tuple[str, str], ...]  # each wrong letter and what it stands for; empty if only marks are separate


def find_words_with_lookalike_letters(text: str) -> list[Misspelling]:
    """Return the words of `text` that have look-alike letters, each once, in order."""
    if not _SUSPECT_PATTERN.search(text):
        return []
    found = {}
    for match in _WORD_PATTERN.finditer(text):
        word, right = match.group(), _replace_lookalike_letters_in_word(match)
        if right != word:
            found[word] = Misspelling(word, right, _find_lookalike_letters_in_word(word, right))
    return list(found.values())


def replace_lookalike_letters(text: str) -> str:
    """Return `text` with look-alike letters replaced by the letters they stand for."""
    return _WORD_PATTERN.sub(_replace_lookalike_letters_in_word, text) if _SUSPECT_PATTERN.search(text) else text


def _replace_lookalike_letters_in_word(found: re.Match[str]) -> str:
    word = _LETTER_PATTERN.sub(lambda cluster: _compose_letter(cluster.group()), found.group())
    bases = _get_base_letters(word)
    if not set(bases.lower()) - {*map(str.lower, _RIGHT_LETTERS)} <= _ALPHABET:
        return word
    if len(_BARRED_D_PATTERN.findall(word)) == sum(word.count(bar) for bar in _BARS):  # or all of it is struck out
        word = _BARRED_D_PATTERN.sub(lambda barred: "Đ" if barred[1] == "D" else "đ", word)
    after_digit = found.string[found.start() - 1 : found.start()].isdigit()
    letters = [*re.findall(_LETTER_PATTERN, word)]
    for at, letter in enumerate(letters):
        is_wrong = letter[0] not in _D_LOOKALIKES or _is_d_stroke(bases, at, after_digit=after_digit)
        if letter[0] in _RIGHT_LETTERS and is_wrong:
            letters[at] = normalize("NFC", _RIGHT_LETTERS[letter[0]] + letter[1:])
    return "".join(letters)


def _compose_letter(cluster: str) -> str:
    """Return a letter and its marks, in any order, as one composed character if there is one."""
    parts = normalize("NFD", cluster)
    tones = [mark for mark in parts[1:] if mark in _TONES]
    if len(tones) == 1 and all(mark in _TONES + _SHAPES for mark in parts[1:]):
        parts = "".join(letter for letter in parts if letter not in _TONES) + tones[0]
    composed = normalize("NFC", parts)
    return composed if len(composed) == 1 or len(composed) < len(cluster) else normalize("NFC", cluster)


def _get_base_letters(word: str) -> str:
    """Return the letters of a word without their marks."""
    return "".join(normalize("NFD", cluster)[0] for cluster in _LETTER_PATTERN.findall(word))


def _is_d_stroke(bases: str, at: int, *, after_digit: bool) -> bool:
    """Return whether an eth at this position of a word can only be đ, which begins a syllable.

    In capitals it may also be inside an abbreviation (LĐTE); Icelandic has a vowel before its eth.
    """
    if bases.isupper():
        return not _VOWELS & set(bases[:at].lower())
    if at:
        return False
    following = bases[1:2].lower()
    return bases[0].isupper() or following in _VOWELS or (after_digit and not following)  # 5000đ


def _find_lookalike_letters_in_word(word: str, right: str) -> tuple[tuple[str, str], ...]:
    """Return the letters of a word that its correct spelling lacks, each once, with the letters they stand for."""
    pairs = [(letter, _RIGHT_LETTERS[letter]) for letter in word if letter in _RIGHT_LETTERS and letter not in right]
    if not any(bar in right for bar in _BARS):
        pairs += [(barred.group(), "Đ" if barred[1] == "D" else "đ") for barred in _BARRED_D_PATTERN.finditer(word)]
    return tuple(dict.fromkeys(pairs))
