"""Occurrences beside those that the library recurring-ical-events finds in its own calendars."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ilocal.formats import ics
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.model.dates import DateRange, PartialDate
from ilocal.model.event import Event
from ilocal.model.occurrences import list_occurrences
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.timezones import FLOATING_TIMEZONE, get_event_timezone
from tests.support import reference_occurrences
from tests.support.corpora import find_calendars
from tests.support.reference_occurrences import format_moment

NAME = "recurring-ical-events"
WINDOW = DateRange(date(*reference_occurrences.FIRST), date(*reference_occurrences.LAST) - timedelta(days=1))
# Where the two differ, and why.
OTHERWISE = {
    "Germany_Holidays.ics": "a day that ends where it begins is one day here, and none there",
    "end_before_start_event.ics": "an end before its start is rejected here, and turned round there",
    "issue_132_swapped_start_and_end.ics": "an end before its start is rejected here, and turned round there",
    "issue_201_mixed_datetime_and_date.ics": "a day stays a day here, and is midnight in UTC there",
    "issue_201_test_matrix.ics": "a day that ends at a time is rejected here",
    "issue_75_range_parameter.ics": "a change of all that follows is rejected here",
    "issue_86_x_wr_timezone_without_time_zone_in_dt.ics": "a floating time stays one here, and is in X-WR-TIMEZONE there",
    "multiple_rrule.ics": "two different rules are rejected here",
}


def install_reference(folder: Path) -> Path:
    """A Python in an environment of its own, with the library; skips where that cannot be made."""
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        commands: list[list[str | Path]] = [
            [sys.executable, "-m", "venv", "--clear", folder],
            [python, "-m", "pip", "install", "-q", NAME],
        ]
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                pytest.skip(f"no environment for {NAME}: {done.stderr.strip()[-200:]}")
        (folder / "ready").touch()
    return python


def find_reference_occurrences(python: Path, files: Iterable[Path]) -> dict[str, set[tuple[str, ...]] | None]:
    """The occurrences in each file, as (uid, start, end); None where the library cannot read it."""
    command = [python, Path(reference_occurrences.__file__), *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True, encoding="utf-8")
    answers = map(json.loads, done.stdout.splitlines())
    return {
        Path(one["file"]).name: {tuple(said[:3]) for said in one["occurrences"]} if "occurrences" in one else None
        for one in answers
    }


def find_own_occurrences(path: Path) -> set[tuple[str, ...]]:
    text = path.read_bytes().decode().removeprefix("\ufeff").replace("\r\n", "\n")
    items = ics.load(text, ReadOptions(date(2020, 2, 20), RegistryInfo()))
    events = [item.event for item in items if isinstance(item, ImportedEvent)]
    return {(event.uid, *get_bounds(one)) for event in events for one in list_occurrences(event, WINDOW)}


def get_bounds(event: Event) -> tuple[str, str]:
    """When it begins and ends, the end as iCalendar has it."""
    start = event.start
    assert start is not None
    end = event.end or start
    assert isinstance(end, date)
    return format_event_moment(event, start), format_event_moment(
        event, end if isinstance(end, datetime) else end + timedelta(days=1)
    )


def format_event_moment(event: Event, point: PartialDate) -> str:
    assert isinstance(point, date)
    if isinstance(point, datetime) and point.tzinfo is None and event.timezone not in ("", FLOATING_TIMEZONE):
        point = point.replace(tzinfo=get_event_timezone(event))
    return format_moment(point)


@pytest.mark.process
@pytest.mark.corpus
def test_the_occurrences_are_those_that_another_library_finds(request: pytest.FixtureRequest) -> None:
    cache = Path(request.config.cache.mkdir("ilocal-reference"))
    files = [path for path in find_calendars(cache, (NAME,)) if path.parent.name == "calendars"]
    expected = find_reference_occurrences(install_reference(cache / "environment"), files)
    readable = [path for path in files if expected[path.name] is not None]
    assert len(readable) > 80
    assert {path.name for path in readable if find_own_occurrences(path) != expected[path.name]} == {*OTHERWISE}
