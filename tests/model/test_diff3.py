"""Two changes to one text, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.model.diff3 import MAX_CHANGED_LINES, merge_text_lines

BASE = "một\n\nhai\n\nba\n\nbốn"
CASES = {  # ours, theirs, merged
    "other lines": (BASE.replace("một", "1"), BASE.replace("bốn", "4"), "1\n\nhai\n\nba\n\n4"),
    "added at both ends": ("không\n\n" + BASE, BASE + "\n\nnăm", "không\n\n" + BASE + "\n\nnăm"),
    "the same change, and another": (
        BASE.replace("hai", "2"),
        BASE.replace("hai", "2").replace("bốn", "4"),
        "một\n\n2\n\nba\n\n4",
    ),
    "removed and changed elsewhere": (BASE.removeprefix("một\n\n"), BASE + ".", "hai\n\nba\n\nbốn."),
    "the same line": (BASE.replace("hai", "2"), BASE.replace("hai", "II"), None),
    "adjacent lines": ("a\nB\nc", "A\nb\nc", None),
    "added at one place": (BASE + "\nx", BASE + "\ny", None),
    "removed and changed": (BASE.replace("hai\n\n", ""), BASE.replace("hai", "2"), None),
}


@pytest.mark.parametrize("name", CASES)
def test_changes_of_both_sides_are_merged_where_they_do_not_meet(name: str) -> None:
    ours, theirs, merged = CASES[name]
    base = "a\nb\nc" if name == "adjacent lines" else BASE
    assert merge_text_lines(base, ours, theirs) == merged
    assert merge_text_lines(base, theirs, ours) == merged


texts = st.lists(st.sampled_from(["a", "b", "c", "", "\r"]), max_size=7).map("\n".join)


@given(texts, texts, texts)
def test_a_merge_of_texts_has_the_lines_that_either_side_added(base: str, ours: str, theirs: str) -> None:
    assert merge_text_lines(base, ours, base) == merge_text_lines(base, base, ours) == ours
    assert merge_text_lines(base, ours, ours) == ours
    merged = merge_text_lines(base, ours, theirs)
    assert merged == merge_text_lines(base, theirs, ours)
    if merged is not None:
        assert {*ours.split("\n"), *theirs.split("\n")} - {*base.split("\n")} <= {*merged.split("\n")}


def test_texts_that_are_too_long_to_compare_are_not_merged() -> None:
    lines = [f"dòng {n}" for n in range(MAX_CHANGED_LINES * 2)]
    ours, theirs = (["đầu", *lines[1:-1], "cuối"], lines[:-1])
    assert merge_text_lines("\n".join(lines), "\n".join(ours), "\n".join(theirs)) is None
