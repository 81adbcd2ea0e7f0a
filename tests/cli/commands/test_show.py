"""`ilocal show`: one event whole, by its id or by words of its title."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.terminal import run_on_terminal, strip_escapes


def test_show_is_the_whole_event(ilocal: Ilocal, registry: Path) -> None:
    assert (
        ilocal("show", "hoi-nghi").out
        == """\
Hội nghị Thanh tra

Ngày  Chưa có ngày
Mã    tba-hoi-nghi

Mục tiêu

  • một
  • hai
"""
    )
    assert json.loads(ilocal("show", "hop", "-f", "json").out) == [
        {
            "id": "2020-hop", "title": 'Họp "Nhóm cố vấn CSR"', "start": "2020-02-20", "location": "Hà Nội",
            "topics": ["CSR", "thủy sản"], "status": "confirmed", "room": 12,
            "source_file": "events.toml", "source_line": 19,
        }
    ]  # fmt: skip


LINK = "https://www.ilo.org/h%E1%BB%8Dp?a=1"


@pytest.mark.process
def test_an_address_is_a_link_where_the_terminal_knows_links(tmp_path: Path) -> None:
    def show(url: str, *arguments: str, **env: str) -> str:
        path = tmp_path / "events.toml"
        path.write_text(f'[[event]]\nid = "hop"\ntitle = "Họp"\nurl = "{url}"\n', encoding="utf-8")
        return run_on_terminal(tmp_path, 80, *arguments, "show", "hop", **env)

    text = show("https://www.ilo.org/họp?a=1")
    assert re.findall(r"\x1b\]8;id=[0-9-]+;(.*?)\x1b\\(.*?)\x1b\]8;;\x1b\\", text) == [
        (LINK, "https://www.ilo.org/họp?a=1")
    ]
    for url, env in (
        ("javascript:alert(1)", {}),
        (LINK, {"TERM": "dumb"}),
        (LINK, {"TERM": "linux"}),
        (LINK, {"NO_COLOR": "1"}),
    ):
        assert "\x1b]8" not in show(url, **env)
        assert url in strip_escapes(show(url, **env))


def test_no_pipe_gets_a_link(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(f'[[event]]\nid = "hop"\ntitle = "Họp"\nurl = "{LINK}"\n', encoding="utf-8")
    assert "\x1b]8" not in ilocal("--color", "always", "show", "hop").out


def test_words_of_a_title_that_its_id_is_too_short_for_are_a_handle(ilocal: Ilocal) -> None:
    assert (
        ilocal("-r", str(SHIPPED_REGISTRY), "show", "thuỷ sản", "-f", "ids").out
        == "2020-hop-khoi-dong-nhom-co-van-csr-thuc-day-thuc-hien-csr\n"
    )
    assert ilocal("-r", str(SHIPPED_REGISTRY), "show", "ENHANCE hỗ trợ").code == 0
    result = ilocal("-r", str(SHIPPED_REGISTRY), "show", "tăng cường")
    assert (result.code, result.err.split("\n")[0]) == (0, "")


def test_an_output_file_of_show_has_the_whole_page(ilocal: Ilocal, registry: Path) -> None:
    page = ilocal("show", "hoi-nghi").out
    assert ilocal("show", "hoi-nghi", "-o", "x.txt") == (0, "", "")
    assert Path("x.txt").read_text(encoding="utf-8") == page
    assert ilocal("list", "-n", "0") == (0, "", "No events match.\n")
    assert ilocal("search", "họp", "-n", "0") == (0, "", "")
    assert ilocal("list", "-f", "ids", "-o", "-").out == ilocal("list", "-f", "ids").out
    assert "\x1b[" in ilocal("--color", "always", "list").out
