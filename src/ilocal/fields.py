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

from ilocal.dates import Point
from ilocal.errors import IlocalError, UsageError, reason
from ilocal.event import FLOATING, POINT_LISTS, POINTS, Event
from ilocal.language import _
from ilocal.options import Session
from ilocal.query import field_named
from ilocal.series import zone_named
from ilocal.text import slug

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
    timezone: Annotated[
        Text, typer.Option("--timezone", metavar="NAME", help="Of its times, where it is not the registry's.")
    ] = None
    repeat: Annotated[
        Text, typer.Option("--repeat", metavar="RULE", help='yearly, "every 2 weeks", FREQ=MONTHLY;BYDAY=1MO, …')
    ] = None
    rdate: Annotated[Texts, typer.Option("--rdate", metavar="DATE", help="Also then. May be repeated.")] = None
    exdate: Annotated[Texts, typer.Option("--exdate", metavar="DATE", help="Not then. May be repeated.")] = None
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


def given(fields: Fields, session: Session) -> dict[str, Any]:
    """What was said, by field of the record; dates read, the description from stdin where it is `-`."""
    values: dict[str, Any] = {}
    for option, value in vars(fields).items():
        if not value and value != "":
            continue
        name = field_named(option)
        if name in POINTS:
            values[name] = session.read_point(value) if value else None
        elif name in POINT_LISTS:
            values[name] = tuple(map(session.read_point, filter(None, value)))
        else:
            values[name] = tuple(filter(None, value)) if isinstance(value, list) else value
    if values.get("description") == "-":
        from ilocal.inputs import read_stdin

        values["description"] = read_stdin().strip("\n")
    if values.get("timezone") not in (None, "", FLOATING) and zone_named(values["timezone"]) is None:
        raise UsageError(
            _('there is no time zone "{zone}"', zone=values["timezone"]), hint=_("write it as Asia/Ho_Chi_Minh")
        )
    return values


def with_rule(values: dict[str, Any], start: Point | None, session: Session) -> dict[str, Any]:
    """What was said, with its rule of recurrence read for an event that begins at `start`."""
    if not values.get("rrule"):
        return values
    from ilocal.repeat import read

    return {**values, "rrule": read(values["rrule"], start, session.today)}


def new_event(title: str, when: str | None, fields: Fields, session: Session) -> Event:
    """The event that the words of `add` describe."""
    values = given(fields, session)
    if when is not None:
        if "start" in values or "end" in values:
            raise UsageError(_("the date is given twice, as WHEN and as --start or --end"))
        span = session.read(when)
        values |= {"start": span.start, "end": span.end}
    return Event(title=title, **with_rule(values, values.get("start"), session))


# -------------------------------------------------------------------------------------------------------------- editor


def edited(text: str, name: str, use: Callable[[str], T]) -> T | None:
    """Let the user edit `text` in $VISUAL or $EDITOR and give the result to `use`; returns what that returns.

    None where nothing was changed. When `use` raises an error, the text is kept in a file that the error names.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise UsageError(_("no editor is known"), hint=_("set VISUAL or EDITOR, or give the fields as options"))
    folder = Path(tempfile.mkdtemp(prefix="ilocal-"))
    path = folder / ("-".join(slug(name))[:60] + ".toml")  # an id may look like a path
    path.write_text(text, encoding="utf-8", newline="")
    try:
        code = subprocess.run([*shlex.split(command), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        _discard(path)
        raise UsageError(f"{command}: {reason(error)}") from None
    if code:
        raise UsageError(
            _("the editor ended with code {code}; nothing was changed", code=code),
            hint=_("your text is in {path}", path=path),
        )
    try:
        changed = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
        result = None if changed == text else use(changed)
    except UnicodeDecodeError:
        raise UsageError(
            _("not UTF-8 text; nothing was changed"), hint=_("your text is in {path}", path=path)
        ) from None
    except IlocalError as error:
        kept = _("nothing was changed; your text is in {path}", path=path)
        error.hint = f"{kept} ({error.hint})" if error.hint else kept
        raise
    _discard(path)
    return result


def _discard(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()


def stamped(event: Event, now: datetime) -> Event:
    """The event as it is after one more change by ilocal."""
    return replace(event, updated=now, revision=event.revision + 1)
