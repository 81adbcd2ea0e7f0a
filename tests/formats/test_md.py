"""Markdown: what an event says is data in it, without HTML, scripts and pictures."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ilocal import formats
from ilocal.formats import md
from ilocal.formats.base import WriteOptions
from ilocal.model.event import Event, Section
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.safe_text import escape_single_line
from tests.support import strategies
from tests.support.hostile_text import MARKUP, make_event

MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])

FULL = Event(
    "[*C_#*] <b> & &amp; 1\\2",
    start=date(2020, 2, 3),
    end=date(2020, 2, 4),
    location="Hà Nội `x`",
    status="cancelled",
    url='https://example.org/a)b?c=1&d="`',
    description="Một <script>:\n\n- hai\n\n```\nopen",
    sections=(Section("Mục # tiêu", "- một\n- hai"), Section("", "Hết.")),
)
AS_MARKDOWN = r"""# Sự kiện

## Tháng Hai 2020

1. **[\[\*C\_\#\*\] \<b\> & \&amp; 1\\2](https://example.org/a%29b?c=1&amp;d=%22%60)**\
   2020/02/03 - 2020/02/04 · Hà Nội \`x\` · đã hủy

   Một &lt;script>:

   - hai

   ```
   open

   ### Mục \# tiêu

   - một
   - hai

   Hết.

2. **Sau**\
   2020/02/01

## Chưa có ngày

1. **javascript**\
   Chưa có ngày · javascript:alert(1)
"""


def test_markdown_of_a_full_event() -> None:
    events = [FULL, Event("Sau", start=date(2020, 2, 1)), Event("javascript", url="javascript:alert(1)")]
    text = "".join(md.dump(events, WriteOptions(registry_info=RegistryInfo(title="Sự kiện"), lang="vi")))
    assert text == AS_MARKDOWN
    titles = [token.content for token in MARKDOWN.parse(text) if token.type == "inline" and token.level == 3]
    assert [title[:5] for title in titles if title.startswith("**")] == ["**[\\[", "**Sau", "**jav"]


def test_markdown_says_how_a_series_recurs_its_kind_and_its_topics() -> None:
    series = Event(
        "Họp giao ban", start=date(2020, 2, 3), rrule="FREQ=WEEKLY;BYDAY=MO", kind="meeting", topics=("CSR", "gỗ")
    )
    for lang, line in (
        ("vi", "2020/02/03 · hằng tuần vào thứ Hai · họp · CSR, gỗ"),
        ("en", "2020/02/03 · every week on Monday · meeting · CSR, gỗ"),
    ):
        assert "".join(md.dump([series], WriteOptions(lang=lang))).splitlines()[-1].strip() == line


def walk_inlines(tokens: list[Token]) -> list[Token]:
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


@given(strategies.titles, st.text(strategies.LETTERS), st.sampled_from(["", "https://example.org/?a=1&b=(2)"]))
def test_a_title_and_a_place_are_data_in_markdown(title: str, place: str, url: str) -> None:
    event = Event(title, start=date(2020, 2, 3), location=place, url=url)
    tokens = MARKDOWN.parse("".join(md.dump([event], WriteOptions())))
    strong = [inner for token in tokens for inner in token.children or ()]
    kinds = [token.type for token in strong if token.type not in ("text", "text_special")]
    link = ["link_open", "link_close"] if url else []
    assert kinds == ["strong_open", *link[:1], *link[1:], "strong_close", "hardbreak"]
    texts = "".join(
        token.content if token.type.startswith("text") else "\n" * (token.type == "hardbreak") for token in strong
    )
    wanted = f"{escape_single_line(title)}\n2020/02/03" + (f" · {escape_single_line(place)}" if place.strip() else "")
    assert texts.partition("February 2020")[2] == wanted


@given(st.lists(strategies.events(), max_size=3))
def test_markdown_has_an_item_an_event_and_no_html(events: list[Event]) -> None:
    tokens = MARKDOWN.parse("".join(md.dump(events, WriteOptions())))
    assert not [token for token in walk_inlines(tokens) if token.type.startswith("html")]
    assert sum(token.type == "list_item_open" and token.level == 1 for token in tokens) == len(events)


@pytest.mark.promise("P17")
@pytest.mark.parametrize("text", [text for text in MARKUP if re.search("script|data:|http|<|&", text)])
def test_markdown_has_no_script_no_html_and_no_picture(text: str) -> None:
    event = make_event(text, 1)
    assert event is not None
    source = "".join(formats.get_writable_format("md").dump([event], WriteOptions()))
    for preset in ("commonmark", "js-default"):
        parser = MarkdownIt(preset, {"html": True})
        parser.validateLink = lambda _: True  # type: ignore  # as careless as a reader can be
        page = parser.render(source)
        assert re.findall(r"<(?:script|img|iframe)|(?:href|src)=\"(?!https?://|mailto:)[^\"]*", page) == []


@pytest.mark.promise("P17")
def test_markdown_keeps_links_to_pages_and_mail() -> None:
    event = Event(
        "a", description="[x](https://e.example/a_(b)) [m](mailto:a@b.example) [r][1]\n\n[1]: https://e.example/c"
    )
    page = MarkdownIt().render("".join(formats.get_writable_format("md").dump([event], WriteOptions())))
    assert re.findall('href="(.*?)"', page) == ["https://e.example/a_(b)", "mailto:a@b.example", "https://e.example/c"]
