"""A registry in one file told as a folder with a file a year, and the other way round; events keep every byte."""

from __future__ import annotations

from pathlib import Path

from ilocal.errors import RegistryError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import safe
from ilocal.storage import files, locks
from ilocal.storage.loader import Registry, Source, load, loaded
from ilocal.storage.toml import document
from ilocal.storage.toml.document import BOM, newline_of
from ilocal.storage.toml.event_editor import same

HEAD = "registry.toml"  # what is no event
UNDATED = "undated.toml"


def year_file(year: int | None) -> str:
    """The name of the file in a folder that holds the events of a year, or those without a date."""
    return UNDATED if year is None else f"{year:04}.toml"


def split(path: Path) -> dict[str, bytes]:
    """The registry at a path as files of a folder, by name. Raises RegistryError for what cannot be cut."""
    registry = _read(path)
    homes = {(id(found), piece.start): _home(registry, key) for key, (found, piece) in registry.origins.items()}
    parts: dict[str, bytes] = {}
    for source in registry.sources:
        found = source.document
        newline = newline_of(found.data).encode()
        for piece in found.pieces:
            name = homes.get((id(found), piece.start), UNDATED) if piece.is_event else HEAD
            text = found.data[piece.start : piece.end]
            if name not in parts and piece.is_event and text.lstrip()[:1] == b"#":
                text = newline + text  # a comment at the top of a file would not belong to its event any more
            parts[name] = _appended(parts.get(name, b""), text, newline)
    mark = _mark(registry)
    new = {name: mark + text for name, text in parts.items()} or {HEAD: mark}
    _prove(path, registry, loaded([Source(name, document.read(new[name])) for name in sorted(new)]))
    return new


def joined(path: Path) -> bytes:
    """The registry at a path as one file: what is no event, and then year after year."""
    registry = _read(path)
    out = b""
    for source in sorted(registry.sources, key=lambda source: Path(source.file).name != HEAD):
        found = source.document
        newline = newline_of(found.data).encode()
        text = found.data[document.body_start(found.data) :]
        if out.strip() and text.strip() and not out.endswith((b"\n\n", b"\n\r\n")):
            out = _appended(out, newline, newline)
        out = _appended(out, text, newline)
    out = _mark(registry) + out
    _prove(path, registry, loaded([Source("", document.read(out))]))
    return out


def _appended(text: bytes, more: bytes, newline: bytes) -> bytes:
    """A text and what follows it, which begins on a line of its own."""
    return text + (newline if text and more and not text.endswith(b"\n") else b"") + more


def _mark(registry: Registry) -> bytes:
    """The byte-order mark, where a file has one."""
    return next((BOM for source in registry.sources if source.document.data.startswith(BOM)), b"")


def _read(path: Path) -> Registry:
    """The registry, if it can be cut into its events. Raises RegistryError."""
    with locks.locked(path):
        registry = load([(str(member.path), files.read(member.path).data) for member in files.members(path)])
    tables: dict[str, str] = {}
    for file, found in registry.sources:
        broken = next((piece.problem for piece in found.pieces if piece.problem), None)
        if broken:
            raise RegistryError(broken.at(file), hint=_("mend that first; nothing was changed"))
        if found.locked:
            raise RegistryError(
                _("{file}: cannot be cut: {locked}", file=file, locked=found.locked),
                hint=_("write each event as an [[event]] block"),
            )
        for name in found.head:
            if name in tables:
                raise RegistryError(
                    _("{file}: [{name}] stands in {other} too", file=file, name=safe(name), other=tables[name]),
                    hint=_("put all of it into one file first"),
                )
            tables[name] = file
    return registry


def _home(registry: Registry, id: str) -> str:
    start = registry.events[id].start
    return year_file(None if start is None else start.year)


def _prove(path: Path, old: Registry, new: Registry) -> None:
    """Raise RegistryError unless both say the same."""
    heads = [
        {name: value for source in one.sources for name, value in source.document.head.items()} for one in (old, new)
    ]
    if old.events != new.events or not same(*heads) or len(old.problems) != len(new.problems):
        raise RegistryError(
            _("{path}: it would not say the same; nothing was changed", path=path),
            hint=_("what stands before the first [table] of a file can only be moved by hand"),
        )
