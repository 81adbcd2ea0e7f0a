"""What is over is not still to come, and today decides what is over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checks import list_findings
from tests.support.cli import Ilocal


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ('start = "2020-02"', []),
        ('start = "2020-01"', ["3: start: 2020-01 is over, but the event has no exact day (no-day)"]),
        ('start = "2019-11"\nend = "2020-02"', []),
        ('start = "2019"', ["3: start: 2019 is over, but the event has no exact day (no-day)"]),
        ('start = "2020-01"\nstatus = "cancelled"', []),
        ('start = 2020-02-19\nstatus = "tentative"',
         ["4: status: still tentative, although the last day was 2020-02-19 (past-tentative)"]),
        ('start = 2020-02-20\nstatus = "tentative"', []),
        ('start = 2020-02-10\nend = 2020-02-20\nstatus = "tentative"', []),
        ('start = 2019-01-01\nrrule = "FREQ=YEARLY"\nstatus = "tentative"', []),
        ('status = "tentative"', []),
    ],
)  # fmt: skip
def test_what_is_over_is_not_still_to_come(fields: str, said: list[str]) -> None:
    assert list_findings(f'[[event]]\ntitle = "A"\n{fields}\nid = "a"\n') == said


def test_today_decides_what_is_over(ilocal: Ilocal, registry: Path) -> None:
    over = "events.toml:31: start: 2019-11 is over, but the event has no exact day\n"
    assert over not in ilocal("--today", "2019-11-30", "check").out
    assert over in ilocal("--today", "2019-12-01", "check").out
