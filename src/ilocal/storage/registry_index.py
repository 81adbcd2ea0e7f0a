"""What a transaction asks of an index of the registry, whichever index that is."""

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
    """Where the block of an event stands: its file, its first byte and the one behind its last, its digest."""

    file: str  # the file's name in the registry; "" where the registry is one file
    start: int
    end: int
    digest: bytes


class RegistryIndex(Protocol):
    """The answers that plain reading of a registry's files gives; errors are those of reading, too.

    Files go by their names in the registry. What an index answers is of one moment, whatever others write meanwhile.
    """

    @property
    def path(self) -> Path:
        """Return the path of the registry, a file or a folder."""

    @property
    def file_states(self) -> Mapping[str, str]:
        """Return the state of each file when it was read (`FileState.text`), "" where that is not known."""

    @property
    def was_stale(self) -> bool:
        """Return whether the text may be another one than when it was last read."""

    def is_current(self) -> bool:
        """Return whether the files are still as they were read. Raises RegistryError."""

    def get(self, id: str) -> Event | None:
        """Return the event with exactly this id; None where there is none."""

    def find_by_title(self, title: str) -> Sequence[Event]:
        """Return the events with this title, case and accents apart, in the order of the text."""

    def find_by_uid(self, uid: str) -> Sequence[Event]:
        """Return the events that have this UID written down."""

    def is_id_taken(self, id: str) -> bool:
        """Return whether an event has this id, be it one that cannot be read."""

    def find_location(self, id: str) -> BlockLocation | None:
        """Return where the event with this id stands; None where there is none."""

    def find_write_blocker(self, file: str) -> tuple[str, Diagnostic | None]:
        """Return why a file must not be written: a reason, else "", and the first thing in it that is not TOML."""

    def find_changed_region(self, file: str, data: bytes) -> ChangedRegion | None:
        """Return where a new text of a file is not as the index has it; None where it is the same.

        Raises TomlSyntaxError for what is not UTF-8.
        """

    def list_blocks_in_region(self, file: str, region: ChangedRegion) -> Sequence[BlockLocation]:
        """Return the events that stood in a region of a file, readable or not, from above to below."""

    def list_text_outside_events(self, file: str) -> Sequence[tuple[int, bytes]]:
        """Return the stretches of a file that are no events, each with its first byte."""

    def retry_after_damage(self, action: Callable[[], ResultT]) -> ResultT:
        """Return what `action` returns; where the index turns out to be damaged, what it returns with a new one."""
