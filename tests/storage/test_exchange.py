"""Two files change places in one step, or by a rename where the system cannot; what a killed write left is cleared."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.processes import find_leftovers, start_command, wait_for_result
from tests.support.registry import FOUR_EVENTS
from tests.support.traced_program import needs_strace


@pytest.mark.promise("P3", "P12")
def test_a_registry_with_the_second_name_of_a_killed_init_can_be_written(
    registry: Path, tmp_path: Path, process: Ilocal
) -> None:
    os.link(registry, tmp_path / ".events.toml.0123456789ab.tmp")
    assert process("add", "Mới") == (0, "tba-moi\n", "")
    assert find_leftovers(tmp_path) == []
    assert registry.read_text(encoding="utf-8").startswith(FOUR_EVENTS)


@pytest.mark.promise("P12")
def test_files_of_other_programs_with_names_like_ours_stay(registry: Path, tmp_path: Path, process: Ilocal) -> None:
    names = [".events.toml.notes.tmp", ".events.toml.1-2-3.swap", ".events.toml.0123456789AB.tmp", ".a.csv.x.tmp"]
    for name in names:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    (tmp_path / ".events.toml.0123456789ab.tmp").write_text("ours", encoding="utf-8")
    assert process("add", "Mới").code == 0
    assert process("list", "-o", "a.csv").code == 0
    assert find_leftovers(tmp_path) == sorted(names)


@pytest.mark.promise("P11")
@pytest.mark.parametrize("name", [".events.toml.1-2-3-4.swap", ".events.toml.0123456789ab.tmp"])
def test_what_is_no_file_is_none_of_ours_whatever_it_is_called(
    registry: Path, tmp_path: Path, process: Ilocal, name: str
) -> None:
    os.mkfifo(tmp_path / name)
    assert process("add", "Mới") == (0, "tba-moi\n", "")
    assert find_leftovers(tmp_path) == [name]


@pytest.mark.promise("P12")
def test_what_a_killed_init_left_of_the_schema_is_cleared(tmp_path: Path, process: Ilocal) -> None:
    (tmp_path / "events.toml").write_text(FOUR_EVENTS, encoding="utf-8")
    (tmp_path / ".ilocal.schema.json.0123456789ab.tmp").write_text("{", encoding="utf-8")
    assert process("add", "Mới").code == 0
    assert find_leftovers(tmp_path) == []


@pytest.mark.promise("P2", "P6")
@needs_strace
@pytest.mark.long
@pytest.mark.parametrize("error", ["EINVAL", "ENOSYS"])
def test_on_a_disk_that_knows_no_exchange_of_names_all_is_written_the_same(
    tmp_path: Path, process: Ilocal, error: str
) -> None:
    inject = ("strace", "-o", "/dev/null", "-e", "trace=renameat2", "-e", f"inject=renameat2:error={error}")
    (tmp_path / "events.toml").write_text(FOUR_EVENTS, encoding="utf-8")
    for command in (
        ("init", "new.toml"), ("split", "years"), ("-r", "years", "add", "Mới", "2024"), ("-r", "years", "undo"),
        ("-r", "years", "join", "one.toml"), ("-r", "one.toml", "edit", "2020-hop", "--title", "Khác"),
    ):  # fmt: skip
        assert wait_for_result(start_command(tmp_path, *command, wrapper=inject)).code == 0, command
    assert [find_leftovers(folder) for folder in (tmp_path, tmp_path / "years")] == [[], []]
    assert process("-r", "new.toml", "list", "-f", "ids").out == ""
    assert process("-r", "years", "list", "-f", "ids").out.count("\n") == 4
    assert 'title = "Khác"' in (tmp_path / "one.toml").read_text(encoding="utf-8")
    again = wait_for_result(start_command(tmp_path, "-r", "years", "join", "one.toml", wrapper=inject))
    assert again == (5, "", "ilocal: one.toml: the file already exists; nothing was changed\n")
    assert wait_for_result(start_command(tmp_path, "split", "years", wrapper=inject)).code == 5


@pytest.mark.promise("P2", "P8")
def test_where_the_exchange_cannot_be_loaded_the_file_is_renamed(
    registry: Path, ilocal: Ilocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ctypes", None)  # as where the disk fails just then
    assert ilocal("add", "Mới") == (0, "tba-moi\n", "")
    assert 'id = "tba-moi"' in registry.read_text(encoding="utf-8")
    assert find_leftovers(registry.parent) == []
