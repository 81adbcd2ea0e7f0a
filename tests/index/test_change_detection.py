"""P14: however a registry is changed, the next answer is of the text as it is then."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ilocal

pytestmark = pytest.mark.promise("P14")


def text(name: str) -> bytes:
    return f'[[event]]\nid = "{name}"\ntitle = "{name}"\n'.encode()


def in_place(path: Path, name: str) -> None:
    with path.open("r+b") as file:
        file.write(text(name))
        file.truncate()


def by_rename(path: Path, name: str) -> None:
    new = path.with_name("saved~")
    new.write_bytes(text(name))
    new.replace(path)


def with_the_same_times(path: Path, name: str) -> None:
    """As `touch -r` and tools that keep times do."""
    status = path.stat()
    in_place(path, name)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def by_rename_with_the_same_times(path: Path, name: str) -> None:
    status = path.stat()
    by_rename(path, name)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def from_a_backup(path: Path, name: str) -> None:
    """An older file, moved over the newer one."""
    backup = path.with_name("backup")
    backup.write_bytes(text(name))
    os.utime(backup, (1, 1))
    backup.replace(path)


def copied_with_its_times(path: Path, name: str) -> None:
    """As `cp -p` does: in place, and older than what was there."""
    backup = path.with_name("backup")
    backup.write_bytes(text(name))
    os.utime(backup, (1, 1))
    shutil.copy2(backup, path)


def through_another_link(path: Path, name: str) -> None:
    """The registry is a link, and is made one to another file of the same size and times."""
    other = path.with_name(f"{name}.txt")
    other.write_bytes(text(name))
    os.utime(other, (1, 1))
    path.unlink()
    path.symlink_to(other)


CHANGES = [
    in_place, by_rename, with_the_same_times, by_rename_with_the_same_times, from_a_backup, copied_with_its_times,
    through_another_link,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("names", [("a", "b"), ("a", "long-name")], ids=["same size", "other size"])
def test_a_change_in_the_same_moment_is_seen(
    ilocal: Ilocal, tmp_path: Path, change: Callable[[Path, str], None], names: tuple[str, str]
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_bytes(text("begin"))
    for n in range(10):
        name = names[n % 2]
        change(registry, name)
        assert ilocal("list", "-f", "ids") == (0, f"{name}\n", "")
        assert ilocal("show", name).code == 0


@pytest.mark.parametrize("hours", [-24 * 365, -1, 1, 24 * 365])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_whatever_the_clock_says(
    ilocal: Ilocal, tmp_path: Path, change: Callable[[Path, str], None], hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_bytes(text("begin"))
    assert ilocal("list", "-f", "ids").code == 0
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + hours * 3_600_000_000_000)
    for name in ("a", "b", "a", "long-name"):
        time.sleep(0.02)  # a tick of the file system's own clock, which nothing else can be told by here
        change(registry, name)
        assert ilocal("list", "-f", "ids") == (0, f"{name}\n", "")
