"""Filter options of commands, and the query made from them."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, Optional

import typer

from ilocal.cli.session import Session
from ilocal.errors import UsageError
from ilocal.i18n.messages import _, current_language
from ilocal.model.dates import DateRange, Period
from ilocal.model.fields import (
    DATE_FIELDS,
    DATE_LIST_FIELDS,
    FILTERABLE_FIELDS,
    TEXT_FIELDS,
    name_event_field,
    resolve_field_name,
)
from ilocal.model.query import Query, SortKey
from ilocal.model.query_builder import (
    FIELDS_BY_NAME_FILTER,
    build_query_names,
    build_query_spans,
    compute_default_horizon,
    compute_occurrence_window,
)
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text

if TYPE_CHECKING:
    from ilocal.model.search_terms import SearchTerm

OptionalNames = Optional[list[str]]
SeriesAnswer = Literal["row", "each", "whole"]


@dataclass
class DateFilters:
    """Which events, by their dates."""

    from_: Annotated[
        Optional[str], typer.Option("--from", metavar="DATE", help="Only events on this day or later.")
    ] = None
    to: Annotated[Optional[str], typer.Option("--to", metavar="DATE", help="Only events on this day or earlier.")] = (
        None
    )
    month: Annotated[OptionalNames, typer.Option("--month", metavar="MONTH", help="Only events in this month.")] = None
    year: Annotated[OptionalNames, typer.Option("--year", metavar="YEAR", help="Only events in this year.")] = None
    on: Annotated[
        OptionalNames, typer.Option("--on", metavar="DATE", help="Only events on this day, or in these days.")
    ] = None


@dataclass
class NameFilters:
    """Which events, by names."""

    project: Annotated[
        OptionalNames, typer.Option("--project", metavar="NAME", help="Only events of this project.")
    ] = None
    topic: Annotated[OptionalNames, typer.Option("--topic", metavar="NAME", help="Only events on this topic.")] = None
    organizer: Annotated[
        OptionalNames, typer.Option("--organizer", metavar="NAME", help="Only events of this organizer.")
    ] = None
    location: Annotated[
        OptionalNames, typer.Option("--location", metavar="PLACE", help="Only events in this place.")
    ] = None
    kind: Annotated[OptionalNames, typer.Option("--kind", metavar="KIND", help="Only events of this kind.")] = None
    status: Annotated[
        OptionalNames, typer.Option("--status", metavar="STATUS", help="Only events with this status.")
    ] = None
    language: Annotated[
        OptionalNames,
        typer.Option("--language", metavar="LANG", help="Only events in this language, such as vi or english."),
    ] = None


@dataclass
class MissingFilters:
    """Which events, by what they have not."""

    undated: Annotated[bool, typer.Option("--undated", help="Only events without a date.")] = False
    where_missing: Annotated[
        OptionalNames, typer.Option("--where-missing", metavar="FIELD", help="Only events without this field.")
    ] = None


@dataclass
class FieldFilters:
    """Which events, by any field."""

    where: Annotated[
        OptionalNames,
        typer.Option(
            "--where",
            metavar="FIELD=VALUE",
            help="Only events whose FIELD is VALUE, or empty without VALUE. May be repeated.",
        ),
    ] = None


@dataclass
class Filters(FieldFilters, MissingFilters, NameFilters, DateFilters):
    """Which events: the same for list, upcoming, search, export, remove, and edit of many. See `query`."""

    @property
    def has_no_filter_options(self) -> bool:
        return all(getattr(self, f.name) in (None, False, []) for f in dataclasses.fields(self))


@dataclass
class SortOptions:
    """In which order, and how many."""

    limit: Annotated[Optional[int], typer.Option("-n", "--limit", metavar="N", min=0, help="At most N events.")] = None
    sort: Annotated[Optional[SortKey], typer.Option("--sort", help="Sort by this field. [default: date]")] = None
    reverse: Annotated[bool, typer.Option("--reverse", help="Reverse the order.")] = False
    occurrences: Annotated[bool, typer.Option("--occurrences", help="Show each occurrence of a series.")] = False
    once: Annotated[bool, typer.Option("--once", hidden=True)] = False  # what is done without it, too


def split_filter_names(session: Session, filters: Filters) -> dict[str, list[str]]:
    """Return the names of each filter one by one, those of `--where` too; a place stays whole.

    A field of the table that has no option of its own is found by `--where`.
    """
    wanted = parse_where_options(filters.where)
    return {
        name: _split_names_of_option(
            session, field, [*(getattr(filters, name, None) or []), *filter(None, wanted.get(field, ()))]
        )
        for name, field in FIELDS_BY_NAME_FILTER.items()
    }


def parse_where_options(texts: Sequence[str] | None) -> dict[str, list[str]]:
    """Return the values of `--where FIELD=VALUE` by field, "" for an absent one. Raises UsageError."""
    found: dict[str, list[str]] = {}
    for text in texts or ():
        option, sign, value = text.partition("=")
        if not sign:
            raise UsageError(
                _('expected FIELD=VALUE, found "{text}"', text=make_text_safe(text)), hint="--where kind=workshop"
            )
        field = resolve_field_name(option.strip())
        if value.strip() and field in (*DATE_FIELDS, *DATE_LIST_FIELDS):
            raise UsageError(
                _("--where cannot compare dates"),
                hint=_("to select by date, use --on, --month, --year, --from or --to"),
            )
        if value.strip() and field not in (*TEXT_FIELDS, *FILTERABLE_FIELDS):
            shown = (*FILTERABLE_FIELDS, "title", "source", "url")
            raise UsageError(
                _("--where cannot compare {field}", field=name_event_field(field, current_language())),
                hint=_(
                    "use one of {names}",
                    names=", ".join((*(name_event_field(one, current_language()) for one in shown), "…")),
                ),
            )
        found.setdefault(field, []).append(value.strip())
    return found


def _split_names_of_option(session: Session, field: str, typed: list[str]) -> list[str]:
    if field == "location" or not any("," in text or ";" in text or '"' in text for text in typed):
        return typed
    from ilocal.cli.event_options import split_typed_names  # most questions name one thing, or none

    return split_typed_names(field, typed, session.registry.count_names) or [""]


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
    periods: Sequence[Period] = (),
    series: SeriesAnswer = "row",
) -> Query:
    """Return the query of the options. Titles and ids are sorted ascending, dates as `newest_first` says.

    If there are `periods`, a result touches one of them.

    A series is one result, at one of its occurrences ("row") or as written ("whole"), or one for each occurrence
    ("each"), which the options may also request.
    """
    order = order or SortOptions()
    sort: SortKey = order.sort or "date"
    descending = newest_first if sort == "date" else sort == "updated"
    names = split_filter_names(session, filters)
    wanted = parse_where_options(filters.where)
    absent = [field for field, values in wanted.items() if "" in values]
    dates = {name: getattr(filters, name) for name in ("from_", "to", "month", "year", "on")}
    touching = (
        *build_query_spans(session.parse_period, **dates, option_prefix="--"),
        *([(window,)] if window else []),
        *([tuple(period.date_range for period in periods)] if periods else []),
    )
    days = compute_occurrence_window(touching, not_over_before)
    ends = any((window, periods, filters.to, filters.month, filters.year, filters.on))
    return Query(
        overlapping=touching,
        not_over_before=not_over_before,
        only_undated=filters.undated,
        field_values=(
            *build_query_names(names, lambda: session.registry.info, option_prefix="--"),
            *_build_values_of_where_option(wanted),
        ),
        empty_fields=(*map(resolve_field_name, filters.where_missing or ()), *absent),
        terms=terms,
        excluded_terms=excluded_terms,
        occurrence_window=days,
        expand_until=None if ends else compute_default_horizon(days, session.today),
        collapse_series=series == "whole",
        representative_day=session.today if series == "row" and not order.occurrences else None,
        sort=sort,
        is_descending=descending != order.reverse,
        limit=None if order.limit is None else min(order.limit, sys.maxsize),  # as much as there can be
    )


def _build_values_of_where_option(wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the pairs of field and folded texts that `--where` compares beyond the names of the other filters."""
    for field, values in wanted.items():
        if field not in FILTERABLE_FIELDS and any(values):
            yield field, tuple(map(fold_text, filter(None, values)))


def parse_select_options(session: Session, options: Sequence[str]) -> Query:
    """Return the query of filter options that stand in a list, as a setting has them. Raises UsageError."""
    from ilocal.cli.option_groups import expand_option_groups
    from ilocal.cli.usage_errors import translate_usage_error

    found: list[Filters] = []

    @expand_option_groups
    def collect(filters: Filters) -> None:
        found.append(filters)

    app = typer.Typer(add_completion=False)
    app.command("select")(collect)
    try:
        typer.main.get_command(app).main(list(options), "select", standalone_mode=False)
    except typer.TyperException as error:
        reason = translate_usage_error(error.format_message())
        raise UsageError(_("select: {reason}", reason=reason)) from None
    if not found:
        raise UsageError(_("select: expected only filters such as --topic"))
    return build_query_from_options(session, found[0], series="whole")
