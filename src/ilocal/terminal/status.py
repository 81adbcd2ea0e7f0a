"""Status lines, warnings and problems on stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

from ilocal import progress
from ilocal.errors import Problem
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import message


def say(text: str) -> None:
    """Say something about the data, on one line of stderr."""
    progress.clear()
    tell(message(text) + "\n")


def tell(text: str) -> None:
    """Write to stderr as it is. Nobody may be there to read it, or its disk be full: the exit code is the same then."""
    try:
        print(text, end="", file=sys.stderr, flush=True)
    except OSError:
        turn_away(sys.stderr)


def turn_away(stream: TextIO) -> None:
    """Let what is left of stdout or stderr go nowhere, so that Python does not complain of it at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def caution(text: str) -> None:
    """Warn of something, on one line of stderr."""
    say(_("ilocal: warning: {message}", message=text))


_MOST_SAID = 10


def warn(problems: tuple[Problem, ...], file: str) -> None:
    """Name what could not be read, and how to see all of it."""
    errors = [problem for problem in problems if problem.level == "error"]
    for problem in errors[:_MOST_SAID]:
        caution(problem.at(file))
    if len(errors) > _MOST_SAID:
        left = len(errors) - _MOST_SAID
        caution(n_("{n} more; ilocal check names them all", "{n} more; ilocal check names them all", left))
