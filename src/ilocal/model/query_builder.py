"""Queries from filters as people write them: names in any spelling, dates in any form."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, TypedDict, TypeVar, Unpack, cast

from ilocal.errors import DateError, UsageError
from ilocal.i18n.messages import N_, _, current_language
from ilocal.model.dates import DateRange, Month, PartialDate, Period, Year, unreadable_date_error
from ilocal.model.fields import FIELDS_BY_NAME, FILTERABLE_FIELDS, STATUSES, resolve_field_name
from ilocal.model.query import SORT_KEYS, Query, SortKey
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import make_text_safe
from ilocal.model.text_folding import fold_text

FIELDS_BY_NAME_FILTER = {FIELDS_BY_NAME[name].singular or name: name for name in FILTERABLE_FIELDS}
DEFAULT_HORIZON = timedelta(days=366)

_PERIOD_KINDS: Mapping[str, type | None] = {"month": Month, "year": Year, "on": None}
_WRONG_KIND_MESSAGES = {
    "month": N_('{option}: "{text}" is not a month'),
    "year": N_('{option}: "{text}" is not a year'),
}

DateText = TypeVar("DateText")
DateValue = str | int | PartialDate | Period  # a number is a year
DateFilter = DateValue | Iterable[DateValue] | None
NameFilter = str | Iterable[str] | None


class EventFilters(TypedDict, total=False):
    """The filters of `Registry.events`, which documents them."""

    from_: DateValue | None
    to: DateValue | None
    month: DateFilter
    year: DateFilter
    on: DateFilter
    project: NameFilter
    topic: NameFilter
    organizer: NameFilter
    location: NameFilter
    kind: NameFilter
    status: NameFilter
    language: NameFilter
    undated: bool
    where_missing: NameFilter
    words: NameFilter
    without: NameFilter
    once: bool
    sort: SortKey
    reverse: bool
    limit: int | None
    today: date | None


def build_query(
    get_info: Callable[[], RegistryInfo], get_today: Callable[[], date], **filters: Unpack[EventFilters]
) -> Query:
    """Return the query for the given filters.

    Arguments:
        get_info: returns the registry's table, for its language and aliases; called only if needed.
        get_today: returns the present day; called unless `today` is one of the filters.
        filters: see `Registry.events`.

    Raises UsageError for a value that cannot be read, and TypeError for an unknown filter.
    """
    if unknown := filters.keys() - EventFilters.__annotations__.keys():
        raise TypeError(
            f"unknown filter {sorted(unknown)[0]!r}; the filters are {', '.join(EventFilters.__annotations__)}"
        )
    from ilocal.model.search_terms import parse_search_term

    today = filters.get("today") or get_today()
    values: dict[str, tuple[Any, ...]] = {
        name: _list_values_of_event_filter(filters.get(name)) for name in EventFilters.__annotations__
    }
    dates = {name: filters.get(name) for name in ("from_", "to")} | {name: values[name] for name in _PERIOD_KINDS}
    groups = tuple(build_query_spans(partial(_parse_query_period, today=today), **cast("dict[str, Any]", dates)))
    window = compute_occurrence_window(groups, None)
    has_end = any(values[name] for name in ("to", *_PERIOD_KINDS))
    sort = filters.get("sort", "date")
    if sort not in SORT_KEYS:
        message = _('unknown sort order "{name}"', name=make_text_safe(str(sort)))
        raise UsageError(message, hint=_("use one of {names}", names=", ".join(SORT_KEYS)))
    limit = filters.get("limit")
    return Query(
        overlapping=groups,
        only_undated=filters.get("undated", False),
        field_values=tuple(build_query_names(values, get_info)),
        empty_fields=tuple(map(resolve_field_name, values["where_missing"])),
        terms=tuple(parse_search_term(text, get_info().aliases) for text in values["words"]),
        excluded_terms=tuple(parse_search_term(text, get_info().aliases) for text in values["without"]),
        occurrence_window=window,
        expand_until=None if has_end else compute_default_horizon(window, today),
        collapse_series=filters.get("once", False),
        sort=sort,
        is_descending=filters.get("reverse", False),
        limit=None if limit is None else min(limit, sys.maxsize),
    )


def _list_values_of_event_filter(value: object) -> tuple[Any, ...]:
    """Return a value as a tuple: None as an empty one, a single value as one item."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else (value,)


def _parse_query_period(value: DateValue, today: date) -> Period:
    if isinstance(value, str | int):
        from ilocal.model.date_parser import parse_period  # its patterns take 10 ms to prepare

        return parse_period(value if isinstance(value, str) else f"{value:04}", today)
    return value if isinstance(value, Period) else Period(value)


def build_query_spans(
    parse: Callable[[DateText], Period],
    *,
    from_: DateText | None = None,
    to: DateText | None = None,
    month: Iterable[DateText] | None = None,
    year: Iterable[DateText] | None = None,
    on: Iterable[DateText] | None = None,
    option_prefix: str = "",
) -> list[tuple[DateRange, ...]]:
    """Return the groups of days of `Query.overlapping`: one for `from_` and `to`, one for each other filter.

    Arguments:
        parse: reads a date as written.
        from_: first day.
        to: last day.
        month: months, one of which must match.
        year: years, one of which must match.
        on: days or periods, one of which must match.
        option_prefix: prefix of filter names in messages, such as `--`.

    Raises UsageError if `from_` is after `to` or a value is not a month or year, and whatever `parse` raises.
    """
    first = parse(from_).date_range.first if from_ is not None else date.min
    last = parse(to).date_range.last if to is not None else date.max
    if first > last:
        options = {"start_option": f"{option_prefix}from", "end_option": f"{option_prefix}to"}
        raise UsageError(_("{start_option} {first} is after {end_option} {last}", first=first, last=last, **options))
    groups: list[tuple[DateRange, ...]] = [(DateRange(first, last),)] if (first, last) != (date.min, date.max) else []
    for name, texts in (("month", month), ("year", year), ("on", on)):
        periods = [
            _require_period_kind_of_query(
                _parse_month_number(text, parse) if name == "month" else parse(text), name, option_prefix, text
            )
            for text in texts or ()
        ]
        groups += [tuple(period.date_range for period in periods)] if periods else []
    return groups


def _parse_month_number(text: DateText, parse: Callable[[DateText], Period]) -> Period:
    """Return the period of a text; a number alone is a month whose year is missing. Raises DateError."""
    if not isinstance(text, str) or not re.fullmatch(r"\s*[0-9]{1,2}\s*", text):
        return parse(text)
    if not 1 <= int(text) <= 12:
        raise unreadable_date_error(text, _("there is no month {month}", month=int(text)))
    try:
        return parse(f"tháng {int(text)}")  # type: ignore[arg-type]  # a text, as it was
    except DateError as error:
        raise unreadable_date_error(text, error.reason) from None


def _require_period_kind_of_query(period: Period, name: str, option_prefix: str, text: object) -> Period:
    kind = _PERIOD_KINDS[name]
    if kind is not None and not isinstance(period.start, kind):
        raise UsageError(
            _(_WRONG_KIND_MESSAGES[name], option=option_prefix + name, text=make_text_safe(str(text))),
            hint=_("for other time spans, use --on, or --from and --to") if option_prefix else "",
        )
    return period


def build_query_names(
    names_by_filter: Mapping[str, Sequence[str] | None],
    get_info: Callable[[], RegistryInfo],
    *,
    option_prefix: str = "",
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the pairs of field and folded names of `Query.field_values`.

    `names_by_filter` has names by the keys of FIELDS_BY_NAME_FILTER. An alias of the registry also matches the names it
    stands for, and vice versa. An event without a status is confirmed, and one without a language is in that of the
    registry. Raises UsageError for an empty name and for an unknown status.
    """
    found = []
    for name, field in FIELDS_BY_NAME_FILTER.items():
        typed = tuple(names_by_filter.get(name) or ())
        if not typed:
            continue
        from ilocal.model.value_labels import list_value_names  # most queries name nothing

        _validate_query_fields(name, typed, option_prefix)
        if name == "status":
            values = tuple(parse_status(text) for text in typed)
        else:
            names = _list_query_alias_names(typed, get_info().aliases)
            values = tuple(dict.fromkeys(value for text in names for value in list_value_names(name, text)))
        default = "confirmed" if name == "status" else fold_text(get_info().language) if name == "language" else ""
        if default and default in values:
            values = (*values, "")
        found.append((field, values))
    return found


def _list_query_alias_names(typed: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield names, each followed by its aliases and the names of which it is an alias."""
    for text in typed:
        yield text
        folded = fold_text(text)
        for short, longs in aliases.items():
            if folded in map(fold_text, (short, *longs)):
                yield from (short, *longs)


def _validate_query_fields(name: str, typed: Sequence[str], option_prefix: str) -> None:
    option = option_prefix + name
    if "" in map(fold_text, typed):
        raise UsageError(
            _("{option}: the name is missing", option=option),
            hint=_("to find events without a value, use --where-missing {option}", option=name)
            if option_prefix
            else "",
        )
    for text in typed if name == "status" else ():
        validate_status(text, option)


def validate_status(text: str, option: str) -> None:
    """Raise UsageError, with the statuses in the current language, if a text names none; `option` had it."""
    if parse_status(text) not in STATUSES:
        from ilocal.model.value_labels import describe_event_statuses

        raise UsageError(
            _('{option}: "{name}" is not a status', option=option, name=make_text_safe(text)),
            hint=_("use one of {names}", names=describe_event_statuses(current_language())),
        )


def parse_status(text: str) -> str:
    """Return the status that a text names in any supported language, such as `đã hủy`; else the text itself."""
    from ilocal.model.value_labels import resolve_event_kind_or_status

    return resolve_event_kind_or_status("status", text)


def compute_occurrence_window(groups: Sequence[tuple[DateRange, ...]], not_over_before: date | None) -> DateRange:
    """Return the days within which a recurring event is expanded into occurrences."""
    first = max([not_over_before or date.min, *(min(days.first for days in group) for group in groups)])
    last = min([date.max, *(max(days.last for days in group) for group in groups)])
    return DateRange(first, max(first, last))


def compute_default_horizon(window: DateRange, today: date) -> date:
    """Return the day up to which rules are followed where no filter ends them.

    That is a year from today, or from the first day of `window` where that is later.
    """
    start = max(window.first, today)
    return start + DEFAULT_HORIZON if date.max - start > DEFAULT_HORIZON else date.max
