"""A registry's text. Law: its blocks joined are the text, and mean what a TOML parser reads from the whole."""

# ruff: noqa: E501  (tables read best with a case a line)
from __future__ import annotations

from collections.abc import Iterator

import tomli

from fuzz.common import ROOT, said
from ilocal.errors import RegistryError
from ilocal.storage import loader
from ilocal.storage.toml import document
from ilocal.storage.toml.document import Document, TomlSyntaxError
from ilocal.storage.toml.event_editor import is_same_toml_value
from ilocal.storage.toml.scanner import split_toml_statements
from tests.support.registry import FOUR_EVENTS
from tests.support.strategies import HAND_WRITTEN

WORDS = (
    "[[event]]\n", "\n[[event]]\n", "[[ event ]]", '[["event"]]', "[event]", "[[event.section]]\n", "[registry]\n",
    "[aliases]\n", "[event.translations.en]\n", 'title = "a"\n', "start = 2020-02-20\n", 'id = "a"\n', '"""', "'''", "# c\n",
    "event = [{title = 'y'}]\n", "x = [\n", "]\n", "{ ", " }", "\r\n", "\ufeff", "event.title = 'x'\n", "\\", "\\u0000",
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    """Yield the registries of the tests, by ilocal and by hand."""
    yield FOUR_EVENTS.encode()
    yield (ROOT / "data" / "events.toml").read_bytes()[:3000]
    for text in HAND_WRITTEN:
        yield text.encode()
    yield b"event = [{title = 'y'}]\n"
    yield b'[[event]]\ntitle = "open"\ndescription = """\n[[event]]\n"""\n[[event]]\ntitle = "x"\r\n'


def check(data: bytes) -> None:
    """Check that a text has the same validity and meaning by blocks and as a whole."""
    try:
        found = document.parse_document(data)
    except TomlSyntaxError as error:
        said(error.message)
        assert whole_of(data) is None, "refused, though it is valid"
        _check_loaded(data)
        return
    if not found.read_only_reason:
        pieces = [data[piece.start : piece.end] for piece in found.blocks]
        assert data[: document.skip_bom(data)] + b"".join(pieces) == data
    _check_said(found, whole_of(data))
    _check_loaded(data)


def whole_of(data: bytes) -> document.TomlTable | None:
    """Return the tables that the standard parser reads from a text; None if it is not a registry."""
    try:
        tables = tomli.loads(data[document.skip_bom(data) :].decode())
    except (ValueError, RecursionError):
        return None
    events = tables.get("event", [])
    return tables if isinstance(events, list) and all(isinstance(one, dict) for one in events) else None


def _check_said(found: Document, tables: document.TomlTable | None) -> None:
    problems = [piece.diagnostic for piece in found.blocks if piece.diagnostic]
    if tables is None:
        assert problems, "read without a problem, though it is not valid"
        return
    assert not problems, f"a problem in a valid text: {problems}"
    assert is_same_toml_value([piece.table for piece in found.blocks if piece.is_event], tables.pop("event", []))
    assert is_same_toml_value(found.metadata, tables)


def _check_loaded(data: bytes) -> None:
    try:
        loaded = loader.load_registry([("f.toml", data)])
    except RegistryError as error:
        said(error.message)
        return
    for problem in loaded.diagnostics:
        said(problem.format_with_file("f.toml"))
        assert 0 <= problem.line <= data.count(b"\n") + 1
    for id, (found, piece) in loaded.locations.items():
        assert loaded.events[id].id == id
        text = found.get_block_text(piece)
        assert found.read_only_reason or "".join(one.text for one in split_toml_statements(text)) == text
