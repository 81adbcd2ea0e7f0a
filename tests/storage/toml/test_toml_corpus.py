"""Bytes kept, and bad input contained: the toml-test suite and what is worse than that, through every command."""

from __future__ import annotations

import os
import re
import time
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

from ilocal import block
from ilocal.block import same
from ilocal.document import BOM
from ilocal.draft import Draft
from ilocal.event import Event
from ilocal.workspace import Workspace
from tests.conftest import Ilocal, drafted, drawn_up, parsed
from tests.formats.ics.test_corpus import fetched
from tests.support import strategies

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


def tables(data: bytes) -> dict[str, Any]:
    return tomli.loads(data.removeprefix(BOM).decode())


def is_toml(data: bytes) -> bool:
    try:
        tables(data)
    except ValueError:
        return False
    return True


def suite(request: pytest.FixtureRequest, half: str) -> dict[str, bytes]:
    """The files of one half of toml-test, by their names."""
    folder = Path(request.config.cache.mkdir("ilocal-corpus"))
    (root,) = fetched(folder, "tomlkit").glob(f"*/tests/toml-test/tests/{half}")
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.toml"))}


def variants(data: bytes) -> list[bytes]:
    """A text as it is and with other line ends; each with and without its last one; each with and without a mark."""
    body = data.removeprefix(BOM)
    feeds = body.replace(b"\r\n", b"\n")
    found: dict[bytes, None] = {}
    for text in (body, feeds, feeds.replace(b"\n", b"\r\n")):
        other = text.removesuffix(b"\n").removesuffix(b"\r") if text.endswith(b"\n") else text + b"\n"
        found |= dict.fromkeys((text, BOM + text, other, BOM + other))
    return [text for text in found if is_toml(text)]


def changed(path: Path, change: Callable[[Draft], object]) -> bytes:
    workspace = Workspace(path)
    with workspace.changing() as draft:
        change(draft)
    return path.read_bytes()


# ---------------------------------------------------------------------------------------------------------- bytes kept


def added_edited_removed(path: Path, old: bytes) -> None:
    """The old text stands in front of the new, says what it said, and is there again when the event is gone."""
    path.write_bytes(old)
    before = tables(old)
    for title, change in (
        ("Một", lambda draft: draft.add(NEW)),
        ("Hai", lambda draft: draft.put("x-1", replace(NEW, title="Hai", location="Huế", description="a\nb"))),
    ):
        new = changed(path, change)
        assert new.startswith(old)
        after = tables(new)
        (found,) = after.pop("event")
        assert (found["id"], found["title"]) == ("x-1", title)
        assert same(after, before)
    assert changed(path, lambda draft: draft.remove("x-1")) == old


def edited_beside(path: Path, old: bytes, start: int, end: int) -> None:
    """A change of the event from `start` to `end` leaves what is beside it, its comments and its own keys."""
    path.write_bytes(old)
    wanted = tables(old)
    workspace = Workspace(path)
    event = workspace.find("y-1")
    workspace.close()
    new = changed(path, lambda draft: draft.put("y-1", replace(event, title="Hai", end=date(2020, 2, 3))))
    assert new.startswith(old[:start])
    assert new.endswith(old[end:])
    assert len(re.findall(rb"# c[0-5]", new)) == 6
    after = tables(new)
    assert same(after["event"], [{**wanted["event"][0], "title": "Hai", "end": date(2020, 2, 3)}])
    gone = changed(path, lambda draft: draft.remove("y-1"))
    assert same(tables(gone), {key: value for key, value in wanted.items() if key != "event"})


def beside(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """An event with comments and keys of its own before a text and after it, where that is TOML: text and place."""
    mark = BOM if data.startswith(BOM) else b""
    body = data.removeprefix(BOM)
    newline = b"\r\n" if b"\r\n" in body[: body.find(b"\n") + 1] else b"\n"
    held = HELD.replace(b"\n", newline)
    between = newline if body and not body.endswith(b"\n") else b""
    for front, back in ((mark, body), (data + between, b"")):
        # A key of the text would become one of the event that stands before it.
        if is_toml(front + held + back) and (not back.strip() or re.match(rb"\s*\[", back)):
            yield front + held + back, len(front), len(front + held)


@pytest.mark.corpus
@pytest.mark.promise("P5")
def test_every_valid_file_of_toml_test_keeps_its_bytes(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # bytes are tried here, and not the disk
    path, counts = tmp_path / "events.toml", Counter[str]()
    for name, data in suite(request, "valid").items():
        counts["files"] += 1
        assert "event" not in tables(data), f"{name} has events of its own"
        for text in variants(data):
            counts["variants"] += 1
            try:
                added_edited_removed(path, text)
                counts["changes"] += 3
                for around, start, end in beside(text):
                    edited_beside(path, around, start, end)
                    counts["changes"] += 2
            except Exception as error:
                raise AssertionError(f"{name}, {text[:80]!r}: {type(error).__name__}: {error}") from error
    print(counts)
    assert counts["files"] > 200
    figure("toml-test files, valid", counts["files"])
    figure("toml-test files, valid: variants", counts["variants"])
    figure("toml-test files, valid: changes made", counts["changes"])


@st.composite
def noted_texts(draw: st.DrawFn) -> str:
    """A registry with comments between all statements and a line end of its own for each line."""
    text = draw(strategies.registry_texts(least=1))
    mark, body = text[: text.startswith("\ufeff")], text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = [f"  # c{n}-\n{one.text}" for n, one in enumerate(block.statements(body))]
    lines = "".join(found).split("\n")
    ends = draw(st.lists(st.sampled_from(["\n", "\r\n"]), min_size=len(lines), max_size=len(lines)))
    last = len(lines) - 1
    return mark + "".join(
        line + (end if n < last else "") for n, (line, end) in enumerate(zip(lines, ends, strict=True))
    )


@pytest.mark.promise("P5")
@given(noted_texts(), strategies.any_events(), st.data())
def test_comments_everywhere_and_mixed_line_ends_are_kept(text: str, event: Event, data: st.DataObject) -> None:
    draft = drafted(text)
    added = draft.add(event)
    new = drawn_up(draft)
    assert new.startswith(text)
    undone = drafted(new)
    undone.remove(added.id)
    assert drawn_up(undone) == text
    registry = parsed(text)
    id = data.draw(st.sampled_from(sorted(registry.events)))
    document, piece = registry.origins[id]
    draft = drafted(text)
    draft.put(id, replace(registry.events[id], title="Tên mới", location="Huế"))
    new = drawn_up(draft)
    assert re.findall(r"# c\d+-", new) == re.findall(r"# c\d+-", text)
    assert new.encode().startswith(document.data[: piece.start])
    assert new.encode().endswith(document.data[piece.end :])


@pytest.mark.promise("P5")
def test_an_event_whose_last_key_is_empty_is_removed_with_it() -> None:
    text = '[[event]]\ntitle = "A"\n\n[[event]]\ntitle = "B"\n"" = 1\n'
    draft = drafted(text)
    assert draft.remove("tba-b") == '[[event]]\ntitle = "B"\n"" = 1\n'
    assert drawn_up(draft) == '[[event]]\ntitle = "A"\n'


# ------------------------------------------------------------------------------------------------- bad input contained

WRITES = (("add", "A"), ("edit", "x", "--title", "B"), ("remove", "x", "--yes"), ("import", "in.jsonl"))
COMMANDS = (("list",), ("check",), ("fmt",), ("fmt", "--check"), ("show", "x"), *WRITES)


def refused(ilocal: Ilocal, data: bytes) -> Iterator[tuple[str, str]]:
    """What each command says of a registry that none may write: its name, and all that it said."""
    path = Path("events.toml")
    Path("in.jsonl").write_text('{"title": "N"}\n', encoding="utf-8")
    path.write_bytes(data)
    for command in COMMANDS:
        began = time.monotonic()
        code, out, err = ilocal(*command)
        assert time.monotonic() - began < 20
        assert path.read_bytes() == data, command
        assert code == 3, (command, code, out, err)
        yield command[0], out + err


def line_said(said: str) -> int:
    found = re.search(r"events\.toml:(\d+): not ", said)
    assert found, said
    return int(found[1])


@pytest.mark.corpus
@pytest.mark.promise("P15")
def test_every_invalid_file_of_toml_test_is_refused_with_its_line_and_untouched(
    request: pytest.FixtureRequest, ilocal: Ilocal, figure: Figure
) -> None:
    files = suite(request, "invalid")
    assert {name for name, data in files.items() if is_toml(data)} == OF_TOML_1_1
    for name in sorted(files.keys() - OF_TOML_1_1):
        data = files[name]
        for command, said in refused(ilocal, data):
            lines = data.rstrip(b"\n").count(b"\n") + 1
            assert 1 <= line_said(said) <= lines, (name, command, said)
    figure("toml-test files, invalid", len(files) - len(OF_TOML_1_1))
    figure("toml-test files, invalid: commands", (len(files) - len(OF_TOML_1_1)) * len(COMMANDS))


TITLED = b'[[event]]\nid = "x"\ntitle = "X"\n'
DEEP = 10_000
NOT_TOML = {
    "NUL": (b'[registry]\na = "\0"\n', 2),
    "NUL in a comment": (b"#\n# \0\n", 2),
    "latin-1": (b'[registry]\ntitle = "caf\xe9"\n', 2),
    "surrogate in UTF-8": (b'a = "\xed\xa0\x80"\n', 1),
    "UTF-16": ("a = 1\n".encode("utf-16"), 1),
    "UTF-16 without a mark": ("a = 1\n".encode("utf-16-le"), 1),
    "5,000 digits": (b"a = 1\nb = " + b"9" * 5000 + b"\n", 2),
    "5,000 digits in an event": (TITLED + b"room = " + b"9" * 5000 + b"\n", 4),
    "arrays": (b"a = " + b"[" * DEEP + b"]" * DEEP, 1),
    "open arrays": (b"a = " + b"[" * DEEP, 1),
    "inline tables": (b"a = " + b"{a=" * DEEP + b"1" + b"}" * DEEP, 1),
    "dotted key": (b"a" + b".a" * DEEP + b" = 1\n", 1),
    "dotted header": (b"[a" + b".a" * DEEP + b"]\n", 1),
    "lone surrogate escape": (b'[registry]\ntitle = "\\ud800"\n', 2),
    "two marks": (BOM + BOM + TITLED, 1),
    "a mark inside": (TITLED + BOM + TITLED, 4),
    "CR alone": (TITLED.replace(b"\n", b"\r"), 1),
    "CR in a text": (TITLED + b'description = """a\rb"""\n', 4),
}


@pytest.mark.promise("P15")
@pytest.mark.parametrize("name", NOT_TOML)
def test_what_is_not_toml_is_named_with_its_line_and_untouched(ilocal: Ilocal, name: str) -> None:
    data, line = NOT_TOML[name]
    Path("in.jsonl").write_text('{"title": "N"}\n', encoding="utf-8")
    Path("events.toml").write_bytes(data)
    for command in COMMANDS:
        code, out, err = ilocal(*command)
        # An event that cannot be read is not found; all else is the registry's error.
        unfound = code == 4 and b"[[event]]" in data and command[0] in ("show", "edit", "remove")
        assert unfound or (code == 3 and line_said(out + err) == line), (command, code, out, err)
        assert "Traceback" not in err
        assert Path("events.toml").read_bytes() == data


@pytest.mark.promise("P15")
def test_a_text_that_stops_being_utf8_is_named_with_its_file(ilocal: Ilocal) -> None:
    Path("events.toml").write_bytes(TITLED)
    assert ilocal("list").code == 0  # now there is an index
    for _, said in refused(ilocal, TITLED + b"# caf\xe9\n"):
        assert line_said(said) == 4


@pytest.mark.promise("P15")
@pytest.mark.parametrize("data", [b"", BOM], ids=["nothing", "a mark"])
def test_an_empty_file_is_a_registry_without_events(ilocal: Ilocal, data: bytes) -> None:
    path = Path("events.toml")
    path.write_bytes(data)
    codes = [ilocal(*command).code for command in (("list",), ("check",), ("show", "x"), *WRITES[1:3])]
    assert codes == [0, 0, 4, 4, 4]
    assert path.read_bytes() == data
    assert ilocal("add", "A").code == 0
    assert path.read_bytes().startswith(data + b"[[event]]\n")
    assert ilocal("remove", "a", "--yes").code == 0
    assert path.read_bytes() == data


@pytest.mark.promise("P15")
def test_an_event_with_a_key_of_500_parts_is_named_and_stands_in_no_ones_way(ilocal: Ilocal) -> None:
    data = TITLED + b"a" + b".a" * 500 + b" = 1\n"
    path = Path("events.toml")
    path.write_bytes(data)
    assert "events.toml:4: a: nested too deeply" in ilocal("check").out
    assert ilocal("add", "A").code == 0
    assert path.read_bytes().startswith(data)


# --------------------------------------------------------------------------------------------------------------- merge


def event(id: str, more: str = "") -> str:
    return f'[[event]]\nid = "{id}"\ntitle = "Họp {id}"\n{more}\n'


OURS, BASE, MIDDLE, THEIRS = "<<<<<<< HEAD\n", "||||||| base\n", "=======\n", ">>>>>>> branch\n"
START = OURS + "start = 2020-01-01\n" + MIDDLE + "start = 2020-02-02\n" + THEIRS
SIDES = OURS + event("a1") + event("a2") + MIDDLE + event("b1") + event("b2") + event("b3") + THEIRS
SIDES3 = SIDES.replace(MIDDLE, BASE + event("o1") + event("o2") + MIDDLE)
STRING = 'description = """\n' + OURS + 'a"""\n' + MIDDLE + 'b"""\n' + THEIRS
MERGES = {  # the text, the line of the first mark, and the events that are beside the conflict
    "inside an event": (event("k") + event("x", START) + event("z"), 8, ["k", "z"]),
    "in a list": (event("k") + event("x", "topics = [\n" + START + "]\n") + event("z"), 9, ["k", "z"]),
    "where a string ends": (event("k") + event("x", STRING) + event("z"), 9, ["k", "z"]),
    # What the marks follow right away may go on in one of the sides.
    "between events": (event("k") + event("x") + SIDES + event("z") + event("y"), 9, ["k", "y", "z"]),
    "between events, diff3": (event("k") + event("x") + SIDES3 + event("z") + event("y"), 9, ["k", "y", "z"]),
    "never closed": (event("k") + event("x") + OURS + event("a") + event("b"), 9, ["k"]),
}


@pytest.mark.promise("P15")
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", MERGES)
def test_the_marks_of_a_git_merge_are_named_and_no_side_is_guessed(ilocal: Ilocal, name: str, newline: str) -> None:
    text, line, others = MERGES[name]
    data = text.replace("\n", newline).encode()
    path = Path("events.toml")
    path.write_bytes(data)
    said = f"events.toml:{line}: not valid TOML: the marks of an unfinished git merge"
    code, out, err = ilocal("list", "-f", "ids")
    assert (code, sorted(out.split())) == (0, others)
    assert said in err
    assert ilocal("check").out.startswith(said)
    Path("in.jsonl").write_text('{"title": "N"}\n', encoding="utf-8")
    for command in (("add", "A"), ("edit", "k", "--title", "B"), ("remove", "k", "--yes"), ("import", "in.jsonl")):
        code, _, err = ilocal(*command)
        assert (code, err.startswith(f"ilocal: {said}")) == (3, True), err
    assert path.read_bytes() == data


@pytest.mark.promise("P15")
@pytest.mark.parametrize("text", ["[registry]\n" + OURS + 'title = "a"\n' + MIDDLE + THEIRS + event("x"), "\n" + SIDES])
def test_marks_before_the_first_event_are_an_error_of_the_whole_file(ilocal: Ilocal, text: str) -> None:
    for _, said in refused(ilocal, text.encode()):
        assert "events.toml:2: not valid TOML: the marks of an unfinished git merge" in said


@pytest.mark.promise("P15")
def test_marks_inside_a_text_are_text(ilocal: Ilocal) -> None:
    path = Path("events.toml")
    data = event("x", f'description = """\n{OURS}a\n{MIDDLE}b\n{THEIRS}"""\n').encode()
    path.write_bytes(data)
    assert ilocal("check", "--strict").code == 0
    assert ilocal("add", "A").code == 0
    assert path.read_bytes().startswith(data)


@pytest.mark.promise("P15")
def test_a_merge_is_over_where_its_marks_are_taken_out(ilocal: Ilocal) -> None:
    path = Path("events.toml")
    text = event("k") + event("x") + SIDES + event("z")
    path.write_text(text, encoding="utf-8")
    assert ilocal("list", "-f", "ids").out.split() == ["k", "z"]
    path.write_text(re.sub("(?m)^[<=>]{7}.*\n", "", text), encoding="utf-8")
    assert sorted(ilocal("list", "-f", "ids").out.split()) == ["a1", "a2", "b1", "b2", "b3", "k", "x", "z"]
    path.write_text(text, encoding="utf-8")  # and back: what was read before is not taken for one side
    assert ilocal("list", "-f", "ids").out.split() == ["k", "z"]
