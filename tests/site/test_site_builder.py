"""A site as files: what is on its pages, and what a further build writes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.site import list_files, read_tree, strip_tags

MONTHS = ["Tháng Hai 2020", "Tháng Một 2020", "Tháng Mười Hai 2019", "Tháng Mười Một 2019", "Tháng Mười 2019",
          "Tháng Chín 2019", "Tháng Tám 2019"]  # fmt: skip


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Return the shipped registry as events.toml in the current folder."""
    path = tmp_path / "events.toml"
    shutil.copy(SHIPPED_REGISTRY, path)
    return path


def test_the_home_page_has_the_months_numbers_titles_and_dates_of_the_list(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("site", "build", "out").code == 0
    page = Path("out/index.html").read_text(encoding="utf-8")
    assert re.findall(r'<h2 id="m[^>]*>([^<]*)</h2>', page) == MONTHS
    lines = strip_tags(page)
    listed = ilocal("--lang", "vi", "list", "--from", "2019").out
    for title, when in re.findall(r"^ *\d+\. (.*?)  +(\d{4}/\S+(?: - \S+)?)", listed, re.MULTILINE):
        assert title in lines
        assert any(line.startswith(when) for line in lines)


def list_home_titles(ilocal: Ilocal, events: list[tuple[str, str, str]]) -> list[str]:
    """Build the site of events (title, lines of dates, day of the last change), and return the titles on its home page."""
    Path("events.toml").write_text(
        '[registry]\nlanguage = "en"\n'
        + "".join(
            f'[[event]]\nid = "e{n}"\ntitle = "{title}"\n{dates}\ncreated = {stamp}T08:00:00+07:00\n'
            for n, (title, dates, stamp) in enumerate(events)
        ),
        encoding="utf-8",
    )
    assert ilocal("site", "build", "out").code == 0
    lines = strip_tags(Path("out/index.html").read_text(encoding="utf-8"))
    return [line for line in lines if re.fullmatch(r"T\d+[a-z]*", line)]


def test_the_home_page_has_what_is_near_however_far_ahead_other_events_are_planned(ilocal: Ilocal) -> None:
    plans = [("T2028", "start = 2028-06-01"), ("T2027", 'start = 2027-01-04T09:00:00\nrrule = "FREQ=YEARLY;COUNT=2"'),
             ("T2026near", "start = 2026-12-05"), ("T2026running", "start = 2026-11-20\nend = 2026-12-10"),
             ("T2025", "start = 2025-12-30")]  # fmt: skip
    titles = list_home_titles(ilocal, [(title, dates, "2026-11-28") for title, dates in plans])
    assert set(titles) == {"T2028", "T2027", "T2026near", "T2026running"}


def test_what_is_far_ahead_leaves_the_home_page_first_where_there_is_too_much(ilocal: Ilocal) -> None:
    plans = [
        *[("T2028", "start = 2028-06-01")] * 300,
        *[("T2027", "start = 2027-06-01")] * 300,
        ("T2026", "start = 2026-12-05"),
    ]
    titles = list_home_titles(ilocal, [(title, dates, "2026-11-28") for title, dates in plans])
    assert (titles.count("T2026"), titles.count("T2027"), titles.count("T2028")) == (1, 300, 0)


def test_a_second_build_writes_nothing_and_an_edit_only_what_shows_the_event(ilocal: Ilocal, registry: Path) -> None:
    ilocal("site", "build", "out", "--base-url", "https://example.org/sk")
    before = read_tree(Path("out"))
    assert ilocal("site", "build", "out", "--base-url", "https://example.org/sk", "-f", "json").out == (
        '{\n  "written": [],\n  "removed": [],\n  "unchanged": ' + str(len(before) - 1) + "\n}\n"
    )
    assert ilocal("edit", "2020-hop", "--location", "Huế").code == 0
    ilocal("site", "build", "out", "--base-url", "https://example.org/sk")
    after = read_tree(Path("out"))
    changed = {name for name in before | after if before.get(name) != after.get(name)} - {".ilocal-site"}
    id = "2020-hop-khoi-dong-nhom-co-van-csr-thuc-day-thuc-hien-csr"
    assert f"event/{id}.html" in changed
    assert not [name for name in changed if name.startswith("event/") and id not in name]
    assert not [name for name in changed if name.startswith(("2018", "2019", "static/"))]
    assert {"location/hue.html", "location/hue.ics", "index.html", "2020.html"} <= changed


def test_files_of_others_are_kept_and_a_folder_of_others_is_refused(ilocal: Ilocal, registry: Path) -> None:
    ilocal("site", "build", "out")
    Path("out/CNAME").write_text("example.org")
    Path("out/gone.html").write_text("a page of somebody else")
    assert ilocal("site", "build", "out", "--clean").code == 0
    assert Path("out/CNAME").read_text() == "example.org"
    Path("other").mkdir()
    Path("other/notes.txt").write_text("mine")
    refused = ilocal("site", "build", "other")
    assert (refused.code, list_files(Path("other"))) == (5, ["notes.txt"])
    assert refused.err.startswith(
        "ilocal: other: contains files that ilocal did not write; nothing was changed\nhint: "
    )


def test_a_page_that_is_no_longer_needed_is_removed(ilocal: Ilocal, registry: Path) -> None:
    ilocal("site", "build", "out")
    assert Path("out/location/can-tho.html").exists()
    ilocal("edit", "2020-hoi-thao-ky-thuat", "--location", "Huế")
    ilocal("site", "build", "out")
    assert not Path("out/location/can-tho.html").exists()
    assert not Path("out/location/can-tho.ics").exists()


def test_check_names_broken_links_and_what_calendars_and_search_engines_miss(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(
        '[registry]\ntitle = "A"\nlanguage = "vi"\n\n'
        '[[event]]\nid = "a"\ntitle = "Một"\nstart = 2020-02-25\nlocation = "Huế"\ncreated = 2020-01-01\n\n'
        '[[event]]\nid = "b"\ntitle = "Hai"\nstart = "2020-03"\ndescription = "[ở đây](https://example.org/)"\n',
        encoding="utf-8",
    )
    said = ilocal("site", "build", "out", "--check")
    assert said.code == 0
    assert said.out == (
        "events.toml:12: not in any calendar, because the event has no exact day (b)\n"
        "events.toml:12: not listed by search engines, because the event has no exact day or no place (b)\n"
    )
    assert said.err.endswith(
        "1 event is not in any feed: the registry does not record when it was added\nno broken links\n"
    )
    Path("out/location/hue.html").unlink()
    Path("out/location/hue.html").mkdir()
    Path("out/event/a.html").write_text('<a href="../nowhere.html">a</a>')
    assert ilocal("site", "build", "out", "--check").code != 0
