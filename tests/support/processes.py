"""Processes of the program that are stopped, killed or traced at a named place of a write."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Result, environment

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None
    or subprocess.run(["strace", "-qq", "true"], capture_output=True, check=False).returncode != 0,
    reason="strace is not installed, or may not trace here",
)


def start(
    folder: Path, *arguments: str, wrapper: tuple[str, ...] = (), env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Begin a command in a folder."""
    return subprocess.Popen(
        [*wrapper, sys.executable, "-m", "ilocal", *arguments],
        cwd=folder,
        env=environment(folder) | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )


def ended(process: subprocess.Popen[bytes], timeout: float = 60) -> Result:
    """What a process left in the end."""
    out, err = process.communicate(timeout=timeout)
    return Result(process.returncode, out.decode(), err.decode())


@contextmanager
def stopped_at(place: str, folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command that stands still at a failpoint, and goes on when the block ends."""
    process = start(folder, *arguments, env={"ILOCAL_FAILPOINT": f"{place}:stop"})
    try:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), f"it never came to {place}"
        yield process
    finally:
        process.send_signal(signal.SIGCONT)


def litter(folder: Path) -> list[str]:
    """What no command may leave in the folder of a registry."""
    return sorted(path.name for path in folder.iterdir() if path.name.endswith((".tmp", ".swap")))
