"""All checks together: what is valid and yet hardly meant, and little that is meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ilocal import checks
from tests.support.checks import list_findings
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.registry import parse_registry
from tests.support.strategies import registry_texts


def test_of_the_shipped_events_one_is_doubted_and_rightly() -> None:
    """It says "early next year", is put on the day that the page prints, and nobody has said since that it was."""
    assert list_findings(SHIPPED_REGISTRY.read_text(encoding="utf-8")) == [
        "86: status: still tentative, although the last day was 2020-01-01 (past-tentative)"
    ]
    assert list_findings(SHIPPED_REGISTRY.read_text(encoding="utf-8"), date(2019, 6, 1)) == []


@given(registry_texts(), st.dates())
def test_whatever_a_registry_holds_it_is_reviewed(text: str, today: date) -> None:
    """Each doubt has a line of the text, and each warning one of the codes."""
    for one in checks.run_checks(parse_registry(text), today):
        assert one.severity == "warning" or one.code in ("duplicate-id", "unknown-key")
        assert one.severity == "error" or one.code in checks.list_check_codes()
        assert 0 <= one.line <= text.count("\n") + 1


def test_an_end_before_its_start_is_an_error_in_the_line_of_the_end(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-02-20\n\nend = 2020-02-19\n', encoding="utf-8"
    )
    said = "events.toml:6: end: the end (2020-02-19) is before the start (2020-02-20)\n"
    assert ilocal("check") == (3, said, "0 events, 1 error, 0 warnings\n")
