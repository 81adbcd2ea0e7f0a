"""Who says what a setting is: the options of this run, variables, the config, the registry, the system, the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ilocal.cli.settings.config import BUILT_IN, Config
from ilocal.i18n.messages import chosen, of_locale
from ilocal.storage.discovery import in_data_folder, nearest


class Setting(NamedTuple):
    """A value and who says so: option, variable, here (found from this folder on), config, data (the user's data
    folder), registry, locale or built-in; `name` is that of the option or variable.
    """

    value: Any
    source: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said before the command; None where nothing was."""

    registry: str | None = None
    language: str | None = None
    color: str | None = None
    pager: str | None = None


def settled(key: str, said: Said, environ: Mapping[str, str], config: Config, header: Callable[[str], str]) -> Setting:
    """A setting as it holds: what the first says of those who may. `header` tells what the registry says of itself."""
    return next(found for found in _sources(key, said, environ, config, header) if found.value is not None)


def _sources(
    key: str, said: Said, environ: Mapping[str, str], config: Config, header: Callable[[str], str]
) -> Iterator[Setting]:
    """All who may say, the strongest first; each is asked only where no stronger one has said anything."""
    if key == "registry":
        yield Setting(said.registry or None, "option", "--registry")
        yield Setting(environ.get("ILOCAL_REGISTRY") or None, "variable", "ILOCAL_REGISTRY")
        yield Setting(nearest(Path.cwd()), "here")
        yield Setting(config.registry, "config")
        yield Setting(in_data_folder(), "data")
    elif key == "language":
        yield Setting(said.language, "option", "--lang")
        yield Setting(chosen(environ.get("ILOCAL_LANG")), "variable", "ILOCAL_LANG")
        yield Setting(config.get(key), "config")
        yield Setting(chosen(header("language")), "registry")
        yield Setting(chosen(of_locale(environ)), "locale")
    elif key == "color":
        yield Setting(said.color, "option", "--color")
        yield Setting("never" if environ.get("NO_COLOR") else None, "variable", "NO_COLOR")
    elif key == "pager":
        yield Setting(said.pager, "option", "--no-pager")
        yield Setting(environ.get("ILOCAL_PAGER"), "variable", "ILOCAL_PAGER")
        yield Setting(config.get(key), "config")
        yield Setting(environ.get("PAGER"), "variable", "PAGER")
    yield Setting(config.get(key), "config")
    yield Setting(BUILT_IN[key], "built-in")
