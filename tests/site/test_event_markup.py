"""What programs read on the pages of events: JSON-LD and h-event, read back by the reader of saved web pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from ilocal.formats.base import ReadOptions
from ilocal.formats.html import load_bytes
from ilocal.model.dates import Month, Year
from ilocal.model.event import Event
from ilocal.model.registry_info import RegistryInfo
from tests.support.cli import Ilocal

REGISTRY = """\
[registry]
title = "Sự kiện"
language = "vi"

[[event]]
id = "hop"
title = "Họp kỹ thuật"
start = 2020-02-25T08:30:00
end = 2020-02-25T10:00:00
location = "Hà Nội"
organizers = ["ILO", "VCCI"]
projects = ["ENHANCE", "SCORE"]
topics = ["gỗ", "thủy sản"]
kind = "meeting"
participants = "Khoảng 30 người, gồm cả báo chí"
url = "https://example.org/hop"
description = "Một.\\n\\nHai."

[[event]]
id = "dien-dan"
title = "Diễn đàn"
start = "2020-03"
kind = "diễn đàn nhỏ"

[[event]]
id = "nam"
title = "Năm quốc tế"
start = "2019"
end = "2020"
"""
MEETING = Event(
    "Họp kỹ thuật", start=datetime(2020, 2, 25, 8, 30), end=datetime(2020, 2, 25, 10), location="Hà Nội",
    organizers=("ILO", "VCCI"), projects=("ENHANCE", "SCORE"), topics=("gỗ", "thủy sản"), kind="meeting",
    participants="Khoảng 30 người, gồm cả báo chí", url="https://example.org/hop", description="Một.\n\nHai.",
)  # fmt: skip
OTHERS = {
    "dien-dan": Event("Diễn đàn", start=Month(2020, 3), kind="diễn đàn nhỏ"),
    "nam": Event("Năm quốc tế", start=Year(2019), end=Year(2020)),
}


@pytest.fixture
def pages(ilocal: Ilocal, tmp_path: Path) -> Path:
    """Return the folder of a site."""
    (tmp_path / "events.toml").write_text(REGISTRY, encoding="utf-8")
    assert ilocal("site", "build", "out").code == 0
    return tmp_path / "out"


def read_events(page: str) -> list[Event]:
    """Return the events that a page marks, without their places in it and UIDs."""
    found = load_bytes(page.encode(), ReadOptions(date(2020, 2, 20), RegistryInfo(language="vi")))
    return [replace(event, source_line=0, uid="") for event in found if isinstance(event, Event)]


def test_an_event_comes_back_whole_from_either_markup(pages: Path) -> None:
    page = (pages / "event/hop.html").read_text(encoding="utf-8")
    without_json_ld, count = re.subn(r"<script type=.application/ld\+json.*?</script>", "", page)
    assert (count, read_events(page), read_events(without_json_ld)) == (1, [MEETING], [MEETING])
    for name, event in OTHERS.items():
        assert read_events((pages / f"event/{name}.html").read_text(encoding="utf-8")) == [event]


def test_a_list_has_names_dates_and_places(pages: Path) -> None:
    found = read_events((pages / "index.html").read_text(encoding="utf-8"))
    assert [(event.title, event.start, event.end, event.location) for event in found] == [
        (event.title, event.start, event.end, event.location) for event in (OTHERS["dien-dan"], MEETING, OTHERS["nam"])
    ]
