"""A table that was listed, edited and imported again: changes, removals and single occurrences."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import formats
from ilocal.formats.base import WriteOptions
from ilocal.model.dates import DateRange
from ilocal.model.query import Query
from ilocal.storage.toml.event_writer import format_event_block
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.registry import VIETNAMESE_HEAD, read_stored_events
from tests.support.tables import read_rows

SERIES = (
    VIETNAMESE_HEAD
    + '[[event]]\nid = "hop-tuan"\ntitle = "Họp tuần"\nstart = 2020-03-02T09:00:00\nend = 2020-03-02T10:00:00\n'
    'rrule = "FREQ=WEEKLY;COUNT=4"\ntopics = ["CSR"]\n'
)


def write_table(rows: list[dict[str, str]]) -> str:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# ---------------------------------------------------------------------------------------------------- the round trip


@given(
    st.one_of(
        strategies.registry_texts(least=1),
        st.lists(strategies.series().map(format_event_block), min_size=1, max_size=2).map("\n".join),
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
    rows = read_rows(ilocal("list", "-f", "csv").out)
    by_id = {row["id"]: row for row in rows}
    by_id["2020-hop"] |= {"title": "=Họp", "topics": "CSR; gỗ", "location": "", "start": "21/02/2020"}
    by_id["2020-khao-sat"] |= {"description": "Phòng ngừa LĐTE.\nHai dòng."}
    for row in rows:
        row["action"] = "remove" if row["id"] == "tba-hoi-nghi" else ""
    Path("a.csv").write_text(write_table(rows), encoding="utf-8")
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
        "would import: 0 new, 2 updated, 1 removed, 1 unchanged, 0 rejected\n"
    )
    assert registry.read_text(encoding="utf-8") == before
    done = ilocal("import", "--update", "a.csv")
    assert done.err == "0 new, 2 updated, 1 removed, 1 unchanged, 0 rejected\n"
    found = {str(event["id"]): event for event in read_stored_events(ilocal)}
    assert list(found) == ["2020-khao-sat", "2020-hop", "2019-dien-dan"]
    assert (found["2020-hop"]["title"], found["2020-hop"]["topics"], found["2020-hop"].get("location")) == (
        "=Họp", ["CSR", "gỗ"], None,
    )  # fmt: skip
    assert "room = 12  # a key of our own" in registry.read_text(encoding="utf-8")
    twice = ilocal("import", "--update", "a.csv")
    assert twice.err == (
        'a.csv:6: id: there is no event "tba-hoi-nghi" to remove; the event may have been removed before\n'
        "0 new, 0 updated, 4 unchanged, 0 rejected\n"
    )


def test_the_source_may_be_edited_too(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text('id,title,source\n2020-hop,"Họp ""Nhóm cố vấn CSR""",\n', encoding="utf-8")
    assert ilocal("import", "--update", "--source", "x", "a.csv").err == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
    Path("a.csv").write_text('id,title,source\n2020-hop,"Họp ""Nhóm cố vấn CSR""",thư\n', encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").out == "updated 2020-hop\n"
    assert next(event for event in read_stored_events(ilocal) if event["id"] == "2020-hop")["source"] == "thư"


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
        "a.csv:3: id: skipped: to remove an event, specify its id\n"
        'a.csv:4: action: skipped: unknown action "delete"; use remove, or leave the cell empty\n'
        'a.csv:2: id: there is no event "none" to remove; the event may have been removed before\n'
        "2020-hop: differs in action; to use the values in the file, add --update\n"
        "0 new, 0 updated, 1 unchanged, 1 different, 2 rejected\n"
    )
    assert Path("r.txt").read_text(encoding="utf-8").count("# a.csv:") == 2
    assert registry.read_bytes() == before
    assert ilocal("import", "--update", "a.csv").out == "removed 2020-hop\n"
    assert "2020-hop" not in ilocal("list", "-f", "ids").out


def test_a_table_of_ids_needs_no_other_column_than_what_it_changes(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("id,end,status\n 2020-hop ,2020-02-21,cancelled\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").out == "updated 2020-hop\n"
    (event,) = (one for one in read_stored_events(ilocal) if one["id"] == "2020-hop")
    assert (event["start"], event["end"], event["status"]) == ("2020-02-20", "2020-02-21", "cancelled")
    assert event["title"] == 'Họp "Nhóm cố vấn CSR"'
    Path("a.csv").write_text("id,title,end\nnew,A,2020-02-21\n", encoding="utf-8")
    assert ilocal("import", "a.csv").code == 2


def test_columns_that_are_not_there_say_nothing(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("id,title,start\n2020-khao-sat,Khảo sát,2020-02-25\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").out == "updated 2020-khao-sat\n"
    (event,) = [event for event in read_stored_events(ilocal) if event["id"] == "2020-khao-sat"]
    assert (event["title"], event["end"], event["topics"]) == ("Khảo sát", "2020-02-29", ["lao động trẻ em"])
    Path("a.csv").write_text("id,title,start\n2020-khao-sat,Khảo sát,2020-03-25\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").err.startswith(
        "a.csv:2: end: skipped: the end (2020-02-29) is before the start (2020-03-25)\n"
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
    workspace = Registry(registry)
    try:
        march = Query(occurrence_window=DateRange(date(2020, 3, 1), date(2020, 3, 31)))
        return read_rows("".join(formats.get_format("csv").dump(workspace.select(march), WriteOptions())))
    finally:
        workspace.close()


def test_an_occurrence_edited_in_a_sheet_is_otherwise_from_then_on(ilocal: Ilocal, tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(SERIES, encoding="utf-8")
    rows = sorted(occurrence_rows(registry), key=lambda row: row["start"])
    assert [row["recurrence_id"] for row in rows] == [f"2020-03-{day}T09:00" for day in ("02", "09", "16", "23")]
    Path("a.csv").write_text(write_table(rows), encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").err == "0 new, 0 updated, 4 unchanged, 0 rejected\n"
    assert registry.read_text(encoding="utf-8") == SERIES
    rows[1] |= {"location": "Huế", "topics": ""}
    rows[2] |= {"action": "remove"}
    rows[3] |= {"start": "2020-03-24 14:00", "end": "2020-03-24 16:00"}
    for row in rows:
        row.setdefault("action", "")
    Path("a.csv").write_text(write_table(rows), encoding="utf-8")
    shown = ilocal("import", "--update", "a.csv", "--dry-run")
    assert shown.err == (
        "hop-tuan (2020/03/09 09:00): Họp tuần\n  location: – → Huế\n  topics:\n  - CSR\n"
        "hop-tuan: Họp tuần\n  exdates:\n  + 2020-03-16T09:00\n"
        "hop-tuan (2020/03/23 09:00): Họp tuần\n"
        "  start: 2020-03-23T09:00 → 2020-03-24T14:00\n  end: 2020-03-23T10:00 → 2020-03-24T16:00\n"
        "would import: 0 new, 3 updated, 1 unchanged, 0 rejected\n"
    )
    assert ilocal("import", "--update", "a.csv").code == 0
    (series,) = read_stored_events(ilocal)
    assert (series["exdates"], series["revision"]) == (["2020-03-16T09:00"], 1)
    assert series["overrides"] == [
        {"recurrence_id": "2020-03-09T09:00", "location": "Huế", "topics": []},
        {"recurrence_id": "2020-03-23T09:00", "start": "2020-03-24T14:00", "end": "2020-03-24T16:00"},
    ]
    again = sorted(occurrence_rows(registry), key=lambda row: row["start"])
    Path("a.csv").write_text(write_table(again), encoding="utf-8")
    before = registry.read_bytes()
    assert ilocal("import", "--update", "a.csv").err == "0 new, 0 updated, 3 unchanged, 0 rejected\n"
    assert registry.read_bytes() == before
    again[1] |= {"location": "", "topics": "CSR"}  # as the series has it
    Path("a.csv").write_text(write_table(again), encoding="utf-8")
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
    (series,) = read_stored_events(ilocal)
    assert series["overrides"] == [{"recurrence_id": "2020-03-09T09:00", "location": "Huế"}]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("none,A,2020-03-02 09:00,,", 'id: skipped: there is no series "none"'),
        (
            "hop-tuan,A,2020-03-03 09:00,,",
            "recurrence_id: skipped: hop-tuan has no occurrence with the start 2020-03-03T09:00",
        ),
        (
            "hop-tuan,A,2020-03-03,,remove",
            "recurrence_id: skipped: hop-tuan has no occurrence with the start 2020-03-03",
        ),
        (
            "hop-tuan,Họp tuần,2020-03-02 09:00,u@x,",
            "uid: skipped: an occurrence cannot have a different value in this field; change the series instead",
        ),
    ],
)
def test_what_is_no_occurrence_is_rejected(ilocal: Ilocal, tmp_path: Path, row: str, reason: str) -> None:
    (tmp_path / "events.toml").write_text(SERIES, encoding="utf-8")
    Path("a.csv").write_text(f"id,title,recurrence_id,uid,action\n{row}\n", encoding="utf-8")
    result = ilocal("import", "--update", "a.csv")
    assert (result.code, result.err.splitlines()[0]) == (2, f"a.csv:2: {reason}")
    assert (tmp_path / "events.toml").read_text(encoding="utf-8") == SERIES


def test_an_id_that_stands_twice_is_said_as_that_and_a_day_left_out_is_left_out(ilocal: Ilocal, registry: Path) -> None:
    Path("a.csv").write_text("id,status\n2020-hop,cancelled\n2020-hop,tentative\n", encoding="utf-8")
    before = registry.read_bytes()
    result = ilocal("import", "--update", "a.csv")
    assert (result.code, result.err) == (5, 'ilocal: line 3: the id "2020-hop" appears twice in the file\n')
    assert registry.read_bytes() == before
    ilocal("add", "S", "2020-03-02 09:00", "--repeat", "weekly", "--exdate", "2020-03-09", "--id", "s")
    Path("a.csv").write_text("id,recurrence_id,action\ns,2020-03-09 09:00,remove\n", encoding="utf-8")
    assert ilocal("import", "--update", "a.csv").err == "0 new, 0 updated, 1 unchanged, 0 rejected\n"
