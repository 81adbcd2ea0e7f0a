"""Draw the pictures of the README: the real program on the shipped registry, as Rich's SVG.

    python docs/screens.py

Run it again after changing what a person sees. A test compares the words in the pictures with what the program says.
"""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text
from rich.theme import Theme

from ilocal.cli.main import run_command_line
from ilocal.terminal import console
from ilocal.terminal.theme import DEFAULT_STYLES

HERE = Path(__file__).resolve().parent
REGISTRY = HERE.parent / "data" / "events.toml"
WIDTH = 92
SCREENS = {
    "upcoming": ["--today", "2020-02-20", "upcoming"],
    "calendar": ["--today", "2020-02-20", "calendar"],
    "timeline": ["--today", "2020-02-20", "timeline", "--year", "2020"],
    "search": ["--today", "2020-02-20", "search", "lao dong tre em", "phòng ngừa", "-n", "4"],
}


class Terminal(io.StringIO):
    """A stdout that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def drawn(name: str, arguments: list[str]) -> str:
    """Return the SVG of one run."""
    screen = console.SafeConsole(
        record=True,
        width=WIDTH,
        force_terminal=True,
        color_system="truecolor",
        file=io.StringIO(),
        highlight=False,
        theme=Theme(DEFAULT_STYLES),
    )
    typed = [f"'{text}'" if " " in text else text for text in arguments]
    screen.print(Text("$ ilocal " + " ".join(typed), style="bold"))
    real, stdout, stderr = console.create_console, sys.stdout, sys.stderr
    try:
        console.create_console = lambda *_, **__: screen
        sys.stdout, sys.stderr = Terminal(), io.StringIO()
        with mock.patch.dict(os.environ, COLUMNS=str(WIDTH)):
            code = run_command_line(["-r", str(REGISTRY), "--lang", "vi", *arguments])
        said: Any = sys.stderr.getvalue()
    finally:
        console.create_console, sys.stdout, sys.stderr = real, stdout, stderr
    assert code == 0, said
    screen.print(Text(said.rstrip(), style="dim"))
    svg = screen.export_svg(title="ilocal", theme=DIMMED_MONOKAI, unique_id=name)
    # The picture loads nothing from the network: the reader's monospaced font is used.
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def main() -> None:
    """Write the pictures next to this script."""
    for name, arguments in SCREENS.items():
        (HERE / f"{name}.svg").write_text(drawn(name, arguments), encoding="utf-8")


if __name__ == "__main__":
    main()
