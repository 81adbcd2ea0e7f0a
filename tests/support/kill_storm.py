"""Workers that write to one registry until they are killed, and their logs, for `test_kills`.

`python -m tests.support.kill_storm REGISTRY FOLDER SEED KILLS` imports the program once and forks its workers, so that
they start as fast as they are killed. Sometimes all are stopped and the file is saved by hand.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from ilocal.cli import main as cli_main
from ilocal.cli.termination import find_termination_signal, install_termination_handlers
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.storage.changes.text_delta import EventEdit
from ilocal.workspace import Registry

State = dict[str, str]  # title by id, of the events of one worker
WRITERS = [f"w{n}" for n in range(8)]
DONE = os.pipe()  # takes a byte for each write that was answered


class Worker:
    """A writer: adds, edits, removes, imports and undoes events whose ids begin with its name."""

    def __init__(self, registry: Path, folder: Path, name: str, seed: str) -> None:
        self.registry, self.folder, self.name = registry, folder, name
        self._random = Random(seed)
        self._history = os.open(folder / f"{name}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._count = int(seed.rpartition("-")[2]) * 10_000

    def note(self, *what: object) -> None:
        """Write a line of the history, in one system call."""
        os.write(self._history, (json.dumps(what) + "\n").encode())

    def work(self) -> None:
        """Run one command after the other, and log each before and after."""
        state = self.seen()
        self.note("seen", state)
        while True:
            arguments, after = self._step(state)
            self.note("begin", arguments, after)
            code, said = run_captured("-r", str(self.registry), *arguments)
            if code > 128:
                return  # interrupted: the result is unknown
            self.note("done", code, said)
            os.write(DONE[1], b".")
            state = after if code == 0 else state

    def seen(self) -> State:
        """Return the worker's own events in their current state."""
        workspace = Registry(self.registry)
        try:
            found = workspace.select(Query())
            return {event.id: event.title for event in found if event.id.startswith(f"{self.name}-")}
        finally:
            workspace.close()

    def _step(self, state: State) -> tuple[list[str], State]:
        """Return a command, and the worker's events after it."""
        self._count += 1
        kinds: list[Callable[[State], tuple[list[str], State]]] = [self._add, self._import]
        if state:
            kinds += [self._edit, self._edit, self._remove, self._undo]
        return self._random.choice(kinds)(dict(state))

    def _add(self, state: State) -> tuple[list[str], State]:
        id, title = f"{self.name}-{self._count}", f"việc {self.name} {self._count}"
        return ["add", title, "2020-05-05", "--id", id, "--force"], state | {id: title}

    def _edit(self, state: State) -> tuple[list[str], State]:
        id, title = self._random.choice(sorted(state)), f"sửa {self.name} {self._count}"
        return ["edit", id, "--title", title], state | {id: title}

    def _remove(self, state: State) -> tuple[list[str], State]:
        id = self._random.choice(sorted(state))
        return ["remove", id, "--yes"], {other: title for other, title in state.items() if other != id}

    def _import(self, state: State) -> tuple[list[str], State]:
        ids = [*self._random.sample(sorted(state), min(2, len(state))), f"{self.name}-{self._count}"]
        new = {id: f"nhập {id} {self._count}" for id in ids}
        path = self.folder / f"{self.name}-{self._count}.in.jsonl"
        lines = (json.dumps({"id": id, "title": title, "start": "2020-06-01"}) for id, title in new.items())
        path.write_text("\n".join(lines), encoding="utf-8")
        return ["import", str(path), "--update"], state | new

    def _undo(self, state: State) -> tuple[list[str], State]:
        for write in Registry(self.registry).undo_history():
            undone = write.inverse_edits
            if undone and all(edit.id.startswith(f"{self.name}-") for edit in undone):
                return ["undo", str(write.number)], apply_edits(state, undone)
        return self._add(state)


def apply_edits(state: State, edits: list[EventEdit]) -> State:
    """Return the events after edits, each identified by its lines."""
    from ilocal.storage.loader import parse_event_block

    for edit in edits:
        state.pop(edit.id, None)
        if edit.after is not None:
            event: Event = parse_event_block(edit.after.text)
            state[edit.id] = event.title
    return state


def run_captured(*arguments: str) -> tuple[int, str]:
    """Run the program in this process; return its exit code and its output."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = cli_main.run_command_line(arguments)
    return code, said.buffer.getvalue().decode()


def ask_again(registry: Path, folder: Path) -> None:
    """Run the same queries again and again, and log each answer."""
    history = os.open(folder / "reader.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    while True:
        for question in (["list", "-f", "ids"], ["search", "khảo sát", "-f", "ids"]):
            code, said = run_captured("-r", str(registry), *question)
            os.write(history, (json.dumps([code, said]) + "\n").encode())


def fork_worker(registry: Path, folder: Path, name: str, seed: str) -> int:
    """Begin a worker, or a reader where the name is "reader"; returns the number of its process."""
    # Python's own actions after a fork must not be interrupted, as it would report that on stderr.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        return child
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        install_termination_handlers()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if name == "reader":
            ask_again(registry, folder)
        else:
            Worker(registry, folder, name, seed).work()
    except BaseException as error:
        if find_termination_signal(error) is None:
            import traceback

            with (folder / "broken").open("a", encoding="utf-8") as file:
                file.write(f"{name} {seed}: {error!r}\n{traceback.format_exc()}\n")
    finally:
        os._exit(0)


# -------------------------------------------------------------------------------------------------------------- storm


class Storm:
    """The workers, and what happens to them."""

    def __init__(self, registry: Path, folder: Path, seed: str) -> None:
        self.registry, self.folder, self.seed = registry, folder, seed
        self.random = Random(seed)
        self.killed = self.saved = 0
        self._generation = 0
        self._living: dict[str, int] = {}
        for name in (*WRITERS, "reader"):
            self._begin(name)

    def _begin(self, name: str) -> None:
        self._generation += 1
        self._living[name] = fork_worker(self.registry, self.folder, name, f"{self.seed}-{name}-{self._generation}")

    def strike(self) -> None:
        """Send a signal to a writer after some writes, at any moment; who died is followed by another one."""
        for _ in range(self.random.randrange(6)):
            if select.select([DONE[0]], [], [], 1.0)[0]:
                os.read(DONE[0], 1)
        time.sleep(self.random.uniform(0, 0.02))
        number = self.random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
        os.kill(self._living[self.random.choice(WRITERS)], number)
        time.sleep(0.002)
        for name, process in list(self._living.items()):
            if os.waitpid(process, os.WNOHANG)[0]:
                self.killed += 1
                self._begin(name)

    def save(self) -> None:
        """Save the file by hand, in place or by rename, with another comment, while every worker is stopped."""
        for name, process in list(self._living.items()):
            os.kill(process, signal.SIGSTOP)
            if not os.WIFSTOPPED(os.waitpid(process, os.WUNTRACED)[1]):
                self.killed += 1
                self._begin(name)  # it had been about to die
                os.kill(self._living[name], signal.SIGSTOP)
                os.waitpid(self._living[name], os.WUNTRACED)
        self.saved += 1
        data = re.sub(rb"^# .*", b"# Saved by hand: %d" % self.saved, self.registry.read_bytes())
        if self.random.random() < 0.5 or not save_unless_leased(self.registry, data):
            new = self.registry.with_name("saved~")
            new.write_bytes(data)
            new.replace(self.registry)
        for process in self._living.values():
            os.kill(process, signal.SIGCONT)

    def end(self) -> None:
        """Kill all that live."""
        for process in self._living.values():
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            self.killed += 1


def save_unless_leased(path: Path, data: bytes) -> bool:
    """Save a text in place; return False if a stopped worker has a lease on the file."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except BlockingIOError:
        return False
    os.write(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.close(descriptor)
    return True


def import_modules(folder: Path) -> None:
    """Import all modules, so that forked workers write immediately."""
    worker = Worker(folder / "warm.toml", folder, "warm", "warm-0")
    run_captured("init", str(worker.registry))
    for step in (worker._add, worker._edit, worker._import, worker._undo, worker._remove):
        arguments, _ = step({"warm-0": "?"})
        assert run_captured("-r", str(worker.registry), *arguments)[0] == 0, arguments
    worker.seen()


def main(registry: str, folder: str, seed: str, kills: str) -> None:
    """Print how many workers were ended, and how often the file was saved."""
    import_modules(Path(folder))
    storm = Storm(Path(registry), Path(folder), seed)
    try:
        for n in range(int(kills)):
            storm.strike()
            if n % 4 == 3:
                storm.save()
    finally:
        storm.end()
    print(json.dumps([storm.killed, storm.saved]))


if __name__ == "__main__":
    main(*sys.argv[1:])
