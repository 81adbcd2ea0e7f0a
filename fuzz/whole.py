"""The application. Laws: an updated index matches the text; an import can be read back, once and twice.

The input is a registry, a later version of it, and a file to import, separated by NUL bytes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fuzz import csv, ics, page, registry
from fuzz.common import loaded, same, text_of
from ilocal import formats
from ilocal.errors import Diagnostic, IlocalError, RegistryError
from ilocal.formats.base import ImportedEvent
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.storage.loader import load_registry
from ilocal.sync.matching import ImportResult, import_entries
from ilocal.sync.row_operations import ImportLog
from ilocal.workspace import Registry

WORDS = (*registry.WORDS, "\0", "1. A\n\n2020/02/20\n", "title,start\n", "BEGIN:VCALENDAR\n", "BEGIN:VEVENT\n")
NOW = datetime(2020, 2, 20, 8, tzinfo=UTC)
_SHM = Path("/dev/shm")  # where saving is cheap


def seeds() -> Iterator[bytes]:
    """Yield a registry of the tests with each of their files, and each broken text next to a whole one."""
    four, *others = registry.seeds()
    for data in (*csv.seeds(), *ics.seeds(), *list(page.seeds())[:4]):
        yield four + b"\0" + four + b"\0" + data
    for data in others:
        yield four + b"\0" + data + b"\0"
        yield data + b"\0" + four + data + b"\0title\nx\n"


def check(data: bytes) -> None:
    """Check the laws through the files of a folder, as the commands use them."""
    old, _, rest = data.partition(b"\0")
    new, _, more = rest.partition(b"\0")
    with tempfile.TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        path = Path(folder) / "events.toml"
        for text in dict.fromkeys((old, new)):
            path.write_bytes(text)
            same(_told(path), _meant(path, text))
        _check_import(path, more)


def _told(path: Path) -> object:
    workspace = Registry(path)
    try:
        events = list(workspace._index.iterate_rows_matching_query(Query(sort="id")))
        problems = [(one.format_with_file("f"), one.severity) for one in workspace.diagnostics]
        return list(map(_whole, events)), problems, workspace.info
    except RegistryError as error:
        return error.message
    finally:
        workspace.close()


def _meant(path: Path, data: bytes) -> object:
    try:
        found = load_registry([(str(path), data)])
    except RegistryError as error:
        return error.message
    events = sorted(found.events.values(), key=lambda event: event.id)
    return (
        list(map(_whole, events)),
        [(one.format_with_file("f"), one.severity) for one in found.diagnostics],
        found.info,
    )


def _whole(event: Event) -> str:
    """Return a comparable form of an event: nan equals nan, 1 differs from True, and unknown keys have no order."""
    return repr(replace(event, extra={})) + repr(sorted(event.extra.items()))


def _check_import(path: Path, data: bytes) -> None:
    text = text_of(data)
    if not text:
        return
    found = loaded(formats.find_format_by_content(text), text)
    entries = [
        item if isinstance(item, ImportedEvent) else ImportedEvent(item)
        for item in found
        if not isinstance(item, Diagnostic)
    ]
    before = path.read_bytes()
    try:
        results = _imported(path, entries)
    except IlocalError:
        assert path.read_bytes() == before, "refused, and something was written"
        return
    after = path.read_bytes()
    for outcome, event, _ in results:
        if outcome == "new":
            kept = Registry(path).find(event.id)
            same(kept, event)
    with suppress(IlocalError):
        again = [outcome for outcome, _, _ in _imported(path, entries)]
        assert "new" not in again, f"the second time: {again}"
        assert path.read_bytes() == after, "the second time something was written"


def _imported(path: Path, entries: list[ImportedEvent]) -> list[ImportResult]:
    with Registry(path).transaction() as draft:
        return list(import_entries(draft, entries, NOW, update=False, log=ImportLog()))
