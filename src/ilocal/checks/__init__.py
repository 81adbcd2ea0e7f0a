"""TODO checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ilocal.errors import Problem
from ilocal.storage.loader import Registry


@cache
def _modules() -> tuple[Any, ...]:
    return tuple(import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))


def codes() -> list[str]:
    """The short names of all warnings there are."""
    return sorted(code for module in _modules() for code in module.CODES)


def review(registry: Registry, today: date) -> Iterator[Problem]:
    """All doubts about a registry."""
    for module in _modules():
        yield from module.doubts(registry, today)
