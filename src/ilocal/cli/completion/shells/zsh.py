"""Zsh: it passes on the words without quotes, quotes what it inserts, and shows each candidate as it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ilocal.cli.completion.candidates import Completions
from ilocal.cli.completion.command_line import CursorContext
from ilocal.cli.completion.shells.base import CommandLine, format_completion_list, parse_shell_width


def parse_shell_arguments(arguments: Sequence[str]) -> CommandLine:
    """The width, and the words, of which the last is the one that is typed."""
    width, *words, typed = arguments
    return CommandLine(words, typed, parse_shell_width(width))


def format_completions(offer: Completions, place: CursorContext, line: CommandLine) -> list[str]:
    """The kind with its flags, then whole words, each with its line of the list behind a tab.

    Candidates that do not begin as typed take its place (`replace`), several of them one after the other: they have no
    beginning in common to be put there.
    """
    begin = place.prefix + offer.prefix
    words = [begin + one.value for one in offer.candidates]
    flags = ["nospace"] if offer.is_continued else []
    flags += [] if all(word.startswith(line.partial_word) for word in words) else ["replace"]
    shown = format_completion_list(offer.candidates, line.width - 1)
    return [" ".join([offer.kind, *flags]), *(f"{word}\t{text}" for word, text in zip(words, shown, strict=True))]


def get_script_path(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "ilocal" / "completion.zsh"


def get_startup_path(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("ZDOTDIR") or home) / ".zshrc"
