"""Conversion of a registry between one file and a folder with a file per year; events keep every byte."""

from __future__ import annotations

from pathlib import Path

from ilocal.errors import RegistryError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe
from ilocal.storage import files, locks
from ilocal.storage.loader import ParsedFile, ParsedRegistry, join_parsed_files, load_registry
from ilocal.storage.toml import document
from ilocal.storage.toml.document import UTF8_BOM, detect_file_newline
from ilocal.storage.toml.event_editor import is_same_toml_value

METADATA_FILE_NAME = "registry.toml"  # tables other than events
UNDATED_FILE_NAME = "undated.toml"


def get_yearly_toml_file_name(year: int | None) -> str:
    """Return the name of the file for the events of a year, or for undated ones (None)."""
    return UNDATED_FILE_NAME if year is None else f"{year:04}.toml"


def split_registry_by_year(path: Path) -> dict[str, bytes]:
    """Return the registry at a path as files of a folder, by name. Raises RegistryError if it cannot be split."""
    registry = _load_registry_file_to_split(path)
    homes = {
        (id(found), piece.start): _choose_year_file(registry, key) for key, (found, piece) in registry.locations.items()
    }
    parts: dict[str, bytes] = {}
    for source in registry.files:
        found = source.document
        newline = detect_file_newline(found.data).encode()
        for piece in found.blocks:
            name = homes.get((id(found), piece.start), UNDATED_FILE_NAME) if piece.is_event else METADATA_FILE_NAME
            text = found.data[piece.start : piece.end]
            if name not in parts and piece.is_event and text.lstrip()[:1] == b"#":
                text = newline + text  # a comment at the top of a file would not belong to its event any more
            parts[name] = _append_on_new_line(parts.get(name, b""), text, newline)
    mark = _get_file_bom(registry)
    new = {name: mark + text for name, text in parts.items()} or {METADATA_FILE_NAME: mark}
    _verify_same_registry(
        path,
        registry,
        join_parsed_files([ParsedFile(name, document.parse_document(new[name])) for name in sorted(new)]),
    )
    return new


def join_registry_files(path: Path) -> bytes:
    """Return the registry at a path as one file: first other tables, then the years in order."""
    registry = _load_registry_file_to_split(path)
    out = b""
    for source in sorted(registry.files, key=lambda source: Path(source.file).name != METADATA_FILE_NAME):
        found = source.document
        newline = detect_file_newline(found.data).encode()
        text = found.data[document.skip_bom(found.data) :]
        if out.strip() and text.strip() and not out.endswith((b"\n\n", b"\n\r\n")):
            out = _append_on_new_line(out, newline, newline)
        out = _append_on_new_line(out, text, newline)
    out = _get_file_bom(registry) + out
    _verify_same_registry(path, registry, join_parsed_files([ParsedFile("", document.parse_document(out))]))
    return out


def _append_on_new_line(text: bytes, addition: bytes, newline: bytes) -> bytes:
    """Return a text with an addition that begins on its own line."""
    return text + (newline if text and addition and not text.endswith(b"\n") else b"") + addition


def _get_file_bom(registry: ParsedRegistry) -> bytes:
    """Return the byte-order mark if a file has one; else an empty value."""
    return next((UTF8_BOM for source in registry.files if source.document.data.startswith(UTF8_BOM)), b"")


def _load_registry_file_to_split(path: Path) -> ParsedRegistry:
    """Return the registry if it can be split into its events. Raises RegistryError."""
    with locks.lock_registry(path):
        registry = load_registry(
            [(str(member.path), files.read_file(member.path).data) for member in files.list_registry_files(path)]
        )
    tables: dict[str, str] = {}
    for file, found in registry.files:
        broken = next((piece.diagnostic for piece in found.blocks if piece.diagnostic), None)
        if broken:
            raise RegistryError(broken.format_with_file(file), hint=_("fix this error first; nothing was changed"))
        if found.read_only_reason:
            raise RegistryError(
                _("{file}: cannot be split: {locked}", file=file, locked=found.read_only_reason),
                hint=_("write each event as an [[event]] block"),
            )
        for name in found.metadata:
            if name in tables:
                raise RegistryError(
                    _(
                        "{file}: [{name}] is also defined in {other}",
                        file=file,
                        name=make_text_safe(name),
                        other=tables[name],
                    ),
                    hint=_("move the whole table into one file first"),
                )
            tables[name] = file
    return registry


def _choose_year_file(registry: ParsedRegistry, id: str) -> str:
    start = registry.events[id].start
    return get_yearly_toml_file_name(None if start is None else start.year)


def _verify_same_registry(path: Path, old: ParsedRegistry, new: ParsedRegistry) -> None:
    """Raise RegistryError unless both registries have the same meaning."""
    heads = [
        {name: value for source in one.files for name, value in source.document.metadata.items()} for one in (old, new)
    ]
    if old.events != new.events or not is_same_toml_value(*heads) or len(old.diagnostics) != len(new.diagnostics):
        raise RegistryError(
            _("{path}: the change would alter other events; nothing was changed", path=path),
            hint=_("move the keys before the first [table] of a file by hand"),
        )
