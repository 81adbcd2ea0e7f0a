"""Local server of a site, which reloads open pages after each build. The only module that serves HTTP."""

from __future__ import annotations

import queue
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.i18n.third_party import translate_os_error

ADDRESS = "127.0.0.1"
EVENTS_PATH = "/-/events"
SCRIPT_PATH = "/-/reload.js"
KEEP_ALIVE_SECONDS = 15
_SCRIPT = f"""\
"use strict";
new EventSource("{EVENTS_PATH}").addEventListener("reload", () => location.reload());
"""
_TYPES = {".ics": "text/calendar; charset=utf-8", ".xml": "application/xml; charset=utf-8",
          ".json": "application/json; charset=utf-8", ".js": "text/javascript; charset=utf-8",
          ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8"}  # fmt: skip


class DevelopmentServer:
    """Serves a folder on the loopback address, in threads of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        """Listen on a port; 0 takes any free one. Raises UsageError if it is not available."""
        self._pages: list[queue.Queue[str]] = []
        handler = partial(_Handler, directory=str(folder), server_of_site=self)
        try:
            self._server = ThreadingHTTPServer((ADDRESS, port), handler)
        except OSError as error:
            raise UsageError(
                _("port {port}: {reason}", port=port, reason=translate_os_error(error)),
                hint=_("use another port: --port {port}", port=port + 1),
            ) from None
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Return the address of the site."""
        return f"http://{ADDRESS}:{self.port}/"

    def is_own_host(self, host: str) -> bool:
        """Return whether a request is for this server: a page of elsewhere must not read it by a name of its own."""
        return host in (f"{ADDRESS}:{self.port}", f"localhost:{self.port}")

    def add_page(self) -> queue.Queue[str]:
        """Return a queue of messages for an open page."""
        messages: queue.Queue[str] = queue.Queue()
        self._pages.append(messages)
        return messages

    def remove_page(self, messages: queue.Queue[str]) -> None:
        """Forget a page that was closed."""
        if messages in self._pages:
            self._pages.remove(messages)

    def reload_pages(self) -> None:
        """Make every open page reload itself."""
        for messages in list(self._pages):
            messages.put("event: reload\ndata: -\n\n")

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    """Answers one request: files of the folder, the script that reloads pages, and its messages."""

    protocol_version = "HTTP/1.0"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **_TYPES}  # noqa: RUF012 - as the library has it

    def __init__(self, *arguments: Any, server_of_site: DevelopmentServer, **more: Any) -> None:
        self._site = server_of_site
        super().__init__(*arguments, **more)

    def do_GET(self) -> None:
        if not self._site.is_own_host(self.headers.get("Host", "")):
            self.send_error(403)
            return
        path = urlsplit(self.path).path
        if path == EVENTS_PATH:
            self._send_messages()
        elif path == SCRIPT_PATH:
            self._send_text(_SCRIPT, _TYPES[".js"])
        else:
            self._send_file()

    def _send_file(self) -> None:
        found = Path(self.translate_path(self.path))
        page = found / "index.html" if found.is_dir() and urlsplit(self.path).path.endswith("/") else found
        if page.suffix == ".html" and page.is_file():
            self._send_page(page, 200)
        elif not found.exists() and (Path(self.directory) / "404.html").is_file():
            self._send_page(Path(self.directory) / "404.html", 404)
        else:
            super().do_GET()

    def _send_page(self, page: Path, status: int) -> None:
        text = page.read_text(encoding="utf-8")
        head, end, rest = text.rpartition("</body>")
        script = f'<script src="{SCRIPT_PATH}"></script>\n'
        self._send_text(f"{head}{script}{end}{rest}" if end else text + script, _TYPES[".html"], status)

    def _send_text(self, text: str, type: str, status: int = 200) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _send_messages(self) -> None:
        """Keep a page's connection open, and write messages as they come."""
        messages = self._site.add_page()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while True:
                try:
                    text = messages.get(timeout=KEEP_ALIVE_SECONDS)
                except queue.Empty:
                    text = ": still here\n\n"
                self.wfile.write(text.encode())
                self.wfile.flush()
        except OSError:
            pass
        finally:
            self._site.remove_page(messages)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Suppress log messages of requests."""
