"""Options that set the fields of an event."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Optional

import typer

from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.messages import _, current_language
from ilocal.model.dates import PartialDate, format_iso_date
from ilocal.model.event import Event
from ilocal.model.fields import (
    DATE_FIELDS,
    DATE_LIST_FIELDS,
    LIST_FIELDS,
    NUMBER_FIELDS,
    SETTABLE_FIELDS,
    TIMESTAMP_FIELDS,
    name_event_field,
    resolve_field_name,
)
from ilocal.model.name_lists import split_names
from ilocal.model.query_builder import validate_status
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text
from ilocal.model.timezones import FLOATING_TIMEZONE, load_timezone
from ilocal.model.undated_words import is_undated_text
from ilocal.model.value_labels import RESOLVED_FIELDS, resolve_event_kind_or_status

OptionalText = Optional[str]
OptionalTexts = Optional[list[str]]


@dataclass
class DateOptions:
    """When an event takes place."""

    start: Annotated[
        OptionalText,
        typer.Option("--start", metavar="DATE", help="Start of the event: a day, a time, a month or a year."),
    ] = None
    end: Annotated[
        OptionalText,
        typer.Option("--end", metavar="DATE", help="Last day of the event (inclusive), in the same form as the start."),
    ] = None
    timezone: Annotated[
        OptionalText,
        typer.Option("--timezone", metavar="NAME", help="Time zone of the event. [default: the registry's]"),
    ] = None
    repeat: Annotated[
        OptionalText,
        typer.Option("--repeat", metavar="RULE", help='Recurrence: yearly, "every 2 weeks", FREQ=MONTHLY;BYDAY=1MO, …'),
    ] = None
    rdate: Annotated[
        OptionalTexts, typer.Option("--rdate", metavar="DATE", help="Add an occurrence on this date. May be repeated.")
    ] = None
    exdate: Annotated[
        OptionalTexts,
        typer.Option("--exdate", metavar="DATE", help="Skip the occurrence on this date. May be repeated."),
    ] = None


@dataclass
class CategoryOptions:
    """Options for the categories of an event, which are also filters."""

    location: Annotated[OptionalText, typer.Option("--location", metavar="PLACE", help="Place of the event.")] = None
    organizer: Annotated[
        OptionalTexts, typer.Option("--organizer", metavar="NAME", help="Organizer. May be repeated.")
    ] = None
    project: Annotated[OptionalTexts, typer.Option("--project", metavar="NAME", help="Project. May be repeated.")] = (
        None
    )
    topic: Annotated[OptionalTexts, typer.Option("--topic", metavar="NAME", help="Topic. May be repeated.")] = None
    kind: Annotated[
        OptionalText, typer.Option("--kind", metavar="KIND", help="Kind of event: meeting, workshop, survey, …")
    ] = None
    status: Annotated[
        OptionalText,
        typer.Option("--status", metavar="STATUS", help="Status: tentative, confirmed, cancelled or postponed."),
    ] = None
    language: Annotated[
        OptionalText,
        typer.Option("--language", metavar="LANG", help="Language of the event. [default: the registry's]"),
    ] = None


@dataclass
class DetailOptions:
    """Options for the details of one event."""

    summary: Annotated[OptionalText, typer.Option("--summary", metavar="TEXT", help="Summary of the event.")] = None
    description: Annotated[
        OptionalText, typer.Option("--description", metavar="TEXT", help="Description of the event; use - for stdin.")
    ] = None
    participants: Annotated[
        OptionalText, typer.Option("--participants", metavar="TEXT", help="Participants, as free text.")
    ] = None
    url: Annotated[OptionalText, typer.Option("--url", metavar="URL", help="Web page of the event.")] = None
    source: Annotated[
        OptionalText, typer.Option("--source", metavar="TEXT", help="Source of the event, such as a URL.")
    ] = None
    id: Annotated[
        OptionalText,
        typer.Option("--id", metavar="ID", help="Use this id instead of an id created from the year and the title."),
    ] = None


@dataclass
class EventOptions(DetailOptions, CategoryOptions, DateOptions):
    """The fields of an event that an option can set."""


NamesOfField = Callable[[str], Mapping[str, int]]  # the names that events have in a field


def parse_set_options(
    texts: Sequence[str] | None, names_of_field: NamesOfField | None = None
) -> list[tuple[str, str | list[str]]]:
    """Return the fields and values of `--set FIELD=VALUE`, in the form of the options.

    Names of a list are separated as by `split_names`, dates by semicolons. `names_of_field` returns the names that
    events have. Raises UsageError for an unknown field.
    """
    found: dict[str, str | list[str]] = {}
    options = (resolve_field_name(option.name) for option in dataclasses.fields(EventOptions))
    names = list(dict.fromkeys(("title", *options, *SETTABLE_FIELDS)))
    for text in texts or ():
        option, sign, value = text.partition("=")
        if not sign:
            raise UsageError(
                _('expected FIELD=VALUE, found "{text}"', text=make_text_safe(text)), hint="--set kind=workshop"
            )
        name = resolve_field_name(option.strip())
        if name not in names:
            hint = _("use one of {names}", names=", ".join(name_event_field(one, current_language()) for one in names))
            raise UsageError(_("--set cannot set {field}", field=name_event_field(name, current_language())), hint=hint)
        if name in (*LIST_FIELDS, *DATE_LIST_FIELDS):
            items = found.setdefault(name, [])
            assert isinstance(items, list)
            items += (
                map(str.strip, value.split(";"))
                if name in DATE_LIST_FIELDS
                else split_typed_names(name, [value], names_of_field)
            )
        elif name in found:
            raise UsageError(_("{field} is specified twice", field=name_event_field(name, current_language())))
        else:
            found[name] = value.strip()
    return list(found.items())


def split_typed_names(field: str, texts: Iterable[str], names_of_field: NamesOfField | None = None) -> list[str]:
    """Return the names of a field in texts that a user typed; a known name stays whole, even with a comma.

    For example, `Bộ Lao động, Thương binh và Xã hội` is one name.
    """
    typed = list(texts)
    has_separator = any("," in text or ";" in text for text in typed)
    known = set(map(fold_text, names_of_field(field))) if names_of_field and has_separator else set()
    return [name for text in typed for name in split_names(text, known)]


def collect_option_values(
    fields: EventOptions, session: Session, assignments: Sequence[str] | None = None
) -> dict[str, Any]:
    """Return the values of the options by field, with dates parsed, and the description read from stdin if it is `-`.

    `assignments` are the values of `--set`.
    """
    values: dict[str, Any] = {}
    options = {resolve_field_name(option): value for option, value in vars(fields).items() if value or value == ""}
    for name in LIST_FIELDS:
        if options.get(name):
            options[name] = split_typed_names(name, options[name], session.registry.count_names)
    for name, value in (*options.items(), *parse_set_options(assignments, session.registry.count_names)):
        if name in values:
            raise UsageError(_("{field} is specified twice", field=name_event_field(name, current_language())))
        if name in DATE_FIELDS:
            values[name] = None if not value or is_undated_text(value) else session.parse_date(value)
        elif name in DATE_LIST_FIELDS:
            values[name] = tuple(map(session.parse_date, filter(None, value)))
        elif name in (*TIMESTAMP_FIELDS, *NUMBER_FIELDS):
            values[name] = _parse_simple_option(name, value)
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    for name in RESOLVED_FIELDS:
        if values.get(name):
            values[name] = _resolve_typed_value(name, values[name], session)
    if values.get("description") == "-":
        from ilocal.cli.input_files import read_text_from_stdin_argument

        values["description"] = read_text_from_stdin_argument().strip("\n")
    if values.get("timezone") not in (None, "", FLOATING_TIMEZONE) and load_timezone(values["timezone"]) is None:
        raise UsageError(
            _('unknown time zone "{zone}"', zone=values["timezone"]), hint=_("use a name such as Asia/Ho_Chi_Minh")
        )
    return values


def _resolve_typed_value(name: str, text: str, session: Session) -> str:
    """Return the known kind, status or language that a user names; a kind in use stays as typed.

    Raises UsageError for an unknown status.
    """
    if name == "status":
        validate_status(text, "--status")
    if name == "kind" and any(fold_text(text) == fold_text(kind) for kind in session.registry.count_names(name)):
        return text
    return resolve_event_kind_or_status(name, text)


def _parse_simple_option(name: str, text: str) -> Any:
    """Return the value of a moment or a number as the record has it. Raises InvalidEventError."""
    from ilocal.model.serialization import event_from_dict

    is_number = name in NUMBER_FIELDS and text.isdecimal()
    return getattr(event_from_dict({"title": "?", name: int(text) if is_number else text or None}), name)


def parse_repeat_option(
    values: dict[str, Any], start: PartialDate | None, session: Session, command: str = ""
) -> dict[str, Any]:
    """Return the values with the recurrence rule parsed, for an event that begins at `start`.

    `command` is the one to propose, before the next date, where the rule does not give the start. Raises UsageError.
    """
    if not values.get("rrule"):
        return values
    from ilocal.model.recurrence_phrases import UnfitStartError, parse_recurrence

    try:
        return {**values, "rrule": parse_recurrence(values["rrule"], start, session.today)}
    except UnfitStartError as error:
        if not command:
            raise
        day, rule = format_iso_date(error.next_start), shlex.quote(make_text_safe(values["rrule"]))
        raise UsageError(
            error.message, hint=_("{command} {day} --repeat {rule}", command=command, day=day, rule=rule)
        ) from None


def refuse_option_off_rule(before: Event, after: Event) -> None:
    """Raise UsageError if a series is moved from a date of its rule to a date that the rule does not give."""
    if not after.rrule or before.start is None:
        return
    from ilocal.model.recurrence_phrases import UnfitStartError, require_start_on_rule

    try:
        require_start_on_rule(before.start, before.rrule)
    except UnfitStartError:  # as imported from a calendar: any move is as good
        return
    try:
        require_start_on_rule(after.start, after.rrule)
    except UnfitStartError as error:
        hint = _("give the rule from then on, too: --repeat RULE")
        raise UsageError(error.message, hint=hint) from None


def choose_dates(argument: str | None, option: str | None) -> str | None:
    """Return the dates that are typed as WHEN or with --when. Raises UsageError if they are given twice."""
    if argument is not None and option is not None:
        raise UsageError(_("the date is specified twice, as WHEN and with --when"))
    return argument if option is None else option


def parse_when(session: Session, text: str) -> dict[str, PartialDate | None]:
    """Return the start and end that a text means; both are None for `tba` and the like. Raises DateError."""
    if is_undated_text(text):
        return {"start": None, "end": None}
    span = session.parse_period(text)
    return {"start": span.start, "end": span.end}


def build_event_from_options(title: str, when: str | None, fields: EventOptions, session: Session) -> Event:
    """Return the event that the arguments of `add` describe."""
    values = collect_option_values(fields, session)
    if when is not None:
        if "start" in values or "end" in values:
            raise UsageError(_("the date is specified twice, as WHEN and with --start or --end"))
        values |= parse_when(session, when)
    command = f"ilocal add {shlex.quote(make_text_safe(title))}"
    return Event(title=title, **parse_repeat_option(values, values.get("start"), session, command))
