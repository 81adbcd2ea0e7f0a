"""Tables of Google Calendar and Outlook, read and written."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import formats
from ilocal.errors import Diagnostic
from ilocal.formats.base import ImportedEvent, ReadOptions, WriteOptions
from ilocal.model.dates import PartialDate
from ilocal.model.event import Event
from ilocal.model.safe_text import make_text_safe
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.registry import VIETNAMESE_HEAD, read_stored_events

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
    registry.write_text(VIETNAMESE_HEAD, encoding="utf-8")
    Path("g.csv").write_text(GOOGLE, encoding="utf-8")
    result = ilocal("import", "g.csv")
    assert result.err == (
        'g.csv:2: dates are read month first, because "02/25/2020" can only be month first\n'
        "g.csv:3: the event is marked private in the file, but the registry is public\n"
        "3 new, 0 updated, 0 unchanged, 0 rejected\n"
    )
    plain = [
        {key: event[key] for key in event if key not in ("created", "source_line")}
        for event in read_stored_events(ilocal)
    ]
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
    registry.write_text(VIETNAMESE_HEAD, encoding="utf-8")
    Path("o.csv").write_bytes(OUTLOOK.replace("\n", "\r\n").encode("utf-16"))
    result = ilocal("import", "o.csv")
    assert result.err == (
        'o.csv:2: dates in the whole file are read day first, because "25/2/2020" can only be day first\n'
        "2 new, 0 updated, 0 unchanged, 0 rejected\n"
    )
    first, second = sorted(read_stored_events(ilocal), key=lambda event: str(event["start"]))
    assert (first["start"], first["end"]) == ("2020-02-25T10:00", "2020-02-25T13:00")
    assert (first["topics"], first["organizers"], first["participants"]) == (["CSR", "gỗ"], ["ILO"], "An; Bình")
    assert (second["start"], second["end"]) == ("2020-03-04", "2020-03-05")
    assert ilocal("import", "--update", "o.csv").err.endswith("0 new, 0 updated, 2 unchanged, 0 rejected\n")


@pytest.mark.parametrize(
    ("dates", "said", "starts"),
    [
        (["03/04/2020"], ['g.csv:2: dates are read month first, as Google Calendar writes them: "03/04/2020" is 2020-03-04'],
         ["2020-03-04"]),
        (["03/03/2020", "2020-05-06"], [], ["2020-03-03", "2020-05-06"]),
        (["03/04/2020", "13/04/2020"], ['g.csv:3: dates in the whole file are read day first, because "13/04/2020" can only be day first'],
         ["2020-04-03", "2020-04-13"]),
        (["04/13/2020", "13/04/2020"],
         ['g.csv:3: dates in the whole file are read day first, because "13/04/2020" can only be day first',
          'g.csv:2: Start Date: skipped: cannot read "2020-13-04" as a date: there is no month 13 ("04/13/2020", read day first)'],
         ["2020-04-13"]),
        (["", "soon", "2020-05"],
         ["g.csv:2: Start Date: skipped: expected a day", 'g.csv:3: Start Date: skipped: cannot read "soon" as a date',
          'g.csv:4: Start Date: skipped: expected a day, found "2020-05"'], []),
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_is_one_for_a_file_and_said(
    ilocal: Ilocal, registry: Path, dates: list[str], said: list[str], starts: list[str]
) -> None:
    registry.write_text(VIETNAMESE_HEAD, encoding="utf-8")
    Path("g.csv").write_text(
        "Subject,Start Date\n" + "".join(f"A{n},{day}\n" for n, day in enumerate(dates)), encoding="utf-8"
    )
    assert [line for line in ilocal("import", "g.csv").err.splitlines() if line.startswith("g.csv:")] == said
    assert sorted(str(event["start"]) for event in read_stored_events(ilocal)) == starts


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
        "g.csv:2: End Time: skipped: expected an end time, because the event ends on a different day (2020-05-02)\n"
        "g.csv:3: End Time: skipped: the event has an end but no start\n"
        'g.csv:4: Start Time: skipped: cannot read "25:00" as a time\n'
        'g.csv:5: All Day Event: skipped: expected True or False, found "perhaps"\n'
        'g.csv:6: Private: skipped: expected True or False, found "perhaps"\n'
        "g.csv:7: title: skipped: an event must have a title\n"
        "g.csv:8: end: skipped: the end (2020-05-02) is before the start (2020-05-03)\n"
        "1 new, 0 updated, 0 unchanged, 7 rejected\n"
    )


def test_tables_for_calendars(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        VIETNAMESE_HEAD
        + '[[event]]\nid = "a"\ntitle = "=Họp"\nstart = 2020-02-20T08:30:00\nend = 2020-02-20T12:00:00\n'
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
        "skipped 2 events without an exact day (to write them as the whole month or year, add --undated-as-span)\n"
        "1 cancelled or postponed event, which the table cannot show as such\n"
        "times are in Asia/Ho_Chi_Minh, but the table does not contain the time zone\n"
    )
    assert ilocal("export", "google.csv", "-f", "google-csv").err == google.err + "3 events\n"
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
        ilocal("list", "-f", name, "-o", "a.csv")
        result = ilocal("import", "--update", "a.csv").err
        assert result.endswith("\n0 new, 0 updated, 3 unchanged, 0 rejected\n")
    assert registry.read_bytes() == before


simple = strategies.events(text=strategies.texts.map(make_text_safe), title=strategies.titles.map(make_text_safe))


@given(st.lists(simple, max_size=4), st.sampled_from(["google-csv", "outlook-csv"]), st.booleans())
def test_a_calendars_table_is_read_back(events: list[Event], name: str, excel: bool) -> None:
    how = WriteOptions(excel=excel)
    text = "".join(formats.get_format(name).dump(events, how))
    found = [
        item
        for item in formats.get_format("csv").load(text, ReadOptions(date(2020, 2, 20)))
        if isinstance(item, ImportedEvent)
    ]
    dated = [event for event in events if isinstance(event.start, date)]
    assert [(entry.event.title, entry.event.location) for entry in found] == [
        (event.title, event.location) for event in dated
    ]
    for entry, event in zip(found, dated, strict=True):
        assert entry.event.start == to_local_time(event.start)
        assert (entry.event.end or entry.event.start) == to_local_time(event.end or event.start)


def to_local_time(point: PartialDate | None) -> PartialDate | None:
    return point.replace(tzinfo=None) if isinstance(point, datetime) else point


def test_a_calendar_may_have_such_a_line_too_and_its_private_events_are_named(ilocal: Ilocal, registry: Path) -> None:
    # Case class-private: what is private in a table of another program becomes public in a registry.
    registry.write_text(VIETNAMESE_HEAD, encoding="utf-8")
    Path("a.csv").write_text(
        "sep=,\nSubject,Start Date,All Day Event,Private,Colour\nKhám bệnh,2020-09-09,True,True,red\n", encoding="utf-8"
    )
    assert ilocal("import", "a.csv") == (
        0,
        "new 2020-kham-benh\n",
        'a.csv:2: the column "Colour" is not a field and was skipped\n'
        "a.csv:3: the event is marked private in the file, but the registry is public\n1 new, 0 updated, 0 unchanged, 0 rejected\n",
    )


def test_whole_days_from_midnight_to_midnight_end_before_the_last(ilocal: Ilocal, registry: Path) -> None:
    """Outlook's midnight is the end of the day before, also in a table with no other column of Outlook's."""
    Path("t.csv").write_text(
        "Subject,Start Date,Start Time,End Date,End Time,All Day Event\n"
        "Fair,2020-03-14,12:00 AM,2020-03-16,12:00 AM,True\n"
        "Day,2020-03-14,12:00 AM,2020-03-15,12:00 AM,True\n"
        "Google,2020-03-14,,2020-03-16,,True\n"
    )
    ilocal("import", "t.csv")
    shown = ilocal("list", "--on", "2020-03-14", "-f", "csv", "--columns", "title,start,end", "--sort", "title").out
    assert shown == "title,start,end\nDay,2020-03-14,\nFair,2020-03-14,2020-03-15\nGoogle,2020-03-14,2020-03-16\n"


@pytest.mark.parametrize(
    ("private", "sensitivity", "said"),
    [
        ("False", "Normal", []),
        ("True", "Normal", ["the event is marked private in the file, but the registry is public"]),
        ("False", "Private", ["the event is marked private in the file, but the registry is public"]),
        ("True", "Confidential", ["the event is marked confidential in the file, but the registry is public"]),
    ],
)
def test_the_sensitivity_of_outlook_is_pointed_out(private: str, sensitivity: str, said: list[str]) -> None:
    text = f"Subject,Start Date,Private,Sensitivity\nA,2020-03-14,{private},{sensitivity}\n"
    found = list(formats.get_format("csv").load(text, ReadOptions(date(2020, 2, 20))))
    assert [item.message for item in found if isinstance(item, Diagnostic)] == said
