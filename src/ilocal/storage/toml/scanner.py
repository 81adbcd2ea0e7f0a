"""Scanner of TOML text: finds the ends of strings, brackets, comments and statements without parsing values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN_PATTERN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r"(?P<open>\"\"\"|''')|"  # a string of several lines that never ends
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*'|"
    r"(?P<comment>#[^\n]*)|(?P<up>[\[{])|(?P<down>[\]}])|(?P<newline>\n)",
    re.DOTALL,
)
# The same on bytes, but that a string of several lines is seen by its first quotes alone.
_BYTE_TOKEN_PATTERN = re.compile(
    rb"(?P<long>\"\"\"|''')|"
    rb'"(?:\\.|[^"\\\n])*"|'
    rb"'[^'\n]*'|"
    rb"#[^\n]*|(?P<up>[\[{])|(?P<down>[\]}])|\n",
    re.DOTALL,
)
_CLOSING_QUOTES_PATTERNS = {
    b'"""': re.compile(rb'(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    b"'''": re.compile(rb".*?'{3,5}", re.DOTALL),
}


def find_toml_statement_end(text: str, start: int) -> int:
    """Return the end of the statement that begins at `start`: after its line feed, or the end of the text."""
    depth = 0
    for found in _TOKEN_PATTERN.finditer(text, start):
        kind = found.lastgroup
        if kind == "open":
            return len(text)
        depth += (kind == "up") - (kind == "down")
        if kind == "newline" and depth <= 0:
            return found.end()
    return len(text)


class NestingIndex:
    """Index of where a block that begins inside a text may end: at the first candidate outside of its brackets.

    The ascending candidate offsets are where blocks may begin; the last is the end of the text. Each part is scanned a
    few times at most, however many questions are asked: once from outside, and once from inside each kind of string.
    """

    def __init__(self, data: bytes, places: Sequence[int]) -> None:
        self._data = data
        self._candidate_offsets = places
        # By candidate: the next one outside of strings, and the change in bracket depth; None for none.
        self._next_by_place: dict[int, tuple[int, int] | None] = {}  # ...that is also no deeper
        self._unclosed_strings: dict[
            bytes, int
        ] = {}  # where a string begins that never ends, by its quotes: no later one does

    def find_next_unnested(self, first: int) -> int | None:
        """Return the first candidate after this one outside of strings and brackets opened since, or None."""
        if first not in self._next_by_place:
            self._scan_nesting(first)
        found = self._next_by_place[first]
        return found and found[0]

    def _scan_nesting(self, first: int) -> None:
        """Compute the answer for a candidate, and for all between it and the result."""
        at, depth = first, 0
        pending = [(first, 0)]  # candidates without an answer yet, deepest last
        while pending:
            step = self._next_by_place[at] if at in self._next_by_place else self._find_next_outside_string(at)
            if step is None:
                break
            at, depth = step[0], depth + step[1]
            while pending and pending[-1][1] >= depth:
                place, own = pending.pop()
                self._next_by_place[place] = (at, depth - own)
            if pending:
                pending.append((at, depth))
        self._next_by_place |= {place: None for place, _ in pending if place not in self._next_by_place}

    def _find_next_outside_string(self, first: int) -> tuple[int, int] | None:
        """Return the next candidate outside of strings, and the change in bracket depth; None if there is none."""
        at, depth, pos, end = first + 1, 0, self._candidate_offsets[first], self._candidate_offsets[-1]
        while found := _BYTE_TOKEN_PATTERN.search(self._data, pos, end):
            if at < len(self._candidate_offsets) and self._candidate_offsets[at] <= found.start():
                return at, depth
            pos = found.end()
            if found.lastgroup == "long":
                pos = self._find_string_end(found.group(), pos)
            if not pos:
                return None
            while at < len(self._candidate_offsets) and self._candidate_offsets[at] < pos:
                at += 1
            depth += (found.lastgroup == "up") - (found.lastgroup == "down")
        return (at, depth) if at < len(self._candidate_offsets) else None

    def _find_string_end(self, quotes: bytes, start: int) -> int:
        """Return the end of a multi-line string; 0 if it is not closed."""
        if start >= self._unclosed_strings.get(quotes, start + 1):
            return 0
        found = _CLOSING_QUOTES_PATTERNS[quotes].match(self._data, start, self._candidate_offsets[-1])
        if found is None:
            self._unclosed_strings[quotes] = start
            return 0
        return found.end()


def find_toml_comments(text: str) -> list[re.Match[str]]:
    """Return the comments in a statement, without newlines."""
    return [found for found in _TOKEN_PATTERN.finditer(text) if found["comment"]]


def split_toml_lines(text: str) -> list[str]:
    """Return the lines of a text with their line feeds; other Unicode line separators do not end a line."""
    return re.findall("[^\n]*\n|[^\n]+", text)


# ------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class TomlStatement:
    """Whole lines of a block; `key` is None for a header, a comment or a blank line (`""` is a valid key in TOML)."""

    text: str
    key: str | None = None
    is_header: bool = False


def split_toml_statements(block: str) -> list[TomlStatement]:
    """Return a block, which is valid TOML, split into its statements."""
    found, at = [], 0
    while at < len(block):
        end = block.find("\n", at) + 1 or len(block)
        bare = block[at:end].strip()
        if not bare or bare.startswith("#"):
            found.append(TomlStatement(block[at:end]))
        elif bare.startswith("["):
            found.append(TomlStatement(block[at:end], is_header=True))
        else:
            end = find_toml_statement_end(block, at)
            found.append(_parse_toml_key_statement(block[at:end]))
        at = end
    return found


_BARE_KEY_PATTERN = re.compile(r"[ \t]*([A-Za-z0-9_-]+)[ \t]*=")


def _parse_toml_key_statement(text: str) -> TomlStatement:
    if bare := _BARE_KEY_PATTERN.match(text):  # without reading the value
        return TomlStatement(text, bare[1])
    import tomli

    return TomlStatement(text, next(iter(tomli.loads(text))))


def parse_toml_table_header(header: str) -> list[str]:
    """Return the names in a table header, from outermost to innermost."""
    import tomli

    table, found = tomli.loads(header), []
    while table:
        name, inner = next(iter(table.items()))
        found.append(name)
        table = inner[0] if isinstance(inner, list) else inner
    return found


def find_field_line_in_block(block: str, field: str) -> int:
    """Return the number of the line, from 0, of a field's key in a block; that of the header if it has none."""
    line, header = 0, 0
    for statement in split_toml_statements(block):
        if statement.key == field or (statement.is_header and f"event.{field.removesuffix('s')}" in statement.text):
            return line
        if statement.is_header and not header:
            header = line
        line += statement.text.count("\n")
    return header


def split_trailing_comments(block: str) -> tuple[str, str]:
    """Return the block up to its last statement, and the blank and comment lines after it, which are not its own."""
    found = split_toml_statements(block)
    last = max(n for n, statement in enumerate(found) if statement.key is not None or statement.is_header)
    return "".join(s.text for s in found[: last + 1]), "".join(s.text for s in found[last + 1 :])
