"""`ilocal check` names an event that resembles an earlier one."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import Ilocal

TWICE = """\
[[event]]
id = "2020-hoi-thao"
title = "Hội thảo về CSR trong ngành chế biến gỗ"
start = 2020-02-25
end = 2020-02-28

[[event]]
id = "2020-csr"
start = 2020-02-27
title = "Hội thảo: CSR trong ngành chế bíên gỗ"
"""


def test_check_names_what_resembles_an_event_before_it(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(TWICE, encoding="utf-8")
    assert ilocal("check") == (
        0,
        'events.toml:10: title: similar to "2020-hoi-thao" (events.toml:1); are they the same event?\n',
        "2 events, 0 errors, 1 warning\n",
    )
    assert ilocal("check", "--strict").code == 3
