"""Names in one text: commas and semicolons separate them, and quotes hold a name together that contains one."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from ilocal.model.text_folding import fold_text

# A name in quotes, which ends before a separator, or anything else up to one. Two quotes in quotes are one.
_ITEM = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")+)"\s*(?=[,;\n]|$)|(?P<bare>(?:\\[\\,;]|[^,;\n])*))(?P<end>[,;\n]|$)')
_ESCAPED = re.compile(r"\\([\\,;])")
_SPECIAL = re.compile(r'[,;\n\\]|^\s*"')


def split_names(text: str, known: Container[str] = ()) -> list[str]:
    r"""Return the names in a text: `a, b; "c, d"` are three; `\,` and `\;` do not separate names.

    Arguments:
        text: typed text, or the content of a cell.
        known: folded names; a name with separators among them stays whole, even without quotes.
    """
    items: list[tuple[int, int, str | None]] = []  # start and end of each item, and its quoted text
    at = 0
    while at <= len(text):
        found = _ITEM.match(text, at)
        assert found is not None  # anything matches up to the next separator
        quoted = found["quoted"]
        items.append((found.start(), found.start("end"), quoted and quoted.replace('""', '"')))
        at = found.end() if found["end"] else len(text) + 1
    names: list[str] = []
    n = 0
    while n < len(items):
        length = next((more for more in range(len(items) - n, 1, -1) if _is_known(text, items[n : n + more], known)), 1)
        begin, end, quoted = items[n][0], items[n + length - 1][1], items[n][2]
        bare = text[begin:end].strip()
        names.append((_ESCAPED.sub(r"\1", bare) if length == 1 else bare) if quoted is None else quoted.strip())
        n += length
    return [name for name in names if name]


def _is_known(text: str, items: list[tuple[int, int, str | None]], known: Container[str]) -> bool:
    return fold_text(text[items[0][0] : items[-1][1]]) in known


def join_names(names: Iterable[str]) -> str:
    """Return names as one text with `; ` between them, quoted where they must be; `split_names` reads it back."""
    return "; ".join(quote_name_in_event_list(name) for name in names)


def quote_name_in_event_list(name: str) -> str:
    """Return a name as it is typed in a list: in quotes if it would be read as something else."""
    return '"' + name.replace('"', '""') + '"' if _SPECIAL.search(name) else name
