"""Events that may be duplicates of an earlier one."""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import make_check_warning
from ilocal.errors import Diagnostic
from ilocal.model.similar_events import describe_similar_event, find_similar_events
from ilocal.storage.loader import ParsedRegistry

CODES = ("likely-duplicate",)


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for event, like in find_similar_events(registry.events.values()):
        yield make_check_warning(registry, event, "title", describe_similar_event(like), "likely-duplicate")
