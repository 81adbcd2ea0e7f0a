"""A run that is forked for a test is one that Python starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import Result, make_environment
from tests.support.forked_program import ForkedProgram, run_program, start_program

pytestmark = pytest.mark.process


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (("list", "-r", "events.toml"), {"ILOCAL_LANG": "vi", "COLUMNS": "40", "TZ": "Asia/Tokyo"}),
        (("import", "-", "-f", "jsonl", "--dry-run"), {}),
        (("show", "\udcff"), {"TERM": "dumb"}),
        (("add", "Mới"), {"ILOCAL_FAILPOINT": "synced:kill"}),
        (("add", "Mới"), {"ILOCAL_FAILPOINT": "synced:term"}),
    ],
)
def test_it_leaves_what_a_process_leaves(
    registry: Path, tmp_path: Path, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    environment = make_environment(tmp_path) | env
    said = b'{"title": "B"}' + b" " * 100_000 + b"\n"
    done = subprocess.run(
        [sys.executable, "-m", "ilocal", *arguments],
        input=said, capture_output=True, cwd=tmp_path, env=environment, timeout=60, check=False,
    )  # fmt: skip
    wanted = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert run_program(arguments, tmp_path, environment, input=said) == wanted


def test_its_variables_and_its_folder_are_its_own(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made = run_program(("init",), tmp_path / name, make_environment(tmp_path / name))
        assert (made.code, (tmp_path / name / "events.toml").exists()) == (0, True)
    environment = make_environment(tmp_path) | {"ILOCAL_REGISTRY": str(tmp_path / "a" / "events.toml")}
    assert run_program(("list", "-f", "ids"), tmp_path, environment).code == 0
    assert run_program(("list", "-f", "ids"), tmp_path, make_environment(tmp_path)).code == 3


def test_it_takes_signals(tmp_path: Path, registry: Path) -> None:
    stdin, feed = os.pipe()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    process = start_program(("import", "-"), tmp_path, make_environment(tmp_path), (stdin, nowhere, nowhere))
    assert isinstance(process, ForkedProgram)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    try:
        assert process.wait(30) in (143, -signal.SIGTERM)  # before or after it listens
    finally:
        for descriptor in (stdin, feed, nowhere):
            os.close(descriptor)
