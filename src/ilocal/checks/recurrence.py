"""What of a series never takes place, or speaks of what does not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ilocal.checks.base import doubt
from ilocal.errors import DateError, Problem
from ilocal.i18n.messages import _
from ilocal.model.dates import Days, iso
from ilocal.model.event import Event
from ilocal.model.occurrences import begins, excludes, occurrences
from ilocal.storage.loader import Registry

CODES = ("empty-series", "no-such-occurrence")


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for event in registry.events.values():
        for field, said, code in _of_series(event) if event.recurs else ():
            yield doubt(registry, event, field, said, code)


def _of_series(event: Event) -> Iterator[tuple[str, str, str]]:
    """The field, what is said of it, and the code."""
    field = "rrule" if event.rrule else "exdates"
    try:
        if not occurrences(event, Days(date.min, date.max), date.min):
            yield field, _("it takes place on no day"), "empty-series"
    except DateError as error:
        yield field, error.message, "empty-series"
    for point in event.exdates:
        if not excludes(event, point):
            yield "exdates", _("{date} is no date of it", date=iso(point)), "no-such-occurrence"
    bare = replace(event, exdates=())
    for override in event.overrides:
        if not begins(bare, override.recurrence_id):
            said = _("{date} is no date of it, and is listed all the same", date=iso(override.recurrence_id))
            yield "overrides", said, "no-such-occurrence"
