"""Saving of files in the ways of editors and tools."""

from __future__ import annotations

from pathlib import Path


def save_in_place(path: Path, text: str) -> None:
    """Write a text into an existing file."""
    path.write_bytes(text.encode())


def save_by_rename(path: Path, text: str) -> None:
    """Write a text to a new file, and rename it to the old one."""
    new = path.with_name("saved~")
    new.write_bytes(text.encode())
    new.replace(path)
