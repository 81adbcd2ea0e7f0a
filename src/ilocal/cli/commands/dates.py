"""`ilocal dates`."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Optional

import typer

from ilocal.cli.output import format_command_json, write_command_output
from ilocal.cli.session import Session
from ilocal.i18n.messages import N_, current_language, translate, translate_plural
from ilocal.model.date_names import get_weekday_name_of_date
from ilocal.model.dates import Month, PartialDate, Period, Year, format_iso_date, get_precision

HELP_GROUP = "look"
EXAMPLES = {
    'ilocal dates "25 - 29 Feb 2020"': "how a date is read",
    'ilocal dates "thứ sáu tuần sau" -f json': "the same, for use in a program",
}
# A date may begin with a minus: -2w.
CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "ignore_unknown_options": True}
CAN_ASK_SEVERAL_REGISTRIES = True


def run(
    ctx: typer.Context,
    text: Annotated[
        list[str], typer.Argument(metavar="TEXT…", help='A date or a range, such as "25-29/02/2020" or -2w.')
    ],
    format: Annotated[
        Optional[Literal["table", "json"]], typer.Option("-f", "--format", help="Output format. [default: table]")
    ] = None,
) -> None:
    """Show how ilocal reads a date. Any command accepts the first line of the output as a date."""
    session: Session = ctx.obj
    span = session.parse_period(" ".join(text))
    if format == "json":
        write_command_output(format_command_json(period_to_dict(span)))
    else:
        write_command_output(explain_date_argument(span, current_language()))


def period_to_dict(span: Period) -> dict[str, Any]:
    """Return a period as JSON has it: both ends in their own precision, and the days that it touches."""
    first, last = span.date_range
    end = {} if span.end is None else {"end": format_iso_date(span.end)}
    return {
        "period": str(span),
        "start": format_iso_date(span.start),
        **end,
        "precision": _PRECISION_NAMES[type(span.start)],
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "days": (last - first).days + 1,
    }


_PRECISION_NAMES = {Year: "year", Month: "month", date: "day", datetime: "time"}


def explain_date_argument(span: Period, lang: str) -> str:
    first, last = span.date_range
    lines = [str(span), translate(N_("start: {point}"), lang).format(point=_format_explained_date(span.start, lang))]
    if span.end is not None:
        lines.append(translate(N_("end: {point}"), lang).format(point=_format_explained_date(span.end, lang)))
    days = (last - first).days + 1
    lines.append(translate_plural("days: {n}, including both ends", "days: {n}, including both ends", days, lang))
    return "\n".join(lines) + "\n"


def _format_explained_date(point: PartialDate, lang: str) -> str:
    if isinstance(point, date) and not isinstance(point, datetime):
        return f"{format_iso_date(point)} ({get_weekday_name_of_date(point.weekday(), lang)})"
    weekday = f"{get_weekday_name_of_date(point.weekday(), lang)}, " if isinstance(point, datetime) else ""
    return f"{format_iso_date(point)} ({weekday}{translate(get_precision(point), lang)})"
