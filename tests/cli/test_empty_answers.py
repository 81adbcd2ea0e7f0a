"""What is said where nothing is found: names and words that are near."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY

SHIPPED = ("--today", "2020-02-20", "-r", str(SHIPPED_REGISTRY))
NEAR_CHILDREN = '--topic: no event has "tre em"; similar: lao động trẻ em (9 events), quyền trẻ em (1 event)\n'


@pytest.mark.parametrize("command", ["list", "calendar", "timeline", "stats"])
def test_a_filter_that_matches_nothing_names_what_is_near(ilocal: Ilocal, command: str) -> None:
    assert ilocal(*SHIPPED, command, "--topic", "tre em").err == "No events match.\n" + NEAR_CHILDREN


def test_it_is_said_in_vietnamese_and_of_kinds_in_words(ilocal: Ilocal) -> None:
    assert ilocal("--lang", "vi", *SHIPPED, "list", "--topic", "tre em, xyzzy", "--kind", "hội thao").err == (
        "Không có sự kiện nào khớp với điều kiện.\n"
        '--topic: không có sự kiện nào có "tre em"; gần giống: lao động trẻ em (9 sự kiện), quyền trẻ em (1 sự kiện)\n'
        '--topic: không có sự kiện nào có "xyzzy"\n'
    )
    assert '"hoithao"; similar: workshop (5 events)' in ilocal(*SHIPPED, "list", "--kind", "workshp").err.replace(
        '"workshp"', '"hoithao"'
    )


def test_names_that_events_have_are_not_to_blame(ilocal: Ilocal) -> None:
    assert ilocal(*SHIPPED, "list", "--topic", "CSR", "--year", "1999").err == "No events match.\n"


def test_an_alias_of_the_registry_counts_in_a_filter(ilocal: Ilocal) -> None:
    found = ilocal(*SHIPPED, "list", "--topic", "LĐTE", "-f", "ids").out.split()
    assert (len(found), found) == (9, ilocal(*SHIPPED, "list", "--topic", "lao động trẻ em", "-f", "ids").out.split())


def test_a_search_that_finds_nothing_offers_near_words(ilocal: Ilocal) -> None:
    for words in (("thanh tar",), ("thanh", "tar")):
        assert ilocal(*SHIPPED, "search", *words) == (1, "", 'No events found.\ndid you mean "Thanh tra"?\n')
    assert (
        ilocal("--lang", "vi", *SHIPPED, "search", "title:hoi thoa").err.splitlines()[1].startswith('ý bạn là "title:')
    )


FIELD_NAMES = "title, location, organizers, projects, topics, kind, participants, url, source, summary, description, sections, translations, id, status, language"
NOTHING_FOUND = {"en": "No events found.\n", "vi": "Không tìm thấy sự kiện nào.\n"}


@pytest.mark.parametrize(
    ("words", "en", "vi"),
    [
        (
            ("khảo lao động",),
            "each quoted text is a phrase; to find its words anywhere: ilocal search khảo lao động",
            "chữ trong ngoặc kép được tìm như một cụm từ; muốn tìm từng từ ở bất cứ đâu: ilocal search khảo lao động",
        ),
        (
            ("hội", "OR", "gỗ"),
            '"OR" is searched as a word, and an event must contain all words; for either word, ask twice',
            '"OR" được tìm như một từ, và sự kiện phải có đủ mọi từ; muốn tìm từ này hoặc từ kia thì tìm hai lần',
        ),
        (
            ("hội NOT gỗ",),
            '"NOT" is searched as a word; to leave out events with a word: --not WORD',
            '"NOT" được tìm như một từ; muốn bỏ các sự kiện có một từ: --not TỪ',
        ),
        (
            ("ngày:2020",),
            '"ngày:" cannot be searched; for dates: --on, --month, --year, --from and --to',
            'không tìm chữ trong "ngày:" được; muốn lọc theo ngày: --on, --month, --year, --from và --to',
        ),
        (
            ("feb",), '"feb" is searched as a word; as a date, the year is missing: 02/2020?',
            '"feb" được tìm như một từ; nếu là ngày thì thiếu năm; có phải 02/2020?',
        ),
        (
            ("90d",), '"90d" is searched as a word; for so many days from today: ilocal upcoming 90d',
            '"90d" được tìm như một từ; muốn xem các ngày tới: ilocal upcoming 90d',
        ),
        (("hanoi",), 'did you mean "Hà Nội"?', 'ý bạn là "Hà Nội"?'),
        (("title:hoi thoa",), 'did you mean "title:Hội thảo"?', 'ý bạn là "title:Hội thảo"?'),
    ],
)  # fmt: skip
def test_words_that_are_not_found_get_the_one_hint_that_helps(
    ilocal: Ilocal, words: tuple[str, ...], en: str, vi: str
) -> None:
    for lang, hint in (("en", en), ("vi", vi)):
        assert ilocal("--lang", lang, *SHIPPED, "search", *words) == (1, "", f"{NOTHING_FOUND[lang]}{hint}\n")


def test_an_unknown_field_of_a_search_is_named_with_the_fields(ilocal: Ilocal) -> None:
    assert ilocal(*SHIPPED, "search", "foo:bar").err == (
        f'No events found.\nthere is no field "foo", so "foo:bar" is searched as words; fields are {FIELD_NAMES}\n'
    )
    assert ilocal(*SHIPPED, "search", "https://example.org/x").err == "No events found.\n"


@pytest.mark.parametrize("word", ["xyzzy", "hanxi", "gôx"])
def test_a_word_that_resembles_none_gets_no_suggestion(ilocal: Ilocal, word: str) -> None:
    assert ilocal(*SHIPPED, "search", word) == (1, "", "No events found.\n")


def test_an_empty_registry_names_the_next_step(ilocal: Ilocal) -> None:
    Path("events.toml").write_text("", encoding="utf-8")
    assert ilocal("list").err == "There are no events yet.\nto add an event, run: ilocal add\n"
