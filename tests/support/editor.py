"""Editors implemented as Python programs, and the texts kept for them."""

from __future__ import annotations

import sys
from pathlib import Path


def write_editor(folder: Path, code: str) -> str:
    """Write an editor implemented as a Python program, and return its command line.

    In its code `path` is the edited file, and `text` its content, before and after.
    """
    path = folder / "editor.py"
    path.write_text(
        "import os, pathlib, signal, sys, time\n"
        "path = pathlib.Path(sys.argv[-1])\ntext = path.read_bytes().decode()\n"
        f"{code}\npath.write_bytes(text.encode())\n",
        encoding="utf-8",
    )
    return f"{sys.executable} {path}"


def read_kept_text(folder: Path) -> str:
    """Return the only kept text."""
    (path,) = folder.glob("ilocal-*/*.toml")
    return path.read_text(encoding="utf-8")
