"""Files written whole or not at all: durable, with their links and modes, and nothing left behind."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ilocal.errors import DurabilityError, RegistryError
from ilocal.model.event import Event
from ilocal.storage import atomic_write, signals
from ilocal.workspace import Registry
from tests.support.cli import Ilocal, make_environment
from tests.support.forked_program import run_program
from tests.support.processes import find_leftovers
from tests.support.registry import FOUR_EVENTS
from tests.support.traced_program import needs_strace, run_traced_program


def warm_index(registry: Path, folder: Path) -> None:
    """Let the index be fresh and stay so: then a command writes nothing but the registry."""
    os.utime(registry, (1, 1))
    assert run_program(("list",), folder, make_environment(folder)).code == 0


@pytest.mark.process
@pytest.mark.promise("P1")
@needs_strace
def test_the_id_is_printed_only_when_file_and_folder_are_on_disk(registry: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2,write,flock"
    options = ("-f", "-y", "-s", "200", "-o", str(trace), "-e", calls)
    result = run_traced_program(("add", "Mới", "2020-03-01"), tmp_path, make_environment(tmp_path), options)
    assert result == (0, "2020-moi\n", "")
    steps: list[str] = []
    for line in trace.read_text(encoding="utf-8").splitlines():
        for name, pattern in {
            "lock": r"flock\(\d+<.*events.toml>, LOCK_EX",
            "write": r"write\(\d+<.*\.events\.toml\.\w+\.tmp>",
            "sync file": r"fsync\(\d+<.*\.events\.toml\.\w+\.tmp>\) += 0",
            "rename": r"renameat2\(.*\.swap\", .*/events\.toml\", RENAME_EXCHANGE",
            "sync folder": rf"fsync\(\d+<{re.escape(str(tmp_path))}>\) += 0",
            "print": r"write\(1<.*\"2020-moi",
        }.items():
            if re.search(pattern, line) and steps[-1:] != [name]:
                steps.append(name)
    assert steps == ["lock", "write", "sync file", "rename", "sync folder", "print"]


@pytest.mark.process
@pytest.mark.promise("P8")
@needs_strace
@pytest.mark.parametrize("error", ["ENOSPC", pytest.param("EIO", marks=pytest.mark.long)])
@pytest.mark.parametrize(("call", "code"), [("fsync", 3), ("rename", 3), ("renameat2", 3), ("fchmod", 3)])
def test_an_error_of_the_system_changes_nothing_and_leaves_nothing(
    registry: Path, tmp_path: Path, call: str, code: int, error: str
) -> None:
    warm_index(registry, tmp_path)
    inject = ("-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when=1")
    result = run_traced_program(("add", "Mới"), tmp_path, make_environment(tmp_path), inject)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith("ilocal: events.toml: ")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert find_leftovers(tmp_path) == []


@pytest.mark.process
@pytest.mark.promise("P8")
@needs_strace
def test_a_folder_that_cannot_be_synced_is_exit_6(registry: Path, tmp_path: Path) -> None:
    warm_index(registry, tmp_path)
    inject = ("-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=2")
    result = run_traced_program(("add", "Mới"), tmp_path, make_environment(tmp_path), inject)
    assert (result.code, result.out) == (6, "")
    assert "saved, but not confirmed to be on disk" in result.err
    assert "Mới" in registry.read_text(encoding="utf-8")


@pytest.mark.promise("P2")
def test_an_error_while_changing_writes_nothing(registry: Path) -> None:
    with pytest.raises(ZeroDivisionError), Registry(registry).transaction() as draft:
        draft.add(Event("Mới"))
        raise ZeroDivisionError
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.promise("P11")
def test_links_and_modes_are_kept(registry: Path, tmp_path: Path, process: Ilocal) -> None:
    registry.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(registry)
    assert process("-r", "link.toml", "add", "Mới").out == "tba-moi\n"
    assert link.is_symlink()
    assert registry.stat().st_mode & 0o777 == 0o640
    assert registry.read_text(encoding="utf-8").startswith(FOUR_EVENTS)


@pytest.mark.promise("P11")
@pytest.mark.parametrize("make", ["fifo", "folder", "socket"])
def test_what_is_no_regular_file_is_refused_without_a_hang(tmp_path: Path, process: Ilocal, make: str) -> None:
    path = tmp_path / "events.toml"
    if make == "fifo":
        os.mkfifo(path)
    elif make == "folder":
        path.mkdir()
    else:
        import socket

        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    for command in (("list",), ("add", "a"), ("check",)):
        result = process("-r", "events.toml", *command)
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith("ilocal: events.toml: ")


@pytest.mark.promise("P10")
def test_a_read_only_file_stays_as_it_is(registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.chmod(0o444)
    if os.access(registry, os.W_OK):  # root may write anything: say what the system would say to others
        monkeypatch.setattr(os, "access", lambda *_: False)
    with (
        pytest.raises(RegistryError, match="read-only; nothing was changed"),
        Registry(registry).transaction() as draft,
    ):
        draft.add(Event("Mới"))
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


@pytest.mark.promise("P2")
def test_output_to_a_file_is_whole_or_not_at_all(registry: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")

    def broken() -> object:
        yield "new"
        raise RegistryError("no more")

    with pytest.raises(Exception, match="no more"):
        atomic_write.write_file_atomically(target, broken())  # type: ignore[arg-type]
    assert target.read_text(encoding="utf-8") == "old"
    assert find_leftovers(tmp_path) == []
    atomic_write.write_file_atomically(target, ["new\n"])
    signals.unblock_signals()
    assert target.read_bytes() == b"new\n"


@pytest.mark.promise("P10")
def test_a_read_only_file_is_not_written_over_by_an_answer(
    registry: Path, tmp_path: Path, ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o444)
    if os.access(target, os.W_OK):  # root may write anything: say what the system would say to others
        monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    for command in (("export", "a.csv"), ("list", "-o", "a.csv")):
        assert ilocal(*command) == (2, "", "ilocal: a.csv: read-only; nothing was changed\n")
    assert target.read_text(encoding="utf-8") == "old"
    assert find_leftovers(tmp_path) == []


@pytest.mark.promise("P11")
def test_a_file_with_two_names_is_not_written_over_by_an_answer(
    registry: Path, tmp_path: Path, process: Ilocal
) -> None:
    target, other = tmp_path / "a.csv", tmp_path / "b.csv"
    target.write_text("old", encoding="utf-8")
    os.link(target, other)
    for command in (("export", "a.csv"), ("list", "-o", "a.csv")):
        assert process("--lang", "en", *command) == (
            2,
            "",
            "ilocal: a.csv: replacing the file would break its 2 hard links; nothing was changed\n"
            "hint: use a copy or a symbolic link instead\n",
        )
    assert target.samefile(other)
    assert target.read_text(encoding="utf-8") == "old"
    assert find_leftovers(tmp_path) == []


@pytest.mark.promise("P9", "P12")
@pytest.mark.parametrize("what", ["int", "term"])
def test_a_signal_after_an_answer_is_in_place_changes_no_exit_code(
    registry: Path, tmp_path: Path, process: Ilocal, what: str
) -> None:
    assert process("export", "a.csv", env={"ILOCAL_FAILPOINT": f"folder:{what}"}).code == 0
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").count("\n") >= 4
    before = process("list", "-o", "b.csv", env={"ILOCAL_FAILPOINT": f"synced:{what}"})
    assert before.code in (130, 143)
    assert not (tmp_path / "b.csv").exists()
    assert find_leftovers(tmp_path) == []


@pytest.mark.promise("P8")
def test_an_error_after_the_rename_says_so(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "O_DIRECTORY", 0o100)  # O_CREAT: a folder cannot be opened so
    with (
        pytest.raises(DurabilityError, match="saved, but not confirmed to be on disk"),
        Registry(registry).transaction() as draft,
    ):
        draft.add(Event("Mới"))
    assert "Mới" in registry.read_text(encoding="utf-8")
