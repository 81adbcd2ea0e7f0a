"""`ilocal fmt`: shows, checks, writes, and leaves alone what is no registry."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import Ilocal
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
    assert ilocal("fmt") == (0, "", "events.toml: formatted; to undo: ilocal undo\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert ilocal("fmt") == (0, "", "everything is in order\n")
    assert ilocal("undo").code == 0
    assert registry.read_text(encoding="utf-8") == untidy


def test_a_folder_is_put_in_order_file_by_file_in_one_write(ilocal: Ilocal) -> None:
    folder = Path("years")
    folder.mkdir()
    old = {"2019.toml": '[[event]]\ntitle = "A"\nid = "a"\n', "2020.toml": '[[event]]\nid = "b"\ntitle = "B"\n',
           "2021.toml": '[[event]]\ntitle = "C"\nid = "c"\n'}  # fmt: skip
    for name, text in old.items():
        (folder / name).write_text(text, encoding="utf-8")
    said = "years/{0}.toml: formatted; to undo: ilocal undo\n"
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
        "ilocal: pyproject.toml: not a registry: it has neither [[event]] nor [registry]; nothing was changed\n"
        "hint: name the file or folder that is meant\n",
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
