"""Filter options of commands, and the query made from them."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Optional

import typer

from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.labels import translate_label
from ilocal.i18n.messages import LANGUAGES, N_, _
from ilocal.model.dates import DateRange, Month, Period, Year
from ilocal.model.fields import STATUSES, resolve_field_name
from ilocal.model.query import Query, SortKey
from ilocal.model.safe_text import escape_unsafe
from ilocal.model.search_terms import SearchTerm
from ilocal.model.text_folding import fold_text

OptionalNames = Optional[list[str]]


@dataclass
class DateFilters:
    """Which events, by their dates."""

    from_: Annotated[Optional[str], typer.Option("--from", metavar="DATE", help="On this day or later.")] = None
    to: Annotated[Optional[str], typer.Option("--to", metavar="DATE", help="On this day or earlier.")] = None
    month: Annotated[OptionalNames, typer.Option("--month", metavar="MONTH", help="In this month.")] = None
    year: Annotated[OptionalNames, typer.Option("--year", metavar="YEAR", help="In this year.")] = None
    on: Annotated[OptionalNames, typer.Option("--on", metavar="DATE", help="On this day, or in these days.")] = None


@dataclass
class NameFilters:
    """Which events, by names."""

    project: Annotated[OptionalNames, typer.Option("--project", metavar="NAME", help="Of this project.")] = None
    topic: Annotated[OptionalNames, typer.Option("--topic", metavar="NAME", help="On this topic.")] = None
    organizer: Annotated[OptionalNames, typer.Option("--organizer", metavar="NAME", help="Organized by this body.")] = (
        None
    )
    location: Annotated[OptionalNames, typer.Option("--location", metavar="PLACE", help="In this place.")] = None
    kind: Annotated[OptionalNames, typer.Option("--kind", metavar="KIND", help="Of this kind.")] = None
    status: Annotated[OptionalNames, typer.Option("--status", metavar="STATUS", help="With this status.")] = None
    language: Annotated[OptionalNames, typer.Option("--language", metavar="LANG", help="In this language.")] = None


@dataclass
class MissingFilters:
    """Which events, by what they have not."""

    undated: Annotated[bool, typer.Option("--undated", help="Without a date.")] = False
    where_missing: Annotated[
        OptionalNames, typer.Option("--where-missing", metavar="FIELD", help="Where this field is absent.")
    ] = None


@dataclass
class Filters(MissingFilters, NameFilters, DateFilters):
    """Which events: the same for list, upcoming, search, export, remove, and edit of many. See `query`."""

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, f.name) in (None, False, []) for f in dataclasses.fields(self))


@dataclass
class SortOptions:
    """In which order, and how many."""

    limit: Annotated[Optional[int], typer.Option("-n", "--limit", metavar="N", min=0, help="At most N events.")] = None
    sort: Annotated[Optional[SortKey], typer.Option("--sort", help="What to order by. [default: date]")] = None
    reverse: Annotated[bool, typer.Option("--reverse", help="The other way round.")] = False
    once: Annotated[bool, typer.Option("--once", help="What recurs as one event, and not each time.")] = False


def build_query_from_options(
    session: Session,
    filters: Filters,
    order: SortOptions | None = None,
    *,
    newest_first: bool = True,
    terms: tuple[SearchTerm, ...] = (),
    excluded_terms: tuple[SearchTerm, ...] = (),
    not_over_before: date | None = None,
    window: DateRange | None = None,
) -> Query:
    """The question that the options ask. Titles and ids are ordered from a to z, dates as `newest_first` says."""
    order = order or SortOptions()
    sort: SortKey = order.sort or "date"
    descending = newest_first if sort == "date" else sort == "updated"
    touching = (*_parse_date_filters(session, filters), *([(window,)] if window else []))
    days = _compute_occurrence_window(touching, not_over_before)
    ends = any((window, filters.to, filters.month, filters.year, filters.on))
    return Query(
        overlapping=touching,
        not_over_before=not_over_before,
        only_undated=filters.undated,
        field_values=tuple(_parse_name_filters(session, filters)),
        empty_fields=tuple(map(resolve_field_name, filters.where_missing or ())),
        terms=terms,
        excluded_terms=excluded_terms,
        occurrence_window=days,
        expand_until=None if ends else _compute_default_horizon(session, days),
        collapse_series=order.once,
        sort=sort,
        is_descending=descending != order.reverse,
        limit=None if order.limit is None else min(order.limit, sys.maxsize),  # as much as there can be
    )


def _parse_date_filters(session: Session, filters: Filters) -> list[tuple[DateRange, ...]]:
    first = session.parse_period(filters.from_).date_range.first if filters.from_ is not None else date.min
    last = session.parse_period(filters.to).date_range.last if filters.to is not None else date.max
    if first > last:
        raise UsageError(_("--from {first} is after --to {last}", first=first, last=last))
    groups: list[tuple[DateRange, ...]] = [(DateRange(first, last),)] if (first, last) != (date.min, date.max) else []
    for option, texts, kind in (
        ("month", filters.month, Month),
        ("year", filters.year, Year),
        ("on", filters.on, None),
    ):
        spans = [_require_period_kind(session.parse_period(text), kind, option, text) for text in texts or ()]
        groups += [tuple(span.date_range for span in spans)] if spans else []
    return groups


_DEFAULT_HORIZON = timedelta(days=366)


def _compute_occurrence_window(touching: tuple[tuple[DateRange, ...], ...], upcoming: date | None) -> DateRange:
    """The days in which what recurs is seen each time."""
    first = max([upcoming or date.min, *(min(days.first for days in group) for group in touching)])
    last = min([date.max, *(max(days.last for days in group) for group in touching)])
    return DateRange(first, max(first, last))


def _compute_default_horizon(session: Session, window: DateRange) -> date:
    """The day up to which rules are followed where nothing ends them: a year from today, or from the first day."""
    start = max(window.first, session.today)
    return start + _DEFAULT_HORIZON if date.max - start > _DEFAULT_HORIZON else date.max


_WRONG_PERIOD_MESSAGES = {"month": N_('--month: "{text}" is not a month'), "year": N_('--year: "{text}" is not a year')}


def _require_period_kind(span: Period, kind: type | None, option: str, text: str) -> Period:
    if kind is not None and not isinstance(span.start, kind):
        raise UsageError(
            _(_WRONG_PERIOD_MESSAGES[option], text=escape_unsafe(text)),
            hint=_("for other spans use --on, or --from and --to"),
        )
    return span


def parse_status_option(text: str) -> str:
    """The status that a text names in any of our languages, such as `đã hủy`; the text itself where it names none."""
    wanted = fold_text(text)
    said = ((status, lang) for status in STATUSES for lang in LANGUAGES)
    return next((status for status, lang in said if wanted == fold_text(translate_label(status, lang))), text)


def _parse_name_filters(session: Session, filters: Filters) -> list[tuple[str, tuple[str, ...]]]:
    """The names asked for, folded. An event that says nothing is confirmed, and in the registry's language."""
    found = []
    for option, field in (
        ("project", "projects"), ("topic", "topics"), ("organizer", "organizers"), ("location", "location"),
        ("kind", "kind"), ("status", "status"), ("language", "language"),
    ):  # fmt: skip
        names = tuple(map(fold_text, getattr(filters, option) or ()))
        if option == "status":
            names = tuple(map(parse_status_option, names))
        if "" in names:
            raise UsageError(
                _("--{option}: a name is wanted", option=option),
                hint=_("--where-missing {option} finds the events without", option=option),
            )
        if option == "status" and (unknown := next((name for name in names if name not in STATUSES), None)):
            raise UsageError(
                _('--status: "{name}" is no status', name=escape_unsafe(unknown)),
                hint=_("one of {names}", names=", ".join(STATUSES)),
            )
        own = {"status": "confirmed", "language": fold_text(session.registry.info.language) if names else ""}.get(
            option
        )
        if own and own in names:
            names = (*names, "")
        if names:
            found.append((field, names))
    return found
