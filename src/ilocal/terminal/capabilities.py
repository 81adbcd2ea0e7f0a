"""What the terminal can show: how many columns it has, and whether signs beyond ASCII."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress

# One character each, so that nothing moves.
_PLAIN = str.maketrans(
    "│─├┤┬┴┼┌┐└┘╭╮╰╯┣┫━╍▸◂◆●✗…·•░▒▓█▁▂▃▄▅▆▇–▼◇┃⋮",
    "|-+++++++++++++[]=~><*ox~.*.:%#:-=+*%@-v?|:",
)


def columns() -> int:
    """Those of the terminal that any of the standard streams is, or as COLUMNS says; 80 where nobody knows."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and len(said) < 5 and int(said) > 0:
        return int(said)
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        with suppress(OSError, ValueError, AttributeError):
            if found := os.get_terminal_size(stream.fileno()).columns:  # type: ignore[union-attr]
                return found
    return 80


def signs_are_plain(environ: Mapping[str, str]) -> bool:
    """Whether the terminal has no signs beyond ASCII, or the locale names an encoding without them."""
    name = next(filter(None, (environ.get(key) for key in ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    encoding = name.partition(".")[2].partition("@")[0].lower().replace("-", "")
    return environ.get("TERM") == "dumb" or encoding not in ("", "utf8")


def in_ascii(signs: str) -> str:
    """Our signs in ASCII: what frames, points and fills."""
    return signs.translate(_PLAIN)
