"""P1, P8: disks that are full, have a quota or lose power."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.cli import Ilocal, make_environment
from tests.support.processes import find_leftovers, start_command, wait_for_result
from tests.support.registry import FOUR_EVENTS

pytestmark = pytest.mark.process

# ------------------------------------------------------------------------------------------------------------ P1: power


@contextmanager
def mount_image(image: Path, at: Path) -> Iterator[None]:
    at.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-o", "loop", image, at], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", at], check=True)


@pytest.mark.promise("P1")
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mkfs.ext4") is None, reason="needs root and mkfs.ext4")
@pytest.mark.parametrize("command", [("add", "Mới", "2020-03-01"), ("edit", "2020-hop", "--title", "Mới")])
def test_what_was_acknowledged_is_on_the_disk_at_that_moment(tmp_path: Path, command: tuple[str, ...]) -> None:
    disk, copy = tmp_path / "disk", tmp_path / "copy"
    with open(disk, "wb") as file:
        file.truncate(16_000_000)
    subprocess.run(["mkfs.ext4", "-q", disk], check=True)
    with mount_image(disk, tmp_path / "mnt"):
        registry = tmp_path / "mnt" / "events.toml"
        registry.write_text(FOUR_EVENTS, encoding="utf-8")
        os.sync()
        assert wait_for_result(start_command(tmp_path / "mnt", *command)).code == 0
        # The power goes now: what the disk has is what has been written to it, and nothing is written any more.
        shutil.copyfile(disk, copy)
        text = registry.read_bytes()
    with mount_image(copy, tmp_path / "mnt"):
        assert registry.read_bytes() == text
        assert 'title = "Mới"' in text.decode()


# -------------------------------------------------------------------------------------------------------- P8: full disk


@pytest.mark.promise("P8")
@pytest.mark.parametrize(
    "command", [("add", "Mới"), ("edit", "2020-hop", "--title", "x" * 100), ("remove", "2020-hop", "-y")]
)
def test_a_quota_is_said_and_nothing_is_changed(registry: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    assert wait_for_result(start_command(tmp_path, "list")).code == 0

    def poor() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))

    done = subprocess.run(
        [sys.executable, "-m", "ilocal", *command],
        cwd=tmp_path,
        env=make_environment(tmp_path),
        capture_output=True,
        text=True,
        preexec_fn=poor,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "ilocal: events.toml: file too large; nothing was changed\n"
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert find_leftovers(tmp_path) == []


FULL = """
mount -t tmpfs -o size=64k none "$1" && cp "$2" "$1/events.toml" && cd "$1" && {
    head -c 100000 /dev/zero > filler 2>/dev/null
    "$3" -m ilocal -r events.toml add "Mới"; echo "code $?"; ls -A; cmp "$2" events.toml && echo same
    rm filler; "$3" -m ilocal -r events.toml add "Mới"; echo "code $?"
}
"""


@pytest.mark.promise("P8")
def test_a_full_disk_is_said_and_nothing_is_changed_or_left(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "mnt").mkdir()
    command = ["unshare", "-rm", "sh", "-c", FULL, "sh", str(tmp_path / "mnt"), str(registry), sys.executable]
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", str(tmp_path / "mnt")]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be made here: that needs unshare and user namespaces")
    env = make_environment(tmp_path)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines() == ["code 3", "events.toml", "filler", "same", "tba-moi", "code 0"]
    assert done.stderr == "ilocal: events.toml: no space left on device; nothing was changed\n"


@pytest.mark.promise("P8")
def test_in_a_folder_all_files_are_changed_or_none(process: Ilocal, tmp_path: Path) -> None:
    years = tmp_path / "years"
    years.mkdir()
    for year in (2018, 2019, 2020):
        text = f'[[event]]\nid = "e{year}"\ntitle = "Họp"\nstart = {year}-02-20\n'
        (years / f"{year}.toml").write_text(text, encoding="utf-8")
    os.link(years / "2020.toml", tmp_path / "other name")  # which makes it one that is not replaced
    before = {path.name: path.read_bytes() for path in years.iterdir()}
    lines = "".join(f'{{"id": "e{year}", "title": "Khác", "start": "{year}-02-20"}}\n' for year in (2018, 2019, 2020))
    (tmp_path / "new.jsonl").write_text(lines + '{"title": "Mới", "start": "2017-01-01"}\n', encoding="utf-8")
    result = process("-r", "years", "import", "new.jsonl", "--update")
    assert (result.code, result.out) == (3, "")
    assert {path.name: path.read_bytes() for path in years.iterdir()} == before
    assert process("-r", "years", "undo", "--list").out == ""
