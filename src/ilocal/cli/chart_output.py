"""Where and how a chart is written: drawn, as plain text, or its data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ilocal.cli.output import (
    create_console_for_session,
    page_command_output,
    refuse_registry_as_output,
    write_command_output,
)
from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.safe_text import make_text_safe
from ilocal.terminal.status import print_diagnostics_on_terminal

if TYPE_CHECKING:
    from ilocal.terminal.styled_text import RenderOptions, StyledLine

PIPE_WIDTH_COLUMNS = 80
ChartDataWriter = Callable[[], Iterable[str]]


@dataclass
class ChartOutput:
    """The output options of calendar and stats."""

    format: Annotated[
        Optional[str],
        typer.Option(
            "-f", "--format", metavar="FORMAT", help="Output format: table or json; for stats, also csv or tsv."
        ),
    ] = None
    output: Annotated[
        Optional[Path],
        typer.Option("-o", "--output", metavar="FILE", help="Write to FILE; its extension determines the format."),
    ] = None


def choose_render_options_for_command(session: Session, out: ChartOutput) -> RenderOptions:
    """Return the render options of a chart, depending on where it goes."""
    from ilocal.terminal.capabilities import get_terminal_width, is_ascii_terminal
    from ilocal.terminal.styled_text import RenderOptions

    if not _is_chart_for_terminal(session, out):
        is_plain = out.output is None and is_ascii_terminal(os.environ)
        return RenderOptions(
            PIPE_WIDTH_COLUMNS,
            session.lang,
            session.today,
            is_wrapped=False,
            is_plain=is_plain,
            language=session.registry_language,
        )
    return RenderOptions(
        get_terminal_width(),
        session.lang,
        session.today,
        is_plain=is_ascii_terminal(os.environ),
        has_color=session.uses_color,
        language=session.registry_language,
    )


def _is_chart_for_terminal(session: Session, out: ChartOutput) -> bool:
    return out.output is None and session.uses_tables


def choose_chart_data_format(out: ChartOutput, formats: Mapping[str, ChartDataWriter]) -> ChartDataWriter | None:
    """Return the writer of the requested data format; None for the chart. Raises UsageError."""
    name = out.format
    if name is None and out.output is not None:
        suffix = out.output.suffix.lower().lstrip(".")
        name = "table" if suffix in ("", "txt") else suffix
    if name is None or name == "table":
        return None
    if name not in formats:
        known = ", ".join(["table", *formats])
        raise UsageError(
            _('ilocal cannot write the format "{name}"', name=make_text_safe(name)),
            hint=_("use one of {names}", names=known),
        )
    return formats[name]


def output_chart(
    session: Session,
    lines: Iterable[StyledLine],
    out: ChartOutput,
    formats: Mapping[str, ChartDataWriter],
    options: RenderOptions,
) -> None:
    """Show a chart, or its data in one of the formats, as the options request; then print diagnostics."""
    data = choose_chart_data_format(out, formats)
    if out.output is not None:
        refuse_registry_as_output(session, out.output)
    if data is not None:
        write_command_output(data(), out.output)
    elif _is_chart_for_terminal(session, out):
        from ilocal.terminal.charts import draw

        with page_command_output(session):
            draw.draw_chart(_adapt_symbols_to_color_option(lines, options), create_console_for_session(session))
    else:
        from ilocal.terminal.styled_text import draw_styled_text_as_plain

        write_command_output(draw_styled_text_as_plain(_adapt_symbols_to_color_option(lines, options)), out.output)
    print_diagnostics_on_terminal(session.registry.diagnostics, session.registry.display_name)


def _adapt_symbols_to_color_option(lines: Iterable[StyledLine], options: RenderOptions) -> Iterator[StyledLine]:
    from ilocal.terminal.styled_text import to_ascii_lines

    return to_ascii_lines(lines) if options.is_plain else iter(lines)
