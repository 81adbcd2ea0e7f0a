"""The promise of a shell's completion, and the helpers that shells share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ilocal.cli.completion.candidates import Completion, Completions
from ilocal.cli.completion.command_line import CursorContext
from ilocal.terminal.text_width import clip_to_width, measure_width, pad_to_width


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command line up to the cursor, without the program's name and without quotes."""

    words: list[str]
    partial_word: str
    width: int = 80  # of the terminal
    fixed_prefix: str = ""  # the part of the typed word that the shell keeps
    open_quote: str = ""  # the one that is open
    completion_type: str = ""  # what the shell is about to do, in its own terms


class Shell(Protocol):
    """A module of this folder, named like its shell; its script `ilocal.NAME` is next to it."""

    def parse_shell_arguments(self, arguments: Sequence[str]) -> CommandLine:
        """Return the command line that the script passes."""

    def format_completions(self, offer: Completions, place: CursorContext, line: CommandLine) -> list[str]:
        """Return the candidates in the format of the script: a line with their kind, then one for each."""

    def get_script_path(self, environ: Mapping[str, str], home: Path) -> Path:
        """Return the path of the script."""

    def get_startup_path(self, environ: Mapping[str, str], home: Path) -> Path | None:
        """Return the file that must load the script; None if the shell finds it by itself."""


# --------------------------------------------------------------------------------------------------------------- lists


def format_completion_list(found: Sequence[Completion], width: int) -> list[str]:
    """Return candidates with their help in lines of `width` columns; if both are long, both are cut."""
    if not any(one.help for one in found):
        return [one.value for one in found]
    column = min(max(measure_width(one.value) for one in found), width * 3 // 5)
    return [_format_completion_line(clip_to_width(one.value, column), one.help, column + 2, width) for one in found]


def _format_completion_line(value: str, help: str, column: int, width: int) -> str:
    return pad_to_width(value, column) + clip_to_width(help, width - column) if help else value


def parse_completion_width(text: str) -> int:
    """Return the width of a terminal as passed by a shell."""
    return min(max(int(text), 20), 400) if text.isascii() and text.isdigit() else 80
