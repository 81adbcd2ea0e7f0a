"""A registry in one file told as a folder with a file a year, and the other way round; events keep every byte."""

from __future__ import annotations

from pathlib import Path

from ilocal import document, files
from ilocal.document import Document, newline_of
from ilocal.errors import RegistryError
from ilocal.registry import Registry, Source, load, loaded

HEAD = "registry.toml"  # what is no event
UNDATED = "undated.toml"


def year_file(year: int | None) -> str:
    """The name of the file in a folder that holds the events of a year, or those without a date."""
    return UNDATED if year is None else f"{year:04}.toml"


def split(path: Path) -> dict[str, bytes]:
    """The registry at a path as files of a folder, by name. Raises RegistryError for what cannot be cut."""
    registry = _read(path)
    homes = {
        (id(origin.document), origin.piece.start): _year(registry, key) for key, origin in registry.origins.items()
    }
    parts: dict[str, list[bytes]] = {}
    mark = b""
    for file, found in registry.sources:
        _check(file, found)
        mark = found.data[: document.body_start(found.data)] or mark
        for piece in found.pieces:
            name = homes.get((id(found), piece.start), UNDATED) if piece.is_event else HEAD
            text = found.data[piece.start : piece.end]
            if name not in parts:
                # A comment at the top of a file would not belong to its event any more.
                parts[name] = [newline_of(found.data).encode()] if piece.is_event and text.lstrip()[:1] == b"#" else []
            parts[name].append(text)
    new = {name: mark + b"".join(texts) for name, texts in parts.items()} or {HEAD: mark}
    _prove(path, registry, loaded([Source(name, document.read(new[name])) for name in sorted(new)]))
    return new


def joined(path: Path) -> bytes:
    """The registry at a path as one file: what is no event, and then year after year."""
    registry = _read(path)
    out, mark = b"", b""
    for file, found in sorted(registry.sources, key=lambda source: Path(source.file).name != HEAD):
        _check(file, found)
        start = document.body_start(found.data)
        mark, text = found.data[:start] or mark, found.data[start:]
        newline = newline_of(found.data).encode()
        if out and text.strip():
            out += b"" if out.endswith(b"\n") else newline
            out += b"" if out.endswith((b"\n\n", b"\n\r\n")) else newline
        out += text
    _prove(path, registry, loaded([Source("", document.read(mark + out))]))
    return mark + out


def _read(path: Path) -> Registry:
    with files.locked(path):
        return load([(str(member.path), files.read(member.path).data) for member in files.members(path)])


def _check(file: str, found: Document) -> None:
    broken = next((piece.problem for piece in found.pieces if piece.problem), None)
    if broken:
        raise RegistryError(broken.at(file), hint="mend that first; nothing was changed")
    if found.locked:
        raise RegistryError(f"{file}: cannot be cut: {found.locked}", hint="write each event as an [[event]] block")


def _year(registry: Registry, id: str) -> str:
    start = registry.events[id].start
    return year_file(None if start is None else start.year)


def _prove(path: Path, old: Registry, new: Registry) -> None:
    """Raise RegistryError unless both say the same."""
    if old.events != new.events or old.header != new.header or len(old.problems) != len(new.problems):
        raise RegistryError(
            f"{path}: the events would not be the same; nothing was changed", hint="ilocal check names what is unusual"
        )
