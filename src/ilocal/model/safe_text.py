"""Text made safe to show: control and bidirectional characters are escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from unicodedata import normalize

# What a terminal obeys or does not show: C0 (but line feed and tab), DEL and C1; the line and paragraph separators;
# halves of surrogate pairs and noncharacters; and what Unicode calls Bidi_Control, Default_Ignorable_Code_Point (soft
# hyphen, zero-width blanks, fillers, invisible operators, selectors, tags) and interlinear annotation.
_UNSAFE_CHARACTERS = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
# Text of these alone is safe, which is seen sooner: ASCII, Latin letters and their marks, typographic signs.
_SAFE_TEXT = re.compile("[\t\n -~\xa0-\xac\xae-\u034e\u0350-\u061b\u1e00-\u1fff\u2010-\u2027\u2030-\u205f]*")
# Some of the unsafe do their work after certain characters, and there they are text. Joiners: after letters and marks
# from Arabic to Mongolian (Persian, the scripts of India), and after emoji. Selectors: after symbols and the digits of
# keycaps, and the ideographic ones after ideographs.
_EMOJI = "\u203c-\u3299\U0001f000-\U0001faff"
_JOINER_CONTEXT = f"[\u0620-\u18af\ua800-\uabff{_EMOJI}]"
_SELECTOR_CONTEXT = f"[#*0-9\xa9\xae{_EMOJI}]"
_IDEOGRAPH = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"


@cache
def compile_pattern(text: str) -> re.Pattern[str]:
    """Return a regular expression, compiled on first use, which most commands never reach."""
    return re.compile(text)


def _is_safe_in_context(found: re.Match[str]) -> bool:
    """Return whether a character that may be unsafe is legitimate after the one before it."""
    letter, before = found.group(), found.string[max(found.start() - 2, 0) : found.start()]
    if letter in "\u200c\u200d":
        wanted = _JOINER_CONTEXT
        if before.endswith("\ufe0f"):  # the variation selector of an emoji may come between
            wanted, before = _SELECTOR_CONTEXT, before[:-1]
    else:
        wanted = _SELECTOR_CONTEXT if letter <= "\ufe0f" else _IDEOGRAPH
        if not ("\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"):
            return False
    last = before[-1:]
    return compile_pattern(wanted).match(last) is not None and not compile_pattern(_UNSAFE_CHARACTERS).match(last)


def _escape_unsafe_character_of_text(found: re.Match[str]) -> str:
    code = ord(found.group())
    return (
        found.group()
        if _is_safe_in_context(found)
        else f"\\x{code:02x}"
        if code < 0x100
        else _escape_unsafe_character_in_toml(found)
    )


def _escape_unsafe_character_in_toml(found: re.Match[str]) -> str:
    code = ord(found.group())
    return found.group() if _is_safe_in_context(found) else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escape_unsafe_character_in_json(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    return found.group() if _is_safe_in_context(found) else "".join(f"\\u{pair}" for pair in pairs)


def _escape_unsafe_characters_with(text: str, escape: Callable[[re.Match[str]], str]) -> str:
    return text if _SAFE_TEXT.fullmatch(text) else compile_pattern(_UNSAFE_CHARACTERS).sub(escape, text)


def make_text_safe(text: str) -> str:
    r"""Return `text` with every control, directional and invisible character made visible (`\x1b`, `\u200b`).

    Line feeds and tabs stay, and so do joiners and selectors where they are legitimate.
    """
    return (
        text
        if _SAFE_TEXT.fullmatch(text)
        else compile_pattern(_UNSAFE_CHARACTERS).sub(_escape_unsafe_character_of_text, text)
    )  # for every cell of a table


def list_unsafe_characters_of_text(text: str) -> list[str]:
    """Return the characters of `text` that `make_text_safe` would make visible, each once."""
    if _SAFE_TEXT.fullmatch(text):
        return []
    return list(
        dict.fromkeys(
            found.group()
            for found in compile_pattern(_UNSAFE_CHARACTERS).finditer(text)
            if not _is_safe_in_context(found)
        )
    )


def escape_toml(text: str) -> str:
    r"""Return TOML source with unsafe characters as `\uXXXX`, which parses to the same values.

    Only for source in which such characters occur only in strings, and not in those in single quotes.
    """
    return _escape_unsafe_characters_with(text, _escape_unsafe_character_in_toml)


def escape_json(text: str) -> str:
    r"""Return JSON source with unsafe characters as `\uXXXX`, in pairs beyond the first 65,536 characters."""
    return _escape_unsafe_characters_with(text, _escape_unsafe_character_in_json)


def collapse_whitespace(text: str) -> str:
    """Return `text` composed (NFC), with every run of white space as one space; it is not yet safe to show."""
    return " ".join(normalize("NFC", text).split())


def escape_single_line(text: str) -> str:
    """Return `text` for one line of a screen: composed, safe, every run of white space as one space."""
    return make_text_safe(collapse_whitespace(text))


def escape_message(text: str) -> str:
    """Return `text` for use in a one-line message: safe, with visible line breaks and tabs."""
    return make_text_safe(text).replace("\n", "\\n").replace("\t", "\\t")
