"""Files saved by hand, in the ways that editors and tools have."""

from __future__ import annotations

from pathlib import Path


def save_in_place(path: Path, text: str) -> None:
    """Write a text into the file that is there."""
    path.write_bytes(text.encode())


def save_by_rename(path: Path, text: str) -> None:
    """Write a text into a new file, and give it the name of the old one."""
    new = path.with_name("saved~")
    new.write_bytes(text.encode())
    new.replace(path)
