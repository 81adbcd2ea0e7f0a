"""A registry read whole: its header, its events by id, and what could not be read.

This is what the text means, said as plainly as can be. Questions and changes go through the index, which says the same
of any text, and faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from ilocal import progress
from ilocal.errors import Problem, RecordError, RegistryError, at_line
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.ids import make_id
from ilocal.model.registry_info import KEYS, Header
from ilocal.model.serialization import from_plain, kind_of
from ilocal.storage.toml import scanner
from ilocal.storage.toml.document import Document, NotToml, Piece, Table, id_line, read


class Source(NamedTuple):
    """One file of a registry: its name in messages, and its text."""

    file: str
    document: Document


class Origin(NamedTuple):
    """Where an event comes from."""

    document: Document
    piece: Piece


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry as read: its events in the order of the text, and what could not be read."""

    sources: tuple[Source, ...]
    header: Header
    events: Mapping[str, Event]
    origins: Mapping[str, Origin]  # by id
    problems: tuple[Problem, ...]


def load(files: Iterable[tuple[str, bytes]]) -> Registry:
    """Read the files of a registry, each with its name in messages. Raises RegistryError where one is none at all."""
    sources = []
    for file, data in files:
        try:
            sources.append(Source(file, read(data)))
        except NotToml as error:
            raise error.of(file) from None
    return loaded(sources)


def loaded(sources: Sequence[Source]) -> Registry:
    """The registry that the files are together.

    An event without an id gets one that depends on the text alone; one with the id of an earlier event is a problem.
    """
    problems: list[Problem] = []
    events: dict[str, Event] = {}
    origins: dict[str, Origin] = {}
    numbers: dict[str, int] = {}
    taken = {id for source in sources for id in _given_ids(source.document)}
    for file, document in sources:
        found = [replace(piece.problem, code="not-toml") for piece in document.pieces if piece.problem]
        for piece in document.pieces:
            progress.step()
            if piece.table is None:
                continue
            try:
                event = from_plain(piece.table, source_file=file, source_line=piece.header)
            except RecordError as error:
                found.append(record_problem(error, piece.line, document.text(piece)))
                continue
            if not event.id:
                event = replace(event, id=make_id(event.title, event.start, taken, last=numbers))
            if event.id in events:
                line = piece.line + id_line(document.data[piece.start : piece.end])
                found.append(
                    Problem(
                        line,
                        twice(event.id, events[event.id].source_line, events[event.id].source_file, file),
                        "id",
                        code="duplicate-id",
                    )
                )
                continue
            taken.add(event.id)
            events[event.id], origins[event.id] = event, Origin(document, piece)
        problems += [replace(problem, file=file) for problem in sorted(found, key=lambda problem: problem.line)]
    heads = [head_in(file, document.head, others(document)) for file, document in sources]
    problems += [problem for head in heads for problem in head.problems]
    return Registry(tuple(sources), merged(heads), events, origins, tuple(problems))


def _given_ids(document: Document) -> set[str]:
    """The ids that stand in the text, also those of events that cannot be read."""
    return {id for piece in document.pieces if piece.table and (id := given_id(piece.table))}


def given_id(table: Table) -> str:
    """The id that stands in an event's table."""
    id = table.get("id")
    return id if isinstance(id, str) else ""


def twice(id: str, line: int, other: str, file: str) -> str:
    """What is said of an event in `file` that has the id of an earlier one, which is in a line of `other`."""
    if other == file:
        return _('"{id}" is already the id of the event in line {line}', id=id, line=line)
    return _('"{id}" is already the id of the event in line {line} of {file}', id=id, line=line, file=other)


def record_problem(error: RecordError, line: int, text: str) -> Problem:
    """The problem of a piece that begins in a line and holds no valid event."""
    return Problem(field_line(line, text, error.field), error.reason, error.field, text=text, code="invalid-value")


def field_line(line: int, text: str, field: str) -> int:
    """The line of a field in a piece that begins in `line`; 0 where it has no text of its own."""
    return line + scanner.field_line(text, field) if text else 0


# -------------------------------------------------------------------------------------------------------------- header

Others = list[tuple[int, str]]  # the stretches of a text that are no events: the line of each, and its text


def others(document: Document) -> Others:
    """The stretches of a document that are no events."""
    return [(piece.line, document.text(piece)) for piece in document.pieces if not piece.is_event]


class Head(NamedTuple):
    """What one file says of the registry, and what is wrong in that."""

    values: Mapping[str, str]
    aliases: Mapping[str, Sequence[str]]
    problems: Sequence[Problem]


def head_in(file: str, tables: Table, texts: Others) -> Head:
    """What a file's tables that are no events say; `texts` has their lines."""
    values, doubts = _values(tables, texts)
    aliases, more = _aliases(tables, texts)
    return Head(values, aliases, [replace(problem, file=file) for problem in (*doubts, *more)])


def merged(heads: Iterable[Head]) -> Header:
    """What the files of a registry say together. A value that is in two files counts as it stands in the first."""
    values: dict[str, str] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    for head in heads:
        values = {**head.values, **values}
        aliases |= {short: tuple(longs) for short, longs in head.aliases.items() if short not in aliases}
    return Header(**values, aliases=aliases)


def _values(head: Table, texts: Others) -> tuple[dict[str, str], list[Problem]]:
    registry = head.get("registry", {})
    values, problems = {}, []
    for key in KEYS if isinstance(registry, dict) else ():
        value = registry.get(key)
        if isinstance(value, str):
            values[key] = value
        elif value is not None:
            problems.append(_head_problem(texts, key, _("text is wanted here, not {kind}", kind=kind_of(value))))
    return values, problems


def _aliases(head: Table, texts: Others) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    aliases = head.get("aliases", {})
    both: dict[str, tuple[str, ...]] = {}
    problems = []
    for short, long in aliases.items() if isinstance(aliases, dict) else ():
        longs = tuple([long] if isinstance(long, str) else long if isinstance(long, list) else [None])
        if all(isinstance(other, str) for other in longs):
            both[short] = longs
        else:
            problems.append(_head_problem(texts, short, _("text, or a list of texts, is wanted here")))
    return both, problems


def _head_problem(texts: Others, key: str, message: str) -> Problem:
    for start, text in texts:
        with suppress(ValueError):  # what cannot be read has no keys
            if line := scanner.field_line(text, key):
                return Problem(start + line, message, key, "warning", code="invalid-value")
    return Problem(0, message, key, "warning", code="invalid-value")


# --------------------------------------------------------------------------------------------------------------- block


def unknown_inside(table: Table) -> list[Table]:
    """The keys that ilocal does not know in each translation (one entry for all of them) and in each section."""
    sections, translations = table.get("section", []), table.get("translations", {})
    found: list[Table] = [{}]
    if isinstance(translations, dict):
        known = ("title", "description")
        for language, texts in translations.items():
            found[0] |= {f"{language}.{key}": texts[key] for key in texts if key not in known}
    for section in sections if isinstance(sections, list) else []:
        if isinstance(section, dict):
            found.append({key: section[key] for key in section if key not in ("heading", "body")})
    return found


def read_block(text: str) -> Event:
    """The one event of a text. Raises RegistryError with the line inside the text, or RecordError."""
    try:
        document = read(text.encode())
    except NotToml as error:
        raise RegistryError(at_line(error.problem.line, error.problem.message)) from None
    events = [piece for piece in document.pieces if piece.is_event]
    broken = next((piece.problem for piece in events if piece.problem), None)
    if broken:
        raise RegistryError(at_line(broken.line, broken.message))
    if len(events) != 1 or events[0].table is None or document.head or document.locked:
        raise RegistryError(_("one [[event]] block is wanted here, and nothing else"))
    return from_plain(events[0].table)
