"""The rules of `ilocal check`, one module a rule, found by its name in this folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ilocal.errors import Diagnostic
    from ilocal.storage.loader import ParsedRegistry


@cache
def _load_checks() -> tuple[Any, ...]:
    names = (found.name for found in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}") for name in names if name not in ("base", "reports"))


def list_check_codes() -> list[str]:
    """Return the codes of all warnings."""
    return sorted(code for module in _load_checks() for code in module.CODES)


def run_checks(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    """Yield all diagnostics of a registry."""
    for module in _load_checks():
        yield from module.check(registry, today)
