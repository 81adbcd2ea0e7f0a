"""Long answers go through a pager, as git has it: on a real terminal, with real pagers."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ilocal.i18n import messages
from ilocal.terminal.pager import build_pager_environment as pagers
from ilocal.terminal.pager import split_pager_command
from tests.support.cli import make_environment
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.terminal import NUMBERED, OpenTerminal, strip_escapes

LESS_OPTIONS = "FRX-Ps?e(end) .q to quit, space for more"

pytestmark = pytest.mark.long

needs_less = pytest.mark.skipif(shutil.which("less") is None, reason="less is not installed")


def list_shipped_ids() -> list[str]:
    return re.findall(r'(?m)^id = "(.*)"', SHIPPED_REGISTRY.read_text(encoding="utf-8"))


def test_a_long_answer_is_what_the_pager_reads(open_terminal: OpenTerminal, tmp_path: Path) -> None:
    bare = strip_escapes(open_terminal("list").shown())
    assert len(bare.splitlines()) > 40
    long = open_terminal("list", PAGER=NUMBERED)
    text = strip_escapes(long.shown())
    # what is said about the answer follows when the pager has left the screen
    assert text == bare.removesuffix("21 events\n") + f"86 lines, LESS={LESS_OPTIONS}\n21 events\n"
    assert long.process.returncode == 0
    assert "\x1b[1m" in long.text


def test_what_fits_on_the_screen_has_no_pager(open_terminal: OpenTerminal) -> None:
    short = open_terminal("list", "-n", "2", PAGER=NUMBERED)
    assert "lines, LESS" not in short.shown()
    assert short.text == open_terminal("list", "-n", "2").shown()
    assert "lines, LESS" in open_terminal("list", "-n", "2", PAGER=NUMBERED, rows=5).shown()


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (("--no-pager", "list"), {"PAGER": "echo paged"}),
        (("list",), {"PAGER": ""}),
        (("list",), {"PAGER": "echo paged", "ILOCAL_PAGER": ""}),
        (("list",), {"PAGER": "echo paged", "ILOCAL_PAGER": "cat"}),
        (("list",), {"PAGER": "echo paged", "TERM": "dumb"}),
        (("list", "-f", "csv", "-o", "/dev/null"), {"PAGER": "echo paged"}),
        (("--help",), {"PAGER": "echo paged"}),
        (("list", "--help"), {"PAGER": "echo paged"}),
    ],
)
def test_no_pager_where_none_is_wanted(
    open_terminal: OpenTerminal, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    terminal = open_terminal(*arguments, **env)
    assert "paged" not in re.sub(r"without a pager", "", terminal.shown())
    assert terminal.process.returncode == 0


@pytest.mark.process
def test_a_pipe_has_no_pager(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ilocal", "-r", str(SHIPPED_REGISTRY), "list"],
        env=make_environment(tmp_path) | {"PAGER": "echo paged"}, capture_output=True, check=True,
    )  # fmt: skip
    assert b"paged" not in done.stdout


@pytest.mark.parametrize(
    "command", [("list", "-f", "csv"), ("search", "lao động"), ("upcoming",), ("show", "2018")], ids=lambda c: c[0]
)
def test_every_answer_may_be_long(open_terminal: OpenTerminal, command: tuple[str, ...]) -> None:
    env = {"ILOCAL_TODAY": "2018-01-01"}
    bare = open_terminal(*command, **env).shown()
    paged = open_terminal(*command, PAGER=NUMBERED, **env).shown()
    assert re.sub(rf"\d+ lines, LESS={re.escape(LESS_OPTIONS)}\n", "", paged) == bare
    assert paged != bare


def test_check_is_paged_and_keeps_its_exit_code(open_terminal: OpenTerminal, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('[[event]]\nid = "a"\n' * 30, encoding="utf-8")
    check = open_terminal("-r", str(path), "check", PAGER=NUMBERED)
    assert f"lines, LESS={LESS_OPTIONS}\n" in check.shown()
    assert check.process.returncode == 3


@pytest.mark.parametrize("pager", ["no-such-program", "no such program", "exit 3", "false", "'"])
def test_where_the_pager_fails_the_answer_is_printed(open_terminal: OpenTerminal, pager: str) -> None:
    broken = open_terminal("list", "-f", "ids", PAGER=pager)
    lines = broken.shown().splitlines()
    assert [line for line in lines if not line.startswith("sh:")] == open_terminal(
        "list", "-f", "ids"
    ).shown().splitlines()
    assert set(lines) >= set(list_shipped_ids())
    assert broken.process.returncode == 0


@pytest.mark.parametrize("number", ["KILL", "SEGV", "TERM"])
def test_where_the_pager_is_killed_the_answer_is_printed(open_terminal: OpenTerminal, number: str) -> None:
    killed = open_terminal("list", "-f", "ids", PAGER=f"kill -{number} $$")
    assert killed.shown() == open_terminal("list", "-f", "ids").shown()
    assert killed.process.returncode == 0


@pytest.mark.parametrize("number", ["PIPE", "INT", "QUIT", "HUP"])
def test_who_ends_a_pager_by_a_key_has_seen_enough(open_terminal: OpenTerminal, number: str) -> None:
    ended = open_terminal("list", "-f", "ids", PAGER=f"echo seen; kill -{number} $$")
    assert ended.shown() == "seen\n"
    assert ended.process.returncode == 0


def test_a_pager_that_we_end_is_not_taken_for_one_that_failed(open_terminal: OpenTerminal) -> None:
    ended = open_terminal("list", "-f", "ids", PAGER="echo seen; exec sleep 60 #")
    ended.shown("seen\n")
    ended.process.send_signal(signal.SIGTERM)
    assert ended.shown() == "seen\n"
    assert ended.process.returncode == 143


def test_a_signal_as_the_pager_is_started_prints_nothing_in_its_place(open_terminal: OpenTerminal) -> None:
    code = (
        "import os, signal, subprocess, sys\n"
        "from ilocal.cli import main as entry\n"
        "really = subprocess.Popen\n"
        "def started(*args, **kwargs):\n"
        "    process = really(*args, **kwargs)\n"
        "    process.wait()\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return process\n"
        "subprocess.Popen = started\n"
        "entry.main()\n"
    )
    ended = open_terminal("list", "-f", "ids", code=code, PAGER="echo seen #")
    assert ended.shown() == "seen\n"
    assert ended.process.returncode == 143


@needs_less
def test_less_shows_the_first_screen_and_quits_quietly(open_terminal: OpenTerminal) -> None:
    less = open_terminal("list", PAGER="less")
    assert less.shown("q to quit, space for more").count("\n") < 25
    assert "Tháng Hai 2020" in strip_escapes(less.text)
    assert less.process.poll() is None
    less.type(b"q")
    end = less.shown()
    assert less.process.returncode == 0
    assert "Traceback" not in end
    assert "Tháng Chín 2018" not in end


@needs_less
def test_ctrl_c_is_the_pagers(open_terminal: OpenTerminal) -> None:
    less = open_terminal("list", PAGER="less")
    less.shown("space for more")
    less.type(b"\x03")
    less.type(b"j")
    less.shown("space for more", times=2)  # it goes on asking
    assert less.process.poll() is None
    less.type(b"q")
    assert "Traceback" not in less.shown()
    assert less.process.returncode == 0


@needs_less
def test_a_signal_takes_the_pager_from_the_screen(open_terminal: OpenTerminal) -> None:
    less = open_terminal("list", PAGER="less")
    less.shown("q to quit")
    less.process.send_signal(signal.SIGTERM)
    less.shown()
    assert less.process.returncode in (0, 143)


def test_who_has_seen_enough_of_much_ends_it(open_terminal: OpenTerminal, tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    path.write_text("".join(f'[[event]]\nid = "e{n}"\ntitle = "T {n}"\n\n' for n in range(20_000)), encoding="utf-8")
    head = open_terminal("-r", str(path), "list", PAGER="head -n 3")
    text = strip_escapes(head.shown())
    assert re.sub(r"\r[^\n]*\x1b\[K", "", text) == (
        "To be announced\n   1  To be announced  T 0\n   2  To be announced  T 1\n"
    )  # and not how many there are, which was not found out
    assert head.process.returncode == 0


def test_a_pager_is_started_as_the_shell_would() -> None:
    assert split_pager_command("less -S") == ["less", "-S"]
    assert split_pager_command("LESS=-i less | cat") == ["sh", "-c", "LESS=-i less | cat"]


def test_less_is_told_how_unless_the_user_says() -> None:
    def told(**env: str) -> dict[str, str]:
        return pagers(env)

    assert told(A="b") == {"A": "b", "LESS": LESS_OPTIONS, "LESSCHARSET": "utf-8"}
    with messages.use_language("vi"):
        assert told()["LESS"] == "FRX-Ps?e(het) .q de thoat, phim cach de xem tiep"
    assert told(LESS="S", LESSCHARDEF="x") == {"LESS": "S", "LESSCHARDEF": "x"}
