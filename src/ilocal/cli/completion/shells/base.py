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


def format_completion_list(found: Sequence[Completion], width: int) -> list[str]:
    """Candidates with their help beside them, one a line of `width` columns; where both are long, both are cut."""
    if not any(one.help for one in found):
        return [one.value for one in found]
    column = min(max(measure_width(one.value) for one in found), width * 3 // 5)
    return [_format_completion_line(clip_to_width(one.value, column), one.help, column + 2, width) for one in found]


def _format_completion_line(value: str, help: str, column: int, width: int) -> str:
    return pad_to_width(value, column) + clip_to_width(help, width - column) if help else value


def parse_shell_width(text: str) -> int:
    """The columns of a terminal, as a shell says them."""
    return min(max(int(text), 20), 400) if text.isascii() and text.isdigit() else 80
