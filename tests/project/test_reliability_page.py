"""What the documents say of tests and promises is so."""

from __future__ import annotations

import re

from tests.promises import BEGIN, END, NUMBERS
from tests.scenarios.crash.commands import COMMANDS
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
TESTS = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(?:\w+\.)*(test_\w+)`", PAGE))
    assert len(named) > 30
    assert named <= {name for text in TESTS.values() for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def test_every_promise_is_on_the_page_and_has_a_test() -> None:
    assert re.findall(r"^\| (P\d+) \|", PAGE.partition(BEGIN)[0], re.MULTILINE) == NUMBERS
    marked = {
        number
        for text in TESTS.values()
        for call in re.findall(r"mark\.promise\(([^)]*)\)", text)
        for number in re.findall(r"P\d+", call)
    }
    assert sorted(marked) == sorted(NUMBERS)


def test_the_figures_are_of_a_run_in_which_nothing_failed() -> None:
    figures = PAGE.partition(BEGIN)[2].partition(END)[0]
    rows = re.findall(r"^\| (P\d+) \| (.*) \| (\d+) \| (\d+) \| (\d+) \|$", figures, re.MULTILINE)
    assert [row[0] for row in rows] == NUMBERS
    assert all(row[1] and int(row[2]) and not int(row[3]) for row in rows)


def test_the_page_counts_the_commands_of_the_crash_matrix() -> None:
    assert f"The matrix has {len(COMMANDS)} commands today" in PAGE
