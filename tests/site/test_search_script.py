"""The words of search.js are those of `text_folding`, and its answers those of `Query`."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ilocal.errors import UsageError
from ilocal.model.event import Event
from ilocal.model.search_terms import iterate_field_texts, parse_search_term
from ilocal.model.text_folding import normalize_words
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.browser_search import find_ids, make_search_files, needs_node, run_search_script, write_question
from tests.support.hostile_text import MARKUP, OBEYED
from tests.support.paths import SHIPPED_REGISTRY

pytestmark = [needs_node, pytest.mark.process]
ALIASES = {"LĐTE": ("lao động trẻ em",), "CSR": ("Trách nhiệm Xã hội",), "__proto__": ("kỳ", "cuối kì")}
Question = tuple[list[str], list[str]]  # terms, and those that are excluded


def assert_same_words(texts: Sequence[str]) -> None:
    """See that Python and JavaScript find the same words in each text."""
    found = run_search_script({"words": texts})
    different = {
        text: (words, [list(word) for word in normalize_words(text)])
        for text, words in zip(texts, found, strict=True)
        if words != [list(word) for word in normalize_words(text)]
    }
    assert different == {}


def list_letters() -> list[str]:
    """Return every character that this Python knows, but for Han and Hangul, of which some."""
    known = [
        chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")
    ]
    return [c for n, c in enumerate(known) if n % 50 == 0 or not unicodedata.name(c, "").startswith(("CJK", "HANGUL"))]


def test_words_of_the_registry_and_of_hostile_text_are_those_of_python() -> None:
    """In every form of writing letters and marks, in either case."""
    texts = [text for event in Registry(SHIPPED_REGISTRY).events() for text in iterate_field_texts(event)]
    texts += MARKUP + OBEYED + strategies.VOCABULARY
    forms = [unicodedata.normalize(form, text) for text in texts for form in ("NFC", "NFD", "NFKC", "NFKD")]
    assert_same_words([*forms, *map(str.upper, forms), *map(str.title, texts)])


def test_words_of_every_letter_of_unicode_are_those_of_python() -> None:
    """Alone, between letters and behind one."""
    assert_same_words([f"{letter} a{letter}b y{letter}" for letter in list_letters()])


@pytest.mark.long
def test_words_of_random_letters_are_those_of_python() -> None:
    """Letters and marks as no language puts them together."""
    pick = random.Random(17)
    marks = [chr(code) for code in range(0x300, 0x370)]
    letters = [c for c in list_letters() if c < "\u1200"] + list("aeiouyđdqu \u1ea0\u1ef9\u01a3") * 40 + marks * 4
    assert_same_words(["".join(pick.choices(letters, k=pick.randint(1, 12))) for _ in range(200_000)])


def is_typeable(argument: str) -> bool:
    """Return whether an argument can stand in quotes in the box, and has a word."""
    try:
        parse_search_term(argument, {})
    except UsageError:
        return False
    return not set(argument) & set('"“”„')


arguments = st.builds(
    lambda field, words, star: field + words + star,
    st.sampled_from(["", "", "", "title:", "topic:", "Topics:", "status:", "id:", "language: ", "nothing:"]),
    st.one_of(
        st.lists(st.sampled_from(strategies.VOCABULARY), min_size=1, max_size=3).map(" ".join),
        st.sampled_from(
            ["lao dong", "lao động trẻ em", "lao dong tre em", "lđte", "csr", "ky", "kỳ", "k", "đ", "confirmed"]
        ),
        st.text(strategies.LETTERS, min_size=1, max_size=3),
    ),
    st.sampled_from(["", "", "*", " *"]),
).filter(is_typeable)
questions = st.tuples(
    st.lists(arguments, min_size=1, max_size=2), st.one_of(st.just([]), st.lists(arguments, max_size=1))
)


def number(events: Sequence[Event]) -> list[Event]:
    """Return events with an id each."""
    return [replace(event, id=f"e{n}") for n, event in enumerate(events)]


@settings(max_examples=settings().max_examples // 6)
@given(
    st.lists(strategies.any_events(), min_size=5, max_size=20).map(number),
    st.lists(questions, min_size=20, max_size=40),
)
def test_answers_are_those_of_the_query(events: list[Event], asked: list[Question]) -> None:
    """The same events in the same order, from no other segments than the index names."""
    files = make_search_files(events, ALIASES)
    typed = [(write_question(*question), False) for question in asked]
    answers = run_search_script({"files": files, "questions": typed})
    for question, (paths, _) in zip(asked, answers, strict=True):
        wanted = [f"event/{id}.html" for id in find_ids(events, ALIASES, *question)]
        assert paths == wanted, (question, write_question(*question))
