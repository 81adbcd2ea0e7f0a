"""`ilocal config`."""

import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any, NamedTuple, Optional

import typer

from ilocal.cli.output import write
from ilocal.cli.session import Session
from ilocal.cli.settings.config import BUILT_IN, VARIABLE, Config, checked, from_text, load, to_text
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import message
from ilocal.terminal.capabilities import columns
from ilocal.terminal.status import caution


def keys(incomplete: str) -> list[str]:
    """The names of settings that begin so, for completion."""
    return [name for name in BUILT_IN if name.startswith(incomplete)]


def run(
    ctx: typer.Context,
    key: Annotated[
        Optional[str], typer.Argument(metavar="[KEY]", help="Print this setting alone.", autocompletion=keys)
    ] = None,
    value: Annotated[Optional[str], typer.Argument(metavar="[VALUE]", help="Set it to this in your config.")] = None,
    unset: Annotated[bool, typer.Option("--unset", help="Take KEY out of your config.")] = False,
    path: Annotated[bool, typer.Option("--path", help="Print where your config is, or would be.")] = False,
    format: Annotated[str, typer.Option("-f", "--format", metavar="FORMAT", help="table or json.")] = "table",
) -> None:
    """Show your settings and who says so, or change them.

    The strongest first: an option, a variable, your config file, the registry (for the language), what is built in.
    """
    session: Session = ctx.obj
    check_words(key, value, unset=unset, path=path, format=format)
    if path:
        write([f"{file_of(session)}\n"])
    elif key is not None and (unset or value is not None):
        change(session, key, value)
    elif key is not None:
        one = row(session, key)
        write([as_json(as_plain(one)) if format == "json" else f"{message(to_text(one.value))}\n"])
        name_problems(session.config)
    else:
        rows = [row(session, name) for name in BUILT_IN]
        write([as_json([as_plain(one) for one in rows])] if format == "json" else table(rows, width(session)))
        name_problems(session.config)


def check_words(key: str | None, value: str | None, *, unset: bool, path: bool, format: str) -> None:
    """Raise UsageError where the words make no sense together."""
    if format not in ("table", "json"):
        raise UsageError(_('there is no format "{name}" for settings', name=message(format)), hint="table, json")
    if unset and (key is None or value is not None):
        raise UsageError(_("--unset wants the name of a setting alone"), hint="ilocal config --unset color")
    if path and (key is not None or unset):
        raise UsageError(_("--path stands alone"))
    if key is not None and key not in BUILT_IN:
        checked(key, None)  # which says what there is


def file_of(session: Session) -> Path:
    """Where the config file is, whether or not there is one. Raises UsageError where none is wanted."""
    if session.config.path is None:
        raise UsageError(_("{variable} is empty: there is no config file", variable=VARIABLE))
    return session.config.path


def change(session: Session, key: str, text: str | None) -> None:
    """Set a key in the config file, or take it out, and name what is wrong in it by then. Raises UsageError."""
    import os

    from ilocal.cli.settings.config_file import change_file

    path = file_of(session)
    if key == "registry" and text:
        text = absolute(text)  # a relative one is typed here, and would count from the folder of the file
    value = None if text is None else from_text(key, text)
    try:
        kept = None if value is None else checked(key, value)
    except UsageError as error:
        raise UsageError(f"{key}: {error.message}", hint=error.hint) from None
    change_file(path, key, list(kept) if isinstance(kept, tuple) else kept)
    changed = load(os.environ)
    name_problems(changed)
    if key == "registry" and kept and changed.registry and not changed.registry.exists():
        caution(_("there is no registry at {path} yet", path=message(str(changed.registry))))


def absolute(text: str) -> str:
    """A path as it is found from any folder; one that begins in a home folder (`~`) stays as it is."""
    return text if text.startswith("~") else str(Path.cwd() / text)


def name_problems(config: Config) -> None:
    """Say what in the file does not count."""
    for problem in config.problems():
        caution(problem.at(str(config.path)))


class Row(NamedTuple):
    """A setting, its value in this run, who says so, and in which line of which file."""

    key: str
    value: Any
    source: str
    name: str = ""
    file: str = ""
    line: int = 0


def row(session: Session, key: str) -> Row:
    """A setting as it holds in this run."""
    found = session.setting(key)
    if found.source == "config":
        return Row(key, found.value, found.source, "", str(session.config.path), session.config.line(key))
    return Row(key, found.value, found.source, found.name, session.workspace.file if found.source == "registry" else "")


def as_plain(one: Row) -> dict[str, Any]:
    """A setting as JSON has it; what says nothing is left out."""
    return {
        name: str(said) if isinstance(said, Path) else said
        for name, said in one._asdict().items()
        if name == "value" or said
    }


def as_json(plain: Any) -> str:
    """One setting, or all as an array."""
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def width(session: Session) -> int | None:
    """The columns of the screen; None where the lines may be as long as they are."""
    return columns() if session.draws else None


def table(rows: list[Row], width: int | None) -> Iterator[str]:
    """The settings as lines: key, value, and who says so, which stands below where it would be too long."""
    cells = [(one.key, message(to_text(one.value)) or "–", told(one)) for one in rows]
    widths = [max(len(cell[column]) for cell in cells) for column in (0, 1)]
    for key, value, source in cells:
        line = f"{key:<{widths[0]}}  {value:<{widths[1]}}  {source}"
        if width is None or len(line) <= width:
            yield f"{line}\n"
        else:
            yield f"{key:<{widths[0]}}  {value}\n"
            yield from (f"    {part}\n" for part in wrap(source, max(width - 4, 1), break_long_words=False))


def told(one: Row) -> str:
    """Who says what a setting is."""
    return {
        "option": _("option {name}", name=one.name),
        "variable": _("variable {name}", name=one.name),
        "here": _("found here or above"),
        "config": message(f"{one.file}:{one.line}"),
        "data": _("your data folder"),
        "registry": _("the registry, {file}", file=message(one.file)),
        "locale": _("locale"),
        "built-in": _("built in"),
    }[one.source]
