"""`ilocal edit` of one event: its lines change and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS


def test_edit_touches_the_lines_of_its_event(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal(
        "edit",
        "hop",
        "--add-topic",
        "gỗ",
        "--remove-topic",
        "thuy san",
        "--unset",
        "location",
        "--when",
        "20-21/02/2020",
    ) == (0, "", "2020-hop: changed end (– → 2020/02/21), location (Hà Nội → –), topics (CSR; thủy sản → CSR; gỗ)\n")
    old = FOUR_EVENTS[FOUR_EVENTS.index('id = "2020-hop"') : FOUR_EVENTS.index('\n[[event]]\nid = "2019')]
    new = (
        'id = "2020-hop"\ntitle = \'Họp "Nhóm cố vấn CSR"\'\nstart = 2020-02-20\nend = 2020-02-21\ntopics = ["CSR", "gỗ"]\n'
        'status = "confirmed"\nupdated = 2020-02-20T00:00:00+07:00\nrevision = 1\nroom = 12  # a key of our own\n'
    )
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS.replace(old, new)
    assert ilocal("edit", "hop", "--add-topic", "CSR").err == "2020-hop: nothing to change\n"
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS.replace(old, new)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--end", "2020-02-19"), "end: the end (2020-02-19) is before the start (2020-02-20)"),
        (("--status", "sure"), '--status: "sure" is not a status'),
        (("--unset", "title"), "an event must have title"),
        (("--unset", "colour"), 'unknown field "colour"'),
        (("--title", " "), "title: an event must have a title"),
        (("--id", "2020-khao-sat"), 'there is already an event "2020-khao-sat"'),
    ],
)
def test_an_edit_that_cannot_be_changes_nothing(
    ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = ilocal("edit", "2020-hop", *arguments)
    assert result.code in (2, 5)
    assert result.err.startswith(f"ilocal: {message}\n")
    assert registry.read_text(encoding="utf-8") == FOUR_EVENTS
