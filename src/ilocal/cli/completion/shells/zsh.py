"""Zsh: it passes on the words without quotes, quotes what it inserts, and shows each candidate as it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ilocal.cli.completion.candidates import Offer
from ilocal.cli.completion.command_line import Place
from ilocal.cli.completion.shells.base import Line, listed, width_of


def read(arguments: Sequence[str]) -> Line:
    """The width, and the words, of which the last is the one that is typed."""
    width, *words, typed = arguments
    return Line(words, typed, width_of(width))


def show(offer: Offer, place: Place, line: Line) -> list[str]:
    """The kind with its flags, then whole words, each with its line of the list behind a tab.

    Candidates that do not begin as typed take its place (`replace`), several of them one after the other: they have no
    beginning in common to be put there.
    """
    begin = place.head + offer.head
    words = [begin + one.value for one in offer.found]
    flags = ["nospace"] if offer.goes_on else []
    flags += [] if all(word.startswith(line.typed) for word in words) else ["replace"]
    shown = listed(offer.found, line.width - 1)
    return [" ".join([offer.kind, *flags]), *(f"{word}\t{text}" for word, text in zip(words, shown, strict=True))]


def script_path(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "ilocal" / "completion.zsh"


def startup_path(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("ZDOTDIR") or home) / ".zshrc"
