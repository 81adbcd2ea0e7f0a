"""File formats: events to text and back, one module a format, found by its name in this folder."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import safe


def names() -> list[str]:
    """The names of all formats, in alphabetical order; that of the module `google_csv` is `google-csv`."""
    found = (one.name for one in iter_modules(__path__))
    return sorted(name.replace("_", "-") for name in found if name != "base" and not name.startswith("_"))


def named(name: str) -> Any:
    """The module of a format. Raises UsageError."""
    if name not in names():
        said = _('there is no format "{name}"', name=safe(name))
        raise UsageError(said, hint=_("one of {names}", names=", ".join(names())))
    return import_module(f"{__name__}.{name.replace('-', '_')}")


def for_writing(name: str) -> Any:
    """The format `name`, which can be written. Raises UsageError."""
    module = named(name) if name in names() else None
    if not hasattr(module, "dump"):
        said = _('"{name}" is not a format to write', name=safe(name))
        raise UsageError(said, hint=_("one of {names}", names=", ".join(["table", *writable()])))
    return module


def writable() -> list[str]:
    """The names of the formats that can be written."""
    return [name for name in names() if hasattr(named(name), "dump")]


def readable() -> list[str]:
    """The names of the formats that can be read."""
    return [name for name in names() if hasattr(named(name), "load")]


def by_suffix(path: Path, needed: str) -> Any | None:
    """The format of a file by the ending of its name; `needed` is `dump` or `load`."""
    for module in map(named, names()):
        if path.suffix.lower() in module.suffixes and hasattr(module, needed):
            return module
    return None


def by_content(text: str) -> Any:
    """The format that recognises a text; a page, where none does."""
    for module in map(named, names()):
        if hasattr(module, "recognises") and module.recognises(text):
            return module
    return named("page")
