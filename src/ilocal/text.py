"""Words as search sees them, and text made safe to show.

A word has two spellings. The *marked* one keeps what Vietnamese distinguishes (â, đ, ơ, the five tones) but not what it
does not: case, composed or decomposed letters, where in the syllable the tone stands (`thuỷ`, `thủy`), and i or y where
either may be written (`kì`, `kỳ`). The *plain* one drops the marks too, for those who type without them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from unicodedata import normalize

# Letters and digits with the marks on them: Latin ones, and the vowels and tones of Thai, Lao, Burmese and Khmer.
_WORD = re.compile(
    "(?:[^\\W_][\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3]*)+"
)
_MARK = re.compile("[\u0300-\u036f]")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # huyền, sắc, ngã, hỏi, nặng
_VOWELS = frozenset("aeiouy")

# What a terminal obeys or does not show: C0 (but line feed and tab), DEL and C1; the line and paragraph separators;
# halves of surrogate pairs and noncharacters; and what Unicode calls Bidi_Control, Default_Ignorable_Code_Point (soft
# hyphen, zero-width blanks, fillers, invisible operators, selectors, tags) and interlinear annotation.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
# Text of these alone is safe, which is seen sooner: ASCII, Latin letters and their marks, typographic signs.
_SAFE = re.compile("[\t\n -~\xa0-\xac\xae-\u034e\u0350-\u061b\u1e00-\u1fff\u2010-\u2027\u2030-\u205f]*")
# Some of the unsafe do their work after certain characters, and there they are text. Joiners: after letters and marks
# from Arabic to Mongolian (Persian, the scripts of India), and after emoji. Selectors: after symbols and the digits of
# keycaps, and the ideographic ones after ideographs.
_EMOJI = "\u203c-\u3299\U0001f000-\U0001faff"
_JOINED = f"[\u0620-\u18af\ua800-\uabff{_EMOJI}]"
_SELECTED = f"[#*0-9\xa9\xae{_EMOJI}]"
_IDEOGRAPH = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"


def apart(text: str) -> str:
    """Letters and their marks apart, without case. Folding case can compose letters anew, hence twice."""
    return normalize("NFKD", normalize("NFKD", text).casefold())


def _bare(letters: str) -> str:
    return _MARK.sub("", letters).replace("đ", "d")


def unmarked(text: str) -> str:
    """`text` in lower case and without accents; everything else as it is."""
    return _bare(apart(text))


def letters(word: str) -> tuple[str, str]:
    """A word of `parted` text with its marks, the tone last, and without; i and y as they were written."""
    tone = "".join(sorted(letter for letter in word if letter in _TONES))
    base = "".join(letter for letter in word if letter not in _TONES)
    return base + tone, _bare(base)


def split_tone(marked: str) -> tuple[str, str]:
    """The marked spelling of a word, without its tone, and the tone."""
    base = marked.rstrip("".join(_TONES))
    return base, marked[len(base) :]


def written(marked: str) -> list[str]:
    """Every way in which a word with this marked spelling may stand in the letters of a text (`apart`)."""
    base, tone = split_tone(marked)
    ways = []
    for word in {base, base[:-1] + "y"} if base.endswith("i") else {base}:
        ways += [normalize("NFKD", word[:at] + tone + word[at:]) for at in range(1, len(word) + 1)] if tone else [word]
    return ways


@lru_cache(maxsize=1 << 16)
def spell(word: str) -> tuple[str, str]:
    """The marked and the plain spelling of a word of `parted` text; they are the same when it has no marks."""
    marked, plain = letters(word)
    # y and i are one letter after a consonant (`kỳ`), after qu (`quý`) and alone (`y tế`), but not in `tay`, `thúy`.
    if plain.endswith("y") and (plain[-2:-1] not in _VOWELS or plain.endswith("quy")):
        plain = plain[:-1] + "i"
        base, tone = split_tone(marked)
        marked = base[:-1] + "i" + tone if base.endswith("y") else marked
    return marked, plain


def parted(text: str) -> list[str]:
    """The words of `text`, in lower case, letters and marks apart."""
    return _WORD.findall(apart(text))


def words(text: str) -> list[tuple[str, str]]:
    """The words of `text` in order, each as (marked, plain)."""
    return [spell(word) for word in parted(text)]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where in `text` each of its words begins and ends."""
    origin: list[int] = []  # of each letter and mark
    for at, character in enumerate(text):
        origin += [at] * len(apart(character))
    for found in _WORD.finditer("".join(map(apart, text))):
        yield origin[found.start()], origin[found.end() - 1] + 1


def fold(text: str) -> str:
    """`text` as compared where case, accents and punctuation do not matter: its plain words, one blank between."""
    if compile_pattern(_VIETNAMESE).fullmatch(text):  # the same, only sooner
        bare = normalize("NFD", text).lower().replace("đ", "d").encode("ascii", "ignore").decode()
        plain = " ".join(
            compile_pattern("[a-z0-9]+").findall(compile_pattern(_AS_I).sub("i", bare) if "y" in bare else bare)
        )
    else:
        plain = " ".join([plain for _, plain in words(text)])
    return plain or text.strip().casefold()


def slug(text: str) -> list[str]:
    """The words of `text` in ASCII letters and digits, for an id (`kỳ` stays `ky`)."""
    found = map(_bare, parted(text))
    return [word for raw in found if (word := re.sub("[^a-z0-9]", "", raw))]


# Text of these letters alone means to FTS5 (`unicode61 remove_diacritics 2`) what it means here, once đ is d; a test
# tries them all. So the words of most events need not be folded in Python to be indexed.
_AS_FTS5 = (
    "[\t\n -~\u00a0-\u00a9\u00ab-\u00b1\u00b4-\u00b8\u00bb\u00bf-\u00de\u00e0-\u0131\u0134-\u013e\u0141-\u0148"
    "\u014a-\u017e\u01a0\u01a1\u01af\u01b0\u0300-\u0303\u0306\u0309\u031b\u0323\u1ea0-\u1ef9\u2010-\u2027"
    "\u2030-\u203a\u20ab]*"
)
# The letters of Vietnamese and ASCII: without their marks, which are all that is not ASCII, they are plain.
_VIETNAMESE = "[\t\n -~À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ\u0300-\u0303\u0306\u0309\u031b\u0323]*"
_AS_I = r"(?:(?<![aeiouy])|(?<=qu))y(?![^\W_])"  # where `spell` takes y for i


@cache
def compile_pattern(text: str) -> re.Pattern[str]:
    """A pattern that is compiled when it is first used, which most questions never do."""
    return re.compile(text)


def for_index(text: str) -> str:
    """The words of `text` as FTS5 may fold them; i and y as they were written, or both as i."""
    if compile_pattern(_AS_FTS5).fullmatch(text):
        return text.replace("đ", "d").replace("Đ", "D")
    return " ".join([plain for _, plain in words(text)])


def _is_text(found: re.Match[str]) -> bool:
    """Whether a character that may be unsafe belongs to the one before it, which is none of them."""
    letter, before = found.group(), found.string[max(found.start() - 2, 0) : found.start()]
    if letter in "\u200c\u200d":
        wanted = _JOINED
        if before.endswith("\ufe0f"):  # the selector of an emoji may stand between
            wanted, before = _SELECTED, before[:-1]
    else:
        wanted = _SELECTED if letter <= "\ufe0f" else _IDEOGRAPH
        if not ("\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"):
            return False
    last = before[-1:]
    return compile_pattern(wanted).match(last) is not None and not compile_pattern(_UNSAFE).match(last)


def _visible(found: re.Match[str]) -> str:
    code = ord(found.group())
    return found.group() if _is_text(found) else f"\\x{code:02x}" if code < 0x100 else _in_toml(found)


def _in_toml(found: re.Match[str]) -> str:
    code = ord(found.group())
    return found.group() if _is_text(found) else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _in_json(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    return found.group() if _is_text(found) else "".join(f"\\u{pair}" for pair in pairs)


def _with(text: str, written: Callable[[re.Match[str]], str]) -> str:
    return text if _SAFE.fullmatch(text) else compile_pattern(_UNSAFE).sub(written, text)


def safe(text: str) -> str:
    """`text` with every control, directional and invisible character made visible (`\\x1b`, `\\u200b`).

    Line feeds and tabs stay, and so do joiners and selectors where they belong.
    """
    return text if _SAFE.fullmatch(text) else compile_pattern(_UNSAFE).sub(_visible, text)  # for every cell of a table


def unsafe(text: str) -> list[str]:
    """The characters of `text` that `safe` makes visible, each once."""
    if _SAFE.fullmatch(text):
        return []
    return list(
        dict.fromkeys(found.group() for found in compile_pattern(_UNSAFE).finditer(text) if not _is_text(found))
    )


def escaped(text: str) -> str:
    """TOML source with such characters as `\\uXXXX`, which reads back as the same characters.

    Only for source in which they can stand in strings alone, and those not between single quotes.
    """
    return _with(text, _in_toml)


def json_escaped(text: str) -> str:
    """The same for JSON, which has pairs of `\\uXXXX` beyond the first 65,536 characters."""
    return _with(text, _in_json)


def one_line(text: str) -> str:
    """`text` composed, every run of white space one blank; not yet safe to show."""
    return " ".join(normalize("NFC", text).split())


def shown(text: str) -> str:
    """`text` for one line of a screen: composed, safe, every run of white space one blank."""
    return safe(one_line(text))


def message(text: str) -> str:
    """`text` for one line of a message, in which names and words of others stand: safe, breaks and tabs visible."""
    return safe(text).replace("\n", "\\n").replace("\t", "\\t")
