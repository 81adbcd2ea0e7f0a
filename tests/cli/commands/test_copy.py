"""`ilocal copy`: an event like another, with another date."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.model.event import Event
from tests.cli.test_event_handles import REGISTRY, offices  # noqa: F401
from tests.support.cli import Ilocal
from tests.support.registry import parse_registry


def find_new_event(path: Path) -> Event:
    return list(parse_registry(path.read_text(encoding="utf-8")).events.values())[-1]


@pytest.mark.parametrize(
    ("words", "span"),
    [
        (("co-van", "20/02/2027"), "2027-02-20T08:30..2027-02-20T10:00"),  # at the same time
        (("nhóm", "cố", "vấn", "2027-02-20", "14:00"), "2027-02-20T14:00..2027-02-20T15:30"),
        (("co-van", "25-26/02/2027"), "2027-02-25..2027-02-26"),
        (("phỏng", "vấn", "25/2/2027"), "2027-02-25..2027-02-26"),  # two days, as last time
        (("phong-van", "2027-03"), "2027-03"),
        (("phong-van", "--start", "2027-03-01"), "2027-03-01"),
        (("phong-van", "--when", "25/2/2027"), "2027-02-25..2027-02-26"),
    ],
)
def test_a_copy_has_the_new_date_and_the_old_length(
    ilocal: Ilocal,
    offices: Path,  # noqa: F811
    words: tuple[str, ...],
    span: str,
) -> None:
    result = ilocal("copy", *words)
    event = find_new_event(offices)
    assert (result.code, result.out, str(event.period)) == (0, f"{event.id}\n", span)
    assert event.id.startswith("2027-")


def test_a_copy_has_all_but_what_belongs_to_the_old_event(ilocal: Ilocal, offices: Path) -> None:  # noqa: F811
    assert ilocal("copy", "co-van", "2027-02-20", "--kind", "họp", "--title", "Cố vấn 2027").code == 0
    assert offices.read_text(encoding="utf-8") == REGISTRY + (
        '\n[[event]]\nid = "2027-co-van-2027"\ntitle = "Cố vấn 2027"\nstart = 2027-02-20T08:30:00\n'
        'end = 2027-02-20T10:00:00\ntopics = ["CSR"]\nkind = "meeting"\ncreated = 2020-02-20T00:00:00+00:00\n'
        'description = "Có Alice tham dự."\n'
    )
    assert ilocal("undo").code == 0
    assert offices.read_text(encoding="utf-8") == REGISTRY


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("co-van", "20/2"), 2, 'cannot read "20/2" as a date: the year is missing: 20/02/2020?'),
        (("co-van",), 2, "the date of the new event is missing"),
        (("vấn", "2027-02-20"), 4, '"vấn" matches 2 events'),
        (("co-van", "2027-02-20", "--when", "2027"), 2, "the date is specified twice, as WHEN and with --when"),
        ((), 2, "the event is missing"),
        (("co-van", "2020-02-20"), 5, 'a similar event already exists: "2020-co-van"'),
        (("co-van", "2027", "--start", "2028"), 2, "the date is specified twice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    ilocal: Ilocal,
    offices: Path,  # noqa: F811
    words: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    result = ilocal("copy", *words)
    assert (result.code, message in result.err) == (code, True), result.err
    assert offices.read_text(encoding="utf-8") == REGISTRY
