"""CSV as people have it: from spreadsheets and calendars, edited and given back, in any encoding."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import tarfile
import unicodedata
from contextlib import suppress
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import formats
from ilocal.block import render
from ilocal.dates import Days, Point
from ilocal.errors import Problem, UsageError
from ilocal.event import Event
from ilocal.formats import Entry, Reading, Writing
from ilocal.query import Query
from ilocal.text import safe
from ilocal.workspace import Workspace
from tests.conftest import Ilocal
from tests.support import strategies

OUTSIDE = dict(os.environ)  # in which npm knows where packages are
HEAD = '[registry]\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\n\n'
SERIES = (
    HEAD + '[[event]]\nid = "hop-tuan"\ntitle = "Họp tuần"\nstart = 2020-03-02T09:00:00\nend = 2020-03-02T10:00:00\n'
    'rrule = "FREQ=WEEKLY;COUNT=4"\ntopics = ["CSR"]\n'
)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def sheet(rows: list[dict[str, str]]) -> str:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def stored(ilocal: Ilocal) -> list[dict[str, object]]:
    return [json.loads(line) for line in ilocal("list", "--once", "-f", "jsonl").out.splitlines()]


# ---------------------------------------------------------------------------------------------------- the round trip


@given(
    st.one_of(
        strategies.registry_texts(least=1),
        st.lists(strategies.series().map(render), min_size=1, max_size=2).map("\n".join),
    ),
    st.sampled_from([(), ("--excel",), ("--columns", "when,id,title,topics"), ("--columns", "id,start,title,extra")]),
)
def test_a_list_that_nobody_edited_changes_no_byte(
    ilocal: Ilocal, tmp_path: Path, text: str, how: tuple[str, ...]
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_bytes(text.encode())
    count = ilocal("list", "-f", "csv", *how, "-o", "a.csv").err
    assert "warning" not in count
    result = ilocal("import", "--update", "a.csv")
    n = len(ilocal("list", "-f", "ids").out.splitlines())
    assert (result.code, result.out, result.err) == (0, "", f"0 new, 0 updated, {n} unchanged, 0 rejected\n")
    assert registry.read_bytes() == text.encode()


def test_an_edited_sheet_is_shown_and_then_applied(ilocal: Ilocal, registry: Path) -> None:
    before = registry.read_text(encoding="utf-8")
    rows = rows_of(ilocal("list", "-f", "csv").out)
    by_id = {row["id"]: row for row in rows}
    by_id["2020-hop"] |= {"title": "=Họp", "topics": "CSR; gỗ", "location": "", "start": "21/02/2020"}
    by_id["2020-khao-sat"] |= {"description": "Phòng ngừa LĐTE.\nHai dòng."}
    for row in rows:
        row["action"] = "remove" if row["id"] == "tba-hoi-nghi" else ""
    Path("a.csv").write_text(sheet(rows), encoding="utf-8")
    shown = ilocal("import", "--update", "a.csv", "--dry-run")
    assert shown.code == 0
    assert sorted(shown.out.splitlines()) == ["removed tba-hoi-nghi", "updated 2020-hop", "updated 2020-khao-sat"]
    assert shown.err == (
        "2020-khao-sat: Khảo sát cuối kì về lao động trẻ em\n"
        "  description:\n"
        "  + Hai dòng.\n"
        '2020-hop: Họp "Nhóm cố vấn CSR"\n'
        '  title: Họp "Nhóm cố vấn CSR" → =Họp\n'
        "  start: 2020-02-20 → 2020-02-21\n"
        "  location: Hà Nội → –\n"
        "  topics:\n"
        "  - thủy sản\n"
        "  + gỗ\n"
        "- tba-hoi-nghi: Hội nghị Thanh tra\n"
        "would be: 0 new, 2 updated, 1 removed, 1 unchanged, 0 rejected\n"
    )
    assert registry.read_text(encoding="utf-8") == before
    done = ilocal("import", "--update", "a.csv")
    assert done.err == "0 new, 2 updated, 1 removed, 1 unchanged, 0 rejected\n"
    found = {str(event["id"]): event for event in stored(ilocal)}
    assert list(found) == ["2020-khao-sat", "2020-hop", "2019-dien-dan"]
    assert (found["2020-hop"]["title"], found["2020-hop"]["topics"], found["2020-hop"].get("location")) == (
        "=Họp", ["CSR", "gỗ"], None,
    )  # fmt: skip
    assert "room = 12  # a key of our own" in registry.read_text(encoding="utf-8")
    twice = ilocal("import", "--update", "a.csv")
    assert twice.err == (
        'a.csv:6: id: there is no event "tba-hoi-nghi" to remove; perhaps it was removed before\n'
        "0 new, 0 updated, 4 unchanged, 0 rejected\n"
    )


def test_the_source_may_be_edited_too(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text('id,title,source\n2020-hop,"Họp ""Nhóm cố vấn CSR""",\n', encoding="utf-8")
    assert ilocal("import", "--update", "--source", "x", "a.csv").err == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
    Path("a.csv").write_text('id,title,source\n2020-hop,"Họp ""Nhóm cố vấn CSR""",thư\n', encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").out == "updated 2020-hop\n"
    assert next(event for event in stored(ilocal) if event["id"] == "2020-hop")["source"] == "thư"


def test_a_list_goes_through_a_pipe(process: Ilocal, registry: Path) -> None:
    text = process("list", "-f", "csv").out
    before = registry.read_bytes()
    assert process("import", "--update", "-", input=text) == (0, "", "0 new, 0 updated, 4 unchanged, 0 rejected\n")
    result = process("import", "--update", "--dry-run", "-", input=text.replace("Hà Nội", "Huế"))
    assert (result.code, result.out) == (0, "updated 2020-hop\n")
    assert "  location: Hà Nội → Huế\n" in result.err
    assert registry.read_bytes() == before


def test_a_diff_is_red_and_green_where_colours_are_wanted(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("id,title,location\n2020-hop,Họp \x1b[31m,Huế\n", encoding="utf-8")
    shown = ilocal("--color", "always", "import", "--update", "a.csv", "--dry-run").err
    assert "  location: \x1b[31mHà Nội\x1b[0m → \x1b[32mHuế\x1b[0m\n" in shown
    assert "\\x1b[31m" in shown


def test_a_removal_names_an_event_that_is_there(ilocal: Ilocal, registry: Path) -> None:
    before = registry.read_bytes()
    Path("a.csv").write_text(
        "id,title,action\nnone,A,remove\n,B,Remove\n2020-hop,C,delete\n2020-hop,,remove\n", encoding="utf-8"
    )
    result = ilocal("import", "a.csv", "--rejects", "r.txt")
    assert (result.code, result.out) == (0, "")
    assert result.err == (
        "a.csv:3: id: not read: what is to be removed is named by its id\n"
        'a.csv:4: action: not read: "delete" is no action; it is remove, or nothing\n'
        'a.csv:2: id: there is no event "none" to remove; perhaps it was removed before\n'
        "2020-hop: differs in action; --update takes the file's\n"
        "0 new, 0 updated, 1 unchanged, 1 differs, 2 rejected\n"
    )
    assert Path("r.txt").read_text(encoding="utf-8").count("# a.csv:") == 2
    assert registry.read_bytes() == before
    assert ilocal("import", "--update", "a.csv").out == "removed 2020-hop\n"
    assert "2020-hop" not in ilocal("list", "-f", "ids").out


def test_a_file_all_of_whose_rows_are_rejected_is_an_error(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("id,location\nnone,Huế\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv") == (
        2,
        "",
        'a.csv:2: id: not read: there is no event "none", and a new one needs a title\n'
        "ilocal: nothing could be read; the registry is as it was\n",
    )


def test_a_table_of_ids_needs_no_other_column_than_what_it_changes(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("id,end,status\n 2020-hop ,2020-02-21,cancelled\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").out == "updated 2020-hop\n"
    (event,) = (one for one in stored(ilocal) if one["id"] == "2020-hop")
    assert (event["start"], event["end"], event["status"]) == ("2020-02-20", "2020-02-21", "cancelled")
    assert event["title"] == 'Họp "Nhóm cố vấn CSR"'
    Path("a.csv").write_text("id,title,end\nnew,A,2020-02-21\n", encoding="utf-8")
    assert ilocal("import", "a.csv").code == 2


def test_what_is_read_is_never_written_over(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("title\nA\n", encoding="utf-8")
    assert ilocal("import", "a.csv", "--rejects", "a.csv").code == 2
    assert Path("a.csv").read_text(encoding="utf-8") == "title\nA\n"


def test_columns_that_are_not_there_say_nothing(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("id,title,start\n2020-khao-sat,Khảo sát,2020-02-25\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").out == "updated 2020-khao-sat\n"
    (event,) = [event for event in stored(ilocal) if event["id"] == "2020-khao-sat"]
    assert (event["title"], event["end"], event["topics"]) == ("Khảo sát", "2020-02-29", ["lao động trẻ em"])
    Path("a.csv").write_text("id,title,start\n2020-khao-sat,Khảo sát,2020-03-25\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").err.startswith(
        "a.csv:2: end: not read: the end (2020-02-29) is before the start (2020-03-25)\n"
    )


@pytest.mark.parametrize(
    "save",
    [
        lambda text: "\ufeff" + text.replace(",", ";").replace("\n", "\r\n"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.encode("utf-16"),
    ],
)
def test_a_spreadsheet_may_save_it_in_its_own_way(ilocal: Ilocal, tmp_path: Path, save: object) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "=1+1 họp"\n\n[[event]]\nid = "b"\ntitle = "\'=x"\n', encoding="utf-8"
    )
    before = registry.read_bytes()
    text = ilocal("list", "-f", "csv", "--columns", "id,title,topics").out
    assert "'=1+1 họp" in text
    saved = save(text)  # type: ignore[operator]
    Path("a.csv").write_bytes(saved if isinstance(saved, bytes) else saved.encode())
    assert ilocal("import", "--update", "a.csv").err == "0 new, 0 updated, 2 unchanged, 0 rejected\n"
    assert registry.read_bytes() == before


# --------------------------------------------------------------------------------------------------------- of a series


def occurrence_rows(registry: Path) -> list[dict[str, str]]:
    workspace = Workspace(registry)
    try:
        march = Query(window=Days(date(2020, 3, 1), date(2020, 3, 31)))
        return rows_of("".join(formats.named("csv").dump(workspace.select(march), Writing())))
    finally:
        workspace.close()


def test_an_occurrence_edited_in_a_sheet_is_otherwise_from_then_on(ilocal: Ilocal, tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(SERIES, encoding="utf-8")
    rows = sorted(occurrence_rows(registry), key=lambda row: row["start"])
    assert [row["recurrence_id"] for row in rows] == [f"2020-03-{day}T09:00" for day in ("02", "09", "16", "23")]
    Path("a.csv").write_text(sheet(rows), encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").err == "0 new, 0 updated, 4 unchanged, 0 rejected\n"
    assert registry.read_text(encoding="utf-8") == SERIES
    rows[1] |= {"location": "Huế", "topics": ""}
    rows[2] |= {"action": "remove"}
    rows[3] |= {"start": "2020-03-24 14:00", "end": "2020-03-24 16:00"}
    for row in rows:
        row.setdefault("action", "")
    Path("a.csv").write_text(sheet(rows), encoding="utf-8")
    shown = ilocal("import", "--update", "a.csv", "--dry-run")
    assert shown.err == (
        "hop-tuan (2020-03-09T09:00): Họp tuần\n  location: – → Huế\n  topics:\n  - CSR\n"
        "hop-tuan: Họp tuần\n  exdates:\n  + 2020-03-16T09:00\n"
        "hop-tuan (2020-03-23T09:00): Họp tuần\n"
        "  start: 2020-03-23T09:00 → 2020-03-24T14:00\n  end: 2020-03-23T10:00 → 2020-03-24T16:00\n"
        "would be: 0 new, 3 updated, 1 unchanged, 0 rejected\n"
    )
    assert ilocal("import", "--update", "a.csv").code == 0
    (series,) = stored(ilocal)
    assert (series["exdates"], series["revision"]) == (["2020-03-16T09:00"], 1)
    assert series["overrides"] == [
        {"recurrence_id": "2020-03-09T09:00", "location": "Huế", "topics": []},
        {"recurrence_id": "2020-03-23T09:00", "start": "2020-03-24T14:00", "end": "2020-03-24T16:00"},
    ]
    again = sorted(occurrence_rows(registry), key=lambda row: row["start"])
    Path("a.csv").write_text(sheet(again), encoding="utf-8")
    before = registry.read_bytes()
    assert ilocal("import", "--update", "a.csv").err == "0 new, 0 updated, 3 unchanged, 0 rejected\n"
    assert registry.read_bytes() == before
    again[1] |= {"location": "", "topics": "CSR"}  # as the series has it
    Path("a.csv").write_text(sheet(again), encoding="utf-8")
    ilocal("import", "--update", "a.csv")
    assert "2020-03-09" not in registry.read_text(encoding="utf-8")


def test_occurrences_come_back_as_json_too(ilocal: Ilocal, tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(SERIES, encoding="utf-8")
    objects = [{"id": "hop-tuan", "title": "Họp tuần", "topics": ["CSR"], "recurrence_id": "2020-03-09T09:00",
                "start": "2020-03-09T09:00", "end": "2020-03-09T10:00"}]  # fmt: skip
    Path("a.json").write_text(json.dumps(objects), encoding="utf-8")
    assert ilocal("import", "--update", "a.json").err == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
    objects[0]["location"] = "Huế"
    Path("a.json").write_text(json.dumps(objects), encoding="utf-8")
    assert ilocal("import", "--update", "a.json").out == "updated hop-tuan\n"
    (series,) = stored(ilocal)
    assert series["overrides"] == [{"recurrence_id": "2020-03-09T09:00", "location": "Huế"}]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("none,A,2020-03-02 09:00,,", 'id: not read: there is no series "none"'),
        ("hop-tuan,A,2020-03-03 09:00,,", "recurrence_id: not read: hop-tuan has no occurrence 2020-03-03T09:00"),
        ("hop-tuan,A,2020-03-03,,remove", "recurrence_id: not read: hop-tuan has no occurrence 2020-03-03"),
        ("hop-tuan,Họp tuần,2020-03-02 09:00,u@x,", "uid: not read: an occurrence has that of its series"),
    ],
)
def test_what_is_no_occurrence_is_rejected(ilocal: Ilocal, tmp_path: Path, row: str, reason: str) -> None:
    (tmp_path / "events.toml").write_text(SERIES, encoding="utf-8")
    Path("a.csv").write_text(f"id,title,recurrence_id,uid,action\n{row}\n", encoding="utf-8")
    result = ilocal("import", "--update", "a.csv")
    assert (result.code, result.err.splitlines()[0]) == (2, f"a.csv:2: {reason}")
    assert (tmp_path / "events.toml").read_text(encoding="utf-8") == SERIES


# --------------------------------------------------------------------------------------------- headers of other programs

GOOGLE = (
    "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location,Private\n"
    'Họp,02/25/2020,10:00 AM,02/25/2020,1:30 PM,False,"một, hai",Hà Nội,False\n'
    "Hội thảo,03/04/2020,,03/05/2020,,True,,,True\n"
    "Khảo sát,2020-04-01,22:00,,,,,,\n"
)
OUTLOOK = (
    '"Subject","Start Date","Start Time","End Date","End Time","All day event","Reminder on/off","Meeting Organizer",'
    '"Required Attendees","Categories","Description","Location","Priority","Private","Sensitivity","Show time as"\n'
    '"Họp","25/2/2020","10:00:00 SA","25/2/2020","1:00:00 CH","False","True","ILO","An;Bình","CSR;gỗ","","Huế","Normal","False","Normal","2"\n'
    '"Hội thảo","4/3/2020","12:00:00 AM","6/3/2020","12:00:00 AM","True","False","","","","","","Normal","False","Normal","3"\n'
)


def test_a_table_of_google_calendar(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(HEAD, encoding="utf-8")
    Path("g.csv").write_text(GOOGLE, encoding="utf-8")
    result = ilocal("import", "g.csv")
    assert result.err == (
        'g.csv:2: dates are read month first, as "02/25/2020" must be\n'
        "g.csv:3: it is marked private there, and a registry is public\n"
        "3 new, 0 updated, 0 unchanged, 0 rejected\n"
    )
    plain = [{key: event[key] for key in event if key not in ("created", "source_line")} for event in stored(ilocal)]
    assert sorted(plain, key=lambda event: str(event["start"])) == [
        {"id": "2020-hop", "title": "Họp", "start": "2020-02-25T10:00", "end": "2020-02-25T13:30",
         "location": "Hà Nội", "description": "một, hai", "source_file": "events.toml"},
        {"id": "2020-hoi-thao", "title": "Hội thảo", "start": "2020-03-04", "end": "2020-03-05",
         "source_file": "events.toml"},
        {"id": "2020-khao-sat", "title": "Khảo sát", "start": "2020-04-01T22:00", "source_file": "events.toml"},
    ]  # fmt: skip
    before = registry.read_bytes()
    assert ilocal("import", "--update", "g.csv").err.endswith("0 new, 0 updated, 3 unchanged, 0 rejected\n")
    assert registry.read_bytes() == before


def test_a_table_of_outlook(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(HEAD, encoding="utf-8")
    Path("o.csv").write_bytes(OUTLOOK.replace("\n", "\r\n").encode("utf-16"))
    result = ilocal("import", "o.csv")
    assert result.err == (
        'o.csv:2: dates are read day first in the whole file, as "25/2/2020" must be\n'
        "2 new, 0 updated, 0 unchanged, 0 rejected\n"
    )
    first, second = sorted(stored(ilocal), key=lambda event: str(event["start"]))
    assert (first["start"], first["end"]) == ("2020-02-25T10:00", "2020-02-25T13:00")
    assert (first["topics"], first["organizers"], first["participants"]) == (["CSR", "gỗ"], ["ILO"], "An; Bình")
    assert (second["start"], second["end"]) == ("2020-03-04", "2020-03-05")
    assert ilocal("import", "--update", "o.csv").err.endswith("0 new, 0 updated, 2 unchanged, 0 rejected\n")


@pytest.mark.parametrize(
    ("dates", "said", "starts"),
    [
        (["03/04/2020"], ['g.csv:2: dates are read month first, as Google Calendar has them: "03/04/2020" is 2020-03-04'],
         ["2020-03-04"]),
        (["03/03/2020", "2020-05-06"], [], ["2020-03-03", "2020-05-06"]),
        (["03/04/2020", "13/04/2020"], ['g.csv:3: dates are read day first in the whole file, as "13/04/2020" must be'],
         ["2020-04-03", "2020-04-13"]),
        (["04/13/2020", "13/04/2020"],
         ['g.csv:3: dates are read day first in the whole file, as "13/04/2020" must be',
          'g.csv:2: Start Date: not read: cannot read "2020-13-04" as a date: there is no month 13 ("04/13/2020", the day first)'],
         ["2020-04-13"]),
        (["", "soon", "2020-05"],
         ["g.csv:2: Start Date: not read: a day is wanted here", 'g.csv:3: Start Date: not read: cannot read "soon" as a date',
          'g.csv:4: Start Date: not read: a day is wanted here, not "2020-05"'], []),
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_is_one_for_a_file_and_said(
    ilocal: Ilocal, registry: Path, dates: list[str], said: list[str], starts: list[str]
) -> None:
    registry.write_text(HEAD, encoding="utf-8")
    Path("g.csv").write_text(
        "Subject,Start Date\n" + "".join(f"A{n},{day}\n" for n, day in enumerate(dates)), encoding="utf-8"
    )
    assert [line for line in ilocal("import", "g.csv").err.splitlines() if line.startswith("g.csv:")] == said
    assert sorted(str(event["start"]) for event in stored(ilocal)) == starts


def test_a_calendars_row_that_cannot_be_read_hides_no_other(ilocal: Ilocal, registry: Path) -> None:
    Path("g.csv").write_text(
        "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Private\n"
        "A,2020-05-01,9:00,2020-05-02,,,\nB,2020-05-01,,,10:00,,\nC,2020-05-01,25:00,,,,\nD,2020-05-01,,,,perhaps,\n"
        "E,2020-05-01,,,,,perhaps\n,2020-05-01,,,,,\nG,2020-05-03,,2020-05-02,,,\nH,2020-05-01,,,,yes,no\n",
        encoding="utf-8",
    )
    result = ilocal("import", "g.csv")
    assert result.out == "new 2020-h\n"
    assert result.err == (
        "g.csv:2: End Time: not read: a time is wanted here, as it ends on another day (2020-05-02)\n"
        "g.csv:3: End Time: not read: an end without a start\n"
        'g.csv:4: Start Time: not read: cannot read "25:00" as a time\n'
        'g.csv:5: All Day Event: not read: True or False is wanted here, not "perhaps"\n'
        'g.csv:6: Private: not read: True or False is wanted here, not "perhaps"\n'
        "g.csv:7: title: not read: an event needs a title\n"
        "g.csv:8: end: not read: the end (2020-05-02) is before the start (2020-05-03)\n"
        "1 new, 0 updated, 0 unchanged, 7 rejected\n"
    )


cells = st.one_of(
    st.sampled_from(
        ["", "a", "2020-02-25", "25/02/2020", "02/13/2020", "9:00", "true", "remove", '[{"a": 1}]', "{}", "a; b", '"']
    ),
    st.text(max_size=6),
)
headers = st.one_of(
    st.lists(st.sampled_from([*formats.named("csv").COLUMNS, "when", "action", "x"]), max_size=5).map(
        lambda more: ["title", *more]
    ),
    st.lists(
        st.sampled_from(["Start Time", "End Date", "End Time", "All Day Event", "Private", "Categories"]), unique=True
    ).map(lambda more: ["Subject", "Start Date", *more]),
)


@given(headers, st.lists(st.lists(cells, max_size=7), max_size=4), st.booleans(), st.sampled_from(",;\t"))
def test_whatever_stands_in_a_file_is_an_event_or_said(
    header: list[str], rows: list[list[str]], even: bool, delimiter: str
) -> None:
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([header, *([*row, *[""] * 7][: len(header)] if even else row for row in rows)])
    with suppress(UsageError):
        for item in formats.named("csv").load(out.getvalue(), Reading(date(2020, 2, 20))):
            assert item.message if isinstance(item, Problem) else item.event.title


def test_any_header_after_a_mapping(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(HEAD, encoding="utf-8")
    Path("a.csv").write_text(
        'Tên sự kiện;NGÀY;"Nơi, phòng";Chủ đề;Ghi chú\nHọp;25-26/02/2020;Huế;CSR;x\n', encoding="utf-8"
    )
    result = ilocal(
        "import", "a.csv", "--map", 'ten su kien=title,Ngày=when,"Nơi, phòng=location"', "--map", "Chủ đề=topic"
    )
    assert result.err == (
        'a.csv:1: the column "ghi chú" is no field and is passed over\n1 new, 0 updated, 0 unchanged, 0 rejected\n'
    )
    (event,) = stored(ilocal)
    assert [event[key] for key in ("title", "start", "end", "location", "topics")] == [
        "Họp", "2020-02-25", "2020-02-26", "Huế", ["CSR"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--map", "Tên=titel"), 'there is no field "titel"'),
        (("--map", "Ten=title,Ngay thang=start"), 'a.csv:1: there is no column "Ngay thang"'),
        (("--map", "title"), '"title" is no mapping'),
        (("--map", "Tên=title,Ngày=title"), "a.csv:1: two columns are called title"),
        (("--map", "Tên=title,Tên=start"), 'the column "Tên" is mapped twice'),
        (("--map", "Tên=title,ten=start"), "a.csv:1: the mapping names one column twice"),
        (("--map", "Ngày=start"), "a.csv:1: there is no column title"),
        (("--map", "Tên=title", "-f", "json"), "a.csv: only the columns of a CSV can be mapped"),
        (("--encoding", "klingon"), 'there is no encoding "klingon"'),
        (("--encoding", "base64"), 'there is no encoding "base64"'),
        (("--encoding", "ascii"), "a.csv:1: not ascii text"),
    ],
)
def test_what_is_said_wrongly_is_refused(
    ilocal: Ilocal, registry: Path, arguments: tuple[str, ...], error: str
) -> None:
    before = registry.read_bytes()
    Path("a.csv").write_text("Tên,Ngày\nHọp,2020\n", encoding="utf-8")
    result = ilocal("import", "a.csv", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[0] == f"ilocal: {error}"
    assert registry.read_bytes() == before


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "a.csv:1: an empty file"),
        (b"\xef\xbb\xbf\r\n", "a.csv:1: an empty file"),
        (b"title,start\nA,2020\nB\n", "a.csv:3: 1 cells under 2 columns"),
        (b"title,start\nA,2020,x\n", "a.csv:2: 3 cells under 2 columns"),
        (b"title,Title\nA,B\n", "a.csv:1: two columns are called title"),
        (b"title,x,X\nA,B,C\n", "a.csv:1: two columns are called x"),
        (b"title\nA\0\n", "a.csv:2: a NUL character, which no text has"),
        (b"title\nH\xf2p\n", "a.csv:2: not UTF-8 text (byte 0xf2)"),
        (b"PK\x03\x04\x14", "a.csv: a workbook or an archive, and no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.csv: a workbook or an archive, and no text"),
        (b"\xff\xfet", "a.csv:1: not utf-16 text"),
        (b'title\n"A\n', "a.csv:2: not valid CSV: unexpected end of data"),
        (b"Subject,Subject,Start Date\nA,B,2020-01-01\n", "a.csv:1: two columns are called Subject"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(process: Ilocal, registry: Path, data: bytes, error: str) -> None:
    before = registry.read_bytes()
    (registry.parent / "a.csv").write_bytes(data)
    result = process("import", "--update", "a.csv")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[0] == f"ilocal: {error}"
    assert registry.read_bytes() == before


@pytest.mark.parametrize("data", [b"title\nH\xf2p\n", b"\xff\xfet", b"PK\x03\x04\x14"])
def test_only_where_there_is_an_option_for_encodings_a_hint_names_it(
    process: Ilocal, registry: Path, data: bytes
) -> None:
    (registry.parent / "a.csv").write_bytes(data)
    hint = 'hint: save it as UTF-8 (a workbook as "CSV UTF-8"), or say its encoding with --encoding'
    assert process("import", "a.csv").err.splitlines()[1:] == [hint]
    refused = process("add", "--jsonl", "a.csv")
    assert (refused.code, "--encoding" in refused.err) == (2, False)


def test_vietnamese_windows_letters_are_composed(ilocal: Ilocal, registry: Path) -> None:
    text = unicodedata.normalize("NFC", "Thủy sản, gỗ và đường")
    registry.write_text(HEAD, encoding="utf-8")
    tones = {ord(tone): None for tone in "\u0300\u0301\u0303\u0309\u0323"}
    apart = "".join(  # tones apart, as that code page has them
        unicodedata.normalize("NFC", letters.translate(tones)) + "".join(tone for tone in letters if ord(tone) in tones)
        for letters in (unicodedata.normalize("NFD", letter) for letter in text)
    )
    Path("a.csv").write_bytes(f'title,start\n"{apart}",2020\n'.encode("cp1258"))
    assert ilocal("import", "a.csv", "--encoding", "windows-1258").code == 0
    assert stored(ilocal)[0]["title"] == text


# ------------------------------------------------------------------------------------------------------- for calendars


def test_tables_for_calendars(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        HEAD + '[[event]]\nid = "a"\ntitle = "=Họp"\nstart = 2020-02-20T08:30:00\nend = 2020-02-20T12:00:00\n'
        'topics = ["CSR", "gỗ"]\nstatus = "cancelled"\n\n'
        '[[event]]\nid = "b"\ntitle = "Xa"\nstart = 2020-02-20T23:00:00-05:00\n\n'
        '[[event]]\nid = "c"\ntitle = "Khảo sát"\nstart = 2020-02-25\nend = 2020-02-29\nlocation = "Hà Nội, Huế"\n\n'
        '[[event]]\nid = "d"\ntitle = "Tháng"\nstart = "2020-03"\n\n[[event]]\nid = "e"\ntitle = "Chưa"\n',
        encoding="utf-8",
    )
    how = ("list", "--sort", "id", "-f")
    google = ilocal(*how, "google-csv")
    assert google.out == (
        "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location,Private\n"
        "'=Họp,02/20/2020,08:30 AM,02/20/2020,12:00 PM,False,,,False\n"
        "Xa,02/21/2020,11:00 AM,02/21/2020,11:00 AM,False,,,False\n"
        'Khảo sát,02/25/2020,,02/29/2020,,True,,"Hà Nội, Huế",False\n'
    )
    assert google.err == (
        "2 left out, not known to the day (--undated-as-span writes a month or a year as all its days)\n"
        "1 cancelled or postponed, which the table cannot say\n"
        "times are those of Asia/Ho_Chi_Minh, which the table does not say\n"
    )
    assert ilocal("export", "google.csv", "-f", "google-csv").err == google.err + "3 sự kiện\n"
    outlook = ilocal(*how, "outlook-csv", "--raw", "--undated-as-span")
    assert outlook.out == (
        "Subject,Start Date,Start Time,End Date,End Time,All day event,Reminder on/off,Categories,Description,Location,Private\n"
        "=Họp,02/20/2020,08:30 AM,02/20/2020,12:00 PM,False,False,CSR; gỗ,,,False\n"
        "Xa,02/21/2020,11:00 AM,02/21/2020,11:00 AM,False,False,,,,False\n"
        'Khảo sát,02/25/2020,12:00:00 AM,03/01/2020,12:00:00 AM,True,False,,,"Hà Nội, Huế",False\n'
        "Tháng,03/01/2020,12:00:00 AM,04/01/2020,12:00:00 AM,True,False,,,,False\n"
    )
    before = registry.read_bytes()
    for name in ("google-csv", "outlook-csv"):
        ilocal("list", "-f", name, "-o", "a.csv", "--excel")
        result = ilocal("import", "--update", "a.csv").err
        assert result.endswith("\n0 new, 0 updated, 3 unchanged, 0 rejected\n")
    assert registry.read_bytes() == before


simple = strategies.events(text=strategies.texts.map(safe), title=strategies.titles.map(safe))


@given(st.lists(simple, max_size=4), st.sampled_from(["google-csv", "outlook-csv"]), st.booleans())
def test_a_calendars_table_is_read_back(events: list[Event], name: str, excel: bool) -> None:
    how = Writing(excel=excel)
    text = "".join(formats.named(name).dump(events, how))
    found = [item for item in formats.named("csv").load(text, Reading(date(2020, 2, 20))) if isinstance(item, Entry)]
    dated = [event for event in events if isinstance(event.start, date)]
    assert [(entry.event.title, entry.event.location) for entry in found] == [
        (event.title, event.location) for event in dated
    ]
    for entry, event in zip(found, dated, strict=True):
        assert entry.event.start == local(event.start)
        assert (entry.event.end or entry.event.start) == local(event.end or event.start)


def local(point: Point | None) -> Point | None:
    return point.replace(tzinfo=None) if isinstance(point, datetime) else point


# ------------------------------------------------------------------------------------------------- what others have made


def test_libreoffice_reads_what_is_written_for_excel(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    ilocal("add", "=1+1", "2020-05-01", "--description", 'dòng một\n"dòng hai", ba')
    ilocal("list", "--excel", "-o", "a.csv")
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [office, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
               "--infilter=CSV:44,34,76,1,,0,false,false", "--outdir", "out", "a.csv"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=tmp_path)
    ours = rows_of(Path("a.csv").read_bytes().decode())
    theirs = rows_of(Path("out/a.csv").read_bytes().decode())
    assert [{key: row[key] for key in ("id", "title", "location", "description")} for row in theirs] == [
        {key: row[key] for key in ("id", "title", "location", "description")} for row in ours
    ]


@pytest.fixture
def spectrum(pytestconfig: pytest.Config, tmp_path: Path) -> Path:
    """The files of csv-spectrum, a collection of odd CSV with what each means as JSON."""
    assert pytestconfig.cache is not None
    cache = pytestconfig.cache.mkdir("csv-spectrum")
    npm = shutil.which("npm")
    if not sorted(cache.glob("csv-spectrum-*.tgz")):
        if npm is None:
            pytest.skip("npm, which fetches csv-spectrum, is not installed")
        done = subprocess.run(
            [npm, "pack", "csv-spectrum"], cwd=cache, env=OUTSIDE, capture_output=True, timeout=120, check=False
        )
        if done.returncode:
            pytest.skip("csv-spectrum cannot be fetched: " + done.stderr.decode(errors="replace").strip()[-200:])
    with tarfile.open(sorted(cache.glob("csv-spectrum-*.tgz"))[-1]) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "package"


@pytest.mark.corpus
def test_every_row_of_csv_spectrum_is_read_as_its_json_says(spectrum: Path) -> None:
    files = sorted((spectrum / "csvs").glob("*.csv"))
    assert len(files) > 10
    fields = ("title", "location", "description", "summary", "participants")
    for file in files:
        text = file.read_bytes().decode().replace("\r\n", "\n")
        wanted = json.loads((spectrum / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))
        wanted = wanted if isinstance(wanted, list) else [wanted]
        if file.stem == "location_coordinates":  # whose JSON has another number than its CSV
            wanted[0]["Contact Phone Number"] = "2095257564"
        columns = dict(zip(wanted[0], fields, strict=False))
        found = list(formats.named("csv").load(text, Reading(date(2020, 2, 20), columns=columns)))
        got = [{name: getattr(item.event, field) for name, field in columns.items()} for item in found]
        lines = [{name: value.replace("\r\n", "\n") for name, value in row.items()} for row in wanted]
        assert got == lines, file.name


def test_an_id_that_stands_twice_is_said_as_that_and_a_day_left_out_is_left_out(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("id,status\n2020-hop,cancelled\n2020-hop,tentative\n", encoding="utf-8")
    before = registry.read_bytes()
    result = ilocal("import", "--update", "a.csv")
    assert (result.code, result.err) == (5, 'ilocal: line 3: the id "2020-hop" stands twice in the file\n')
    assert registry.read_bytes() == before
    ilocal("add", "S", "2020-03-02 09:00", "--repeat", "weekly", "--exdate", "2020-03-09", "--id", "s")
    Path("a.csv").write_text("id,recurrence_id,action\ns,2020-03-09 09:00,remove\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").err == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
