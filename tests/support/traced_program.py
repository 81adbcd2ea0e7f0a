"""The program run under strace, which records its system calls or makes some of them fail.

strace is attached to a forked program that is stopped at its first step, as Python's own start under strace costs ten
times as much as the command itself.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.cli import Result
from tests.support.forked_program import PipedProgram

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None
    or subprocess.run(["strace", "-qq", "true"], capture_output=True, check=False).returncode != 0,
    reason="strace is not installed, or may not trace here",
)


def run_traced_program(
    arguments: tuple[str, ...],
    folder: Path,
    environment: Mapping[str, str],
    options: tuple[str, ...],
    *,
    timeout: float = 120,
) -> Result:
    """Run the program without stdin under `strace OPTIONS`, one of which is `-o`; raises TimeoutExpired."""
    process = PipedProgram(arguments, folder, environment, begins_stopped=True)
    assert process.wait_for_stop()
    command = ["strace", *options, "-p", str(process.pid)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as strace:
        assert strace.stderr
        said = strace.stderr.readline()
        try:
            assert said.endswith(b" attached\n"), said
            process.send_signal(signal.SIGCONT)
            out, err = process.communicate(timeout)
            strace.wait(timeout)  # it ends with the program
        finally:
            process.kill()
            strace.kill()
    assert process.returncode is not None
    return Result(process.returncode, out.decode(), err.decode())
