"""What takes long says how far it is: on a terminal, after a second, and the line is gone at the end."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ilocal import progress
from ilocal.terminal.progress_line import ProgressLine
from ilocal.terminal.status import print_status
from tests.support.cli import make_environment
from tests.support.terminal import OpenTerminal


class Screen(io.StringIO):
    """A stderr that is a terminal of 80 columns."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 2


@pytest.fixture
def clock() -> list[float]:
    """Return the time, which stands still until a test moves it."""
    return [0.0]


@pytest.fixture
def stderr(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """Draw tasks on a screen, and show what is on it."""
    shown = Screen()
    monkeypatch.setattr(os, "get_terminal_size", lambda _fd: os.terminal_size((80, 24)))
    monkeypatch.setenv("TERM", "xterm")
    progress.set_progress_reporter(ProgressLine(shown, clock=lambda: clock[0]))
    yield shown
    progress.set_progress_reporter(None)


def test_the_line_comes_after_a_second_and_goes_at_the_end(clock: list[float], stderr: Screen) -> None:
    with progress.track_progress(lambda done: f"{done} done …"):
        progress.advance_progress()
        assert stderr.getvalue() == ""
        for clock[0] in (0.9, 1.0, 1.05, 1.2):
            progress.advance_progress(10)
    assert stderr.getvalue() == "\r21 done …\x1b[K\r41 done …\x1b[K\r\x1b[K"


def test_a_task_inside_another_has_the_steps(clock: list[float], stderr: Screen) -> None:
    with progress.track_progress(lambda done: f"outer {done}") as outer:
        outer.advance()
        clock[0] = 2
        with progress.track_progress(lambda done: f"inner {done}"):
            progress.advance_progress()
            clock[0] = 4
            progress.advance_progress()
        assert list(outer.iterate("ab")) == ["a", "b"]
    progress.advance_progress()  # of nothing
    assert stderr.getvalue() == "\rinner 2\x1b[K\r\x1b[K\router 2\x1b[K\r\x1b[K"


def test_a_message_takes_the_place_of_the_line(
    clock: list[float], stderr: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress.track_progress(lambda _done: "x" * 100) as task:
        clock[0] = 2
        task.advance()
        print_status("a message")
    assert stderr.getvalue() == "\r" + "x" * 79 + "\x1b[K\r\x1b[Ka message\n"


@pytest.mark.parametrize("without", ["terminal", "reporter", "TERM"])
def test_nothing_is_shown_elsewhere(
    clock: list[float], stderr: Screen, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    if without == "terminal":
        monkeypatch.setattr(stderr, "isatty", lambda: False)
    elif without == "reporter":
        progress.set_progress_reporter(None)
    else:
        monkeypatch.setenv("TERM", "dumb")
    with progress.track_progress(str) as task:
        clock[0] = 2
        task.advance()
    assert stderr.getvalue() == ""


# --------------------------------------------------------------------------------------------------------- the program

# The program as it is, but that every task is a long one; and one in which each step takes its time.
EAGER = """
from functools import partial
from ilocal.cli import main
from ilocal.terminal import progress_line
progress_line.ProgressLine = partial(progress_line.ProgressLine, delay_seconds=0, redraw_seconds=0)
main.main()
"""
SLOW = """
import time
from functools import partial
from ilocal.cli import main
from ilocal.terminal import progress_line
class SlowLine(progress_line.ProgressLine):
    def update(self, task):
        super().update(task)
        time.sleep(0.2)
progress_line.ProgressLine = partial(SlowLine, delay_seconds=0, redraw_seconds=0)
main.main()
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.toml"
    events = (f'[[event]]\nid = "e{n}"\ntitle = "Họp {n}"\n\n' for n in range(1000, 2200))
    path.write_text("".join(events), encoding="utf-8")
    return path


def lines_of(text: str) -> list[str]:
    """Return the texts that were shown on the line, in order."""
    return list(dict.fromkeys(re.findall(r"\r([^\r\n]*)\x1b\[K", text)))


def test_the_first_reading_says_how_far_it_is(open_terminal: OpenTerminal, many: Path) -> None:
    first = open_terminal("-r", str(many), "--lang", "en", "list", "-n", "1", "-f", "ids", code=EAGER).shown()
    shares = [8, 16, 25, 33, 41, 50, 58, 66, 75, 83, 91, 100]
    assert lines_of(first) == [*(f"Reading the registry: {n} % …" for n in shares), "Building the index …", ""]
    assert first.endswith("\r\x1b[Ke1000\n")
    assert open_terminal("-r", str(many), "list", "-n", "1", "-f", "ids", code=EAGER).shown() == "e1000\n"


def test_exports_and_imports_count(open_terminal: OpenTerminal, many: Path, tmp_path: Path) -> None:
    export = lines_of(open_terminal("-r", str(many), "--lang", "vi", "export", "out.json", code=EAGER).shown())
    assert export[:1] == ["Đang đọc sổ sự kiện: 8 % …"]
    assert export[-3:] == ["Đang ghi 1.198 sự kiện …", "Đang ghi 1.199 sự kiện …", "Đang ghi 1.200 sự kiện …"]
    (tmp_path / "new.toml").write_text("", encoding="utf-8")
    done = lines_of(open_terminal("-r", "new.toml", "--lang", "en", "import", "out.json", code=EAGER).shown())
    assert {"Reading out.json: 1 …", "Reading out.json: 1,200 …"} <= {*done}
    assert {"Comparing entries: 1 of 1,200 …", "Comparing entries: 1,200 of 1,200 …", "Writing the registry …"} <= {
        *done
    }
    checked = lines_of(open_terminal("-r", str(many), "--lang", "en", "check", code=EAGER).shown())
    assert checked[:1] + checked[-3:] == [
        "Checking 1 event …", "Checking 1,200 events …", "Looking for suspicious values …", "",
    ]  # fmt: skip


def test_a_short_task_is_not_shown(open_terminal: OpenTerminal, many: Path) -> None:
    (many.parent / "few.toml").write_text('[[event]]\nid = "a"\ntitle = "A"\n', encoding="utf-8")
    assert open_terminal("-r", "few.toml", "list", "-f", "ids").shown() == "a\n"


def test_ctrl_c_leaves_a_clean_line(open_terminal: OpenTerminal, many: Path) -> None:
    reading = open_terminal("-r", str(many), "--lang", "en", "list", "-n", "1", code=SLOW)
    reading.shown("Reading the registry: 8 %")
    os.killpg(reading.process.pid, signal.SIGINT)
    text = reading.shown()
    assert text.endswith("…\x1b[K\r\x1b[K")
    assert "100 %" not in text
    assert reading.process.returncode == 130


@pytest.mark.process
def test_a_pipe_hears_nothing(many: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EAGER, "-r", str(many), "list", "-n", "1", "-f", "ids"],
        env=make_environment(tmp_path) | {"TERM": "xterm"}, capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("e1000\n", "")
