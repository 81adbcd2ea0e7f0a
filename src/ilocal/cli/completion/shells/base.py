"""The promise of a shell's completion, and the helpers that shells share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from unicodedata import combining, east_asian_width

from ilocal.cli.completion.candidates import Candidate, Offer
from ilocal.cli.completion.command_line import Place


@dataclass(frozen=True, slots=True)
class Line:
    """A command line up to where somebody types, without the program's name and without quotes."""

    words: list[str]
    typed: str
    width: int = 80  # of the terminal
    fixed: str = ""  # what of the typed word the shell leaves as it is
    quote: str = ""  # the one that is open
    mode: str = ""  # what the shell is about to do, in its own terms


class Shell(Protocol):
    """A module of this folder, called like its shell; beside it lies its script, `ilocal.` and that name."""

    def read(self, arguments: Sequence[str]) -> Line:
        """The line that the script passes on."""

    def show(self, offer: Offer, place: Place, line: Line) -> list[str]:
        """The offer as the script reads it: a line with its kind, then one for each candidate."""

    def script_path(self, environ: Mapping[str, str], home: Path) -> Path:
        """Where the script is put."""

    def startup_path(self, environ: Mapping[str, str], home: Path) -> Path | None:
        """The file that has to load it; None where the shell finds it by itself."""


# --------------------------------------------------------------------------------------------------------------- lists


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(letter: str) -> int:
    return 0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1


def listed(found: Sequence[Candidate], width: int) -> list[str]:
    """Candidates with their help beside them, one a line of `width` columns; where both are long, both are cut."""
    if not any(one.help for one in found):
        return [one.value for one in found]
    column = min(max(cells(one.value) for one in found), width * 3 // 5)
    return [_beside(cut(one.value, column), one.help, column + 2, width) for one in found]


def _beside(value: str, help: str, column: int, width: int) -> str:
    return value + " " * (column - cells(value)) + cut(help, width - column) if help else value


def cut(text: str, width: int) -> str:
    """The beginning of a text, in at most so many columns."""
    if cells(text) <= width:
        return text
    taken = 0
    for at, letter in enumerate(text):
        taken += _cells(letter)
        if taken > width - 1:
            return text[:at].rstrip() + "…"
    return text


def width_of(text: str) -> int:
    """The columns of a terminal, as a shell says them."""
    return min(max(int(text), 20), 400) if text.isascii() and text.isdigit() else 80
