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
    """Print a message on one line of stderr."""
    progress.clear_progress()
    write_stderr(wrap_message(escape_message(text)) + "\n")


def wrap_message(text: str, indent: str = "") -> str:
    """Return a message as shown on stderr: wrapped between words on a terminal, else on one line.

    A word longer than a line, such as a path, is left to the terminal: it can then be copied as one.
    """
    if not sys.stderr.isatty():
        return indent + text
    from ilocal.terminal.capabilities import get_terminal_width  # imports that are not needed without messages
    from ilocal.terminal.text_width import measure_width, wrap_to_width

    width = get_terminal_width() - len(indent)
    lines = [text] if measure_width(text) <= width else wrap_to_width(text, width, breaks_long_words=False)
    return "\n".join(indent + line for line in lines)


def write_stderr(text: str) -> None:
    """Write to stderr unchanged. Failures, such as a full disk, are ignored and do not affect the exit code."""
    try:
        print(text, end="", file=sys.stderr, flush=True)
    except OSError:
        redirect_to_devnull(sys.stderr)


def redirect_to_devnull(stream: TextIO) -> None:
    """Redirect stdout or stderr to /dev/null, so that Python does not report an error at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def print_warning(text: str) -> None:
    """Warn of something, on one line of stderr."""
    print_status(_("ilocal: warning: {message}", message=text))


_MAX_PRINTED_DIAGNOSTICS = 10


def print_diagnostics_on_terminal(problems: tuple[Diagnostic, ...], file: str) -> None:
    """Print the first errors, and how to see all of them."""
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors[:_MAX_PRINTED_DIAGNOSTICS]:
        print_warning(problem.format_with_file(file))
    if len(errors) > _MAX_PRINTED_DIAGNOSTICS:
        left = len(errors) - _MAX_PRINTED_DIAGNOSTICS
        print_warning(
            n_(
                "{n} more; to see all problems, run: ilocal check",
                "{n} more; to see all problems, run: ilocal check",
                left,
            )
        )
