"""All commands, run on a registry to which no command may write."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.cli import Ilocal

WRITES = (("add", "A"), ("edit", "x", "--title", "B"), ("remove", "x", "--yes"), ("import", "in.jsonl"))
ALL_COMMANDS = (("list",), ("check",), ("fmt",), ("fmt", "--check"), ("show", "x"), *WRITES)


def run_all_commands(ilocal: Ilocal, data: bytes) -> Iterator[tuple[str, str]]:
    """Run each command on a registry to which none may write; yield its name and its output."""
    path = Path("events.toml")
    Path("in.jsonl").write_text('{"title": "N"}\n', encoding="utf-8")
    path.write_bytes(data)
    for command in ALL_COMMANDS:
        began = time.monotonic()
        code, out, err = ilocal(*command)
        assert time.monotonic() - began < 20
        assert path.read_bytes() == data, command
        assert code == 3, (command, code, out, err)
        yield command[0], out + err


def find_line_number(said: str) -> int:
    """Return the line that an error names."""
    found = re.search(r"events\.toml:(\d+): ", said)
    assert found, said
    return int(found[1])
