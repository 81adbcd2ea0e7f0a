"""Options that set the fields of an event."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Optional

import typer

from ilocal.cli.filters import status_named
from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.dates import Point
from ilocal.model.event import Event
from ilocal.model.fields import LISTS, POINT_LISTS, POINTS, field_named
from ilocal.model.safe_text import safe
from ilocal.model.text_folding import fold
from ilocal.model.timezones import FLOATING, zone_named

Text = Optional[str]
Texts = Optional[list[str]]


@dataclass
class Times:
    """When an event takes place."""

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


@dataclass
class Belonging:
    """Where an event belongs; events are found by these, too."""

    location: Annotated[Text, typer.Option("--location", metavar="PLACE")] = None
    organizer: Annotated[Texts, typer.Option("--organizer", metavar="NAME", help="May be repeated.")] = None
    project: Annotated[Texts, typer.Option("--project", metavar="NAME", help="May be repeated.")] = None
    topic: Annotated[Texts, typer.Option("--topic", metavar="NAME", help="May be repeated.")] = None
    kind: Annotated[Text, typer.Option("--kind", metavar="KIND", help="meeting, workshop, survey, …")] = None
    status: Annotated[
        Text, typer.Option("--status", metavar="STATUS", help="tentative, confirmed, cancelled or postponed.")
    ] = None
    language: Annotated[Text, typer.Option("--language", metavar="LANG", help="Where it is not the registry's.")] = None


@dataclass
class Others:
    """What one event says of itself."""

    summary: Annotated[Text, typer.Option("--summary", metavar="TEXT")] = None
    description: Annotated[
        Text, typer.Option("--description", metavar="TEXT", help="The text, or - to read stdin.")
    ] = None
    participants: Annotated[Text, typer.Option("--participants", metavar="TEXT")] = None
    url: Annotated[Text, typer.Option("--url", metavar="URL")] = None
    source: Annotated[Text, typer.Option("--source", metavar="TEXT", help="Where the record came from.")] = None
    id: Annotated[Text, typer.Option("--id", metavar="ID", help="In the place of the one made of year and title.")] = (
        None
    )


@dataclass
class Fields(Others, Belonging, Times):
    """The fields of an event that an option can set."""


Names = Callable[[str], Mapping[str, int]]  # those that events have in a field


def settings(texts: Sequence[str] | None, names_in: Names | None = None) -> list[tuple[str, str | list[str]]]:
    """What `--set FIELD=VALUE` says, in the form of the options.

    Names of a list are parted as in the questions of `add`, dates by semicolons. `names_in` tells the names that are
    known. Raises UsageError for what is no such field.
    """
    found: dict[str, str | list[str]] = {}
    names = ["title", *(field_named(f.name) for f in dataclasses.fields(Fields))]
    for text in texts or ():
        option, sign, value = text.partition("=")
        if not sign:
            raise UsageError(_('"{text}" is not FIELD=VALUE', text=safe(text)), hint="--set kind=workshop")
        name = field_named(option.strip())
        if name not in names:
            hint = _("one of {names}", names=", ".join(names))
            raise UsageError(_("--set cannot set {field}", field=name), hint=hint)
        if name in (*LISTS, *POINT_LISTS):
            items = found.setdefault(name, [])
            assert isinstance(items, list)
            sign = ";" if ";" in value or name in POINT_LISTS else ","
            known = set(map(fold, names_in(name))) if names_in and sign == "," and sign in value else set()
            items += map(str.strip, parted(value, sign, known))
        elif name in found:
            raise UsageError(_("{field} is given twice", field=name))
        else:
            found[name] = value.strip()
    return list(found.items())


def parted(text: str, sign: str, known: Container[str]) -> Iterator[str]:
    """The parts of a text between signs; those that are one known name together, which is folded, stay together.

    `Bộ Lao động, Thương binh và Xã hội` is one.
    """
    parts = text.split(sign)
    while parts:
        n = next((n for n in range(len(parts), 1, -1) if fold(sign.join(parts[:n])) in known), 1)
        yield sign.join(parts[:n])
        del parts[:n]


def given(fields: Fields, session: Session, more: Sequence[str] | None = None) -> dict[str, Any]:
    """What was said, by field of the record; dates read, the description from stdin where it is `-`.

    `more` is what was said by `--set`.
    """
    values: dict[str, Any] = {}
    options = {field_named(option): value for option, value in vars(fields).items() if value or value == ""}
    for name, value in (*options.items(), *settings(more, session.workspace.names)):
        if name in values:
            raise UsageError(_("{field} is given twice", field=name))
        if name in POINTS:
            values[name] = session.read_point(value) if value else None
        elif name in POINT_LISTS:
            values[name] = tuple(map(session.read_point, filter(None, value)))
        else:
            values[name] = tuple(filter(None, value)) if isinstance(value, list) else value
    if values.get("status"):
        values["status"] = status_named(values["status"])
    if values.get("description") == "-":
        from ilocal.cli.input_files import read_stdin

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
    from ilocal.model.recurrence_phrases import read

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
