"""A page as text, as who copies it sees it: headings, paragraphs, numbered and bulleted lists, no navigation."""

from __future__ import annotations

import re

from ilocal.formats.html.document import Element

_SKIPPED_TAGS = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "iframe",
    ]
)
_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_NARROW_BLOCKS = frozenset(["li", "dt", "dd", "tr"])  # which follow each other without a blank line


def format_page_text(document: Element, *, is_part: bool = False) -> str:
    """Return the text of a page, of its main part if it names one; with `is_part`, of an element whole."""
    main = document
    if not is_part:
        parts = (one for one in document.iterate() if one.tag == "main" or one.attributes.get("role") == "main")
        main = next(parts, document)
    writer = _TextWriter()
    writer.write_children(main, 0)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in "".join(writer.parts).split("\n"))).strip()


class _TextWriter:
    """Collects the text of elements."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write_children(self, element: Element, number: int) -> None:
        """Write the children of an element; `number` is that of the last item of a numbered list, from 1."""
        for child in element.children:
            if isinstance(child, str):
                self._write_text(child)
            elif child.tag in _SKIPPED_TAGS or "hidden" in child.attributes:
                continue
            elif child.tag == "br":
                self.parts.append("\n")
            elif child.tag in _BLOCK_TAGS:
                if child.tag == "li":
                    number += 1
                self._write_block(child, f"{number}. " if element.tag == "ol" else "- ")
            else:
                self.write_children(child, 0)

    def _write_block(self, element: Element, mark: str) -> None:
        gap = "\n" if element.tag in _NARROW_BLOCKS and mark == "- " else "\n\n"
        self.parts.append(gap)
        if element.tag == "li":
            self.parts.append(mark)
        start = int(found) - 1 if (found := element.attributes.get("start", "")).isdecimal() else 0
        self.write_children(element, start)
        self.parts.append(gap)

    def _write_text(self, text: str) -> None:
        words = re.sub(r"\s+", " ", text)
        if not self.parts or self.parts[-1].endswith(("\n", " ")):
            words = words.lstrip()
        if words:
            self.parts.append(words)
