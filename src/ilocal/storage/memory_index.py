"""In-memory index of a registry that is read completely: answers a transaction without a database.

It is the simplest correct index; the one in SQLite gives the same answers faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.text_folding import fold_text
from ilocal.storage import files
from ilocal.storage.changes.text_delta import ChangedRegion, Segment
from ilocal.storage.files import FileSnapshot
from ilocal.storage.loader import ParsedFile, collect_ids_in_document, join_parsed_files
from ilocal.storage.registry_index import BlockLocation, ResultT
from ilocal.storage.toml.document import (
    Document,
    TomlSyntaxError,
    compute_toml_block_digest,
    parse_document,
    split_blocks,
)


class MemoryIndex:
    """A `RegistryIndex` of texts in memory. Raises RegistryError if one of them is not a registry."""

    def __init__(self, path: Path, snapshots: Mapping[str, FileSnapshot]) -> None:
        self.path = path
        self.was_stale = True  # no earlier state is known
        self.file_states = {name: snapshot.state.text for name, snapshot in snapshots.items()}
        self._documents = {
            name: _parse_registry_file(_name_file_in_messages(path, name), snapshot.data)
            for name, snapshot in snapshots.items()
        }
        self._registry = join_parsed_files(
            [ParsedFile(_name_file_in_messages(path, name), document) for name, document in self._documents.items()]
        )

    @classmethod
    def load(cls, path: Path, snapshots: Mapping[str, FileSnapshot] | None = None) -> MemoryIndex:
        """Return the index of the registry at a path, as its files are now, or as they are in `snapshots`.

        Raises RegistryError where the registry cannot be read.
        """
        return cls(
            path,
            {
                file.name: (snapshots or {}).get(file.name) or files.read_file(file.path)
                for file in files.list_registry_files(path)
            },
        )

    def is_current(self) -> bool:
        """Return whether the files are still as they were read. Raises RegistryError."""
        return self.file_states == files.read_file_states(self.path)

    def get(self, id: str) -> Event | None:
        """Return the event with exactly this id; None if there is none."""
        return self._registry.events.get(id)

    def find_by_title(self, title: str) -> list[Event]:
        """Return the events with this title, ignoring case and accents, in text order."""
        return self._events_by_title.get(fold_text(title), [])

    @cached_property
    def _events_by_title(self) -> dict[str, list[Event]]:
        return _group_events_of_loaded_files(self._registry.events.values(), lambda event: fold_text(event.title))

    def find_by_uid(self, uid: str) -> list[Event]:
        """Return the events with this UID in their text."""
        return self._events_by_uid.get(uid, [])

    @cached_property
    def _events_by_uid(self) -> dict[str, list[Event]]:
        return _group_events_of_loaded_files(self._registry.events.values(), lambda event: event.uid)

    def is_id_taken(self, id: str) -> bool:
        """Return whether an event has this id, be it one that cannot be read."""
        return id in self._registry.events or id in self._ids_in_text

    @cached_property
    def _ids_in_text(self) -> set[str]:
        return {id for document in self._documents.values() for id in collect_ids_in_document(document)}

    def find_location(self, id: str) -> BlockLocation | None:
        """Return the location of the event with this id; None if there is none."""
        location = self._registry.locations.get(id)
        if location is None:
            return None
        (name,) = (name for name, document in self._documents.items() if document is location.document)
        return BlockLocation(name, location.block.start, location.block.end, location.block.digest)

    def find_write_blocker(self, file: str) -> tuple[str, Diagnostic | None]:
        """Return why a file must not be written, "" if nothing prevents it, and its first TOML error."""
        document = self._documents[file]
        found = [
            replace(problem, file=_name_file_in_messages(self.path, file))
            for block in document.blocks
            for problem in block.diagnostics
        ]
        return _(document.read_only_reason), min(found, key=lambda diagnostic: diagnostic.line, default=None)

    def find_changed_region(self, file: str, data: bytes) -> ChangedRegion | None:
        """Return the whole new text of a file as changed; None if it is the same. Raises TomlSyntaxError."""
        old = self._documents[file].data
        if data == old:
            return None
        segment = Segment(0, 0, len(old), 1, old.count(b"\n"), compute_toml_block_digest(old))
        return ChangedRegion(data, 0, len(data), 1, (segment,), list(split_blocks(data)))

    def list_blocks_in_region(self, file: str, region: ChangedRegion) -> list[BlockLocation]:
        """Return the events of a file, readable or not: a region is all of it."""
        return [
            BlockLocation(file, block.start, block.end, block.digest)
            for block in self._documents[file].blocks
            if block.is_event
        ]

    def list_text_outside_events(self, file: str) -> list[tuple[int, bytes]]:
        """Return the parts of a file outside its events, each with the offset of its first byte."""
        document = self._documents[file]
        return [
            (block.start, document.data[block.start : block.end]) for block in document.blocks if not block.is_event
        ]

    def retry_after_damage(self, action: Callable[[], ResultT]) -> ResultT:
        """Return `action()`: this index is not stored, so it cannot be corrupt."""
        return action()


def _name_file_in_messages(path: Path, file: str) -> str:
    return str(path / file) if file else str(path)


def _parse_registry_file(name: str, data: bytes) -> Document:
    try:
        return parse_document(data)
    except TomlSyntaxError as error:
        raise error.as_registry_error(name) from None


def _group_events_of_loaded_files(events: Iterable[Event], get_key: Callable[[Event], str]) -> dict[str, list[Event]]:
    """Return the events by a key that each has, in their order."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(get_key(event), []).append(event)
    return found
