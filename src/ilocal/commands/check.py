"""`ilocal check`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any
from unicodedata import name

import typer

from ilocal.dates import Days, iso
from ilocal.duplicates import likeness, pairs
from ilocal.errors import DateError, Problem
from ilocal.event import FLOATING, Event
from ilocal.options import Session, say
from ilocal.output import paged, write
from ilocal.plain import to_plain
from ilocal.series import begins, occurrences, zone_named
from ilocal.text import message, safe, unsafe

if TYPE_CHECKING:
    from ilocal.registry import Registry, Source


def run(
    ctx: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
) -> None:
    """Name every problem of the registry as FILE:LINE: field: message, errors first; exit code 3 for errors."""
    from ilocal.files import members, read
    from ilocal.registry import load

    session: Session = ctx.obj
    path = session.workspace.path
    registry = load((str(member.path), read(member.path).data) for member in members(path))
    found = [*registry.problems, *doubts(registry), *resemblances(registry)]
    found = sorted(found, key=lambda problem: (problem.file, problem.line))
    errors = [problem for problem in found if problem.level == "error"]
    warnings = [problem for problem in found if problem.level == "warning"]
    with paged(session):
        write(message(problem.at(str(path))) + "\n" for problem in (*errors, *warnings))
    say(f"{len(registry.events)} events, {len(errors)} errors, {len(warnings)} warnings")
    if errors or (strict and warnings):
        raise typer.Exit(3)


def doubts(registry: "Registry") -> Iterator[Problem]:
    """What is valid and yet hardly meant."""
    from ilocal.registry import field_line, given_id, unknown_inside

    for source in registry.sources:
        yield from _head_doubts(source)
    for id, event in registry.events.items():
        document, piece = registry.origins[id]
        text, table = document.text(piece), piece.table or {}
        for key in (*event.extra, *(key for keys in unknown_inside(table) for key in keys)):
            line = field_line(piece.line, text, key.rpartition(".")[2] or key)
            yield Problem(line, _UNKNOWN, safe(key), "warning", file=event.source_file)
        for field, letters in _invisible(to_plain(event)).items():
            line = field_line(piece.line, text, field)
            yield Problem(line, unseen(letters), safe(field), "warning", file=event.source_file)
        if event.timezone not in ("", FLOATING) and zone_named(event.timezone) is None:
            line = field_line(piece.line, text, "timezone")
            yield Problem(line, _no_zone(event.timezone), "timezone", "warning", file=event.source_file)
        for field, said in _series_doubts(event) if event.recurs else ():
            yield Problem(field_line(piece.line, text, field), said, field, "warning", file=event.source_file)
        if not given_id(table):
            said = f'no id: called "{id}" until its title or date changes'
            yield Problem(piece.header, said, "id", "warning", file=event.source_file)


def resemblances(registry: "Registry") -> Iterator[Problem]:
    """The events that may be one that stands before them, written down once more."""
    from ilocal.registry import field_line

    for event, like in pairs(registry.events.values()):
        document, piece = registry.origins[event.id]
        line = field_line(piece.line, document.text(piece), "title")
        yield Problem(line, likeness(like), "title", "warning", file=event.source_file)


_UNKNOWN = "unknown key, kept as it is"
_MOST_NAMED = 3


def unseen(letters: Sequence[str]) -> str:
    """`an invisible character, U+200B ZERO WIDTH SPACE`, or several."""
    codes = [(f"U+{ord(letter):04X}", name(letter, "control character")) for letter in letters]
    said = [" ".join(code) for code in codes[:_MOST_NAMED]]
    more = [f"and {len(codes) - _MOST_NAMED} more"] if len(codes) > _MOST_NAMED else []
    return ", ".join(["an invisible character" if len(codes) == 1 else "invisible characters", *said, *more])


def _invisible(table: Mapping[str, Any]) -> dict[str, list[str]]:
    """The keys of a table in which, or below which, there are characters that no screen shows."""
    texts = {key: "\n".join([key, *_texts(value)]) for key, value in table.items()}
    return {key: letters for key, text in texts.items() if (letters := unsafe(text))}


def _texts(value: Any) -> Iterator[str]:
    """All text in a value, the keys of tables as well."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in chain(value, value.values()) if isinstance(value, dict) else value:
            yield from _texts(inner)


def _head_doubts(source: "Source") -> Iterator[Problem]:
    """Doubts about what stands outside of events: unknown tables, unknown keys of the registry, no such time zone."""
    from ilocal.header import KEYS

    head = source.document.head
    own = head.get("registry", {})
    unknown = [key for key in head if key not in ("registry", "aliases")]
    unknown += [key for key in (own if isinstance(own, dict) else ()) if key not in KEYS]
    for key in unknown:
        yield Problem(_head_line(source, key), _UNKNOWN, safe(key), "warning", file=source.file)
    tables = [table for table in (own, head.get("aliases")) if isinstance(table, dict)]
    for key, letters in (found for table in tables for found in _invisible(table).items()):
        yield Problem(_head_line(source, key), unseen(letters), safe(key), "warning", file=source.file)
    zone = own.get("timezone") if isinstance(own, dict) else None
    if isinstance(zone, str) and zone and zone_named(zone) is None:
        yield Problem(_head_line(source, "timezone"), _no_zone(zone), "timezone", "warning", file=source.file)


def _series_doubts(event: Event) -> Iterator[tuple[str, str]]:
    """What of a series never takes place, or speaks of what does not: its field, and what is said of it."""
    field = "rrule" if event.rrule else "exdates"
    try:
        if not occurrences(event, Days(date.min, date.max), date.min):
            yield field, "it takes place on no day"
    except DateError as error:
        yield field, error.message
    bare = replace(event, exdates=())
    for point in event.exdates:
        if not begins(bare, point) and isinstance(point, datetime) == isinstance(event.start, datetime):
            yield "exdates", f"{iso(point)} is no date of it"
    for override in event.overrides:
        if not begins(bare, override.recurrence_id):
            yield "overrides", f"{iso(override.recurrence_id)} is no date of it, and is listed all the same"


def _no_zone(name: str) -> str:
    return f'there is no time zone "{safe(name)}"'


def _head_line(source: "Source", key: str) -> int:
    """The line of a key, or of a table's header, outside of the events; 0 where it is written in another way."""
    from ilocal.block import statements
    from ilocal.registry import others

    for line, text in others(source.document):
        with suppress(ValueError):  # what cannot be read has no keys
            for statement in statements(text):
                if key in (statement.key, statement.text.split("#")[0].strip("[] \t\r\n").split(".")[0]):
                    return line
                line += statement.text.count("\n")
    return 0
