"""Bash: it passes on the line as text, replaces the word as readline sees it, and shows no help beside candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ilocal.cli.completion.candidates import Candidate, Offer
from ilocal.cli.completion.command_line import Place
from ilocal.cli.completion.shell_quoting import quoted, split
from ilocal.cli.completion.shells.base import Line, cells, listed, width_of

# Bash's COMP_TYPE: the list that a second Tab shows is only looked at, so that help may stand in it.
_LISTING, _CYCLING = "63", "37"
_NEITHER = "…"  # among candidates that begin otherwise than the typed word, it keeps readline from cutting that short


def read(arguments: Sequence[str]) -> Line:
    """The line up to the cursor, COMP_TYPE, the letters at which readline begins a new word, and the width."""
    text, mode, breaks, width = arguments
    *words, last = split(text)
    at = last.at + 1 if last.quote else _after_break(last.raw, breaks)
    fixed = split(last.raw[:at])[-1].text
    return Line([word.text for word in words[1:]], last.text, width_of(width), fixed, last.quote, mode)


def _after_break(raw: str, breaks: str) -> int:
    """Where in a word begins what readline takes for the word."""
    found = [at + 1 for at, letter in enumerate(raw) if letter in breaks and raw[at - 1 : at] != "\\"]
    return max(found, default=0)


def show(offer: Offer, place: Place, line: Line) -> list[str]:
    how = [offer.kind + (" nospace" if offer.goes_on else "")]
    if line.mode == _LISTING and len(offer.found) > 1:
        return how + _spread(offer.found, line.width)
    begin = place.head + offer.head
    words = [begin + one.value for one in offer.found]
    found = [quoted(word.removeprefix(line.fixed), line.quote) for word in words if word.startswith(line.fixed)]
    typed = quoted(line.typed.removeprefix(line.fixed), line.quote)
    if len(found) > 1 and line.mode != _CYCLING and not all(one.startswith(typed) for one in found):
        found.append(_NEITHER)
    return how + found


def _spread(found: Sequence[Candidate], width: int) -> list[str]:
    """Lines with help, wide enough for readline to put no two of them side by side."""
    lines = listed(found, width - 1)
    if not any(one.help for one in found):
        return lines
    return [text + " " * (width // 2 - cells(text)) for text in lines]


def script_path(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "ilocal" / "completion.bash"


def startup_path(environ: Mapping[str, str], home: Path) -> Path:
    return home / ".bashrc"
