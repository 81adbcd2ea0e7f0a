"""`ilocal show`: one event whole, by its id or by words of its title."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY


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
