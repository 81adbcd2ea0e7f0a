"""Each named place of a write, with a kill, an interrupt, a stop by the system and its errors: needs no tracing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import ilocal
from tests.scenarios.crash.commands import COMMANDS, Stage

SOURCE = Path(ilocal.__file__).parent
REPLACING = ["locked", "made", "written", "synced", "before", "exchanged", "folder", "kept", "index"]
MAKING = ["made", "written", "synced", "free", "folder"]
PLACES = {
    **dict.fromkeys(("add", "edit", "remove", "import", "undo"), REPLACING),
    "add to a folder": [*REPLACING, "free"],
    "undo in a folder": [*REPLACING, "going", "gone"],
    "init": MAKING,
    "split": ["locked", "mkdir", "written", "synced", "folder", "free"],
    "merge": ["made", "written", "synced", "merged"],
    "join": ["locked", *MAKING],
}
FAULTS = ["kill", "int", "term", "ENOSPC", "EIO"]

SHORT = [("add", "exchanged"), ("undo in a folder", "gone"), ("init", "free")]


def test_these_are_all_the_places_there_are() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    assert sorted(re.findall(r'failpoint\("(\w+)"\)', text)) == sorted(
        {place for places in PLACES.values() for place in places}
    )
    assert PLACES.keys() == COMMANDS.keys()


@pytest.mark.process
@pytest.mark.promise("P2", "P8", "P12")
@pytest.mark.parametrize(
    ("command", "place"),
    [
        pytest.param(command, place, marks=[] if (command, place) in SHORT else [pytest.mark.long])
        for command, places in PLACES.items()
        for place in places
    ],
)
def test_whatever_goes_wrong_the_text_is_the_old_or_the_new_one(
    tmp_path: Path, command: str, place: str, figure: Callable[[str, int], None]
) -> None:
    stage = Stage(tmp_path, command)
    for fault in FAULTS:
        stage.reset()
        result = stage.run(stage.write.arguments, env={"ILOCAL_FAILPOINT": f"{place}:{fault}"})
        if fault == "kill":
            assert result.code == -9, f"{command} never came to {place}"
        stage.check(result, f"{command}, {place}: {fault}", is_cleared=fault != "kill")
    figure("failures at named places", len(FAULTS))
