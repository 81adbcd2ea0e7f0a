"""Where and how an answer is written: format, columns, pager, file or chart."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Optional, TextIO

import typer

from ilocal import progress
from ilocal.cli.session import Session
from ilocal.errors import IlocalError, UsageError
from ilocal.i18n.messages import _, current_language, n_
from ilocal.model.describe import ListOptions
from ilocal.model.event import Event
from ilocal.model.fields import resolve_event_field_or_dates
from ilocal.model.query import Query
from ilocal.model.safe_text import escape_json, make_text_safe
from ilocal.terminal.status import print_diagnostics_on_terminal, print_status, print_warning, write_stderr

if TYPE_CHECKING:
    from ilocal.model.search_terms import SearchTerm
    from ilocal.terminal.console import SafeConsole
    from ilocal.terminal.pager import PagedStdout


def warn_about_name_typos(session: Session, events: Sequence[Event], fields: Sequence[str] | None = None) -> None:
    """Warn about names in saved events that are spelled almost like more frequent ones.

    `fields` limits the fields to check; None means all fields with names.
    """
    from ilocal.model.similar_names import NAME_FIELDS, find_most_similar_name

    with suppress(IlocalError):  # the change itself is complete
        for slip in session.registry.find_typos(events, NAME_FIELDS if fields is None else fields):
            print_warning(f"{slip.field}: {find_most_similar_name(slip.name, slip.intended_name)}")


@dataclass
class OutputOptions:
    """The output options of list, upcoming, search, show and export."""

    format: Annotated[
        Optional[str],
        typer.Option(
            "-f", "--format", metavar="FORMAT", help="Output format: table, csv, xlsx, json, toml, ics, md, page, …"
        ),
    ] = None
    output: Annotated[
        Optional[Path],
        typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; its extension determines the format."),
    ] = None
    columns: Annotated[
        Optional[str],
        typer.Option("--columns", metavar="A,B,…", help="Columns to write in a table, CSV file or workbook."),
    ] = None
    template: Annotated[
        Optional[str],
        typer.Option("--template", metavar="TEXT", help="Write each event on one line, as in '{start:%d/%m} {title}'."),
    ] = None
    excel: Annotated[bool, typer.Option("--excel", help="Write CSV for Excel, with column labels.")] = False
    raw: Annotated[bool, typer.Option("--raw", help="Write CSV and TSV without escaping formulas.")] = False
    undated_as_span: Annotated[
        bool,
        typer.Option(
            "--undated-as-span",
            help="In calendar files, write events without an exact day as lasting the whole month or year.",
        ),
    ] = False


def print_command_event_changes(session: Session, changes: Iterable[tuple[Event, Event | None]]) -> None:
    """Print each event's change, field by field, to stderr; None as the new event means that it is removed."""
    from ilocal.terminal.event_diff import format_event_diff

    for before, after in changes:
        for line in format_event_diff(before, after, color=session.uses_color):
            write_stderr(line + "\n")


def parse_columns_option(text: str | None) -> tuple[str, ...]:
    """Return the columns in `title,when` as fields; `when` is both dates as shown in a table. Raises UsageError."""
    names = [name.strip() for name in (text or "").split(",")] if text is not None else []
    return tuple(map(resolve_event_field_or_dates, names))


def choose_output_format(out: OutputOptions) -> Any | None:
    """Return the module of the requested format; None for a table.

    Raises UsageError, also for an option that has no effect in that format.
    """
    module = _choose_output_module(out)
    _refuse_options_without_effect(module, out)
    return module


def _refuse_options_without_effect(module: Any | None, out: OutputOptions) -> None:
    given = {
        "columns": ("--columns", out.columns is not None),
        "excel": ("--excel", out.excel),
        "keep_formulas": ("--raw", out.raw),
        "undated_as_span": ("--undated-as-span", out.undated_as_span),
    }
    followed = ("columns",) if module is None else getattr(module, "write_choices", ())
    for choice, (option, is_given) in given.items():
        if is_given and choice not in followed:
            from ilocal import formats

            name = "table" if module is None else formats.name_format_module(module)
            known = ["table"] * (choice == "columns") + formats.list_formats_with_choice(choice)
            hint = _("remove this option, or use -f {names}", names="|".join(known))
            if choice == "excel" and name in ("google-csv", "outlook-csv"):
                hint = _("leave it out: a calendar imports this format; for Excel: -f csv --excel, or -f xlsx")
            raise UsageError(_("{option} cannot be used with the format {name}", option=option, name=name), hint=hint)


def _choose_output_module(out: OutputOptions) -> Any | None:
    if out.template is not None:
        if out.format is not None:
            raise UsageError(
                _("--template and -f {name} cannot be used together", name=make_text_safe(out.format)),
                hint=_("use only one of these options"),
            )
        from ilocal.formats._template import TemplateFormat

        return TemplateFormat(out.template)
    if out.excel and out.format is None and (out.output is None or out.output.suffix.lower() in ("", ".txt")):
        out = replace(out, format="csv")  # the only format that --excel applies to
    if out.format == "table" or (out.format is None and out.output is None):
        return None
    from ilocal import formats

    if out.format is not None:
        return formats.get_writable_format(out.format)
    assert out.output is not None
    if str(out.output) in ("-", "/dev/stdout"):
        return None
    module = formats.find_format_by_suffix(out.output, "dump")
    if module is None:
        said = _('{path}: no output format has the extension "{suffix}"', path=out.output, suffix=out.output.suffix)
        if not out.output.suffix:
            said = _("{path}: the name has no suffix that says the format", path=out.output)
        raise UsageError(
            said,
            hint=_("specify a format with -f: {names}", names=", ".join(["table", *formats.list_writable_formats()])),
        )
    return module


def adapt_query_to_output_format(
    session: Session, query: Query, out: OutputOptions, *, are_occurrences_asked: bool
) -> Query:
    """Return the query adapted to what the requested format can express, and for tables to the config.

    Raises UsageError if occurrences are requested and the format only has whole series.
    """
    module = choose_output_format(out)
    if module is None:
        each = are_occurrences_asked or session.resolve_setting("occurrences").value
    else:
        each = are_occurrences_asked or getattr(module, "needs_occurrences", False)
        if are_occurrences_asked and not can_option_list_occurrences(module):
            raise UsageError(
                _("--occurrences cannot be used with this format, which writes each series as one event"),
                hint=_("remove --occurrences, or use -f json or -f csv"),
            )
    return replace(query, representative_day=None) if each else query


def can_option_list_occurrences(module: Any) -> bool:
    """Return whether a format can have single occurrences of a series."""
    return getattr(module, "supports_occurrences", False) or not getattr(module, "supports_recurrence", False)


def get_whole_series_for_command(events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events, with each series as written instead of its representative occurrence."""
    return (event.series.event if event.series else event for event in events)


def choose_list_options(session: Session, query: Query, terms: tuple[SearchTerm, ...] = ()) -> ListOptions:
    """Return how the results of a query are listed: by month, with those that began before its dates apart."""
    window = query.occurrence_window
    has_start = query.overlapping and window is not None and window.first > date.min
    return ListOptions(
        session.lang,
        has_month_headings=query.sort == "date",
        terms=terms,
        span_start=window.first if has_start and window is not None else None,
    )


def adapt_to_tables(session: Session, options: ListOptions) -> ListOptions:
    """Return the options of a table: with frames if the settings say so, and marks on events of today."""
    return replace(
        options,
        running_date=options.running_date or session.today,
        has_frames=session.resolve_setting("table").value == "box",
    )


class OutputCounts(NamedTuple):
    """The number of events found, and of those that the format could express."""

    found_count: int
    written_count: int


def output_events(
    session: Session, events: Iterable[Event], out: OutputOptions, options: ListOptions, *, is_next_wanted: bool = False
) -> OutputCounts:
    """Show the events as the options request, and return their counts.

    A series is written whole if the format has recurrence; with `is_next_wanted`, only if it has no single occurrences.
    """
    module = choose_output_format(out)
    left_out = 0
    if out.output is not None:
        refuse_registry_as_output(session, out.output)
    columns = parse_columns_option(out.columns)
    if module is None and not columns:  # the config does not affect output for programs
        columns = tuple(session.resolve_setting("columns").value)
    counted = _CountingIterator(events, shows_progress=out.output is not None or _is_command_output_to_file(sys.stdout))
    options = replace(options, columns=columns, language=session.registry_language)
    if module is not None:
        written: Iterable[Event] = counted
        if getattr(module, "supports_recurrence", False) and not (
            is_next_wanted and can_option_list_occurrences(module)
        ):
            written = get_whole_series_for_command(counted)
        left_out = _write_in_format(session, module, written, out, columns)
    elif out.output is not None or not session.uses_tables:
        from ilocal.terminal.plain_text import draw_plain_event_list

        write_command_output(draw_plain_event_list(counted, options), out.output)
    else:
        with page_command_output(session) as pager:
            from ilocal.terminal import tables

            tables.draw_event_tables(counted, adapt_to_tables(session, options), create_console_for_session(session))
        if counted.passed_count and not (pager and pager.is_quit):  # or not all of them were counted
            from ilocal.i18n.labels import translate_event_count

            print_status(translate_event_count(counted.passed_count, current_language()))
    print_diagnostics_on_terminal(session.registry.diagnostics, session.registry.display_name)
    return OutputCounts(counted.passed_count, counted.passed_count - left_out)


def _write_in_format(
    session: Session, module: Any, events: Iterable[Event], out: OutputOptions, columns: tuple[str, ...]
) -> int:
    """Write the events in a format, as text, through the pager, or as bytes.

    Print its notes, and return how many events it left out.
    """
    from ilocal.formats.base import WriteOptions

    writing = WriteOptions(
        columns,
        out.excel,
        out.raw,
        session.registry.info,
        session.lang,
        session.registry_language,
        undated_as_span=out.undated_as_span,
    )
    if hasattr(module, "dump_bytes"):
        write_command_bytes(module.dump_bytes(events, writing), out.output)
    else:
        with page_command_output(session):
            write_command_output(module.dump(events, writing), out.output)
    for note in writing.notes:
        print_status(note)
    return writing.omitted_count


def refuse_registry_as_output(session: Session, path: Path) -> None:
    """Raise UsageError where a file to be written is the registry itself, or would be a part of it."""
    for registry in session.paths:
        _refuse_registry_path_as_output(registry, path)


def _refuse_registry_path_as_output(registry: Path, path: Path) -> None:
    if path.suffix == ".toml" and registry.is_dir() and path.resolve().parent == registry.resolve():
        raise UsageError(
            _("{path}: a .toml file in the registry's folder would become part of the registry", path=path),
            hint=_("use a path outside the registry's folder"),
        )
    from ilocal.storage.files import list_registry_files

    for member in list_registry_files(registry) if path.exists() and registry.exists() else ():
        if member.path.exists() and path.samefile(member.path):
            raise UsageError(
                _("{path}: this is the registry itself; nothing was changed", path=path), hint=_("use another file")
            )


class _CountingIterator:
    """Events counted as they pass."""

    def __init__(self, events: Iterable[Event], *, shows_progress: bool) -> None:
        """Initialize for events; with `shows_progress`, the user sees how many have passed."""
        self._events, self._shows_progress = events, shows_progress
        self.passed_count = 0

    def __iter__(self) -> Iterator[Event]:
        with progress.track_progress(_format_writing_progress) if self._shows_progress else nullcontext(None) as task:
            for event in task.iterate(self._events) if task else self._events:
                self.passed_count += 1
                yield event


def _format_writing_progress(done: int) -> str:
    return n_("Writing {n} event …", "Writing {n} events …", done)


def _is_command_output_to_file(stream: TextIO) -> bool:
    """Return whether a stream is a regular file, whose content is not being watched."""
    with suppress(OSError, ValueError):
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    return False


def create_console_for_session(session: Session, file: TextIO | None = None) -> SafeConsole:
    """Return a console for the terminal, in the user's colours; or for a file that takes the output."""
    from ilocal.terminal import console

    return console.create_console(session.uses_color, styles=session.styles, file=file)


def page_command_output(session: Session) -> AbstractContextManager[PagedStdout | None]:
    """Send output of the block through the user's pager if it is longer than the screen.

    A console must also be created inside the block. Quitting the pager ends the block; yields None if there is no
    pager.
    """
    if session.pager_command not in ("", "cat") and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        with suppress(OSError, ValueError):
            height = os.get_terminal_size(sys.stdout.fileno()).lines
            from ilocal.terminal.pager import page_stdout as through

            return through(session.pager_command, height)
    return nullcontext()


def format_command_json(value: object) -> str:
    """Return a value as indented JSON, with what could control a terminal escaped."""
    import json

    return escape_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def write_command_output(chunks: Iterable[str], path: Path | None = None) -> None:
    """Write text to stdout, or to a file, whole or not at all."""
    if path is None or str(path) in ("-", "/dev/stdout"):
        sys.stdout.writelines(chunks)
        sys.stdout.flush()  # write errors are detected before the command ends
    else:
        from ilocal.storage.atomic_write import write_file_atomically

        write_file_atomically(path, chunks)


def write_command_bytes(chunks: Iterable[bytes], path: Path | None = None) -> None:
    """Write binary output to a file atomically, or to a pipe. Raises UsageError for a terminal."""
    if path is not None and str(path) not in ("-", "/dev/stdout"):
        from ilocal.storage.atomic_write import write_file_atomically

        write_file_atomically(path, chunks)
        return
    if sys.stdout.isatty():
        raise UsageError(_("this format cannot be shown in a terminal"), hint=_("to write to a file, add -o FILE"))
    sys.stdout.flush()
    sys.stdout.buffer.writelines(chunks)
    sys.stdout.buffer.flush()
