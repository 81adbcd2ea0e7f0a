"""Names spelled almost like a more frequent one, which split a list in two."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import make_check_warning
from ilocal.errors import Diagnostic
from ilocal.model.similar_names import (
    NAME_FIELDS,
    find_intended_names_of_events,
    find_most_similar_name,
    get_names_in_field,
)
from ilocal.storage.loader import ParsedRegistry

CODES = ("similar-name",)


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for field in NAME_FIELDS:
        counts = Counter(name for event in registry.events.values() for name in get_names_in_field(event, field))
        found = find_intended_names_of_events(counts)
        for event in registry.events.values() if found else ():
            for name in get_names_in_field(event, field):
                if name in found:
                    yield make_check_warning(
                        registry, event, field, find_most_similar_name(name, found[name]), "similar-name"
                    )
