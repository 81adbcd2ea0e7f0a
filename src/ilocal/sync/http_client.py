"""HTTP client: fetches documents and sends requests, with errors as sentences.

Each host name is resolved once, all its addresses are checked, and connections go to a checked address, so that the
name cannot change its meaning in between (`http_transport`). Sizes and times are limited. No message contains a
password or a token.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ilocal import progress
from ilocal.errors import NetworkError, UsageError
from ilocal.i18n.messages import N_, _, format_number
from ilocal.model.safe_text import make_text_safe
from ilocal.sync.web_addresses import hide_secrets, normalize_remote_address

if TYPE_CHECKING:
    import httpx2

MAX_REDIRECTS = 5
INSTALL_COMMAND = "pip install 'ilocal[net]'"
_REDIRECT_STATUSES = (301, 302, 303, 307, 308)
_STATUS_NAMES = {
    401: N_("unauthorized"), 403: N_("forbidden"), 404: N_("not found"), 410: N_("gone"), 429: N_("too many requests"),
    500: N_("internal server error"), 502: N_("bad gateway"), 503: N_("service unavailable"),
    504: N_("gateway timeout"), 507: N_("insufficient storage"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How long a request may take, and how much it may answer."""

    silence_seconds: float = 15.0  # without a byte
    total_seconds: float = 120.0  # from sending the request to reading the last byte
    max_body_bytes: int = 20_000_000  # also after decompression


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer, read whole. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """A document, or with `status` 304 that it has not changed.

    `etag` and `last_modified` are to be given back verbatim at the next fetch. `final_url` is where the redirects led;
    it may hold secrets: show it with `hide_secrets` only.
    """

    status: int
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    final_url: str

    @property
    def is_unchanged(self) -> bool:
        return self.status == 304


def fetch_document(
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    allow_private: bool = False,
    limits: HttpLimits | None = None,
) -> FetchedDocument:
    """Return the document at a web address, reporting progress as a task.

    Arguments:
        url: http, https or webcal; a user and password in it are sent only to that host.
        etag: of a copy that the caller has; an unchanged document has status 304 and no body.
        last_modified: the same, by time.
        allow_private: whether this machine and local networks may be contacted.
        limits: of time and size.

    Raises UsageError if it is not a web address or httpx2 is not installed, and NetworkError if fetching fails: unknown
    host, private address, too many redirects, a redirect from https to http, too large, too slow, or an error of the
    server.
    """
    address = normalize_remote_address(url)
    headers = {"Accept-Encoding": "gzip"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    shown = make_text_safe(hide_secrets(address))
    with (
        progress.track_progress(lambda n: _("Fetching {address}: {n} bytes …", address=shown, n=format_number(n))),
        HttpClient(allow_private=allow_private, limits=limits or HttpLimits()) as client,
    ):
        answer = client.request_following_redirects("GET", address, headers=headers)
    if answer.status != 304 and not 200 <= answer.status < 300:
        raise make_status_error(answer)
    found = answer.headers
    return FetchedDocument(
        answer.status,
        answer.body,
        found.get("content-type", ""),
        found.get("etag", ""),
        found.get("last-modified", ""),
        answer.url,
    )


def make_status_error(answer: HttpResponse) -> NetworkError:
    """Return the error for the status with which a server refused a request."""
    name = _STATUS_NAMES.get(answer.status)
    reason = _(name) if name else ""
    status = f"{answer.status} ({reason})" if reason else str(answer.status)
    shown = make_text_safe(hide_secrets(answer.url))
    return NetworkError(_("{address}: the server responded with {status}", address=shown, status=status))


class HttpClient:
    """HTTP client whose connections are kept open between requests; a context manager.

    Arguments:
        allow_private: whether this machine and local networks may be contacted.
        limits: limits of each request.
        credentials: user and password for each request: Basic, or Digest if the server requires it.
        transport: a transport of httpx2 that replaces the network.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        limits: HttpLimits | None = None,
        credentials: tuple[str, str] | None = None,
        transport: Any = None,
    ) -> None:
        httpx2 = import_httpx2()
        from ilocal.sync.http_transport import CheckedTransport, PasswordAuth

        self._limits = limits or HttpLimits()
        self._transport = None if transport is not None else CheckedTransport(allow_private=allow_private)
        self._auth = PasswordAuth(*credentials) if credentials else None
        self._client = httpx2.Client(
            transport=transport or self._transport,
            timeout=self._limits.silence_seconds,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "ilocal", "Accept-Encoding": "identity", "Accept": "*/*"},
        )
        self.request_count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()

    def request_following_redirects(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """Send a request, also on to where the server sends it, at most five times. Raises NetworkError."""
        address = url
        for _n in range(MAX_REDIRECTS + 1):
            answer = self.request(method, address, headers=headers)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECT_STATUSES or not target:
                return answer
            address = resolve_redirect(address, target)
        raise NetworkError(
            _("{address}: more than {n} redirects", address=make_text_safe(hide_secrets(url)), n=MAX_REDIRECTS)
        )

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> HttpResponse:
        """Send a request and return the response, whatever its status, without following redirects.

        Raises NetworkError.
        """
        httpx2 = import_httpx2()
        shown = make_text_safe(hide_secrets(url))
        self.request_count += 1
        deadline = time.monotonic() + self._limits.total_seconds
        if self._transport is not None:
            self._transport.deadline.at = deadline
        try:
            request = self._client.build_request(method, url, headers=headers, content=content)
            answer = self._client.send(request, stream=True, auth=self._auth or httpx2.USE_CLIENT_DEFAULT)
            try:
                body = self._read_body(answer, shown, deadline)
            finally:
                answer.close()
            return HttpResponse(
                answer.status_code, {name.lower(): text for name, text in answer.headers.items()}, body, url
            )
        except httpx2.TimeoutException:
            raise NetworkError(_("{address}: the server did not respond in time", address=shown)) from None
        except httpx2.ConnectError as error:
            raise _make_connect_error(shown, error) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, UnicodeError, NotImplementedError):
            raise NetworkError(
                _("{address}: the connection was lost or the response is not HTTP", address=shown)
            ) from None

    def _read_body(self, answer: httpx2.Response, shown: str, deadline: float) -> bytes:
        """Return the body of an answer, decompressed. Raises NetworkError for more than the limits allow."""
        parts, size = [], 0
        most = self._limits.max_body_bytes
        announced = answer.headers.get("content-length", "")
        too_large = NetworkError(_("{address}: more than {most} bytes", address=shown, most=format_number(most)))
        if announced.isascii() and announced.isdigit() and int(announced[:20]) > most:
            raise too_large
        for part in _decompress_http_body(answer.iter_raw(), answer.headers.get("content-encoding", ""), shown, most):
            progress.advance_progress(len(part))
            parts.append(part)
            size += len(part)
            if size > most:
                raise too_large
            if time.monotonic() > deadline:
                raise NetworkError(_("{address}: the server did not respond in time", address=shown))
        return b"".join(parts)


def _make_connect_error(shown: str, error: BaseException) -> NetworkError:
    """Return the sentence for a connection that could not be made."""
    from ilocal.sync.http_transport import PrivateAddressError, UnknownHostError

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, (PrivateAddressError, UnknownHostError)):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, PrivateAddressError):
        return NetworkError(
            _("{address}: the host is on this machine or a private network", address=shown),
            hint=_("to fetch from this address, add --private"),
        )
    if isinstance(cause, UnknownHostError):
        return NetworkError(_("{address}: unknown host", address=shown))
    if "certificate" in str(error).lower():
        return NetworkError(_("{address}: the server certificate cannot be verified", address=shown))
    return NetworkError(_("{address}: cannot connect to the server", address=shown))


def _decompress_http_body(parts: Iterator[bytes], encoding: str, shown: str, max_bytes: int) -> Iterator[bytes]:
    """Yield a body as it was before compression, in pieces of bounded size. Raises NetworkError."""
    kind = encoding.strip().lower()
    if kind in ("", "identity"):
        yield from parts
        return
    broken = NetworkError(_("{address}: the response cannot be decompressed", address=shown))
    if kind not in ("gzip", "x-gzip"):
        raise broken
    inflater = zlib.decompressobj(wbits=31)
    try:
        for part in parts:
            waiting = part
            while waiting:
                yield inflater.decompress(waiting, min(max_bytes + 1, 1 << 20))
                waiting = inflater.unconsumed_tail
    except zlib.error:
        raise broken from None
    if not inflater.eof:
        raise broken


def resolve_redirect(address: str, target: str) -> str:
    """Return the target of a redirect. Raises NetworkError if it is not a web address, or no longer encrypted.

    The user and password of the first address are kept only for the same origin; those in the target are dropped.
    """
    httpx2 = import_httpx2()
    shown = make_text_safe(hide_secrets(address))
    try:
        here = httpx2.URL(address)
        there = here.join(target).copy_with(fragment=None)
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        raise NetworkError(_("{address}: redirects to an invalid web address", address=shown)) from None
    if there.scheme not in ("http", "https") or not there.host:
        raise NetworkError(_("{address}: redirects to an invalid web address", address=shown))
    if here.scheme == "https" and there.scheme == "http":
        raise NetworkError(_("{address}: redirects to an unencrypted address", address=shown))
    is_same = get_origin(str(here)) == get_origin(str(there))
    return str(there.copy_with(username=here.username, password=here.password) if is_same else _without_user(there))


def _without_user(url: httpx2.URL) -> httpx2.URL:
    return url.copy_with(userinfo=b"")


def join_remote_url(base: str, target: str) -> str:
    """Return `target` as an absolute address, seen from `base`. Raises NetworkError."""
    httpx2 = import_httpx2()
    try:
        return str(httpx2.URL(base).join(target))
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        shown = make_text_safe(hide_secrets(base))
        raise NetworkError(_("{address}: the response contains an invalid web address", address=shown)) from None


def get_origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a web address."""
    found = import_httpx2().URL(url)
    return found.scheme, found.host.lower(), found.port or {"https": 443}.get(found.scheme, 80)


def get_url_path(url: str) -> str:
    """Return the path of a web address, percent-decoded."""
    return str(import_httpx2().URL(url).path)


def import_httpx2() -> Any:
    """Return the module httpx2. Raises UsageError if it is not installed."""
    try:
        import httpx2
    except ImportError:
        raise UsageError(
            _("the network library httpx2 is not installed"),
            hint=_("to install the library, run: {command}", command=INSTALL_COMMAND),
        ) from None
    return httpx2
