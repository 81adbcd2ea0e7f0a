"""Time zones that there are not, of the registry and of its events."""

from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import doubt, head_line, own_table
from ilocal.errors import Problem
from ilocal.i18n.messages import _
from ilocal.model.safe_text import safe
from ilocal.model.timezones import FLOATING, zone_named
from ilocal.storage.loader import Registry

CODES = ("no-time-zone",)


def doubts(registry: Registry, today: date) -> Iterator[Problem]:
    for source in registry.sources:
        zone = own_table(source).get("timezone")
        if isinstance(zone, str) and zone and zone_named(zone) is None:
            line = head_line(source, "timezone")
            yield Problem(line, _no_zone(zone), "timezone", "warning", file=source.file, code="no-time-zone")
    for event in registry.events.values():
        if event.timezone not in ("", FLOATING) and zone_named(event.timezone) is None:
            yield doubt(registry, event, "timezone", _no_zone(event.timezone), "no-time-zone")


def _no_zone(name: str) -> str:
    return _('there is no time zone "{name}"', name=safe(name))
