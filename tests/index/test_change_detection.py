"""P14: however a registry is changed, the next answer is of the text as it is then."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.saving import save_by_rename, save_in_place

pytestmark = pytest.mark.promise("P14")


def render_event(name: str) -> str:
    return f'[[event]]\nid = "{name}"\ntitle = "{name}"\n'


def save_with_same_times(path: Path, text: str) -> None:
    """Save a text as `touch -r` and tools that keep times do."""
    status = path.stat()
    save_in_place(path, text)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def rename_with_same_times(path: Path, text: str) -> None:
    status = path.stat()
    save_by_rename(path, text)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def restore_backup(path: Path, text: str) -> None:
    """Move an older file over the newer one."""
    backup = path.with_name("backup")
    backup.write_bytes(text.encode())
    os.utime(backup, (1, 1))
    backup.replace(path)


def copy_with_times(path: Path, text: str) -> None:
    """Copy a file as `cp -p` does: in place, and older than what was there."""
    backup = path.with_name("backup")
    backup.write_bytes(text.encode())
    os.utime(backup, (1, 1))
    shutil.copy2(backup, path)


def change_link(path: Path, text: str) -> None:
    """Make the registry a link to another file, of the same size and times as the one before."""
    other = path.with_name(f"{len(list(path.parent.iterdir()))}.txt")
    other.write_bytes(text.encode())
    os.utime(other, (1, 1))
    path.unlink()
    path.symlink_to(other)


CHANGES = [
    save_in_place, save_by_rename, save_with_same_times, rename_with_same_times, restore_backup, copy_with_times, change_link,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("names", [("a", "b"), ("a", "long-name")], ids=["same size", "other size"])
def test_a_change_in_the_same_moment_is_seen(
    ilocal: Ilocal, tmp_path: Path, change: Callable[[Path, str], None], names: tuple[str, str]
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(render_event("begin"), encoding="utf-8")
    for n in range(10):
        name = names[n % 2]
        change(registry, render_event(name))
        assert ilocal("list", "-f", "ids") == (0, f"{name}\n", "")
        assert ilocal("show", name).code == 0


@pytest.mark.parametrize("hours", [-24 * 365, -1, 1, 24 * 365])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_whatever_the_clock_says(
    ilocal: Ilocal, tmp_path: Path, change: Callable[[Path, str], None], hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(render_event("begin"), encoding="utf-8")
    assert ilocal("list", "-f", "ids").code == 0
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + hours * 3_600_000_000_000)
    for name in ("a", "b", "a", "long-name"):
        time.sleep(0.02)  # a tick of the file system's own clock, which nothing else can be told by here
        change(registry, render_event(name))
        assert ilocal("list", "-f", "ids") == (0, f"{name}\n", "")
