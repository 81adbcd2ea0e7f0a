"""The write path, with real processes and files: durable, atomic, one writer at a time, nothing left behind."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from ilocal import files, lock, swap
from ilocal.errors import ConflictError, NotDurableError, RegistryError
from ilocal.event import Event
from ilocal.query import Query
from ilocal.workspace import Workspace
from tests.conftest import FOUR, Ilocal
from tests.support.processes import ended, litter, needs_strace, start


def warmed(registry: Path, folder: Path) -> None:
    """Let the index be fresh and stay so: then a command writes nothing but the registry."""
    os.utime(registry, (1, 1))
    process = start(folder, "list")
    process.communicate(timeout=60)
    assert process.returncode == 0


@pytest.mark.promise("P1")
@needs_strace
def test_the_id_is_printed_only_when_file_and_folder_are_on_disk(registry: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2,write,flock"
    process = start(
        tmp_path, "add", "Mới", "2020-03-01", wrapper=("strace", "-f", "-y", "-s", "200", "-o", str(trace), "-e", calls)
    )
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, b"2020-moi\n", b"")
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


@pytest.mark.promise("P8")
@needs_strace
@pytest.mark.parametrize("error", ["ENOSPC", pytest.param("EIO", marks=pytest.mark.long)])
@pytest.mark.parametrize(("call", "code"), [("fsync", 3), ("rename", 3), ("renameat2", 3), ("fchmod", 3)])
def test_an_error_of_the_system_changes_nothing_and_leaves_nothing(
    registry: Path, tmp_path: Path, call: str, code: int, error: str
) -> None:
    warmed(registry, tmp_path)
    inject = ("strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when=1")
    process = start(tmp_path, "add", "Mới", wrapper=inject)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, b"")
    assert err.startswith(b"ilocal: events.toml: ")
    assert registry.read_text(encoding="utf-8") == FOUR
    assert litter(tmp_path) == []


@pytest.mark.promise("P8")
@needs_strace
def test_a_folder_that_cannot_be_synced_is_exit_6(registry: Path, tmp_path: Path) -> None:
    warmed(registry, tmp_path)
    inject = ("strace", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=2")
    process = start(tmp_path, "add", "Mới", wrapper=inject)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (6, b"")
    assert b"saved, but not known to be on disk" in err
    assert "Mới" in registry.read_text(encoding="utf-8")


@pytest.mark.promise("P4")
def test_readers_never_wait_and_never_fail_while_somebody_writes(registry: Path) -> None:
    workspace = Workspace(registry)
    stop = threading.Event()
    seen: list[int] = []

    def look() -> None:
        while not stop.is_set():
            seen.append(len(list(Workspace(registry).select(Query()))))

    reader = threading.Thread(target=look)
    reader.start()
    while not seen:
        time.sleep(0.001)
    for n in range(15):
        with workspace.changing() as draft:
            draft.add(Event(f"Sự kiện {n}"))
    stop.set()
    reader.join()
    assert (seen[0], seen) == (4, sorted(seen))
    assert set(seen) <= set(range(4, 20))


@pytest.mark.promise("P3")
def test_a_held_lock_ends_in_exit_5_and_a_killed_holder_leaves_none(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"import fcntl, time; f = open({str(registry)!r}); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with (
            pytest.raises(ConflictError, match="locked by another program; nothing was changed"),
            lock.locked(registry, 0.05),
        ):
            pass
        process = start(tmp_path, "add", "Mới")
        holder.send_signal(signal.SIGKILL)
        assert process.communicate(timeout=60)[0] == b"tba-moi\n"
    finally:
        holder.kill()
        holder.communicate()


@pytest.mark.promise("P3")
@pytest.mark.parametrize(
    ("last_write", "freed", "waited"), [(0, 99, 11), (20, 99, 31), (20, 25, 25), (99, 99, 61)]
)  # fmt: skip
def test_a_queue_that_moves_on_is_waited_for_and_one_that_stands_still_is_not(
    registry: Path, monkeypatch: pytest.MonkeyPatch, last_write: int, freed: int, waited: int
) -> None:
    holder = os.open(registry.parent, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    seconds = 0

    def sleep(_: float) -> None:
        nonlocal seconds
        seconds += 1
        if seconds <= last_write:  # what another writer does to the folder
            os.utime(registry.parent, (seconds, seconds))
        if seconds == freed:
            fcntl.flock(holder, fcntl.LOCK_UN)

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: float(seconds))
    outcome: AbstractContextManager[object] = (
        nullcontext() if freed < 99 else pytest.raises(ConflictError, match="nothing was changed")
    )
    with outcome, lock.locked(registry):
        pass
    os.close(holder)
    assert seconds == waited


@pytest.mark.promise("P3")
def test_who_waited_for_a_file_that_was_replaced_locks_the_new_one(registry: Path, tmp_path: Path) -> None:
    with lock.locked(registry):
        process = start(tmp_path, "add", "Mới")
        new = tmp_path / "new.toml"
        new.write_text('[[event]]\ntitle = "thay"\n', encoding="utf-8")
        new.replace(registry)
    assert process.communicate(timeout=60) == (b"tba-moi\n", b"")
    assert 'title = "thay"' in registry.read_text(encoding="utf-8")


@pytest.mark.promise("P2")
def test_an_error_while_changing_writes_nothing(registry: Path) -> None:
    with pytest.raises(ZeroDivisionError), Workspace(registry).changing() as draft:
        draft.add(Event("Mới"))
        raise ZeroDivisionError
    assert registry.read_text(encoding="utf-8") == FOUR


@pytest.mark.promise("P11")
def test_links_and_modes_are_kept(registry: Path, tmp_path: Path, process: Ilocal) -> None:
    registry.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(registry)
    assert process("-r", "link.toml", "add", "Mới").out == "tba-moi\n"
    assert link.is_symlink()
    assert registry.stat().st_mode & 0o777 == 0o640
    assert registry.read_text(encoding="utf-8").startswith(FOUR)


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
    with pytest.raises(RegistryError, match="read-only; nothing was changed"), Workspace(registry).changing() as draft:
        draft.add(Event("Mới"))
    assert registry.read_text(encoding="utf-8") == FOUR


@pytest.mark.promise("P2")
def test_output_to_a_file_is_whole_or_not_at_all(registry: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")

    def broken() -> object:
        yield "new"
        raise RegistryError("no more")

    with pytest.raises(Exception, match="no more"):
        files.write_output(target, broken())  # type: ignore[arg-type]
    assert target.read_text(encoding="utf-8") == "old"
    assert litter(tmp_path) == []
    files.write_output(target, ["new\n"])
    swap.release_signals()
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
    assert litter(tmp_path) == []


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
            "ilocal: a.csv: has 2 names (hard links), and would keep one; nothing was changed\n"
            "hint: make a copy of it, or a symbolic link\n",
        )
    assert target.samefile(other)
    assert target.read_text(encoding="utf-8") == "old"
    assert litter(tmp_path) == []


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
    assert litter(tmp_path) == []


@pytest.mark.promise("P8")
def test_an_error_after_the_rename_says_so(registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "O_DIRECTORY", 0o100)  # O_CREAT: a folder cannot be opened so
    with (
        pytest.raises(NotDurableError, match="saved, but not known to be on disk"),
        Workspace(registry).changing() as draft,
    ):
        draft.add(Event("Mới"))
    assert "Mới" in registry.read_text(encoding="utf-8")


@pytest.mark.promise("P3")
def test_the_lock_is_on_the_registry_itself_and_gone_afterwards(registry: Path) -> None:
    with Workspace(registry).changing() as draft:
        draft.add(Event("Mới"))
        with registry.open() as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with registry.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert sorted(path.name for path in registry.parent.iterdir()) == ["events.toml"]


@pytest.mark.promise("P3", "P12")
def test_a_registry_whose_maker_was_killed_before_its_other_name_was_gone_can_be_written(
    registry: Path, tmp_path: Path, process: Ilocal
) -> None:
    os.link(registry, tmp_path / ".events.toml.0123456789ab.tmp")
    assert process("add", "Mới") == (0, "tba-moi\n", "")
    assert litter(tmp_path) == []
    assert registry.read_text(encoding="utf-8").startswith(FOUR)


@pytest.mark.promise("P12")
def test_files_of_other_programs_with_names_like_ours_stay(registry: Path, tmp_path: Path, process: Ilocal) -> None:
    names = [".events.toml.notes.tmp", ".events.toml.1-2-3.swap", ".events.toml.0123456789AB.tmp", ".a.csv.x.tmp"]
    for name in names:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    (tmp_path / ".events.toml.0123456789ab.tmp").write_text("ours", encoding="utf-8")
    assert process("add", "Mới").code == 0
    assert process("list", "-o", "a.csv").code == 0
    assert litter(tmp_path) == sorted(names)


@pytest.mark.promise("P11")
@pytest.mark.parametrize("name", [".events.toml.1-2-3-4.swap", ".events.toml.0123456789ab.tmp"])
def test_what_is_no_file_is_none_of_ours_whatever_it_is_called(
    registry: Path, tmp_path: Path, process: Ilocal, name: str
) -> None:
    os.mkfifo(tmp_path / name)
    assert process("add", "Mới") == (0, "tba-moi\n", "")
    assert litter(tmp_path) == [name]


@pytest.mark.promise("P3")
@needs_strace
@pytest.mark.parametrize("error", ["EBADF", "ENOLCK", "EOPNOTSUPP"])
def test_where_a_file_cannot_be_locked_the_lock_on_its_folder_does(registry: Path, tmp_path: Path, error: str) -> None:
    inject = ("strace", "-o", "/dev/null", "-e", "trace=flock", "-e", f"inject=flock:error={error}:when=2")
    assert ended(start(tmp_path, "add", "Mới", wrapper=inject)) == (0, "tba-moi\n", "")


@pytest.mark.promise("P12")
def test_what_a_killed_init_left_of_the_schema_is_cleared(tmp_path: Path, process: Ilocal) -> None:
    (tmp_path / "events.toml").write_text(FOUR, encoding="utf-8")
    (tmp_path / ".ilocal.schema.json.0123456789ab.tmp").write_text("{", encoding="utf-8")
    assert process("add", "Mới").code == 0
    assert litter(tmp_path) == []


@pytest.mark.promise("P2", "P6")
@needs_strace
@pytest.mark.long
@pytest.mark.parametrize("error", ["EINVAL", "ENOSYS"])
def test_on_a_disk_that_knows_no_exchange_of_names_all_is_written_the_same(
    tmp_path: Path, process: Ilocal, error: str
) -> None:
    inject = ("strace", "-o", "/dev/null", "-e", "trace=renameat2", "-e", f"inject=renameat2:error={error}")
    (tmp_path / "events.toml").write_text(FOUR, encoding="utf-8")
    for command in (
        ("init", "new.toml"), ("split", "years"), ("-r", "years", "add", "Mới", "2024"), ("-r", "years", "undo"),
        ("-r", "years", "join", "one.toml"), ("-r", "one.toml", "edit", "2020-hop", "--title", "Khác"),
    ):  # fmt: skip
        assert ended(start(tmp_path, *command, wrapper=inject)).code == 0, command
    assert [litter(folder) for folder in (tmp_path, tmp_path / "years")] == [[], []]
    assert process("-r", "new.toml", "list", "-f", "ids").out == ""
    assert process("-r", "years", "list", "-f", "ids").out.count("\n") == 4
    assert 'title = "Khác"' in (tmp_path / "one.toml").read_text(encoding="utf-8")
    again = ended(start(tmp_path, "-r", "years", "join", "one.toml", wrapper=inject))
    assert again == (5, "", "ilocal: one.toml: there is already a file; nothing was changed\n")
    assert ended(start(tmp_path, "split", "years", wrapper=inject)).code == 5


@pytest.mark.promise("P2", "P8")
def test_where_the_exchange_cannot_be_loaded_the_file_is_renamed(
    registry: Path, ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ctypes", None)  # as where the disk fails just then
    assert ilocal("add", "Mới") == (0, "tba-moi\n", "")
    assert 'id = "tba-moi"' in registry.read_text(encoding="utf-8")
    assert litter(registry.parent) == []
