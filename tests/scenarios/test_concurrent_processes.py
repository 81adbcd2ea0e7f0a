"""P3 and P4: many processes at once. Writers act as if one after the other, readers never wait and never fail."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ilocal.model.query import Query
from ilocal.storage import files, locks
from ilocal.storage.loader import load_registry
from ilocal.workspace import Registry
from tests.support.cli import Ilocal, make_environment
from tests.support.processes import find_leftovers, start_command, stop_at_failpoint, wait_for_result
from tests.support.registry import FOUR_EVENTS

pytestmark = [pytest.mark.promise("P3", "P4"), pytest.mark.long, pytest.mark.process]

OURS = ["2020-khao-sat", "2020-hop", "2019-dien-dan", "tba-hoi-nghi"]
Answers = list[tuple[str, list[str]]]  # of one reader: what was asked, and the ids it got
READER = """
import contextlib, io, json, os, sys
from ilocal.cli.main import run_command_line as run
while not os.path.exists("stop"):
    for question in (["list", "-f", "ids"], ["search", "khảo sát", "-f", "ids"]):
        said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(["-r", sys.argv[1], *question])
        said.flush()
        print(json.dumps([question[0], code, said.buffer.getvalue().decode()]), flush=True)
"""
WRITER = """
import sys
from ilocal.cli.main import run_command_line as run
registry, name, count = sys.argv[1:]
for n in range(int(count)):
    code = run(["-r", registry, "add", f"Khảo sát {name} {n}", "2020-03-01"])
    if code:
        sys.exit(code)
"""


def start_script(folder: Path, text: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a process that runs the program again and again."""
    return subprocess.Popen(
        [sys.executable, "-c", text, *arguments],
        cwd=folder,
        env=make_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextmanager
def run_readers(folder: Path, registry: str, n: int = 1) -> Iterator[list[Answers]]:
    """Run processes that query while the block runs; then fill in the answers of each, without warnings."""
    running = []
    for number in range(n):
        with (folder / f"answers{number}").open("wb") as out:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-c", READER, registry],
                    cwd=folder,
                    env=make_environment(folder),
                    stdout=out,
                    stderr=out,
                )
            )
    answers: list[Answers] = []
    try:
        until = time.monotonic() + 180
        while any(not (folder / f"answers{number}").stat().st_size for number in range(n)):
            assert time.monotonic() < until
            time.sleep(0.01)
        yield answers
    finally:
        (folder / "stop").touch()
        for process in running:
            process.wait(180)
    for number in range(n):
        lines = (folder / f"answers{number}").read_text(encoding="utf-8").splitlines()
        found = []
        for question, code, said in map(json.loads, lines):
            assert code == 0, said
            ids = said.split("\n")[:-1]
            assert all(re.fullmatch(r"[a-z0-9-]+", id) for id in ids), said
            found.append((question, ids))
        answers.append(found)


def write_registry(folder: Path, shape: str) -> Path:
    """Return a registry of four events: one file, or a folder with a file per year."""
    if shape == "file":
        path = folder / "events.toml"
        path.write_text(FOUR_EVENTS, encoding="utf-8")
        return path
    path = folder / "years"
    path.mkdir()
    (path / "2020.toml").write_text(FOUR_EVENTS, encoding="utf-8")
    return path


def read_ids(registry: Path) -> list[str]:
    """Return the ids in the text, in order; fail if it has duplicates or is not TOML."""
    read = load_registry([(member.name, member.path.read_bytes()) for member in files.list_registry_files(registry)])
    assert read.diagnostics == ()
    return list(read.events)


SHAPES = ["file", pytest.param("folder", marks=pytest.mark.long)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("writers", [12, pytest.param(60, marks=pytest.mark.long)])
def test_every_event_that_processes_add_at_once_is_there_once(
    tmp_path: Path, shape: str, writers: int, figure: Callable[[str, int], None]
) -> None:
    registry = write_registry(tmp_path, shape)
    with run_readers(tmp_path, registry.name) as answers:
        running = [
            start_command(tmp_path, "-r", registry.name, "add", f"Khảo sát {n}", f"{2019 + n % 3}-03-01")
            for n in range(writers)
        ]
        results = [wait_for_result(process, 300) for process in running]
    assert [(result.code, result.err) for result in results] == [(0, "")] * writers
    printed = [result.out.strip() for result in results]
    assert len(set(printed)) == writers
    ids = read_ids(registry)
    assert sorted(ids) == sorted([*OURS, *printed])
    first = files.list_registry_files(registry)[-1 if shape == "file" else 1].path  # 2019.toml comes before 2020.toml
    assert first.read_text(encoding="utf-8").startswith(FOUR_EVENTS)
    assert find_leftovers(first.parent) == []
    check_growth(answers, set(ids))
    figure("writes by processes at once", writers)
    figure("answers beside writers", sum(map(len, answers)))


def check_growth(answers: list[Answers], most: set[str]) -> None:
    """Check that a reader always saw some of the final events, and never fewer than before."""
    assert answers
    for one in answers:
        for question in ("list", "search"):
            seen = [ids for asked, ids in one if asked == question]
            assert seen
            for ids in seen:
                assert len(ids) == len(set(ids))
            for before, after in zip(seen, [*(seen[1:]), list(most)], strict=True):
                assert set(before) <= set(after)


@pytest.mark.parametrize(("writers", "each"), [(8, 6), pytest.param(8, 100, marks=pytest.mark.long)])
@pytest.mark.parametrize("shape", SHAPES)
def test_readers_in_a_loop_beside_writers_in_a_loop_always_get_an_answer(
    tmp_path: Path, shape: str, writers: int, each: int, figure: Callable[[str, int], None]
) -> None:
    registry = write_registry(tmp_path, shape)
    with run_readers(tmp_path, registry.name, 2) as answers:
        running = [start_script(tmp_path, WRITER, registry.name, str(n), str(each)) for n in range(writers)]
        results = [wait_for_result(process, 300) for process in running]
    assert [(result.code, result.err) for result in results] == [(0, "")] * writers
    ids = read_ids(registry)
    assert len(ids) == 4 + writers * each
    check_growth(answers, set(ids))
    figure("writes by processes at once", writers * each)
    figure("answers beside writers", sum(map(len, answers)))


def test_a_file_of_a_folder_that_comes_and_goes_makes_no_reader_fail(tmp_path: Path) -> None:
    registry = write_registry(tmp_path, "folder")
    code = """
from ilocal.cli.main import run_command_line as run
for n in range(15):
    assert run(["-r", "years", "add", "Mới", "2031-03-01"]) == 0
    assert run(["-r", "years", "undo"]) == 0
"""
    with run_readers(tmp_path, registry.name, 2) as answers:
        result = wait_for_result(start_script(tmp_path, code), 300)
        assert result.code == 0, result.err
    for one in answers:
        assert {frozenset(ids) for asked, ids in one if asked == "list"} <= {
            frozenset(OURS),
            frozenset([*OURS, "2031-moi"]),
        }


# ------------------------------------------------------------------------------------------------------- a held lock


@pytest.mark.parametrize("place", ["locked", "made", "synced", "before", "exchanged", "folder", "kept", "index"])
def test_a_reader_gets_its_answer_while_a_writer_stands_still_with_the_lock(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    is_in_place = place in ("exchanged", "folder", "kept", "index")
    for name, value in make_environment(tmp_path).items():
        monkeypatch.setenv(name, value)  # the caches of the process
    with stop_at_failpoint(place, tmp_path, "add", "Mới", "2020-03-01") as writer:
        for _ in range(2):
            workspace = Registry(registry)
            found = {event.id for event in workspace.select(Query())}
            workspace.close()
            assert found == {*OURS, *(["2020-moi"] if is_in_place else [])}
            assert workspace.notes == []
    assert wait_for_result(writer) == (0, "2020-moi\n", "")


WRITES = [
    ("add", "Mới", "2020-03-01"),
    ("edit", "2020-hop", "--title", "Khác"),
    ("remove", "2020-khao-sat", "--yes"),
    ("import", "new.jsonl"),
    ("undo",),
]


@pytest.mark.parametrize("shape", ["file", "folder"])
def test_where_the_holder_of_the_lock_stands_still_every_write_ends_in_exit_5(
    ilocal: Ilocal, tmp_path: Path, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write_registry(tmp_path, shape).name
    (tmp_path / "new.jsonl").write_text('{"title": "Khảo sát", "start": "2020-03"}\n', encoding="utf-8")
    assert ilocal("-r", name, "add", "Nữa").code == 0
    before = {member.name: member.path.read_bytes() for member in files.list_registry_files(tmp_path / name)}
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_SECONDS", 0.05)
    with stop_at_failpoint("locked", tmp_path, "-r", name, "add", "Mới", "2020-03-01") as holder:
        for write in WRITES:
            result = ilocal("-r", name, *write)
            assert (result.code, result.out) == (5, "")
            said = f"ilocal: {name}: locked by another program; nothing was changed\nhint: try again\n"
            assert result.err.endswith(said)
        now = {member.name: member.path.read_bytes() for member in files.list_registry_files(tmp_path / name)}
        assert now == before
    assert wait_for_result(holder).code == 0
    assert ilocal("-r", name, *WRITES[1]).code == 0


@pytest.mark.long
def test_a_write_waits_no_longer_than_is_said(registry: Path, tmp_path: Path) -> None:
    with stop_at_failpoint("locked", tmp_path, "add", "Mới", "2020-03-01") as holder:
        waiting = [start_command(tmp_path, *write) for write in (WRITES[0], WRITES[1], WRITES[2])]
        assert [wait_for_result(process, locks.LOCK_TIMEOUT_SECONDS * 5).code for process in waiting] == [5, 5, 5]
        assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert wait_for_result(holder).code == 0


def test_when_the_holder_of_the_lock_is_killed_those_who_wait_go_on(registry: Path, tmp_path: Path) -> None:
    with stop_at_failpoint("locked", tmp_path, "add", "Mới", "2020-03-01") as holder:
        waiting = [start_command(tmp_path, "add", f"Sau {n}", "2020-03-01") for n in range(2)]
        holder.send_signal(signal.SIGKILL)
        assert [wait_for_result(process).code for process in waiting] == [0, 0]
    assert wait_for_result(holder).code == -signal.SIGKILL
    assert sorted(read_ids(registry)) == sorted([*OURS, "2020-sau-0", "2020-sau-1"])
    assert find_leftovers(tmp_path) == []
