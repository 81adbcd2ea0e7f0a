"""P13: whatever happens to the index, every answer and every write is the same, and nobody hears of it."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ilocal.index import database
from ilocal.index.index import select_events_from_index
from ilocal.index.opening import open_index
from ilocal.model.query import Query
from ilocal.workspace import Registry
from tests.support.cli import Ilocal, Result, make_environment
from tests.support.index import find_index_file, list_titles
from tests.support.paths import ROOT
from tests.support.processes import wait_for_result
from tests.support.registry import FOUR_EVENTS, write_and_undo
from tests.support.traced_program import needs_strace

QUESTIONS = [
    ("list", "-f", "json"),
    ("list", "--month", "2020-02", "-f", "csv"),
    ("search", "lao dong", "-f", "ids"),
    ("list", "--topic", "thuy san", "--sort", "title", "-f", "ids"),
    ("show", "hop"),
    ("show", "khao sat cuoi"),
    ("check",),
    ("add", "Họp Nhóm", "--dry-run"),
]
ADDED = '\n[[event]]\nid = "2020-moi"\ntitle = "Mới"\nstart = 2020-03-01\ncreated = '


def ask_all(ilocal: Ilocal) -> list[Result]:
    return [ilocal(*question) for question in QUESTIONS]


@pytest.fixture
def expected(ilocal: Ilocal, registry: Path) -> list[Result]:
    """Return the answers with a new index, which is then not compared by content again."""
    os.utime(registry, (1, 1))
    found = ask_all(ilocal)
    assert [(result.code, result.err) for result in found[:-2]] == [(0, "")] * (len(QUESTIONS) - 2)
    return found


def check_all(ilocal: Ilocal, registry: Path, expected: list[Result], spoil: Callable[[], object]) -> None:
    """Check that each question has the same answer as the first one, then all of them, then that a write works."""
    for question, answer in zip(QUESTIONS, expected, strict=True):
        spoil()
        assert ilocal(*question) == answer
    assert ask_all(ilocal) == expected
    spoil()
    assert ilocal("add", "Mới", "2020-03-01") == (0, "2020-moi\n", "")
    assert registry.read_text(encoding="utf-8").startswith(FOUR_EVENTS + ADDED)
    spoil()
    assert ilocal("undo").err.endswith("Undid change 1: addition of Mới\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


def remove_wal(path: Path) -> None:
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def cut_short(length: float) -> Callable[[Path], object]:
    """Cut an index short; a part of it is left, or that many bytes."""
    return lambda path: os.truncate(path, int(path.stat().st_size * length) if 0 < length < 1 else int(length))


def set_version(number: int) -> Callable[[Path], object]:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE meta SET version = ?", (number,))

    return spoil


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "something").touch()


def replace_by_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def drop_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE IF EXISTS record")


SPOILED: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "empty": cut_short(0),
    "a byte left": cut_short(1),
    "the header left": cut_short(100),
    "a page left": cut_short(4096),
    "cut within a page": cut_short(5000),
    "half of it left": cut_short(0.5),
    "nearly all left": cut_short(0.98),
    "text": lambda path: path.write_text("garbage"),
    "garbage after a good header": lambda path: path.write_bytes(path.read_bytes()[:100] + bytes(range(256)) * 100),
    "zeros": lambda path: path.write_bytes(bytes(20_000)),
    "an older version": set_version(1),
    "a newer version": set_version(99),
    "no version": set_version(0),
    "a table missing": drop_tables,
    "a folder": replace_by_folder,
    "a link to nowhere": replace_by_link,
    "the cache deleted": lambda path: shutil.rmtree(path.parent.parent),
}


@pytest.mark.promise("P13")
@pytest.mark.long
@pytest.mark.parametrize("how", SPOILED)
def test_an_index_that_is_spoiled_changes_no_answer(
    ilocal: Ilocal, registry: Path, expected: list[Result], how: str
) -> None:
    def spoil() -> None:
        for path in database.get_index_folder(registry).glob("*.sqlite"):
            remove_wal(path)
            if path.is_file():
                SPOILED[how](path)

    check_all(ilocal, registry, expected, spoil)


@pytest.mark.promise("P13")
@pytest.mark.long
@pytest.mark.parametrize("filling", [0x00, 0xA5])
def test_a_page_of_garbage_anywhere_in_the_index_changes_no_answer(
    ilocal: Ilocal, registry: Path, expected: list[Result], filling: int, figure: Callable[[str, int], None]
) -> None:
    path = find_index_file(registry)
    whole = path.read_bytes()
    pages = len(whole) // 4096
    for page in range(pages):
        for question, answer in zip(QUESTIONS, expected, strict=True):
            for other in database.get_index_folder(registry).iterdir():
                other.unlink()
            path.write_bytes(whole[: page * 4096] + bytes([filling]) * 4096 + whole[(page + 1) * 4096 :])
            assert ilocal(*question) == answer, page
    figure("pages of the index spoiled", pages)


def read_text(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


# What becomes of the log, and of the memory that processes share to read it.
LOGS: dict[str, dict[str, Callable[[Path], object]]] = {
    "left by a kill": {},
    "garbage": {"-wal": read_text(b"\xa5" * 5000)},
    "garbage in a frame": {"-wal": lambda path: path.write_bytes(path.read_bytes()[:100] + b"\xa5" * 4096)},
    "cut short": {"-wal": cut_short(1000)},
    "missing": {"-wal": Path.unlink},
    "a folder": {"-wal": replace_by_folder},
    "memory is garbage": {"-shm": read_text(b"\xa5" * 32768)},
    "memory is missing": {"-shm": Path.unlink},
    "memory is a folder": {"-shm": replace_by_folder},
    "both are garbage": {"-wal": read_text(b"\xa5" * 99), "-shm": read_text(b"\xa5" * 99)},
}


@pytest.mark.promise("P13")
@pytest.mark.long
@pytest.mark.parametrize("how", LOGS)
def test_the_log_of_the_index_spoiled_changes_no_answer(
    ilocal: Ilocal, registry: Path, expected: list[Result], how: str
) -> None:
    folder = database.get_index_folder(registry)
    kept = folder.with_name("kept")
    with closing(sqlite3.connect(find_index_file(registry))) as connection, connection:
        connection.execute("UPDATE file SET stamp = ''")  # something to be in the log
        connection.commit()
        shutil.copytree(folder, kept)

    def spoil() -> None:
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        path = find_index_file(registry)
        for end, change in LOGS[how].items():
            change(path.with_name(path.name + end))

    check_all(ilocal, registry, expected, spoil)


@pytest.mark.promise("P13")
@pytest.mark.long
@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null/cache", "a file"])
def test_a_cache_folder_that_cannot_be_made_changes_no_answer(
    ilocal: Ilocal, registry: Path, expected: list[Result], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (registry.parent / "a file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", place if place[0] == "/" else str(registry.parent / place))
    check_all(ilocal, registry, expected, lambda: None)


@contextmanager
def read_only(folder: Path) -> Iterator[bool]:
    """Make a folder read-only; yield False for users who may write anyway."""
    folder.chmod(0o500)
    try:
        yield not os.access(folder, os.W_OK)
    finally:
        folder.chmod(0o700)


@pytest.mark.promise("P13")
@pytest.mark.long
@pytest.mark.parametrize("state", ["cold", "fresh", "stale"])
def test_a_cache_folder_that_is_not_ours_to_write_changes_no_answer(
    process: Ilocal, ilocal: Ilocal, registry: Path, tmp_path: Path, expected: list[Result], state: str
) -> None:
    prepare_index(state, process, registry)
    (tmp_path / "cache" / "ilocal").mkdir(parents=True, exist_ok=True)
    with read_only(
        next((tmp_path / "cache").rglob("*.sqlite"), tmp_path / "cache" / "ilocal" / "x").parent
    ) as is_closed:
        if not is_closed:
            pytest.skip("root may write everywhere")
        assert [process(*question) for question in QUESTIONS] == expected


def prepare_index(state: str, process: Ilocal, registry: Path) -> None:
    """Let there be an index that knows the registry, another text, or nothing."""
    if state == "stale":
        registry.write_text(FOUR_EVENTS[: FOUR_EVENTS.index("# Attached")], encoding="utf-8")
    if state != "cold":
        assert process("list").code == 0
    registry.write_text(FOUR_EVENTS, encoding="utf-8")
    os.utime(registry, (1, 1))


@pytest.mark.promise("P13")
@pytest.mark.long
@pytest.mark.parametrize("most", [0, 1000, 4096, 30_000])
@pytest.mark.parametrize("state", ["cold", "fresh", "stale"])
def test_a_full_disk_changes_no_answer(
    process: Ilocal, registry: Path, tmp_path: Path, expected: list[Result], state: str, most: int
) -> None:
    prepare_index(state, process, registry)
    for question, answer in list(zip(QUESTIONS, expected, strict=True))[:3:2]:
        limited = subprocess.Popen(
            [sys.executable, "-m", "ilocal", *question],
            cwd=tmp_path,
            env=make_environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),  # noqa: PLW1509
        )
        assert wait_for_result(limited) == answer
    assert not list((tmp_path / "cache").rglob("*.tmp*"))


@pytest.mark.promise("P13")
@pytest.mark.long
@needs_strace
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("state", ["cold", "stale"])
def test_an_index_that_cannot_be_written_changes_no_answer(
    process: Ilocal, registry: Path, tmp_path: Path, expected: list[Result], state: str, error: str
) -> None:
    prepare_index(state, process, registry)
    inject = ("-e", "trace=pwrite64", "-e", f"inject=pwrite64:error={error}")
    command = ["strace", "-f", "-o", "/dev/null", *inject, sys.executable, "-m", "ilocal", *QUESTIONS[0]]
    done = subprocess.Popen(
        command, cwd=tmp_path, env=make_environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert wait_for_result(done) == expected[0]


@pytest.mark.process
@pytest.mark.promise("P13")
@pytest.mark.long
def test_processes_that_make_and_delete_the_index_at_once_all_answer(registry: Path, tmp_path: Path) -> None:
    script = """
import contextlib, shutil, sys
from pathlib import Path
from ilocal.cli.main import run_command_line as run
for n in range(12):
    if n % 3 == 0:
        shutil.rmtree("cache", ignore_errors=True)
    if n % 3 == 1:
        with contextlib.suppress(FileNotFoundError):  # another of these was faster
            for path in Path("cache").rglob("*.sqlite*"):
                path.unlink(missing_ok=True)
    assert run(["list", "-f", "ids"]) == 0
"""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script], cwd=tmp_path, env=make_environment(tmp_path), stdout=-1, stderr=-1
        )
        for _ in range(3)
    ]
    ids = "2020-khao-sat\n2020-hop\n2019-dien-dan\ntba-hoi-nghi\n"
    assert [wait_for_result(process) for process in running] == [(0, ids * 12, "")] * 3


@pytest.mark.promise("P13")
def test_an_answer_that_has_begun_is_finished_when_the_index_breaks(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text("".join(f'[[event]]\ntitle = "event {n:04}"\n' for n in range(500)), encoding="utf-8")
    query = Query(sort="title")
    expected = [event.title for event in Registry(registry).select(query)]
    index = open_index(registry)
    rows = select_events_from_index(index, query)
    found = [next(rows).title for _ in range(3)]
    index.close()
    assert found + [event.title for event in rows] == expected


@pytest.mark.promise("P13")
def test_a_damaged_index_is_replaced_and_not_built_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR_EVENTS, encoding="utf-8")
    os.utime(registry, (1, 1))
    assert len(list_titles(registry)) == 4
    with find_index_file(registry).open("r+b") as file:
        file.seek(4096)
        file.write(bytes(4096 * 3))
    assert len(list_titles(registry)) == 4
    built = find_index_file(registry)
    assert len(list_titles(registry)) == 4
    assert find_index_file(registry) == built


def test_a_write_needs_no_database_not_even_in_memory(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise sqlite3.OperationalError("no such module: fts5")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    write_and_undo(registry)


def test_a_write_needs_no_sqlite_in_python(registry: Path) -> None:
    code = (
        "import sys; sys.modules['sqlite3'] = None\n"
        "from pathlib import Path; from tests.support.registry import write_and_undo\n"
        "write_and_undo(Path(sys.argv[1]))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(registry)], cwd=ROOT, env=make_environment(registry.parent), check=True
    )
