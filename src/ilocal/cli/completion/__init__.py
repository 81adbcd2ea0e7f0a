"""Completion: what may come next on a command line that somebody types, for bash, zsh and fish.

The scripts are our own, for Typer's lose what ours need: they pass the line on as one text that is split anew, so that
quotes and blanks in words are guesswork; in bash they show no help, replace what was typed by something shorter where a
candidate has other accents, and offer names with blanks unquoted; in zsh they evaluate what the program says.

A shell asks by running the program with a variable, `_ILOCAL_COMPLETE=zsh`. `line` finds what is awaited there,
`values` knows what that may be, and the modules of `shells` speak with a shell each.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ilocal.cli.completion.candidates import find_completions
from ilocal.cli.completion.command_line import parse_command_line
from ilocal.cli.completion.shells import get_shell
from ilocal.cli.session import Session
from ilocal.i18n import messages

COMPLETION_VARIABLE = "_ILOCAL_COMPLETE"


def answer_completion_request(
    shell_name: str,
    arguments: Sequence[str],
    group: Any,
    open_session: Callable[[str | None, str | None], Session],
    choose_language: Callable[[Sequence[str]], None],
) -> str:
    """What to tell the script of a shell, which gave these arguments. Raises UsageError for a shell that is unknown.

    `session` is the session with a registry and a language, as said before the command; `speak` chooses the language of
    messages by the words of the line.
    """
    shell = get_shell(shell_name)
    line = shell.read(arguments)
    messages.set_language(messages.SOURCE_LANGUAGE)  # in which values are known by what help calls them
    place = parse_command_line(group, line.words, line.typed)
    choose_language(line.words)
    if place is None:
        return ""
    registry, lang = place.get_values("registry"), place.get_values("lang")
    # The shell has not looked at the word yet.
    path = os.path.expandvars(Path(registry[-1]).expanduser()) if registry else None
    asking = open_session(path, lang[-1] if lang else None)
    asking.is_silent = True
    try:
        return "".join(f"{one}\n" for one in shell.show(find_completions(place, asking), place, line))
    finally:
        asking.close()
