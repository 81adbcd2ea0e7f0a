"""Functions and modules stay short enough to be read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.paths import ROOT

MAX_MODULE_LINES = 400
SHORT_PACKAGES = ("checks", "cli", "formats", "site", "sync", "terminal")
MAX_BODY_LINES = 45  # of a function without its signature, which in a command has an option on each line
MAX_NESTING = 4
_BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


def find_oversized_code() -> Iterator[str]:
    """Yield each module, and each function, that is longer or deeper than it may be."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT / "src").as_posix()
        if name.split("/")[1] in SHORT_PACKAGES and text.count("\n") > MAX_MODULE_LINES:
            yield f"{name}: {text.count(chr(10))} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno is not None
                if (lines := node.end_lineno - node.body[0].lineno + 1) > MAX_BODY_LINES:
                    yield f"{name}: {node.name} has {lines} lines"
                if (depth := measure_nesting(node)) > MAX_NESTING:
                    yield f"{name}: {node.name} has {depth} blocks in each other"


def measure_nesting(node: ast.AST, depth: int = 0) -> int:
    """Return how many blocks stand in each other; an `elif` stands beside its `if`."""
    deepest = depth
    for field, value in ast.iter_fields(node):
        inner = value if isinstance(value, list) else [value]
        is_elif = isinstance(node, ast.If) and field == "orelse" and len(inner) == 1 and isinstance(inner[0], ast.If)
        for child in inner:
            if isinstance(child, ast.AST) and not isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                deepest = max(deepest, measure_nesting(child, depth + (isinstance(child, _BLOCKS) and not is_elif)))
    return deepest


def test_no_function_and_no_module_is_too_long_or_too_deep() -> None:
    assert list(find_oversized_code()) == []
