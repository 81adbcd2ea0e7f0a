"""The laws of `fuzz/` on the seeds of each target, and on all that atheris ever found."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest

from fuzz.__main__ import TARGETS

FINDS: list[tuple[str, str, bytes]] = [
    ("whole", "a text that is no longer UTF-8 is named with its line", b'[[event]]\ntitle = "a"\n\0[[event]]\ntitle = "\x85"\n\0'),
    ("dates", "a month has no 31st Sunday", b"FREQ=MONTHLY;BYDAY=31SU"),
    ("dates", "nor has the December of a year", b"FREQ=YEARLY;BYMONTH=12;BYDAY=-31SU"),
]  # fmt: skip


def check_law(target: str, data: bytes) -> None:
    """Check the law of a target; importing its module does not count as time of a test."""
    import_module(f"fuzz.{target}").check(data)


@pytest.mark.promise("P15")
@pytest.mark.parametrize("target", TARGETS)
def test_the_law_of_each_target_holds_for_what_it_begins_with(target: str) -> None:
    seeds = list(import_module(f"fuzz.{target}").seeds())
    assert len(seeds) > 5
    for data in seeds if target != "whole" else seeds[::4]:
        check_law(target, data)


@pytest.mark.promise("P15")
@pytest.mark.parametrize(("target", "what", "data"), FINDS, ids=[what for _, what, _ in FINDS])
def test_what_was_found_once_stays_mended(
    target: str, what: str, data: bytes, figure: Callable[[str, int], None]
) -> None:
    check_law(target, data)
    figure("fuzz finds kept", 1)
