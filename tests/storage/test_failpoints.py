"""Failures at named points: tests can ask for them, and nobody else gets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import Ilocal

KILLED = {"ILOCAL_FAILPOINT": "locked:kill"}


def test_a_failpoint_acts_in_tests(process: Ilocal, registry: Path) -> None:
    before = registry.read_bytes()
    assert process("add", "Mới", env=KILLED).code == -9
    assert registry.read_bytes() == before


@pytest.mark.parametrize("testing", ["", "0", "yes"])
def test_a_failpoint_is_passed_over_where_nobody_tests(process: Ilocal, registry: Path, testing: str) -> None:
    assert process("add", "Mới", env=KILLED | {"ILOCAL_TESTING": testing}).code == 0
    assert 'title = "Mới"' in registry.read_text(encoding="utf-8")
