"""Docstrings name errors that there are."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

SOURCES = sorted((ROOT / "src" / "ilocal").rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
CLASSES = {node.name for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
ERROR_NAME = re.compile(r"\b[A-Z]\w+Error\b")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_error_that_a_docstring_names_exists(path: Path) -> None:
    imported = {
        alias.asname or alias.name
        for node in ast.walk(TREES[path])
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    known = CLASSES | imported | set(dir(builtins))
    for node in ast.walk(TREES[path]):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            named = re.findall(r"[Rr]aises? ([A-Z]\w+)", ast.get_docstring(node) or "")
            named += ERROR_NAME.findall(ast.get_docstring(node) or "")
            assert set(named) <= known, getattr(node, "name", "")
