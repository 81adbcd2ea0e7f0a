"""Large texts are read in segments by several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import rmtree

import pytest

from ilocal.index import database
from tests.support.cli import make_environment

pytestmark = pytest.mark.process


def write_large_registry(tmp_path: Path, inside: str = "") -> Path:
    """Return a registry that is long enough to be read by several processes."""
    registry = tmp_path / "large.toml"
    text = "".join(
        f'[[event]]\nid = "e{n}"\ntitle = "việc {n}"\ndescription = """\n{"dài " * 150}\n{inside}"""\n\n'
        for n in range(8000)
    )
    registry.write_text(text, encoding="utf-8")
    return registry


def count_by_process(registry: Path, code: str = "", **env: str) -> str:
    """Return the output of a process that reads a large registry for the first time, as if it had two processors."""
    script = f"""
import os, sys
os.sched_getaffinity = lambda process: {{0, 1}}
{code}
from ilocal.cli.main import run_command_line as run
sys.exit(run(["-r", sys.argv[1], "list", "-f", "ids"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(registry)],
        env=make_environment(Path(os.environ["HOME"])) | env, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    return f"{done.returncode} {done.stdout.count(10)} {done.stderr.decode()}"


def test_a_large_text_is_read_by_several_processes(tmp_path: Path) -> None:
    assert count_by_process(write_large_registry(tmp_path)) == "0 8000 "


def test_a_large_text_whose_shares_begin_inside_of_strings_is_read_all_the_same(tmp_path: Path) -> None:
    assert count_by_process(write_large_registry(tmp_path, inside="[[event]]\n")) == "0 8000 "


def test_a_process_that_is_killed_or_cannot_be_had_only_costs_time(tmp_path: Path) -> None:
    registry = write_large_registry(tmp_path)
    refused = """
def none():
    raise OSError(11, "resource temporarily unavailable")
os.fork = none
"""
    assert count_by_process(registry, ILOCAL_FAILPOINT="segment-worker:kill") == "0 8000 "
    rmtree(database.get_index_folder(registry))
    assert count_by_process(registry, refused) == "0 8000 "


def test_the_line_of_a_byte_that_is_not_utf8_is_its_own_in_a_large_text(tmp_path: Path) -> None:
    registry = write_large_registry(tmp_path)
    lines = registry.read_bytes().count(b"\n")
    with registry.open("ab") as file:
        file.write(b'[[event]]\ntitle = "\xff"\n')
    said = f"ilocal: {registry}:{lines + 2}: not UTF-8 text (byte 0xff)\nhint: save the file as UTF-8\n"
    assert count_by_process(registry) == f"3 0 {said}"
