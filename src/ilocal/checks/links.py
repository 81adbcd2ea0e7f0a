"""Links that are broken or do something other than show a page, as far as this can be checked offline."""

import re
from collections.abc import Iterator
from datetime import date

from ilocal.checks.base import make_check_warning
from ilocal.errors import Diagnostic
from ilocal.i18n.messages import _
from ilocal.model.event import Event
from ilocal.model.safe_text import escape_single_line
from ilocal.storage.loader import ParsedRegistry

CODES = ("unsafe-link", "broken-link")

_UNSAFE_SCHEMES = (
    "javascript",
    "vbscript",
    "data",
    "file",
    "blob",
)  # run code, or open files on the reader's machine
_OBSOLETE_SCHEMES = ("ftp", "gopher")  # browsers do not open them any more
_SCHEME_PATTERN = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_MISSPELT_SCHEME = re.compile(r"(?!https?://)(?:h+t*p*s?|ht+ps?|htps?|ttps?|https?):?/+(?=\w)", re.IGNORECASE)
_HOST_NAME = re.compile(r"(?:www\.|(?:[a-z0-9-]+\.)+(?:com|org|net|int|info|edu|gov|eu|vn)\b)", re.IGNORECASE)
# `[text](target)`, `<scheme:…>` and `[text]: target` of Markdown. (Spaces in a target make it text.)
_MARKDOWN_LINK = re.compile(
    r"\]\(\s*(?:<([^<>\n]*)>|([^()\n]*(?:\([^()\n]*\)[^()\n]*)*))\)"
    r"|<([a-z][a-z0-9+.-]*:[^<>\n]*)>|^ {0,3}\[[^\]\n]+\]:[ \t]*(\S+)",
    re.IGNORECASE | re.MULTILINE,
)
_LINK_TITLE = re.compile(r"""[ \t]+(?:"[^"]*"|'[^']*')[ \t]*$""")


def check(registry: ParsedRegistry, today: date) -> Iterator[Diagnostic]:
    for event in registry.events.values():
        if event.url and (found := find_link_problem(event.url)):
            yield make_check_warning(registry, event, "url", *found)
        for field, text in _iterate_fields_with_checked_links(event):
            for target in list_checked_link_targets(text) if ":" in text or "](" in text else ():
                if found := find_link_problem(target, is_url=False):
                    yield make_check_warning(registry, event, field, *found)


def _iterate_fields_with_checked_links(event: Event) -> Iterator[tuple[str, str]]:
    """Yield the Markdown texts of an event with their fields."""
    yield "summary", event.summary
    yield "description", event.description
    yield from (("sections", section.body) for section in event.sections)
    yield from (("translations", translation.description) for translation in event.translations)


def list_checked_link_targets(text: str) -> Iterator[str]:
    """Yield the targets of the links in a Markdown text."""
    for found in _MARKDOWN_LINK.finditer(text):
        pointed, plain, auto, reference = found.groups()
        yield pointed or auto or reference or _LINK_TITLE.sub("", plain or "").strip()


def find_link_problem(target: str, *, is_url: bool = True) -> tuple[str, str] | None:
    """Return the problem of a link and its code, or None. A text may have links without a scheme (`#below`)."""
    bare = re.sub(r"[\x00-\x20]", "", target)  # browsers ignore these characters too
    scheme = found[1].casefold() if (found := _SCHEME_PATTERN.match(bare)) else ""
    if scheme in _UNSAFE_SCHEMES:
        return _('"{scheme}:" does not link to a web page', scheme=scheme), "unsafe-link"
    if scheme in _OBSOLETE_SCHEMES:
        return _('browsers no longer open "{scheme}:" links', scheme=scheme), "broken-link"
    if _MISSPELT_SCHEME.match(bare):
        return _(
            '"{target}" is not a web address; web addresses start with https://', target=escape_single_line(target)
        ), "broken-link"
    if scheme in ("http", "https") and not re.match(r"https?://[^/?#\s]", bare, re.IGNORECASE):
        return _('"{target}" has no host name', target=escape_single_line(target)), "broken-link"
    if re.search(r"\s", target) and (is_url or scheme):
        return _('"{target}" contains whitespace', target=escape_single_line(target)), "broken-link"
    has_no_scheme = not scheme or (bare[len(scheme) + 1 :][:1].isdigit() and "." in scheme)  # example.org:8080
    if has_no_scheme and _HOST_NAME.match(bare):
        return _('"{target}" has no scheme; use https://{target}', target=escape_single_line(target)), "broken-link"
    if has_no_scheme and is_url:
        return _(
            '"{target}" is not a web address; web addresses start with https://', target=escape_single_line(target)
        ), "broken-link"
    return None
