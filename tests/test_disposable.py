"""P13: whatever becomes of the index, every answer is the same and nothing is said of it."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Ilocal, Result, environment
from .processes import ended, start

pytestmark = pytest.mark.promise("P13")

QUESTIONS = [
    ("list", "-f", "csv"),
    ("search", "lao động", "-f", "ids"),
    ("upcoming", "-f", "ids"),
    ("show", "2020-hop"),
]


def index_of(folder: Path) -> Path:
    (found,) = folder.glob("cache/ilocal/*/*.sqlite")
    return found


def deleted(folder: Path) -> None:
    index_of(folder).unlink()


def cut_to(size: int) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        os.truncate(index_of(folder), size)

    cut.__name__ = f"cut to {size}"
    return cut


def garbage(folder: Path) -> None:
    index_of(folder).write_bytes(b"no index at all" * 1000)


def garbage_inside(folder: Path) -> None:
    with open(index_of(folder), "r+b") as file:
        for at in range(4096, index_of(folder).stat().st_size, 4096):  # the first page says what is in the others
            file.seek(at)
            file.write(b"\xff" * 4096)


def of_another_version(folder: Path) -> None:
    connection = sqlite3.connect(index_of(folder))
    connection.execute("UPDATE meta SET version = version + 1")
    connection.commit()
    connection.close()


def without_a_table(folder: Path) -> None:
    connection = sqlite3.connect(index_of(folder))
    connection.execute("DROP TABLE record")
    connection.commit()
    connection.close()


def a_folder_in_its_place(folder: Path) -> None:
    path = index_of(folder)
    path.unlink()
    path.mkdir()


def garbage_in_its_log(folder: Path) -> None:
    for end in ("-wal", "-shm"):
        Path(f"{index_of(folder)}{end}").write_bytes(b"garbage" * 5000)


def a_file_for_a_cache(folder: Path) -> None:
    path = index_of(folder)
    path.unlink()
    path.parent.rmdir()
    path.parent.write_bytes(b"")


DAMAGE = [
    deleted, cut_to(0), cut_to(100), cut_to(4096), cut_to(20_000), garbage, garbage_inside, of_another_version,
    without_a_table, a_folder_in_its_place, garbage_in_its_log, a_file_for_a_cache,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda one: one.__name__)
def test_a_damaged_index_changes_no_answer(ilocal: Ilocal, registry: Path, damage: Callable[[Path], None]) -> None:
    answers = [ilocal(*question) for question in QUESTIONS]
    assert [answer.code for answer in answers] == [0, 0, 0, 0]
    damage(Path(os.environ["HOME"]))
    assert [ilocal(*question) for question in QUESTIONS] == answers
    assert ilocal("add", "Mới", "2020-03-01") == (0, "2020-moi\n", "")
    assert ilocal("search", "mới", "-f", "ids").out == "2020-moi\n"


@pytest.mark.parametrize("place", ["/dev/null", "/proc", "events.toml"])
def test_a_cache_that_cannot_be_had_changes_no_answer(
    ilocal: Ilocal, registry: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [ilocal(*question) for question in QUESTIONS]
    monkeypatch.setenv("XDG_CACHE_HOME", str(registry.parent / place))
    assert [ilocal(*question) for question in QUESTIONS] == answers
    assert ilocal("add", "Mới", "2020-03-01") == (0, "2020-moi\n", "")


def test_a_full_disk_under_the_cache_changes_no_answer(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    answers = [process(*question) for question in QUESTIONS]
    deleted(tmp_path)

    def poor() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))  # enough for what is printed, not for an index

    for question, answer in zip(QUESTIONS, answers, strict=True):
        done = subprocess.run(
            [sys.executable, "-m", "ilocal", *question],
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            encoding="utf-8",
            preexec_fn=poor,
            check=False,
        )
        assert Result(done.returncode, done.stdout, done.stderr) == answer


def test_processes_that_make_the_index_at_once_all_answer(process: Ilocal, registry: Path, tmp_path: Path) -> None:
    answer = process("list", "-f", "ids")
    for _ in range(3):
        deleted(tmp_path)
        assert [ended(one) for one in [start(tmp_path, "list", "-f", "ids") for _ in range(6)]] == [answer] * 6
