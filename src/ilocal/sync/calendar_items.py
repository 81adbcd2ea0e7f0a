"""Conversion of an event to an item of another program's calendar, keeping that program's additions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from ilocal.errors import InputError
from ilocal.formats.ics.content_lines import (
    ComponentError,
    Property,
    escape_text_value,
    fold_content_line,
    parse_content_line,
    unescape_text_value,
    unfold_content_lines,
)
from ilocal.formats.ics.extension_properties import EXTENSION_PREFIX, add_extension_properties
from ilocal.formats.ics.timezones import build_vtimezone
from ilocal.formats.ics.to_vevent import CANCELLED_PREFIXES, collect_vevent_tzids, event_to_vevents
from ilocal.i18n.messages import _
from ilocal.model.dates import to_date_range
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo

MAX_EXTENSION_CHARACTERS = 20_000  # of an extension property; DAVx5 drops properties of more than 25,000
OMITTED_PROPERTY = f"{EXTENSION_PREFIX}OMITTED"  # lists the fields whose properties would be longer
_MAX_DEPTH = 8  # of components in each other
# Properties that ilocal sets. All others in an item belong to other programs and are kept.
_MANAGED_PROPERTIES = frozenset(
    (
        "UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SUMMARY", "STATUS", "LOCATION", "DESCRIPTION",
        "CATEGORIES", "URL", "ORGANIZER", "CREATED", "LAST-MODIFIED", "SEQUENCE", "RRULE", "RDATE", "EXDATE",
        "EXRULE", "RECURRENCE-ID",
    )
)  # fmt: skip
# Differences in these are not changes of an event.
_IGNORED_PROPERTIES = frozenset(
    (
        "PRODID", "VERSION", "CALSCALE", "METHOD", "NAME", "REFRESH-INTERVAL", "DTSTAMP", "LAST-MODIFIED",
        "CREATED", "SEQUENCE", "X-PUBLISHED-TTL", "X-LIC-ERROR", "X-MOZ-GENERATION", "X-MOZ-LASTACK",
    )
)  # fmt: skip
_IGNORED_PREFIXES = ("X-RADICALE-", "X-WR-")
_LISTED_PROPERTIES = ("CATEGORIES", "RESOURCES")  # properties in which an escaped comma does not separate


@dataclass
class CalendarNode:
    """A component: its content lines, unfolded, and the components in it."""

    name: str
    lines: list[str] = field(default_factory=list)
    children: list[CalendarNode] = field(default_factory=list)

    def get_lines(self, name: str) -> list[str]:
        """Return the content lines of a property."""
        return [line for line in self.lines if get_property_name_of_item(line) == name]


def get_property_name_of_item(line: str) -> str:
    """Return the name of a content line, in capitals."""
    return re.split("[:;]", line, maxsplit=1)[0].strip().upper()


def parse_calendar_from_server(text: str) -> CalendarNode:
    """Return the VCALENDAR of a text. Raises InputError for anything that is not one whole calendar."""
    root = CalendarNode("")
    open_nodes = [root]
    for number, line, _source in unfold_content_lines(text.removeprefix("\ufeff")):
        word, _colon, name = line.strip().partition(":")
        if word.upper() == "BEGIN":
            node = CalendarNode(name.strip().upper())
            open_nodes[-1].children.append(node)
            open_nodes.append(node)
            if len(open_nodes) > _MAX_DEPTH:
                raise InputError(number, _("components are nested too deeply"))
        elif word.upper() == "END":
            if len(open_nodes) < 2 or open_nodes.pop().name != name.strip().upper():
                raise InputError(number, _("an END line has no matching BEGIN line"))
        elif line.strip():
            open_nodes[-1].lines.append(line)
    if len(open_nodes) != 1 or [node.name for node in root.children] != ["VCALENDAR"]:
        raise InputError(1, _("expected exactly one calendar (BEGIN:VCALENDAR)"))
    return root.children[0]


def find_item_uids(calendar: CalendarNode) -> list[str]:
    """Return the UIDs of the events in a calendar, each once; empty if it has only tasks or notes."""
    events = [node for node in calendar.children if node.name == "VEVENT"]
    uids = (unescape_text_value(line.partition(":")[2]).strip() for node in events for line in node.get_lines("UID"))
    return list(dict.fromkeys(uids))


# ------------------------------------------------------------------------------------------------------------- compare


def canonicalize_item(text: str) -> str:
    """Return a text that is equal for two items with the same meaning, whichever program wrote them.

    Order, folding, escapes, timestamps, program names and definitions of time zones are ignored. Raises InputError.
    """
    return "\n".join(_canonical_lines(parse_calendar_from_server(text)))


def _canonical_lines(node: CalendarNode) -> Iterator[str]:
    yield f"BEGIN:{node.name}"
    yield from sorted(_canonical_line(line) for line in node.lines if not _is_ignored(get_property_name_of_item(line)))
    inner = [list(_canonical_lines(child)) for child in node.children if child.name != "VTIMEZONE"]
    for lines in sorted(inner):
        yield from lines
    yield f"END:{node.name}"


def _is_ignored(name: str) -> bool:
    return name in _IGNORED_PROPERTIES or name.startswith(_IGNORED_PREFIXES)


def _canonical_line(line: str) -> str:
    try:
        one = parse_content_line(line)
    except ComponentError:
        return line
    value = one.value if one.name in _LISTED_PROPERTIES else unescape_text_value(one.value).replace("\n", "\\n")
    params = ";".join(f"{name}={text}" for name, text in sorted(one.params.items()))
    return f"{one.name};{params}:{value.rstrip()}"


# --------------------------------------------------------------------------------------------------------------- write


def format_item_for_server(event: Event, info: RegistryInfo, current_text: str = "") -> str:
    """Return the item of an event, which must have a start: a calendar with its VEVENTs and time zones.

    Alarms, attendees and other properties of `current_text`, the item's current text, are kept.
    """
    lang = info.language if info.language in CANCELLED_PREFIXES else "en"
    vevents = event_to_vevents(event, info, lang)
    vevents = [_limit_extensions_sent_to_server(one) for one in add_extension_properties(event, vevents, info)]
    parts = ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ilocal//ilocal//EN\r\nCALSCALE:GREGORIAN\r\n"]
    year = to_date_range(event.start).first.year if event.start else 1970
    for tzid in sorted(set(collect_vevent_tzids(vevents))):
        parts.append(_format_timezone_for_server(tzid, year // 10 * 10))
    current = _find_current_vevents_of_remote_item(current_text)
    for properties in vevents:
        recurrence = next((one.value for one in properties if one.name == "RECURRENCE-ID"), "")
        parts.append(_format_vevent_for_server(properties, current.get(recurrence)))
    return "".join(parts) + "END:VCALENDAR\r\n"


@cache
def _format_timezone_for_server(tzid: str, decade: int) -> str:
    return build_vtimezone(tzid, decade, decade + 9)


def _limit_extensions_sent_to_server(properties: Sequence[Property]) -> list[Property]:
    """Return the properties without those of ours that other programs would not keep, and with the names of these."""
    long = [
        one for one in properties if one.name.startswith(EXTENSION_PREFIX) and len(one.value) > MAX_EXTENSION_CHARACTERS
    ]
    names = json.dumps([one.name.removeprefix(EXTENSION_PREFIX).lower() for one in long])
    omitted = [Property(OMITTED_PROPERTY, escape_text_value(names))] if long else []
    return [one for one in properties if one not in long] + omitted


def _find_current_vevents_of_remote_item(text: str) -> dict[str, CalendarNode]:
    """Return the VEVENTs of an item by the value of their RECURRENCE-ID."""
    if not text:
        return {}
    try:
        nodes = parse_calendar_from_server(text).children
    except InputError:
        return {}
    found = {}
    for node in nodes:
        if node.name == "VEVENT":
            recurrence = next(iter(node.get_lines("RECURRENCE-ID")), "")
            found[recurrence.rpartition(":")[2].strip()] = node
    return found


def _format_vevent_for_server(properties: Sequence[Property], current: CalendarNode | None) -> str:
    ours = [one for one in properties if not (current and one.name == "TRANSP" and current.get_lines("TRANSP"))]
    kept = list(_iterate_lines_of_other_calendar_programs(ours, current)) if current else []
    inner = [_format_node_for_server(child) for child in current.children] if current else []
    body = "".join(fold_content_line(_raise_sequence(one, current)) for one in ours)
    return f"BEGIN:VEVENT\r\n{body}{''.join(map(fold_line_for_server, kept))}{''.join(inner)}END:VEVENT\r\n"


def _raise_sequence(one: Property, current: CalendarNode | None) -> Property:
    """Return SEQUENCE, at least as high as in the current item (RFC 5546, 2.1.4)."""
    if one.name != "SEQUENCE" or current is None:
        return one
    numbers = [line.rpartition(":")[2].strip() for line in current.get_lines("SEQUENCE")]
    most = max([int(one.value), *(int(number) for number in numbers if re.fullmatch("[0-9]{1,9}", number))])
    return Property(one.name, str(most), one.params)


def _iterate_lines_of_other_calendar_programs(ours: Sequence[Property], current: CalendarNode) -> Iterator[str]:
    """Yield the content lines of an item that other programs added and that are still valid."""
    names = {one.name for one in ours}
    description = next((one.text for one in ours if one.name == "DESCRIPTION"), "")
    before = [unescape_text_value(line.partition(":")[2]) for line in current.get_lines("DESCRIPTION")]
    for line in current.lines:
        name = get_property_name_of_item(line)
        if name == "ORGANIZER" and "ORGANIZER" not in names:
            yield line  # who invited, which an organizer of ours without an address is not
        elif name == "X-ALT-DESC" and before != [description]:
            continue  # the description as it was, in HTML
        elif name not in _MANAGED_PROPERTIES and not name.startswith(EXTENSION_PREFIX):
            yield line


def _format_node_for_server(node: CalendarNode) -> str:
    inner = "".join(map(fold_line_for_server, node.lines)) + "".join(map(_format_node_for_server, node.children))
    return f"BEGIN:{node.name}\r\n{inner}END:{node.name}\r\n"


def fold_line_for_server(line: str) -> str:
    """Return a content line folded at 75 octets, never inside of a letter (RFC 5545, 3.1)."""
    parts, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > 75:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += width
    return "\r\n".join(parts) + "\r\n"
