"""Vietnamese of old fonts: read as what the font showed, and told where it is not said."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.model.legacy_vietnamese import (
    convert_legacy_vietnamese_letters,
    decode_legacy_vietnamese,
    recognize_legacy_vietnamese,
)
from tests.support.cli import Ilocal

UNICODE = "Hội thảo kỹ thuật về lao động trẻ em tại Hà Nội, thứ Bảy"
TCVN3 = "Héi th¶o kü thuËt vÒ lao ®éng trÎ em t¹i Hµ Néi, thø B¶y"
VNI = "Hoäi thaûo kyõ thuaät veà lao ñoäng treû em taïi Haø Noäi, thöù Baûy"
VISCII = bytes.fromhex("48b56920 7468e46f")  # as RFC 1456 has it


@pytest.mark.parametrize(("text", "encoding"), [(TCVN3, "tcvn3"), (VNI, "vni")])
def test_old_letters_are_what_their_font_showed(text: str, encoding: str) -> None:
    assert convert_legacy_vietnamese_letters(text, encoding) == UNICODE
    assert decode_legacy_vietnamese(text.encode("cp1252"), encoding) == UNICODE
    assert decode_legacy_vietnamese(text.encode(), encoding) == UNICODE
    assert recognize_legacy_vietnamese(text) == encoding


def test_viscii_is_read() -> None:
    assert decode_legacy_vietnamese(VISCII, "viscii") == "Hội thảo"


def test_capitals_of_a_font_of_capitals() -> None:
    assert convert_legacy_vietnamese_letters("HéI TH¶O LAO §éNG", "tcvn3") == "HỘI THẢO LAO ĐỘNG"
    assert convert_legacy_vietnamese_letters("Häp ILO", "tcvn3") == "Họp ILO"
    assert convert_legacy_vietnamese_letters("HOÄI THAÛO", "vni") == "HỘI THẢO"


@pytest.mark.parametrize(
    "text", [UNICODE, "Café résumé façade", "Straße in München", "à la carte", "25 °C ± 1 µm", "", "Họp"]
)
def test_other_text_is_left_alone(text: str) -> None:
    assert recognize_legacy_vietnamese(text) == ""


def test_text_that_is_unicode_already_stays() -> None:
    assert convert_legacy_vietnamese_letters(UNICODE, "tcvn3") == UNICODE


def test_a_table_in_an_old_font_is_told_and_read(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_bytes(f"title,start\n{TCVN3.replace(',', '')},2020-03-01\n".encode("cp1252"))
    result = ilocal("--lang", "en", "import", "a.csv")
    assert (result.code, result.err) == (
        2,
        "ilocal: a.csv:2: not UTF-8 text (byte 0xe9)\n"
        "hint: the file looks like Vietnamese in an old font; use --encoding tcvn3\n",
    )
    assert ilocal("import", "a.csv", "--encoding", "tcvn3").out.startswith("new 2020-hoi-thao-ky-thuat")
