"""A web page as a tree of elements: encoding detected, unclosed tags closed as in browsers, depth bounded."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ilocal.errors import UsageError
from ilocal.i18n.messages import _
from ilocal.model.legacy_vietnamese import decode_legacy_vietnamese, is_legacy_vietnamese_encoding
from ilocal.model.safe_text import make_text_safe

_MAX_DEPTH = 200  # nested elements; deeper ones become siblings
_VOID_TAGS = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_BLOCKS = (
    "address article aside blockquote div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section"
    " table ul"
)
# Which open elements a start tag ends, as long as they are the innermost.
_ENDED_BY = {
    **dict.fromkeys(_BLOCKS.split(), ("p",)), "li": ("li", "p"), "dt": ("dt", "dd", "p"), "dd": ("dt", "dd", "p"),
    "tr": ("tr", "td", "th", "p"), "td": ("td", "th", "p"), "th": ("td", "th", "p"), "option": ("option",),
}  # fmt: skip


@dataclass(slots=True)
class Element:
    """An element of a page: its tag, attributes, and children (elements and texts)."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def iterate(self) -> Iterator[Element]:
        """Yield each element inside, in the order of the page."""
        stack = [child for child in reversed(self.children) if isinstance(child, Element)]
        while stack:
            one = stack.pop()
            yield one
            stack += [child for child in reversed(one.children) if isinstance(child, Element)]

    def collect_text(self) -> str:
        """Return all text inside, unchanged."""
        parts: list[str] = []
        stack: list[Element | str] = [self]
        while stack:
            one = stack.pop()
            if isinstance(one, str):
                parts.append(one)
            else:
                stack += reversed(one.children)
        return "".join(parts)


class _TreeBuilder(HTMLParser):
    """Builds the tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, 1)
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self._open[-1].tag in _ENDED_BY.get(tag, ()):
            self._open.pop()
        values: dict[str, str] = {}
        for name, value in attrs:
            values.setdefault(name, value or "")
        element = Element(tag, values, self.getpos()[0])
        self._open[-1].children.append(element)
        if tag not in _VOID_TAGS and len(self._open) < _MAX_DEPTH:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._open[-1].tag == tag and tag not in _VOID_TAGS:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def unknown_decl(self, data: str) -> None:
        self._open[-1].children.append(data.removeprefix("CDATA["))


def parse_html(text: str) -> Element:
    """Return the root of a page."""
    builder = _TreeBuilder()
    builder.feed(text)
    builder.close()
    return builder.root


def decode_html(data: bytes, encoding: str = "") -> str:
    """Return a page as text, by the given encoding, its byte-order mark, its declaration, or else UTF-8.

    Raises UsageError for an unknown encoding.
    """
    if is_legacy_vietnamese_encoding(encoding):
        return decode_legacy_vietnamese(data, encoding)
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    marked = next((name for mark, name in marks.items() if data.startswith(mark)), "")
    stated = _CHARSET.search(data[:4_096]) or _XML_ENCODING.match(data[:200])
    name = encoding or marked or (stated[1].decode() if stated else "")
    try:
        if name and (encoding or marked or name.lower() not in ("iso-8859-1", "latin1")):
            return data.decode(name, "replace")
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # as browsers read Latin-1
    except LookupError:
        if not encoding:
            return data.decode("utf-8", "replace")
        said = _('unknown encoding "{encoding}"', encoding=make_text_safe(encoding))
        raise UsageError(
            said, hint=_("use an encoding such as utf-8, utf-16, windows-1258, tcvn3, vni or viscii")
        ) from None
