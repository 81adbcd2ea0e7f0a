"""Unknown keys, with the known key that may be intended. ilocal preserves them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ilocal.checks.base import (
    find_checked_key_line,
    get_metadata_to_check,
    get_site_settings_to_check,
    list_unchecked_events,
)
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.fields import FIELDS, OVERRIDABLE_FIELDS, TABLE_FIELDS, TOML_NAMES_BY_FIELD
from ilocal.model.registry_info import REGISTRY_KEYS as HEADER_KEYS
from ilocal.model.registry_info import SITE_KEYS
from ilocal.model.safe_text import make_text_safe
from ilocal.storage.loader import ParsedFile, ParsedRegistry
from ilocal.storage.toml.document import TextBlock
from ilocal.storage.toml.event_writer import EVENT_KEYS
from ilocal.storage.toml.scanner import parse_toml_table_header, split_toml_statements

CODES = ("unknown-key",)

_TABLE_NAMES = ("registry", "aliases", "event", "site", "source")
_EVENT_KEYS = (*EVENT_KEYS, *(TOML_NAMES_BY_FIELD.get(name, name) for name in TABLE_FIELDS))
_KEY_SYNONYMS = {synonym: field.name for field in FIELDS for synonym in field.synonyms}
_SECTION_KEYS = ("heading", "body")
_TRANSLATION_KEYS = ("title", "description")
_OVERRIDE_KEYS = ("recurrence_id", *OVERRIDABLE_FIELDS)


class UnknownKey(NamedTuple):
    """An unknown key: its table and the index of that among tables of its kind, and the known keys there."""

    key: str
    table: str = ""  # section, override, a language; "" is the event itself
    table_index: int = 0
    known_keys: Sequence[str] = _EVENT_KEYS


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for source in registry.files:
        for key, known in _find_unknown_metadata_keys(source):
            line, value = find_checked_key_line(source, key), source.document.metadata.get(key)
            if known is _TABLE_NAMES and _is_table_to_check(value) and _suggest_known_key(key, known) == "event":
                said = _("unknown table; its contents are ignored. Did you mean [[event]]?")
                yield Diagnostic(line, said, make_text_safe(key), file=source.file, code="unknown-key")
            else:
                yield _make_unknown_key_warning(line, key, key, known, source.file)
    for id, event in registry.events.items():
        document, piece = registry.locations[id]
        yield from _check_event_for_unknown_keys(
            _find_unknown_event_keys(event), ParsedFile(event.source_file, document), piece
        )
    for source, piece in list_unchecked_events(registry):
        yield from _check_event_for_unknown_keys(_find_unknown_table_keys(piece.table or {}), source, piece)


def _is_table_to_check(value: Any) -> bool:
    """Return whether a value is a table, or a list with tables."""
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))


def _check_event_for_unknown_keys(
    unknown: Iterable[UnknownKey], source: ParsedFile, piece: TextBlock
) -> Iterator[Diagnostic]:
    """Yield the diagnostics of the unknown keys in an event, with their lines."""
    found = list(unknown)
    lines = _find_lines_of_unknown_keys(source.document.get_block_text(piece)) if found else {}
    for one in found:
        line = lines.get((one.table, one.table_index, one.key), lines.get((one.table, one.table_index, ""), 0))
        name = f"{one.table}.{one.key}" if one.known_keys is _TRANSLATION_KEYS else one.key
        yield _make_unknown_key_warning(piece.line + line, name, one.key, one.known_keys, source.file)


def _make_unknown_key_warning(line: int, name: str, key: str, known: Iterable[str], file: str) -> Diagnostic:
    like = _suggest_known_key(key, known)
    said = (
        _('unknown key; the key is preserved. Did you mean "{key}"?', key=like)
        if like
        else _("unknown key; the key is preserved")
    )
    return Diagnostic(line, said, make_text_safe(name), "warning", file=file, code="unknown-key")


def _suggest_known_key(key: str, known: Iterable[str]) -> str:
    """Return the known key most similar to this one; "" if there is none."""
    from difflib import get_close_matches  # takes as long to import as a small registry to check

    bare = key.casefold()
    if known is _EVENT_KEYS and bare in _KEY_SYNONYMS:
        return _KEY_SYNONYMS[bare]
    return next(iter(get_close_matches(bare, known, 1, 0.75)), "")


def _find_unknown_metadata_keys(source: ParsedFile) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the unknown tables and keys of a file outside events, each with the known ones there."""
    yield from ((key, _TABLE_NAMES) for key in source.document.metadata if key not in _TABLE_NAMES)
    yield from ((key, HEADER_KEYS) for key in get_metadata_to_check(source) if key not in HEADER_KEYS)
    yield from ((key, tuple(SITE_KEYS)) for key in get_site_settings_to_check(source) if key not in SITE_KEYS)


def _find_unknown_event_keys(event: Event) -> Iterator[UnknownKey]:
    yield from map(UnknownKey, event.extra)
    for n, section in enumerate(event.sections):
        yield from (UnknownKey(key, "section", n, _SECTION_KEYS) for key in section.extra)
    for translation in event.translations:
        yield from (UnknownKey(key, translation.language, 0, _TRANSLATION_KEYS) for key in translation.extra)
    for n, override in enumerate(event.overrides):
        yield from (UnknownKey(key, "override", n, _OVERRIDE_KEYS) for key in override.extra)


def _find_unknown_table_keys(table: Mapping[str, Any]) -> Iterator[UnknownKey]:
    """Yield the unknown keys in the table of an invalid event, as far as its nested tables are valid."""
    yield from (UnknownKey(key) for key in table if key not in (*_EVENT_KEYS, "sections", "overrides"))
    for name, known in (("section", _SECTION_KEYS), ("override", _OVERRIDE_KEYS)):
        value = table.get(name)
        for n, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict):
                yield from (UnknownKey(key, name, n, known) for key in item if key not in known)
    translations = table.get("translations")
    for language, texts in translations.items() if isinstance(translations, dict) else ():
        if isinstance(texts, dict):
            yield from (
                UnknownKey(key, language, 0, _TRANSLATION_KEYS) for key in texts if key not in _TRANSLATION_KEYS
            )


def _find_lines_of_unknown_keys(text: str) -> Mapping[tuple[str, int, str], int]:
    """Return the line, from 0 in an event's text, of each key by table; with key "" of the tables themselves."""
    found: dict[tuple[str, int, str], int] = {}
    counts: dict[str, int] = {}
    table, line = "", 0
    for statement in split_toml_statements(text):
        if statement.is_header:
            names = [*parse_toml_table_header(statement.text), "", ""][1:]
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
