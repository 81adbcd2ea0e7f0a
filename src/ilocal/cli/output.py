"""Where and how an answer is written: format, columns, pager, file or chart."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Optional, TextIO

import typer

from ilocal import progress
from ilocal.cli.session import Session
from ilocal.errors import IlocalError, UsageError
from ilocal.i18n.labels import count
from ilocal.i18n.messages import _, n_
from ilocal.model.describe import Listing
from ilocal.model.event import Event
from ilocal.model.fields import field_named
from ilocal.model.query import Query
from ilocal.model.similar_names import FIELDS, likeness
from ilocal.terminal.plain_text import listing as lines_of
from ilocal.terminal.status import caution, say, warn

if TYPE_CHECKING:
    from ilocal.terminal.console import Screen
    from ilocal.terminal.pager import Paged


import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Optional

import typer

from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import safe
from ilocal.terminal.capabilities import columns, signs_are_plain
from ilocal.terminal.status import warn
from ilocal.terminal.styled_text import Line, Look, plainer, printed


def warn_of_names(session: Session, events: Sequence[Event], fields: Sequence[str] = FIELDS) -> None:
    """Say which names of events that were just saved are spelled almost like names that more events have."""
    with suppress(IlocalError):  # what was to be done is done
        for slip in session.workspace.slips(events, fields):
            caution(f"{slip.field}: {likeness(slip.name, slip.other)}")


@dataclass
class Output:
    """The output options of list, upcoming, search, show and export."""

    format: Annotated[
        Optional[str],
        typer.Option("-f", "--format", metavar="FORMAT", help="table, csv, json, toml, ics, md, page, …"),
    ] = None
    output: Annotated[
        Optional[Path],
        typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; its suffix says the format."),
    ] = None
    columns: Annotated[
        Optional[str], typer.Option("--columns", metavar="A,B,…", help="These columns of a table, CSV or TSV.")
    ] = None
    excel: Annotated[bool, typer.Option("--excel", help="CSV as Excel wants it, with a byte-order mark.")] = False
    raw: Annotated[bool, typer.Option("--raw", help="CSV and TSV without the guard against formulas.")] = False
    undated_as_span: Annotated[
        bool, typer.Option("--undated-as-span", help="In calendars, events known to a month or a year as all of it.")
    ] = False


def columns_of(text: str | None) -> tuple[str, ...]:
    """`title,when` as names of fields; `when` is both dates as a table shows them. Raises UsageError."""
    names = [name.strip() for name in (text or "").split(",")] if text is not None else []
    return tuple(name if name in ("when", "extra") else field_named(name) for name in names)


def format_of(out: Output) -> Any | None:
    """The module of the format asked for; None for a table. Raises UsageError."""
    if out.format == "table" or (out.format is None and out.output is None):
        return None
    from ilocal import formats

    if out.format is not None:
        return formats.for_writing(out.format)
    assert out.output is not None
    if out.output.suffix.lower() in ("", ".txt"):
        return None
    module = formats.by_suffix(out.output, "dump")
    if module is None:
        raise UsageError(
            _('{path}: no format is written to "{suffix}" files', path=out.output, suffix=out.output.suffix),
            hint=_("name one with -f: {names}", names=", ".join(["table", *formats.writable()])),
        )
    return module


def asked_for(query: Query, out: Output) -> Query:
    """The question, as the format asked for can say its answer: whole series, where it has a way to say them."""
    return replace(query, once=True) if getattr(format_of(out), "series", False) else query


class Answered(NamedTuple):
    """How many events an answer was about, and how many of them its format could say."""

    found: int
    written: int


def answer(session: Session, events: Iterable[Event], out: Output, how: Listing) -> Answered:
    """Show the events as the options say."""
    module = format_of(out)
    left_out = 0
    if out.output is not None:
        keep_registry(session, out.output)
    columns = columns_of(out.columns)
    if module is None and not columns:  # what programs read is as they ask for it, whoever's config is there
        columns = tuple(session.setting("columns").value)
    counted = _Counted(events, is_told=out.output is not None or _is_file(sys.stdout))
    how = replace(how, columns=columns, language=session.language)
    if module is not None:
        from ilocal.formats.base import Writing

        header = session.workspace.header
        writing = Writing(
            columns, out.excel, out.raw, header, session.lang, session.language, undated_as_span=out.undated_as_span
        )
        with paged(session):
            write(module.dump(counted, writing), out.output)
        for note in writing.notes:
            say(note)
        left_out = writing.left_out
    elif out.output is not None or not session.draws:
        write(lines_of(counted, how), out.output)
    else:
        with paged(session) as pager:
            from ilocal.terminal import tables

            tables.listing(counted, how, screen(session))
        if counted.n and not (pager and pager.is_quit):  # or not all of them were counted
            say(count(counted.n, session.lang))
    warn(session.workspace.problems, session.workspace.file)
    return Answered(counted.n, counted.n - left_out)


def keep_registry(session: Session, path: Path) -> None:
    """Raise UsageError where a file to be written is the registry itself, or would be a part of it."""
    if path.suffix == ".toml" and session.path.is_dir() and path.resolve().parent == session.path.resolve():
        raise UsageError(
            _("{path}: a .toml file in the registry's folder would be a part of it", path=path),
            hint=_("write elsewhere"),
        )
    from ilocal.storage.files import members

    for member in members(session.path) if path.exists() and session.path.exists() else ():
        if member.path.exists() and path.samefile(member.path):
            raise UsageError(
                _("{path}: that is the registry itself; nothing was changed", path=path), hint=_("name another file")
            )


class _Counted:
    """Events counted as they pass."""

    def __init__(self, events: Iterable[Event], *, is_told: bool) -> None:
        """`is_told`: the user sees how many have passed, where that takes its time."""
        self._events, self._is_told = events, is_told
        self.n = 0

    def __iter__(self) -> Iterator[Event]:
        with progress.task(_written) if self._is_told else nullcontext(None) as task:
            for event in task.each(self._events) if task else self._events:
                self.n += 1
                yield event


def _written(done: int) -> str:
    return n_("Writing {n} event …", "Writing {n} events …", done)


def _is_file(stream: TextIO) -> bool:
    """Whether a stream goes into a file: nobody watches what is written, nor shows it elsewhere."""
    with suppress(OSError, ValueError):
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    return False


def screen(session: Session, file: TextIO | None = None) -> Screen:
    """The terminal to draw on, in the user's colours; or a file that takes what is drawn for it."""
    from ilocal.terminal import console

    return console.console(session.color, styles=session.styles, file=file)


def paged(session: Session) -> AbstractContextManager[Paged | None]:
    """Inside of it, what is printed or drawn goes through the user's pager, where it is longer than the screen.

    A `screen` is to be made inside, too. Who quits the pager early ends the block; None where there is no pager.
    """
    if session.pager not in ("", "cat") and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        with suppress(OSError, ValueError):
            height = os.get_terminal_size(sys.stdout.fileno()).lines
            from ilocal.terminal.pager import paged as through

            return through(session.pager, height)
    return nullcontext()


def write(chunks: Iterable[str], path: Path | None = None) -> None:
    """Write text to stdout, or to a file, whole or not at all."""
    if path is None or str(path) in ("-", "/dev/stdout"):
        sys.stdout.writelines(chunks)
        sys.stdout.flush()  # what cannot be written is known before the command ends
    else:
        from ilocal.storage.atomic_write import write_output

        write_output(path, chunks)


PIPE_WIDTH = 80
Data = Callable[[], Iterable[str]]


@dataclass
class Picture:
    """The output options of calendar and stats."""

    format: Annotated[
        Optional[str],
        typer.Option("-f", "--format", metavar="FORMAT", help="table or json; for stats csv and tsv, too."),
    ] = None
    output: Annotated[
        Optional[Path],
        typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; its suffix says the format."),
    ] = None


def look(session: Session, out: Picture) -> Look:
    """How a picture is to look, where it goes."""
    if not _draws(session, out):
        is_plain = out.output is None and signs_are_plain(os.environ)
        return Look(
            PIPE_WIDTH, session.lang, session.today, is_wrapped=False, is_plain=is_plain, language=session.language
        )
    return Look(columns(), session.lang, session.today, is_plain=signs_are_plain(os.environ), language=session.language)


def _draws(session: Session, out: Picture) -> bool:
    return out.output is None and session.draws


def chart_data_format(out: Picture, formats: Mapping[str, Data]) -> Data | None:
    """The data in the format asked for; None for the picture. Raises UsageError."""
    name = out.format
    if name is None and out.output is not None:
        suffix = out.output.suffix.lower().lstrip(".")
        name = "table" if suffix in ("", "txt") else suffix
    if name is None or name == "table":
        return None
    if name not in formats:
        known = ", ".join(["table", *formats])
        raise UsageError(_('"{name}" is not a format to write', name=safe(name)), hint=_("one of {names}", names=known))
    return formats[name]


def show(session: Session, lines: Iterable[Line], out: Picture, formats: Mapping[str, Data], how: Look) -> None:
    """Show a picture as the options say, or its data in one of the formats; then what could not be read."""
    data = chart_data_format(out, formats)
    if out.output is not None:
        keep_registry(session, out.output)
    if data is not None:
        write(data(), out.output)
    elif _draws(session, out):
        from ilocal.terminal.charts import draw

        with paged(session):
            draw.show(_signs(lines, how), screen(session))
    else:
        write(printed(_signs(lines, how)), out.output)
    warn(session.workspace.problems, session.workspace.file)


def _signs(lines: Iterable[Line], how: Look) -> Iterator[Line]:
    return plainer(lines) if how.is_plain else iter(lines)
