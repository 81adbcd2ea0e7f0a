"""UIDs by which calendars know events."""

from __future__ import annotations

from hashlib import sha256

from ilocal.model.describe import format_period
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo

DEFAULT_UID_DOMAIN = "ilocal"  # of UIDs, where the registry has no uid_domain


def make_event_uid(event: Event, header: RegistryInfo) -> str:
    """Return the UID of an event; for one without an id, computed from its content."""
    if event.uid:
        return event.uid
    name = (
        event.id
        or sha256(f"{event.title}\n{format_period(event.start, event.end)}".encode(errors="replace")).hexdigest()[:32]
    )
    return f"{name}@{header.uid_domain or DEFAULT_UID_DOMAIN}"
