"""The options of add and edit, and what they make of an event; and an event in the user's editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Optional, TypeVar

import typer

from ilocal.errors import IlocalError, UsageError
from ilocal.event import Event
from ilocal.options import Session
from ilocal.query import field_named

T = TypeVar("T")
Text = Optional[str]
Texts = Optional[list[str]]


@dataclass
class Fields:
    """The fields of an event that an option can set."""

    start: Annotated[Text, typer.Option("--start", metavar="DATE", help="First day, time, month or year.")] = None
    end: Annotated[
        Text, typer.Option("--end", metavar="DATE", help="Last day (it counts), in the form of the start.")
    ] = None
    location: Annotated[Text, typer.Option("--location", metavar="PLACE")] = None
    organizer: Annotated[Texts, typer.Option("--organizer", metavar="NAME", help="May be repeated.")] = None
    project: Annotated[Texts, typer.Option("--project", metavar="NAME", help="May be repeated.")] = None
    topic: Annotated[Texts, typer.Option("--topic", metavar="NAME", help="May be repeated.")] = None
    kind: Annotated[Text, typer.Option("--kind", metavar="KIND", help="meeting, workshop, survey, …")] = None
    status: Annotated[
        Text, typer.Option("--status", metavar="STATUS", help="tentative, confirmed, cancelled or postponed.")
    ] = None
    summary: Annotated[Text, typer.Option("--summary", metavar="TEXT")] = None
    description: Annotated[
        Text, typer.Option("--description", metavar="TEXT", help="The text, or - to read stdin.")
    ] = None
    participants: Annotated[Text, typer.Option("--participants", metavar="TEXT")] = None
    language: Annotated[Text, typer.Option("--language", metavar="LANG", help="Where it is not the registry's.")] = None
    url: Annotated[Text, typer.Option("--url", metavar="URL")] = None
    source: Annotated[Text, typer.Option("--source", metavar="TEXT", help="Where the record came from.")] = None
    id: Annotated[Text, typer.Option("--id", metavar="ID", help="In the place of the one made of year and title.")] = (
        None
    )


_POINTS = ("start", "end")


def given(fields: Fields, session: Session) -> dict[str, Any]:
    """What was said, by field of the record; dates read, the description from stdin where it is `-`."""
    values: dict[str, Any] = {}
    for option, value in vars(fields).items():
        if not value and value != "":
            continue
        name = field_named(option)
        if name in _POINTS:
            values[name] = session.read_point(value) if value else None
        else:
            values[name] = tuple(filter(None, value)) if isinstance(value, list) else value
    if values.get("description") == "-":
        from ilocal.files import read_stdin

        values["description"] = read_stdin().strip("\n")
    return values


def new_event(title: str, when: str | None, fields: Fields, session: Session) -> Event:
    """The event that the words of `add` describe."""
    values = given(fields, session)
    if when is not None:
        if "start" in values or "end" in values:
            raise UsageError("the date is given twice, as WHEN and as --start or --end")
        span = session.read(when)
        values |= {"start": span.start, "end": span.end}
    return Event(title=title, **values)


# -------------------------------------------------------------------------------------------------------------- editor


def edited(text: str, name: str, use: Callable[[str], T]) -> T | None:
    """Let the user edit `text` in $VISUAL or $EDITOR and give the result to `use`; returns what that returns.

    None where nothing was changed. When `use` raises an error, the text is kept in a file that the error names.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise UsageError("no editor is known", hint="set VISUAL or EDITOR, or give the fields as options")
    folder = Path(tempfile.mkdtemp(prefix="ilocal-"))
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8", newline="")
    try:
        code = subprocess.run([*shlex.split(command), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        _discard(path)
        raise UsageError(f"{command}: {str(getattr(error, 'strerror', None) or error).lower()}") from None
    if code:
        raise UsageError(f"the editor ended with code {code}; nothing was changed", hint=f"your text is in {path}")
    try:
        changed = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
        result = None if changed == text else use(changed)
    except UnicodeDecodeError:
        raise UsageError("not UTF-8 text; nothing was changed", hint=f"your text is in {path}") from None
    except IlocalError as error:
        error.hint = f"nothing was changed; your text is in {path}" + (f" ({error.hint})" if error.hint else "")
        raise
    _discard(path)
    return result


def _discard(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()


def stamped(event: Event, now: datetime) -> Event:
    """The event as it is after one more change by ilocal."""
    return replace(event, updated=now, revision=event.revision + 1)
