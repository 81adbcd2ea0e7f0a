"""Words as search sees them, and text made safe."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.text_folding import (
    _FTS5_COMPATIBLE_TEXT,
    decompose_text,
    find_word_spans,
    fold_text,
    fold_text_with_vowels,
    fold_word_without_tone,
    list_spelling_variants,
    normalize_word,
    normalize_words,
    slugify_words,
    split_words,
)
from tests.support.strategies import LETTERS, VOCABULARY

# Two ways to write the same word: placing of tones, i and y, case, composed or not.
SAME = [
    ("thuỷ", "thủy"), ("hoà", "hòa"), ("kì", "kỳ"), ("quí", "quý"), ("Mĩ", "Mỹ"), ("lí", "lý"), ("y", "i"), ("sỹ", "sĩ"),
    ("ĐỘNG", "động"), ("Ế", "ế"), ("hỷ", "hỉ"),
]  # fmt: skip
DIFFERENT = [
    ("động", "đông"),
    ("tay", "tai"),
    ("thúy", "thúi"),
    ("dong", "đong"),
    ("quy", "quỹ"),
    ("hay", "hai"),
    ("ơ", "o"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_word_are_the_same(one: str, other: str) -> None:
    assert normalize_words(one) == normalize_words(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_words_keep_their_marked_spelling(one: str, other: str) -> None:
    assert normalize_words(one)[0][0] != normalize_words(other)[0][0]


def test_the_plain_spelling_has_no_marks() -> None:
    assert [plain for _, plain in normalize_words("Khảo sát cuối kì, LĐTE (KAP) 13-14/02: ﬁn")] == [
        "khao", "sat", "cuoi", "ki", "ldte", "kap", "13", "14", "02", "fin",
    ]  # fmt: skip


@given(st.one_of(st.text(LETTERS), st.lists(st.sampled_from(VOCABULARY)).map(" ".join)))
def test_composed_and_decomposed_text_have_the_same_words(text: str) -> None:
    assert normalize_words(unicodedata.normalize("NFD", text)) == normalize_words(unicodedata.normalize("NFC", text))


@given(st.text(LETTERS))
def test_every_word_has_its_place(text: str) -> None:
    places = list(find_word_spans(text))
    assert len(places) == len(normalize_words(text))
    assert all(0 <= begin < end <= len(text) for begin, end in places)


@given(st.text(LETTERS))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


def test_fts5_folds_as_we_do_whatever_letters_it_is_given_unfolded(connection: sqlite3.Connection) -> None:
    options = "tokenize=\"unicode61 remove_diacritics 2 categories 'L* N*'\""
    connection.execute(f"CREATE VIRTUAL TABLE t USING fts5 (text, {options})")
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, instance)")

    def tokens(text: str) -> list[str]:
        connection.execute("DELETE FROM t")
        connection.execute("INSERT INTO t VALUES (?)", (text,))
        return [term for (term,) in connection.execute("SELECT term FROM v ORDER BY offset")]

    given_unfolded = [chr(code) for code in range(0x3000) if re.fullmatch(_FTS5_COMPATIBLE_TEXT, chr(code))]
    assert len(given_unfolded) > 300
    assert set("ăâđêôơưũĩĂÂĐÊÔƠƯ“”–…₫ỷỹỵặ") <= set(given_unfolded)
    for letter in given_unfolded:
        for text in (f"x{letter}x", letter, f"a{letter} b", f"{letter}\u0301", f"e\u0302{letter}"):
            plain = [normalize_word(word)[1] for word in split_words(text)]
            found = [
                word[:-1] + "i" if word.endswith("y") and normalize_word(word)[1] != word else word
                for word in tokens(fold_text_with_vowels(text))
            ]
            assert found == plain, text


@given(
    st.text(st.characters(max_codepoint=0x3000, exclude_categories=["Cs"]))
    | st.lists(st.sampled_from(VOCABULARY)).map(" ".join)
)
def test_what_is_folded_sooner_is_folded_the_same(text: str) -> None:
    assert fold_text(text) == (" ".join(plain for _, plain in normalize_words(text)) or text.strip().casefold())


def test_every_letter_is_folded_the_same() -> None:
    for letter in map(chr, range(0x3000)):
        for text in (f"x{letter}x", letter, f"a{letter} b", f"{letter}\u0301", f"e\u0302{letter}", f"k{letter}y"):
            assert fold_text(text) == (
                " ".join(plain for _, plain in normalize_words(text)) or text.strip().casefold()
            ), text


@given(st.text(LETTERS) | st.lists(st.sampled_from(VOCABULARY)).map(" ".join))
def test_a_word_stands_in_its_text_in_one_of_the_ways_it_may_be_written(text: str) -> None:
    for marked, _ in normalize_words(text):
        assert (
            any(way in decompose_text(text) for way in list_spelling_variants(marked))
            or len(fold_word_without_tone(marked)[1]) > 1
        )


def test_a_slug_is_ascii_and_keeps_y() -> None:
    assert slugify_words('Họp "Nhóm cố vấn CSR" cuối kỳ – 2020/Ø') == [
        "hop",
        "nhom",
        "co",
        "van",
        "csr",
        "cuoi",
        "ky",
        "2020",
    ]


# A name of signs alone is a name: it is compared without case and the blanks around it, and with all its signs.
@pytest.mark.parametrize(
    ("text", "folded"), [("★", "★"), (" ★ ", "★"), ("?!", "?!"), ("\u0345", "ι"), ("  ", ""), ("", ""), ("★ ☆", "★ ☆")]
)
def test_text_without_letters_is_folded_as_it_stands(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@given(st.text(st.characters(categories=["S", "P"], exclude_characters="\u24b6"), max_size=5))
def test_of_text_without_letters_and_the_same_in_capitals_the_folded_is_one(text: str) -> None:
    assert fold_text(text.upper()) == fold_text(text.lower()) == fold_text(f" {text}\n")
