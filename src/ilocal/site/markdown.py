"""Markdown of events as HTML: no HTML of its own, no pictures, links to web pages and mail addresses alone."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Any

from ilocal.model.safe_text import make_text_safe

_LINKABLE_URL = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
# A text without these is plain paragraphs in any dialect of Markdown.
_MARKDOWN_SIGN = re.compile(r"[\\`*_\[\]<>#~&]|^(?:[ \t]|[-+=]|[0-9]{1,9}[.)])|[ \t]+$|://|@|\r", re.MULTILINE)


class Html(str):
    """Text that is already HTML, and is not escaped again."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def render_markdown(text: str, top_heading: int) -> Html:
    """Return a text as HTML; its headings begin at the level `top_heading`, and end at 6."""
    text = make_text_safe(text.strip("\n"))
    if not text.strip():
        return Html()
    if _MARKDOWN_SIGN.search(text):
        env: dict[str, Any] = {"top_heading": top_heading}
        html: str = _make_page_markdown_parser().render(text, env)
        return Html(html.rstrip("\n"))
    paragraphs = (one for one in re.split(r"\n\n+", text.strip()) if one)
    return Html("\n".join(f"<p>{escape(one, quote=False).replace(chr(34), '&quot;')}</p>" for one in paragraphs))


@cache
def _make_page_markdown_parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}).disable("image")
    parser.validateLink = lambda url: _LINKABLE_URL.match(url) is not None  # type: ignore[method-assign]
    parser.core.ruler.push("headings", _lower_headings)
    return parser


def _lower_headings(state: Any) -> None:
    """Lower the headings of a text below those of the page, without gaps in their levels; drop empty ones."""
    empty = {
        at for at, token in enumerate(state.tokens) if token.type == "heading_open" and not state.tokens[at + 1].content
    }
    state.tokens = [token for at, token in enumerate(state.tokens) if not {at, at - 1, at - 2} & empty]
    top = state.env.get("top_heading", 1)
    levels = sorted({token.tag for token in state.tokens if token.type == "heading_open"})
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(top + levels.index(token.tag), 6)}"


def make_plain_excerpt(text: str, length: int) -> str:
    """Return the beginning of a text on one line, without the signs of Markdown, cut between words."""
    bare = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", make_text_safe(text))
    plain = " ".join(re.sub(r"[*_`#>]+", "", bare).split())
    if len(plain) <= length:
        return plain
    return plain[: plain.rfind(" ", 0, length) if " " in plain[:length] else length].rstrip(" ,;:") + "…"
