"""HTTP: what may be asked, how much and how long, and what is said of it."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ilocal.errors import NetworkError
from ilocal.sync.http_client import FetchedDocument, HttpClient, HttpLimits, fetch_document
from tests.support.http_server import Answer, serve_answers

PUBLIC_ADDRESS = "93.184.216.34"


class FakeNames:
    """Names of hosts that lead to a server on loopback through public addresses, and where connections went."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, port: int, answers: dict[str, list[list[str]]]) -> None:
        self.connected: list[str] = []
        self._answers, self._connect = answers, socket.create_connection
        monkeypatch.setattr(socket, "getaddrinfo", self._resolve)
        monkeypatch.setattr(socket, "create_connection", self._open)
        self._port = port

    def _resolve(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = self._answers.get(host)
        addresses = [host] if found is None else found.pop(0) if len(found) > 1 else found[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    def _open(self, address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        self.connected.append(address[0])
        made = socket.socket()
        made.connect(("127.0.0.1", self._port))
        return made


def refusal(url: str, **options: Any) -> str:
    with pytest.raises(NetworkError) as caught:
        fetch_document(url, **options)
    return str(caught.value)


def test_a_document_comes_with_what_its_next_fetch_needs_and_then_not_again() -> None:
    def answer(path: str, headers: dict[str, str]) -> Answer:
        if headers.get("if-none-match") == 'W/"v1"':
            return 304, {"ETag": 'W/"v1"'}, b""
        body = gzip.compress("Sự kiện".encode())
        stamp = "Thu, 20 Feb 2020 08:00:00 GMT"
        return (
            200,
            {"ETag": 'W/"v1"', "Last-Modified": stamp, "Content-Type": "text/plain", "Content-Encoding": "gzip"},
            body,
        )

    with serve_answers(answer) as server:
        first = fetch_document(f"{server.url}/a", allow_private=True)
        again = fetch_document(
            f"{server.url}/a", etag=first.etag, last_modified=first.last_modified, allow_private=True
        )
    assert first == FetchedDocument(
        200, "Sự kiện".encode(), "text/plain", 'W/"v1"', "Thu, 20 Feb 2020 08:00:00 GMT", f"{server.url}/a"
    )
    assert (again.is_unchanged, again.body) == (True, b"")
    assert [headers.get("if-modified-since") for _method, _path, headers in server.requests] == [
        None,
        "Thu, 20 Feb 2020 08:00:00 GMT",
    ]


@pytest.mark.promise("P21")
def test_this_machine_and_private_networks_are_not_asked_unless_that_is_allowed() -> None:
    with serve_answers(lambda _path, _headers: (200, {}, b"x")) as server:
        said = f"{server.url}/a: the host is on this machine or a private network"
        assert refusal(f"{server.url}/a") == said
        for host in ("localhost", "0x7f000001", "2130706433", "127.1", "[::ffff:127.0.0.1]"):
            assert "private network" in refusal(f"http://{host}:{server.port}/")
        assert server.requests == []


@pytest.mark.promise("P21")
def test_a_redirect_to_a_private_address_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(path: str, headers: dict[str, str]) -> Answer:
        return 302, {"Location": {"/mapped": "http://[::ffff:10.0.0.1]/"}.get(path, "http://169.254.169.254/meta")}, b""

    with serve_answers(answer) as server:
        names = FakeNames(monkeypatch, server.port, {"office.example": [[PUBLIC_ADDRESS]]})
        assert refusal("http://office.example/").startswith("http://169.254.169.254/meta: the host is on this machine")
        assert "private network" in refusal("http://office.example/mapped")
    assert names.connected == [PUBLIC_ADDRESS] * 2


@pytest.mark.promise("P21")
def test_a_name_is_resolved_once_and_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serve_answers(lambda _path, _headers: (200, {}, b"x")) as server:
        names = FakeNames(monkeypatch, server.port, {"rebind.example": [[PUBLIC_ADDRESS], ["127.0.0.1"]]})
        assert fetch_document("http://rebind.example/").body == b"x"
        assert names.connected == [PUBLIC_ADDRESS]
        assert "private network" in refusal("http://rebind.example/")
        both = FakeNames(monkeypatch, server.port, {"both.example": [[PUBLIC_ADDRESS, "192.168.1.1"]]})
        assert "private network" in refusal("http://both.example/")
    assert both.connected == []


def test_five_redirects_are_followed_and_not_six_and_no_password_goes_to_another_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answer(path: str, headers: dict[str, str]) -> Answer:
        n = int(path.removeprefix("/"))
        host = "http://other.example" if n == 2 else ""
        return (302, {"Location": f"{host}/{n - 1}"}, b"") if n else (200, {}, b"x")

    with serve_answers(answer) as server:
        FakeNames(monkeypatch, server.port, {"a.example": [[PUBLIC_ADDRESS]], "other.example": [[PUBLIC_ADDRESS]]})
        assert fetch_document("http://lan:s3cret@a.example/5").final_url == "http://other.example/0"
        signed = ["authorization" in headers for _method, _path, headers in server.requests]
        assert refusal("http://lan:s3cret@a.example/6") == "http://a.example/6: more than 5 redirects"
    assert signed == [True] * 4 + [False] * 2


def test_a_redirect_leads_to_http_only_and_never_from_https_to_http() -> None:
    from ilocal.sync.http_client import resolve_redirect

    for address, target, said in (
        (
            "https://a.example/x",
            "http://a.example/y",
            "https://a.example/x: redirects to an unencrypted address",
        ),
        ("https://a.example/x", "file:///etc/passwd", "https://a.example/x: redirects to an invalid web address"),
        ("http://a.example/x", "gopher://a.example/", "http://a.example/x: redirects to an invalid web address"),
    ):
        with pytest.raises(NetworkError) as caught:
            resolve_redirect(address, target)
        assert str(caught.value) == said
    assert resolve_redirect("http://u:p@a.example/x", "//b:c@d.example/y") == "http://d.example/y"


@pytest.mark.promise("P21")
def test_sizes_are_bounded_announced_or_not_compressed_or_not() -> None:
    def endless(path: str, headers: dict[str, str]) -> Answer | Iterator[bytes]:
        if path == "/announced":
            return iter([b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\nx"])
        if path == "/bomb":
            return 200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(50_000_000))
        return iter([b"HTTP/1.1 200 OK\r\n\r\n", *[bytes(100_000)] * 40])

    limits = HttpLimits(max_body_bytes=1_000_000)
    with serve_answers(endless) as server:
        for path in ("/announced", "/bomb", "/endless"):
            said = refusal(f"{server.url}{path}", allow_private=True, limits=limits)
            assert said == f"{server.url}{path}: more than 1,000,000 bytes"


@pytest.mark.promise("P21")
def test_times_are_bounded_by_silence_and_in_all() -> None:
    def slow(path: str, headers: dict[str, str]) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n" if path == "/headers" else b"HTTP/1.1 200 OK\r\n\r\n"
        for n in range(200):
            time.sleep(3 if path == "/silent" else 0.02)  # until the connection is closed
            yield b"x" if path == "/body" else b"X-%d: 1\r\n" % n

    with serve_answers(slow) as server:
        for path, limits in (
            ("/silent", HttpLimits(silence_seconds=0.2)),
            ("/body", HttpLimits(total_seconds=0.3)),
            ("/headers", HttpLimits(total_seconds=0.3)),
        ):
            start = time.monotonic()  # the limits are far from those that hold where none are given, 15 and 120 s
            said = refusal(f"{server.url}{path}", allow_private=True, limits=limits)
            assert said == f"{server.url}{path}: the server did not respond in time"
            assert time.monotonic() - start < 12


def test_errors_say_what_happened_and_never_a_secret() -> None:
    def answer(path: str, headers: dict[str, str]) -> Answer | Iterator[bytes]:
        if path.startswith("/odd"):
            return iter([b"220 smtp.example ESMTP\r\n"])
        if path.startswith("/broken"):
            return iter([b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"])
        return 404, {}, b"no"

    with serve_answers(answer) as server:
        secret = f"http://lan:s3cret@127.0.0.1:{server.port}"
        said = [refusal(f"{secret}{path}?token=s3cret", allow_private=True) for path in ("/odd", "/broken", "/gone")]
    assert said == [
        f"{server.url}/odd?…: the connection was lost or the response is not HTTP",
        f"{server.url}/broken?…: the connection was lost or the response is not HTTP",
        f"{server.url}/gone?…: the server responded with 404 (not found)",
    ]
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        assert refusal(address, allow_private=True) == f"{address}: cannot connect to the server"


def test_a_host_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert refusal("https://gone.example/") == "https://gone.example/: unknown host"


def test_a_password_is_sent_as_basic_at_once_and_as_digest_where_the_server_wants_it() -> None:
    challenge = 'Digest realm="dav", qop="auth", nonce="n1", algorithm=SHA-256'

    def answer(path: str, headers: dict[str, str]) -> Answer:
        signed = headers.get("authorization", "")
        if path == "/basic":
            return (200 if signed.startswith("Basic ") else 401), {}, b""
        is_right = signed.startswith("Digest ") and 'username="lan"' in signed
        return (200, {}, b"") if is_right else (401, {"WWW-Authenticate": challenge}, b"")

    with serve_answers(answer) as server, HttpClient(allow_private=True, credentials=("lan", "bí mật")) as client:
        assert [client.request("GET", f"{server.url}{path}").status for path in ("/basic", "/digest", "/digest")] == [
            200
        ] * 3
    assert [path for _method, path, _headers in server.requests] == ["/basic"] + ["/digest"] * 4
