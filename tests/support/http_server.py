"""A web server on loopback that responds as a test defines, and records its requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class AskedServer:
    """Where the server is, and each request so far: method, path and headers (names in lower case)."""

    port: int
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve_answers(answer: Callable[[str, dict[str, str]], Answer | Iterator[bytes]]) -> Iterator[AskedServer]:
    """Serve what `answer(path, headers)` returns: status, headers and body, or the raw bytes of the response."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked.requests.append((self.command, self.path, headers))
            found = answer(self.path, headers)
            with suppress(OSError):
                if isinstance(found, tuple):
                    status, told, body = found
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(body)), **told}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)
                else:
                    self.close_connection = True
                    for part in found:
                        self.wfile.write(part)
                        self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Suppress log messages."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    asked = AskedServer(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
