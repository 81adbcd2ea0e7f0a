"""`ilocal dates`."""

from typing import Annotated

import typer

from ilocal.cli.output import write
from ilocal.cli.session import Session
from ilocal.i18n.messages import N_, plural, spoken, translated
from ilocal.model.date_names import weekday_name
from ilocal.model.dates import Point, Span, form, iso

# A date may begin with a minus: -2w.
SETTINGS = {"help_option_names": ["-h", "--help"], "ignore_unknown_options": True}


def run(
    ctx: typer.Context,
    text: Annotated[
        list[str], typer.Argument(metavar="TEXT…", help='A date or a range, such as "25-29/02/2020" or -2w.')
    ],
) -> None:
    """Say how a date is read. The first line can be given to any command."""
    session: Session = ctx.obj
    write(explained(session.read(" ".join(text)), spoken()))


def explained(span: Span, lang: str) -> str:
    first, last = span.days
    lines = [str(span), translated(N_("start: {point}"), lang).format(point=_point(span.start, lang))]
    if span.end is not None:
        lines.append(translated(N_("end: {point}"), lang).format(point=_point(span.end, lang)))
    days = (last - first).days + 1
    lines.append(plural("days: {n}, both ends counted", "days: {n}, both ends counted", days, lang))
    return "\n".join(lines) + "\n"


def _point(point: Point, lang: str) -> str:
    weekday = f"{weekday_name(point.weekday(), lang)}, " if hasattr(point, "weekday") else ""
    return f"{iso(point)} ({weekday}{translated(form(point), lang)})"
