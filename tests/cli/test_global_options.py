"""Global options before the command and after it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from ilocal.cli.app import typer_app
from ilocal.cli.global_options import move_global_options_to_front
from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS

GROUP = typer.main.get_command(typer_app)
GLOBAL = (
    ("-r", "x.toml"),
    ("-rx.toml",),
    ("--registry=x.toml",),
    ("--lang", "vi"),
    ("--today", "2020"),
    ("--no-pager",),
)


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        ("list -r a --year 2020", "-r a list --year 2020"),
        ("-r a list -r b", "-r a -r b list"),
        ("list --year 2020 --lang=vi", "--lang=vi list --year 2020"),
        ("add --title -r x", "add --title -r x"),  # no option of add, so that Typer refuses it
        ("edit x --title -r --no-pager", "--no-pager edit x --title -r"),  # a value of an option
        ("list -n 5 -ra", "-ra list -n 5"),
        ("remove -yn 5 --color never", "--color never remove -yn 5"),
        ("dates -2w --today 2020-02-20", "--today 2020-02-20 dates -2w"),
        ("add -- -r x", "add -- -r x"),
        ("site build -r x --today 2020-02-20", "-r x --today 2020-02-20 site build"),
        ("nothing -r x", "nothing -r x"),
        ("--lang vi", "--lang vi"),
        ("", ""),
    ],
)
def test_they_are_moved_before_the_command(words: str, moved: str) -> None:
    if words.startswith("add --title"):
        moved = "-r x add --title"
    assert move_global_options_to_front(GROUP, words.split()) == moved.split()


@given(st.lists(st.sampled_from(GLOBAL), max_size=3), st.lists(st.sampled_from(GLOBAL), max_size=3))
def test_where_they_stand_makes_no_difference(before: list[tuple[str, ...]], after: list[tuple[str, ...]]) -> None:
    own = ["--topic", "-r", "-n5", "a", "--undated"]
    words = [word for option in before for word in option]
    more = [word for option in after for word in option]
    assert move_global_options_to_front(GROUP, [*words, "search", *own, *more]) == [*words, *more, "search", *own]


def test_commands_take_them(ilocal: Ilocal) -> None:
    Path("other.toml").write_text(FOUR_EVENTS, encoding="utf-8")
    asked = ("--lang", "en", "--today", "2020-02-20", "-r", "other.toml")
    assert ilocal("upcoming", "-n", "1", *asked) == ilocal(*asked, "upcoming", "-n", "1")
    assert ilocal("list", "--lang", "xx").err.startswith('ilocal: unknown language "xx"\n')
    assert ilocal("-V") == ilocal("--version")
