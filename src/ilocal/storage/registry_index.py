"""Interface of the index that a transaction needs, implemented in memory and in SQLite."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:  # types alone: a question to the index loads this module, and needs no parser
    from pathlib import Path

    from ilocal.errors import Diagnostic
    from ilocal.model.event import Event
    from ilocal.storage.changes.text_delta import ChangedRegion

ResultT = TypeVar("ResultT")


class BlockLocation(NamedTuple):
    """The location of an event's block: its file, start and end in bytes, and digest."""

    file: str  # the file's name in the registry; "" where the registry is one file
    start: int
    end: int
    digest: bytes


class RegistryIndex(Protocol):
    """Answers about a registry, equal to those of parsing its files; raises the same errors.

    Files are given by their names in the registry. All answers are about one moment, whatever other processes write.
    """

    @property
    def path(self) -> Path:
        """Return the path of the registry, a file or a folder."""

    @property
    def file_states(self) -> Mapping[str, str]:
        """Return the state of each file when it was read (`FileState.text`), "" if unknown."""

    @property
    def was_stale(self) -> bool:
        """Return whether the text may have changed since it was last read."""

    def is_current(self) -> bool:
        """Return whether the files are still as they were read. Raises RegistryError."""

    def get(self, id: str) -> Event | None:
        """Return the event with exactly this id; None if there is none."""

    def find_by_title(self, title: str) -> Sequence[Event]:
        """Return the events with this title, ignoring case and accents, in text order."""

    def find_by_uid(self, uid: str) -> Sequence[Event]:
        """Return the events with this UID in their text."""

    def is_id_taken(self, id: str) -> bool:
        """Return whether an event has this id, be it one that cannot be read."""

    def find_location(self, id: str) -> BlockLocation | None:
        """Return the location of the event with this id; None if there is none."""

    def find_write_blocker(self, file: str) -> tuple[str, Diagnostic | None]:
        """Return why a file must not be written, "" if nothing prevents it, and its first TOML error."""

    def find_changed_region(self, file: str, data: bytes) -> ChangedRegion | None:
        """Return the region in which a new text of a file differs from the index; None if it is the same.

        Raises TomlSyntaxError if it is not UTF-8.
        """

    def list_blocks_in_region(self, file: str, region: ChangedRegion) -> Sequence[BlockLocation]:
        """Return the events that stood in a region of a file, readable or not, from above to below."""

    def list_text_outside_events(self, file: str) -> Sequence[tuple[int, bytes]]:
        """Return the parts of a file outside its events, each with the offset of its first byte."""

    def retry_after_damage(self, action: Callable[[], ResultT]) -> ResultT:
        """Return `action()`; if the index turns out to be corrupt, rebuild it and retry once."""
