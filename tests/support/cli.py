"""Results of program runs, and an environment isolated from this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Result(NamedTuple):
    """The result of a program run: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


Ilocal = Callable[..., Result]


def make_environment(folder: Path) -> dict[str, str]:
    """Return the environment of a process that sees nothing of this machine but its programs."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "VIRTUAL_ENV") if name in os.environ}
    return kept | {
        "HOME": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_STATE_HOME": str(folder / "state"),
        "LANG": "C.UTF-8",
        "PAGER": "cat",
        "ILOCAL_TODAY": "2020-02-20",
        "ILOCAL_TESTING": "1",  # failpoints act; see ilocal.storage.failpoints
        "PYTHONDONTWRITEBYTECODE": "1",
    }
