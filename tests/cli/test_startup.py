"""What the start of the program loads."""

from __future__ import annotations

import subprocess
import sys

from tests.support.cli import Ilocal


def test_help_loads_nothing_heavy_and_names_every_command(process: Ilocal) -> None:
    code = (
        "import sys; from ilocal.cli.main import run_command_line as run; run(['--help'])\n"
        "print(sorted({'rich', 'sqlite3', 'icalendar', 'tomli_w', 'tomli', 'dateutil', 'hashlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    for name in [
        "add",
        "check",
        "dates",
        "edit",
        "export",
        "import",
        "init",
        "list",
        "remove",
        "schema",
        "search",
        "show",
        "upcoming",
    ]:
        assert f"\n  {name} " in done.stdout
        help_text = process(name, "--help")
        assert (help_text.code, help_text.err) == (0, "")
        assert help_text.out.startswith(f"Usage: ilocal {name} ")
    assert process("--version").out == "ilocal 0.1.0\n"
    assert process().out == process("--help").out
