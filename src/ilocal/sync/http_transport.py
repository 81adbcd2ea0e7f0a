"""Transport of HTTP: connections to checked addresses within a deadline, and password authentication.

Imported only if httpx2 is installed and a command contacts a server. No other module opens a socket.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Generator, Iterable
from typing import Any

import httpcore2
import httpx2

from ilocal.sync.web_addresses import is_private_address

KEEPALIVE_SECONDS = 30.0  # for how long an idle connection is reused


class PrivateAddressError(OSError):
    """A host that is, at least by one of its addresses, on this machine or a private network."""


class UnknownHostError(OSError):
    """A name that no host has."""


def resolve_host(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, the preferred one first. Raises UnknownHostError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnknownHostError(host) from None
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def resolve_checked_addresses(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the addresses to connect to, all of them checked. Raises PrivateAddressError, UnknownHostError."""
    found = resolve_host(host, port)
    if not allow_private and any(is_private_address(one) for one in found):
        raise PrivateAddressError(host)
    return found


class Deadline:
    """The moment at which the present request has to be done, in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self.at = 0.0

    def limit_timeout(self, timeout: float | None) -> float:
        """Return the seconds that a read or write may last, at most `timeout`."""
        left = max(self.at - time.monotonic(), 0.001)
        return left if timeout is None else min(timeout, left)


class LimitedStream(httpcore2.NetworkStream):
    """A connection on which no read or write lasts beyond the deadline of the request."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.limit_timeout(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.limit_timeout(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        limit = self._deadline.limit_timeout(timeout)
        return LimitedStream(self._stream.start_tls(ssl_context, server_hostname, limit), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore2.SyncBackend):
    """Connect to the addresses of a host that were checked, one after the other."""

    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        self._deadline, self._allow_private = deadline, allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Open a connection. If this fails, the cause of the error is the reason."""
        try:
            addresses = resolve_checked_addresses(host, port, allow_private=self._allow_private)
        except OSError as error:
            raise httpcore2.ConnectError(host) from error
        failure: Exception = httpcore2.ConnectError(host)
        for address in addresses:
            limit = self._deadline.limit_timeout(timeout)
            try:
                found = super().connect_tcp(address, port, limit, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return LimitedStream(found, self._deadline)
        raise failure


class LazyTlsPool(httpcore2.ConnectionPool):
    """Pool of connections that reads the certificates of the system at the first https address, which takes time."""

    def create_connection(self, origin: httpcore2.Origin) -> httpcore2.ConnectionInterface:
        if origin.scheme == b"https" and self._ssl_context is None:
            self._ssl_context = httpx2.create_ssl_context()
        return super().create_connection(origin)


class CheckedTransport(httpx2.HTTPTransport):
    """Transport of an HTTP client whose connections are checked and limited."""

    def __init__(self, *, allow_private: bool) -> None:
        self.deadline = Deadline()
        self._pool = LazyTlsPool(
            network_backend=CheckedBackend(self.deadline, allow_private=allow_private),
            keepalive_expiry=KEEPALIVE_SECONDS,
        )


class PasswordAuth(httpx2.Auth):
    """Password authentication: Basic at first, Digest once a response requires it."""

    def __init__(self, user: str, password: str) -> None:
        self._basic, self._digest = httpx2.BasicAuth(user, password), httpx2.DigestAuth(user, password)
        self._wants_digest = False

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        if not self._wants_digest:
            answer = yield next(self._basic.auth_flow(request))
            challenge = answer.headers.get("www-authenticate", "").lower()
            if answer.status_code != 401 or "digest" not in challenge:
                return
            self._wants_digest = True
            del request.headers["Authorization"]
        yield from self._digest.auth_flow(request)
