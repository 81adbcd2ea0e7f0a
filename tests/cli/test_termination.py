"""Signals that arrive where Python hides an exception: in finalizers, while a class is made, before the program."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.support.cli import make_environment
from tests.support.paths import ROOT

pytestmark = pytest.mark.process

# A module of the program is replaced by one that is interrupted when `ilocal list` imports it.
PROGRAM = """
import os, runpy, sys, time

class Interrupter:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            {moment}

def interrupt():
    os.kill(os.getpid(), {number})

class Finalized:
    def __del__(self):
        interrupt()
        [None for _ in range(10)]

class Attribute:
    def __set_name__(self, owner, name):
        interrupt()

sys.meta_path.insert(0, Interrupter())
sys.argv = ["ilocal", "list"]
runpy.run_module("ilocal", run_name="__main__", alter_sys=True)
"""
MOMENTS = {
    "in the program": "interrupt()",
    "in a finalizer": "Finalized(); time.sleep(20)",
    "while a class is made": "type('Made', (), {'attribute': Attribute()})",
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_program_also_where_python_hides_its_exception(
    tmp_path: Path, moment: str, number: signal.Signals
) -> None:
    assert run_interrupted(tmp_path, "ilocal.cli.commands.list", MOMENTS[moment], number) == (128 + number, "", "")


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_the_program_is_imported_ends_it_silently(
    tmp_path: Path, moment: str, number: signal.Signals
) -> None:
    assert run_interrupted(tmp_path, "ilocal.model.event", MOMENTS[moment], number) == (-number, "", "")


def test_another_error_in_a_finalizer_is_reported_as_python_does(tmp_path: Path) -> None:
    code, out, err = run_interrupted(tmp_path, "ilocal.cli.commands.list", "Finalized.__del__ = 5; Finalized()", 0)
    assert code == 3  # there is no registry
    assert out == ""
    assert "TypeError: 'int' object is not callable" in err


def run_interrupted(folder: Path, module: str, moment: str, number: int) -> tuple[int, str, str]:
    """Run `ilocal list`, and a statement when it imports a module; returns exit code, stdout and stderr."""
    code = textwrap.dedent(PROGRAM).format(module=module, moment=moment, number=int(number))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=make_environment(folder) | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr
