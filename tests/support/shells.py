"""Shells on a terminal (a pty) that tests type into; they wait for the expected output before each input."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ilocal.cli.completion.shells import base
from tests.support.cli import make_environment

SCRIPTS = Path(base.__file__).parent  # completion in each shell
ESCAPES = re.compile(
    r"\x1b(?:\[[0-9;?>]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78MHc])|[\x00\x07\x0f\r]|.\x08"
)
PROMPT = "ready> "
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], ["PS1='ready> '", "bind 'set enable-bracketed-paste off'", "bind 'set bell-style none'"]),
    "zsh": (["zsh", "-f", "-i"], ["PS1='ready> '", "unsetopt PROMPT_SP", "unset zle_bracketed_paste", "bindkey -e"]),
    "fish": (["fish", "--no-config", "-i"], ["function fish_prompt; echo -n 'ready> '; end", "set -g fish_autosuggestion_enabled 0", "function fish_right_prompt; end"]),
}  # fmt: skip
needs_shell = {
    name: pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed: its completion is not tried")
    for name in SHELLS
}
# The program on PATH: it completes, or else prints its arguments, so that a test sees how the shell passes the line.
PROGRAM = """\
#!/bin/sh
[ -z "$_ILOCAL_COMPLETE" ] || exec '{python}' -m ilocal "$@"
printf '«%s»' "$@"
printf '.\\n'
"""


class Shell:
    """A shell with a keyboard."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self._process, self._terminal = process, terminal
        self.seen = ""

    def type(self, keys: str) -> None:
        """Press keys, and forget what was on the screen before."""
        self.seen = ""
        os.write(self._terminal, keys.encode())

    def wait(self, pattern: str, seconds: float = 120) -> str:
        """Wait until the screen has shown this since the last key; returns all that it has shown."""
        end = time.monotonic() + seconds
        data = b""
        while not re.search(pattern, self.seen, re.DOTALL):
            ready, _, _ = select.select([self._terminal], [], [], max(end - time.monotonic(), 0))
            if not ready:
                raise AssertionError(f"never shown: {pattern!r}; but {self.seen!r}")
            data += os.read(self._terminal, 65536)
            self.seen = ESCAPES.sub("", data.decode(errors="ignore"))
        return self.seen

    def words(self, line: str, completed: str = "") -> list[str]:
        """Type a line that ends in a Tab, wait for completion, run it, and return the program's arguments."""
        self.type(line)
        self.wait(completed or ".")
        self.type("\r")
        said = self.wait(r"«[^\n]*»\.\n.*ready> ")
        return re.findall(r"«(.*?)»", re.findall(r"(«[^\n]*»)\.\n", said)[-1])


@contextmanager
def open_shell(name: str, folder: Path, *, width: int = 100, installed: bool = False, **env: str) -> Iterator[Shell]:
    """Open a shell in a folder, with the program on its PATH, and its completion loaded: by itself where it is installed."""
    command, setup = SHELLS[name]
    if installed:
        command = [name, "-i"]
    program = folder / "bin" / "ilocal"
    program.parent.mkdir(exist_ok=True)
    program.write_text(PROGRAM.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    around = make_environment(folder)
    around |= {
        "PATH": f"{program.parent}:{around['PATH']}",
        "TERM": "xterm",
        "SHELL": name,
        "ZDOTDIR": str(folder),
        **env,
    }
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, width, 0, 0))
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=around, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - there are no threads
    )  # fmt: skip
    os.close(theirs)
    typed = Shell(process, ours)
    try:
        script = SCRIPTS / f"ilocal.{name}"
        load = [] if installed else [f"source {script}"]
        for n, line in enumerate([*setup, *load]):
            typed.type(f" {line}; echo do''ne{n}\r")
            typed.wait(f"done{n}")
        typed.type("\r")
        typed.wait(f"{PROMPT}$")
        yield typed
    finally:
        process.kill()
        process.wait()
        os.close(ours)
