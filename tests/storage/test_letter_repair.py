"""Letters that only look Vietnamese: named by `check`, fixed by `fmt --letters`, and nothing else is changed."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ilocal.storage.letter_repair import repair_letters_in_registry_file, repair_letters_in_toml_table
from ilocal.storage.toml.document import parse_document
from ilocal.storage.toml.event_editor import is_same_toml_value
from tests.support.cli import Ilocal
from tests.support.strategies import registry_texts

WRONG = """\
# Ðây là sổ của chúng tôi.
[[event]] # Ðầu tiên
id = "2020-ð"
title   =  "Hội thảo tại Ðà Nẵng"   # Ðà Nẵng
start = 2020-02-20
organizers = [
  "Bộ LÐTBXH", # Ðúng
  'Sigurðsson',
]
url = "https://vi.example/Ðà"
description = \"\"\"
Dòng\\tmột\\nÐổi mới \\
  n\u01a3ớc\"\"\"
"ghi chú" = "Ðà"

[[event.section]]
heading = "Hô\u0323i nghi\u0323"
body = '''Ðường'''

[event.translations.en]
title = "In Ðà Nẵng"

[[event.override]]
recurrence_id = 2020-02-20
location = "Ðà Lạt"
"""
RIGHT = """\
# Ðây là sổ của chúng tôi.
[[event]] # Ðầu tiên
id = "2020-ð"
title   =  "Hội thảo tại Đà Nẵng"   # Ðà Nẵng
start = 2020-02-20
organizers = [
  "Bộ LĐTBXH", # Ðúng
  'Sigurðsson',
]
url = "https://vi.example/Ðà"
description = \"\"\"
Dòng\\tmột\\nĐổi mới \\
  nước\"\"\"
"ghi chú" = "Ðà"

[[event.section]]
heading = "Hội nghị"
body = '''Đường'''

[event.translations.en]
title = "In Đà Nẵng"

[[event.override]]
recurrence_id = 2020-02-20
location = "Đà Lạt"
"""


def test_check_names_each_field_with_its_line(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(WRONG, encoding="utf-8")
    eth = "Ð (U+00D0 LATIN CAPITAL LETTER ETH) is used instead of Đ"
    assert ilocal("check", "--skip", "unknown-key", "--skip", "empty-series").out == (
        f'events.toml:4: title: "Ðà": {eth}; to fix this, run: ilocal fmt --letters\n'
        f'events.toml:6: organizers: "LÐTBXH": {eth}; to fix this, run: ilocal fmt --letters\n'
        f'events.toml:11: description: "Ðổi", "nƣớc": {eth}, ƣ (U+01A3 LATIN SMALL LETTER OI) is used instead of ư;'
        " to fix this, run: ilocal fmt --letters\n"
        f'events.toml:16: section: "Ðường": {eth}; to fix this, run: ilocal fmt --letters\n'
        'events.toml:16: section: "Hội", "nghị": accents are separate characters; to combine them with their letters, run: ilocal fmt --letters\n'
        f'events.toml:20: translations: "Ðà": {eth}; to fix this, run: ilocal fmt --letters\n'
        f'events.toml:23: override: "Ðà": {eth}; to fix this, run: ilocal fmt --letters\n'
    )


def test_fmt_letters_changes_letters_in_texts_and_no_other_byte(ilocal: Ilocal) -> None:
    path = Path("events.toml")
    for newline in ("\n", "\r\n"):
        wrong, right = (text.replace("\n", newline).encode() for text in (WRONG, RIGHT))
        path.write_bytes(wrong)
        assert ilocal("fmt", "--letters", "--check") == (1, "", "events.toml: letters would be fixed\n")
        assert path.read_bytes() == wrong
        assert ilocal("fmt", "--letters") == (0, "", "events.toml: letters fixed; to undo, run: ilocal undo\n")
        assert path.read_bytes() == right
        assert ilocal("fmt", "--letters") == (0, "", "all letters are correct\n")
        assert ilocal("fmt", "--letters", "--check") == (0, "", "all letters are correct\n")
        assert ilocal("undo").code == 0
        assert path.read_bytes() == wrong


def test_the_difference_is_shown(ilocal: Ilocal) -> None:
    Path("events.toml").write_text('[[event]]\nid = "a"\ntitle = "Ðà"\n', encoding="utf-8")
    assert ilocal("fmt", "--letters", "--diff") == (
        0,
        '--- events.toml\n+++ events.toml\n@@ -1,3 +1,3 @@\n [[event]]\n id = "a"\n-title = "Ðà"\n+title = "Đà"\n',
        "events.toml: letters would be fixed\n",
    )


def test_letters_written_as_escapes_are_repaired_by_writing_their_value_anew() -> None:
    source = '[[event]]\ntitle = "\\u00d0à"  # one\nlocation = "Ðà" # two\n'
    assert repair_letters_in_registry_file("f.toml", source.encode()).decode() == (
        '[[event]]\ntitle = "Đà"  # one\nlocation = "Đà" # two\n'
    )


def test_an_event_that_cannot_be_read_stays_and_the_others_are_repaired() -> None:
    broken = '[[event]]\ntitle = "Ðà\n\n'
    source = f'{broken}[[event]]\ntitle = "Ðà"\n'
    assert repair_letters_in_registry_file("f.toml", source.encode()).decode() == f'{broken}[[event]]\ntitle = "Đà"\n'


@given(registry_texts(), st.sampled_from(["Ð", "\u0189", "D\u0336"]))
def test_the_tables_of_events_say_what_is_meant_and_all_else_is_the_same(text: str, letter: str) -> None:
    data = text.replace("Đ", letter).encode()
    before, after = parse_document(data), parse_document(repair_letters_in_registry_file("f.toml", data))
    assert [piece.is_event for piece in before.blocks] == [piece.is_event for piece in after.blocks]
    assert is_same_toml_value(before.metadata, after.metadata)
    for old, new in zip(before.blocks, after.blocks, strict=True):
        if old.table is None or new.table is None:
            assert before.get_block_text(old) == after.get_block_text(new)
        else:
            assert is_same_toml_value(repair_letters_in_toml_table(old.table), new.table) or before.get_block_text(
                old
            ) == after.get_block_text(new)
