"""`ilocal fmt`: events and keys in their usual order, every comment with what it stands above, and nothing else otherwise."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ilocal.block import same
from ilocal.document import BOM, newline_of, read
from ilocal.errors import RegistryError
from ilocal.layout import laid_out
from ilocal.query import Query
from ilocal.registry import Registry, Source, loaded
from ilocal.scan import comments
from ilocal.workspace import Workspace
from tests.conftest import FOUR, SHIPPED, Ilocal
from tests.support.processes import ended, stopped_at
from tests.support.strategies import HAND_WRITTEN, registry_texts

UNTIDY = """\
# The events of the office.
[registry]
language = "vi"
title = 'Sự kiện'


# --- 2019 ---

# Moved from June.
[[event]] # an old one
topics = ["CSR",  'gỗ']   # as they said


# A page of the office.
room = 12
title = '''
Diễn đàn'''
# The day was changed.
start = 2019-11-27
id = "2019-dien-dan"
# location = "Huế"

# --- 2020 ---

[[event]]
description = \"\"\"
[[event]]
# no comment
title = "none"
\"\"\"
id = "2020-hop"
title = "Họp"
start = "2020-02"
# Where it is.
[event.venue]
floor = 2
[event.venue.room]
name = "A"
[[event.section]]
body = "b"
heading = "h"
speaker = "x"
# below the section

# above the translation
[event.translations.en]
description = "d"
title = "Meeting"
[[event.section]]
heading = "i"
[[event]]
title = "Chưa định"
id = "tba"
# about the aliases
[aliases]
"LĐTE" = "lao động trẻ em"
[[event]]
start = 2020-02-20
id = "2020-le"
title = "Lễ"
# the end
"""

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


def tidy(text: str) -> str:
    return laid_out("f.toml", text.encode()).decode()


def whole(data: bytes) -> Registry:
    return loaded([Source("f.toml", read(data))])


def notes(data: bytes) -> Counter[str]:
    return Counter(found.group().rstrip() for found in comments(data.decode().removeprefix("\ufeff")))


def test_events_keys_tables_and_comments_in_their_order() -> None:
    assert tidy(UNTIDY) == TIDY
    assert tidy(TIDY) == TIDY


def test_line_ends_and_a_mark_stay_as_they_were() -> None:
    assert tidy(UNTIDY.replace("\n", "\r\n")) == TIDY.replace("\n", "\r\n")
    assert tidy("\ufeff" + UNTIDY) == "\ufeff" + TIDY
    assert tidy(UNTIDY.removesuffix("\n")) == TIDY.removesuffix("\n")


def test_what_is_shipped_and_what_ilocal_writes_is_in_order(ilocal: Ilocal) -> None:
    assert ilocal("fmt", "--check", str(SHIPPED)) == (0, "", "all is in order\n")
    assert ilocal("init", "events.toml").code == 0
    ilocal("add", "Họp", "2020-02-20", "--topic", "CSR", "--description", "Một\nhai", "--repeat", "yearly")
    assert ilocal("fmt", "--check") == (0, "", "all is in order\n")


blocks = st.lists(st.sampled_from(HAND_WRITTEN), min_size=1, max_size=4)
gaps = st.sampled_from(["", "\n", "# c\n", "# a\n\n# b\n", "\n# c\n", "\n# c\n\n", "\n\n\n# d\n\n\n# e\n"])


@st.composite
def commented(draw: st.DrawFn) -> str:
    """A registry with comments in all places between its events."""
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
        new = laid_out("f.toml", data)
    except RegistryError as error:  # two without id that would be called by each other's
        assert "in another order it would not say the same" in error.message
        assume(False)
        raise
    assert laid_out("f.toml", new) == new
    assert notes(new) == notes(data)
    assert (new.startswith(BOM), new.endswith(b"\n") or not new) == (
        data.startswith(BOM),
        data.endswith(b"\n") or not new,
    )
    assert newline_of(new) == newline_of(data) or b"\n" not in new
    old, now = whole(data), whole(new)
    assert now.events == old.events
    assert same(read(new).head, read(data).head)
    starts = [now.events[id].days for id in now.events]
    dated = [days.first for days in starts if days]
    assert dated == sorted(dated, reverse=True)
    assert all(starts[: len(dated)])


@given(commented())
def test_undo_takes_it_back_to_the_byte(text: str) -> None:
    path = Path.home() / "u.toml"
    path.write_bytes(text.encode())
    workspace = Workspace(path)
    ids = [event.id for event in workspace.select(Query())]
    try:
        changed = workspace.lay_out()
    except RegistryError:
        assume(False)
    assert bool(changed) == (path.read_bytes() != text.encode())
    assert sorted(event.id for event in workspace.select(Query())) == sorted(ids)
    if changed:
        workspace.undo(next(workspace.writes()))
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
        "ilocal: the text was changed since, and events are in another order; nothing was changed\n"
        "hint: take back first what was changed since\n",
    )
    assert registry.read_text(encoding="utf-8") == now


def test_the_program_shows_checks_writes_and_takes_back(ilocal: Ilocal, registry: Path) -> None:
    untidy = FOUR.replace('start = 2020-02-20\nlocation = "Hà Nội"\n', 'location = "Hà Nội"\nstart = 2020-02-20\n')
    registry.write_text(untidy, encoding="utf-8")
    would = "events.toml: would be put in order\n"
    assert ilocal("fmt", "--check") == (1, "", would)
    assert ilocal("fmt", "--diff") == (
        0,
        "--- events.toml\n+++ events.toml\n@@ -19,8 +19,8 @@\n [[event]]\n"
        ' id = "2020-hop"\n title = \'Họp "Nhóm cố vấn CSR"\'\n+start = 2020-02-20\n location = "Hà Nội"\n'
        '-start = 2020-02-20\n topics = ["CSR", "thủy sản"]\n status = "confirmed"\n'
        " room = 12  # a key of our own\n",
        would,
    )
    assert ilocal("fmt", "--check", "--diff", "events.toml").code == 1
    assert registry.read_text(encoding="utf-8") == untidy
    assert ilocal("fmt") == (0, "", "events.toml: put in order; ilocal undo takes it back\n")
    assert registry.read_text(encoding="utf-8") == FOUR
    assert ilocal("fmt") == (0, "", "all is in order\n")
    assert ilocal("undo").code == 0
    assert registry.read_text(encoding="utf-8") == untidy


def test_a_folder_is_put_in_order_file_by_file_in_one_write(ilocal: Ilocal) -> None:
    folder = Path("years")
    folder.mkdir()
    old = {"2019.toml": '[[event]]\ntitle = "A"\nid = "a"\n', "2020.toml": '[[event]]\nid = "b"\ntitle = "B"\n',
           "2021.toml": '[[event]]\ntitle = "C"\nid = "c"\n'}  # fmt: skip
    for name, text in old.items():
        (folder / name).write_text(text, encoding="utf-8")
    said = "years/{0}.toml: put in order; ilocal undo takes it back\n"
    assert ilocal("fmt", "years") == (0, "", said.format(2019) + said.format(2021))
    assert (folder / "2021.toml").read_text(encoding="utf-8") == '[[event]]\nid = "c"\ntitle = "C"\n'
    assert ilocal("-r", "years", "undo").code == 0
    assert {name: (folder / name).read_text(encoding="utf-8") for name in old} == old


@pytest.mark.promise("P6")
@pytest.mark.parametrize("place", ["locked", "synced", "before"])
def test_what_is_saved_meanwhile_is_kept_and_put_in_order_too(registry: Path, tmp_path: Path, place: str) -> None:
    registry.write_text(UNTIDY, encoding="utf-8")
    with stopped_at(place, tmp_path, "fmt") as process:
        registry.write_text(UNTIDY.replace("2020-le", "2020-hoi"), encoding="utf-8")
    assert ended(process) == (0, "", "events.toml: put in order; ilocal undo takes it back\n")
    assert registry.read_text(encoding="utf-8") == TIDY.replace("2020-le", "2020-hoi")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('event = [{ title = "A" }]\n',
         "events.toml: cannot be cut: its events are not written as [[event]] blocks\n"
         "hint: write each event as an [[event]] block\n"),
        ('[[event]]\ntitle = "A\n',
         "events.toml:2: not valid TOML: illegal character '\\n'\nhint: mend that first; nothing was changed\n"),
        ('[[event]]\nid = "a"\ntitle = "A"\n[[event]]\ntitle = "B"\nid = "a"\n',
         'events.toml:6: id: "a" is already the id of the event in line 1\nhint: mend that first; nothing was changed\n'),
        ('[[event]]\ntitle = "A"\nstart = 2020-01-01\n[[event]]\ntitle = "A"\nstart = 2020-02-02\n',
         "events.toml: in another order it would not say the same; nothing was changed\n"
         "hint: give each event an id, and write its keys one a line\n"),
        ("[[event\n", "events.toml:1: not valid TOML: "),
    ],
)  # fmt: skip
def test_what_cannot_be_cut_or_would_say_something_else_is_refused(ilocal: Ilocal, text: str, said: str) -> None:
    path = Path("events.toml")
    path.write_text(text, encoding="utf-8")
    for more in ((), ("--check",), ("--diff",)):
        result = ilocal("fmt", *more)
        assert (result.code, result.out) == (3, "")
        assert result.err.removeprefix("ilocal: ").replace("cannot be changed", "cannot be cut").startswith(said)
    assert path.read_text(encoding="utf-8") == text


def test_an_event_that_is_not_valid_goes_last_and_keeps_its_text() -> None:
    broken = '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-13\n'.replace("2020-13", '"2020-13"')
    dated = '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-01-01\n'
    assert tidy(f"{broken}\n{dated}") == f"{dated}\n{broken}"


def test_what_is_unsafe_is_shown_as_escapes(ilocal: Ilocal) -> None:
    Path("events.toml").write_text('[[event]]\r\ntitle = "a\u202e"\r\nid = "a"\r\n', encoding="utf-8", newline="")
    assert ilocal("fmt", "--diff").out == (
        '--- events.toml\n+++ events.toml\n@@ -1,3 +1,3 @@\n [[event]]\n+id = "a"\n title = "a\\u202e"\n-id = "a"\n'
    )


TOOL = "[tool.other]\nb = 1\n\n\na = 2\n"


@pytest.mark.parametrize("path", [".", "pyproject.toml"])
@pytest.mark.parametrize("option", [(), ("--check",), ("--diff",)])
def test_what_is_no_registry_is_left_alone(
    ilocal: Ilocal, registry: Path, tmp_path: Path, path: str, option: tuple[str, ...]
) -> None:
    other = tmp_path / "pyproject.toml"
    other.write_text(TOOL, encoding="utf-8")
    assert ilocal("--lang", "en", "fmt", path, *option) == (
        3,
        "",
        "ilocal: pyproject.toml: no registry, as it has neither [[event]] nor [registry]; nothing was changed\n"
        "hint: name the file or folder that is meant\n",
    )
    assert other.read_text(encoding="utf-8") == TOOL
    assert registry.read_text(encoding="utf-8") == FOUR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Ours.\n",
        '[registry]\nlanguage = "vi"\n',
        '[aliases]\n"A" = "b"\n',
        "[tool]\na = 1\n[[event]]\ntitle = 'A'\n",
    ],
)
def test_a_registry_that_says_little_is_one(ilocal: Ilocal, registry: Path, text: str) -> None:
    registry.write_text(text, encoding="utf-8")
    assert ilocal("--lang", "en", "fmt", "events.toml").code == 0


def test_no_name_at_all_does_not_mean_the_folder_one_is_in(ilocal: Ilocal, tmp_path: Path) -> None:
    path = tmp_path / "events.toml"
    path.write_text(UNTIDY, encoding="utf-8")
    for option in ((), ("--check",), ("--diff",)):
        assert ilocal("fmt", "", *option) == (2, "", "ilocal: the path of a file or folder is wanted\n")
    assert path.read_text(encoding="utf-8") == UNTIDY
