"""Which module may import which: downwards alone, and never in a circle."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter

import tomli

from tests.support.paths import ROOT

SOURCE = ROOT / "src" / "ilocal"


def list_modules() -> dict[str, ast.Module]:
    """Return the program's modules, parsed, by name."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def iterate_running_code(node: ast.AST) -> Iterator[ast.AST]:
    """Iterate over a syntax tree, functions included, without what only type checkers look at."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")):
            yield from iterate_running_code(child)


def list_imports(tree: ast.Module) -> set[str]:
    """Return the dotted names that a module imports at any time; names of a module with that of the module before."""
    found = set()
    for node in iterate_running_code(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@cache
def make_graph() -> dict[str, set[str]]:
    """Return the modules that each module imports at any time."""
    trees = list_modules()
    return {
        name: {one if one in trees else one.rpartition(".")[0] for one in list_imports(tree)} & trees.keys()
        for name, tree in trees.items()
    }


def test_no_modules_import_each_other_not_even_inside_of_functions() -> None:
    assert list(TopologicalSorter(make_graph()).static_order())  # raises CycleError


def test_no_module_imports_a_package_that_it_is_in() -> None:
    # Those that discover their modules would have a circle that no import statement shows.
    inside = [(name, one) for name, found in make_graph().items() for one in found if name.startswith(f"{one}.")]
    assert [(name, package) for name, package in inside if package != "ilocal"] == []


def test_no_module_imports_one_of_a_layer_above_or_beside_its_own() -> None:
    contracts = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["name"] == "One way down")
    level = {name.strip(" ()"): n for n, layer in enumerate(reversed(layers)) for name in layer.split("|")}
    wrong = []
    for name, found in make_graph().items():
        for one in found - {"ilocal"}:
            above, below = name.split(".")[1:2], one.split(".")[1]
            if above and above[0] in level and above[0] != below and level[above[0]] <= level[below]:
                wrong.append((name, one))
    assert wrong == []


def test_the_contracts_of_import_linter_are_kept() -> None:
    command = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
