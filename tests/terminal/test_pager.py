"""Long answers go through a pager, as git has it: on a real terminal, with real pagers."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ilocal.pager import environment as pagers
from ilocal.pager import words
from tests.conftest import SHIPPED, environment
from tests.terminal.test_tables import plain

pytestmark = pytest.mark.long

needs_less = pytest.mark.skipif(shutil.which("less") is None, reason="less is not installed")
NUMBERED = 'n=0; while IFS= read -r line; do n=$((n + 1)); printf "%s\\n" "$line"; done; echo "$n lines, LESS=$LESS"'


class Terminal:
    """A terminal of 80 columns on which the program runs; what it shows is read until it ends, or shows a text."""

    def __init__(self, folder: Path, *arguments: str, rows: int = 20, code: str = "", **env: str) -> None:
        """`code`: what the program is in the place of `python -m ilocal`."""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 80, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, *(["-c", code] if code else ["-m", "ilocal"]), *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,  # noqa: PLW1509
            env=environment(folder) | {"TERM": "xterm-256color", **env},
        )  # fmt: skip
        os.close(theirs)
        self._data = b""

    @property
    def text(self) -> str:
        return self._data.decode(errors="replace").replace("\r\n", "\n")

    def shown(self, text: str = "", seconds: float = 30, times: int = 1) -> str:
        """All that was shown, once `text` is; or until the program has ended."""
        until = time.monotonic() + seconds
        while not (text and plain(self.text).count(text) >= times):
            assert select.select([self._ours], [], [], max(0, until - time.monotonic()))[0], self.text
            try:
                chunk = os.read(self._ours, 65536)
            except OSError:  # how Linux says that the other end is closed
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


Run = Callable[..., Terminal]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Run the program on a terminal: `run("list", PAGER="less", rows=20)`."""
    opened: list[Terminal] = []

    def start(*arguments: str, rows: int = 20, code: str = "", **env: str) -> Terminal:
        opened.append(Terminal(tmp_path, "-r", str(SHIPPED), *arguments, rows=rows, code=code, **env))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def ids() -> list[str]:
    return re.findall(r'(?m)^id = "(.*)"', SHIPPED.read_text(encoding="utf-8"))


def test_a_long_answer_is_what_the_pager_reads(run: Run, tmp_path: Path) -> None:
    bare = plain(run("list").shown())
    assert len(bare.splitlines()) > 40
    long = run("list", PAGER=NUMBERED)
    text = plain(long.shown())
    # what is said about the answer follows when the pager has left the screen
    assert text == bare.removesuffix("21 sự kiện\n") + "84 lines, LESS=FRX\n21 sự kiện\n"
    assert long.process.returncode == 0
    assert "\x1b[1m" in long.text


def test_what_fits_on_the_screen_has_no_pager(run: Run) -> None:
    short = run("list", "-n", "2", PAGER=NUMBERED)
    assert "lines, LESS" not in short.shown()
    assert short.text == run("list", "-n", "2").shown()
    assert "lines, LESS" in run("list", "-n", "2", PAGER=NUMBERED, rows=5).shown()


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (("--no-pager", "list"), {"PAGER": "echo paged"}),
        (("list",), {"PAGER": ""}),
        (("list",), {"PAGER": "echo paged", "ILOCAL_PAGER": ""}),
        (("list",), {"PAGER": "echo paged", "ILOCAL_PAGER": "cat"}),
        (("list",), {"PAGER": "echo paged", "TERM": "dumb"}),
        (("list", "-o", "/dev/null"), {"PAGER": "echo paged"}),
        (("--help",), {"PAGER": "echo paged"}),
        (("list", "--help"), {"PAGER": "echo paged"}),
    ],
)
def test_no_pager_where_none_is_wanted(run: Run, arguments: tuple[str, ...], env: dict[str, str]) -> None:
    terminal = run(*arguments, **env)
    assert "paged" not in re.sub(r"without a pager", "", terminal.shown())
    assert terminal.process.returncode == 0


def test_a_pipe_has_no_pager(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ilocal", "-r", str(SHIPPED), "list"],
        env=environment(tmp_path) | {"PAGER": "echo paged"}, capture_output=True, check=True,
    )  # fmt: skip
    assert b"paged" not in done.stdout


@pytest.mark.parametrize(
    "command", [("list", "-f", "csv"), ("search", "lao động"), ("upcoming",), ("show", "2018")], ids=lambda c: c[0]
)
def test_every_answer_may_be_long(run: Run, command: tuple[str, ...]) -> None:
    env = {"ILOCAL_TODAY": "2018-01-01"}
    bare = run(*command, **env).shown()
    paged = run(*command, PAGER=NUMBERED, **env).shown()
    assert re.sub(r"\d+ lines, LESS=FRX\n", "", paged) == bare
    assert paged != bare


def test_check_is_paged_and_keeps_its_exit_code(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('[[event]]\nid = "a"\n' * 30, encoding="utf-8")
    check = run("-r", str(path), "check", PAGER=NUMBERED)
    assert "lines, LESS=FRX\n" in check.shown()
    assert check.process.returncode == 3


@pytest.mark.parametrize("pager", ["no-such-program", "no such program", "exit 3", "false", "'"])
def test_where_the_pager_fails_the_answer_is_printed(run: Run, pager: str) -> None:
    broken = run("list", "-f", "ids", PAGER=pager)
    lines = broken.shown().splitlines()
    assert [line for line in lines if not line.startswith("sh:")] == run("list", "-f", "ids").shown().splitlines()
    assert set(lines) >= set(ids())
    assert broken.process.returncode == 0


@pytest.mark.parametrize("number", ["KILL", "SEGV", "TERM"])
def test_where_the_pager_is_killed_the_answer_is_printed(run: Run, number: str) -> None:
    killed = run("list", "-f", "ids", PAGER=f"kill -{number} $$")
    assert killed.shown() == run("list", "-f", "ids").shown()
    assert killed.process.returncode == 0


@pytest.mark.parametrize("number", ["PIPE", "INT", "QUIT", "HUP"])
def test_who_ends_a_pager_by_a_key_has_seen_enough(run: Run, number: str) -> None:
    ended = run("list", "-f", "ids", PAGER=f"echo seen; kill -{number} $$")
    assert ended.shown() == "seen\n"
    assert ended.process.returncode == 0


def test_a_pager_that_we_end_is_not_taken_for_one_that_failed(run: Run) -> None:
    ended = run("list", "-f", "ids", PAGER="echo seen; exec sleep 60 #")
    ended.shown("seen\n")
    ended.process.send_signal(signal.SIGTERM)
    assert ended.shown() == "seen\n"
    assert ended.process.returncode == 143


def test_a_signal_as_the_pager_is_started_prints_nothing_in_its_place(run: Run) -> None:
    code = (
        "import os, signal, subprocess, sys\n"
        "from ilocal import cli, pager\n"
        "really = subprocess.Popen\n"
        "def started(*args, **kwargs):\n"
        "    process = really(*args, **kwargs)\n"
        "    process.wait()\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return process\n"
        "subprocess.Popen = started\n"
        "cli.main()\n"
    )
    ended = run("list", "-f", "ids", code=code, PAGER="echo seen #")
    assert ended.shown() == "seen\n"
    assert ended.process.returncode == 143


@needs_less
def test_less_shows_the_first_screen_and_quits_quietly(run: Run) -> None:
    less = run("list", PAGER="less")
    assert less.shown(":").count("\n") < 25
    assert "Tháng Hai 2020" in plain(less.text)
    assert less.process.poll() is None
    less.type(b"q")
    end = less.shown()
    assert less.process.returncode == 0
    assert "Traceback" not in end
    assert "Tháng Chín 2018" not in end


@needs_less
def test_ctrl_c_is_the_pagers(run: Run) -> None:
    less = run("list", PAGER="less")
    less.shown(":\x1b[K")
    less.type(b"\x03")
    less.type(b"j")
    less.shown(":\x1b[K", times=2)  # it goes on asking
    assert less.process.poll() is None
    less.type(b"q")
    assert "Traceback" not in less.shown()
    assert less.process.returncode == 0


@needs_less
def test_a_signal_takes_the_pager_from_the_screen(run: Run) -> None:
    less = run("list", PAGER="less")
    less.shown(":")
    less.process.send_signal(signal.SIGTERM)
    less.shown()
    assert less.process.returncode in (0, 143)


def test_who_has_seen_enough_of_much_ends_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    path.write_text("".join(f'[[event]]\nid = "e{n}"\ntitle = "T {n}"\n\n' for n in range(20_000)), encoding="utf-8")
    head = run("-r", str(path), "list", PAGER="head -n 3")
    text = plain(head.shown())
    assert re.sub(r"\r[^\n]*\x1b\[K", "", text) == (
        "To be announced\n"
        "╭─────┬─────────────────┬──────────────────────────────────────────────────────╮\n"
        "│   1 │ To be announced │ T 0                                                  │\n"
    )  # and not how many there are, which was not found out
    assert head.process.returncode == 0


def test_a_pager_is_started_as_the_shell_would() -> None:
    assert words("less -S") == ["less", "-S"]
    assert words("LESS=-i less | cat") == ["sh", "-c", "LESS=-i less | cat"]


def test_less_is_told_how_unless_the_user_says() -> None:
    def told(**env: str) -> dict[str, str]:
        return pagers(env)

    assert told(A="b") == {"A": "b", "LESS": "FRX", "LESSCHARSET": "utf-8"}
    assert told(LESS="S", LESSCHARDEF="x") == {"LESS": "S", "LESSCHARDEF": "x"}
