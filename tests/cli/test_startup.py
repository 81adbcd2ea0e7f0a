"""What the start of the program loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import Ilocal, make_environment
from tests.support.paths import SHIPPED_REGISTRY


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


MAX_LIST_MODULES = 46
# What a list of a registry that has not changed has no use for.
NEEDLESS_FOR_LIST = {
    "ilocal.cli.usage_errors", "ilocal.i18n.third_party", "ilocal.index.name_counts", "ilocal.model.date_parser",
    "ilocal.model.ids", "ilocal.model.occurrences", "ilocal.model.recurrence", "ilocal.model.search_terms",
    "ilocal.model.similar_events", "ilocal.model.similar_names", "ilocal.storage.atomic_write", "ilocal.storage.loader",
    "ilocal.storage.signals", "ilocal.storage.toml.document", "ilocal.terminal.styled_text",
    "hashlib", "icalendar", "platformdirs", "rich", "tomli_w",
}  # fmt: skip


@pytest.mark.process
def test_a_list_loads_only_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_bytes(SHIPPED_REGISTRY.read_bytes())
    code = (
        "import sys; from ilocal.cli.main import main; from ilocal.storage import files\n"
        "sys.argv = ['ilocal', 'list']; files.RACY_WINDOW_NS = -1  # a file just written counts as an old one\n"
        "try: main()\n"
        "finally: print(*sorted(sys.modules), sep='\\n', file=sys.stderr)"
    )
    for _ in range(2):  # the first one makes the index
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path, env=make_environment(tmp_path),
        )  # fmt: skip
    assert "  1. 2020" in done.stdout
    loaded = done.stderr.splitlines()
    assert sorted(NEEDLESS_FOR_LIST & set(loaded)) == []
    ours = [name for name in loaded if name.split(".")[0] == "ilocal"]
    assert len(ours) <= MAX_LIST_MODULES, "\n".join(ours)


@pytest.mark.process
def test_a_system_without_file_locks_is_told_so_in_one_line(tmp_path: Path) -> None:
    code = "import sys; sys.modules['fcntl'] = None; from ilocal.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "list"],
        cwd=tmp_path,
        env=make_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "ilocal: ilocal needs Linux or macOS: this system has no file locks (fcntl)\n"
        "hint: on Windows, use ilocal in WSL; to install WSL, run: wsl --install\n"
    )
