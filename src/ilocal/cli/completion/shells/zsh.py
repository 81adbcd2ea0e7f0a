"""Zsh: passes the words without quotes, quotes what it inserts, and displays each candidate as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ilocal.cli.completion.candidates import Completions
from ilocal.cli.completion.command_line import CursorContext
from ilocal.cli.completion.shells.base import CommandLine, format_completion_list, parse_completion_width


def parse_shell_arguments(arguments: Sequence[str]) -> CommandLine:
    """Return the command line from the width and the words, of which the last is being typed."""
    width, *words, typed = arguments
    return CommandLine(words, typed, parse_completion_width(width))


def format_completions(offer: Completions, place: CursorContext, line: CommandLine) -> list[str]:
    """Return the kind with its flags, then whole words, each with its display text after a tab.

    Candidates that do not begin as typed replace the word (`replace`), one after the other if there are several, as
    they have no common prefix to insert.
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
