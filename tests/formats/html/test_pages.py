"""Saved web pages: events in their markup, in the styles of five event systems, else in their text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import formats
from ilocal.errors import Diagnostic, UsageError
from ilocal.formats.base import ReadOptions
from ilocal.model.dates import Month
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from tests.support.cli import Ilocal
from tests.support.formats import READING
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.registry import VIETNAMESE_HEAD

HANOI = replace(READING, registry_info=RegistryInfo(timezone="Asia/Ho_Chi_Minh", language="vi"))


def load_page(text: str | bytes, options: ReadOptions = HANOI) -> list[Event | Diagnostic]:
    data = text.encode() if isinstance(text, str) else text
    return list(formats.get_format("html").load_bytes(data, options))


def get_events(text: str | bytes) -> list[Event]:
    return [replace(item, source_line=0) for item in load_page(text) if isinstance(item, Event)]


def get_messages(text: str | bytes) -> list[str]:
    return [item.message for item in load_page(text) if isinstance(item, Diagnostic)]


# A WordPress calendar: an array in a script, HTML in the description, whole days from midnight to the last second.
WORDPRESS = """<!doctype html><html lang="vi"><head><title>Sự kiện</title>
<script type="application/ld+json">
[{"@context":"http://schema.org","@type":"Event","name":"Hội chợ việc làm &#8211; Quý I",
"description":"&lt;p&gt;Mở cửa tự do.&lt;/p&gt;\\n&lt;ul&gt;&lt;li&gt;một&lt;/li&gt;&lt;li&gt;hai&lt;/li&gt;&lt;/ul&gt;",
"url":"https://example.org/event/hoi-cho/","eventStatus":"https://schema.org/EventScheduled",
"startDate":"2020-02-25T00:00:00+07:00","endDate":"2020-02-26T23:59:59+07:00",
"location":{"@type":"Place","name":"Nhà văn hóa","address":{"@type":"PostalAddress","streetAddress":"12 Lê Lợi",
"addressLocality":"Huế","addressCountry":"Việt Nam"}},
"organizer":{"@type":"Person","name":"Sở Lao động"}}]
</script></head><body><h1>Sự kiện</h1></body></html>"""

# A ticket shop: one event with offers, an offset without a colon, a venue online.
TICKETS = """<html><head><script type='application/ld+json'>//<![CDATA[
{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Vé"},{"@type":["BusinessEvent","Thing"],
"name":"Tọa đàm trực tuyến","startDate":"2020-03-05T14:00:00+0700","endDate":"2020-03-05T16:30:00+0700",
"eventStatus":"EventCancelled","keywords":"CSR, gỗ","offers":{"@type":"Offer","price":"0"},
"location":{"@type":"VirtualLocation","url":"https://meet.example.org/abc"}}]}
//]]></script><script type="application/ld+json">{"@type": "Event", "name": }</script></head></html>"""

# A meeting site: microdata with nested items.
MEETING = """<!DOCTYPE html><body><div itemscope itemtype="https://schema.org/EducationEvent">
<h2 itemprop="name">Lớp tập huấn <b>SCORE</b></h2><meta itemprop="startDate" content="2020-04-01">
<time itemprop="endDate" datetime="2020-04-03">3/4</time>
<span itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">Cần Thơ</span></span>
<span itemprop="organizer" itemscope itemtype="http://schema.org/Organization"><i itemprop="name">VCCI</i></span>
<span itemprop="organizer" itemscope itemtype="http://schema.org/Organization"><i itemprop="name">ILO</i></span>
<p itemprop="description">Ba ngày.</p><a itemprop="url" href="https://example.org/score">Xem</a></div>"""

# A federated list: h-event, with a nested card for the place.
FEDERATED = """<html><main><article class="h-event"><h1 class="p-name">Họp mạng lưới</h1>
<time class="dt-start" datetime="2020-02-20T08:30">sáng 20/2</time> - <time class="dt-end" datetime="2020-02-20T11:00"></time>
<p class="p-location h-card"><span class="p-name">Đà Nẵng</span></p><a class="u-url" href="https://example.org/hop"></a>
<a class="p-category">CSR</a><a class="p-category">thủy sản</a><div class="e-content"><p>Một.</p><p>Hai.</p></div>
</article><article class="vevent"><span class="summary">Khảo sát</span><abbr class="dtstart" title="2020-03">tháng 3</abbr>
</article></main></html>"""

# A site of an agency: nothing for machines; a list with a navigation around it.
AGENCY = """<html><head><title>Tin</title><style>p{}</style></head><body><nav><ul><li>Trang chủ</ul></nav><main>
<h2>Tháng Hai 2020</h2><ol><li><a href="#">Hội thảo khởi động</a><p>25/02/2020 - 26/02/2020</p><p>Khoảng 30 người.</p></li>
<li>Họp nhóm kỹ thuật<p>20/02/2020</p></li></ol></main><footer>Liên hệ</footer></body></html>"""


@pytest.mark.parametrize(
    ("text", "events", "messages"),
    [
        (WORDPRESS, [
            Event("Hội chợ việc làm – Quý I", start=date(2020, 2, 25), end=date(2020, 2, 26), organizers=("Sở Lao động",),
                  location="Nhà văn hóa, 12 Lê Lợi, Huế, Việt Nam", url="https://example.org/event/hoi-cho/",
                  description="Mở cửa tự do.\n\n- một\n\n- hai"),
        ], ["read events from the JSON-LD of the page"]),
        (TICKETS, [
            Event("Tọa đàm trực tuyến", start=datetime(2020, 3, 5, 14), end=datetime(2020, 3, 5, 16, 30),
                  status="cancelled", topics=("CSR", "gỗ"), location="https://meet.example.org/abc"),
        ], ["JSON-LD cannot be read and was skipped: expecting value", "read events from the JSON-LD of the page"]),
        (MEETING, [
            Event("Lớp tập huấn SCORE", start=date(2020, 4, 1), end=date(2020, 4, 3), location="Cần Thơ",
                  organizers=("VCCI", "ILO"), url="https://example.org/score", description="Ba ngày."),
        ], ["read events from the microdata of the page"]),
        (FEDERATED, [
            Event("Họp mạng lưới", start=datetime(2020, 2, 20, 8, 30), end=datetime(2020, 2, 20, 11), location="Đà Nẵng",
                  url="https://example.org/hop", topics=("CSR", "thủy sản"), description="Một.\n\nHai."),
            Event("Khảo sát", start=Month(2020, 3)),
        ], ["read events from the h-event of the page"]),
        (AGENCY, [
            Event("Hội thảo khởi động", start=date(2020, 2, 25), end=date(2020, 2, 26), description="Khoảng 30 người."),
            Event("Họp nhóm kỹ thuật", start=date(2020, 2, 20)),
        ], []),
    ],
    ids=["wordpress", "tickets", "meeting", "federated", "agency"],
)  # fmt: skip
def test_pages_of_event_systems(text: str, events: list[Event], messages: list[str]) -> None:
    assert get_events(text) == events
    assert get_messages(text) == messages


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1258"])
def test_the_encoding_of_a_page_is_found(encoding: str) -> None:
    import unicodedata

    text = f'<html><meta charset="{encoding}"><p class="h-event"><b class="p-name">Hop thang</b>' + (
        '<time class="dt-start" datetime="2020-02-20"></time>' + "à" * 3
    )
    data = unicodedata.normalize("NFD", text).encode(encoding) if encoding == "windows-1258" else text.encode(encoding)
    assert formats.find_format_by_bytes(data) is formats.get_format("html")
    assert get_events(data) == [Event("Hop thang", start=date(2020, 2, 20))]


def test_a_page_without_events_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        load_page("<html><body><p>Xin chào</p></body></html>")
    assert error.value.message == (
        "no event found: the page has no JSON-LD, microdata or h-event, and its text is not a list of events"
    )


tags = st.sampled_from(["<li>", "<p class=h-event>", "</p>", "<div itemscope itemtype='schema.org/Event'>", "</div>", "<b", "x",
                        "<script type=application/ld+json>", '{"@type":"Event","name":"a"}', "</script>", "<![CDATA[",
                        "<span itemprop=name class=p-name>", "<time datetime=2020>", "&amp;", "<!--", "-->"])  # fmt: skip


@given(st.lists(tags, max_size=20))
def test_whatever_a_page_has_is_read_or_refused(parts: list[str]) -> None:
    try:
        assert load_page("<html>" + "".join(parts)) is not None
    except UsageError as error:
        assert error.message


def test_depth_is_no_danger() -> None:
    deep = "<div>" * 100_000 + "</div>" * 100_000 + '<i class="h-event"><i class="p-name">A</i>'
    assert get_events("<html>" + deep) == [Event("A")]
    nested = '<script type="application/ld+json">' + "[" * 100_000 + "</script>"
    assert get_messages("<html>" + nested + '<i class="h-event"><i class="p-name">A</i>')[0].startswith(
        "JSON-LD cannot be read"
    )


def test_a_website_that_ilocal_built_comes_back(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    registry.write_bytes(SHIPPED_REGISTRY.read_bytes())
    before = {event.title: event for event in _read_registry(registry)}
    assert ilocal("site", "build", "site").code == 0
    registry.write_text(VIETNAMESE_HEAD, encoding="utf-8")
    pages = sorted(str(path) for path in Path("site/event").glob("*.html"))
    assert len(pages) == 21
    assert ilocal("--lang", "en", "import", *pages).err.splitlines()[-1] == "21 new, 0 updated, 0 unchanged, 0 rejected"
    for event in _read_registry(registry):
        old = before[event.title]
        assert [getattr(event, name) for name in ("start", "end", "location", "organizers", "topics")] == [
            getattr(old, name) for name in ("start", "end", "location", "organizers", "topics")
        ]


def _read_registry(path: Path) -> list[Event]:
    from ilocal.model.query import Query
    from ilocal.workspace import Registry

    with Registry(path) as registry:
        return list(registry.select(Query()))
