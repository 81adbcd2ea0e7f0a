"""Detection of another program's changes to an item since both sides agreed, as changes of the event.

Properties are compared with the item as it was then. An unchanged property has no effect, so a program that drops the
properties of ilocal, or shows sections as one description, removes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ilocal.errors import Diagnostic, InputError, InvalidEventError
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.formats.ics.content_lines import ComponentError, parse_content_line, unescape_text_value
from ilocal.formats.ics.extension_properties import EXTENSION_PREFIX
from ilocal.formats.ics.reader import read_calendar
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.fields import AUTOMATIC_FIELDS, FIELD_NAMES
from ilocal.model.merge import merge_lists
from ilocal.model.projections import merge_overrides
from ilocal.model.registry_info import RegistryInfo
from ilocal.sync.calendar_items import (
    CalendarNode,
    find_item_uids,
    fold_line_for_server,
    get_property_name_of_item,
    parse_calendar_from_server,
)
from ilocal.sync.description_parts import place_synced_description

_TIME_FIELDS = ("start", "end", "timezone")
_SERIES_FIELDS = ("rrule", "rdates", "exdates", "overrides")
_TEXT_FIELDS = ("summary", "description", "sections")
_GROUPS = (_TIME_FIELDS, _SERIES_FIELDS, _TEXT_FIELDS)
_UNCOMPARED_FIELDS = frozenset(("id", "uid", "recurrence_id", *AUTOMATIC_FIELDS, *(n for g in _GROUPS for n in g)))


class ItemError(InputError):
    """An item that cannot be read as one event."""


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Read items for a registry; `today` is for dates that depend on it."""

    info: RegistryInfo
    today: date

    def read_item(self, text: str) -> ReadItem:
        """Return a parsed item. Raises ItemError."""
        try:
            calendar = parse_calendar_from_server(text)
        except InputError as error:
            raise ItemError(error.line, error.reason) from None
        uids = find_item_uids(calendar)
        if len(uids) != 1:
            raise ItemError(1, _("the item must contain exactly one event with a UID"))
        plain = _format_remote_event_without_extensions(calendar)
        own = _read_remote_extension_values(calendar)
        heard = self._read_event(plain)
        return ReadItem(uids[0], self._read_event(text) if own else heard, heard, own)

    def _read_event(self, text: str) -> Event:
        options = ReadOptions(self.today, self.info)
        try:
            found = list(read_calendar(text, options))
        except InputError as error:
            raise ItemError(error.line, error.reason) from None
        events = [one.event for one in found if isinstance(one, ImportedEvent)]
        if len(events) != 1:
            errors = [one for one in found if isinstance(one, Diagnostic) and one.severity == "error"]
            raise ItemError(1, errors[0].message if errors else _("the item must contain exactly one event with a UID"))
        return events[0]


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item as read: its event with the properties of ilocal, the one without them, and their values."""

    uid: str
    event: Event
    heard: Event
    extensions: Mapping[str, str]  # as written, by the name of the field

    @property
    def has_extensions(self) -> bool:
        """Return whether a program wrote it that keeps the properties of ilocal."""
        return "id" in self.extensions


def _format_remote_event_without_extensions(calendar: CalendarNode) -> str:
    def iterate(node: CalendarNode) -> Iterator[str]:
        yield f"BEGIN:{node.name}\r\n"
        yield from (
            fold_line_for_server(line)
            for line in node.lines
            if not get_property_name_of_item(line).startswith(EXTENSION_PREFIX)
        )
        for child in node.children:
            yield from iterate(child)
        yield f"END:{node.name}\r\n"

    return "".join(iterate(calendar))


def _read_remote_extension_values(calendar: CalendarNode) -> dict[str, str]:
    found = {}
    for node in calendar.children:
        for line in node.lines if node.name == "VEVENT" and not node.get_lines("RECURRENCE-ID") else ():
            name = get_property_name_of_item(line)
            if name.startswith(EXTENSION_PREFIX):
                try:
                    value = parse_content_line(line).value
                except ComponentError:
                    continue
                found[name.removeprefix(EXTENSION_PREFIX).lower()] = unescape_text_value(value)
    return found


@dataclass(frozen=True, slots=True)
class TheirVersion:
    """The event as the other side changed it, and the fields whose changes cannot be placed in it."""

    event: Event
    unplaced_fields: tuple[str, ...] = ()


def apply_remote_changes(base: Event, before: ReadItem, now: ReadItem) -> TheirVersion:
    """Return `base` with the changes of the item from `before` to `now`. Raises ItemError."""
    values: dict[str, Any] = {}
    unplaced: tuple[str, ...] = ()
    singles = [(name,) for name in (*FIELD_NAMES, "extra") if name not in _UNCOMPARED_FIELDS]
    for group in (*_GROUPS, *singles):
        if _have_remote_extensions_changed(before, now, group):
            values |= {name: getattr(now.event, name) for name in group}
        elif all(getattr(before.heard, name) == getattr(now.heard, name) for name in group):
            continue
        elif group == _TEXT_FIELDS:
            placed = place_synced_description(base, before.heard.description, now.heard.description)
            values |= placed or {}
            unplaced = ("description",) if placed is None else ()
        elif group == _SERIES_FIELDS:
            values |= _merge_series(base, before.heard, now.heard)
        elif group == ("organizers",):
            values["organizers"] = merge_lists(before.heard.organizers, base.organizers, now.heard.organizers)
        else:
            values |= {name: getattr(now.heard, name) for name in group}
    try:
        return TheirVersion(replace(base, **values), unplaced)
    except InvalidEventError as error:
        raise ItemError(1, error.message) from None


def flatten_remote_description(their: TheirVersion, now: ReadItem) -> Event:
    """Return their event with the description as one text, if it cannot be split."""
    if not their.unplaced_fields:
        return their.event
    return replace(their.event, summary="", description=now.heard.description, sections=())


def _have_remote_extensions_changed(before: ReadItem, now: ReadItem, group: tuple[str, ...]) -> bool:
    """Return whether another ilocal changed a field of the group; omitted long values are not removals."""
    if not now.has_extensions:
        return False
    omitted = now.extensions.get("omitted", "")
    return any(
        before.extensions.get(name) != now.extensions.get(name)
        for name in group
        if name in now.extensions or (before.has_extensions and name in before.extensions and name not in omitted)
    )


def _merge_series(base: Event, before: Event, now: Event) -> dict[str, Any]:
    """Return the rule and the occurrences of a series, including those of ours that the item could not express."""
    values: dict[str, Any] = {"rrule": now.rrule, "rdates": now.rdates}
    try:
        merged = merge_overrides(replace(now, title=base.title), base, before)
    except InvalidEventError as error:
        raise ItemError(1, error.message) from None
    return values | {"exdates": merged.exdates, "overrides": merged.overrides}
