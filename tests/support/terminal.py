"""The program on a terminal (a pty): its display, a keyboard, a pager."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.support.cli import make_environment
from tests.support.forked_program import start_program

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\a")


class Dialogue:
    """A command on a terminal: `see` waits for output, `type` answers."""

    def __init__(self, folder: Path, *arguments: str, env: dict[str, str] | None = None, piped: bool = False) -> None:
        """Start the command; with `piped`, stdout is not a terminal, as in `id=$(ilocal add)`."""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 120, 0, 0))
        environment = {"TERM": "dumb", "TMPDIR": str(folder), "INPUTRC": "/dev/null", **(env or {})}
        self._stdout, stdout = os.pipe() if piped else (-1, os.dup(theirs))
        self.process = start_program(
            arguments, folder, make_environment(folder) | environment, (theirs, stdout, theirs), is_session_leader=True
        )
        os.close(theirs)
        os.close(stdout)
        self.said = ""  # all that was on the screen
        self._seen = 0

    def see(self, text: str, timeout: float = 120) -> str:
        """Wait until the text is on the screen, after what was seen before; return all up to its end."""
        until = time.monotonic() + timeout
        while (at := self.said.find(text, self._seen)) < 0:
            assert self._more(until), f"{text!r} never came after: {self.said[self._seen :]!r}"
        begin, self._seen = self._seen, at + len(text)
        return self.said[begin : self._seen]

    def type(self, *lines: str) -> None:
        """Type lines, each with the return key."""
        for line in lines:
            self.press(line + "\r")

    def press(self, keys: str) -> None:
        r"""Press keys: `\x03` is Ctrl-C, `\x04` Ctrl-D, `\t` TAB."""
        os.write(self._ours, keys.encode())

    def interrupt(self, key: str = "\x03") -> None:
        """Press Ctrl-C (or Ctrl-D) at a prompt, and again if the program was not yet waiting for input."""
        for _ in range(20):
            self.press(key)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
                return

    def hang_up(self) -> None:
        """Close the terminal's window."""
        os.close(self._ours)
        self._ours = -1

    def end(self, timeout: float = 120) -> tuple[int, str, str]:
        """Wait for the end; return the exit code, stdout if it is a pipe, and output that was not seen yet."""
        until = time.monotonic() + timeout
        while self._ours >= 0 and self._more(until):
            pass
        out = ""
        if self._stdout >= 0:
            with open(self._stdout, encoding="utf-8") as stream:
                out = stream.read()
            self._stdout = -1
        code = self.process.wait(max(until - time.monotonic(), 0.1))
        if self._ours >= 0:
            self.hang_up()
        return code, out, self.said[self._seen :]

    def kill(self) -> None:
        """End all processes that are left on the terminal."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self._stdout >= 0:
            os.close(self._stdout)
        if self._ours >= 0:
            self.hang_up()

    def _more(self, until: float) -> bool:
        """Read new output; return False if there is no more."""
        ready, _, _ = select.select([self._ours], [], [], max(until - time.monotonic(), 0))
        try:
            data = os.read(self._ours, 65536) if ready else b""
        except OSError:  # raised by Linux when the other end is closed
            data = b""
        self.said += _ESCAPES.sub("", data.decode(errors="replace")).replace("\r\n", "\n")
        return bool(data)


Talk = Callable[..., Dialogue]

NUMBERED = 'n=0; while IFS= read -r line; do n=$((n + 1)); printf "%s\\n" "$line"; done; echo "$n lines, LESS=$LESS"'


class Terminal:
    """A terminal of 80 columns on which the program runs; its output is read until it ends, or shows a text."""

    def __init__(self, folder: Path, *arguments: str, rows: int = 20, code: str = "", **env: str) -> None:
        """Start the program; `code` replaces `python -m ilocal`."""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 80, 0, 0))
        environment = make_environment(folder) | {"TERM": "xterm-256color", **env}
        self.process = start_program(
            arguments, folder, environment, (theirs, theirs, theirs), is_session_leader=True, code=code
        )
        os.close(theirs)
        self._data = b""

    @property
    def text(self) -> str:
        return self._data.decode(errors="replace").replace("\r\n", "\n")

    def shown(self, text: str = "", seconds: float = 120, times: int = 1) -> str:
        """Return all output once `text` is shown, or the program has ended."""
        until = time.monotonic() + seconds
        while not (text and strip_escapes(self.text).count(text) >= times):
            assert select.select([self._ours], [], [], max(0, until - time.monotonic()))[0], self.text
            try:
                chunk = os.read(self._ours, 65536)
            except OSError:  # raised by Linux when the other end is closed
                chunk = b""
            if not chunk:
                assert not text, self.text
                self.process.wait(60)
                break
            self._data += chunk
        return self.text

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._ours)


OpenTerminal = Callable[..., Terminal]

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def run_on_terminal(folder: Path, width: int, *arguments: str, **env: str) -> str:
    """Return all that the program prints on a terminal of `width` columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    environment = make_environment(folder) | {"TERM": "xterm-256color", **env}
    process = start_program(arguments, folder, environment, (theirs, theirs, theirs))
    os.close(theirs)
    data = b""
    try:
        while chunk := os.read(ours, 65536):
            data += chunk
    except OSError:  # raised by Linux when the other end is closed
        pass
    os.close(ours)
    process.wait(60)
    return data.decode().replace("\r\n", "\n")


def strip_escapes(text: str) -> str:
    """Return a text without the colours and styles of a terminal."""
    return ESCAPES.sub("", text)
