"""`ilocal remove`: asks first, prints what it removed, and leaves the other bytes as they were."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import Ilocal, make_environment
from tests.support.registry import FOUR_EVENTS
from tests.support.terminal import Dialogue


def test_remove_prints_what_it_removed_and_gives_the_old_bytes_back(ilocal: Ilocal, registry: Path) -> None:
    ilocal("add", "Mới", "2020-03-01")
    result = ilocal("remove", "moi", "--yes")
    assert result.code == 0
    assert result.out.startswith('[[event]]\nid = "2020-moi"\ntitle = "Mới"\n')
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS


def test_remove_asks_and_refuses_where_nobody_can_answer(process: Ilocal, registry: Path) -> None:
    result = process("remove", "--year", "2020")
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith(
        "ilocal: this would remove 2 events, and ilocal cannot ask for confirmation without a terminal\nhint: to proceed without confirmation, add --yes\n"
    )
    assert process("remove").code == process("remove", "hop", "--undated").code == 2
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
    assert process("remove", "--year", "2020", "-y").out.count("[[event]]") == 2
    assert process("list", "-f", "ids").out == "2019-dien-dan\ntba-hoi-nghi\n"


def test_what_is_removed_can_be_put_back_whole(ilocal: Ilocal, registry: Path) -> None:
    text = (
        '[[event]]\nid = "a"\ntitle = "A"\nwhen = 2020-05-05\n\n[[event.section]]\nheading = "h"\nimage = "p.jpg"\nday = 2020-05-05\n\n'
        '[event.translations.en]\ntitle = "B"\nplace = "Hue"\n'
    )
    registry.write_text(text, encoding="utf-8")
    Path("r.toml").write_text(ilocal("remove", "a", "--yes").out, encoding="utf-8")
    assert registry.read_text(encoding="utf-8") == ""
    ilocal("import", "r.toml")
    assert registry.read_text(encoding="utf-8").replace("created = 2020-02-20T00:00:00+00:00\n", "") == text
    for name in ("json", "jsonl", "csv", "toml"):
        ilocal("list", "-o", f"x.{name}")
        before = registry.read_text(encoding="utf-8")
        assert ilocal("import", "--update", f"x.{name}").err == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
        assert registry.read_text(encoding="utf-8") == before


def test_the_first_of_what_the_filters_find_are_removed(ilocal: Ilocal, registry: Path) -> None:
    for order, left in ((("-n", "1"), "2020-hop"), (("-n", "1", "--reverse"), "2020-khao-sat"), (("-n", "0"), None)):
        registry.write_text(FOUR_EVENTS, encoding="utf-8")
        assert ilocal("remove", "--year", "2020", *order, "-y").code == 0
        found = ilocal("list", "--year", "2020", "-f", "ids").out.split()
        assert found == ([left] if left else ["2020-khao-sat", "2020-hop"])
    assert "Remove only the first N events that match the filters." in " ".join(ilocal("remove", "--help").out.split())


@pytest.mark.process
def test_removing_asks_first_and_refuses_where_the_question_is_not_seen(registry: Path, tmp_path: Path) -> None:
    dialogue = Dialogue(tmp_path, "remove", "hop", piped=True)
    row = ' 1  2020/02/20  Họp "Nhóm cố vấn CSR"\n    o hôm nay   Hà Nội . CSR, thủy sản\n'
    assert dialogue.see("[y/N] ") == f"{row}remove 1 event? [y/N] "
    dialogue.type("n")
    assert dialogue.end() == (0, "", "n\nnothing was changed\n")

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ilocal", "remove", "hop"], cwd=tmp_path, env=make_environment(tmp_path),
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert (process.returncode, out) == (2, b"")
    assert err.decode().endswith(
        "ilocal: this would remove 1 event, and ilocal cannot ask for confirmation without a terminal\nhint: to proceed without confirmation, add --yes\n"
    )


@pytest.mark.parametrize(("option", "value"), [("-n", "1"), ("--sort", "title"), ("--reverse", "")])
def test_how_many_are_taken_has_no_effect_where_events_are_named(
    ilocal: Ilocal, registry: Path, option: str, value: str
) -> None:
    arguments = ("remove", "2020-hop", option, *filter(None, [value]), "--yes")
    assert ilocal(*arguments) == (
        2, "", f"ilocal: {option} has no effect where the events are named\nhint: leave it out, or select events by filters\n",
    )  # fmt: skip
    assert ilocal("--lang", "vi", *arguments).err == (
        f"ilocal: {option} không có tác dụng khi đã nêu sự kiện\ngợi ý: bỏ tùy chọn này, hoặc chọn sự kiện bằng bộ lọc\n"
    )
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
