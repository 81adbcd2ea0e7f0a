"""How far a long task is, on one line of stderr: after a second, on a terminal alone, and gone when it is done.

Rooms that work say `step()`, whoever called them; a command, or the index, says with `task` what that means. Nothing
is shown before the program has said `allow()`: the Python API is silent.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

_DELAY_SECONDS, _REDRAW_SECONDS = 1.0, 0.1  # seconds
T = TypeVar("T")
ProgressMessage = Callable[[int], str]


class ProgressTask:
    """Something that takes its time; `told` says how far it is after so many steps."""

    def __init__(self, message: ProgressMessage) -> None:
        self.message = message
        self.steps_done = 0
        self._next_draw = time.monotonic() + _DELAY_SECONDS
        self._is_drawn = False

    def advance(self, n: int = 1) -> None:
        """So much more is done."""
        self.steps_done += n
        if time.monotonic() >= self._next_draw:
            self._draw()

    def iterate(self, items: Iterable[T]) -> Iterator[T]:
        """The items, each a step."""
        for item in items:
            yield item
            self.advance()

    def set_message(self, message: ProgressMessage) -> None:
        """What is done now takes no steps."""
        self.message = message
        self.advance(0)

    def _draw(self) -> None:
        width = _progress_width()
        if not width:
            self._next_draw = float("inf")
            return
        self._is_drawn = True
        _write_progress("\r" + self.message(self.steps_done)[: width - 1] + "\x1b[K")
        self._next_draw = time.monotonic() + _REDRAW_SECONDS

    def clear(self) -> None:
        """Take the line away, until the next step."""
        if self._is_drawn:
            _write_progress("\r\x1b[K")
            self._is_drawn = False


_task_stack: list[ProgressTask] = []  # the innermost last
_display_switch: list[bool] = []


def enable_progress() -> None:
    """From now on tasks are shown."""
    _display_switch[:] = [True]


@contextmanager
def track_progress(message: ProgressMessage) -> Iterator[ProgressTask]:
    """Inside of it, steps are those of this task."""
    one = ProgressTask(message)
    _task_stack.append(one)
    try:
        yield one
    finally:
        _task_stack.remove(one)
        one.clear()


def advance_progress(n: int = 1) -> None:
    """So much more is done of the innermost task, if there is one."""
    if _task_stack:
        _task_stack[-1].advance(n)


def clear_progress() -> None:
    """Make place for a message."""
    for one in _task_stack:
        one.clear()


def _progress_width() -> int:
    """The columns of the terminal that is written to; 0 where there is none, or nothing is to be shown."""
    if _display_switch and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        with suppress(OSError, ValueError):
            return os.get_terminal_size(sys.stderr.fileno()).columns
    return 0


def _write_progress(text: str) -> None:
    with suppress(OSError):  # nothing that was asked for depends on it
        sys.stderr.write(text)
        sys.stderr.flush()
