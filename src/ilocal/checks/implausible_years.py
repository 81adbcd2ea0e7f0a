"""Years that are hardly meant: `0202` for 2020."""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import doubt
from ilocal.errors import Problem
from ilocal.i18n.messages import _
from ilocal.storage.loader import Registry

CODES = ("unlikely-year",)
_FIRST, _LAST = 1900, 2100


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for event in registry.events.values():
        for field in ("start", "end"):
            point = getattr(event, field)
            if point is not None and not _FIRST <= point.year <= _LAST:
                year = f"{point.year:04}"
                said = _("the year {year} is hardly meant", year=year)
                yield doubt(registry, event, field, said, "unlikely-year")
