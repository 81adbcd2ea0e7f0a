"""Legacy Vietnamese encodings: TCVN3 (.VnTime), VNI (VNI-Times) and VISCII.

Their fonts show letters of Western Europe as Vietnamese ones, so that without the font `Hội thảo` is `Héi th¶o` in
TCVN3 and `Hoäi thaûo` in VNI. Such text comes as bytes, or as Unicode text with those Western letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import normalize

LEGACY_ENCODINGS = ("tcvn3", "vni", "viscii")

_TCVN3_LETTERS = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
# VNI puts a mark after the letter: the combining characters that each mark stands for. Capitals have capital marks.
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _CIRCUMFLEX, _BREVE = "\u0301\u0300\u0309\u0303\u0323\u0302\u0306"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT, "â": _CIRCUMFLEX,
    "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE,
    "ä": _CIRCUMFLEX + _DOT, "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = dict(zip("ñôöíìæóòîÑÔÖÍÌÆÓÒÎ", "đơưíìỉĩịỵĐƠƯÍÌỈĨỊỴ", strict=True))
_VNI_SEQUENCE = re.compile(
    f"[aeouyôöAEOUYÔÖ][{''.join(_VNI_MARKS)}{''.join(_VNI_MARKS).upper()}]|[{''.join(_VNI_LETTERS)}]"
)
_VISCII_HIGH_HALF = (  # RFC 1456: from 0x80
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}

_WORD = re.compile(r"[^\s\x21-\x40\x5b-\x60\x7b-\x7e“”‘’–—…•]+")
_TONES = re.compile(f"[{_ACUTE}{_GRAVE}{_HOOK}{_TILDE}{_DOT}]")
_SYLLABLE = re.compile(
    "(?:ngh?|nh|th|tr|ch|kh|ph|gh|gi|qu|[bcdđghklmnprstvx])?"
    "(?:uyê|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iêu|yêu|uya|uyu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|ơi|oo"
    "|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])(?:ng|nh|ch|[cmnpt])?"
)
_MIN_LEGACY_WORDS, _MIN_LEGACY_SHARE = 2, 0.8
_SAMPLE_CHARACTERS = 20_000  # enough of a text to detect its encoding


def is_legacy_vietnamese_encoding(name: str) -> bool:
    """Return whether a name is that of an encoding which Python does not know and this module does."""
    return name.lower() in LEGACY_ENCODINGS


def decode_legacy_vietnamese(data: bytes, encoding: str) -> str:
    """Return bytes in an old encoding as text; also those that a program saved as UTF-8 letter by letter."""
    try:
        return convert_legacy_vietnamese_letters(data.decode("utf-8"), encoding)
    except UnicodeDecodeError:
        pass
    if encoding.lower() == "viscii":
        return "".join(map(_decode_vietnamese_letter_of_viscii, data))
    return convert_legacy_vietnamese_letters("".join(map(_decode_western_letter_of_vietnamese, data)), encoding)


def convert_legacy_vietnamese_letters(text: str, encoding: str) -> str:
    """Return text in Western letters converted to the Vietnamese that a legacy font showed, line by line.

    A line with a letter that no legacy font has is already Unicode and stays unchanged.
    """
    convert = _CONVERTERS[encoding.lower()]
    return "".join(line if _has_unicode_letter(line) else convert(line) for line in text.splitlines(keepends=True))


def recognize_legacy_vietnamese(text: str) -> str:
    """Return the legacy encoding that a text seems to be in; "" if none."""
    sample = text[:_SAMPLE_CHARACTERS]
    if sample.isascii():
        return ""
    words = {word for word in _WORD.findall(sample) if len(word) > 2 and not word.isascii() and not _is_syllable(word)}
    counts = {name: _count_syllables(words, name) for name in LEGACY_ENCODINGS}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= max(_MIN_LEGACY_WORDS, _MIN_LEGACY_SHARE * len(words)) else ""


def _count_syllables(words: set[str], encoding: str) -> int:
    """Return how many of `words`, none of which is Vietnamese, are Vietnamese after conversion from an encoding."""
    convert = _CONVERTERS[encoding]
    return sum(not _has_unicode_letter(word) and _is_syllable(convert(word)) for word in words)


def _is_syllable(word: str) -> bool:
    bare = normalize("NFC", _TONES.sub("", normalize("NFD", word.lower())))
    return _SYLLABLE.fullmatch(bare) is not None


def _has_unicode_letter(text: str) -> bool:
    """Return whether the text has a letter that windows-1252 lacks."""
    return any(letter > "\xff" and letter.isalpha() and letter not in "ŒœŠšŸŽžƒˆ" for letter in text)


def _decode_western_letter_of_vietnamese(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def _decode_vietnamese_letter_of_viscii(code: int) -> str:
    return _VISCII_HIGH_HALF[code - 0x80] if code >= 0x80 else _VISCII_LOW.get(code, chr(code))


def _convert_vietnamese_from_viscii(text: str) -> str:
    codes = (letter.encode("cp1252", "ignore") or letter.encode("latin-1", "ignore") for letter in text)
    return "".join(
        _decode_vietnamese_letter_of_viscii(code[0]) if code else letter
        for letter, code in zip(text, codes, strict=True)
    )


def _convert_vietnamese_from_vni(text: str) -> str:
    return normalize("NFC", _VNI_SEQUENCE.sub(_replace_vietnamese_letter_of_vni, text))


def _replace_vietnamese_letter_of_vni(found: re.Match[str]) -> str:
    letter = _VNI_LETTERS.get(found[0][0], found[0][0])
    return letter + _VNI_MARKS[found[0][1].lower()] if len(found[0]) > 1 else letter


def _convert_vietnamese_from_tcvn3(text: str) -> str:
    """Convert letters. A font of capitals shows the small ones as capitals, so that the plain letters decide."""
    plain = re.sub("[^A-Za-z]", "", text)
    if len(plain) > 1 and plain.isupper():
        return text.translate(_TCVN3_LETTERS).upper()
    return _WORD.sub(_convert_vietnamese_word_from_tcvn3, text)


def _convert_vietnamese_word_from_tcvn3(found: re.Match[str]) -> str:
    word = found[0].translate(_TCVN3_LETTERS)
    plain = re.sub("[^A-Za-z]", "", found[0])
    return word.upper() if len(plain) > 1 and plain.isupper() else word


_CONVERTERS: dict[str, Callable[[str], str]] = {
    "tcvn3": _convert_vietnamese_from_tcvn3,
    "vni": _convert_vietnamese_from_vni,
    "viscii": _convert_vietnamese_from_viscii,
}
