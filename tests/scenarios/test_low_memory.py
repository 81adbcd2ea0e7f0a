"""P8, P16: where memory ends, a command ends with its exit code, and the registry is the old text or the new one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import make_environment
from tests.support.registry import FOUR_EVENTS

pytestmark = [
    pytest.mark.process,
    pytest.mark.promise("P8", "P16"),
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="/proc tells how much memory a process has"),
]

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# The program, once it is loaded, with so many bytes more than it has then.
LIMITED = """
import resource, sys
from ilocal.cli.main import main
most = int(sys.argv[1]) + int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (most, most))
sys.argv[:2] = ["ilocal"]
main()
"""


def run_with_memory(folder: Path, extra_bytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(extra_bytes), *arguments],
        cwd=folder,
        env={name: value for name, value in make_environment(folder).items() if name != "PYTHONDONTWRITEBYTECODE"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_small_registry_asks_for_little_memory(registry: Path, tmp_path: Path) -> None:
    """A limit of 64 MB more is far below the size that a registry may have."""
    assert run_with_memory(tmp_path, 64_000_000, "list", "-f", "ids").stdout.count("\n") == 4
    assert run_with_memory(tmp_path, 64_000_000, "add", "Mới").stdout == "tba-moi\n"


@pytest.mark.long
@pytest.mark.parametrize("command", [("list",), ("add", "Mới"), ("edit", "2020-hop", "--title", "Khác"), ("check",)])
def test_a_command_without_memory_ends_with_its_exit_code(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = tmp_path / "events.toml"
    path.write_text(FOUR_EVENTS, encoding="utf-8")
    run_with_memory(tmp_path, 1 << 30, *command)  # Python compiles each module once: with memory
    seen = set()
    for extra_bytes in range(0, 16_000_000, 333_333):
        path.write_text(FOUR_EVENTS, encoding="utf-8")
        done = run_with_memory(tmp_path, extra_bytes, *command)
        seen.add(done.returncode)
        text = path.read_text(encoding="utf-8")
        assert done.returncode in (0, 2, 3, 6), (extra_bytes, done.stderr)
        assert (text != FOUR_EVENTS) == (done.returncode in (0, 6) and command[0] in ("add", "edit"))
        if done.returncode:
            last = [line for line in done.stderr.splitlines() if not line.startswith("hint:")][-1]
            assert last.startswith("ilocal: "), (extra_bytes, done.stderr)
        assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".events")] == []
    assert {0, 2} <= seen
