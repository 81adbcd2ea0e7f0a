"""Fish: it finds the script by itself, shows help, and keeps the candidates that have in them what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ilocal.cli.completion.candidates import Candidate, Offer
from ilocal.cli.completion.command_line import Place
from ilocal.cli.completion.shell_quoting import split
from ilocal.cli.completion.shells.base import Line


def read(arguments: Sequence[str]) -> Line:
    """The words, of which the last is typed and still has its quotes."""
    *words, typed = arguments
    return Line(words, split(typed)[-1].text)


def show(offer: Offer, place: Place, line: Line) -> list[str]:
    """The kind, with what of the word comes before a file's name; then whole words, each with its help behind a tab."""
    begin = place.head + offer.head
    typed = line.typed.removeprefix(begin).lower()
    found = [f"{begin}{one.value}\t{one.help}" for one in _kept(offer.found, typed)]
    return [f"{offer.kind}\t{begin}", *found]


def _kept(found: Sequence[Candidate], typed: str) -> Iterator[Candidate]:
    """Candidates as fish will keep them: with what was typed in them, or else without their accents."""
    for one in found:
        if typed in one.value.lower():
            yield one
        elif one.plain and typed in one.plain.lower():
            yield Candidate(one.plain, ", ".join(filter(None, (one.value, one.help))))


def script_path(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "fish" / "completions" / "ilocal.fish"


def startup_path(environ: Mapping[str, str], home: Path) -> None:
    return None
