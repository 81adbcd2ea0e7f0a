"""Files of other projects, downloaded by the names of their packages, once for all tests and their processes."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

CALENDAR_PROJECTS = ("icalendar", "khal", "recurring-ical-events")
_OUTSIDE = dict(os.environ)  # the environment in which npm finds packages


def find_corpora(config: pytest.Config) -> Path:
    """Return the folder of all that was downloaded, which stays from one run of the tests to the next."""
    assert config.cache is not None
    return Path(config.cache.mkdir("ilocal-corpora"))


@contextmanager
def lock_download(target: Path) -> Iterator[None]:
    """Wait until no other process makes `target`."""
    with target.with_name(f".{target.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def download_package(folder: Path, name: str) -> Path:
    """Download the sources of a package by its name, and return the folder where they are; skips where that fails."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", name, "-d"]
    return _unpack_download(folder / name, lambda temporary: [*command, temporary], "*.tar.gz", os.environ)


def download_npm_package(folder: Path, name: str) -> Path:
    """Download a package of npm by its name, and return the folder where it is; skips where that fails."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"npm, which fetches {name}, is not installed")
    command = [npm, "pack", name, "--pack-destination"]
    return _unpack_download(folder / f"npm-{name}", lambda temporary: [*command, temporary], "*.tgz", _OUTSIDE)


def _unpack_download(
    target: Path, make_command: Callable[[str], list[str]], archives: str, environment: Mapping[str, str]
) -> Path:
    with lock_download(target):
        if target.is_dir():
            return target
        with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
            command = make_command(temporary)
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
            found = list(Path(temporary).glob(archives))
            if done.returncode or not found:
                pytest.skip(f"{target.name} could not be downloaded: {done.stderr.strip()[-200:]}")
            with tarfile.open(found[0]) as archive:
                archive.extractall(Path(temporary) / "unpacked", filter="data")
            (Path(temporary) / "unpacked").rename(target)
    return target


def find_calendars(folder: Path, projects: Sequence[str] = CALENDAR_PROJECTS) -> list[Path]:
    """Return the calendars of the projects, downloaded by the name of their package; skips where that fails."""
    return sorted(path for name in projects for path in download_package(folder, name).rglob("*.ics"))
