"""The marks of a git merge are named, and no side is guessed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.refusals import run_all_commands


def write_event(id: str, more: str = "") -> str:
    return f'[[event]]\nid = "{id}"\ntitle = "Họp {id}"\n{more}\n'


OURS, BASE, MIDDLE, THEIRS = "<<<<<<< HEAD\n", "||||||| base\n", "=======\n", ">>>>>>> branch\n"
START = OURS + "start = 2020-01-01\n" + MIDDLE + "start = 2020-02-02\n" + THEIRS
SIDES = (
    OURS
    + write_event("a1")
    + write_event("a2")
    + MIDDLE
    + write_event("b1")
    + write_event("b2")
    + write_event("b3")
    + THEIRS
)
SIDES3 = SIDES.replace(MIDDLE, BASE + write_event("o1") + write_event("o2") + MIDDLE)
STRING = 'description = """\n' + OURS + 'a"""\n' + MIDDLE + 'b"""\n' + THEIRS
TABLE = OURS + "[event.venue]\nfloor = 1\n" + write_event("a1") + MIDDLE + THEIRS
MERGES = {  # the text, the line of the first mark, and the events that are beside the conflict
    "inside an event": (write_event("k") + write_event("x", START) + write_event("z"), 8, ["k", "z"]),
    "in a list": (
        write_event("k") + write_event("x", "topics = [\n" + START + "]\n") + write_event("z"),
        9,
        ["k", "z"],
    ),
    "where a string ends": (write_event("k") + write_event("x", STRING) + write_event("z"), 9, ["k", "z"]),
    "between events": (
        write_event("k") + write_event("x") + SIDES + write_event("z") + write_event("y"),
        9,
        ["k", "x", "y", "z"],
    ),
    "between events, diff3": (
        write_event("k") + write_event("x") + SIDES3 + write_event("z") + write_event("y"),
        9,
        ["k", "x", "y", "z"],
    ),
    "after each other": (
        write_event("k") + OURS + MIDDLE + write_event("b1") + THEIRS + "\n# c\n" + SIDES + write_event("z"),
        5,
        ["k", "z"],
    ),
    # What the marks follow may go on in one of the sides, and in what follows them.
    "a table of the event before": (write_event("k") + write_event("x") + TABLE + write_event("z"), 9, ["k", "z"]),
    "half of an event": (write_event("k") + write_event("x") + SIDES + "start = 2020-01-01\n", 9, ["k"]),
    "never closed": (write_event("k") + write_event("x") + OURS + write_event("a") + write_event("b"), 9, ["k"]),
}


@pytest.mark.promise("P15")
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", MERGES)
def test_the_marks_of_a_git_merge_are_named_and_no_side_is_guessed(ilocal: Ilocal, name: str, newline: str) -> None:
    text, line, others = MERGES[name]
    data = text.replace("\n", newline).encode()
    path = Path("events.toml")
    path.write_bytes(data)
    said = f"events.toml:{line}: not valid TOML: conflict markers of an unfinished git merge"
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
@pytest.mark.parametrize("head", ["", "[registry]\n" + OURS + 'title = "a"\n' + MIDDLE + THEIRS, SIDES])
def test_marks_before_the_first_event_hide_none_outside_of_them(ilocal: Ilocal, head: str) -> None:
    Path("events.toml").write_text(f"{head}\n{write_event('x')}", encoding="utf-8")
    assert ilocal("list", "-f", "ids").out == "x\n"
    assert (ilocal("add", "A").code == 0) == (not head)


@pytest.mark.promise("P15")
def test_marks_in_the_header_that_are_never_closed_are_an_error_of_the_whole_file(ilocal: Ilocal) -> None:
    text = "[registry]\n" + OURS + 'title = "a"\n' + write_event("x")
    for _, said in run_all_commands(ilocal, text.encode()):
        assert "events.toml:2: not valid TOML: conflict markers of an unfinished git merge" in said


@pytest.mark.promise("P15")
def test_marks_inside_a_text_are_text(ilocal: Ilocal) -> None:
    path = Path("events.toml")
    data = write_event("x", f'description = """\n{OURS}a\n{MIDDLE}b\n{THEIRS}"""\n').encode()
    path.write_bytes(data)
    assert ilocal("check", "--strict").code == 0
    assert ilocal("add", "A").code == 0
    assert path.read_bytes().startswith(data)


@pytest.mark.promise("P15")
def test_a_merge_is_over_where_its_marks_are_taken_out(ilocal: Ilocal) -> None:
    path = Path("events.toml")
    text = write_event("k") + write_event("x") + SIDES + write_event("z")
    path.write_text(text, encoding="utf-8")
    assert ilocal("list", "-f", "ids").out.split() == ["k", "x", "z"]
    path.write_text(re.sub("(?m)^[<=>]{7}.*\n", "", text), encoding="utf-8")
    assert sorted(ilocal("list", "-f", "ids").out.split()) == ["a1", "a2", "b1", "b2", "b3", "k", "x", "z"]
    path.write_text(text, encoding="utf-8")  # and back: what was read before is not taken for one side
    assert ilocal("list", "-f", "ids").out.split() == ["k", "x", "z"]
