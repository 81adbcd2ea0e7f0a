"""Loader of a whole registry: its header, its events by id, and its diagnostics.

This is the reference for the meaning of a text, in the simplest possible way. Queries and changes use the index, which
gives the same answers faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from ilocal import progress
from ilocal.errors import DateError, Diagnostic, InvalidEventError, RegistryError, format_line_error
from ilocal.i18n.messages import AnyMessage, LazyMessage
from ilocal.i18n.messages import lazy_gettext as _
from ilocal.model.dates import format_iso_date, parse_iso_date
from ilocal.model.event import Event
from ilocal.model.ids import make_event_id
from ilocal.model.registry_info import REGISTRY_KEYS, SITE_KEYS, RegistryInfo
from ilocal.model.serialization import describe_value_type, event_from_dict
from ilocal.storage.toml import scanner
from ilocal.storage.toml.document import (
    Document,
    TextBlock,
    TomlSyntaxError,
    TomlTable,
    find_id_line_in_block,
    parse_document,
)


class ParsedFile(NamedTuple):
    """One file of a registry: its name in messages, and its text."""

    file: str
    document: Document


class EventLocation(NamedTuple):
    """The location of an event: its file and block."""

    document: Document
    block: TextBlock


@dataclass(frozen=True, slots=True)
class ParsedRegistry:
    """A registry read completely: its events by id in text order, and diagnostics."""

    files: tuple[ParsedFile, ...]
    info: RegistryInfo
    events: Mapping[str, Event]
    locations: Mapping[str, EventLocation]  # by id
    diagnostics: tuple[Diagnostic, ...]


def load_registry(files: Iterable[tuple[str, bytes]]) -> ParsedRegistry:
    """Read a registry from pairs of a file's name, which messages use, and its bytes.

    Raises RegistryError for a file that is not TOML as a whole.
    """
    sources = []
    for file, data in files:
        try:
            sources.append(ParsedFile(file, parse_document(data)))
        except TomlSyntaxError as error:
            raise error.as_registry_error(file) from None
    return join_parsed_files(sources)


def read_table_list(files: Iterable[tuple[str, bytes]], key: str) -> list[Any]:
    """Return the tables `[[key]]` of a registry's files, as they are written. Raises RegistryError."""
    found: list[Any] = []
    for file, data in files:
        try:
            value = parse_document(data).metadata.get(key, [])
        except TomlSyntaxError as error:
            raise error.as_registry_error(file) from None
        found += value if isinstance(value, list) else [value]
    return found


def join_parsed_files(files: Sequence[ParsedFile]) -> ParsedRegistry:
    """Return the registry that the files form together.

    An event without an id gets one that depends only on the text; one with the id of an earlier event is reported.
    """
    problems: list[Diagnostic] = []
    events: dict[str, Event] = {}
    origins: dict[str, EventLocation] = {}
    numbers: dict[str, int] = {}
    taken = {id for source in files for id in collect_ids_in_document(source.document)}
    for file, document in files:
        found = [problem for piece in document.blocks for problem in piece.diagnostics]
        for piece in document.blocks:
            progress.advance_progress()
            if piece.table is None:
                continue
            try:
                event = event_from_dict(piece.table, source_file=file, source_line=piece.header_line)
            except InvalidEventError as error:
                found += list_invalid_fields_in_toml(error, piece.line, document.get_block_text(piece))
                continue
            if not event.id:
                event = replace(event, id=make_event_id(event.title, event.start, taken, counters=numbers))
            if event.id in events:
                line = piece.line + find_id_line_in_block(document.data[piece.start : piece.end])
                found.append(
                    Diagnostic(
                        line,
                        describe_duplicate_id_in_file(
                            event.id, events[event.id].source_line, events[event.id].source_file, file
                        ),
                        "id",
                        code="duplicate-id",
                    )
                )
                continue
            taken.add(event.id)
            events[event.id], origins[event.id] = event, EventLocation(document, piece)
        ordered = drop_repeated_diagnostics(sorted(found, key=lambda problem: problem.line))
        problems += [replace(problem, file=file) for problem in ordered]
    heads = [
        read_file_metadata(file, document.metadata, list_text_outside_events(document)) for file, document in files
    ]
    problems += [problem for head in heads for problem in head.diagnostics]
    return ParsedRegistry(tuple(files), join_file_metadata(heads), events, origins, tuple(problems))


def drop_repeated_diagnostics(ordered: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics without repetitions, as a merge conflict is a problem of each event that it is in."""
    found: list[Diagnostic] = []
    for one in ordered:
        if not found or one != found[-1]:
            found.append(one)
    return found


def collect_ids_in_document(document: Document) -> set[str]:
    """Return the ids written in a document, including those of invalid events."""
    return {id for piece in document.blocks if piece.table and (id := get_id_in_toml(piece.table))}


def get_id_in_toml(table: TomlTable) -> str:
    """Return the id written in an event's table; "" if there is none."""
    id = table.get("id")
    return id if isinstance(id, str) else ""


def describe_duplicate_id_in_file(id: str, line: int, other_file: str, file: str) -> LazyMessage:
    """Return the message that an event in `file` has the id of an earlier event at `line` of `other_file`."""
    if other_file == file:
        return _('"{id}" is already the id of the event on line {line}', id=id, line=line)
    return _('"{id}" is already the id of the event on line {line} of {file}', id=id, line=line, file=other_file)


def list_invalid_fields_in_toml(error: InvalidEventError, line: int, text: str) -> list[Diagnostic]:
    """Return the problems of a piece that begins in a line and holds no valid event, one for each invalid field."""
    return [
        Diagnostic(
            find_field_line_in_file(line, text, one.field),
            one.lazy_message,
            one.field,
            text="" if n else text,
            code="invalid-value",
            is_further=n > 0,
        )
        for n, one in enumerate((error, *error.further_errors))
    ]


def find_field_line_in_file(line: int, text: str, field: str) -> int:
    """Return the line of a field in a block that begins at `line`; 0 if the block has no text of its own."""
    return line + scanner.find_field_line_in_block(text, field) if text else 0


# -------------------------------------------------------------------------------------------------------------- header

OtherTexts = list[tuple[int, str]]  # the parts of a text outside its events: line and text of each


def list_text_outside_events(document: Document) -> OtherTexts:
    """Return the parts of a document outside its events, each with its line."""
    return [(piece.line, document.get_block_text(piece)) for piece in document.blocks if not piece.is_event]


class FileMetadata(NamedTuple):
    """The metadata in one file of a registry, with diagnostics."""

    values: Mapping[str, str]
    aliases: Mapping[str, Sequence[str]]
    diagnostics: Sequence[Diagnostic]
    site: Mapping[str, Any]


def read_file_metadata(file: str, tables: TomlTable, texts: OtherTexts) -> FileMetadata:
    """Return the metadata in a file's tables other than events; `texts` has their text and lines."""
    values, doubts = _load_registry_table(tables, texts)
    aliases, more = _load_aliases_table_of_toml(tables, texts)
    site, most = _read_site_table_in_toml(tables, texts)
    return FileMetadata(values, aliases, [replace(problem, file=file) for problem in (*doubts, *more, *most)], site)


def join_file_metadata(metadata: Iterable[FileMetadata]) -> RegistryInfo:
    """Return the metadata of a registry's files combined. The first file with a value takes precedence."""
    values: dict[str, str] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    site: dict[str, Any] = {}
    for head in metadata:
        values = {**head.values, **values}
        site = {**head.site, **site}
        aliases |= {short: tuple(longs) for short, longs in head.aliases.items() if short not in aliases}
    return RegistryInfo(**values, aliases=aliases, site=site)


def _load_registry_table(head: TomlTable, texts: OtherTexts) -> tuple[dict[str, str], list[Diagnostic]]:
    registry = head.get("registry", {})
    values, problems = {}, []
    for key in REGISTRY_KEYS if isinstance(registry, dict) else ():
        value = registry.get(key)
        if isinstance(value, str):
            values[key] = value
        elif value is not None:
            problems.append(
                _registry_metadata_diagnostic(
                    texts, key, _("expected a string, found {kind}", kind=describe_value_type(value))
                )
            )
    return values, problems


def _load_aliases_table_of_toml(
    head: TomlTable, texts: OtherTexts
) -> tuple[dict[str, tuple[str, ...]], list[Diagnostic]]:
    aliases = head.get("aliases", {})
    both: dict[str, tuple[str, ...]] = {}
    problems = []
    for short, long in aliases.items() if isinstance(aliases, dict) else ():
        longs = tuple([long] if isinstance(long, str) else long if isinstance(long, list) else [None])
        if all(isinstance(other, str) for other in longs):
            both[short] = longs
        else:
            problems.append(_registry_metadata_diagnostic(texts, short, _("expected a string or a list of strings")))
    return both, problems


def _read_site_table_in_toml(head: TomlTable, texts: OtherTexts) -> tuple[dict[str, Any], list[Diagnostic]]:
    table = head.get("site", {})
    values: dict[str, Any] = {}
    problems = []
    for key, kind in SITE_KEYS.items() if isinstance(table, dict) else ():
        if (value := table.get(key)) is None:
            continue
        try:
            values[key] = _READERS_BY_KIND[kind](value)
        except (ValueError, DateError):
            wanted = {
                "text": _("expected a string, found {kind}", kind=describe_value_type(value)),
                "texts": _("expected a string or a list of strings"),
                "date": _('expected a day, a month or a year: "2019", "2019-06" or "2019-06-30"'),
                "boolean": _("expected true or false"),
            }
            problems.append(_registry_metadata_diagnostic(texts, key, wanted[kind]))
    return values, problems


def _read_text_in_toml_table(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _read_date_in_toml_table(value: Any) -> str:
    """Return a date as ISO text; TOML has days and numbers of its own."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04}"
    return format_iso_date(value if isinstance(value, date) else parse_iso_date(_read_text_in_toml_table(value)))


def _read_boolean_in_toml_table(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


_READERS_BY_KIND: dict[str, Callable[[Any], Any]] = {
    "text": _read_text_in_toml_table,
    "texts": lambda value: [_read_text_in_toml_table(item) for item in (value if isinstance(value, list) else [value])],
    "date": _read_date_in_toml_table,
    "boolean": _read_boolean_in_toml_table,
}


def _registry_metadata_diagnostic(texts: OtherTexts, key: str, message: AnyMessage) -> Diagnostic:
    for start, text in texts:
        with suppress(ValueError):  # unreadable text has no keys
            if line := scanner.find_field_line_in_block(text, key):
                return Diagnostic(start + line, message, key, "warning", code="invalid-value")
    return Diagnostic(0, message, key, "warning", code="invalid-value")


# --------------------------------------------------------------------------------------------------------------- block


def parse_event_block(text: str) -> Event:
    """Return the only event of a text. Raises RegistryError with the line in the text, or InvalidEventError."""
    try:
        document = parse_document(text.encode())
    except TomlSyntaxError as error:
        raise RegistryError(format_line_error(error.diagnostic.line, error.diagnostic.message_with_field)) from None
    events = [piece for piece in document.blocks if piece.is_event]
    if broken := [problem for piece in events for problem in piece.diagnostics]:
        raise RegistryError(
            "; ".join(format_line_error(problem.line, problem.message_with_field) for problem in broken)
        )
    if len(events) != 1 or events[0].table is None or document.metadata or document.read_only_reason:
        raise RegistryError(_("expected one [[event]] block and nothing else"))
    return event_from_dict(events[0].table)
