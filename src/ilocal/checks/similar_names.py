"""Names that are spelled almost like a more frequent one: two lists where one was meant."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import doubt
from ilocal.errors import Problem
from ilocal.model.similar_names import FIELDS, likeness, meant, names_in
from ilocal.storage.loader import Registry

CODES = ("similar-name",)


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for field in FIELDS:
        counts = Counter(name for event in registry.events.values() for name in names_in(event, field))
        found = meant(counts)
        for event in registry.events.values() if found else ():
            for name in names_in(event, field):
                if name in found:
                    yield doubt(registry, event, field, likeness(name, found[name]), "similar-name")
