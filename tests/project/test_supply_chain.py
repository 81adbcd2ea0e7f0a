"""What the program takes from others: nothing over the network at run time, and versions that are bounded."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ilocal.cli import app, commands
from tests.support.cli import make_environment
from tests.support.paths import ROOT, SHIPPED_REGISTRY

# Every command, as it is used; a new one must be put here.
USED = {
    "add": ("add", "Mới", "2020-03-01"),
    "calendar": ("calendar", "2020"),
    "check": ("check",),
    "config": ("config",),
    "copy": ("copy", "2020-hop", "2020-03-02"),
    "dates": ("dates", "25 - 29 Feb 2020"),
    "edit": ("edit", "2020-hop", "--title", "Họp khác", "--url", "https://ilo.example"),
    "export": ("export", "out.ics"),
    "fmt": ("fmt",),
    "import": ("import", "out.ics"),
    "init": ("init", "new.toml"),
    "git install": ("git", "install"),
    "git merge": ("git", "merge", "events.toml", "events.toml", "events.toml"),
    "join": ("-r", "years", "join", "joined.toml"),
    "list": ("list", "--year", "2020"),
    "open": ("open", "2020-hop"),
    "refresh": ("refresh", "--help"),  # asks the network, which is what it is for
    "log": ("log", "2020-hop"),
    "redo": ("redo",),
    "remove": ("remove", "--yes", "2020-hop"),
    "resolve": ("resolve",),
    "schema": ("schema",),
    "search": ("search", "thanh tra"),
    "show": ("show", "2020-khao-sat"),
    "site build": ("site", "build"),
    "site templates": ("site", "templates", "own"),
    "split": ("split", "years"),
    "stats": ("stats", "--by", "topic"),
    "sync": ("sync",),
    "timeline": ("timeline",),
    "undo": ("undo",),
    "upcoming": ("upcoming",),
}
# A hook that every Python obeys: it sees each socket that is made, resolved or connected, by whichever library.
WATCH = """
import sys
def seen(event, arguments):
    if event.startswith("socket."):
        sys.stderr.write(f"SOCKET {event} {arguments}\\n")
sys.addaudithook(seen)
from ilocal.cli.main import main
main()
"""


# What listens on this machine alone, and runs until it is interrupted.
LISTENING = ["site serve"]


def test_each_command_is_tried() -> None:
    assert list_commands() == sorted([*USED, *LISTENING])
    assert len(list(Path(commands.__path__[0]).rglob("[a-z]*.py"))) == len(USED) + len(LISTENING)


def list_commands() -> list[str]:
    """Return the names of all commands, those of groups with the group's name before them."""
    names = app.find_command_modules()
    groups = [name for name in names if (Path(commands.__path__[0]) / name).is_dir()]
    inside = [f"{group} {name}" for group in groups for name in app.find_command_modules(group)]
    return sorted([*names.keys() - set(groups), *inside])


@pytest.mark.process
@pytest.mark.promise("P17")
@pytest.mark.long
def test_no_command_opens_a_socket(registry: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, env=make_environment(tmp_path), check=True)
    config = tmp_path / "config.toml"  # a folder to synchronize with; only a server is asked over the network
    config.write_text(f'[sync.desk]\nvdir = "{tmp_path}/desk"\n', encoding="utf-8")
    first, last = ("export", "split", "join"), ("undo", "redo")
    for name in (*first, *(name for name in USED if name not in first + last), *last):
        done = subprocess.run(
            [sys.executable, "-c", WATCH, *USED[name]],
            cwd=tmp_path,
            env=make_environment(tmp_path) | {"ILOCAL_CONFIG": str(config), "BROWSER": "true"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, "SOCKET" in done.stderr) == (0, False), f"{name}: {done.stderr}"


@pytest.mark.process
def test_the_watch_for_sockets_sees_them() -> None:
    code = WATCH.replace("from ilocal.cli.main import main\nmain()", "import socket; socket.socket().close()")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "SOCKET socket.__new__" in done.stderr


@pytest.mark.process
@pytest.mark.promise("P17")
@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare is not installed")
def test_all_works_on_a_machine_without_a_network(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no namespace without a network can be made here")
    command = ["unshare", "-rn", sys.executable, "-m", "ilocal", "-r", str(SHIPPED_REGISTRY), "list", "-f", "ids"]
    done = subprocess.run(command, env=make_environment(tmp_path), capture_output=True, text=True, check=True)
    assert len(done.stdout.split()) == 21


def test_every_library_has_a_lowest_version_and_those_at_run_time_a_highest_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = project["optional-dependencies"]
    for one in (*project["dependencies"], *(one for group in groups.values() for one in group)):
        assert re.match(r"[\w-]+(\[\w+\])?>=[\w.]+", one), one
    for one in project["dependencies"]:
        # The zones of the world change with the laws of its countries: the newest are always wanted.
        assert ",<" in one or one.startswith("tzdata"), one


@pytest.mark.process
@pytest.mark.long
@pytest.mark.corpus
def test_no_library_has_a_known_hole(tmp_path: Path) -> None:
    python = str(tmp_path / "audit" / "bin" / "python")
    for command in (
        [sys.executable, "-m", "venv", str(tmp_path / "audit")],
        [python, "-m", "pip", "install", "-q", "pip-audit"],
    ):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("pip-audit cannot be installed here")
    frozen = subprocess.run(
        [sys.executable, "-m", "pip", "freeze", "--exclude-editable"], capture_output=True, text=True, check=True
    )
    (tmp_path / "requirements.txt").write_text(
        "".join(line + "\n" for line in frozen.stdout.splitlines() if "==" in line), encoding="utf-8"
    )
    command = [python, "-m", "pip_audit", "--no-deps", "--disable-pip", "-r", str(tmp_path / "requirements.txt")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    said = done.stdout + done.stderr
    # A mirror of the package index may not have the list; then nothing is known, which is not the same as no hole.
    if "could not be audited" in said or ("No known" not in said and "Found" not in said):
        pytest.skip(f"the list of known holes cannot be had here: {said.strip()[-200:]}")
    assert done.returncode == 0, said
