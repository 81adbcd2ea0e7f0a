"""Interface of a file format: its options and its results."""

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
    """Options for writing, and the results that `dump` reports."""

    columns: tuple[str, ...] = ()  # of a table; empty: the format's own
    excel: bool = False  # CSV for a person's Excel: its mark, separator and line ends, people's columns and labels
    keep_formulas: bool = False  # no guard against cells that a spreadsheet would run
    registry_info: RegistryInfo = field(default_factory=RegistryInfo)  # of the registry that the events are from
    lang: str = "en"  # of headings
    language: str = ""  # of the registry: titles in a language other than `lang` are marked for people
    undated_as_span: bool = False  # write events known only to a month or a year as spans of days
    notes: list[str] = field(default_factory=list)  # what `dump` reports about its output, after its end
    omitted_count: int = 0  # events that `dump` left out, valid after its end


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options for reading."""

    today: date  # for dates such as "tomorrow"
    registry_info: RegistryInfo = field(default_factory=RegistryInfo)  # of the registry that the events are for
    columns: Mapping[str, str] = field(default_factory=dict)  # fields by the column names of this table
    usual_columns: Mapping[str, str] = field(default_factory=dict)  # the same, for columns that a table may have
    sheet: str = ""  # of a workbook, to be read alone
    date_order: str = ""  # of day and month in tables: `dmy`, `mdy`, or as their dates show
    encoding: str = ""  # of text; of the cells of a workbook, where old fonts showed them


@dataclass(frozen=True, slots=True)
class ImportedEvent:
    """An event as a file states it."""

    event: Event
    stated_fields: frozenset[str] | None = None  # fields that it states, even if empty; None: those with a value
    is_removal: bool = False  # the event is to be removed
    reduce_event: Callable[[Event], Event] | None = (
        None  # returns the part of an event that the file can express, if not all of it
    )
    text: str = ""  # source text, for reporting a later rejection
    # See `apply_amendment_from_file_format`; None: `event` is complete.
    amend: Callable[[Event | None], Event] | None = None
    is_outdated: Callable[[Event], bool] | None = None  # whether an event of the registry is in a newer state

    def apply_amendment_from_file_format(self, old: Event | None) -> Event:
        """Return the registry's event with the change in the file applied; without an event, the one to add.

        Raises InvalidEventError for a change that cannot be applied.
        """
        return self.event if self.amend is None else self.amend(old)


class Format(Protocol):
    """A module of this folder. It has `dump`, or `load`, or both; it opens no files and does not use the terminal.

    A format that is not text, or that states its own encoding, has `dump_bytes`, `load_bytes` and `detect_bytes`
    instead of `dump`, `load` and `detect_format`, with the same meaning.

    To add a format, add such a module and its test: the options, the suffixes and the help find it here.
    """

    suffixes: tuple[str, ...]
    """Endings of file names that are in this format, with the dot; the first is the usual one."""

    read_suffixes: tuple[str, ...]
    """Further endings, of files that it reads and never writes. May be absent."""

    write_choices: tuple[str, ...]
    """Which of `columns`, `excel`, `keep_formulas` and `undated_as_span` of the options `dump` follows. May be absent.
    """

    supports_recurrence: bool
    """Whether it can say that an event recurs: then it is given whole series, and not each occurrence. May be absent.
    """

    supports_occurrences: bool
    """Whether it can say as well that an event is one occurrence of a series. May be absent."""

    needs_occurrences: bool
    """Whether whoever reads it must be told each occurrence, as there is no rule in it. May be absent."""

    def dump(self, events: Iterable[Event], options: WriteOptions) -> Iterator[str]:
        """Yield the events as text, in parts, without control characters other than line ends and tabs.

        Events are consumed one by one.
        """

    def load(self, text: str, options: ReadOptions) -> Iterator[Event | ImportedEvent | Diagnostic]:
        """Yield the events in `text`, each with its `source_line`, and a Diagnostic for each error or warning.

        Yields an ImportedEvent if the file also states that fields are empty; an Event states nothing about absent
        fields. Raises UsageError (`line N: …`) if the text as a whole is not in this format. `load` reads what `dump`
        wrote as equal events.
        """

    def detect_format(self, text: str) -> bool:
        """Return whether `text` looks like this format; a format without this function is never detected."""

    def dump_bytes(self, events: Iterable[Event], options: WriteOptions) -> Iterator[bytes]:
        """Yield the events as bytes, in parts. The same events give the same bytes."""

    def load_bytes(self, data: bytes, options: ReadOptions) -> Iterator[Event | ImportedEvent | Diagnostic]:
        """Yield the events in `data`; otherwise as `load`."""

    def detect_bytes(self, data: bytes) -> bool:
        """Return whether `data` looks like this format."""
