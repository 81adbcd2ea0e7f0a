"""Occurrences beside those that other libraries find in the calendars that they and others test with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ilocal.errors import UsageError
from ilocal.formats import ics
from ilocal.formats.base import ImportedEvent, ReadOptions
from ilocal.model.dates import DateRange, PartialDate
from ilocal.model.event import Event
from ilocal.model.occurrences import list_occurrences
from ilocal.model.registry_info import RegistryInfo
from ilocal.model.timezones import FLOATING_TIMEZONE, get_event_timezone
from tests.support import reference_occurrences
from tests.support.corpora import (
    CALENDAR_PROJECTS,
    download_npm_package,
    find_calendars,
    find_corpora,
    lock_download,
)  # fmt: skip
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
    """Return a Python in an environment of its own with the library; skip if that cannot be made."""
    python = folder / "bin" / "python"
    with lock_download(folder):
        if (folder / "ready").exists():
            return python
        commands: list[list[str | Path]] = [
            [sys.executable, "-m", "venv", "--clear", folder],
            [python, "-m", "pip", "install", "-q", NAME],
        ]
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
            if done.returncode:
                pytest.skip(f"no environment for {NAME}: {done.stderr.strip()[-200:]}")
        (folder / "ready").touch()
    return python


def find_reference_occurrences(python: Path, files: Iterable[Path]) -> dict[str, set[tuple[str, ...]] | None]:
    """Return the occurrences in each file, as (uid, start, end); None if the library cannot read it."""
    command = [python, Path(reference_occurrences.__file__), *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True, encoding="utf-8")
    answers = map(json.loads, done.stdout.splitlines())
    return {
        Path(one["file"]).name: {tuple(said[:3]) for said in one["occurrences"]} if "occurrences" in one else None
        for one in answers
    }


def events_in(path: Path) -> list[Event]:
    text = path.read_bytes().decode().removeprefix("\ufeff").replace("\r\n", "\n")
    items = ics.load(text, ReadOptions(date(2020, 2, 20), RegistryInfo()))
    return [item.event for item in items if isinstance(item, ImportedEvent)]


def find_own_occurrences(path: Path) -> set[tuple[str, ...]]:
    return {(event.uid, *get_bounds(one)) for event in events_in(path) for one in list_occurrences(event, WINDOW)}


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
    cache = find_corpora(request.config)
    files = [path for path in find_calendars(cache, (NAME,)) if path.parent.name == "calendars"]
    expected = find_reference_occurrences(install_reference(cache / f"environment-{NAME}"), files)
    readable = [path for path in files if expected[path.name] is not None]
    assert len(readable) > 80
    assert {path.name for path in readable if find_own_occurrences(path) != expected[path.name]} == {*OTHERWISE}


# ------------------------------------------------------------------------------------------------------------- ical.js

ORACLE = "ical.js"  # the newest release
WITH_CALENDARS = "ical.js@1.1.0"  # the last one whose package has the calendars that it is tested with
YEARS = DateRange(date(2000, 1, 1), date(2030, 12, 31))
# Where the rules of the two differ, and why.
RULES_OTHERWISE = {
    "issue42.ics": "a start that its rule does not name is the first date all the same (RFC 8984, 4.3.3.1), and none there",
    "event_dtr_exdatez.ics": "an EXDATE in UTC leaves out what begins at that moment in another zone, and nothing there",
    "event_invalid_exdate.ics": "an EXDATE in UTC leaves out what begins at that moment in another zone, and nothing there",
}


def of_ical_js(library: Path, files: Iterable[Path]) -> dict[Path, set[tuple[str, str]]]:
    """Return the starts in each file that ical.js can read, as (uid, local time)."""
    script = Path(reference_occurrences.__file__).with_suffix(".mjs")
    command: list[str | Path] = ["node", script, library, *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True, encoding="utf-8")
    answers = map(json.loads, done.stdout.splitlines())
    return {Path(one["file"]): {(uid, at) for uid, at in one["occurrences"]} for one in answers if "occurrences" in one}


def rules_in(path: Path) -> dict[str, Event]:
    """Return the series of a calendar that consist of only a rule, by UID."""
    try:
        events = events_in(path)
    except (UsageError, UnicodeDecodeError):
        return {}
    text = path.read_bytes().decode()
    plain = [event for event in events if event.rrule and not event.overrides and not event.rdates]
    return {event.uid: event for event in plain if text.count(f"UID:{event.uid}") == 1}


def beginnings(event: Event) -> set[tuple[str, str]]:
    """When the occurrences of a series begin, as (uid, local time)."""
    found = [one.start for one in list_occurrences(event, YEARS)]
    times = [at.replace(tzinfo=None) if isinstance(at, datetime) else at for at in found if isinstance(at, date)]
    return {(event.uid, at.isoformat()) for at in times if at.year >= YEARS.first.year}


@pytest.mark.corpus
def test_each_rule_gives_the_dates_that_ical_js_finds(request: pytest.FixtureRequest) -> None:
    cache = find_corpora(request.config)
    if shutil.which("node") is None:
        pytest.skip("node, which runs ical.js, is not installed")
    library = download_npm_package(cache, ORACLE) / "package" / "dist" / "ical.js"
    own = download_npm_package(cache, WITH_CALENDARS).rglob("*.ics")
    series = {path: found for path in [*find_calendars(cache, CALENDAR_PROJECTS), *own] if (found := rules_in(path))}
    expected = of_ical_js(library, series)
    otherwise, n = set(), 0
    for path, theirs in expected.items():
        mine = set().union(*map(beginnings, series[path].values()))
        n += len(mine)
        if mine != {one for one in theirs if one[0] in series[path]}:
            otherwise.add(path.name)
    assert otherwise == {*RULES_OTHERWISE}
    assert n > 50_000
