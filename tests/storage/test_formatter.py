"""`ilocal fmt`: events and keys in their usual order, every comment with what it stands above, and nothing else otherwise."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ilocal.errors import RegistryError
from ilocal.model.query import Query
from ilocal.storage.formatter import format_registry_text
from ilocal.storage.loader import ParsedFile, ParsedRegistry, join_parsed_files
from ilocal.storage.toml.document import UTF8_BOM, detect_file_newline, parse_document
from ilocal.storage.toml.event_editor import is_same_toml_value
from ilocal.storage.toml.scanner import find_toml_comments
from ilocal.workspace import Registry
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.processes import stop_at_failpoint, wait_for_result
from tests.support.registry import UNTIDY_REGISTRY
from tests.support.strategies import HAND_WRITTEN, registry_texts

TIDY = """\
# The events of the office.
[registry]
language = "vi"
title = 'Sự kiện'


# --- 2019 ---

# about the aliases
[aliases]
"LĐTE" = "lao động trẻ em"

[[event]]
id = "2020-le"
title = "Lễ"
start = 2020-02-20
# the end

# --- 2020 ---

[[event]]
id = "2020-hop"
title = "Họp"
start = "2020-02"
description = \"\"\"
[[event]]
# no comment
title = "none"
\"\"\"

[[event.section]]
heading = "h"
body = "b"
speaker = "x"
# below the section

[[event.section]]
heading = "i"

# above the translation
[event.translations.en]
title = "Meeting"
description = "d"

# Where it is.
[event.venue]
floor = 2

[event.venue.room]
name = "A"

# Moved from June.
[[event]] # an old one
id = "2019-dien-dan"
title = '''
Diễn đàn'''
# The day was changed.
start = 2019-11-27
topics = ["CSR",  'gỗ']   # as they said
# A page of the office.
room = 12
# location = "Huế"

[[event]]
id = "tba"
title = "Chưa định"
"""


def format_text(text: str) -> str:
    return format_registry_text("f.toml", text.encode()).decode()


def parse_all(data: bytes) -> ParsedRegistry:
    return join_parsed_files([ParsedFile("f.toml", parse_document(data))])


def list_comments(data: bytes) -> Counter[str]:
    return Counter(found.group().rstrip() for found in find_toml_comments(data.decode().removeprefix("\ufeff")))


def test_events_keys_tables_and_comments_in_their_order() -> None:
    assert format_text(UNTIDY_REGISTRY) == TIDY
    assert format_text(TIDY) == TIDY


def test_line_ends_and_a_mark_stay_as_they_were() -> None:
    assert format_text(UNTIDY_REGISTRY.replace("\n", "\r\n")) == TIDY.replace("\n", "\r\n")
    assert format_text("\ufeff" + UNTIDY_REGISTRY) == "\ufeff" + TIDY
    assert format_text(UNTIDY_REGISTRY.removesuffix("\n")) == TIDY.removesuffix("\n")


def test_what_is_shipped_and_what_ilocal_writes_is_in_order(ilocal: Ilocal) -> None:
    assert ilocal("fmt", "--check", str(SHIPPED_REGISTRY)) == (0, "", "already formatted\n")
    assert ilocal("init", "events.toml").code == 0
    ilocal("add", "Họp", "2020-02-20", "--topic", "CSR", "--description", "Một\nhai", "--repeat", "yearly")
    assert ilocal("fmt", "--check") == (0, "", "already formatted\n")


blocks = st.lists(st.sampled_from(HAND_WRITTEN), min_size=1, max_size=4)
gaps = st.sampled_from(["", "\n", "# c\n", "# a\n\n# b\n", "\n# c\n", "\n# c\n\n", "\n\n\n# d\n\n\n# e\n"])


@st.composite
def commented(draw: st.DrawFn) -> str:
    """Draw a registry with comments in all places between its events."""
    heads = st.sampled_from(["", '[registry]\nlanguage = "vi"\n', "# top\n", "# top\n\n", "\n\n"])
    dated = [f"{block}start = {draw(st.dates())}\n" if "[event" not in block else block for block in draw(blocks)]
    text = draw(heads) + "".join(f"{draw(gaps)}{block}" for block in dated) + draw(gaps)
    text += draw(st.sampled_from(["", "# o\n[other]\nx = 1\n\n# p\n", "[other]\n[[other.event]]\n"]))
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return draw(st.sampled_from(["", "\ufeff"])) + (text.rstrip("\r\n") if draw(st.booleans()) else text)


@given(st.one_of(registry_texts(), commented()))
def test_order_is_put_once_and_says_the_same(text: str) -> None:
    data = text.encode()
    try:
        new = format_registry_text("f.toml", data)
    except RegistryError as error:  # two without id that would be called by each other's
        assert "in another order the change would alter other events" in error.message
        assume(False)
        raise
    assert format_registry_text("f.toml", new) == new
    assert list_comments(new) == list_comments(data)
    assert (new.startswith(UTF8_BOM), new.endswith(b"\n") or not new) == (
        data.startswith(UTF8_BOM),
        data.endswith(b"\n") or not new,
    )
    assert detect_file_newline(new) == detect_file_newline(data) or b"\n" not in new
    old, now = parse_all(data), parse_all(new)
    assert now.events == old.events
    assert is_same_toml_value(parse_document(new).metadata, parse_document(data).metadata)
    starts = [now.events[id].date_range for id in now.events]
    dated = [days.first for days in starts if days]
    assert dated == sorted(dated, reverse=True)
    assert all(starts[: len(dated)])


@given(commented())
def test_undo_takes_it_back_to_the_byte(text: str) -> None:
    path = Path.home() / "u.toml"
    path.write_bytes(text.encode())
    workspace = Registry(path)
    ids = [event.id for event in workspace.select(Query())]
    try:
        changed = workspace.reformat()
    except RegistryError:
        assume(False)
    assert bool(changed) == (path.read_bytes() != text.encode())
    assert sorted(event.id for event in workspace.select(Query())) == sorted(ids)
    if changed:
        workspace.undo(next(workspace.undo_history()))
        assert path.read_bytes() == text.encode()


def test_the_order_of_events_is_taken_back_whole_or_not_at_all(ilocal: Ilocal, registry: Path) -> None:
    blocks = [f'[[event]]\nid = "{id}"\n{keys}\n' for id, keys in (
        ("b", "start = 2020-02-20\ntitle = 'B'"), ("c", "title = 'C'\nstart = 2021-02-20"), ("a", "title = 'A'\nstart = 2019-02-20"),
    )]  # fmt: skip
    registry.write_text("\n".join(blocks), encoding="utf-8")
    assert ilocal("fmt").code == 0
    now = registry.read_text(encoding="utf-8").replace("'A'", "'AA'")
    registry.write_text(now, encoding="utf-8")
    assert ilocal("undo") == (
        5,
        "",
        "ilocal: the text was edited after that change and its events are in a different order; nothing was changed\n"
        "hint: undo the later changes first\n",
    )
    assert registry.read_text(encoding="utf-8") == now


@pytest.mark.process
@pytest.mark.promise("P6")
@pytest.mark.parametrize("place", ["locked", "synced", "before"])
def test_what_is_saved_meanwhile_is_kept_and_put_in_order_too(registry: Path, tmp_path: Path, place: str) -> None:
    registry.write_text(UNTIDY_REGISTRY, encoding="utf-8")
    with stop_at_failpoint(place, tmp_path, "fmt") as process:
        registry.write_text(UNTIDY_REGISTRY.replace("2020-le", "2020-hoi"), encoding="utf-8")
    assert wait_for_result(process) == (0, "", "events.toml: formatted; to undo, run: ilocal undo\n")
    assert registry.read_text(encoding="utf-8") == TIDY.replace("2020-le", "2020-hoi")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('event = [{ title = "A" }]\n',
         "events.toml: cannot be split: the events are not written as [[event]] blocks\n"
         "hint: write each event as an [[event]] block\n"),
        ('[[event]]\ntitle = "A\n',
         'events.toml:2: title: the closing quote is missing: title = "A"\n'
         "hint: fix this error first; nothing was changed\n"),
        ('[[event]]\nid = "a"\ntitle = "A"\n[[event]]\ntitle = "B"\nid = "a"\n',
         'events.toml:6: id: "a" is already the id of the event on line 1\nhint: fix this error first; nothing was changed\n'),
        ('[[event]]\ntitle = "A"\nstart = 2020-01-01\n[[event]]\ntitle = "A"\nstart = 2020-02-02\n',
         "events.toml: reordering would change the meaning of the file; nothing was changed\n"
         "hint: give each event an id, and write each key on a separate line\n"),
        ("[[event\n", "events.toml:1: write the header as [[event]]\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_cut_or_would_say_something_else_is_refused(ilocal: Ilocal, text: str, said: str) -> None:
    path = Path("events.toml")
    path.write_text(text, encoding="utf-8")
    for more in ((), ("--check",), ("--diff",)):
        result = ilocal("fmt", *more)
        assert (result.code, result.out) == (3, "")
        assert result.err.removeprefix("ilocal: ").replace("cannot be changed", "cannot be split").startswith(said)
    assert path.read_text(encoding="utf-8") == text


def test_an_event_that_is_not_valid_goes_last_and_keeps_its_text() -> None:
    broken = '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-13\n'.replace("2020-13", '"2020-13"')
    dated = '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-01-01\n'
    assert format_text(f"{broken}\n{dated}") == f"{dated}\n{broken}"
