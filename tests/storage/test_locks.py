"""One writer at a time, and readers that never wait."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from ilocal.errors import ConflictError
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.storage import locks
from ilocal.workspace import Registry
from tests.support.cli import make_environment
from tests.support.processes import start_command
from tests.support.traced_program import needs_strace, run_traced_program


@pytest.mark.promise("P4")
def test_readers_never_wait_and_never_fail_while_somebody_writes(registry: Path) -> None:
    workspace = Registry(registry)
    stop = threading.Event()
    seen: list[int] = []

    def look() -> None:
        while not stop.is_set():
            seen.append(len(list(Registry(registry).select(Query()))))

    reader = threading.Thread(target=look)
    reader.start()
    while not seen:
        time.sleep(0.001)
    for n in range(15):
        with workspace.transaction() as draft:
            draft.add(Event(f"Sự kiện {n}"))
    stop.set()
    reader.join()
    assert (seen[0], seen) == (4, sorted(seen))
    assert set(seen) <= set(range(4, 20))


@pytest.mark.process
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
            locks.lock_registry(registry, 0.05),
        ):
            pass
        process = start_command(tmp_path, "add", "Mới")
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
    with outcome, locks.lock_registry(registry):
        pass
    os.close(holder)
    assert seconds == waited


@pytest.mark.process
@pytest.mark.promise("P3")
def test_who_waited_for_a_file_that_was_replaced_locks_the_new_one(registry: Path, tmp_path: Path) -> None:
    with locks.lock_registry(registry):
        process = start_command(tmp_path, "add", "Mới")
        new = tmp_path / "new.toml"
        new.write_text('[[event]]\ntitle = "thay"\n', encoding="utf-8")
        new.replace(registry)
    assert process.communicate(timeout=60) == (b"tba-moi\n", b"")
    assert 'title = "thay"' in registry.read_text(encoding="utf-8")


@pytest.mark.promise("P3")
def test_the_lock_is_on_the_registry_itself_and_gone_afterwards(registry: Path) -> None:
    with Registry(registry).transaction() as draft:
        draft.add(Event("Mới"))
        with registry.open() as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with registry.open() as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert sorted(path.name for path in registry.parent.iterdir()) == ["events.toml"]


@pytest.mark.process
@pytest.mark.promise("P3")
@needs_strace
@pytest.mark.parametrize("error", ["EBADF", "ENOLCK", "EOPNOTSUPP"])
def test_where_a_file_cannot_be_locked_the_lock_on_its_folder_does(registry: Path, tmp_path: Path, error: str) -> None:
    inject = ("-o", "/dev/null", "-e", "trace=flock", "-e", f"inject=flock:error={error}:when=2")
    result = run_traced_program(("add", "Mới"), tmp_path, make_environment(tmp_path), inject)
    assert result == (0, "tba-moi\n", "")
