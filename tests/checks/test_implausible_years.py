"""Years that are hardly meant."""

from __future__ import annotations

import pytest

from tests.support.checks import list_findings


@pytest.mark.parametrize("year", ["0202", "1899", "2101"])
def test_a_year_that_is_hardly_meant_is_doubted(year: str) -> None:
    said = f"4: start: the year {year} is suspicious (unlikely-year)"
    assert list_findings(f'[[event]]\nid = "a"\ntitle = "A"\nstart = {year}-02-20\n') == [said]
    assert list_findings('[[event]]\nid = "a"\ntitle = "A"\nstart = 1900-01-01\nend = 2100-12-31\n') == []
