"""Mistakes of people who write TOML by hand: each line is named, and how it is written right."""

from __future__ import annotations

import tomli
from hypothesis import given
from hypothesis import strategies as st

from ilocal.storage.toml.mistakes import find_mistake
from tests.support.cli import Ilocal
from tests.support.registry import parse_registry

BY_HAND = """\
[[event]]
title = “Họp”
start = 20/12/2026
location = Huế
topics = [CSR, gỗ]

[[event]]
title = "A"
start = "20/12/2026"
end = "x"
status = "sure"
topics = 3

[[event]]
title = "B
kind: họp

[[event]]
title = "C"
start = 20/12/2026 - 22/12/2026
end =
url = https://ilo.org/x  # the page

[[event]]
title = "D"
start = 2026-12
end = 2026-02-30

[[event]]
title = "good"
"""
ENGLISH = """\
f.toml:2: not valid TOML: straight quotes are needed: title = "Họp"
f.toml:3: not valid TOML: write a date as start = 2026-12-20
f.toml:4: not valid TOML: text needs quotes: location = "Huế"
f.toml:5: not valid TOML: text needs quotes: topics = ["CSR", "gỗ"]
f.toml:9: start: "20/12/2026" is written as "2026-12-20"
f.toml:10: end: cannot read "x" as a date
f.toml:11: status: unknown status "sure" (tentative, confirmed, cancelled, postponed)
f.toml:12: topics: expected a list of strings
f.toml:15: not valid TOML: the closing quote is missing: title = "B"
f.toml:16: not valid TOML: the name of a field must be followed by =: kind = "họp"
f.toml:20: not valid TOML: write a range in two lines: start = 2026-12-20, end = 2026-12-22
f.toml:21: not valid TOML: end has no value; leave the line out
f.toml:22: not valid TOML: text needs quotes: url = "https://ilo.org/x"
f.toml:26: not valid TOML: write a date as start = "2026-12"
f.toml:27: not valid TOML: text needs quotes: end = "2026-02-30"
"""
VIETNAMESE = """\
f.toml:2: viết sai TOML: phải dùng dấu nháy thẳng: title = "Họp"
f.toml:3: viết sai TOML: ngày phải viết là start = 2026-12-20
f.toml:4: viết sai TOML: chữ phải đặt trong dấu nháy: location = "Huế"
f.toml:5: viết sai TOML: chữ phải đặt trong dấu nháy: topics = ["CSR", "gỗ"]
f.toml:9: start: "20/12/2026" phải viết là "2026-12-20"
"""


def list_problems() -> str:
    registry = parse_registry(BY_HAND)
    assert [event.title for event in registry.events.values()] == ["good"]
    return "".join(problem.format_with_file("f.toml") + "\n" for problem in registry.diagnostics)


def test_each_mistake_is_named_with_its_line_and_how_it_is_written_right() -> None:
    assert list_problems() == ENGLISH


def test_mistakes_are_named_in_vietnamese(vietnamese: None) -> None:
    assert list_problems().startswith(VIETNAMESE)


def test_an_event_with_several_errors_is_one_rejected_event_of_an_import(ilocal: Ilocal) -> None:
    with open("in.toml", "w", encoding="utf-8") as file:
        file.write(BY_HAND)
    assert ilocal("init").code == 0
    result = ilocal("import", "in.toml")
    assert result.err.splitlines()[-1].startswith("1 new, 0 updated, 0 unchanged, 5 rejected")


@given(st.text(st.characters(exclude_characters="\n"), max_size=40))
def test_what_is_proposed_is_toml(value: str) -> None:
    mistake = find_mistake(f"title = {value}")
    if mistake is not None:
        assert tomli.loads(mistake.correction).keys() <= {"title"}
