"""Series that never take place, and exceptions that take nothing out."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import Ilocal


def test_check_names_what_never_takes_place(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-02-03\nrrule = "FREQ=DAILY;UNTIL=20190101"\n'
        '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-02-03\nrrule = "FREQ=WEEKLY"\nexdates = [2020-02-04, 2020-02-10]\n'
        '[[event.override]]\nrecurrence_id = 2020-02-12\nlocation = "x"\n'
        '[[event.override]]\nrecurrence_id = 2020-02-17\nlocation = "x"\n',
        encoding="utf-8",
    )
    assert ilocal("check").out == (
        "events.toml:5: rrule: the series has no occurrences\n"
        "events.toml:11: exdates: 2020-02-04 is not an occurrence of the series\n"
        "events.toml:12: overrides: 2020-02-12 is not an occurrence of the series, but has an override\n"
    )


def test_check_names_an_exception_that_takes_nothing_out_also_among_times(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-03-02T09:00:00\nrrule = "FREQ=WEEKLY;COUNT=4"\n'
        "exdates = [2020-03-09, 2020-03-17, 2020-03-16T09:00:00, 2020-03-23T08:00:00]\n",
        encoding="utf-8",
    )
    assert ilocal("check").out == (
        "events.toml:6: exdates: 2020-03-17 is not an occurrence of the series\n"
        "events.toml:6: exdates: 2020-03-23T08:00 is not an occurrence of the series\n"
    )
    registry.write_text(
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-03-02T09:00:00\nrdates = [2020-03-05T09:00:00]\n'
        "exdates = [2020-03-02, 2020-05-05]\n"
        '[[event]]\nid = "b"\ntitle = "B"\nstart = 2020-06-02T09:00:00\nexdates = [2020-05-05]\n',
        encoding="utf-8",
    )
    assert ilocal("check").out == (
        "events.toml:6: exdates: 2020-05-05 is not an occurrence of the series\nevents.toml:11: exdates: 2020-05-05 is not an occurrence of the series\n"
    )
