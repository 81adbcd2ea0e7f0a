"""Text made safe to show: every control and format character visible, all other text as it is."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.event import Event
from ilocal.model.safe_text import (
    escape_json,
    escape_single_line,
    escape_toml,
    list_unsafe_characters_of_text,
    make_text_safe,
)
from ilocal.storage.toml.event_writer import format_event_block as block_of
from tests.support.hostile_text import is_dangerous
from tests.support.registry import parse_registry


@given(st.text(st.characters(exclude_categories=[])))
def test_safe_text_has_no_control_or_directional_character(text: str) -> None:
    allowed = {"\n", "\t"}
    for letter in make_text_safe(text):
        assert letter in allowed or unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(letter) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def test_what_is_unsafe_is_made_visible() -> None:
    assert make_text_safe("a\x1b[31m\u009b\u202eb\r") == "a\\x1b[31m\\x9b\\u202eb\\x0d"
    assert escape_toml("\x85\u2066") == "\\u0085\\u2066"
    assert escape_single_line("  a\n\tb\x00 ") == "a b\\x00"


@pytest.mark.promise("P17")
def test_every_character_that_unicode_calls_a_control_or_a_format_is_made_visible() -> None:
    left = [
        f"U+{code:04X}"
        for code in range(0x110000)
        if is_dangerous(chr(code), "a") and make_text_safe("a" + chr(code))[-1] == chr(code)
    ]
    assert left == ["U+0009", "U+000A"] + [  # what is seen
        f"U+{code:04X}" for code in range(0x13430, 0x13440) if is_dangerous(chr(code), "a")
    ]  # fmt: skip


@pytest.mark.promise("P17")
def test_what_is_ignored_when_drawn_is_made_visible() -> None:
    hidden = "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200e\u200f\u2060\u2064\u206a\u206f\u3164\ufeff\uffa0\ufff9\ufffb"
    hidden += "\U0001d173\U0001d17a\U000e0001\U000e007f\ufdd0\ufffe\U0001ffff\U0010ffff\u200c\u200d\ufe0f\U000e0100"
    assert [f"{ord(letter):x}" for letter in hidden if letter in make_text_safe(f"a{letter}")] == []
    assert make_text_safe("a\U000e0041b\u200b") == "a\\U000e0041b\\u200b"
    assert list_unsafe_characters_of_text("a\u200bb\u200b\x1b") == ["\u200b", "\x1b"]


@pytest.mark.promise("P17")
@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d💻",
        "🏳️\u200d🌈",
        "❤️",
        "1️⃣",
        "©️",
        "نامه\u200cای",
        "क्\u200dष",
        "葛\U000e0100",
        "Hà Nội",
        "Ho\u0323p",
        "Z\u0351\u036ba",
        "a\n\tb",
        "“x” – …",
    ],
)
def test_text_of_every_script_and_emoji_stay_as_they_are(text: str) -> None:
    assert (make_text_safe(text), escape_toml(text), escape_json(text)) == (text, text, text)


SOME = st.text(
    st.sampled_from("a1é\u200b\u200c\u200d\ufe0f\ufe00\U000e0100\U000e0041👩क❤\u2060葛\u180b\u1820\x1b\\\n")
    | st.characters()
)


@pytest.mark.promise("P17")
@given(SOME)
def test_what_is_safe_stays_as_it_is_and_has_nothing_unsafe(text: str) -> None:
    assert make_text_safe(make_text_safe(text)) == make_text_safe(text)
    assert list_unsafe_characters_of_text(make_text_safe(text)) == []
    assert (make_text_safe(text) == text) == (list_unsafe_characters_of_text(text) == [])


@pytest.mark.promise("P17")
@given(st.text(st.characters(exclude_categories=["Cs"])) | SOME.filter(lambda text: text.isprintable()))
def test_source_with_escapes_reads_back_and_is_safe(text: str) -> None:
    source = escape_json(json.dumps({text: text}, ensure_ascii=False))
    assert (json.loads(source), make_text_safe(source)) == ({text: text}, source)
    if text.strip():
        event = Event(text, topics=(text,), description=text, extra={"k" + text: {text: text}})
        assert next(iter(parse_registry(block_of(event)).events.values())).extra == event.extra
        assert make_text_safe(block_of(event)) == block_of(event)
