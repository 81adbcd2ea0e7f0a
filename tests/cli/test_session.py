"""What a run takes from its surroundings: today's date."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import Ilocal


def test_today_is_said_or_the_clock_in_the_registrys_zone(process: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[registry]\ntimezone = "Etc/GMT+12"\n[[event]]\ntitle = "a"\nstart = 2020-02-20\n', encoding="utf-8"
    )
    assert process("upcoming", "-f", "ids", env={"ILOCAL_TODAY": "2020-02-21"}).out == ""
    assert (
        process("--today", "20/02/2020", "upcoming", "-f", "ids", env={"ILOCAL_TODAY": "2020-02-21"}).out == "2020-a\n"
    )
    assert process("upcoming", "-f", "ids", env={"ILOCAL_TODAY": ""}).code == 0
