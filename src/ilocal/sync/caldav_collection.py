"""Calendars on CalDAV servers (RFC 4791), with incremental changes if the server supports them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from secrets import token_hex
from types import TracebackType
from typing import Self

from ilocal.errors import NetworkError
from ilocal.i18n.messages import _, format_number
from ilocal.model.safe_text import make_text_safe
from ilocal.sync.collection import MAX_ITEM_BYTES, FetchedItem, ItemChangedError, ItemRefusedError, Listing
from ilocal.sync.dav_xml import (
    CALDAV,
    DAV,
    DavResponse,
    Multistatus,
    has_error_condition,
    make_multiget_body,
    make_propfind_body,
    make_sync_body,
    parse_multistatus,
)
from ilocal.sync.http_client import (
    HttpClient,
    HttpLimits,
    HttpResponse,
    get_origin,
    get_url_path,
    join_remote_url,
    make_status_error,
    resolve_redirect,
)
from ilocal.sync.web_addresses import hide_secrets, normalize_remote_address

MAX_WAIT_SECONDS = 60.0  # longest pause that a server may ask for
MAX_ATTEMPTS = 3  # of a request, if the server asks for pauses
MAX_REDIRECTS = 5
MAX_ANSWER_BYTES = 100_000_000  # of a listing, or a hundred items
_PAUSE_STATUSES = (429, 503)
_REDIRECT_STATUSES = (301, 302, 307, 308)
_PLAIN_NAME_PATTERN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}")
_SYNC_TOKEN_PREFIX, _NO_REPORTS = "sync:", "list"  # the meaning of `Listing.token`


class DavClient:
    """Client of one server: follows redirects within it, waits when asked to, and refuses addresses elsewhere."""

    def __init__(self, url: str, client: HttpClient, sleep: Callable[[float], None] = time.sleep) -> None:
        self.url = normalize_remote_address(url)
        self._client, self._sleep = client, sleep

    @property
    def display_name(self) -> str:
        """Return the address in messages, without secrets."""
        return make_text_safe(hide_secrets(self.url))

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> HttpResponse:
        """Send a request, waiting and retrying if the server asks for a pause. Raises NetworkError."""
        address = url
        for _redirect in range(MAX_REDIRECTS + 1):
            answer = self._request_patiently(method, address, headers, content)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECT_STATUSES or not target:
                return answer
            address = self.require_same_origin(resolve_redirect(address, target))
        raise NetworkError(_("{address}: more than {n} redirects", address=self.display_name, n=MAX_REDIRECTS))

    def _request_patiently(
        self, method: str, url: str, headers: Mapping[str, str] | None, content: bytes | None
    ) -> HttpResponse:
        for attempt in range(MAX_ATTEMPTS):
            answer = self._client.request(method, url, headers=headers, content=content)
            if answer.status not in _PAUSE_STATUSES or attempt == MAX_ATTEMPTS - 1:
                break
            said = answer.headers.get("retry-after", "")
            self._sleep(min(float(said) if said.isascii() and said.isdigit() else 5.0, MAX_WAIT_SECONDS))
        if answer.status == 401:
            raise NetworkError(_("{address}: the server rejected the user name or password", address=self.display_name))
        return answer

    def send_xml(self, method: str, url: str, body: bytes, depth: str) -> HttpResponse:
        """Send a request with an XML body. Raises NetworkError."""
        headers = {"Depth": depth, "Content-Type": 'application/xml; charset="utf-8"'}
        return self.request(method, url, headers=headers, content=body)

    def require_same_origin(self, url: str) -> str:
        """Return an address on this server. Raises NetworkError for one on another."""
        if get_origin(url) != get_origin(self.url):
            raise NetworkError(
                _("{address}: the server refers to addresses on another server", address=self.display_name)
            )
        return url

    def resolve(self, href: str) -> str:
        """Return the address that a server names, on itself. Raises NetworkError."""
        return self.require_same_origin(join_remote_url(self.url, href))

    def parse(self, answer: HttpResponse) -> Multistatus:
        """Return an answer of several statuses. Raises NetworkError for any other."""
        if answer.status != 207:
            raise make_status_error(answer)
        return parse_multistatus(answer.body, self.display_name)


class CaldavCollection:
    """The items of one calendar. Their names are the paths of their addresses, as the server has them."""

    def __init__(self, url: str, client: HttpClient, sleep: Callable[[float], None] = time.sleep) -> None:
        address = url if url.endswith("/") else f"{url}/"
        self._client, self._dav = client, DavClient(address, client, sleep)

    @property
    def request_count(self) -> int:
        """Return how many requests were sent."""
        return self._client.request_count

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, traceback)

    # ------------------------------------------------------------------------------------------------------------ read

    def list_items(self, token: str) -> Listing:
        """Return the changes since `token` if the server reports them, else the states of all items."""
        if token != _NO_REPORTS:
            since = token.removeprefix(_SYNC_TOKEN_PREFIX)
            found = self._report_changes(since)
            if found is None and since:
                since, found = "", self._report_changes("")
            if found is not None:
                return self._make_sync_listing(found, is_complete=not since)
        answer = self._dav.send_xml("PROPFIND", self._dav.url, make_propfind_body(["D:getetag", "D:resourcetype"]), "1")
        return Listing(dict(self._iterate_etags(self._dav.parse(answer).responses)), token=_NO_REPORTS)

    def _report_changes(self, token: str) -> Multistatus | None:
        """Return the complete report on changes; None if the server has none since that token."""
        responses: list[DavResponse] = []
        since = token
        while True:
            answer = self._dav.send_xml("REPORT", self._dav.url, make_sync_body(since), "0")
            is_refused = answer.status in (400, 403, 405, 409, 412, 415, 501)
            if is_refused and (not token or has_error_condition(answer.body, "valid-sync-token")):
                return None
            found = self._dav.parse(answer)
            responses += found.responses
            is_cut = any(one.status == 507 for one in found.responses)
            if not is_cut or not found.token or found.token == since:
                return Multistatus(responses, found.token)
            since = found.token

    def _make_sync_listing(self, found: Multistatus, *, is_complete: bool) -> Listing:
        etags = dict(self._iterate_etags(found.responses))
        removed = frozenset(self._get_href(one) for one in found.responses if one.status == 404) - etags.keys()
        token = _SYNC_TOKEN_PREFIX + found.token if found.token else ""
        return Listing(etags, removed, is_complete, token)

    def _iterate_etags(self, responses: Sequence[DavResponse]) -> list[tuple[str, str]]:
        found = []
        for one in responses:
            kind = one.properties.get(f"{DAV}resourcetype")
            is_folder = kind is not None and kind.find(f"{DAV}collection") is not None
            href = self._get_href(one)
            if one.status == 200 and not is_folder and not href.endswith("/") and f"{DAV}getetag" in one.properties:
                found.append((href, one.get_text(f"{DAV}getetag")))
        return found

    def _get_href(self, one: DavResponse) -> str:
        """Return the name of an item: its path, decoded. Raises NetworkError for one on another server."""
        return get_url_path(self._dav.resolve(one.href))

    def fetch_items(self, hrefs: Sequence[str]) -> dict[str, FetchedItem]:
        """Return the existing items by name. Raises NetworkError."""
        if not hrefs:
            return {}
        body = make_multiget_body(_encode_path(href) for href in hrefs)
        answer = self._dav.send_xml("REPORT", self._dav.url, body, "1")
        found = {}
        for one in self._dav.parse(answer).responses:
            data = one.properties.get(f"{CALDAV}calendar-data")
            if one.status == 200 and data is not None and data.text:
                found[self._get_href(one)] = FetchedItem(one.get_text(f"{DAV}getetag"), data.text)
            elif one.status not in (200, 404):
                raise NetworkError(
                    _(
                        "{address}: the server responded with {status}",
                        address=self._dav.display_name,
                        status=one.status,
                    )
                )
        return {href: found[href] for href in hrefs if href in found}

    # ----------------------------------------------------------------------------------------------------------- write

    def create_item(self, uid: str, text: str) -> tuple[str, str]:
        """Create an item under a free name. Raises ItemChangedError, ItemRefusedError, NetworkError."""
        stem = uid if _PLAIN_NAME_PATTERN.fullmatch(uid) else sha256(uid.encode()).hexdigest()[:32]
        # A server that keeps deleted items may refuse their names but accept others.
        names = (stem, f"{stem[:80]}-{token_hex(4)}")
        for name in names:
            url = f"{self._dav.url}{name}.ics"
            answer = self._put_item(url, text, {"If-None-Match": "*"})
            is_uid_taken = has_error_condition(answer.body, "no-uid-conflict")
            if answer.status not in (400, 403, 409, 412) or is_uid_taken or name == names[-1]:
                break
        if is_uid_taken or answer.status == 412:
            raise ItemChangedError(_("the server already has an item with this UID"))
        self._require_success(answer)
        return get_url_path(url), self._get_etag(answer)

    def replace_item(self, href: str, etag: str, text: str) -> str:
        """Replace the text of an item. Raises ItemChangedError, ItemRefusedError, NetworkError."""
        answer = self._put_item(self._get_url(href), text, {"If-Match": _strengthen_caldav_tag(etag)} if etag else {})
        if answer.status in (404, 410, 412):
            raise ItemChangedError(_("the item was changed on the server by another program"))
        self._require_success(answer)
        return self._get_etag(answer)

    def delete_item(self, href: str, etag: str) -> None:
        """Delete an item. Raises ItemChangedError, ItemRefusedError, NetworkError."""
        headers = {"If-Match": _strengthen_caldav_tag(etag)} if etag else {}
        answer = self._dav.request("DELETE", self._get_url(href), headers=headers)
        if answer.status == 412:
            raise ItemChangedError(_("the item was changed on the server by another program"))
        if answer.status not in (404, 410):
            self._require_success(answer)

    def _put_item(self, url: str, text: str, headers: Mapping[str, str]) -> HttpResponse:
        data = text.encode()
        if len(data) > MAX_ITEM_BYTES:
            raise ItemRefusedError(_("more than {most} bytes", most=format_number(MAX_ITEM_BYTES)))
        kind = {"Content-Type": "text/calendar; charset=utf-8"}
        return self._dav.request("PUT", url, headers={**kind, **headers}, content=data)

    def _require_success(self, answer: HttpResponse) -> None:
        """Raise ItemRefusedError for an item that the server does not take, NetworkError for a server in trouble."""
        if 200 <= answer.status < 300:
            return
        error = make_status_error(answer)
        if answer.status in (500, 502, 503, 504, 507, 429):
            raise error
        raise ItemRefusedError(error.message)

    def _get_etag(self, answer: HttpResponse) -> str:
        """Return the state after a write; "" if the server does not report it, or only a weak one."""
        etag = answer.headers.get("etag", "")
        return "" if etag.startswith("W/") else etag

    def _get_url(self, href: str) -> str:
        return self._dav.resolve(_encode_path(href))


def _strengthen_caldav_tag(etag: str) -> str:
    """Return an entity tag for If-Match, which does not allow weak ones (RFC 9110, 13.1.1)."""
    return etag.removeprefix("W/")


def _encode_path(path: str) -> str:
    """Return a path with all but plain characters percent-encoded."""
    return "".join(
        letter
        if re.fullmatch(r"[A-Za-z0-9/._~@:+,=!$&'()*;-]", letter)
        else "".join(f"%{b:02X}" for b in letter.encode())
        for letter in path
    )


def open_caldav_collection(url: str, credentials: tuple[str, str] | None) -> CaldavCollection:
    """Return the calendar at an address that the user has given, which may be on a private network."""
    limits = HttpLimits(silence_seconds=30, total_seconds=300, max_body_bytes=MAX_ANSWER_BYTES)
    return CaldavCollection(url, HttpClient(allow_private=True, limits=limits, credentials=credentials))
