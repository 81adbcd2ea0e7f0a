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

_AFTER, _EVERY = 1.0, 0.1  # seconds
T = TypeVar("T")
Told = Callable[[int], str]


class Task:
    """Something that takes its time; `told` says how far it is after so many steps."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.done = 0
        self._next = time.monotonic() + _AFTER
        self._is_drawn = False

    def step(self, n: int = 1) -> None:
        """So much more is done."""
        self.done += n
        if time.monotonic() >= self._next:
            self._draw()

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """The items, each a step."""
        for item in items:
            yield item
            self.step()

    def now(self, told: Told) -> None:
        """What is done now takes no steps."""
        self.told = told
        self.step(0)

    def _draw(self) -> None:
        width = _width()
        if not width:
            self._next = float("inf")
            return
        self._is_drawn = True
        _put("\r" + self.told(self.done)[: width - 1] + "\x1b[K")
        self._next = time.monotonic() + _EVERY

    def clear(self) -> None:
        """Take the line away, until the next step."""
        if self._is_drawn:
            _put("\r\x1b[K")
            self._is_drawn = False


_tasks: list[Task] = []  # the innermost last
_allowed: list[bool] = []


def allow() -> None:
    """From now on tasks are shown."""
    _allowed[:] = [True]


@contextmanager
def task(told: Told) -> Iterator[Task]:
    """Inside of it, steps are those of this task."""
    one = Task(told)
    _tasks.append(one)
    try:
        yield one
    finally:
        _tasks.remove(one)
        one.clear()


def step(n: int = 1) -> None:
    """So much more is done of the innermost task, if there is one."""
    if _tasks:
        _tasks[-1].step(n)


def clear() -> None:
    """Make place for a message."""
    for one in _tasks:
        one.clear()


def _width() -> int:
    """The columns of the terminal that is written to; 0 where there is none, or nothing is to be shown."""
    if _allowed and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        with suppress(OSError, ValueError):
            return os.get_terminal_size(sys.stderr.fileno()).columns
    return 0


def _put(text: str) -> None:
    with suppress(OSError):  # nothing that was asked for depends on it
        sys.stderr.write(text)
        sys.stderr.flush()
