"""Progress line on stderr: shown after a second, only on a terminal, and removed at the end."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from ilocal.progress import ProgressTask


class ProgressLine:
    """One line of a terminal, drawn over and over; a `progress.ProgressReporter`."""

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        delay_seconds: float = 1.0,
        redraw_seconds: float = 0.1,
    ) -> None:
        """Initialize for `stream` (by default stderr), a delay before the first drawing, and a redraw interval."""
        self._stream = stream
        self._clock = clock
        self._delay_seconds = delay_seconds
        self._redraw_seconds = redraw_seconds
        self._next_draws: dict[ProgressTask, float] = {}
        self._drawn_tasks: set[ProgressTask] = set()

    def start(self, task: ProgressTask) -> None:
        self._next_draws[task] = self._clock() + self._delay_seconds

    def update(self, task: ProgressTask) -> None:
        if self._clock() < self._next_draws.get(task, float("inf")):
            return
        if width := self._width():
            self._drawn_tasks.add(task)
            self._write("\r" + task.message(task.steps_done)[: width - 1] + "\x1b[K")
            self._next_draws[task] = self._clock() + self._redraw_seconds
        else:
            self._next_draws[task] = float("inf")

    def finish(self, task: ProgressTask) -> None:
        self._next_draws.pop(task, None)
        if task in self._drawn_tasks:
            self._drawn_tasks.remove(task)
            self._write("\r\x1b[K")

    def clear(self) -> None:
        if self._drawn_tasks:
            self._drawn_tasks.clear()
            self._write("\r\x1b[K")

    def _width(self) -> int:
        """Return the width of the terminal that is written to; 0 if it is none."""
        stream = self._stream or sys.stderr
        if stream.isatty() and os.environ.get("TERM", "dumb") != "dumb":
            with suppress(OSError, ValueError):
                return os.get_terminal_size(stream.fileno()).columns
        return 0

    def _write(self, text: str) -> None:
        stream = self._stream or sys.stderr
        with suppress(OSError):  # it does not affect the result
            stream.write(text)
            stream.flush()
