"""Progress of long tasks, shown by the reporter that the program has set, if any.

Code that works calls `advance_progress()`; a command, or the index, uses `track_progress` to give the steps a meaning.
The Python API sets no reporter, and is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

T = TypeVar("T")
ProgressMessage = Callable[[int], str]  # the sentence for so many steps


class ProgressReporter(Protocol):
    """Displays tasks to a user, for example as a line on a terminal. It decides when, and how often."""

    def start(self, task: ProgressTask) -> None:
        """Register a task that begins."""

    def update(self, task: ProgressTask) -> None:
        """Show the task, which has gone on, if it is time."""

    def finish(self, task: ProgressTask) -> None:
        """Remove a task and its display."""

    def clear(self) -> None:
        """Clear the display for a message."""


class ProgressTask:
    """A long task: the number of completed steps, and the message that shows it."""

    def __init__(self, message: ProgressMessage, reporter: ProgressReporter | None) -> None:
        self.message = message
        self.steps_done = 0
        self._reporter = reporter

    def advance(self, n: int = 1) -> None:
        """Count `n` more steps."""
        self.steps_done += n
        if self._reporter is not None:
            self._reporter.update(self)

    def iterate(self, items: Iterable[T]) -> Iterator[T]:
        """Return the items, each a step."""
        for item in items:
            yield item
            self.advance()

    def set_message(self, message: ProgressMessage) -> None:
        """Change the message, for example for work without steps."""
        self.message = message
        self.advance(0)


_reporter: ContextVar[ProgressReporter | None] = ContextVar("progress_reporter", default=None)
_tasks: ContextVar[tuple[ProgressTask, ...]] = ContextVar("progress_tasks", default=())  # the innermost last


def set_progress_reporter(reporter: ProgressReporter | None) -> None:
    """Set the reporter of tasks that begin from now on."""
    _reporter.set(reporter)


@contextmanager
def track_progress(message: ProgressMessage) -> Iterator[ProgressTask]:
    """Open a task: the steps inside of the block are its own."""
    reporter = _reporter.get()
    task = ProgressTask(message, reporter)
    if reporter is not None:
        reporter.start(task)
    _tasks.set((*_tasks.get(), task))
    try:
        yield task
    finally:
        _tasks.set(tuple(other for other in _tasks.get() if other is not task))
        if reporter is not None:
            reporter.finish(task)


def advance_progress(n: int = 1) -> None:
    """Count `n` more steps of the innermost task, if there is one."""
    if tasks := _tasks.get():
        tasks[-1].advance(n)


def clear_progress() -> None:
    """Clear the display for a message."""
    if (reporter := _reporter.get()) is not None:
        reporter.clear()
