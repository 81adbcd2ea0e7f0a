"""Calendar servers: Radicale in this process, and servers that fail at a named request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from ilocal.sync.caldav_collection import CaldavCollection
from ilocal.sync.collection import Collection
from ilocal.sync.http_client import HttpClient
from ilocal.sync.sync_state import SyncState
from ilocal.sync.synchronizer import Synchronizer, SyncOptions, SyncReport
from ilocal.workspace import Registry

NOW = datetime(2020, 2, 20, 8, tzinfo=UTC)
CALENDAR_URL = "http://localhost/lan/ilo/"
MKCOL_BODY = b"""<?xml version="1.0"?><D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:resourcetype><D:collection/><C:calendar/></D:resourcetype><D:displayname>ILO</D:displayname></D:prop></D:set></D:mkcol>"""


def unfold(text: str) -> str:
    """Return a calendar with a line for each property."""
    return text.replace("\r\n", "\n").replace("\n ", "")


class RadicaleServer:
    """Radicale in this process, with one calendar that is empty."""

    def __init__(self, folder: Path) -> None:
        from radicale import Application, config

        logging.getLogger("radicale").setLevel(logging.CRITICAL)
        settings = config.load()
        settings.update(
            {"auth": {"type": "none"}, "storage": {"filesystem_folder": str(folder), "_filesystem_fsync": "False"}},
            "test",
            privileged=True,
        )
        self.transport = httpx2.WSGITransport(app=Application(settings))
        with self.make_client() as client:
            assert client.request("MKCOL", CALENDAR_URL, content=MKCOL_BODY).status == 201

    def make_client(self, transport: Any = None) -> HttpClient:
        return HttpClient(credentials=("lan", "x"), transport=transport or self.transport)

    def open_collection(self, transport: Any = None) -> CaldavCollection:
        return CaldavCollection(CALENDAR_URL, self.make_client(transport), sleep=lambda _seconds: None)

    def read_items(self) -> dict[str, str]:
        """Return the texts of all items, unfolded, by their names."""
        with self.open_collection() as collection:
            found = collection.fetch_items(list(collection.list_items("").etags))
        return {href: unfold(item.text) for href, item in found.items()}

    def change_items(self, change: Callable[[str], str]) -> None:
        """Change the unfolded text of each item, as another program."""
        with self.open_collection() as collection:
            listing = collection.list_items("")
            for href, item in collection.fetch_items(list(listing.etags)).items():
                if (text := change(unfold(item.text))) != unfold(item.text):
                    collection.replace_item(href, item.etag, text)

    def delete_items(self, wanted: Callable[[str], bool]) -> None:
        """Delete items selected by their text, as another program."""
        with self.open_collection() as collection:
            for href, item in collection.fetch_items(list(collection.list_items("").etags)).items():
                if wanted(unfold(item.text)):
                    collection.delete_item(href, item.etag)


@dataclass
class FaultyTransport(httpx2.BaseTransport):
    """A transport that fails at one request, counted from 1, and works before and after it.

    `fault` is "refuse" (no connection), "cut" (done, but the answer is lost) or a status that is answered instead.
    """

    inner: httpx2.BaseTransport
    fault: str
    at: int
    methods: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.methods.append(request.method)
        if len(self.methods) != self.at:
            return self.inner.handle_request(request)
        if self.fault.isdigit():
            request.read()
            return httpx2.Response(int(self.fault), content=b"no")
        if self.fault == "cut":
            self.inner.handle_request(request)
            raise httpx2.ReadError("cut")
        raise httpx2.ConnectError("refused")


def run_sync(path: Path, collection: Collection, name: str = "test", **options: Any) -> SyncReport:
    """Sync a registry with a collection, and return the report."""
    registry = Registry(path)
    with registry, SyncState(path, name) as state, collection:
        return Synchronizer(registry, collection, state, SyncOptions(**options), NOW).run()


def edit_registry(path: Path, id: str, **values: Any) -> None:
    """Change fields of an event of a registry."""
    from dataclasses import replace

    with Registry(path) as registry, registry.transaction() as draft:
        event = draft.get(id)
        assert event is not None
        draft.update(id, replace(event, **values))
