"""Text as search sees it: words without case or accents, Vietnamese included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

from ilocal.model.safe_text import compile_pattern

# Letters and digits with the marks on them: Latin ones, and the vowels and tones of Thai, Lao, Burmese and Khmer.
_WORD_PATTERN = re.compile(
    "(?:[^\\W_][\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3]*)+"
)
_COMBINING_MARK = re.compile("[\u0300-\u036f]")
_TONE_MARKS = frozenset("\u0300\u0301\u0303\u0309\u0323")  # huyền, sắc, ngã, hỏi, nặng
_VOWELS = frozenset("aeiouy")


# Substitutes of Vietnamese letters in old fonts and converted files: eth, the African d and d with a bar over it for
# đ, the letter oi for ư, a caron for the breve of ă. In lower case, with letters and marks separated.
_LOOKALIKES = (
    ("\u00f0", "đ"), ("\u0256", "đ"), ("d\u0335", "đ"), ("d\u0336", "đ"), ("\u01a3", "u\u031b"),
    ("a\u030c", "a\u0306"),
)  # fmt: skip


def decompose_text(text: str) -> str:
    """Return text in lower case with letters and marks separated, and look-alike letters replaced by Vietnamese ones.

    Folding case can compose letters again, so it is normalized twice.
    """
    found = normalize("NFKD", normalize("NFKD", text).casefold())
    if not found.isascii():
        for wrong, right in _LOOKALIKES:
            found = found.replace(wrong, right)
    return found


def _strip_marks(letters: str) -> str:
    return _COMBINING_MARK.sub("", letters).replace("đ", "d")


def strip_accents(text: str) -> str:
    """Return `text` in lower case and without accents; all other characters stay."""
    return _strip_marks(decompose_text(text))


def extract_word_forms(word: str) -> tuple[str, str]:
    """Return a word of decomposed text with its marks, the tone last, and without marks; i and y as written."""
    tone = "".join(sorted(letter for letter in word if letter in _TONE_MARKS))
    base = "".join(letter for letter in word if letter not in _TONE_MARKS)
    return base + tone, _strip_marks(base)


def fold_word_without_tone(marked: str) -> tuple[str, str]:
    """Return the marked spelling of a word without its tone, and the tone."""
    base = marked.rstrip("".join(_TONE_MARKS))
    return base, marked[len(base) :]


def list_spelling_variants(marked: str) -> list[str]:
    """Return all ways in which a word with this marked spelling may be written in decomposed text."""
    base, tone = fold_word_without_tone(marked)
    ways = []
    for word in {base, base[:-1] + "y"} if base.endswith("i") else {base}:
        ways += [normalize("NFKD", word[:at] + tone + word[at:]) for at in range(1, len(word) + 1)] if tone else [word]
    return ways


@lru_cache(maxsize=1 << 16)
def normalize_word(word: str) -> tuple[str, str]:
    """Return the marked and the plain spelling of a word of decomposed text; they are equal if it has no marks."""
    marked, plain = extract_word_forms(word)
    # y and i are one letter after a consonant (`kỳ`), after qu (`quý`) and alone (`y tế`), but not in `tay`, `thúy`.
    if plain.endswith("y") and (plain[-2:-1] not in _VOWELS or plain.endswith("quy")):
        plain = plain[:-1] + "i"
        base, tone = fold_word_without_tone(marked)
        marked = base[:-1] + "i" + tone if base.endswith("y") else marked
    return marked, plain


def split_words(text: str) -> list[str]:
    """Return the words of `text`, in lower case, with letters and marks separated."""
    return _WORD_PATTERN.findall(decompose_text(text))


def normalize_words(text: str) -> list[tuple[str, str]]:
    """Return the words of `text` in order, each as (marked, plain)."""
    return [normalize_word(word) for word in split_words(text)]


def find_word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each word in `text`."""
    origin: list[int] = []  # of each letter and mark
    for at, character in enumerate(text):
        origin += [at] * len(decompose_text(character))
    for found in _WORD_PATTERN.finditer("".join(map(decompose_text, text))):
        yield origin[found.start()], origin[found.end() - 1] + 1


def fold_text(text: str) -> str:
    """Return `text` for comparisons that ignore case, accents and punctuation: its plain words, joined by spaces."""
    if compile_pattern(_VIETNAMESE_TEXT).fullmatch(text):  # the same, only sooner
        bare = normalize("NFD", text).lower().replace("đ", "d").encode("ascii", "ignore").decode()
        plain = " ".join(
            compile_pattern("[a-z0-9]+").findall(
                compile_pattern(_Y_WRITTEN_FOR_I).sub("i", bare) if "y" in bare else bare
            )
        )
    else:
        plain = " ".join([plain for _, plain in normalize_words(text)])
    return plain or text.strip()  # only punctuation, which has no case


def slugify_words(text: str) -> list[str]:
    """Return the words of `text` in ASCII letters and digits, for an id (`kỳ` stays `ky`)."""
    found = map(_strip_marks, split_words(text))
    return [word for raw in found if (word := re.sub("[^a-z0-9]", "", raw))]


# FTS5 (`unicode61 remove_diacritics 2`) folds text of these letters as we do, once đ is d; a test
# tries them all. So the words of most events need not be folded in Python to be indexed.
_FTS5_COMPATIBLE_TEXT = (
    "[\t\n -~\u00a0-\u00a9\u00ab-\u00b1\u00b4-\u00b8\u00bb\u00bf-\u00cf\u00d1-\u00de\u00e0-\u00ef\u00f1-\u0131"
    "\u0134-\u013e\u0141-\u0148"
    "\u014a-\u017e\u01a0\u01a1\u01af\u01b0\u0300-\u0303\u0306\u0309\u031b\u0323\u1ea0-\u1ef9\u2010-\u2027"
    "\u2030-\u203a\u20ab]*"
)
# The letters of Vietnamese and ASCII: without their marks, which are all that is not ASCII, they are plain.
_VIETNAMESE_TEXT = "[\t\n -~À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ\u0300-\u0303\u0306\u0309\u031b\u0323]*"
_Y_WRITTEN_FOR_I = r"(?:(?<![aeiouy])|(?<=qu))y(?![^\W_])"  # where `spell` takes y for i


def fold_text_with_vowels(text: str) -> str:
    """Return the words of `text` in a form that FTS5 folds correctly; i and y as written, or both as i."""
    if compile_pattern(_FTS5_COMPATIBLE_TEXT).fullmatch(text):
        return text.replace("đ", "d").replace("Đ", "D")
    return " ".join([plain for _, plain in normalize_words(text)])
