"""The calendars that a user has on a server: from its address to the principal, the home and the calendars in it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from ilocal.errors import NetworkError
from ilocal.i18n.messages import _
from ilocal.model.text_folding import slugify_words
from ilocal.sync.caldav_collection import MAX_ANSWER_BYTES, DavClient
from ilocal.sync.dav_xml import CALDAV, DAV, DavResponse, iterate_hrefs, make_propfind_body
from ilocal.sync.http_client import HttpClient, HttpLimits, join_remote_url

_WELL_KNOWN_PATH = "/.well-known/caldav"  # RFC 6764, 5
_ROOT_PROPERTIES = (
    "D:resourcetype",
    "D:displayname",
    "D:current-user-principal",
    "C:calendar-home-set",
    "C:supported-calendar-component-set",
)


@dataclass(frozen=True, slots=True)
class ServerCalendar:
    """A calendar for events on a server."""

    url: str
    title: str

    def make_name(self, taken: Container[str]) -> str:
        """Return a name for the config that is not in use."""
        name = "-".join(slugify_words(self.title))[:40] or "calendar"
        n = 1
        while (candidate := name if n == 1 else f"{name}-{n}") in taken:
            n += 1
        return candidate


def find_server_calendars(url: str, credentials: tuple[str, str] | None) -> list[ServerCalendar]:
    """Return the calendars at an address, or of its user. Raises NetworkError."""
    limits = HttpLimits(max_body_bytes=MAX_ANSWER_BYTES)
    with HttpClient(allow_private=True, limits=limits, credentials=credentials) as client:
        found = list(_iterate_caldav_calendars(DavClient(url, client)))
    if not found:
        raise NetworkError(_("{address}: no event calendar found", address=DavClient(url, client).display_name))
    return found


def _iterate_caldav_calendars(dav: DavClient) -> Iterator[ServerCalendar]:
    here = _ask_caldav_server(dav, dav.url, "0")
    if calendar := _make_caldav_calendar(dav, here):
        yield calendar
        return
    homes = _find_caldav_homes(dav, here)
    if not homes:
        homes = _find_caldav_homes(dav, _ask_caldav_server(dav, join_remote_url(dav.url, _WELL_KNOWN_PATH), "0"))
    for home in homes:
        answer = dav.send_xml("PROPFIND", home, make_propfind_body(_ROOT_PROPERTIES), "1")
        for one in dav.parse(answer).responses:
            if calendar := _make_caldav_calendar(dav, one):
                yield calendar


def _ask_caldav_server(dav: DavClient, url: str, depth: str) -> DavResponse | None:
    """Return the server's properties for an address; None if it has none."""
    answer = dav.send_xml("PROPFIND", url, make_propfind_body(_ROOT_PROPERTIES), depth)
    return next(iter(dav.parse(answer).responses), None) if answer.status == 207 else None


def _find_caldav_homes(dav: DavClient, one: DavResponse | None) -> list[str]:
    """Return the addresses that hold the calendars of the user."""
    if one is None:
        return []
    homes = [dav.resolve(href) for href in iterate_hrefs(one.properties.get(f"{CALDAV}calendar-home-set"))]
    if homes:
        return homes
    for href in iterate_hrefs(one.properties.get(f"{DAV}current-user-principal")):
        principal = _ask_caldav_server(dav, dav.resolve(href), "0")
        if principal is not None:
            found = principal.properties.get(f"{CALDAV}calendar-home-set")
            homes += [dav.resolve(home) for home in iterate_hrefs(found)]
    return homes


def _make_caldav_calendar(dav: DavClient, one: DavResponse | None) -> ServerCalendar | None:
    """Return the calendar at an address; None if it is something else, or has only tasks."""
    if one is None:
        return None
    kind = one.properties.get(f"{DAV}resourcetype")
    if kind is None or kind.find(f"{CALDAV}calendar") is None:
        return None
    kinds = one.properties.get(f"{CALDAV}supported-calendar-component-set")
    names = [found.get("name", "") for found in kinds.iterfind(f"{CALDAV}comp")] if kinds is not None else []
    if names and "VEVENT" not in names:
        return None
    url = dav.resolve(one.href)
    return ServerCalendar(url, one.get_text(f"{DAV}displayname") or url.rstrip("/").rpartition("/")[2])
