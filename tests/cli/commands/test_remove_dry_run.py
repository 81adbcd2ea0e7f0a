"""`remove --dry-run` shows what would be removed, and removes nothing."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS


def test_a_dry_run_shows_what_would_be_removed(ilocal: Ilocal, registry: Path) -> None:
    shown = ilocal("remove", "2020-hop", "--dry-run")
    assert (shown.code, shown.out) == (0, "")
    assert shown.err == '- 2020-hop: Họp "Nhóm cố vấn CSR"\n1 event would be removed\n'
    assert ilocal("remove", "--year", "2020", "--dry-run").err.endswith("events would be removed\n")
    assert ilocal("--lang", "vi", "remove", "2020-hop", "--dry-run").err.endswith("\nsẽ xóa 1 sự kiện\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
