"""Capabilities of the terminal: its width, and whether it shows characters beyond ASCII."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress

# One character each, to keep alignment.
_ASCII_SYMBOLS = str.maketrans(
    "│─├┤┬┴┼┌┐└┘╭╮╰╯┣┫━╍▸◂◆●✗…·•░▒▓█▁▂▃▄▅▆▇–▼◇┃⋮↻",
    "|-+++++++++++++[]=~><*ox~.*.:%#:-=+*%@-v?|:@",
)


def get_terminal_width() -> int:
    """Return the width of the terminal that is any of the standard streams, or COLUMNS; 80 if unknown."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and len(said) < 5 and int(said) > 0:
        return int(said)
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        with suppress(OSError, ValueError, AttributeError):
            if found := os.get_terminal_size(stream.fileno()).columns:  # type: ignore[union-attr]
                return found
    return 80


def is_ascii_terminal(environ: Mapping[str, str]) -> bool:
    """Return whether the terminal only shows ASCII, or the locale has an encoding without other characters."""
    name = next(filter(None, (environ.get(key) for key in ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    encoding = name.partition(".")[2].partition("@")[0].lower().replace("-", "")
    return environ.get("TERM") == "dumb" or encoding not in ("", "utf8")


def has_hyperlinks(environ: Mapping[str, str]) -> bool:
    """Return whether the terminal shows hyperlinks (OSC 8), or at least ignores them."""
    name = environ.get("TERM", "")
    return bool(name) and not name.startswith(("dumb", "linux", "vt", "eterm", "emacs"))


def to_ascii_symbols(symbols: str) -> str:
    """Return symbols of frames and charts replaced by ASCII."""
    return symbols.translate(_ASCII_SYMBOLS)
