"""Completion installed: once, whole or not at all, and for a shell that is known."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ilocal.cli.completion.shells import read_completion_script
from tests.support.cli import Ilocal, make_environment
from tests.support.shells import needs_shell, open_shell

pytestmark = [pytest.mark.usefixtures("registry"), pytest.mark.long]


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_installing_twice_is_installing_once(process: Ilocal, tmp_path: Path, name: str) -> None:
    startup = tmp_path / f".{name}rc"
    startup.write_bytes(b"# mine \xff, without an end of line")
    first = process("--lang", "en", "--install-completion", name)
    after = startup.read_bytes()
    second = process("--lang", "en", "--install-completion", name)
    assert (first.code, first.out, second.code, second.out) == (0, "", 0, "")
    assert startup.read_bytes() == after
    if name == "fish":
        path = tmp_path / "config" / "fish" / "completions" / "ilocal.fish"
        assert (
            first.err
            == second.err
            == f"{path}: installed completion for fish\ncompletion is available in new terminals; to enable it in this terminal, run: source {path}\n"
        )
    else:
        path = tmp_path / "data" / "ilocal" / f"completion.{name}"
        assert (
            after
            == b"# mine \xff, without an end of line\n"
            + f"[ ! -r {path} ] || source {path}  # completion of ilocal\n".encode()
        )
        assert first.err == (
            f"{path}: installed completion for {name}\n{startup}: added a line that loads the completion script\n"
            f"completion is available in new terminals; to enable it in this terminal, run: source {path}\n"
        )
        assert f"{startup} already loads the completion script\n" in second.err
    assert path.read_text(encoding="utf-8") == read_completion_script(name) == process("--show-completion", name).out


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder with their content."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.promise("P10")
def test_where_the_startup_file_is_read_only_nothing_is_installed(
    ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(os.environ["HOME"])
    startup = home / ".bashrc"
    startup.write_text("# mine\n", encoding="utf-8")
    startup.chmod(0o444)
    if os.access(startup, os.W_OK):  # root may write anything: say what the system would say to others
        monkeypatch.setattr(os, "access", lambda *_: False)
    before = read_files(home)
    assert ilocal("--install-completion", "bash") == (
        2, "", f"ilocal: {startup}: read-only; nothing was changed\n",
    )  # fmt: skip
    assert read_files(home) == before


@pytest.mark.promise("P8")
@pytest.mark.parametrize("place", ["written", "synced"])
def test_a_startup_file_is_whole_or_as_it_was(process: Ilocal, tmp_path: Path, place: str) -> None:
    startup, link = tmp_path / "dotfiles", tmp_path / ".bashrc"
    startup.write_text("# mine\n", encoding="utf-8")
    link.symlink_to(startup)
    before = read_files(tmp_path)
    assert process("--install-completion", "bash", env={"ILOCAL_FAILPOINT": f"{place}:ENOSPC"}) == (
        2, "", f"ilocal: {link}: no space left on device; nothing was changed\n",
    )  # fmt: skip
    assert read_files(tmp_path) == before
    assert process("--install-completion", "bash").code == 0
    assert link.is_symlink()
    assert startup.read_text(encoding="utf-8").startswith("# mine\n[ ! -r ")


@pytest.mark.promise("P11")
def test_no_installation_waits_for_a_fifo(process: Ilocal, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".bashrc")
    said = f"ilocal: {tmp_path}/.bashrc: not a regular file\n"
    assert process("--install-completion", "bash") == (2, "", said)
    path = tmp_path / "config" / "fish" / "completions" / "ilocal.fish"
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert process("--install-completion", "fish") == (2, "", f"ilocal: {path}: not a regular file\n")


def test_nothing_is_installed_for_nobody(process: Ilocal, tmp_path: Path) -> None:
    before = read_files(tmp_path)
    for home in ("", "re/lative"):
        assert process("--install-completion", "zsh", env={"HOME": home, "ZDOTDIR": str(tmp_path)}) == (
            2, "", "ilocal: your home folder could not be found; nothing was changed\nhint: set the environment variable HOME\n",
        )  # fmt: skip
    assert read_files(tmp_path) == before


@pytest.mark.process
def test_the_shell_is_found(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m ilocal --show-completion; exit $?"  # or bash would let the program take its place
    done = subprocess.run(
        ["bash", "--norc", "-c", command], capture_output=True, cwd=tmp_path, env=make_environment(tmp_path), check=True
    )
    assert done.stdout.decode() == read_completion_script("bash")


def test_a_shell_that_is_not_known_is_refused(ilocal: Ilocal) -> None:
    assert ilocal("--install-completion", "tcsh") == (
        2,
        "",
        'ilocal: completion is not available for "tcsh"\nhint: use one of bash, fish, zsh\n',
    )
    assert ilocal("add", "x", "--description", "--show-completion").code == 0  # a text, and no option


REAL = [pytest.param(name, marks=needs_shell[name]) for name in ("bash", "zsh", "fish")]


@pytest.mark.parametrize("name", REAL)
def test_an_installed_script_works_in_a_new_shell(name: str, process: Ilocal, tmp_path: Path) -> None:
    process("--install-completion", name)
    with open_shell(name, tmp_path, installed=True) as typed:
        assert typed.words("ilocal li\t", "list ") == ["list"]
