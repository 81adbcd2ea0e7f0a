"""Fish: finds the script by itself, shows help, and keeps candidates that contain the typed text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ilocal.cli.completion.candidates import Completion, Completions
from ilocal.cli.completion.command_line import CursorContext
from ilocal.cli.completion.shell_quoting import split_shell_words
from ilocal.cli.completion.shells.base import CommandLine


def parse_shell_arguments(arguments: Sequence[str]) -> CommandLine:
    """Return the command line from its words, of which the last is being typed and still quoted."""
    *words, typed = arguments
    return CommandLine(words, split_shell_words(typed)[-1].text)


def format_completions(offer: Completions, place: CursorContext, line: CommandLine) -> list[str]:
    """Return the kind with the prefix of a file's name; then whole words, each with its help after a tab."""
    begin = place.prefix + offer.prefix
    typed = line.partial_word.removeprefix(begin).lower()
    found = [f"{begin}{one.value}\t{one.help}" for one in _keep_completions_for_fish(offer.candidates, typed)]
    return [f"{offer.kind}\t{begin}", *found]


def _keep_completions_for_fish(found: Sequence[Completion], typed: str) -> Iterator[Completion]:
    """Yield candidates as fish keeps them: those that contain the typed text, if need be without accents."""
    for one in found:
        if typed in one.value.lower():
            yield one
        elif one.unaccented and typed in one.unaccented.lower():
            yield Completion(one.unaccented, ", ".join(filter(None, (one.value, one.help))))


def get_script_path(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "fish" / "completions" / "ilocal.fish"


def get_startup_path(environ: Mapping[str, str], home: Path) -> None:
    return None
