"""Time zones by name, and the zone of an event's local times."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ilocal.model.event import Event

FLOATING_TIMEZONE = "floating"  # a time zone: that of the reader


def get_event_timezone(event: Event) -> tzinfo | None:
    """Return the time zone of the event's times; None if it has none or an unknown one."""
    if isinstance(event.start, datetime) and event.start.tzinfo is not None:
        return event.start.tzinfo
    return load_timezone(event.timezone) if event.timezone and event.timezone != FLOATING_TIMEZONE else None


@cache
def load_timezone(name: str) -> ZoneInfo | None:
    """Return the time zone with this IANA name, in IANA's spelling; None if there is none."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
