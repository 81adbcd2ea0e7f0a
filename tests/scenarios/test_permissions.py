"""Permissions, owners, attributes and access lists of the files that are written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.cli import Ilocal, make_environment
from tests.support.processes import find_leftovers
from tests.support.registry import FOUR_EVENTS

pytestmark = pytest.mark.process


@pytest.mark.promise("P10")
def test_an_ordinary_user_cannot_change_what_is_read_only() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        registry = folder / "events.toml"
        registry.write_text(FOUR_EVENTS, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", AS_USER, registry],
            env=make_environment(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.stderr.splitlines() == [
            f"ilocal: {registry}: read-only; nothing was changed",
            f"ilocal: {registry}: permission denied; nothing was changed",
            f"ilocal: {registry}: permission denied",
        ]
        assert (done.returncode, done.stdout) == (0, "[3, 3, 3]\n")
        assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
        assert find_leftovers(folder) == []


# As an ordinary user, write to a file that is read-only, into a folder that is, and read one that is closed. First all
# of it is done as who we are, so that what it needs is loaded: that user may not read the folder in which it lies.
AS_USER = """
import contextlib, io, os, pathlib, sys
from ilocal.cli.main import run_command_line as run

def told(registry):
    registry.chmod(0o444)
    yield run(["-r", str(registry), "add", "Mới"])
    registry.chmod(0o644)
    registry.parent.chmod(0o555)
    yield run(["-r", str(registry), "add", "Mới"])
    registry.parent.chmod(0o755)
    registry.chmod(0o000)
    yield run(["-r", str(registry), "list"])
    registry.chmod(0o644)

registry = pathlib.Path(sys.argv[1])
other = registry.parent / "other" / "events.toml"
other.parent.mkdir()
other.write_bytes(registry.read_bytes())
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    list(told(other))
    run(["-r", str(other.parent / "absent.toml"), "list"])
if os.geteuid() == 0:
    for path in (registry.parent, *registry.parent.rglob("*")):
        os.chown(path, 65534, 65534)
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print(list(told(registry)))
"""


@pytest.mark.long
@pytest.mark.promise("P11")
@pytest.mark.parametrize("command", [("add", "Mới"), ("undo",), ("remove", "-y", "2020-hop")])
def test_links_modes_owners_and_attributes_stay(
    process: Ilocal, registry: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert process("add", "Trước").code == 0
    real = tmp_path / "elsewhere" / "real.toml"
    real.parent.mkdir()
    registry.rename(real)
    (tmp_path / "middle").symlink_to("elsewhere/real.toml")
    registry.symlink_to("middle")
    real.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(real, 12, 34)
    is_kept = False
    with suppress(OSError):
        os.setxattr(real, "user.note", b"ours")
        is_kept = True
    before = real.stat()
    assert process("edit", "2020-hop", "--location", "Huế").code == 0
    assert process(*command).code == 0
    after = real.stat()
    assert [str(path.readlink()) for path in (registry, tmp_path / "middle")] == ["middle", "elsewhere/real.toml"]
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    if is_kept:
        assert os.getxattr(real, "user.note") == b"ours"


@pytest.mark.promise("P11")
@pytest.mark.skipif(shutil.which("setfacl") is None, reason="setfacl is not installed")
def test_access_lists_stay(process: Ilocal, registry: Path) -> None:
    if subprocess.run(["setfacl", "-m", "u:34:r", registry], capture_output=True, check=False).returncode:
        pytest.skip("this file system has no access lists")
    before = subprocess.run(["getfacl", registry], capture_output=True, check=True).stdout
    assert process("add", "Mới").code == 0
    assert subprocess.run(["getfacl", registry], capture_output=True, check=True).stdout == before


# As another user, write to a registry that all may write: root's own file becomes that user's.
AS_OTHER = """
import contextlib, io, os, pathlib, sys
from ilocal.cli.main import run_command_line as run

registry = pathlib.Path(sys.argv[1])
other = registry.parent / "other" / "events.toml"
other.parent.mkdir()
other.write_bytes(registry.read_bytes())
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    run(["-r", str(other), "add", "Mới"])  # what it needs is loaded
registry.chmod(0o666)
registry.parent.chmod(0o777)
for path in (registry.parent / "cache").rglob("*"):
    path.chmod(0o777)
os.environ.update(XDG_CACHE_HOME=str(registry.parent / "c"), XDG_STATE_HOME=str(registry.parent / "s"))
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
print(run(["-r", str(registry), "add", "Mới"]), run(["-r", str(registry), "add", "Nữa"]))
"""


@pytest.mark.promise("P11")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be another user")
def test_an_owner_that_cannot_be_kept_is_told_of() -> None:
    with tempfile.TemporaryDirectory() as name:
        registry = Path(name) / "events.toml"
        registry.write_text(FOUR_EVENTS, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", AS_OTHER, registry],
            env=make_environment(Path(name)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "tba-moi\ntba-nua\n0 0\n"), done.stderr
        assert done.stderr == (
            f"ilocal: warning: {registry}: the file now belongs to you, because its owner or group could not be preserved\n"
        )
        assert (registry.stat().st_uid, registry.stat().st_mode & 0o777) == (65534, 0o666)
