"""`ilocal search`: what it finds, and its exit code where it finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import Ilocal


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (("LĐTE",), "2020-khao-sat"),
        (("lao dong",), "2020-khao-sat 2019-dien-dan"),
        (("lao dong", "--not", "diễn đàn"), "2020-khao-sat"),
        (("lao dong", "cuoi ky"), "2020-khao-sat"),
        (("title:họp",), "2020-hop"),
        (("muc tieu",), "tba-hoi-nghi"),
        (("thanh tra*", "--undated"), "tba-hoi-nghi"),
        (("thuỷ sản",), "2020-hop"),
    ],
)
def test_search(ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], ids: str) -> None:
    result = ilocal("search", "-f", "ids", *arguments)
    assert (result.code, result.out.split()) == (0, ids.split())


def test_search_that_finds_nothing_ends_with_1(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("search", "không có") == (1, "", "No events found.\n")
