"""A registry that is no plain file, or whose folder is gone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.processes import run_shell_line
from tests.support.registry import FOUR_EVENTS

pytestmark = pytest.mark.process


@pytest.mark.promise("P9")
def test_a_folder_that_was_deleted_under_ones_feet_is_named(tmp_path: Path) -> None:
    result = run_shell_line(tmp_path, "mkdir gone; cd gone; rmdir ../gone; ilocal list")
    assert (result.code, result.out) == (2, "")
    assert result.err == "ilocal: the current folder: no such file or directory\n"


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_hard_link(path: Path) -> None:
    other = path.with_name("other")
    other.write_text(FOUR_EVENTS, encoding="utf-8")
    os.link(other, path)


def make_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


def make_link_loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.promise("P11")
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (make_fifo, "not a regular file"),
        (make_device, "not a regular file"),
        (make_hard_link, "replacing the file would break its 2 hard links; nothing was changed"),
        (make_dangling_link, "no such file or directory"),
        (make_link_loop, "too many levels of symbolic links"),
    ],
)
def test_what_is_no_plain_file_is_refused_without_a_hang(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    make(tmp_path / "events.toml")
    line = "timeout 3 ilocal -r events.toml add Mới"
    result = run_shell_line(tmp_path, line)
    assert (result.code, result.out) == (3, "")
    assert result.err.splitlines()[0] == f"ilocal: events.toml: {said}"
    if make is make_hard_link:
        assert (tmp_path / "other").read_text(encoding="utf-8") == FOUR_EVENTS
        assert run_shell_line(tmp_path, "timeout 3 ilocal list -f ids").code == 0
