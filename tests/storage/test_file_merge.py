"""Two versions of a registry's file merged: the text of it, its conflicts, and that nothing is lost."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.storage.file_merge import FileMerge, merge_toml_files
from ilocal.storage.loader import ParsedRegistry, load_registry
from ilocal.storage.toml.conflict_markers import (
    ConflictMarkers,
    find_conflict_markers_in_toml,
    split_toml_at_conflict_markers,
)
from ilocal.storage.toml.scanner import split_trailing_comments
from ilocal.storage.toml.table_merge import ConflictRegion, NotMergeable, choose_side_of_toml_conflicts
from tests.support.branches import DISJOINT_FIELDS, FIELDS, change_branch, list_comments, list_facts, make_registry
from tests.support.strategies import registry_texts

MARKERS = ConflictMarkers(7, "HEAD", "nhánh")
HEAD = '# Sự kiện\n\n[registry]\nlanguage = "vi"\n\n[aliases]\n"LĐTE" = ["lao động trẻ em"]\n'
A = '\n[[event]]\nid = "a"\ntitle = "Họp A"\nstart = 2020-02-25\nlocation = "Huế"  # xác nhận\ntopics = ["CSR"]\nrevision = 1\n'
B = '\n# sau Tết\n[[event]]\nid = "b"\ntitle = "Họp B"\nstart = 2020-02-26\n\n[[event.section]]\nheading = "Mục tiêu"\nbody = "Gặp."\n'
C = '\n[[event]]\nid = "c"\ntitle = "Họp C"\n'
NEW1, NEW2 = C.replace("c", "x"), C.replace("c", "y")
BASE = HEAD + A + B + C
CLEAN: dict[str, tuple[str, str, str]] = {  # ours, theirs, merged
    "both add at the end": (BASE + NEW1, BASE + NEW2, BASE + NEW1 + NEW2),
    "both add in the midst": (HEAD + A + NEW1 + B + C, HEAD + A + NEW2 + B + C, HEAD + A + NEW1 + NEW2 + B + C),
    "other fields of one event": (
        BASE.replace('title = "Họp A"', 'title = "Hội nghị A"').replace("revision = 1", "revision = 2"),
        BASE.replace('"CSR"', '"CSR", "gỗ"').replace("revision = 1", "revision = 2"),
        BASE.replace('title = "Họp A"', 'title = "Hội nghị A"').replace('"CSR"', '"CSR", "gỗ"').replace("revision = 1", "revision = 3"),
    ),
    "a value and the comment beside it": (
        BASE.replace("# xác nhận", "# đã xác nhận"),
        BASE.replace('"Huế"', '"Hà Nội"'),
        BASE.replace('"Huế"  # xác nhận', '"Hà Nội"  # đã xác nhận').replace('location = "Hà Nội"  # đã', '# đã xác nhận\nlocation = "Hà Nội"  # đã').replace("  # đã xác nhận", "  # xác nhận"),
    ),
    "comments above events and apart from them": (
        BASE.replace("# sau Tết", "# sau Tết, mồng 6"), BASE + "\n# hết\n", BASE.replace("# sau Tết", "# sau Tết, mồng 6") + "\n# hết\n",
    ),
    "removed, and another one changed": (HEAD + B + C, BASE.replace('"Họp C"', '"Họp D"'), HEAD + B + C.replace('"Họp C"', '"Họp D"')),
    "a field and a section": (
        BASE.replace("start = 2020-02-26", "start = 2020-02-27"), BASE.replace('"Gặp."', '"Gặp nhau."'),
        BASE.replace("start = 2020-02-26", "start = 2020-02-27").replace('"Gặp."', '"Gặp nhau."'),
    ),
    "keys of the header": (
        BASE.replace('language = "vi"', 'language = "vi"\ntitle = "Sổ"'), BASE.replace('["lao động trẻ em"]', '["lao động trẻ em", "trẻ em"]'),
        BASE.replace('language = "vi"', 'language = "vi"\ntitle = "Sổ"').replace('["lao động trẻ em"]', '["lao động trẻ em", "trẻ em"]'),
    ),
    "another order, and a field": (HEAD + C + B + A, BASE.replace('"Họp A"', '"Họp Á"'), HEAD + C + B + A.replace('"Họp A"', '"Họp Á"')),
    "another order on their side, and a new event": (BASE + NEW1, HEAD + C + B + A, HEAD + C + NEW1 + B + A),
    "layout, and a field": (
        BASE.replace('topics = ["CSR"]', 'topics = [\n  "CSR",  # chính\n]'), BASE.replace("start = 2020-02-25", "start = 2020-02-24"),
        BASE.replace('topics = ["CSR"]', 'topics = [\n  "CSR",  # chính\n]').replace("start = 2020-02-25", "start = 2020-02-24"),
    ),
    "an own table of the event": (
        BASE + '\n[event.venue]\nfloor = 1\n', BASE.replace('"Họp C"', '"Họp D"'), BASE.replace('"Họp C"', '"Họp D"') + '\n[event.venue]\nfloor = 1\n',
    ),
}  # fmt: skip


def merge_texts(base: str, ours: str, theirs: str, **markers: Any) -> FileMerge:
    return merge_toml_files(base.encode(), ours.encode(), theirs.encode(), MARKERS._replace(**markers))


@pytest.mark.parametrize("name", CLEAN)
def test_what_only_one_side_changed_keeps_its_text(name: str) -> None:
    ours, theirs, merged = CLEAN[name]
    assert merge_texts(BASE, ours, theirs) == (merged.encode(), 0, [])


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["", "BOM"])
def test_line_ends_a_byte_order_mark_and_a_missing_last_line_end_stay(newline: str, bom: str) -> None:
    def write(text: str) -> str:
        return bom + text.replace("\n", newline)

    found = merge_texts(write(BASE), write(BASE + NEW1), write(BASE.rstrip("\n") + NEW2.rstrip("\n")))
    assert found.data.decode() == write(BASE + NEW1 + NEW2).removesuffix(newline)
    found = merge_texts(BASE, write(BASE), BASE + NEW1)  # who changes them changes them
    assert found.data.decode() == write(BASE + NEW1)


CONFLICTS: dict[str, tuple[str, str, str]] = {  # ours, theirs, merged
    "a field": (
        BASE.replace('"Huế"', '"Hà Nội"').replace('"Họp B"', '"Họp BB"'), BASE.replace('"Huế"', '"Vinh"'),
        BASE.replace('location = "Huế"  # xác nhận\n', '<<<<<<< HEAD\nlocation = "Hà Nội"  # xác nhận\n=======\nlocation = "Vinh"  # xác nhận\n>>>>>>> nhánh\n').replace('"Họp B"', '"Họp BB"'),
    ),
    "dates, which go together": (
        BASE.replace("start = 2020-02-25\n", "start = 2020-02-24\n"), BASE.replace("start = 2020-02-25\n", "start = 2020-02-25\nend = 2020-02-26\n"),
        BASE.replace("start = 2020-02-25\n", "<<<<<<< HEAD\nstart = 2020-02-24\n=======\nstart = 2020-02-25\nend = 2020-02-26\n>>>>>>> nhánh\n"),
    ),
    "the body of a section": (
        BASE.replace('"Gặp."', '"Gặp nhau."'), BASE.replace('"Gặp."', '"Bàn."'),
        BASE.replace('body = "Gặp."\n', '<<<<<<< HEAD\nbody = "Gặp nhau."\n=======\nbody = "Bàn."\n>>>>>>> nhánh\n'),
    ),
    "removed and changed": (
        HEAD + A + B, BASE.replace('"Họp C"', '"Họp D"'), HEAD + A + B + "\n<<<<<<< HEAD\n=======" + C.replace('"Họp C"', '"Họp D"') + ">>>>>>> nhánh\n",
    ),
    "a key of the header": (
        BASE.replace('language = "vi"', 'language = "en"'), BASE.replace('language = "vi"', 'language = "fr"'),
        BASE.replace('language = "vi"\n', '<<<<<<< HEAD\nlanguage = "en"\n=======\nlanguage = "fr"\n>>>>>>> nhánh\n'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFLICTS)
def test_markers_stand_around_the_statements_that_conflict_alone(name: str) -> None:
    ours, theirs, merged = CONFLICTS[name]
    found = merge_texts(BASE, ours, theirs)
    assert found.data.decode() == merged
    assert found.conflict_count == 1
    wide = merge_texts(BASE, ours, theirs, size=9)
    assert [len(line) for line in wide.data.decode().split("\n") if set(line) == {"="}] == [9]


def test_two_events_that_got_one_id_are_kept_and_theirs_gets_the_next() -> None:
    ours, theirs = (
        BASE + NEW1 + "start = 2020-05-01\n",
        BASE + NEW1.replace("Họp x", "Hội thảo") + "start = 2020-06-01\n",
    )
    found = merge_texts(BASE, ours, theirs)
    other = NEW1.replace("Họp x", "Hội thảo").replace('"x"', '"x-2"') + "start = 2020-06-01\n"
    assert (found.data.decode(), found.conflict_count, found.renamed_ids) == (ours + other, 0, [("x", "x-2")])


def test_one_event_that_both_added_is_one() -> None:
    ours, theirs = BASE + NEW1 + 'kind = "meeting"\n', BASE + NEW1 + 'location = "Huế"\n'
    found = merge_texts(BASE, ours, theirs)
    assert found.data.decode() == BASE + NEW1 + 'kind = "meeting"\nlocation = "Huế"\n'


def test_what_stands_between_markers_in_the_base_of_a_criss_cross_has_no_base() -> None:
    crossed = BASE.replace(
        'location = "Huế"  # xác nhận\n',
        '<<<<<<<<< Temporary merge branch 1\nlocation = "Vinh"\n=========\nlocation = "Nghệ An"\n>>>>>>>>> Temporary merge branch 2\n',
    )
    ours = BASE.replace('"Huế"  # xác nhận', '"Vinh"').replace('"Họp A"', '"Hội nghị A"')
    theirs = BASE.replace('"Huế"  # xác nhận', '"Vinh"').replace('["CSR"]', '["CSR", "gỗ"]')
    found = merge_texts(crossed, ours, theirs)
    assert found.conflict_count == 0
    assert found.data.decode() == ours.replace('["CSR"]', '["CSR", "gỗ"]')


@pytest.mark.parametrize(
    "text",
    [
        "event = [{title = 'a'}]\n",
        '[[event]]\ntitle = "a\n',
        BASE + "<<<<<<< HEAD\n" + NEW1 + "=======\n>>>>>>> x\n",
        "\ufeff\x00",
        BASE + C,
    ],
    ids=["inline", "no TOML", "markers", "NUL", "an id twice"],
)
def test_what_cannot_be_told_apart_is_not_merged_or_keeps_all(text: str) -> None:
    try:
        found = merge_texts(BASE, text, BASE + NEW2)
    except NotMergeable:
        return
    assert text == BASE + C
    assert found.data.decode() == BASE + C + NEW2


@pytest.mark.promise("P18")
@given(registry_texts(), registry_texts())
def test_a_merge_with_a_side_that_changed_nothing_is_the_other_to_the_byte(base: str, other: str) -> None:
    for ours, theirs in ((base, other), (other, base)):
        assert merge_texts(base, ours, theirs).data == other.encode()
    assert merge_texts(base, other, other).data == other.encode()


@pytest.mark.promise("P18")
@given(registry_texts(), registry_texts(), registry_texts())
def test_each_line_of_either_side_is_in_the_result(base: str, ours: str, theirs: str) -> None:
    """Between texts that have nothing to do with each other, no line may go but those of the base.

    What cannot be told apart, such as events of one title without ids, is left to git, which marks it.
    """
    try:
        found = merge_texts(base, ours, theirs)
    except NotMergeable:
        return
    before, after = list_lines(base), list_lines(found.data.decode())
    for side in (ours, theirs):
        assert not {line for line in list_lines(side) - before - after if not line.startswith("id =")}


def list_lines(text: str) -> set[str]:
    """Return the lines of a text; a list as a line for each of its items, as lists are merged as sets."""
    found = set()
    for line in filter(None, map(str.strip, text.removeprefix("\ufeff").splitlines())):
        array = re.fullmatch(r"(\w+) = \[(.*)\]", line)
        found |= {f"{array[1]} has {item}" for item in array[2].split(", ")} if array else {line}
    return found


# --------------------------------------------------------------------------------------------------------------- branches


@pytest.mark.promise("P18")
@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 240), marks=pytest.mark.long)], ids=["40", "200"])
def test_branches_that_changed_other_fields_never_conflict_and_lose_nothing(seeds: range) -> None:
    for seed in seeds:
        rng = random.Random(seed)
        base = make_registry(rng)
        sides = [change_branch(base, rng, name, DISJOINT_FIELDS[n], removes=False) for n, name in enumerate("xy")]
        found = merge_texts(base, *sides)
        text = found.data.decode()
        assert found.conflict_count == 0, f"seed {seed}:\n{text}"
        before, after = list_facts(base), list_facts(text)
        for side in sides:
            assert not list_facts(side).keys() - before.keys() - after.keys(), f"seed {seed}"
            assert not (before.keys() - list_facts(side).keys()) & after.keys(), f"seed {seed}"  # gone is gone
            assert list_comments(side) <= list_comments(text), f"seed {seed}"


@pytest.mark.promise("P18")
@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 240), marks=pytest.mark.long)], ids=["40", "200"])
def test_branches_that_changed_anything_lose_nothing_on_either_side_of_their_conflicts(seeds: range) -> None:
    for seed in seeds:
        rng = random.Random(seed)
        base = make_registry(rng)
        sides = [change_branch(base, rng, name, FIELDS, removes=True) for name in "xy"]
        text = merge_texts(base, *sides).data.decode()
        parts = split_toml_at_conflict_markers(text)
        versions = [choose_side_of_toml_conflicts(parts, "ours"), choose_side_of_toml_conflicts(parts, "theirs")]
        before = list_facts(base)
        found = list_facts(versions[0]) | list_facts(versions[1])
        for n, side in enumerate(sides):
            assert not list_facts(side).keys() - before.keys() - found.keys(), f"seed {seed}"
            changed = list_facts(side).keys() - before.keys() - list_facts(sides[1 - n]).keys()
            assert not changed - list_facts(versions[n]).keys(), f"seed {seed}"


@pytest.mark.promise("P18")
@given(st.randoms(use_true_random=False))
def test_every_event_outside_of_the_markers_is_listed_and_no_other(rng: random.Random) -> None:
    base = HEAD + make_registry(rng)
    changed = [change_branch(base, rng, name, FIELDS, removes=True) for name in "xy"]
    sides = [text.replace('"vi"', rng.choice(['"vi"', f'"{n}"'])) for n, text in enumerate(changed)]
    check_events_outside_of_markers(merge_texts(base, *sides))


@pytest.mark.promise("P18")
@given(registry_texts(), registry_texts(), registry_texts())
def test_every_event_outside_of_the_markers_is_listed_in_texts_of_any_kind(base: str, ours: str, theirs: str) -> None:
    with suppress(NotMergeable):
        check_events_outside_of_markers(merge_texts(base, ours, theirs))


def check_events_outside_of_markers(found: FileMerge) -> None:
    parts = split_toml_at_conflict_markers(found.data.decode())
    whole = load_registry([("e", choose_side_of_toml_conflicts(parts, "ours").encode())])
    marked = "\0".join(part if isinstance(part, str) else "" for part in parts)
    listed = load_registry([("e", found.data)])
    outside = [block for block in list_blocks(whole) if block in marked]
    assert list_blocks(listed) == outside
    assert len(listed.diagnostics) >= bool(found.conflict_count)


def list_blocks(registry: ParsedRegistry) -> list[str]:
    """Return the text of each event that can be read, without what stands below it."""
    blocks = [origin.document.get_block_text(origin.block) for origin in registry.locations.values()]
    return [split_trailing_comments(block)[0] for block in blocks]


def test_regions_are_found_as_they_were_written() -> None:
    region = ConflictRegion("a\n", "b\n")
    text = "x\n<<<<<<< HEAD\na\n||||||| base\no\n=======\nb\n>>>>>>> nhánh\ny\n<<<<<<< never closed\n"
    (found,) = find_conflict_markers_in_toml(text)
    assert (found.region, found.our_name, found.their_name) == (region, "HEAD", "nhánh")
    assert text[found.start : found.end].startswith("<<<<<<< HEAD") and text[: found.start] == "x\n"


# What may be asked of a merge, whatever is in it.
@given(
    st.lists(st.sampled_from(["<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "x\n", "||||||| c\n"]), max_size=12).map(
        "".join
    )
)
def test_regions_never_overlap_and_their_text_is_of_the_text(text: str) -> None:
    at = 0
    for found in find_conflict_markers_in_toml(text):
        assert at <= found.start < found.end
        assert found.region.ours in text and found.region.theirs in text
        at = found.end
