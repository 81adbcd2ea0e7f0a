"""Draw the pictures of the README: the real program on the shipped registry, as Rich's SVG with the letters it needs.

    python docs/screens.py

Run it again after changing what a person sees. A test compares the words in the pictures with what the program says.
"""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
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
FONT = "JetBrains Mono"
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
    svg = screen.export_svg(title="ilocal", theme=DIMMED_MONOKAI, unique_id=name, font_aspect_ratio=0.6)
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # fonts on the network


def embed_fonts(svg: str) -> str:
    """Return a picture that carries the letters it needs, so that it is the same in every browser.

    The fonts are Debian's (`fonts-jetbrains-mono`), found by fontconfig.
    """
    from xml.etree.ElementTree import fromstring

    text = "".join(fromstring(svg).itertext())
    faces = "".join(make_font_face(text, style, weight) for style, weight in (("Regular", 400), ("Bold", 700)))
    svg = svg.replace(
        "    <style>\n", f"    <!-- Letters of {FONT}, SIL Open Font License 1.1 -->\n    <style>\n{faces}", 1
    )
    return re.sub(r"font-family: (Fira Code, monospace|arial)", f"font-family: '{FONT}', monospace", svg)


def make_font_face(text: str, style: str, weight: int) -> str:
    """Return a rule of CSS with the subset of a font that a text needs, as WOFF2."""
    from fontTools import subset

    path = subprocess.check_output(["fc-match", "-f", "%{file}", f"{FONT}:style={style}"], text=True)
    if not Path(path).name.startswith(FONT.replace(" ", "")):
        sys.exit(f"screens: the font {FONT} is not installed (Debian: fonts-jetbrains-mono)")
    options = subset.Options(flavor="woff2", hinting=False, layout_features=["ccmp", "mark"])
    font = subset.load_font(path, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    data = io.BytesIO()
    subset.save_font(font, data, options)
    source = f"data:font/woff2;base64,{base64.b64encode(data.getvalue()).decode()}"
    return f"    @font-face {{ font-family: '{FONT}'; font-weight: {weight}; src: url({source}) format('woff2'); }}\n"


def main() -> None:
    """Write the pictures next to this script."""
    for name, arguments in SCREENS.items():
        (HERE / f"{name}.svg").write_text(embed_fonts(drawn(name, arguments)), encoding="utf-8")


if __name__ == "__main__":
    main()
