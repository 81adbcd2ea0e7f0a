"""`ilocal import ADDRESS`: documents of the web, read by what they are; other schemes are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.http_server import Answer, serve_answers
from tests.support.registry import VIETNAMESE_HEAD

PAGE = '<html><p class="h-event"><b class="p-name">Họp A</b><time class="dt-start" datetime="2020-02-20"></time></html>'
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:b@x\r\nDTSTAMP:20200101T000000Z\r\n"
    "DTSTART;VALUE=DATE:20200221\r\nSUMMARY:Họp B\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
DOCUMENTS: dict[str, tuple[str, bytes]] = {
    "/page": ("text/html; charset=utf-8", PAGE.encode()),
    "/calendar": ("text/calendar", CALENDAR.encode()),
    "/table": ("text/csv", "Tên sự kiện;Ngày\nHọp C;22/02/2020\n".encode()),
    "/events.json": ("application/octet-stream", b'[{"title": "D", "start": "2020-02-23"}]'),
}


@pytest.mark.parametrize(
    ("path", "id"),
    [("/page", "2020-hop-a"), ("/calendar", "2020-hop-b"), ("/table", "2020-hop-c"), ("/events.json", "2020-d")],
)
@pytest.mark.promise("P21")
def test_a_document_is_read_by_what_it_is(ilocal: Ilocal, registry: Path, path: str, id: str) -> None:
    registry.write_text(VIETNAMESE_HEAD, encoding="utf-8")

    def answer(asked: str, headers: dict[str, str]) -> Answer:
        kind, body = DOCUMENTS[asked]
        return 200, {"Content-Type": kind}, body

    with serve_answers(answer) as server:
        assert ilocal("import", "--private", server.url + path).out == f"new {id}\n"
        assert ilocal("import", "--private", "--update", server.url + path).out == ""
        refused = ilocal("--lang", "en", "import", server.url + path)
        assert (refused.code, refused.out, len(server.requests)) == (2, "", 2)  # a private address is not even asked


@pytest.mark.promise("P21")
@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://example.org/a.ics", "gopher://x/", "data:text/csv,title"]
)
def test_other_schemes_are_refused(ilocal: Ilocal, registry: Path, address: str) -> None:
    result = ilocal("--lang", "en", "import", address)
    assert (result.code, result.out) == (2, "")
    assert "is not a web address" in result.err
