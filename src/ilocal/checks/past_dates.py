"""Past events with a status that says they are still to come."""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import make_check_warning
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _
from ilocal.model.dates import Month, Year, format_iso_date
from ilocal.storage.loader import ParsedRegistry

CODES = ("no-day", "past-tentative")


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for event in registry.events.values():
        last = event.end or event.start
        if last is None or event.date_range is None or event.is_recurring or event.status in ("cancelled", "postponed"):
            continue
        if event.date_range.last >= today:
            continue
        if isinstance(last, Month):
            yield make_check_warning(
                registry,
                event,
                "start",
                _("{month} is over, but the event has no exact day", month=format_iso_date(last)),
                "no-day",
            )
        elif isinstance(last, Year):
            yield make_check_warning(
                registry,
                event,
                "start",
                _("{year} is over, but the event has no exact day", year=format_iso_date(last)),
                "no-day",
            )
        if event.status == "tentative":
            said = _("still tentative, although the last day was {day}", day=format_iso_date(event.date_range.last))
            yield make_check_warning(registry, event, "status", said, "past-tentative")
