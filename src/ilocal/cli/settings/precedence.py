"""Who says what a setting is: the options of this run, variables, the config, the registry, the system, the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ilocal.cli.settings.config import DEFAULT_SETTINGS, Settings
from ilocal.i18n.messages import first_supported_language, locale_language
from ilocal.storage.discovery import find_nearest_registry, find_registry_in_data_folder


class ResolvedSetting(NamedTuple):
    """A value and who says so: option, variable, here (found from this folder on), config, data (the user's data
    folder), registry, locale or built-in; `name` is that of the option or variable.
    """

    value: Any
    source: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class CommandLineOverrides:
    """What was said before the command; None where nothing was."""

    registry: str | None = None
    language: str | None = None
    color: str | None = None
    pager: str | None = None


def resolve_setting(
    key: str,
    overrides: CommandLineOverrides,
    environ: Mapping[str, str],
    config: Settings,
    header: Callable[[str], str],
) -> ResolvedSetting:
    """A setting as it holds: what the first says of those who may. `header` tells what the registry says of itself."""
    return next(
        found for found in _iterate_setting_sources(key, overrides, environ, config, header) if found.value is not None
    )


def _iterate_setting_sources(
    key: str,
    overrides: CommandLineOverrides,
    environ: Mapping[str, str],
    config: Settings,
    header: Callable[[str], str],
) -> Iterator[ResolvedSetting]:
    """All who may say, the strongest first; each is asked only where no stronger one has said anything."""
    if key == "registry":
        yield ResolvedSetting(overrides.registry or None, "option", "--registry")
        yield ResolvedSetting(environ.get("ILOCAL_REGISTRY") or None, "variable", "ILOCAL_REGISTRY")
        yield ResolvedSetting(find_nearest_registry(Path.cwd()), "here")
        yield ResolvedSetting(config.registry_path, "config")
        yield ResolvedSetting(find_registry_in_data_folder(), "data")
    elif key == "language":
        yield ResolvedSetting(overrides.language, "option", "--lang")
        yield ResolvedSetting(first_supported_language(environ.get("ILOCAL_LANG")), "variable", "ILOCAL_LANG")
        yield ResolvedSetting(config.get_setting(key), "config")
        yield ResolvedSetting(first_supported_language(header("language")), "registry")
        yield ResolvedSetting(first_supported_language(locale_language(environ)), "locale")
    elif key == "color":
        yield ResolvedSetting(overrides.color, "option", "--color")
        yield ResolvedSetting("never" if environ.get("NO_COLOR") else None, "variable", "NO_COLOR")
    elif key == "pager":
        yield ResolvedSetting(overrides.pager, "option", "--no-pager")
        yield ResolvedSetting(environ.get("ILOCAL_PAGER"), "variable", "ILOCAL_PAGER")
        yield ResolvedSetting(config.get_setting(key), "config")
        yield ResolvedSetting(environ.get("PAGER"), "variable", "PAGER")
    yield ResolvedSetting(config.get_setting(key), "config")
    yield ResolvedSetting(DEFAULT_SETTINGS[key], "built-in")
