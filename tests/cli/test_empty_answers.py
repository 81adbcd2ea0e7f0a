"""What is said where nothing is found: names and words that are near."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY

SHIPPED = ("--today", "2020-02-20", "-r", str(SHIPPED_REGISTRY))
NEAR_CHILDREN = '--topic: no event has "tre em"; near it: lao động trẻ em (9), quyền trẻ em (1)\n'


@pytest.mark.parametrize("command", ["list", "calendar", "timeline", "stats"])
def test_a_filter_that_matches_nothing_names_what_is_near(ilocal: Ilocal, command: str) -> None:
    assert ilocal(*SHIPPED, command, "--topic", "tre em").err == "No events match.\n" + NEAR_CHILDREN


def test_it_is_said_in_vietnamese_and_of_kinds_in_words(ilocal: Ilocal) -> None:
    assert ilocal("--lang", "vi", *SHIPPED, "list", "--topic", "tre em, xyzzy", "--kind", "hội thao").err == (
        "Không có sự kiện nào khớp.\n"
        '--topic: không có sự kiện nào có "tre em"; gần giống: lao động trẻ em (9), quyền trẻ em (1)\n'
        '--topic: không có sự kiện nào có "xyzzy"\n'
    )
    assert '"hoithao"; near it: workshop (5)' in ilocal(*SHIPPED, "list", "--kind", "workshp").err.replace(
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


def test_an_empty_registry_names_the_next_step(ilocal: Ilocal) -> None:
    Path("events.toml").write_text("", encoding="utf-8")
    assert ilocal("list").err == "There are no events yet.\nadd one with: ilocal add\n"
