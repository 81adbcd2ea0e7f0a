"""Series without occurrences, and exceptions that match no occurrence."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ilocal.checks.base import make_check_warning
from ilocal.errors import DateError, Diagnostic
from ilocal.i18n.messages import _
from ilocal.model.dates import DateRange, format_iso_date
from ilocal.model.event import Event
from ilocal.model.occurrences import has_occurrence_at, is_effective_exdate, list_occurrences
from ilocal.model.recurrence import has_further_dates
from ilocal.storage.loader import ParsedRegistry

CODES = ("empty-series", "no-such-occurrence")


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for event in registry.events.values():
        for field, said, code in _check_series(event) if event.is_recurring else ():
            yield make_check_warning(registry, event, field, said, code)


def _check_series(event: Event) -> Iterator[tuple[str, str, str]]:
    """Yield the field, message and code of each problem of a series."""
    field = "rrule" if event.rrule else "exdates"
    try:
        if not list_occurrences(event, DateRange(date.min, date.max), date.min):
            yield field, _("the series has no occurrences"), "empty-series"
        elif event.rrule and event.start is not None and not has_further_dates(event.start, event.rrule):
            yield field, _("the rule produces no dates after the start"), "empty-series"
    except DateError as error:
        yield field, error.message, "empty-series"
    for point in event.exdates:
        if not is_effective_exdate(event, point):
            yield (
                "exdates",
                _("{date} is not an occurrence of the series", date=format_iso_date(point)),
                "no-such-occurrence",
            )
    bare = replace(event, exdates=())
    for override in event.overrides:
        if not has_occurrence_at(bare, override.recurrence_id):
            said = _(
                "{date} is not an occurrence of the series, but has an override",
                date=format_iso_date(override.recurrence_id),
            )
            yield "overrides", said, "no-such-occurrence"
