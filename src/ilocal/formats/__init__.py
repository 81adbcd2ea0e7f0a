"""File formats: conversion of events to text and back, one module a format, found by its name in this folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe


def list_formats() -> list[str]:
    """Return the names of all formats, in alphabetical order; the module `google_csv` is named `google-csv`."""
    return list(_find_formats())


@cache
def _find_formats() -> list[str]:
    found = (one.name for one in iter_modules(__path__))
    return sorted(name.replace("_", "-") for name in found if name != "base" and not name.startswith("_"))


def get_format(name: str) -> Any:
    """Return the module of a format. Raises UsageError."""
    if name not in list_formats():
        said = _('unknown format "{name}"', name=make_text_safe(name))
        raise UsageError(said, hint=_("use one of {names}", names=", ".join(list_formats())))
    return import_module(f"{__name__}.{name.replace('-', '_')}")


def name_format_module(module: Any) -> str:
    """Return the name of a format module: the inverse of `get_format`."""
    return str(module.__name__).rpartition(".")[2].replace("_", "-")


def get_writable_format(name: str) -> Any:
    """Return the module of a format that can be written. Raises UsageError."""
    module = get_format(name) if name in list_formats() else None
    if not has_format_operation(module, "dump"):
        said = _('ilocal cannot write the format "{name}"', name=make_text_safe(name))
        raise UsageError(said, hint=_("use one of {names}", names=", ".join(["table", *list_writable_formats()])))
    return module


def list_writable_formats() -> list[str]:
    """Return the names of the formats that can be written."""
    return [name for name in list_formats() if has_format_operation(get_format(name), "dump")]


def list_formats_with_choice(choice: str) -> list[str]:
    """Return the names of the formats that support an option, such as `columns`; see `base.Format.write_choices`."""
    return [name for name in list_formats() if choice in getattr(get_format(name), "write_choices", ())]


def list_readable_formats() -> list[str]:
    """Return the names of the formats that can be read."""
    return [name for name in list_formats() if has_format_operation(get_format(name), "load")]


def has_format_operation(module: Any, operation: str) -> bool:
    """Return whether a format can do `dump` or `load`, as text or as bytes."""
    return hasattr(module, operation) or hasattr(module, f"{operation}_bytes")


def find_format_by_suffix(path: Path, operation: str) -> Any | None:
    """Return the format of a file by its suffix, or None; `operation` is `dump` or `load`."""
    for module in map(get_format, list_formats()):
        read_only = getattr(module, "read_suffixes", ()) if operation == "load" else ()
        if path.suffix.lower() in (*module.suffixes, *read_only) and has_format_operation(module, operation):
            return module
    return None


def find_format_by_bytes(data: bytes) -> Any | None:
    """Return the binary format that recognizes the data; None if there is none."""
    for module in map(get_format, list_formats()):
        if hasattr(module, "detect_bytes") and module.detect_bytes(data):
            return module
    return None


def find_format_by_content(text: str) -> Any:
    """Return the format that recognizes a text; the format `page` if none does."""
    for module in map(get_format, list_formats()):
        if hasattr(module, "detect_format") and module.detect_format(text):
            return module
    return get_format("page")
