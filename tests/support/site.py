"""Sites that tests build, read as trees of files and lines of text."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path


def list_files(folder: Path) -> list[str]:
    """Return the paths of all files in a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files in a folder by their paths."""
    return {name: (folder / name).read_bytes() for name in list_files(folder)}


def strip_tags(page: str) -> list[str]:
    """Return the lines of text of a page, as a reader sees them."""
    body = page.partition("<body>")[2]
    text = re.sub(r"</?(?:p|li|h[1-6]|div|dd|dt|ul|ol|section|nav)\b[^>]*>", "\n", body.replace("\n", " "))
    lines = (" ".join(unescape(re.sub(r"<[^>]+>", "", line)).split()) for line in text.split("\n"))
    return [line for line in lines if line]
