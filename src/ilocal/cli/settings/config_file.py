"""The config file changed: one key set or taken out, every other line as it was."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from ilocal.cli.settings.config import VARIABLE, Config, described, flat, read
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.storage.toml.document import newline_of
from ilocal.storage.toml.event_editor import with_value
from ilocal.storage.toml.event_writer import value_text
from ilocal.storage.toml.scanner import Statement, comments, statements

_MARK = "\ufeff"  # of UTF-8, as some editors put it before a text


class Line(NamedTuple):
    """A statement of the file, the number of its line and the table it stands in: "" above all tables."""

    number: int
    table: str
    statement: Statement


def lines(text: str) -> Iterator[Line]:
    """The statements of a text that is valid TOML."""
    number, table = 1, ""
    for statement in statements(text):
        if statement.is_header:
            table = re.sub(r"#.*", "", statement.text).strip("[] \t\r\n")
        yield Line(number, table, statement)
        number += statement.text.count("\n")


def line_of(text: str, key: str) -> int:
    """The line of a key such as `color` or `styles.date`; 0 where it is not found."""
    table, _dot, name = key.rpartition(".")
    ways: set[tuple[str, str | None]] = {
        ("", key),
        (table, name),
        ("", table),
    }  # also `styles.date = …` and `styles = { … }` above all tables
    ways.add((key, None))  # a table's own header
    return next((line.number for line in lines(text) if (line.table, line.statement.key) in ways), 0)


def change_file(path: Path, key: str, value: Any) -> None:
    """Set a key of the file, or take it out where `value` is None; a file that is missing is made.

    It is read and written under the lock of its folder, so that of changes at once none is lost. What `files.replace`
    says of the disk, of signals and of what it refuses is so here too. Raises UsageError, ConflictError,
    NotDurableError.
    """
    from ilocal.storage.atomic_write import put
    from ilocal.storage.files import no_registry
    from ilocal.storage.locks import locked

    folder = Path(os.path.realpath(path)).parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with no_registry(), locked(folder):
        now = read(path)
        _check(path, now)
        text = now.data.decode()
        new = changed(text, key, value)
        if new != text:
            put(path, now.before, new.encode())


def _check(path: Path, now: Config) -> None:
    """Raise UsageError for what is not to be changed, though it may be read."""
    if now.error is not None:
        raise UsageError(described(now.error).at(str(path)), hint=_("mend it in an editor first"))
    if now.before is None and path.exists():
        raise UsageError(_("{path}: not a regular file", path=path))
    if now.is_registry:
        raise UsageError(
            _("{path}: that is a registry, and no config; nothing was changed", path=path),
            hint=_("name another file in {variable}", variable=VARIABLE),
        )


def changed(text: str, key: str, value: Any) -> str:
    """The text with a key set, or without it where `value` is None; its other lines keep every byte.

    Raises UsageError where the key is written in a way in which that does not take.
    """
    mark = _MARK if text.startswith(_MARK) else ""
    before = text.removeprefix(_MARK)
    wanted = dict(flat(tomli.loads(before)))
    wanted.pop(key, None)
    if value is not None:
        wanted[key] = value
    after = _spliced(before, key, value)
    try:
        if dict(flat(tomli.loads(after))) == wanted:
            return mark + after
    except tomli.TOMLDecodeError:
        pass
    raise UsageError(
        _("{name} is written in a way that only an editor can change; nothing was changed", name=key),
        hint=_("line {number}", number=line_of(before, key)),
    )


def _spliced(text: str, key: str, value: Any) -> str:
    newline = newline_of(text.encode())
    table, _dot, name = key.rpartition(".")
    found = list(lines(text))
    parts = [line.statement.text for line in found]
    if parts and not parts[-1].endswith("\n"):
        parts[-1] += newline
    new = f"{name} = {'' if value is None else value_text(value)}\n".replace("\n", newline)
    place = next((n for n, line in enumerate(found) if (line.table, line.statement.key) == (table, name)), None)
    if place is not None:
        old = found[place].statement
        if value is None:
            parts[place] = "".join(note.group().rstrip() + newline for note in comments(old.text))
        else:
            parts[place] = with_value(old, value).text.replace("\r\n", "\n").replace("\n", newline)
    elif value is not None:
        parts = _inserted(parts, found, table, new, newline)
    return "".join(parts)


def _inserted(parts: list[str], found: list[Line], table: str, new: str, newline: str) -> list[str]:
    """A new key stands after the last of its table; the table is made at the end of the text."""
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
