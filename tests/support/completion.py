"""Completions requested as the scripts of the shells do."""

from __future__ import annotations

import json
from pathlib import Path

from ilocal.cli import main


def list_candidates(*words: str) -> list[str]:
    """Return the output for zsh, the last word being typed: its kind, then each word, `|` and its display text."""
    return main.complete_command_line("zsh", ["100", *words]).replace("\t", "|").splitlines()


def list_values(*words: str) -> list[str]:
    """Return the words of the output for zsh."""
    return [line.partition("\t")[0] for line in main.complete_command_line("zsh", ["100", *words]).splitlines()[1:]]


HOSTILE = ["a\tb", "a\nb", "a\u001b[31mb", "a\u202eb", "a$(touch x)`y`'\"\\!*?~#;&|<>{}[]()b", "a: b=c,%d"]


def write_hostile_names(registry: Path) -> None:
    """Write a registry with names that a shell or a terminal might interpret."""
    topics = json.dumps(HOSTILE, ensure_ascii=True)
    registry.write_text(
        f'[[event]]\nid = "2020-x"\ntitle = "A\\u001b[31m\\nb\\tc"\ntopics = {topics}\n', encoding="utf-8"
    )


def complete_in_bash(line: str, mode: str = "9", width: int = 60) -> list[str]:
    """Return the output for bash: how to use the words, and the words."""
    return main.complete_command_line("bash", [line, mode, " \t\n\"'@><=;|&(:", str(width)]).splitlines()
