"""How calendar, stats and timeline answer: as a picture on a screen, in a pipe or in a file, or as data."""

from __future__ import annotations

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
from ilocal.output import keep_registry, paged, screen, write
from ilocal.terminal.capabilities import columns, signs_are_plain
from ilocal.terminal.status import warn
from ilocal.terminal.styled_text import Line, Look, plainer, printed

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
