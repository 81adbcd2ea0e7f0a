"""Series on the command line: listed each time or once, edited, removed and exported."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilocal.model.recurrence import MAX_OCCURRENCES
from tests.support.cli import Ilocal


def test_a_series_that_is_far_away_is_listed_and_exported(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text("")
    ilocal("add", "Đại hội", "2023-06-12", "--repeat", "yearly 3 times", "--id", "far")
    ilocal("add", "Hết", "2020-02-01", "--id", "over")
    registry.write_text(
        registry.read_text() + 'rrule = "FREQ=DAILY"\nexdates = [2020-02-01]\n'.replace("DAILY", "DAILY;COUNT=1")
    )
    assert ilocal("list", "-f", "csv", "--columns", "id,start").out == "id,start\nfar,2023-06-12\n"
    assert ilocal("upcoming", "-f", "ids").out == "far\n"
    assert ilocal("list", "--to", "9999-12-31", "-f", "ids").out == "far\n" * 3
    assert ilocal("list", "-f", "toml").out.count("[[event]]") == 2  # also the one whose only day is left out
    ilocal("export", "a.jsonl")
    assert len(Path("a.jsonl").read_text().splitlines()) == 2


def test_too_many_occurrences_are_said_and_the_others_still_list(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "hourly"\nstart = 2010-01-01T09:00:00\nrrule = "FREQ=HOURLY"\n'
        '[[event]]\nid = "b"\ntitle = "broken"\nstart = 2020-01-01\nrrule = "FREQ=DAILY;INTERVAL=0"\n'
        '[[event]]\nid = "c"\ntitle = "other"\nstart = 2020-01-01\n',
        encoding="utf-8",
    )
    result = ilocal("list", "-f", "ids")
    assert (result.code, result.out) == (0, "c\na\n")
    assert result.err == (
        'ilocal: warning: events.toml:10: rrule: "FREQ=DAILY;INTERVAL=0" is no rule of recurrence: '
        "INTERVAL goes from 1 to 9999\n"
        f"ilocal: warning: events.toml:1: rrule: more than {MAX_OCCURRENCES:,} occurrences up to 2021-02-20: shown once\n"
    )
    assert ilocal("list", "--on", "2020-02-20", "-f", "ids").out == "a\n" * 24


@pytest.fixture
def yearly(ilocal: Ilocal, registry: Path) -> Path:
    registry.write_text("")
    said = ("Hội nghị thường niên", "12 - 13 June 2018", "--repeat", "hằng năm", "--exdate", "2019-06-12")
    assert ilocal("add", *said).out == "2018-hoi-nghi-thuong-nien\n"
    return registry


def test_a_series_is_listed_each_time_up_to_a_year_ahead(ilocal: Ilocal, yearly: Path) -> None:
    assert "\n".join(yearly.read_text().splitlines()[1:7]) == (
        'id = "2018-hoi-nghi-thuong-nien"\ntitle = "Hội nghị thường niên"\nstart = 2018-06-12\nend = 2018-06-13\n'
        'rrule = "FREQ=YEARLY"\nexdates = [2019-06-12]'
    )
    assert ilocal("--lang", "en", "list").out == (
        "June 2020\n  1. 2020/06/12 - 2020/06/13  Hội nghị thường niên\n\n"
        "June 2018\n  1. 2018/06/12 - 2018/06/13  Hội nghị thường niên\n"
    )
    assert ilocal("upcoming", "-f", "jsonl", "--columns", "start,recurrence_id").out == (
        '{"start": "2020-06-12", "recurrence_id": "2020-06-12"}\n'
    )
    assert ilocal("list", "--year", "2025", "-f", "csv", "--columns", "when").out == "when\n2025/06/12 - 2025/06/13\n"
    assert ilocal("list", "--year", "2019", "-f", "ids").out == ""
    assert ilocal("search", "thuong nien", "-f", "ids").out == "2018-hoi-nghi-thuong-nien\n" * 2


def test_once_shows_the_series_alone(ilocal: Ilocal, yearly: Path) -> None:
    assert (
        ilocal("list", "--once", "-f", "csv", "--columns", "start,rrule").out == "start,rrule\n2018-06-12,FREQ=YEARLY\n"
    )
    assert ilocal("list", "--once", "--year", "2019", "-f", "ids").out == ""
    assert ilocal("list", "--year", "2025", "-f", "toml").out.splitlines()[3:6] == [
        "start = 2018-06-12", "end = 2018-06-13", 'rrule = "FREQ=YEARLY"',
    ]  # fmt: skip


def test_an_edit_excludes_a_day_or_ends_the_series(ilocal: Ilocal, yearly: Path) -> None:
    assert ilocal("edit", "2018-hoi", "--add-exdate", "2020-06-12").code == 0
    assert ilocal("upcoming", "-f", "csv", "--columns", "start").out == "start\n2021-06-12\n"
    assert ilocal("upcoming", "--days", "300", "-f", "ids").out == ""
    assert ilocal("edit", "2018-hoi", "--repeat", "yearly until 2020").code == 0
    assert ilocal("list", "--from", "2018", "-f", "csv", "--columns", "when").out == "when\n2018/06/12 - 2018/06/13\n"
    assert ilocal("edit", "2018-hoi", "--unset", "repeat", "--unset", "exdates").code == 0
    assert "rrule" not in yearly.read_text()


def test_filters_never_remove_a_series_by_one_of_its_days(ilocal: Ilocal, yearly: Path) -> None:
    before = yearly.read_bytes()
    result = ilocal("remove", "--year", "2020", "--yes")
    assert (result.code, result.out) == (2, "")
    assert "recurs, also outside of these days" in result.err
    assert yearly.read_bytes() == before


def test_a_page_shows_the_dates_of_a_series_and_its_texts_as_they_are(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-02-03T09:00:00\nrrule = "FREQ=WEEKLY;COUNT=4"\n'
        "rdates = [2020-02-05T08:30:00]\nexdates = [2020-02-10]\n"
        '[[event.override]]\nrecurrence_id = 2020-02-17T09:00:00\nstart = 2020-02-18T10:00:00\ntitle = "THỬ Tổng kết"\n'
        'topics = ["T", "b"]\n',
        encoding="utf-8",
    )
    assert [line for line in ilocal("--lang", "en", "show", "a").out.splitlines() if "2020/02" in line] == [
        "Date       2020/02/03 09:00",
        "Also on    2020/02/05 08:30",
        "Except on  2020/02/10",
        "Changed    2020/02/17 09:00: start 2020/02/18 10:00, title THỬ Tổng kết, topics T; b",
    ]
