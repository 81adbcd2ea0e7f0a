"""Colours of events that can be read on any terminal."""

from __future__ import annotations

from rich.style import Style

from ilocal.terminal.theme import CHART_STYLES


def test_no_bar_has_black_letters_on_blue_which_is_dark_on_light_terminals() -> None:
    bars = {name: Style.parse(said) for name, said in CHART_STYLES.items() if name.startswith("bar") and name != "bar"}
    dark = [name for name, style in bars.items() if style.bgcolor and "blue" in style.bgcolor.name]
    assert (len(bars), dark) == (5, [])
    assert all(style.bgcolor or style.reverse for style in bars.values())
