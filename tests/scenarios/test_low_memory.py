"""P8, P16: where memory ends, a command ends with its exit code, and the registry is the old text or the new one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import make_environment

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
