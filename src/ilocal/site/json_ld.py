"""Events for search engines: schema.org/Event as JSON-LD, if the properties that Google requires are known."""

from __future__ import annotations

import json
import re
from typing import Any

from ilocal.model.dates import Month, Year
from ilocal.model.event import Event
from ilocal.model.event_uids import make_event_uid
from ilocal.model.registry_info import RegistryInfo
from ilocal.site.markdown import Html

_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_ENCODER = json.JSONEncoder(ensure_ascii=False)
# Markup characters, line separators, controls, and the noncharacters at the end of each plane of Unicode.
_UNSAFE_IN_SCRIPT = "[<>&\x7f-\x9f\u2028\u2029\ufdd0-\ufdef{}]".format(
    "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
)


def can_describe_event_on_page(event: Event) -> bool:
    """Return whether name, day and place of an event are known: otherwise it is left out rather than guessed."""
    return event.start is not None and not isinstance(event.start, (Month, Year)) and bool(event.location.strip())


def make_page_json_ld(
    event: Event, info: RegistryInfo, *, title: str, lang: str, start: str, end: str, excerpt: str, url: str
) -> Html:
    """Return the JSON-LD of an event, given its texts in the language of the page.

    Arguments:
        event: an event for which `can_describe_event_on_page` is true.
        info: of the registry, for the UID.
        title: its title in the language of the page.
        lang: the language of the title.
        start: day or time in ISO 8601, a time with its offset.
        end: the same, including the last day; "" for a single day.
        excerpt: the first words of its description.
        url: the absolute address of the page; "" if unknown.
    """
    place, participants = event.location.strip(), " ".join(event.participants.split())
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": title,
        "identifier": make_event_uid(event, info),
        "startDate": start,
        "endDate": end,
        "location": {"@type": "VirtualLocation", "url": place}
        if _WEB_ADDRESS.fullmatch(place)
        else {"@type": "Place", "name": place, "address": place},
        "eventStatus": _choose_status_for_search_engines(event.status),
        "description": excerpt,
        "inLanguage": lang,
        "organizer": [{"@type": "Organization", "name": name} for name in event.organizers],
        "additionalType": event.kind,
        "keywords": list(event.topics),
        "about": [{"@type": "Project", "name": name} for name in event.projects],
        "audience": {"@type": "Audience", "name": participants} if participants else "",
        "url": url,
    }
    if _WEB_ADDRESS.fullmatch(place):
        told["eventAttendanceMode"] = "https://schema.org/OnlineEventAttendanceMode"
    text = _ENCODER.encode({key: value for key, value in told.items() if value})
    return Html(_escape_for_script(text))


def _choose_status_for_search_engines(status: str) -> str:
    """Return the schema.org status; "" if there is none, as for tentative events."""
    words = {
        "cancelled": "EventCancelled",
        "postponed": "EventPostponed",
        "": "EventScheduled",
        "confirmed": "EventScheduled",
    }
    return f"https://schema.org/{words[status]}" if status in words else ""


def _escape_for_script(text: str) -> str:
    """Return JSON that ends no script, has no character that HTML forbids, and means the same."""
    return re.sub(
        _UNSAFE_IN_SCRIPT, lambda found: "".join(f"\\u{unit}" for unit in _list_utf16_units_on_page(found[0])), text
    )


def _list_utf16_units_on_page(letter: str) -> list[str]:
    data = letter.encode("utf-16-be").hex()
    return [data[at : at + 4] for at in range(0, len(data), 4)]
