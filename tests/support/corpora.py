"""Files of other projects, downloaded by the names of their packages."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

CALENDAR_PROJECTS = ("icalendar", "khal", "recurring-ical-events")


def download_package(folder: Path, name: str) -> Path:
    """Download the sources of a package by its name, and return the folder where they are; skips where that fails."""
    target = folder / name
    if target.is_dir():
        return target
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", name]
        done = subprocess.run([*command, "-d", temporary], capture_output=True, text=True, timeout=300, check=False)
        archives = list(Path(temporary).glob("*.tar.gz"))
        if done.returncode or not archives:
            pytest.skip(f"{name} could not be downloaded: {done.stderr.strip()[-200:]}")
        with tarfile.open(archives[0]) as archive:
            archive.extractall(Path(temporary) / "unpacked", filter="data")
        (Path(temporary) / "unpacked").rename(target)
    return target


def find_calendars(folder: Path, projects: Sequence[str] = CALENDAR_PROJECTS) -> list[Path]:
    """Return the calendars of the projects, downloaded by the name of their package; skips where that fails."""
    return sorted(path for name in projects for path in download_package(folder, name).rglob("*.ics"))
