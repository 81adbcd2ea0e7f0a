"""Precedence of settings: options, environment variables, config, registry, system, default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ilocal.cli.settings.config import Settings, find_setting
from ilocal.i18n.messages import first_supported_language, locale_language
from ilocal.storage.discovery import find_nearest_registry, find_registry_in_data_folder


class ResolvedSetting(NamedTuple):
    """A value and its source: option, variable, here, config, data, registry, locale or built-in.

    `here` means found in this folder or above, `data` the user's data folder; `name` is that of the option or variable.
    """

    value: Any
    source: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class CommandLineOverrides:
    """Global options of this run; None if not given."""

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
    """Return the effective value of a setting. `header` returns a field of the registry's metadata."""
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
    """Yield the value from each source, highest precedence first; a source is read only if needed."""
    setting = find_setting(key)
    assert setting is not None
    if setting.option:
        yield ResolvedSetting(getattr(overrides, key), "option", setting.option)
    if setting.variable:
        yield ResolvedSetting(setting.read_variable(environ.get(setting.variable)), "variable", setting.variable)
    if key == "registry":
        yield ResolvedSetting(find_nearest_registry(Path.cwd()), "here")
    yield ResolvedSetting(config.registry_path if key == "registry" else config.get_setting(key), "config")
    if key == "registry":
        yield ResolvedSetting(find_registry_in_data_folder(), "data")
    elif key == "language":
        yield ResolvedSetting(first_supported_language(header("language")), "registry")
        yield ResolvedSetting(first_supported_language(locale_language(environ)), "locale")
    elif key == "pager":
        yield ResolvedSetting(environ.get("PAGER"), "variable", "PAGER")
    yield ResolvedSetting(setting.default, "built-in")
