"""Implausible years: `0202` for 2020."""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import make_check_warning
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _
from ilocal.storage.loader import ParsedRegistry

CODES = ("unlikely-year",)
_FIRST_PLAUSIBLE_YEAR, _LAST_PLAUSIBLE_YEAR = 1900, 2100


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for event in registry.events.values():
        for field in ("start", "end"):
            point = getattr(event, field)
            if point is not None and not _FIRST_PLAUSIBLE_YEAR <= point.year <= _LAST_PLAUSIBLE_YEAR:
                year = f"{point.year:04}"
                said = _("the year {year} is suspicious", year=year)
                yield make_check_warning(registry, event, field, said, "unlikely-year")
