"""Terminals on which the program has a pager."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import SHIPPED_REGISTRY
from tests.support.terminal import OpenTerminal, Terminal


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[OpenTerminal]:
    """Run the program on a terminal: `open_terminal("list", PAGER="less", rows=20)`."""
    opened: list[Terminal] = []

    def start(*arguments: str, rows: int = 20, code: str = "", **env: str) -> Terminal:
        registry = () if "-r" in arguments else ("-r", str(SHIPPED_REGISTRY))
        opened.append(Terminal(tmp_path, *registry, *arguments, rows=rows, code=code, **env))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
