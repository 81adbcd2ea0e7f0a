"""Events that may be one that stands before them, written down once more."""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import doubt
from ilocal.errors import Problem
from ilocal.model.similar_events import likeness, pairs
from ilocal.storage.loader import Registry

CODES = ("likely-duplicate",)


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for event, like in pairs(registry.events.values()):
        yield doubt(registry, event, "title", likeness(like), "likely-duplicate")
