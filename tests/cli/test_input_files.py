"""Files that are read: their encoding, what is wrong with them, and nothing written over them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.registry import VIETNAMESE_HEAD, read_stored_events


def test_what_is_read_is_never_written_over(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("title\nA\n", encoding="utf-8")
    assert ilocal("import", "a.csv", "--rejects", "a.csv").code == 2
    assert Path("a.csv").read_text(encoding="utf-8") == "title\nA\n"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "a.csv:1: the file is empty"),
        (b"\xef\xbb\xbf\r\n", "a.csv:1: the file is empty"),
        (b"title,start\nA,2020\nB\n", "a.csv:3: the row has 1 cells, but the header has 2 columns"),
        (b"title,start\nA,2020,x\n", "a.csv:2: the row has 3 cells, but the header has 2 columns"),
        (b"title,Title\nA,B\n", "a.csv:1: two columns have the name title"),
        (b"title,x,X\nA,B,C\n", "a.csv:1: two columns have the name x"),
        (b"title\nA\0\n", "a.csv:2: the text contains a NUL character"),
        (b"title\nH\xf2p\n", "a.csv:2: not UTF-8 text (byte 0xf2)"),
        (b"PK\x03\x04\x14", "a.csv: the workbook is damaged and cannot be read: File is not a zip file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a.csv: the workbook is damaged and cannot be read: Cannot detect file format",
        ),
        (b"\xff\xfet", "a.csv:1: not utf-16 text"),
        (b'title\n"A\n', "a.csv:2: not valid CSV: unexpected end of data"),
        (b"Subject,Subject,Start Date\nA,B,2020-01-01\n", "a.csv:1: two columns have the name Subject"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(process: Ilocal, registry: Path, data: bytes, error: str) -> None:
    before = registry.read_bytes()
    (registry.parent / "a.csv").write_bytes(data)
    result = process("import", "--update", "a.csv")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[0] == f"ilocal: {error}"
    assert registry.read_bytes() == before


@pytest.mark.parametrize("data", [b"title\nH\xf2p\n", b"\xff\xfet"])
def test_only_where_there_is_an_option_for_encodings_a_hint_names_it(
    process: Ilocal, registry: Path, data: bytes
) -> None:
    (registry.parent / "a.csv").write_bytes(data)
    hint = 'hint: save the file as UTF-8 (a workbook as "CSV UTF-8"), or specify the encoding with --encoding'
    assert process("import", "a.csv").err.splitlines()[1:] == [hint]
    refused = process("add", "--jsonl", "a.csv")
    assert (refused.code, "--encoding" in refused.err) == (2, False)


def test_vietnamese_windows_letters_are_composed(ilocal: Ilocal, registry: Path) -> None:
    text = unicodedata.normalize("NFC", "Thủy sản, gỗ và đường")
    registry.write_text(VIETNAMESE_HEAD, encoding="utf-8")
    tones = {ord(tone): None for tone in "\u0300\u0301\u0303\u0309\u0323"}
    apart = "".join(  # tones apart, as that code page has them
        unicodedata.normalize("NFC", letters.translate(tones)) + "".join(tone for tone in letters if ord(tone) in tones)
        for letters in (unicodedata.normalize("NFD", letter) for letter in text)
    )
    Path("a.csv").write_bytes(f'title,start\n"{apart}",2020\n'.encode("cp1258"))
    assert ilocal("import", "a.csv", "--encoding", "windows-1258").code == 0
    assert read_stored_events(ilocal)[0]["title"] == text
