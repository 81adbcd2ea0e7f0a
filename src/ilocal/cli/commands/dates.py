"""`ilocal dates`."""

from typing import Annotated

import typer

from ilocal.cli.output import write_command_output
from ilocal.cli.session import Session
from ilocal.i18n.messages import N_, current_language, translate, translate_plural
from ilocal.model.date_names import weekday_name
from ilocal.model.dates import PartialDate, Period, format_iso_date, get_precision

# A date may begin with a minus: -2w.
CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "ignore_unknown_options": True}


def run(
    ctx: typer.Context,
    text: Annotated[
        list[str], typer.Argument(metavar="TEXT…", help='A date or a range, such as "25-29/02/2020" or -2w.')
    ],
) -> None:
    """Say how a date is read. The first line can be given to any command."""
    session: Session = ctx.obj
    write_command_output(explain_date_argument(session.parse_period(" ".join(text)), current_language()))


def explain_date_argument(span: Period, lang: str) -> str:
    first, last = span.date_range
    lines = [str(span), translate(N_("start: {point}"), lang).format(point=_format_explained_date(span.start, lang))]
    if span.end is not None:
        lines.append(translate(N_("end: {point}"), lang).format(point=_format_explained_date(span.end, lang)))
    days = (last - first).days + 1
    lines.append(translate_plural("days: {n}, both ends counted", "days: {n}, both ends counted", days, lang))
    return "\n".join(lines) + "\n"


def _format_explained_date(point: PartialDate, lang: str) -> str:
    weekday = f"{weekday_name(point.weekday(), lang)}, " if hasattr(point, "weekday") else ""
    return f"{format_iso_date(point)} ({weekday}{translate(get_precision(point), lang)})"
