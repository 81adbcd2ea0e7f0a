"""Completion of command lines for bash, zsh and fish.

The scripts are our own, as Typer's lose information that ours need: they pass the line as one text that is split again,
so that quotes and spaces in words are ambiguous; in bash they show no help, shorten the typed text if candidates have
other accents, and do not quote names with spaces; in zsh they evaluate output of the program.

A shell runs the program with an environment variable, `_ILOCAL_COMPLETE=zsh`. `command_line` finds the parameter at the
cursor, `candidates` lists its values, and each module of `shells` handles the format of one shell.
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
    """Return the answer for the script of a shell that passed these arguments.

    `open_session` opens a session with the registry and the language named before the command; `choose_language` sets
    the language of messages from the words of the line. Raises UsageError for an unknown shell.
    """
    shell = get_shell(shell_name)
    line = shell.parse_shell_arguments(arguments)
    messages.set_language(messages.SOURCE_LANGUAGE)  # values are identified by their names in the source language
    place = parse_command_line(group, line.words, line.partial_word)
    choose_language(line.words)
    if place is None:
        return ""
    registry, lang = place.get_option_values("registry"), place.get_option_values("lang")
    # The shell has not looked at the word yet.
    path = os.path.expandvars(Path(registry[-1]).expanduser()) if registry else None
    asking = open_session(path, lang[-1] if lang else None)
    asking.is_silent = True
    try:
        lines = shell.format_completions(find_completions(place, asking), place, line)
        return "".join(f"{text}\n" for text in lines)
    finally:
        asking.close()
