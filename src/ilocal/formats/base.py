"""The promise of a file format: its options and the events it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from ilocal.errors import Diagnostic
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo


@dataclass(slots=True)
class WriteOptions:
    """How to write, for those formats that leave a choice; and what `dump` has to say of it."""

    columns: tuple[str, ...] = ()  # of a table; empty: the format's own
    excel: bool = False  # CSV for a person's Excel: its mark, separator and line ends, people's columns and labels
    keep_formulas: bool = False  # no guard against cells that a spreadsheet would run
    registry_info: RegistryInfo = field(default_factory=RegistryInfo)  # of the registry that the events are from
    lang: str = "en"  # of headings
    language: str = ""  # of the registry: what is in another than `lang`, and not translated, is marked for people
    undated_as_span: bool = False  # events known to a month or a year, where there must be days
    notes: list[str] = field(default_factory=list)  # what `dump` has to say about what it wrote, after its end
    omitted_count: int = 0  # events that `dump` did not write, known after its end


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a reader must be told."""

    today: date  # for dates such as "tomorrow"
    registry_info: RegistryInfo = field(default_factory=RegistryInfo)  # of the registry that the events are for
    columns: Mapping[str, str] = field(default_factory=dict)  # fields by what columns of a table are called here
    usual_columns: Mapping[str, str] = field(default_factory=dict)  # the same, where a table has such columns
    sheet: str = ""  # of a workbook, to be read alone
    encoding: str = ""  # of text; of the cells of a workbook, where old fonts showed them


@dataclass(frozen=True, slots=True)
class ImportedEvent:
    """An event as a file says it."""

    event: Event
    stated_fields: frozenset[str] | None = None  # fields that it says, also where they are empty; None: those it has
    is_removal: bool = False  # the event is to be removed
    reduce_event: Callable[[Event], Event] | None = (
        None  # what the file would say of an event, where that is not all of it
    )
    text: str = ""  # as it stands in the file, for what is rejected later
    # See `apply_amendment_from_file_format`; None: `event` is all that the file says.
    amend: Callable[[Event | None], Event] | None = None
    is_outdated: Callable[[Event], bool] | None = None  # whether an event of the registry is in a newer state

    def apply_amendment_from_file_format(self, old: Event | None) -> Event:
        """Return the registry's event with the change that the file has of it; without one, what is to be added.

        Raises InvalidEventError for a change that cannot be taken.
        """
        return self.event if self.amend is None else self.amend(old)


class Format(Protocol):
    """A module of this folder. It has `dump`, or `load`, or both; it opens no file and knows no terminal.

    A format that is not text, or that says its encoding itself, has `dump_bytes`, `load_bytes` and `detect_bytes` in
    the place of `dump`, `load` and `detect_format`; they mean the same.

    To add a format, add such a module and its test: the options, the suffixes and the help find it here.
    """

    suffixes: tuple[str, ...]
    """Endings of file names that are in this format, with the dot; the first is the usual one."""

    read_suffixes: tuple[str, ...]
    """Further endings, of files that it reads and never writes. May be absent."""

    supports_recurrence: bool
    """Whether it can say that an event recurs: then it is given whole series, and not each occurrence. May be absent.
    """

    supports_occurrences: bool
    """Whether it can say as well that an event is one occurrence of a series. May be absent."""

    needs_occurrences: bool
    """Whether whoever reads it must be told each occurrence, as there is no rule in it. May be absent."""

    def dump(self, events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
        """The events as text, in pieces, with no control character but line ends and tabs. Takes events one by one."""

    def load(self, text: str, options: ReadOptions) -> Iterator[Event | ImportedEvent | Diagnostic]:
        """The events in `text`, each with its `source_line`, and a Problem for whatever is not an event or is doubtful.

        An Entry where an absent field means that there is none; an Event says nothing about the fields it has not.

        Raises UsageError (`line N: …`) where the text as a whole is not of this format. What `dump` wrote, `load` reads
        back as equal events.
        """

    def detect_format(self, text: str) -> bool:
        """Whether `text` looks like this format; a module that has no such function is never guessed."""

    def dump_bytes(self, events: Iterable[Event], options: WriteOptions) -> Iterator[bytes]:
        """The events as bytes, in pieces. The same events give the same bytes."""

    def load_bytes(self, data: bytes, options: ReadOptions) -> Iterator[Event | ImportedEvent | Diagnostic]:
        """The events in `data`; for the rest see `load`."""

    def detect_bytes(self, data: bytes) -> bool:
        """Whether `data` looks like this format."""
