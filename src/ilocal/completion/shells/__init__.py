"""The shells: one module each, found by its name in this folder, with its script beside it; see `Shell`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from unicodedata import combining, east_asian_width

from ilocal.completion.line import Place
from ilocal.completion.values import Candidate, Offer
from ilocal.errors import UsageError
from ilocal.language import _
from ilocal.text import safe


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


def names() -> list[str]:
    """The shells there are."""
    return sorted(path.stem for path in Path(__path__[0]).glob("[!_]*.py"))


def shell_named(name: str) -> Any:
    """The module of a shell. Raises UsageError."""
    if name not in names():
        hint = _("one of {names}", names=", ".join(names()))
        raise UsageError(_('there is no completion for "{shell}"', shell=safe(name)), hint=hint)
    return import_module(f"{__name__}.{name}")


def script(name: str) -> str:
    """The script of a shell."""
    return (Path(__path__[0]) / f"ilocal.{name}").read_text(encoding="utf-8")


# --------------------------------------------------------------------------------------------------------------- lists


def cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


_LEAST = 12  # columns of help: with fewer, there is none


def listed(found: Sequence[Candidate], width: int) -> list[str]:
    """Candidates with their help beside them, one a line of `width` columns."""
    longest = max((cells(one.value) for one in found if one.help), default=0)
    column = min(longest, max(width - _LEAST - 2, 0))
    return [_beside(one, column, width) for one in found]


def _beside(one: Candidate, column: int, width: int) -> str:
    taken = max(cells(one.value), column) + 2
    if not one.help or width - taken < _LEAST:
        return one.value
    return one.value + " " * (taken - cells(one.value)) + cut(one.help, width - taken)


def cut(text: str, width: int) -> str:
    """The beginning of a text, in at most so many columns."""
    if cells(text) <= width:
        return text
    while text and cells(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def width_of(text: str) -> int:
    """The columns of a terminal, as a shell says them."""
    return min(max(int(text), 20), 400) if text.isascii() and text.isdigit() else 80
