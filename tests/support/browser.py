"""Chromium with pages that are observed: the addresses they request, and their errors."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Keep it from sending requests of its own.
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@contextmanager
def start_browser() -> Iterator[Browser]:
    """Start Chromium; skip the test, with the reason, if that is impossible."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """The observations of a page: requested addresses, errors, and console messages."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def _note_error(watch: Watch, message: ConsoleMessage) -> None:
    if message.type == "error":
        watch.complaints.append(message.text)


def _refuse_dialog(watch: Watch, dialog: Dialog) -> None:
    watch.complaints.append(f"dialog: {dialog.message}")
    dialog.dismiss()


@contextmanager
def open_page(browser: Browser, watch: Watch | None = None, **options: Any) -> Iterator[Page]:
    """Open an empty page in a context of its own; `options` are those of Playwright's contexts."""
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    page = context.new_page()
    if watch is not None:
        context.on("request", lambda request: watch.requests.append(request.url))
        page.on("pageerror", lambda error: watch.complaints.append(str(error)))
        page.on("console", partial(_note_error, watch))
        page.on("dialog", partial(_refuse_dialog, watch))
    try:
        yield page
    finally:
        context.close()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Suppress log messages."""


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve a folder on the loopback address; yield the address of its root."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def wait_until(page: Page, condition: str, argument: object = None, *, timeout_seconds: float = 120.0) -> None:
    """Wait until a condition in JavaScript holds. The browser's own waiting needs `eval`, which the pages forbid."""
    deadline = time.monotonic() + timeout_seconds
    while not page.evaluate(condition, argument):
        if time.monotonic() > deadline:
            raise AssertionError(f"this never came: {condition}")
        page.wait_for_timeout(50)
