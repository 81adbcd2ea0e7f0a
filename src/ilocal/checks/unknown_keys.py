"""Keys that ilocal does not know, with the one that may be meant. They are kept as they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ilocal.checks.base import head_line, left_out, own_table
from ilocal.errors import Problem
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.fields import OVERRIDDEN
from ilocal.model.registry_info import KEYS as HEADER_KEYS
from ilocal.model.safe_text import safe
from ilocal.storage.loader import Registry, Source
from ilocal.storage.toml.document import Piece
from ilocal.storage.toml.event_writer import KEYS
from ilocal.storage.toml.scanner import header_names, statements

CODES = ("unknown-key",)

_TABLES = ("registry", "aliases", "event")
_OF_EVENT = (*KEYS, "section", "override", "translations")
_OTHER_WORDS = {  # which no spelling leads to what is meant
    "date": "start", "when": "start", "begin": "start", "name": "title", "place": "location", "venue": "location",
    "link": "url",
}  # fmt: skip
_OF_SECTION = ("heading", "body")
_OF_TRANSLATION = ("title", "description")
_OF_OVERRIDE = ("recurrence_id", *OVERRIDDEN)


class Unknown(NamedTuple):
    """A key that is not known: in which table of an event, the how manieth of its kind, and what is known there."""

    key: str
    table: str = ""  # section, override, a language; "" is the event itself
    nth: int = 0
    known: Sequence[str] = _OF_EVENT


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for source in registry.sources:
        for key, known in _in_head(source):
            line, value = head_line(source, key), source.document.head.get(key)
            if known is _TABLES and _holds_tables(value) and _meant(key, known) == "event":
                said = _("an unknown table, and what is in it is left out; did you mean [[event]]?")
                yield Problem(line, said, safe(key), file=source.file, code="unknown-key")
            else:
                yield _problem(line, key, key, known, source.file)
    for id, event in registry.events.items():
        document, piece = registry.origins[id]
        yield from _in_piece(_in_event(event), Source(event.source_file, document), piece)
    for source, piece in left_out(registry):
        yield from _in_piece(_in_table(piece.table or {}), source, piece)


def _holds_tables(value: Any) -> bool:
    """Whether a value is a table, or a list of tables."""
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))


def _in_piece(unknown: Iterable[Unknown], source: Source, piece: Piece) -> Iterator[Problem]:
    """The problems of the keys that are unknown in an event, with their lines."""
    found = list(unknown)
    lines = _lines(source.document.text(piece)) if found else {}
    for one in found:
        line = lines.get((one.table, one.nth, one.key), lines.get((one.table, one.nth, ""), 0))
        name = f"{one.table}.{one.key}" if one.known is _OF_TRANSLATION else one.key
        yield _problem(piece.line + line, name, one.key, one.known, source.file)


def _problem(line: int, name: str, key: str, known: Iterable[str], file: str) -> Problem:
    like = _meant(key, known)
    said = _('unknown key, kept as it is; did you mean "{key}"?', key=like) if like else _("unknown key, kept as it is")
    return Problem(line, said, safe(name), "warning", file=file, code="unknown-key")


def _meant(key: str, known: Iterable[str]) -> str:
    """The known key that is most like this one; "" where none is."""
    from difflib import get_close_matches  # takes as long to import as a small registry to check

    bare = key.casefold().replace("-", "_").replace(" ", "_")
    if known is _OF_EVENT and bare in _OTHER_WORDS:
        return _OTHER_WORDS[bare]
    return next(iter(get_close_matches(bare, known, 1, 0.75)), "")


def _in_head(source: Source) -> Iterator[tuple[str, Sequence[str]]]:
    """The unknown tables of a file, and the unknown keys of `[registry]`, each with what is known there."""
    yield from ((key, _TABLES) for key in source.document.head if key not in _TABLES)
    yield from ((key, HEADER_KEYS) for key in own_table(source) if key not in HEADER_KEYS)


def _in_event(event: Event) -> Iterator[Unknown]:
    yield from map(Unknown, event.extra)
    for n, section in enumerate(event.sections):
        yield from (Unknown(key, "section", n, _OF_SECTION) for key in section.extra)
    for translation in event.translations:
        yield from (Unknown(key, translation.language, 0, _OF_TRANSLATION) for key in translation.extra)
    for n, override in enumerate(event.overrides):
        yield from (Unknown(key, "override", n, _OF_OVERRIDE) for key in override.extra)


def _in_table(table: Mapping[str, Any]) -> Iterator[Unknown]:
    """The same of a table that is no valid event, as far as its tables are what they ought to be."""
    yield from (Unknown(key) for key in table if key not in (*_OF_EVENT, "sections", "overrides"))
    for name, known in (("section", _OF_SECTION), ("override", _OF_OVERRIDE)):
        value = table.get(name)
        for n, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                yield from (Unknown(key, name, n, known) for key in item if key not in known)
    translations = table.get("translations")
    for language, texts in translations.items() if isinstance(translations, dict) else ():
        if isinstance(texts, dict):
            yield from (Unknown(key, language, 0, _OF_TRANSLATION) for key in texts if key not in _OF_TRANSLATION)


def _lines(text: str) -> Mapping[tuple[str, int, str], int]:
    """How many lines into an event's text the keys of its tables stand; under "" those of the tables themselves."""
    found: dict[tuple[str, int, str], int] = {}
    counts: dict[str, int] = {}
    table, line = "", 0
    for statement in statements(text):
        if statement.is_header:
            names = [*header_names(statement.text), "", ""][1:]
            if names[0] in ("section", "override") and not names[1]:
                counts[names[0]] = counts.get(names[0], -1) + 1
            table, key = (names[1], names[2]) if names[0] == "translations" else (names[0], names[1])
            found.setdefault((table, counts.get(table, 0), key), line)
            if not key and table and table not in counts:
                found.setdefault(("", 0, table), line)
        elif statement.key is not None:
            found.setdefault((table, counts.get(table, 0), statement.key), line)
        line += statement.text.count("\n")
    return found
