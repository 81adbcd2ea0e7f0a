"""Time zones by their names, and the zone in which an event's local times are meant."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import cache

from ilocal.model.event import Event


def zone_of(event: Event) -> tzinfo | None:
    """The time zone of the event's times, where it says one that is known."""
    if isinstance(event.start, datetime) and event.start.tzinfo is not None:
        return event.start.tzinfo
    return zone_named(event.timezone) if event.timezone and event.timezone != FLOATING else None


@cache
def zone_named(name: str) -> tzinfo | None:
    """The time zone with this IANA name; None where there is none."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


FLOATING = "floating"  # a time zone: that of whoever reads
