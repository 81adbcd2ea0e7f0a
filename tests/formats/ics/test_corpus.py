"""The calendars that other projects test with: whatever is in them is in the registry afterwards, or reported.

`python -m tests.formats.ics.test_corpus [FOLDER]` prints what became of them.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from ilocal.bulk import Ledger
from ilocal.dates import Point
from ilocal.errors import Problem, UsageError
from ilocal.event import Event
from ilocal.formats import Entry, Reading, Writing, ics
from ilocal.formats.ics.lines import components
from ilocal.header import Header
from ilocal.merge import merge
from ilocal.query import Query
from ilocal.workspace import Workspace

PROJECTS = ("icalendar", "khal", "recurring-ical-events")
HEADER = Header("Lịch", "vi", "Asia/Ho_Chi_Minh", "ilocal.example")
REGISTRY = '[registry]\ntitle = "Lịch"\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\nuid_domain = "ilocal.example"\n'
NOW = datetime(2020, 2, 20, tzinfo=timezone(timedelta(hours=7)))
READING = Reading(NOW.date(), HEADER)


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


def fetched(folder: Path, name: str) -> Path:
    """The unpacked sources of a package, downloaded by its name; skips where that fails."""
    target = folder / name
    if target.is_dir():
        return target
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", name]
        done = subprocess.run([*command, "-d", temporary], capture_output=True, text=True, timeout=300, check=False)
        archives = list(Path(temporary).glob("*.tar.gz"))
        if done.returncode or not archives:
            pytest.skip(f"{name} could not be downloaded: {done.stderr.strip()[-200:]}")
        with tarfile.open(archives[0]) as archive:
            archive.extractall(Path(temporary) / "unpacked", filter="data")
        (Path(temporary) / "unpacked").rename(target)
    return target


def sources(folder: Path, projects: Sequence[str] = PROJECTS) -> list[Path]:
    """The calendars of the projects, downloaded by the name of their package; skips where that fails."""
    return sorted(path for name in projects for path in fetched(folder, name).rglob("*.ics"))


def text_in(path: Path) -> str | None:
    """The text of a file as `import` reads it; None where it is not UTF-8, which `import` refuses."""
    try:
        return path.read_bytes().decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def reason(problem: Problem) -> str:
    """The reason alone, without what names the event."""
    text = problem.message
    if text.startswith("UID "):
        text = text.partition(": ")[2]
    return text[:60]


def imported(workspace: Workspace, found: list[Entry]) -> list[str]:
    with workspace.changing() as draft:
        return [outcome for outcome, _, _ in merge(draft, found, NOW, update=False, ledger=Ledger())]


def checked(path: Path, folder: Path, counts: Counts) -> None:
    """One file: nothing is lost silently, twice is once, and what goes out says what came in."""
    counts.files += 1
    text = text_in(path)
    try:
        items = [Problem(0, "not UTF-8")] if text is None else list(ics.load(text, READING))
    except UsageError as error:
        counts.refused[error.message.partition(": ")[2][:60]] += 1
        return
    entries = [item for item in items if isinstance(item, Entry)]
    problems = [item for item in items if isinstance(item, Problem)]
    if text is None:
        counts.refused["not UTF-8"] += 1
        return
    vevents = [component for component in components(text) if component.kind == "VEVENT"]
    counts.vevents += len(vevents)
    counts.events += len(entries)
    for problem in problems:
        (counts.rejected if problem.level == "error" else counts.doubted)[reason(problem)] += 1
    heard = len(entries) + sum(len(entry.event.overrides) for entry in entries)
    said = [problem for problem in problems if problem.text or problem.level != "warning"]
    assert heard + len(said) >= len(vevents), "a VEVENT is neither in the registry nor reported"
    registry = folder / "events.toml"
    registry.write_text(REGISTRY, encoding="utf-8")
    workspace = Workspace(registry)
    try:
        first = imported(workspace, entries)
        before = registry.read_bytes()
        second = imported(workspace, entries)
        assert registry.read_bytes() == before
        assert set(second) <= {"unchanged"}, [(first, second)]
        events = list(workspace.select(Query()))
    finally:
        workspace.close()
    assert len(events) == first.count("new")
    again = "".join(ics.dump(events, Writing(header=HEADER, lang="en")))
    same_to_icalendar(text, again, events)


def same_to_icalendar(text: str, again: str, events: list[Event]) -> None:
    """UID, start, end and summary of each event that was taken, as the library reads them in both files."""
    after = dict(facts(again, zoned=True))
    before: dict[tuple[str, str], list[Facts]] = {}
    for zoned in (True, False):  # a known zone is what IANA says, also where a file says otherwise
        for key, said in facts(text, zoned=zoned):
            before.setdefault(key, []).append(said)
    for key, said in after.items():
        assert key not in before or any(map(said.__eq__, before[key])), (key, before[key], said)
    wanted = {uid_of(event) for event in events if event.start is not None}
    assert wanted <= {uid for uid, _ in after}


def uid_of(event: Event) -> str:
    from ilocal.formats.ics.out import uid_of as uid

    return uid(event, HEADER)


Facts = tuple[object, object, object]


def facts(text: str, *, zoned: bool) -> Iterator[tuple[tuple[str, str], Facts]]:
    """(UID, occurrence) and start, end and summary of what icalendar itself can read."""
    import icalendar

    icalendar.timezone.tzp.use_default()  # it remembers the zones of the files before
    zones = [one.text for one in components(text) if one.kind == "VTIMEZONE" and one.complete]
    head = "\n".join(zones if zoned else [])
    for component in components(text):
        if component.kind != "VEVENT" or not component.complete:
            continue
        whole = f"BEGIN:VCALENDAR\r\n{head}\r\n{component.text}\r\nEND:VCALENDAR\r\n".replace("\r\n", "\n")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                calendar: Any = icalendar.Calendar.from_ical(whole.replace("\n", "\r\n"))
                (event,) = calendar.walk("VEVENT")
                at = event.get("RECURRENCE-ID")
                key = (str(event.get("UID", "")), str(moment(at.dt)) if at else "")
                start, end = event.start, event.end
                if start == end and not isinstance(start, datetime):
                    end += timedelta(days=1)
                yield key, (moment(start), moment(end), summary(event))
            except Exception:  # what the library cannot read proves nothing
                continue


def summary(event: Any) -> str:
    text = " ".join(str(event.get("SUMMARY", "")).split())
    return text.removeprefix("CANCELLED: ") or "(không có tên)"


def moment(point: Point) -> object:
    """A day, a floating time, or an instant, to compare."""
    if isinstance(point, datetime) and point.tzinfo is not None:
        return point.timestamp()
    return point if isinstance(point, datetime) else date(point.year, point.month, point.day)  # type: ignore[union-attr]


@pytest.mark.corpus
def test_the_calendars_of_other_projects(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    counts = Counts()
    for path in sources(Path(request.config.cache.mkdir("ilocal-corpus"))):
        try:
            checked(path, tmp_path, counts)
        except Exception as error:
            raise AssertionError(f"{path}: {type(error).__name__}: {error}") from error
    print(counts)
    assert counts.events > 300


if __name__ == "__main__":
    total, failed = Counts(), 0
    with tempfile.TemporaryDirectory() as place:
        for file in sorted(Path(sys.argv[1]).rglob("*.ics")):
            try:
                checked(file, Path(place), total)
            except Exception as error:
                failed += 1
                print(f"FAILED {file.name}: {type(error).__name__}: {str(error)[:300]}")
    print(total)
    sys.exit(failed > 0)
