"""What says of days that are over that they are still to come."""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import doubt
from ilocal.errors import Problem
from ilocal.i18n.messages import _
from ilocal.model.dates import Month, Year, days, iso
from ilocal.storage.loader import Registry

CODES = ("no-day", "past-tentative")


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for event in registry.events.values():
        last = event.end or event.start
        if last is None or event.recurs or event.status in ("cancelled", "postponed") or days(last).last >= today:
            continue
        if isinstance(last, Month):
            yield doubt(registry, event, "start", _("{month} is over, and no day is known", month=iso(last)), "no-day")
        elif isinstance(last, Year):
            yield doubt(registry, event, "start", _("{year} is over, and no day is known", year=iso(last)), "no-day")
        if event.status == "tentative":
            said = _("tentative, and its last day was {day}", day=iso(days(last).last))
            yield doubt(registry, event, "status", said, "past-tentative")
