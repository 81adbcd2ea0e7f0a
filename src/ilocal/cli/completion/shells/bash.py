"""Bash: passes the line as text, replaces the word as readline splits it, and shows no help of candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ilocal.cli.completion.candidates import Completion, Completions
from ilocal.cli.completion.command_line import CursorContext
from ilocal.cli.completion.shell_quoting import quote_completion_for_shell, split_shell_words
from ilocal.cli.completion.shells.base import (
    CommandLine,
    format_completion_list,
    parse_completion_width,
)
from ilocal.terminal.text_width import pad_to_width

# Bash's COMP_TYPE: the list after a second Tab is only displayed, so it may include help.
_LISTING_COMPLETION_TYPE, _CYCLING_COMPLETION_TYPE = "63", "37"
_UNRELATED_COMPLETION = "…"  # keeps readline from shortening the typed word if candidates begin differently


def parse_shell_arguments(arguments: Sequence[str]) -> CommandLine:
    """Return the line up to the cursor from it, COMP_TYPE, readline's word breaks, and the width."""
    text, mode, breaks, width = arguments
    *words, last = split_shell_words(text)
    at = last.quote_position + 1 if last.open_quote else _find_completion_break_of_readline(last.raw, breaks)
    fixed = split_shell_words(last.raw[:at])[-1].text
    return CommandLine(
        [word.text for word in words[1:]], last.text, parse_completion_width(width), fixed, last.open_quote, mode
    )


def _find_completion_break_of_readline(raw: str, breaks: str) -> int:
    """Return the index in a word at which readline's word begins."""
    found = [at + 1 for at, letter in enumerate(raw) if letter in breaks and raw[at - 1 : at] != "\\"]
    return max(found, default=0)


def format_completions(offer: Completions, place: CursorContext, line: CommandLine) -> list[str]:
    how = [offer.kind + (" nospace" if offer.is_continued else "")]
    if line.completion_type == _LISTING_COMPLETION_TYPE and len(offer.candidates) > 1:
        return how + _pad_completion_list(offer.candidates, line.width)
    begin = place.prefix + offer.prefix
    words = [begin + one.value for one in offer.candidates]
    found = [
        quote_completion_for_shell(word.removeprefix(line.fixed_prefix), line.open_quote)
        for word in words
        if word.startswith(line.fixed_prefix)
    ]
    typed = quote_completion_for_shell(line.partial_word.removeprefix(line.fixed_prefix), line.open_quote)
    if (
        len(found) > 1
        and line.completion_type != _CYCLING_COMPLETION_TYPE
        and not all(one.startswith(typed) for one in found)
    ):
        found.append(_UNRELATED_COMPLETION)
    return how + found


def _pad_completion_list(found: Sequence[Completion], width: int) -> list[str]:
    """Return lines with help, padded so that readline does not put two of them side by side."""
    lines = format_completion_list(found, width - 1)
    if not any(one.help for one in found):
        return lines
    return [pad_to_width(text, width // 2) for text in lines]


def get_script_path(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "ilocal" / "completion.bash"


def get_startup_path(environ: Mapping[str, str], home: Path) -> Path:
    return home / ".bashrc"
