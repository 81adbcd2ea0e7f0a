"""Discovery of the registry to use if none is given, and the user's folders for ilocal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from ilocal.errors import RegistryError
from ilocal.i18n.messages import _

REGISTRY_FILE_NAMES = ("events.toml", "data/events.toml")
REGISTRY_HEADER_FILE_NAME = "registry.toml"  # marks a folder as a registry
_REGISTRY_FOLDER_NAMES = ("", "events", "data/events")


def find_registry(option: str | None, environ: Mapping[str, str], folder: Path, configured: Path | None = None) -> Path:
    """Return the registry to use.

    That is the one named by `option` or ILOCAL_REGISTRY, else the one in `folder` or its nearest parent with one, else
    the user's `configured` one, else the one in the user's data folder. Raises RegistryError with a hint to run `ilocal
    init`.
    """
    named = option or environ.get("ILOCAL_REGISTRY")
    found = Path(named) if named else find_nearest_registry(folder) or configured or find_registry_in_data_folder()
    if found is None:
        raise RegistryError(
            _("there is no registry in this folder or its parents"), hint=_("to create a registry, run: ilocal init")
        )
    return found


def find_nearest_registry(folder: Path) -> Path | None:
    """Return the nearest registry in a folder or its parents: a file, or a folder with a `registry.toml`."""
    for above in (folder, *folder.parents):
        for name in REGISTRY_FILE_NAMES:
            with suppress(OSError):  # a parent folder may not be readable
                if (above / name).is_file():
                    return _shorten_path_of_registry_file(above / name, folder)
        for name in _REGISTRY_FOLDER_NAMES:
            with suppress(OSError):
                if (above / name / REGISTRY_HEADER_FILE_NAME).is_file():
                    return _shorten_path_of_registry_file(above / name, folder)
    return None


def find_registry_in_data_folder() -> Path | None:
    """Return the registry in the user's data folder; None if there is none."""
    path = get_user_folder("data") / "events.toml"
    return path if path.is_file() else None


def _shorten_path_of_registry_file(path: Path, folder: Path) -> Path:
    return path.relative_to(folder) if path.is_relative_to(folder) else path


_XDG_FOLDERS = {
    "cache": ("XDG_CACHE_HOME", "~/.cache"),
    "config": ("XDG_CONFIG_HOME", "~/.config"),
    "data": ("XDG_DATA_HOME", "~/.local/share"),
    "state": ("XDG_STATE_HOME", "~/.local/state"),
}


def get_user_folder(kind: Literal["cache", "config", "data", "state"], environ: Mapping[str, str] = os.environ) -> Path:
    """Return ilocal's folder among the user's caches, settings, data or state, whether or not it exists.

    On Linux this follows the XDG Base Directory Specification: a relative path in a variable is ignored. The result
    equals that of platformdirs, which takes 3 to 8 ms to import; on other systems platformdirs is used.
    """
    if sys.platform == "linux":
        variable, usual = _XDG_FOLDERS[kind]
        base = Path(environ.get(variable, "").strip())
        return (base if base.is_absolute() else expand_home_in_file_path(usual)) / "ilocal"
    import platformdirs

    folder: Path = getattr(platformdirs, f"user_{kind}_path")("ilocal")
    return folder


def expand_home_in_file_path(text: str) -> Path:
    """Return the path with `~` expanded; unchanged if the user has no home folder."""
    with suppress(RuntimeError):
        return Path(text).expanduser()
    return Path(text)
