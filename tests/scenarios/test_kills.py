"""P3, P6 and P12: writers of several kinds, killed at random moments, and a hand that saves; all against a model."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.workspace import Registry
from tests.support.cli import make_environment
from tests.support.kill_storm import WRITERS, State
from tests.support.paths import ROOT
from tests.support.processes import find_leftovers
from tests.support.registry import FOUR_EVENTS

OURS = ["2020-khao-sat", "2020-hop", "2019-dien-dan", "tba-hoi-nghi"]


def possible_in_the_end(history: Path, codes: Counter[int]) -> list[State]:
    """Return the possible events of a worker by its log: an unfinished write may be there completely or not at all."""
    possible: list[State] = [{}]
    before: list[State] = [{}]
    for what, *rest in map(json.loads, history.read_text(encoding="utf-8").splitlines()):
        if what == "seen":
            assert rest[0] in possible
            possible = [rest[0]]
        elif what == "begin":
            before, possible = possible, [*possible, rest[1]]
        else:
            code, said = rest
            assert code in (0, 5), f"{history.stem}: exit code {code}: {said}"
            codes[code] += 1
            possible = possible[-1:] if code == 0 else before
    return possible


@pytest.mark.process
@pytest.mark.promise("P3", "P6", "P12")
@pytest.mark.parametrize(
    ("seed", "kills"),
    [("storm", 30), *(pytest.param(f"storm {n}", 300, marks=pytest.mark.long) for n in range(6))],
)
def test_what_was_acknowledged_is_there_and_what_was_killed_is_there_or_not(
    tmp_path: Path, seed: str, kills: int, figure: Callable[[str, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in make_environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR_EVENTS, encoding="utf-8")
    notes = tmp_path / "notes"
    notes.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.kill_storm", str(registry), str(notes), seed, str(kills)],
        cwd=ROOT,
        env=make_environment(tmp_path),
        capture_output=True,
        timeout=1500,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    killed, saved = json.loads(done.stdout)
    assert not (notes / "broken").exists(), (notes / "broken").read_text(encoding="utf-8")
    codes: Counter[int] = Counter()
    possible = {name: possible_in_the_end(notes / f"{name}.jsonl", codes) for name in WRITERS}
    check_registry(registry, possible)
    check_saves(registry, tmp_path, saved)
    check_reader(notes / "reader.jsonl")
    assert codes[0] > codes[5]
    figure("kills survived", killed)
    figure("writes by processes at once", codes[0])


def check_registry(registry: Path, possible: dict[str, list[State]]) -> None:
    """Check that the text has the four events and those of the workers, and that the next write cleans up."""
    with Registry(registry).transaction() as draft:
        draft.add(Event("Sau đó", id="sau"))
    assert find_leftovers(registry.parent) == []
    text = registry.read_text(encoding="utf-8")
    assert text.partition("\n")[2].startswith(FOUR_EVENTS.partition("\n")[2])
    blocks = tomllib.loads(text)["event"]
    titles = {block["id"]: block["title"] for block in blocks}
    assert len(titles) == len(blocks)
    for name, states in possible.items():
        mine = {id: titles.pop(id) for id in list(titles) if id.startswith(f"{name}-")}
        assert mine in states
    assert list(titles) == [*OURS, "sau"]
    workspace = Registry(registry)
    assert {event.id for event in workspace.select(Query())} == {block["id"] for block in blocks}
    workspace.close()


def check_saves(registry: Path, folder: Path, saved: int) -> None:
    """Check that the last save by hand is in the text, or in a file rescued by the next write."""
    kept = [registry, *(folder / "state").rglob("displaced-*")]
    assert any(path.read_text(encoding="utf-8").startswith(f"# Saved by hand: {saved}\n") for path in kept)


def check_reader(history: Path) -> None:
    """Whoever asked got an answer, with all that nobody took out."""
    answers = [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()]
    assert answers
    for code, said in answers:
        assert code == 0, said
        assert "2020-khao-sat\n" in said
