"""XML of WebDAV and CalDAV: the bodies of requests, and answers of several statuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from ilocal.errors import NetworkError
from ilocal.i18n.messages import _

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
_MAX_DEPTH = 30  # of elements in each other
_STATUS_PATTERN = re.compile(r"HTTP/\S+\s+([0-9]{3})")
_NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'


@dataclass(frozen=True, slots=True)
class DavResponse:
    """A server's response for one address: a status, or its properties."""

    href: str
    status: int  # 200 if there are properties
    properties: dict[str, ElementTree.Element]  # existing properties by name

    def get_text(self, name: str) -> str:
        """Return the text of a property; "" if it is missing."""
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""


@dataclass(frozen=True, slots=True)
class Multistatus:
    """An answer of several statuses, and the token of a report on changes."""

    responses: Sequence[DavResponse]
    token: str = ""


class _GuardedBuilder(ElementTree.TreeBuilder):
    """Build a tree without definitions of entities, and not too deep."""

    depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse a document type, in which entities could be defined."""
        raise ValueError(name)

    def start(self, tag: str, attrs: dict[Any, Any]) -> ElementTree.Element:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ValueError(tag)
        return super().start(tag, attrs)

    def end(self, tag: str) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag)


def parse_dav_xml(body: bytes, shown: str) -> ElementTree.Element:
    """Return the root of an answer; `shown` names the server. Raises NetworkError."""
    try:
        return ElementTree.fromstring(body, ElementTree.XMLParser(target=_GuardedBuilder()))
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError):
        raise NetworkError(_("{address}: the response is not valid CalDAV XML", address=shown)) from None


def parse_multistatus(body: bytes, shown: str) -> Multistatus:
    """Return an answer of several statuses. Raises NetworkError."""
    root = parse_dav_xml(body, shown)
    if root.tag != f"{DAV}multistatus":
        raise NetworkError(_("{address}: the response is not valid CalDAV XML", address=shown))
    responses = [_parse_response(one) for one in root.iterfind(f"{DAV}response")]
    return Multistatus(responses, (root.findtext(f"{DAV}sync-token") or "").strip())


def _parse_response(element: ElementTree.Element) -> DavResponse:
    properties: dict[str, ElementTree.Element] = {}
    for propstat in element.iterfind(f"{DAV}propstat"):
        if _parse_dav_status(propstat.findtext(f"{DAV}status")) // 100 == 2:
            properties |= {one.tag: one for parent in propstat.iterfind(f"{DAV}prop") for one in parent}
    status = element.findtext(f"{DAV}status")
    found = _parse_dav_status(status) if status else 200 if properties else 404
    return DavResponse((element.findtext(f"{DAV}href") or "").strip(), found, properties)


def _parse_dav_status(text: str | None) -> int:
    found = _STATUS_PATTERN.match((text or "").strip())
    return int(found[1]) if found else 200


def has_error_condition(body: bytes, name: str) -> bool:
    """Return whether the body of an error names a condition such as `valid-sync-token` (RFC 4918, 16)."""
    return name.encode() in body


# -------------------------------------------------------------------------------------------------------------- bodies


def make_propfind_body(names: Iterable[str]) -> bytes:
    """Return the body of a request for properties, such as `D:getetag`."""
    return _make_body("D:propfind", f"<D:prop>{_make_dav_tags(names)}</D:prop>")


def make_sync_body(token: str) -> bytes:
    """Return the body of a request for changes since a token, or for everything (RFC 6578)."""
    inner = f"<D:sync-token>{escape(token)}</D:sync-token><D:sync-level>1</D:sync-level>"
    return _make_body("D:sync-collection", f"{inner}<D:prop><D:getetag/></D:prop>")


def make_multiget_body(hrefs: Iterable[str]) -> bytes:
    """Return the body of a request for items by name (RFC 4791, 7.9)."""
    names = "".join(f"<D:href>{escape(href)}</D:href>" for href in hrefs)
    return _make_body("C:calendar-multiget", f"<D:prop><D:getetag/><C:calendar-data/></D:prop>{names}")


def _make_body(tag: str, inner: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><{tag} {_NAMESPACES}>{inner}</{tag}>'.encode()


def _make_dav_tags(names: Iterable[str]) -> str:
    return "".join(f"<{name}/>" for name in names)


def iterate_hrefs(element: ElementTree.Element | None) -> Iterator[str]:
    """Yield the addresses in a property."""
    if element is not None:
        yield from ((one.text or "").strip() for one in element.iterfind(f"{DAV}href"))
