"""The console that Rich draws on, with text made safe."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.capabilities import get_terminal_width as of_terminal
from ilocal.terminal.theme import DEFAULT_STYLES

_CONSOLE_HEIGHT_LINES = (
    25  # Rich assumes 80 columns for a dumb terminal unless width and height are given; nothing here uses the height
)


class SafeConsole(Console):
    """Rich's console, without its handling of a closed pipe, which would end the program with exit code 1."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704 (called where a BrokenPipeError was caught)


def create_console(
    color: bool, width: int | None = None, styles: Mapping[str, str] = DEFAULT_STYLES, file: TextIO | None = None
) -> SafeConsole:
    """Return a console on stdout that interprets nothing in texts: no markup, no emoji codes, no highlighting.

    Arguments:
        color: whether to use colours.
        width: its width in cells; None for the terminal's.
        styles: styles by the names used in drawing.
        file: a file to use instead of stdout.
    """
    return SafeConsole(
        file=file or sys.stdout,
        markup=False,
        emoji=False,
        highlight=False,
        width=width or of_terminal(),
        height=_CONSOLE_HEIGHT_LINES,
        no_color=not color,
        force_terminal=color or None,
        color_system="auto" if color else None,
        legacy_windows=False,
        theme=Theme(styles),
    )


def to_safe_rich_text(text: str, style: str = "") -> Text:
    """Return a text for Rich without any markup. All texts for Rich are created here, so they are made safe here."""
    return Text(make_text_safe(text), style=style)
