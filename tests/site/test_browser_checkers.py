"""Sites in the hands of programs that others have made: checkers of HTML, readers of feeds and of calendars."""

from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path

import pytest

from tests.support.site import BASE_URL, list_files
from tests.support.web_checks import find_broken_links, find_html_faults, find_nu_faults

pytestmark = [pytest.mark.process, pytest.mark.long]
SITES = ["shipped_site", "two_languages_site", "made_site", "hostile_site"]


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> Path:
    """Each of the sites."""
    folder: Path = request.getfixturevalue(request.param)
    return folder


def test_html_validate_finds_nothing(site: Path, tmp_path: Path) -> None:
    assert find_html_faults(site, tmp_path / "report.json") == []


def test_the_nu_checker_finds_nothing(site: Path) -> None:
    assert find_nu_faults(site) == []


def test_no_link_is_broken(site: Path) -> None:
    assert find_broken_links(site, BASE_URL) == []


def test_feeds_are_read_by_feedparser(site: Path) -> None:
    feedparser = pytest.importorskip("feedparser", reason="feedparser is not installed")
    files = list_files(site)
    for name in [name for name in files if name.endswith("feed.xml")]:
        found = feedparser.parse((site / name).read_bytes())
        told = json.loads((site / name.replace(".xml", ".json")).read_text(encoding="utf-8"))
        assert (found.bozo, found.version) == (False, "atom10")
        assert told["version"] == "https://jsonfeed.org/version/1.1"
        assert [entry.link for entry in found.entries] == [item["url"] for item in told["items"]]
        assert {entry.link.removeprefix(BASE_URL) for entry in found.entries} <= set(files)


def test_calendars_are_read_by_icalendar(site: Path) -> None:
    """Every event with a day is in the calendar of its year, once, with the UID of its own calendar."""
    from icalendar import Calendar

    calendars = {
        name: Calendar.from_ical((site / name).read_bytes()) for name in list_files(site) if name.endswith(".ics")
    }
    uids = {name: {str(event["UID"]) for event in found.walk("VEVENT")} for name, found in calendars.items()}
    assert [name for name, found in calendars.items() if found.errors] == []
    own = {uid for name, found in uids.items() if "event/" in name for uid in found}
    years = [found for name, found in uids.items() if name.rpartition("/")[2].startswith("all-")]
    assert own == set().union(*years)
    assert all(len(found) == 1 for name, found in uids.items() if "event/" in name)
    assert all(found <= own for found in uids.values())


@pytest.mark.corpus
def test_series_are_expanded_alike_by_recurring_ical_events(two_languages_site: Path, tmp_path: Path) -> None:
    """In an environment of its own, for that library wants other versions."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    wanted = "recurring-ical-events>=3"
    if subprocess.run([python, "-m", "pip", "install", "-q", wanted], capture_output=True, check=False).returncode:
        pytest.skip(f"{wanted} cannot be installed")
    code = (
        "import sys, icalendar, recurring_ical_events as r\n"
        "found = r.of(icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())).between((2019, 1, 1), (2021, 1, 1))\n"
        "print(*sorted(f\"{e.start:%Y-%m-%d} {e['SUMMARY']}\" for e in found), sep='\\n')\n"
    )
    command = [python, "-c", code, str(two_languages_site / "all-2020.ics")]
    out = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.splitlines()
    lessons = [line for line in out if "Lớp tiếng Anh" in line]
    assert [line[:10] for line in lessons] == [
        "2020-01-07", "2020-01-14", "2020-01-21", "2020-01-28", "2020-02-04", "2020-02-11", "2020-02-18", "2020-02-25",
        "2020-03-03", "2020-03-10",
    ]  # fmt: skip
    assert lessons[1] == "2020-01-14 Lớp tiếng Anh: kiểm tra"


@pytest.mark.corpus
def test_events_are_read_by_mf2py(two_languages_site: Path, tmp_path: Path) -> None:
    """A reader of microformats finds an event on every page of one, with the properties of h-event."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    wanted = "mf2py>=2"
    if subprocess.run([python, "-m", "pip", "install", "-q", wanted], capture_output=True, check=False).returncode:
        pytest.skip(f"{wanted} cannot be installed")
    code = (
        "import sys, json, mf2py\n"
        "read = lambda path: mf2py.parse(doc=open(path, encoding='utf-8').read(), url='https://example.org/')['items']\n"
        "print(json.dumps([[(i['type'], i['properties']) for i in read(path)] for path in sys.argv[1:]]))\n"
    )
    pages = [
        two_languages_site / name for name in list_files(two_languages_site) if "event/" in name and "html" in name
    ]
    survey = two_languages_site / "event/2020-khao-sat.html"
    done = subprocess.run([python, "-c", code, str(survey), *map(str, pages)], capture_output=True, check=True)
    (first,), *others = json.loads(done.stdout)
    assert [len(found) for found in others] == [1] * len(pages)
    kind, told = first
    assert kind == ["h-event"]
    assert {name: value for name, value in told.items() if name not in ("content", "url")} == {
        "name": ["Khảo sát cuối kì về lao động trẻ em"],
        "start": ["2020-02-25"],
        "end": ["2020-02-29"],
        "location": ["Hà Nội"],
        "organizer": ["ILO", "Bộ LĐTBXH"],
        "category": ["ENHANCE", "lao động trẻ em", "thống kê"],
        "x-project": ["ENHANCE"],
        "attendee": ["Khoảng 30 người"],
    }
