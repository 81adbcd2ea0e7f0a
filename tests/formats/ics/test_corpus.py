"""The calendars that other projects test with: whatever is in them is in the registry afterwards, or reported.

`python -m tests.formats.ics.test_corpus [FOLDER]` prints what became of them.
"""

from __future__ import annotations

import re
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from ilocal.errors import Diagnostic, UsageError
from ilocal.formats import ics
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.formats.ics.content_lines import parse_components
from ilocal.model.dates import PartialDate
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.model.registry_info import RegistryInfo
from ilocal.sync.matching import import_entries
from ilocal.sync.row_operations import ImportLog
from ilocal.workspace import Registry
from tests.support.corpora import find_calendars, find_corpora

HEADER = RegistryInfo("Lịch", "vi", "Asia/Ho_Chi_Minh", "ilocal.example")
REGISTRY = '[registry]\ntitle = "Lịch"\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\nuid_domain = "ilocal.example"\n'
NOW = datetime(2020, 2, 20, tzinfo=timezone(timedelta(hours=7)))
READING = ReadOptions(NOW.date(), HEADER)


@dataclass
class Counts:
    """What became of the files."""

    files: int = 0
    refused: Counter[str] = field(default_factory=Counter)  # whole files, by reason
    vevents: int = 0
    events: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    doubted: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        head = f"{self.files} files, {self.vevents} VEVENTs, {self.events} events in, {self.rejected.total()} rejected"
        parts = [("files refused", self.refused), ("rejected", self.rejected), ("warnings and notes", self.doubted)]
        lines = [f"  {n:4} {reason}" for title, counter in parts for n, reason in
                 [("", title), *((n, reason) for reason, n in counter.most_common())]]  # fmt: skip
        return "\n".join([head, *lines])


def read_calendar(path: Path) -> str | None:
    """Return the text of a file as `import` reads it; None if it is not UTF-8, which `import` refuses."""
    try:
        return path.read_bytes().decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def strip_event(problem: Diagnostic) -> str:
    """Return the reason of a problem without the event's name."""
    text = problem.message
    if text.startswith("UID "):
        text = text.partition(": ")[2]
    return text[:60]


def import_found(workspace: Registry, found: list[ImportedEvent]) -> list[str]:
    with workspace.transaction() as draft:
        return [outcome for outcome, _, _ in import_entries(draft, found, NOW, update=False, log=ImportLog())]


def check_file(path: Path, folder: Path, counts: Counts) -> None:
    """One file: nothing is lost silently, twice is once, and what goes out says what came in."""
    counts.files += 1
    text = read_calendar(path)
    try:
        items = [Diagnostic(0, "not UTF-8")] if text is None else list(ics.load(text, READING))
    except UsageError as error:
        counts.refused[error.message.partition(": ")[2][:60]] += 1
        return
    entries = [item for item in items if isinstance(item, ImportedEvent)]
    problems = [item for item in items if isinstance(item, Diagnostic)]
    if text is None:
        counts.refused["not UTF-8"] += 1
        return
    vevents = [component for component in parse_components(text) if component.kind == "VEVENT"]
    counts.vevents += len(vevents)
    counts.events += len(entries)
    for problem in problems:
        (counts.rejected if problem.severity == "error" else counts.doubted)[strip_event(problem)] += 1
    heard = len(entries) + sum(len(entry.event.overrides) for entry in entries)
    said = [problem for problem in problems if problem.text or problem.severity != "warning"]
    assert heard + len(said) >= len(vevents), "a VEVENT is neither in the registry nor reported"
    registry = folder / "events.toml"
    registry.write_text(REGISTRY, encoding="utf-8")
    workspace = Registry(registry)
    try:
        first = import_found(workspace, entries)
        before = registry.read_bytes()
        second = import_found(workspace, entries)
        assert registry.read_bytes() == before
        assert set(second) <= {"unchanged"}, [(first, second)]
        events = list(workspace.select(Query()))
    finally:
        workspace.close()
    assert len(events) == first.count("new")
    again = "".join(ics.dump(events, WriteOptions(registry_info=HEADER, lang="en")))
    assert_same_to_icalendar(text, again, events)


def assert_same_to_icalendar(text: str, again: str, events: list[Event]) -> None:
    """UID, start, end and summary of each event that was taken, as the library reads them in both files."""
    after = dict(read_facts(again, zoned=True))
    before: dict[tuple[str, str], list[Facts]] = {}
    for zoned in (True, False):  # a known zone is what IANA says, also where a file says otherwise
        for key, said in read_facts(text, zoned=zoned):
            before.setdefault(key, []).append(said)
    for key, said in after.items():
        assert key not in before or any(map(said.__eq__, before[key])), (key, before[key], said)
    wanted = {get_uid(event) for event in events if event.start is not None}
    assert wanted <= {uid for uid, _ in after}


def get_uid(event: Event) -> str:
    from ilocal.model.event_uids import make_event_uid as uid

    return uid(event, HEADER)


Facts = tuple[object, object, object]


def read_facts(text: str, *, zoned: bool) -> Iterator[tuple[tuple[str, str], Facts]]:
    """(UID, occurrence) and start, end and summary of what icalendar itself can read."""
    import icalendar

    icalendar.timezone.tzp.use_default()  # it remembers the zones of the files before
    zones = [one.text for one in parse_components(text) if zoned and one.kind == "VTIMEZONE" and one.is_complete]
    named_zones = [(get_zone_id(zone), zone) for zone in zones]
    for component in parse_components(text):
        if component.kind != "VEVENT" or not component.is_complete:
            continue
        # The zones that it has no word of are left out: to read all of them again for each event takes minutes.
        unfolded = re.sub(r"\n[ \t]", "", component.text).casefold()
        head = "\n".join(zone for name, zone in named_zones if name in unfolded)
        whole = f"BEGIN:VCALENDAR\r\n{head}\r\n{component.text}\r\nEND:VCALENDAR\r\n".replace("\r\n", "\n")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                calendar: Any = icalendar.Calendar.from_ical(whole.replace("\n", "\r\n"))
                (event,) = calendar.walk("VEVENT")
                at = event.get("RECURRENCE-ID")
                key = (str(event.get("UID", "")), str(normalize_moment(at.dt)) if at else "")
                start, end = event.start, event.end
                if start == end and not isinstance(start, datetime):
                    end += timedelta(days=1)
                yield key, (normalize_moment(start), normalize_moment(end), get_summary(event))
            except Exception:  # what the library cannot read proves nothing
                continue


def get_zone_id(zone: str) -> str:
    """Return the id of a VTIMEZONE in small letters, or what is in any text if it has none that stands on one line."""
    found = re.search(r"^TZID[^:\n]*:(.*)$(?!\n[ \t])", zone, re.MULTILINE | re.IGNORECASE)
    return found[1].strip().casefold() if found else ""


def get_summary(event: Any) -> str:
    text = " ".join(str(event.get("SUMMARY", "")).split())
    return text.removeprefix("CANCELLED: ") or "(không có tên)"


def normalize_moment(point: PartialDate) -> object:
    """Return a day, a floating time, or an instant, for comparison."""
    if isinstance(point, datetime) and point.tzinfo is not None:
        return point.timestamp()
    return point if isinstance(point, datetime) else date(point.year, point.month, point.day)  # type: ignore[union-attr]


@pytest.mark.process
@pytest.mark.corpus
def test_the_calendars_of_other_projects(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    counts = Counts()
    for path in find_calendars(find_corpora(request.config)):
        try:
            check_file(path, tmp_path, counts)
        except Exception as error:
            raise AssertionError(f"{path}: {type(error).__name__}: {error}") from error
    print(counts)
    assert counts.events > 300


if __name__ == "__main__":
    total, failed = Counts(), 0
    with tempfile.TemporaryDirectory() as place:
        for file in sorted(Path(sys.argv[1]).rglob("*.ics")):
            try:
                check_file(file, Path(place), total)
            except Exception as error:
                failed += 1
                print(f"FAILED {file.name}: {type(error).__name__}: {str(error)[:300]}")
    print(total)
    sys.exit(failed > 0)
