"""Status lines, warnings and problems on stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

from ilocal import progress
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _, n_
from ilocal.model.safe_text import escape_message


def print_status(text: str) -> None:
    """Say something about the data, on one line of stderr."""
    progress.clear_progress()
    write_stderr(wrap_message(escape_message(text)) + "\n")


def wrap_message(text: str, indent: str = "") -> str:
    """Return a message as stderr shows it: on a terminal broken between words, else on one line.

    A word that is longer than a line, such as a path, is left to the terminal: it can then be copied as one.
    """
    if not sys.stderr.isatty():
        return indent + text
    from ilocal.terminal.capabilities import get_terminal_width  # nothing of this is needed where nothing is said
    from ilocal.terminal.text_width import measure_width, wrap_to_width

    width = get_terminal_width() - len(indent)
    lines = [text] if measure_width(text) <= width else wrap_to_width(text, width, breaks_long_words=False)
    return "\n".join(indent + line for line in lines)


def write_stderr(text: str) -> None:
    """Write to stderr as it is. Nobody may be there to read it, or its disk be full: the exit code is the same then."""
    try:
        print(text, end="", file=sys.stderr, flush=True)
    except OSError:
        redirect_to_devnull(sys.stderr)


def redirect_to_devnull(stream: TextIO) -> None:
    """Let what is left of stdout or stderr go nowhere, so that Python does not complain of it at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def print_warning(text: str) -> None:
    """Warn of something, on one line of stderr."""
    print_status(_("ilocal: warning: {message}", message=text))


_MAX_PRINTED_DIAGNOSTICS = 10


def print_status_of_diagnostics(problems: tuple[Diagnostic, ...], file: str) -> None:
    """Name what could not be read, and how to see all of it."""
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors[:_MAX_PRINTED_DIAGNOSTICS]:
        print_warning(problem.format_with_file(file))
    if len(errors) > _MAX_PRINTED_DIAGNOSTICS:
        left = len(errors) - _MAX_PRINTED_DIAGNOSTICS
        print_warning(n_("{n} more; ilocal check names them all", "{n} more; ilocal check names them all", left))
