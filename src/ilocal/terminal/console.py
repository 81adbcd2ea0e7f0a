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
    25  # Rich takes a dumb terminal to have 80 columns, if not both are said; nothing here asks for the height
)


class SafeConsole(Console):
    """Rich's console, but that a closed pipe is told as it is everywhere else, and does not end the program with 1."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704 (called where a BrokenPipeError was caught)


def create_console(
    color: bool, width: int | None = None, styles: Mapping[str, str] = DEFAULT_STYLES, file: TextIO | None = None
) -> SafeConsole:
    """A console on stdout that obeys nothing in the text of an event: no markup, no emoji codes, no highlighting.

    What is drawn on it names its styles as `config.STYLES` does. With a `file` it goes there, as wide as the terminal.
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
    """A text as Rich draws it, obeying nothing in it. Here alone a text becomes Rich's, and so it is made safe here."""
    return Text(make_text_safe(text), style=style)
