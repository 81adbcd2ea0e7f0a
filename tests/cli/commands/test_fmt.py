"""`ilocal fmt`: shows, checks, writes, and leaves alone what is no registry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given

from ilocal.storage.event_stamps import stamp_events_in_registry_file
from ilocal.storage.loader import load_registry
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.git import GitFolder
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.registry import FOUR_EVENTS, UNTIDY_REGISTRY


def test_the_program_shows_checks_writes_and_takes_back(ilocal: Ilocal, registry: Path) -> None:
    untidy = FOUR_EVENTS.replace(
        'start = 2020-02-20\nlocation = "Hà Nội"\n', 'location = "Hà Nội"\nstart = 2020-02-20\n'
    )
    registry.write_text(untidy, encoding="utf-8")
    would = "events.toml: would be formatted\n"
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
    assert ilocal("fmt") == (0, "", "events.toml: formatted; to undo, run: ilocal undo\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert ilocal("fmt") == (0, "", "already formatted\n")
    assert ilocal("undo").code == 0
    assert registry.read_text(encoding="utf-8") == untidy


def test_a_folder_is_put_in_order_file_by_file_in_one_write(ilocal: Ilocal) -> None:
    folder = Path("years")
    folder.mkdir()
    old = {"2019.toml": '[[event]]\ntitle = "A"\nid = "a"\n', "2020.toml": '[[event]]\nid = "b"\ntitle = "B"\n',
           "2021.toml": '[[event]]\ntitle = "C"\nid = "c"\n'}  # fmt: skip
    for name, text in old.items():
        (folder / name).write_text(text, encoding="utf-8")
    said = "years/{0}.toml: formatted; to undo, run: ilocal undo\n"
    assert ilocal("fmt", "years") == (0, "", said.format(2019) + said.format(2021))
    assert (folder / "2021.toml").read_text(encoding="utf-8") == '[[event]]\nid = "c"\ntitle = "C"\n'
    assert ilocal("-r", "years", "undo").code == 0
    assert {name: (folder / name).read_text(encoding="utf-8") for name in old} == old


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
        "ilocal: pyproject.toml: not a registry, because the file has neither [[event]] nor [registry]; nothing was changed\n"
        "hint: specify the file or folder of the registry\n",
    )
    assert other.read_text(encoding="utf-8") == TOOL
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


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
    path.write_text(UNTIDY_REGISTRY, encoding="utf-8")
    for option in ((), ("--check",), ("--diff",)):
        assert ilocal("fmt", "", *option) == (2, "", "ilocal: expected the path of a file or folder\n")
    assert path.read_text(encoding="utf-8") == UNTIDY_REGISTRY


STAMPS = """\
# Ours.
[registry]
timezone = "Asia/Ho_Chi_Minh"

[[event]]
id = "a"
title = "A"  # the first
kind = "meeting"

[[event]]
title = "B"
created = 2020-01-01

[[event]]
title = "C"
"""
SAID = {
    "en": ("events.toml: created would be set\n", "events.toml: created was set; to undo: ilocal undo\n",
           "all events have created\n"),
    "vi": ("events.toml: sẽ ghi ngày tạo\n", "events.toml: đã ghi ngày tạo; để hoàn tác: ilocal undo\n",
           "mọi sự kiện đều có ngày tạo\n"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_events_get_the_day_on_which_they_were_added(ilocal: Ilocal, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "events.toml"
    path.write_text(STAMPS, encoding="utf-8")
    would, done, nothing = SAID[lang]
    assert ilocal("--lang", lang, "fmt", "--stamp", "--check") == (1, "", would)
    assert ilocal("fmt", "--stamp", "--diff").out == (
        "--- events.toml\n+++ events.toml\n@@ -6,6 +6,7 @@\n"
        ' id = "a"\n title = "A"  # the first\n kind = "meeting"\n+created = 2020-02-20T00:00:00+07:00\n \n'
        ' [[event]]\n title = "B"\n@@ -13,3 +14,4 @@\n \n [[event]]\n title = "C"\n+created = 2020-02-20T00:00:00+07:00\n'
    )
    assert path.read_text(encoding="utf-8") == STAMPS
    assert ilocal("--lang", lang, "fmt", "--stamp") == (0, "", done)
    stamped = path.read_text(encoding="utf-8")
    line = "created = 2020-02-20T00:00:00+07:00\n"
    assert stamped.replace(line, "") == STAMPS
    assert stamped.count(line) == 2
    assert ilocal("--lang", lang, "fmt", "--stamp") == (0, "", nothing)
    assert ilocal("--lang", lang, "fmt", "--stamp", "--check") == (0, "", nothing)
    assert path.read_text(encoding="utf-8") == stamped
    assert ilocal("undo").code == 0
    assert path.read_text(encoding="utf-8") == STAMPS
    assert ilocal("fmt", "--stamp", "--letters").code == 2
    assert ilocal("--lang", lang, "fmt", str(SHIPPED_REGISTRY), "--stamp", "--check") == (0, "", nothing)


@pytest.mark.process
def test_events_get_the_day_of_their_first_commit(ilocal: Ilocal, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    repository = GitFolder(folder, "2020.toml")
    path = repository.path
    (folder / "registry.toml").write_text('[registry]\ntimezone = "Asia/Ho_Chi_Minh"\n', encoding="utf-8")
    for day, text in {
        "2020-01-05T08:00:00Z": '[[event]]\nid = "a"\ntitle = "A"\n',
        "2020-01-06T20:30:00Z": '[[event]]\nid = "b"\ntitle = "B"\n\n[[event]]\nid = "a"\ntitle = "A2"\n',
    }.items():
        path.write_text(text, encoding="utf-8")
        repository.run("add", "2020.toml")
        repository.run("commit", "-q", "-m", day, "--date", day)
    foreign = folder / "sources" / "other.toml"
    foreign.parent.mkdir()
    foreign.write_text('[[event]]\nid = "z"\ntitle = "Z"\n', encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8") + '\n[[event]]\nid = "c"\ntitle = "C"\n', encoding="utf-8")
    assert ilocal("fmt", "office", "--stamp") == (
        0,
        "",
        "office/2020.toml: created was set; to undo: ilocal undo\n",
    )
    assert path.read_text(encoding="utf-8") == (
        '[[event]]\nid = "b"\ntitle = "B"\ncreated = 2020-01-07T03:30:00+07:00\n\n'
        '[[event]]\nid = "a"\ntitle = "A2"\ncreated = 2020-01-05T15:00:00+07:00\n\n'
        '[[event]]\nid = "c"\ntitle = "C"\ncreated = 2020-02-20T00:00:00+07:00\n'
    )
    assert ilocal("fmt", "office", "--stamp") == (0, "", "all events have created\n")


@given(strategies.registry_texts())
def test_a_stamp_changes_nothing_but_created(text: str) -> None:
    moment = datetime(2020, 2, 20, 8, 30, tzinfo=UTC)
    new = stamp_events_in_registry_file("f.toml", text.encode(), lambda _id: moment)
    before, after = (load_registry([("f.toml", data)]).events for data in (text.encode(), new))
    assert [replace(event, created=event.created or moment) for event in before.values()] == list(after.values())
    assert stamp_events_in_registry_file("f.toml", new, lambda _id: moment) == new
