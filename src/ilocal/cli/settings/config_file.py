"""Editing of the config file: one key set or removed, every other line unchanged."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from ilocal.cli.settings.config import (
    CONFIG_VARIABLE,
    Settings,
    describe_config_error,
    find_setting,
    flatten_settings,
    read_config,
)
from ilocal.errors import Diagnostic, UsageError
from ilocal.i18n.messages import _
from ilocal.storage.toml.document import detect_file_newline
from ilocal.storage.toml.event_editor import replace_toml_value
from ilocal.storage.toml.event_writer import format_toml_value
from ilocal.storage.toml.scanner import TomlStatement, find_toml_comments, split_toml_statements
from ilocal.terminal.status import print_warning

_BYTE_ORDER_MARK = "\ufeff"  # of UTF-8, written by some editors


class ConfigLine(NamedTuple):
    """A statement of the file, its line number and its table: "" above all tables."""

    number: int
    table: str
    statement: TomlStatement


def iterate_config_lines(text: str) -> Iterator[ConfigLine]:
    """Yield the statements of a text, which is valid TOML."""
    number, table = 1, ""
    for statement in split_toml_statements(text):
        if statement.is_header:
            table = re.sub(r"#.*", "", statement.text).strip("[] \t\r\n")
        yield ConfigLine(number, table, statement)
        number += statement.text.count("\n")


def find_setting_line(text: str, key: str) -> int:
    """Return the line of a key such as `color` or `styles.date`; 0 if it is not found."""
    table, _dot, name = key.rpartition(".")
    ways: set[tuple[str, str | None]] = {
        ("", key),
        (table, name),
        ("", table),
    }  # also `styles.date = …` and `styles = { … }` above all tables
    ways.add((key, None))  # a table's own header
    return next((line.number for line in iterate_config_lines(text) if (line.table, line.statement.key) in ways), 0)


def find_config_line(config: Settings, key: str) -> int:
    """Return the number of the line that sets a key; 0 if the file does not set it."""
    return find_setting_line(config.data.decode("utf-8-sig"), key) if key in config.keys else 0


def find_config_problems(config: Settings) -> Iterator[Diagnostic]:
    """Yield a diagnostic, with its line, for the file if it cannot be read and for each setting that is ignored."""
    if config.error is not None:
        yield describe_config_error(config.error)
    for key, error in config.find_invalid_settings():
        text = f"{error.message} ({error.hint})" if error.hint else error.message
        yield Diagnostic(find_config_line(config, key), text, key if find_setting(key) else "", "warning")


def print_config_problems(config: Settings) -> None:
    """Print a warning for each problem of a config file."""
    for problem in find_config_problems(config):
        print_warning(problem.format_with_file(str(config.path)))


def change_config_file(path: Path, key: str, value: Any) -> None:
    """Set a key of the file, or remove it if `value` is None; a missing file is created.

    It is read and written under the lock of its folder, so that no concurrent change is lost. Durability, signals and
    refusals are as for `atomic_write.replace_file`. Raises UsageError, ConflictError, DurabilityError.
    """
    from ilocal.storage.atomic_write import write_user_file
    from ilocal.storage.files import convert_file_error_to_usage_error
    from ilocal.storage.locks import lock_registry

    folder = Path(os.path.realpath(path)).parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with convert_file_error_to_usage_error(), lock_registry(folder):
        now = read_config(path)
        _require_changeable_config(path, now)
        text = now.data.decode()
        new = change_setting_in_text(text, key, value)
        if new != text:
            write_user_file(path, now.snapshot, new.encode())


def _require_changeable_config(path: Path, now: Settings) -> None:
    """Raise UsageError if a config file must not be changed, even though it may be readable."""
    if now.error is not None:
        raise UsageError(
            describe_config_error(now.error).format_with_file(str(path)),
            hint=_("fix the config file in an editor first"),
        )
    if now.snapshot is None and path.exists():
        raise UsageError(_("{path}: not a regular file", path=path))
    if now.is_config_a_registry:
        raise UsageError(
            _("{path}: expected a config file, found a registry; nothing was changed", path=path),
            hint=_("set {variable} to another file", variable=CONFIG_VARIABLE),
        )


def change_setting_in_text(text: str, key: str, value: Any) -> str:
    """Return the text with a key set, or without it if `value` is None; other lines keep every byte.

    Raises UsageError if the key is written in a way that cannot be edited.
    """
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    before = text.removeprefix(_BYTE_ORDER_MARK)
    wanted = dict(flatten_settings(tomli.loads(before)))
    wanted.pop(key, None)
    if value is not None:
        wanted[key] = value
    after = _splice_config_setting(before, key, value)
    try:
        if dict(flatten_settings(tomli.loads(after))) == wanted:
            return mark + after
    except tomli.TOMLDecodeError:
        pass
    raise UsageError(
        _(
            "{name} uses TOML syntax that ilocal cannot edit; change the setting in an editor; nothing was changed",
            name=key,
        ),
        hint=_("line {number}", number=find_setting_line(before, key)),
    )


def _splice_config_setting(text: str, key: str, value: Any) -> str:
    newline = detect_file_newline(text.encode())
    table, _dot, name = key.rpartition(".")
    found = list(iterate_config_lines(text))
    parts = [line.statement.text for line in found]
    if parts and not parts[-1].endswith("\n"):
        parts[-1] += newline
    new = f"{name} = {'' if value is None else format_toml_value(value)}\n".replace("\n", newline)
    place = next((n for n, line in enumerate(found) if (line.table, line.statement.key) == (table, name)), None)
    if place is not None:
        old = found[place].statement
        if value is None:
            parts[place] = "".join(note.group().rstrip() + newline for note in find_toml_comments(old.text))
        else:
            parts[place] = replace_toml_value(old, value).text.replace("\r\n", "\n").replace("\n", newline)
    elif value is not None:
        parts = _insert_setting(parts, found, table, new, newline)
    return "".join(parts)


def _insert_setting(parts: list[str], found: list[ConfigLine], table: str, new: str, newline: str) -> list[str]:
    """Return the parts with a new key after the last one of its table, which is added at the end if missing."""
    own = [n for n, line in enumerate(found) if line.table == table and line.statement.text.strip(" \t\r\n")[:1] != "#"]
    own = [n for n in own if found[n].statement.key is not None or found[n].statement.is_header]
    if own:
        return [*parts[: own[-1] + 1], new, *parts[own[-1] + 1 :]]
    if table:
        return [*parts, *([newline] if parts else []), f"[{table}]{newline}", new]
    header = next((n for n, line in enumerate(found) if line.statement.is_header), None)
    if header is None:
        return [*parts, new]
    while header and found[header - 1].statement.text.lstrip().startswith("#"):  # the comment above a table is its own
        header -= 1
    return [*parts[:header], new, newline, *parts[header:]]
