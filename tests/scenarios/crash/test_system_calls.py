"""Every system call of a write, from the lock on, failing or ending the process: recorded in a clean run with strace.

CI fails each of the calls that change something about the files, of each command; the suite has the named places
(test_failpoints). `ILOCAL_CRASH=all pytest -m 'promise and long' tests/scenarios/crash` tries every call there is. The
program that is traced has imported its modules before, so that no call is one of Python's importer.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from compileall import compile_dir
from pathlib import Path
from typing import NamedTuple

import pytest

import ilocal
from tests.scenarios.crash.commands import COMMANDS, Stage
from tests.support.traced_program import needs_strace

pytestmark = [needs_strace, pytest.mark.promise("P1", "P2", "P8", "P12")]

WHICH = os.environ.get("ILOCAL_CRASH", "")  # taken here, as the tests themselves see no such variable
FAULTS = {"SIGKILL": "signal=KILL", "SIGINT": "signal=INT", "ENOSPC": "error=ENOSPC", "EIO": "error=EIO"}
# What is not about files: there the system has no such errors to give.
NO_FILES = (
    "brk",
    "exit",
    "futex",
    "getcwd",
    "getpid",
    "getrandom",
    "gete",
    "getu",
    "mmap",
    "mprotect",
    "munmap",
    "rt_",
)
OWN = (sys.prefix, sys.base_prefix, str(Path(ilocal.__file__).parent), "/usr/", "/lib", "/etc/", "/proc/")


class Call(NamedTuple):
    """A system call by its name and how often that name has been called before."""

    name: str
    ordinal: int
    text: str

    @property
    def is_ours(self) -> bool:
        """Whether it is about files that are not the program's own."""
        return not self.name.startswith(NO_FILES) and not any(
            f"<{path}" in self.text or f'"{path}' in self.text for path in OWN
        )


def record_calls(stage: Stage) -> list[Call]:
    """Return the calls of a clean run from the lock on."""
    compile_dir(Path(ilocal.__file__).parent, quiet=2)  # or other tests do it meanwhile, and the calls are others
    trace = stage.folder / "trace"
    stage.reset()
    assert stage.run(stage.write.arguments, strace=("-y", "-s", "300", "-o", str(trace))).code == 0
    seen: Counter[str] = Counter()
    calls = []
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        if found := re.match(r"(\w+)\(", line):
            seen[found.group(1)] += 1
            calls.append(Call(found.group(1), seen[found.group(1)], line))
    if stage.write.arguments[0] == "git":  # which holds no lock: git calls it
        first = next(n for n, call in enumerate(calls) if call.name == "openat" and '/base.toml"' in call.text)
    else:
        first = next(n for n, call in enumerate(calls) if call.name == "flock")
    return calls[first:-1]


def select_calls(calls: list[Call], fault: str, which: str, folder: Path) -> list[Call]:
    """Return the calls to fail: all, or those between which the registry may be in a different state."""
    found = [call for call in calls if fault.startswith("SIG") or call.is_ours]
    if which == "all":
        return found
    # Looking at a file changes nothing; the index is not the registry.
    looking = ("fcntl", "newfstatat", "fstat", "statx", "lseek", "pread64", "read", "getdents64", "ioctl")
    return [
        call
        for call in found
        if call.name not in looking and call.is_ours and "/cache/" not in call.text and f"{folder}" in call.text
    ]


def inject_fault(stage: Stage, call: Call, fault: str) -> bool:
    """Run the command with a fault at a call, and look at what is left; whether it came to that."""
    stage.reset()
    log = stage.folder / "log"
    what = f"inject={call.name}:{FAULTS[fault]}:when={call.ordinal}"
    strace = ("-o", str(log), "-e", f"trace={call.name}", "-e", what)
    result = stage.run(stage.write.arguments, strace=strace)
    # What cannot be removed is removed by the next write.
    is_cleared = fault != "SIGKILL" and not call.name.startswith(("unlink", "rmdir"))
    stage.check(result, f"{fault} at {call.name} {call.ordinal}: {call.text}", is_cleared=is_cleared)
    return log.read_text(encoding="utf-8", errors="replace").count(f"\n{call.name}(") + 1 >= call.ordinal


def inject_all(stage: Stage, fault: str, which: str) -> tuple[int, int]:
    """Fail each of the calls; how many it came to, and how many there were."""
    found = select_calls(record_calls(stage), fault, which, stage.folder)
    assert found
    return sum(inject_fault(stage, call, fault) for call in found), len(found)


@pytest.mark.process
@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_failure_at_any_call_leaves_the_old_text_or_the_new_one(
    tmp_path: Path, command: str, fault: str, figure: Callable[[str, int], None]
) -> None:
    hit, tried = inject_all(Stage(tmp_path, command), fault, WHICH)
    assert hit > 0.9 * tried, f"only {hit} of {tried} calls were reached: the runs differ"
    figure(f"system calls failed with {fault}", hit)
