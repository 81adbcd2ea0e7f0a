"""The promise of a shell's completion, and the helpers that shells share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from unicodedata import combining, east_asian_width

from ilocal.cli.completion.candidates import Completion, Completions
from ilocal.cli.completion.command_line import CursorContext


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command line up to where somebody types, without the program's name and without quotes."""

    words: list[str]
    partial_word: str
    width: int = 80  # of the terminal
    fixed_prefix: str = ""  # what of the typed word the shell leaves as it is
    open_quote: str = ""  # the one that is open
    completion_type: str = ""  # what the shell is about to do, in its own terms


class Shell(Protocol):
    """A module of this folder, called like its shell; beside it lies its script, `ilocal.` and that name."""

    def parse_shell_arguments(self, arguments: Sequence[str]) -> CommandLine:
        """The line that the script passes on."""

    def format_completions(self, offer: Completions, place: CursorContext, line: CommandLine) -> list[str]:
        """The offer as the script reads it: a line with its kind, then one for each candidate."""

    def get_script_path(self, environ: Mapping[str, str], home: Path) -> Path:
        """Where the script is put."""

    def get_startup_path(self, environ: Mapping[str, str], home: Path) -> Path | None:
        """The file that has to load it; None where the shell finds it by itself."""


# --------------------------------------------------------------------------------------------------------------- lists


def measure_completion_width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_measure_character_width, text))


def _measure_character_width(letter: str) -> int:
    return 0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1


def format_completion_list(found: Sequence[Completion], width: int) -> list[str]:
    """Candidates with their help beside them, one a line of `width` columns; where both are long, both are cut."""
    if not any(one.help for one in found):
        return [one.value for one in found]
    column = min(max(measure_completion_width(one.value) for one in found), width * 3 // 5)
    return [_format_completion_line(clip_completion(one.value, column), one.help, column + 2, width) for one in found]


def _format_completion_line(value: str, help: str, column: int, width: int) -> str:
    return (
        value + " " * (column - measure_completion_width(value)) + clip_completion(help, width - column)
        if help
        else value
    )


def clip_completion(text: str, width: int) -> str:
    """The beginning of a text, in at most so many columns."""
    if measure_completion_width(text) <= width:
        return text
    taken = 0
    for at, letter in enumerate(text):
        taken += _measure_character_width(letter)
        if taken > width - 1:
            return text[:at].rstrip() + "…"
    return text


def parse_shell_width(text: str) -> int:
    """The columns of a terminal, as a shell says them."""
    return min(max(int(text), 20), 400) if text.isascii() and text.isdigit() else 80
