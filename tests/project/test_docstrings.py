"""Docstrings name errors that there are."""

from __future__ import annotations

import ast
import builtins
import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.paths import ROOT

SOURCES = sorted((ROOT / "src" / "ilocal").rglob("*.py"))
ERROR_NAME = re.compile(r"\b[A-Z]\w+Error\b")


@cache
def find_classes() -> set[str]:
    """Return the names of all classes of the program."""
    return {name for path in SOURCES for name in re.findall(r"^ *class (\w+)", path.read_text("utf-8"), re.MULTILINE)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_error_that_a_docstring_names_exists(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    imported = {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    known = find_classes() | imported | set(dir(builtins))
    for node in nodes:
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            named = re.findall(r"[Rr]aises? ([A-Z]\w+)", ast.get_docstring(node) or "")
            named += ERROR_NAME.findall(ast.get_docstring(node) or "")
            assert set(named) <= known, getattr(node, "name", "")
