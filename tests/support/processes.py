"""Processes of the program that are stopped or killed at a named place of a write."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.cli import Result, make_environment
from tests.support.forked_program import PipedProgram


def start_command(
    folder: Path, *arguments: str, wrapper: tuple[str, ...] = (), env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Begin a command in a folder."""
    return subprocess.Popen(
        [*wrapper, sys.executable, "-m", "ilocal", *arguments],
        cwd=folder,
        env=make_environment(folder) | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )


def wait_for_result(process: subprocess.Popen[bytes] | PipedProgram, timeout: float = 180) -> Result:
    """Wait for a process to end, and return its result."""
    out, err = process.communicate(timeout=timeout)
    assert process.returncode is not None
    return Result(process.returncode, out.decode(), err.decode())


@contextmanager
def stop_at_failpoint(place: str, folder: Path, *arguments: str) -> Iterator[PipedProgram]:
    """Stop a command at a failpoint; it goes on when the block ends."""
    environment = make_environment(folder) | {"ILOCAL_FAILPOINT": f"{place}:stop"}
    process = PipedProgram(arguments, folder, environment)
    try:
        assert process.wait_for_stop(), f"it never came to {place}"
        yield process
    finally:
        process.send_signal(signal.SIGCONT)


def find_leftovers(folder: Path) -> list[str]:
    """Return files that no command may leave in the folder of a registry."""
    return sorted(path.name for path in folder.iterdir() if path.name.endswith((".tmp", ".swap")))


def run_shell_line(folder: Path, line: str) -> Result:
    done = subprocess.run(
        ["bash", "-c", line.replace("ilocal ", f"{sys.executable} -m ilocal ")],
        cwd=folder,
        env=make_environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)
