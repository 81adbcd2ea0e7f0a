"""Names in one text: one rule for options, questions, --set and cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.name_lists import join_names, split_names
from ilocal.model.text_folding import fold_text
from tests.support.cli import Ilocal
from tests.support.registry import parse_registry

MINISTRY = "Bộ Lao động, Thương binh và Xã hội"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("thủy sản, CSR", ["thủy sản", "CSR"]),
        ("a; b,c ;", ["a", "b", "c"]),
        (f'"{MINISTRY}", ILO', [MINISTRY, "ILO"]),
        (f"{MINISTRY}; ILO", ["Bộ Lao động", "Thương binh và Xã hội", "ILO"]),
        ('Nhóm "CSR", b', ['Nhóm "CSR"', "b"]),
        ('"a ""b"", c"', ['a "b", c']),
        ('"a, b', ['"a', "b"]),
        (r"a\; b, c", ["a; b", "c"]),
        ("", []),
        (" ,; ", []),
    ],
)
def test_names_are_separated_by_commas_and_semicolons_but_in_quotes(text: str, names: list[str]) -> None:
    assert split_names(text) == names


def test_a_known_name_stays_whole() -> None:
    assert split_names(f"ILO, {MINISTRY.lower()}; x", {fold_text(MINISTRY)}) == ["ILO", MINISTRY.lower(), "x"]


@given(st.lists(st.text("a;\\ ,\"'\n", min_size=1, max_size=6).map(str.strip).filter(bool)))
def test_what_is_joined_is_split_again(names: list[str]) -> None:
    assert split_names(join_names(names)) == names


def test_the_rule_is_the_same_in_options_and_set_and_cells(ilocal: Ilocal) -> None:
    Path("events.toml").write_text("", encoding="utf-8")
    Path("in.csv").write_text(f'title,topics\nD,"a, b; ""{MINISTRY}"""\n'.replace('""', '""'), encoding="utf-8")
    quoted = f'a, b; "{MINISTRY}"'
    assert ilocal("add", "A", "--topic", quoted).code == 0
    assert ilocal("add", "B", "--topic", "x").code == 0
    assert ilocal("edit", "b", "--add-topic", quoted, "--remove-topic", "x, y").code == 0
    assert ilocal("add", "C").code == 0
    assert ilocal("edit", "c", "--set", f"topics={quoted}").code == 0
    assert ilocal("import", "in.csv").code == 0
    events = parse_registry(Path("events.toml").read_text(encoding="utf-8")).events.values()
    assert [event.topics for event in events] == [("a", "b", MINISTRY)] * 4
    assert len(ilocal("list", "--topic", "y, b", "-f", "ids").out.split()) == 4
    assert ilocal("list", "--topic", MINISTRY, "-f", "ids", "-n", "1").out == "tba-a\n"
