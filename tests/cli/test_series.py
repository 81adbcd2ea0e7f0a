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
    assert ilocal("list", "-f", "csv", "--columns", "id,start").out == "id,start\nfar,2023-06-12\nover,2020-02-01\n"
    assert ilocal("upcoming", "-f", "ids").out == "far\n"
    assert ilocal("list", "--to", "9999-12-31", "-f", "ids").out == "far\nover\n"
    assert ilocal("list", "--to", "9999-12-31", "-f", "ids", "--occurrences").out == "far\n" * 3
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
    broken = (
        'ilocal: warning: events.toml:10: rrule: "FREQ=DAILY;INTERVAL=0" is not a recurrence rule: '
        "INTERVAL must be from 1 to 9999\n"
    )
    assert result == (0, "a\nc\n", broken)  # the next hour is found without all those before it
    result = ilocal("list", "-f", "ids", "--occurrences")
    assert (result.code, result.out) == (0, "c\na\n")
    assert result.err == (
        broken
        + f"ilocal: warning: events.toml:1: rrule: more than {MAX_OCCURRENCES:,} occurrences up to 2021-02-20; the series is shown once\n"
    )
    assert ilocal("list", "--on", "2020-02-20", "-f", "ids", "--occurrences").out == "a\n" * 24


@pytest.fixture
def yearly(ilocal: Ilocal, registry: Path) -> Path:
    registry.write_text("")
    said = ("Hội nghị thường niên", "12 - 13 June 2018", "--repeat", "hằng năm", "--exdate", "2019-06-12")
    assert ilocal("add", *said).out == "2018-hoi-nghi-thuong-nien\n"
    return registry


def test_a_series_is_one_row_at_its_first_time_in_the_days_asked_for_else_the_next_else_the_last(
    ilocal: Ilocal, yearly: Path
) -> None:
    assert "\n".join(yearly.read_text().splitlines()[1:7]) == (
        'id = "2018-hoi-nghi-thuong-nien"\ntitle = "Hội nghị thường niên"\nstart = 2018-06-12\nend = 2018-06-13\n'
        'rrule = "FREQ=YEARLY"\nexdates = [2019-06-12]'
    )
    english = ("--lang", "en")
    row = "  1. {0}/06/12 - {0}/06/13  Hội nghị thường niên  [every year]\n"
    assert ilocal(*english, "list").out == "June 2020\n" + row.format(2020)
    assert ilocal(*english, "search", "thuong nien").out == "June 2020\n" + row.format(2020)
    assert ilocal(*english, "list", "--year", "2025").out == "June 2025\n" + row.format(2025)
    assert ilocal(*english, "list", "--to", "2020-02-20").out == "June 2018\n" + row.format(2018)
    assert ilocal("list", "--year", "2019").out == ""
    ilocal("edit", "2018-hoi", "--repeat", "yearly until 2018")
    assert ilocal("--lang", "vi", "list").out == (
        "Tháng Sáu 2018\n  1. 2018/06/12 - 2018/06/13  Hội nghị thường niên  [hằng năm đến 2018/12/31]\n"
    )
    assert ilocal("list", "--once") == ilocal("list")


def test_occurrences_are_shown_by_an_option_or_in_tables_by_the_config(ilocal: Ilocal, yearly: Path) -> None:
    each = (
        "June 2020\n  1. 2020/06/12 - 2020/06/13  Hội nghị thường niên\n\n"
        "June 2018\n  1. 2018/06/12 - 2018/06/13  Hội nghị thường niên\n"
    )
    assert ilocal("--lang", "en", "list", "--occurrences").out == each
    assert ilocal("search", "thuong nien", "-f", "ids", "--occurrences").out == "2018-hoi-nghi-thuong-nien\n" * 2
    assert ilocal("list", "--occurrences", "-f", "ics") == (
        2, "", "ilocal: --occurrences cannot be used with this format, which writes each series as one event\n"
        "hint: remove --occurrences, or use -f json or -f csv\n",
    )  # fmt: skip
    assert ilocal("config", "occurrences", "true").code == 0
    assert ilocal("--lang", "en", "list").out == each
    assert ilocal("list", "-f", "ids").out == "2018-hoi-nghi-thuong-nien\n"
    assert ilocal("stats", "--by", "year").out.count("1") > 1
    assert ilocal("config", "occurrences", "maybe") == (
        2, "", 'ilocal: occurrences: "maybe" is not a valid value\nhint: use one of true, false\n'
    )  # fmt: skip


def test_upcoming_has_the_next_time_and_how_many_follow(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "Weekly"\nstart = 2020-01-06T08:30:00\nrrule = "FREQ=WEEKLY;BYDAY=MO"\n'
        '[[event]]\nid = "b"\ntitle = "Monthly"\nstart = 2020-01-02\nrrule = "FREQ=MONTHLY;BYDAY=1TH;COUNT=4"\n'
        '[[event.override]]\nrecurrence_id = 2020-03-05\nlocation = "Huế"\n',
        encoding="utf-8",
    )
    assert ilocal("--lang", "en", "upcoming").out == (
        "February 2020\n  1. 2020/02/24 08:30         Weekly  [every week on Monday; 51 more within a year]\n\n"
        "March 2020\n  1. 2020/03/05               Monthly  [the first Thursday of every month, 4 times; 1 more]\n"
    )
    assert ilocal("--lang", "vi", "upcoming", "--days", "16").out == (
        "Tháng Hai 2020\n  1. 2020/02/24 08:30         Weekly  [hằng tuần vào thứ Hai; còn 1 lần nữa]\n\n"
        "Tháng Ba 2020\n  1. 2020/03/05               Monthly  [thứ Năm đầu tiên hằng tháng, 4 lần]\n"
    )
    assert ilocal("upcoming", "-f", "jsonl", "--columns", "start,recurrence_id,location").out == (
        '{"start": "2020-02-24T08:30", "recurrence_id": "2020-02-24T08:30"}\n'
        '{"start": "2020-03-05", "recurrence_id": "2020-03-05", "location": "Huế"}\n'
    )


def test_a_row_of_a_spreadsheet_edits_the_series_and_one_with_recurrence_id_one_occurrence(
    ilocal: Ilocal, yearly: Path
) -> None:
    sheet = ilocal("list", "--year", "2025", "-f", "csv", "--columns", "id,title,start,rrule").out
    assert sheet == "id,title,start,rrule\n2018-hoi-nghi-thuong-nien,Hội nghị thường niên,2018-06-12,FREQ=YEARLY\n"
    Path("all.csv").write_text(sheet.replace("thường niên", "lớn"), encoding="utf-8")
    assert ilocal("import", "all.csv", "--update").code == 0
    assert ilocal("list", "--year", "2025", "-f", "jsonl", "--columns", "title,start").out == (
        '{"title": "Hội nghị lớn", "start": "2018-06-12"}\n'
    )
    one = ilocal("list", "--year", "2025", "--occurrences", "-f", "csv", "--columns", "id,title,recurrence_id").out
    assert one == "id,title,recurrence_id\n2018-hoi-nghi-thuong-nien,Hội nghị lớn,2025-06-12\n"
    Path("one.csv").write_text(one.replace("lớn", "nhỏ"), encoding="utf-8")
    assert ilocal("import", "one.csv", "--update").code == 0
    assert ilocal("list", "--from", "2025", "--to", "2026", "--occurrences", "-f", "ids").out.count("\n") == 2
    assert (
        ilocal("list", "--year", "2025", "--year", "2026", "--reverse", "--occurrences").out.count("Hội nghị nhỏ") == 1
    )


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
    assert "is a series with occurrences outside these dates" in result.err
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


# ------------------------------------------------------------------------------------------------- a start off its rule


def test_a_series_begins_on_a_date_of_its_rule(ilocal: Ilocal, tmp_path: Path) -> None:
    """RFC 5545, 3.8.5.3: what a rule means for another start is undefined."""
    registry = tmp_path / "events.toml"
    ilocal("init", "events.toml")
    assert ilocal("add", "Team talk", "2027-03-01", "--repeat", "every tuesday") == (
        2, "",
        'ilocal: 2027-03-01 (Monday) is not a date of the rule "every week on Tuesday"; '
        "the next one is 2027-03-02 (Tuesday)\n"
        "hint: ilocal add 'Team talk' 2027-03-02 --repeat 'every tuesday'\n",
    )  # fmt: skip
    assert ilocal("--lang", "vi", "add", "Họp", "2027-03-01", "--repeat", "thứ Ba hằng tuần").err == (
        'ilocal: 2027-03-01 (thứ Hai) không thuộc quy tắc "hằng tuần vào thứ Ba"; ngày gần nhất là 2027-03-02 (thứ Ba)\n'
        "gợi ý: ilocal add 'Họp' 2027-03-02 --repeat 'thứ Ba hằng tuần'\n"
    )
    assert ilocal("add", "Team talk", "2027-03-02", "--repeat", "every tuesday").out == "2027-team-talk\n"
    before = registry.read_bytes()
    assert ilocal("edit", "team", "--repeat", "first monday of the month").err == (
        'ilocal: 2027-03-02 (Tuesday) is not a date of the rule "the first Monday of every month"; '
        "the next one is 2027-04-05 (Monday)\n"
        "hint: ilocal edit 2027-team-talk --start 2027-04-05 --repeat 'first monday of the month'\n"
    )
    for command in (("edit", "team", "--start", "2027-03-03"), ("copy", "team", "2027-03-03")):
        assert ilocal(*command) == (
            2, "",
            'ilocal: 2027-03-03 (Wednesday) is not a date of the rule "every week on Tuesday"; '
            "the next one is 2027-03-09 (Tuesday)\n"
            "hint: give the rule from then on, too: --repeat RULE\n",
        )  # fmt: skip
    assert registry.read_bytes() == before
    assert ilocal("edit", "team", "--start", "2027-03-03", "--repeat", "every wednesday").code == 0


def test_a_series_of_another_calendar_that_begins_off_its_rule_is_kept_and_can_be_edited(
    ilocal: Ilocal, tmp_path: Path
) -> None:
    (tmp_path / "a.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nSUMMARY:S\nDTSTART;VALUE=DATE:20270301\nRRULE:FREQ=WEEKLY;BYDAY=TU\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    ilocal("init", "events.toml")
    assert ilocal("import", "a.ics").out == "new 2027-s\n"
    for name in ("a.xlsx", "a.csv"):
        ilocal("export", name)
        assert ilocal("import", "--update", name).err == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
    assert ilocal("edit", "2027-s", "--start", "2027-03-03").code == 0


def test_people_write_rules_in_words_into_a_sheet_and_read_them_there(ilocal: Ilocal, tmp_path: Path) -> None:
    ilocal("init", "events.toml")
    (tmp_path / "a.csv").write_text(
        "Sự kiện;Bắt đầu;Lặp lại\nA;5/3/2027;hằng tháng\nB;2/3/2027;every tuesday\nC;1/3/2027;thứ Ba hằng tuần\n"
        'D;2/3/2027;often\nE;1/3/2027;"FREQ=WEEKLY;BYDAY=TU"\n', encoding="utf-8",
    )  # fmt: skip
    result = ilocal("import", "a.csv")
    assert (result.out, result.err) == (
        "new 2027-a\nnew 2027-b\nnew 2027-e\n",
        'a.csv:4: rrule: skipped: 2027-03-01 (Monday) is not a date of the rule "every week on Tuesday"; '
        "the next one is 2027-03-02 (Tuesday)\n"
        'a.csv:5: rrule: skipped: cannot read "often" as a recurrence rule\n'
        "3 new, 0 updated, 0 unchanged, 2 rejected\n",
    )
    ilocal("--lang", "vi", "list", "--excel", "--sort", "title", "-o", "b.csv")
    rows = (tmp_path / "b.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [";".join(row.split(";")[:4]) for row in rows[:3]] == [
        "Sự kiện;Bắt đầu;Kết thúc;Lặp lại",
        "A;2027-03-05;;hằng tháng",
        "B;2027-03-02;;hằng tuần vào thứ Ba",
    ]
    assert rows[3].startswith('E;2027-03-01;;"FREQ=WEEKLY;BYDAY=TU"')  # words would not be read back for its start
    (tmp_path / "b.csv").write_text("\n".join(rows).replace("hằng tháng", "hằng quý"), encoding="utf-8")
    assert ilocal("import", "--update", "b.csv").out == "updated 2027-a\n"
    assert ilocal("list", "-f", "csv", "--columns", "rrule", "--sort", "title").out == (
        "rrule\nFREQ=MONTHLY;INTERVAL=3\nFREQ=WEEKLY;BYDAY=TU\nFREQ=WEEKLY;BYDAY=TU\n"
    )
