"""Each named place of a write, with a kill, an interrupt, a stop by the system and its errors: needs no tracing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import ilocal

from .commands import COMMANDS, Stage

SOURCE = Path(ilocal.__file__).parent
PLACES = ["locked", "made", "written", "synced", "before", "exchanged", "folder", "kept", "index"]
FAULTS = ["kill", "int", "term", "ENOSPC", "EIO"]


def test_these_are_all_the_places_there_are() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    assert sorted(re.findall(r'failpoint\("(\w+)"\)', text)) == sorted(PLACES)


@pytest.mark.promise("P2", "P8", "P12")
@pytest.mark.parametrize(
    "command", ["add", *(pytest.param(name, marks=pytest.mark.long) for name in COMMANDS if name != "add")]
)
@pytest.mark.parametrize("place", PLACES)
def test_whatever_goes_wrong_the_text_is_the_old_or_the_new_one(
    tmp_path: Path, command: str, place: str, figure: Callable[[str, int], None]
) -> None:
    stage = Stage(tmp_path, command)
    for fault in FAULTS:
        stage.reset()
        result = stage.run(stage.command, env={"ILOCAL_FAILPOINT": f"{place}:{fault}"})
        stage.check(result, f"{command}, {place}: {fault}", is_cleared=fault != "kill")
    figure("failures at named places", len(FAULTS))
