"""The toml-test suite: valid files keep their bytes through every change, invalid ones are refused."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.event import Event
from ilocal.storage.toml import scanner
from ilocal.storage.toml.document import UTF8_BOM
from ilocal.storage.toml.event_editor import is_same_toml_value
from ilocal.storage.transaction import Transaction
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.corpora import download_package, find_corpora
from tests.support.refusals import ALL_COMMANDS, find_line_number, run_all_commands
from tests.support.registry import open_transaction, parse_registry, render_transaction

Figure = Callable[[str, int], None]

NEW = Event("Một", id="x-1", start=date(2020, 2, 20), topics=("a",))
HELD = b"""\
# c0
[[event]]  # c1
id = "y-1"
"" = "an empty key"
title = "T" # c2
room = 12 # c3
# c4
end = 2020-02-02 # c5
start = 2020-02-01
"""
# TOML 1.0 does not allow these and 1.1 does, which is what is read here.
OF_TOML_1_1 = {
    "datetime/no-secs.toml", "inline-table/linebreak-01.toml", "inline-table/linebreak-02.toml",
    "inline-table/linebreak-03.toml", "inline-table/linebreak-04.toml", "inline-table/trailing-comma.toml",
    "local-datetime/no-secs.toml", "local-time/no-secs.toml", "string/basic-byte-escapes.toml",
}  # fmt: skip


def parse_tables(data: bytes) -> dict[str, Any]:
    return tomli.loads(data.removeprefix(UTF8_BOM).decode())


def is_toml(data: bytes) -> bool:
    try:
        parse_tables(data)
    except ValueError:
        return False
    return True


def read_suite(request: pytest.FixtureRequest, half: str) -> dict[str, bytes]:
    """Return the files of one half of toml-test, by name."""
    (root,) = download_package(find_corpora(request.config), "tomlkit").glob(f"*/tests/toml-test/tests/{half}")
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.toml"))}


def list_variants(data: bytes) -> list[bytes]:
    """Return variants of a text: with other line ends, with and without the last one, with and without a BOM."""
    body = data.removeprefix(UTF8_BOM)
    feeds = body.replace(b"\r\n", b"\n")
    found: dict[bytes, None] = {}
    for text in (body, feeds, feeds.replace(b"\n", b"\r\n")):
        other = text.removesuffix(b"\n").removesuffix(b"\r") if text.endswith(b"\n") else text + b"\n"
        found |= dict.fromkeys((text, UTF8_BOM + text, other, UTF8_BOM + other))
    return [text for text in found if is_toml(text)]


def change_file(path: Path, change: Callable[[Transaction], object]) -> bytes:
    workspace = Registry(path)
    with workspace.transaction() as draft:
        change(draft)
    return path.read_bytes()


def check_changes(path: Path, old: bytes) -> None:
    """Check that the old text is in front of the new one, means the same, and is restored if the event is removed."""
    path.write_bytes(old)
    before = parse_tables(old)
    for title, change in (
        ("Một", lambda draft: draft.add(NEW)),
        ("Hai", lambda draft: draft.update("x-1", replace(NEW, title="Hai", location="Huế", description="a\nb"))),
    ):
        new = change_file(path, change)
        assert new.startswith(old)
        after = parse_tables(new)
        (found,) = after.pop("event")
        assert (found["id"], found["title"]) == ("x-1", title)
        assert is_same_toml_value(after, before)
    assert change_file(path, lambda draft: draft.remove("x-1")) == old


def check_edits_beside(path: Path, old: bytes, start: int, end: int) -> None:
    """Check that a change of the event from `start` to `end` keeps neighbours, comments and unknown keys."""
    path.write_bytes(old)
    wanted = parse_tables(old)
    workspace = Registry(path)
    event = workspace.find("y-1")
    workspace.close()
    new = change_file(path, lambda draft: draft.update("y-1", replace(event, title="Hai", end=date(2020, 2, 3))))
    assert new.startswith(old[:start])
    assert new.endswith(old[end:])
    assert len(re.findall(rb"# c[0-5]", new)) == 6
    after = parse_tables(new)
    assert is_same_toml_value(after["event"], [{**wanted["event"][0], "title": "Hai", "end": date(2020, 2, 3)}])
    gone = change_file(path, lambda draft: draft.remove("y-1"))
    assert is_same_toml_value(parse_tables(gone), {key: value for key, value in wanted.items() if key != "event"})


def put_beside(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield texts with an event, with comments and unknown keys, before and after a text, and its place."""
    mark = UTF8_BOM if data.startswith(UTF8_BOM) else b""
    body = data.removeprefix(UTF8_BOM)
    newline = b"\r\n" if b"\r\n" in body[: body.find(b"\n") + 1] else b"\n"
    held = HELD.replace(b"\n", newline)
    between = newline if body and not body.endswith(b"\n") else b""
    for front, back in ((mark, body), (data + between, b"")):
        # A key of the text would become one of the event that stands before it.
        if is_toml(front + held + back) and (not back.strip() or re.match(rb"\s*\[", back)):
            yield front + held + back, len(front), len(front + held)


@pytest.mark.process
@pytest.mark.corpus
@pytest.mark.promise("P5")
def test_every_valid_file_of_toml_test_keeps_its_bytes(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # bytes are tried here, and not the disk
    path, counts = tmp_path / "events.toml", Counter[str]()
    for name, data in read_suite(request, "valid").items():
        counts["files"] += 1
        assert "event" not in parse_tables(data), f"{name} has events of its own"
        for text in list_variants(data):
            counts["variants"] += 1
            try:
                check_changes(path, text)
                counts["changes"] += 3
                for around, start, end in put_beside(text):
                    check_edits_beside(path, around, start, end)
                    counts["changes"] += 2
            except Exception as error:
                raise AssertionError(f"{name}, {text[:80]!r}: {type(error).__name__}: {error}") from error
    print(counts)
    assert counts["files"] > 200
    figure("toml-test files, valid", counts["files"])
    figure("toml-test files, valid: variants", counts["variants"])
    figure("toml-test files, valid: changes made", counts["changes"])


@st.composite
def commented_texts(draw: st.DrawFn) -> str:
    """Draw a registry with comments between all statements and a separate line end for each line."""
    text = draw(strategies.registry_texts(least=1))
    mark, body = text[: text.startswith("\ufeff")], text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = [f"  # c{n}-\n{one.text}" for n, one in enumerate(scanner.split_toml_statements(body))]
    lines = "".join(found).split("\n")
    ends = draw(st.lists(st.sampled_from(["\n", "\r\n"]), min_size=len(lines), max_size=len(lines)))
    last = len(lines) - 1
    return mark + "".join(
        line + (end if n < last else "") for n, (line, end) in enumerate(zip(lines, ends, strict=True))
    )


@pytest.mark.promise("P5")
@given(commented_texts(), strategies.any_events(), st.data())
def test_comments_everywhere_and_mixed_line_ends_are_kept(text: str, event: Event, data: st.DataObject) -> None:
    draft = open_transaction(text)
    added = draft.add(event)
    new = render_transaction(draft)
    assert new.startswith(text)
    undone = open_transaction(new)
    undone.remove(added.id)
    assert render_transaction(undone) == text
    registry = parse_registry(text)
    id = data.draw(st.sampled_from(sorted(registry.events)))
    document, piece = registry.locations[id]
    draft = open_transaction(text)
    draft.update(id, replace(registry.events[id], title="Tên mới", location="Huế"))
    new = render_transaction(draft)
    assert re.findall(r"# c\d+-", new) == re.findall(r"# c\d+-", text)
    assert new.encode().startswith(document.data[: piece.start])
    assert new.encode().endswith(document.data[piece.end :])


@pytest.mark.promise("P5")
def test_an_event_whose_last_key_is_empty_is_removed_with_it() -> None:
    text = '[[event]]\ntitle = "A"\n\n[[event]]\ntitle = "B"\n"" = 1\n'
    draft = open_transaction(text)
    assert draft.remove("tba-b") == '[[event]]\ntitle = "B"\n"" = 1\n'
    assert render_transaction(draft) == '[[event]]\ntitle = "A"\n'


@pytest.mark.process
@pytest.mark.corpus
@pytest.mark.promise("P15")
def test_every_invalid_file_of_toml_test_is_refused_with_its_line_and_untouched(
    request: pytest.FixtureRequest, ilocal: Ilocal, figure: Figure
) -> None:
    files = read_suite(request, "invalid")
    assert {name for name, data in files.items() if is_toml(data)} == OF_TOML_1_1
    for name in sorted(files.keys() - OF_TOML_1_1):
        data = files[name]
        for command, said in run_all_commands(ilocal, data):
            lines = data.rstrip(b"\n").count(b"\n") + 1
            assert 1 <= find_line_number(said) <= lines, (name, command, said)
    figure("toml-test files, invalid", len(files) - len(OF_TOML_1_1))
    figure("toml-test files, invalid: commands", (len(files) - len(OF_TOML_1_1)) * len(ALL_COMMANDS))
