"""Keys that no event has: named with the line, and with the key that may be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checks import list_findings
from tests.support.cli import Ilocal

MISTYPED = """\
[registry]
langauge = "vi"

[[events]]
title = "lost"

[[event]]
id = "a"
title = "A"
topic = ["CSR"]
Descripton = "x"
room = 12

[[event.section]]
heading = "h"
room = 1

[[event.section]]
heading = "h"
boddy = "b"
room = 2

[event.translations.en]
tittle = "A"

[[event.override]]
recurrence_id = 2020-02-03
loction = "Huế"
"""


def test_unknown_keys_are_named_in_their_own_table_with_the_one_that_may_be_meant() -> None:
    text = MISTYPED.replace('id = "a"', 'id = "a"\nstart = 2020-02-03\nrrule = "FREQ=DAILY;COUNT=2"')
    assert list_findings(text) == [
        "4: events: unknown table; its contents are ignored. Did you mean [[event]]? (unknown-key)",
        '2: langauge: unknown key; the key is preserved. Did you mean "language"? (unknown-key)',
        '12: topic: unknown key; the key is preserved. Did you mean "topics"? (unknown-key)',
        '13: Descripton: unknown key; the key is preserved. Did you mean "description"? (unknown-key)',
        "14: room: unknown key; the key is preserved (unknown-key)",
        "18: room: unknown key; the key is preserved (unknown-key)",
        '22: boddy: unknown key; the key is preserved. Did you mean "body"? (unknown-key)',
        "23: room: unknown key; the key is preserved (unknown-key)",
        '26: en.tittle: unknown key; the key is preserved. Did you mean "title"? (unknown-key)',
        '30: loction: unknown key; the key is preserved. Did you mean "location"? (unknown-key)',
    ]


BROKEN = """\
[[event]]
id = "a"
titel = "no title"

[[event.section]]
boddy = "b"

[[event]]
id = "a"
title = "A"

[[event]]
id = "b"
title = "no date"
start = 12
room = 1

[event.translations.en]
tittle = "A"

[[event]]
id = "b"
title = "no date either"
end = 2020-02-20
"""


def test_of_events_that_are_left_out_the_keys_and_ids_are_named_too(ilocal: Ilocal) -> None:
    Path("events.toml").write_text(BROKEN, encoding="utf-8")
    assert ilocal("check") == (
        3,
        'events.toml:2: id: "a" is already the id of the event on line 8\n'
        "events.toml:5: title: an event must have a title\n"
        'events.toml:15: start: expected a date, found a number; write a day as 2020-02-25, a month as "2020-02"\n'
        'events.toml:22: id: "b" is already the id of the event on line 12\n'
        "events.toml:24: end: the event has an end but no start\n"
        'events.toml:3: titel: unknown key; the key is preserved. Did you mean "title"?\n'
        'events.toml:6: boddy: unknown key; the key is preserved. Did you mean "body"?\n'
        "events.toml:16: room: unknown key; the key is preserved\n"
        'events.toml:19: en.tittle: unknown key; the key is preserved. Did you mean "title"?\n',
        "1 event, 5 errors, 4 warnings\n",
    )


@pytest.mark.parametrize(
    ("name", "is_error"), [("[[events]]", True), ("[[evnet]]", True), ("[Events]", True), ("[[rooms]]", False)]
)
def test_events_under_a_mistyped_name_are_an_error(ilocal: Ilocal, name: str, is_error: bool) -> None:
    Path("events.toml").write_text(f'{name}\ntitle = "A"\n', encoding="utf-8")
    assert ilocal("check").code == (3 if is_error else 0)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("date", "start"),
        ("When", "start"),
        ("name", "title"),
        ("place", "location"),
        ("VENUE", "location"),
        ("BEGIN", "start"),
        ("Link", "url"),
        ("TOPICS", "topics"),
        ("EXDATE", "exdates"),
    ],
)
def test_a_key_may_be_another_word_for_what_is_meant(key: str, meant: str) -> None:
    said = f'4: {key}: unknown key; the key is preserved. Did you mean "{meant}"? (unknown-key)'
    assert list_findings(f'[[event]]\nid = "a"\ntitle = "A"\n{key} = "x"\n') == [said]


def test_such_words_mean_nothing_else_than_a_field_of_an_event() -> None:
    unknown = "unknown key; the key is preserved"
    text = (
        '[registry]\nname = "x"\n"TIME ZONE" = "x"\n"uid-domain" = "x"\n[[event]]\nid = "a"\ntitle = "A"\nstart = 2020-02-20\n'
        'rrule = "FREQ=DAILY;COUNT=2"\n[[event.section]]\nheading = "h"\nname = "x"\n'
        '[[event.override]]\nrecurrence_id = 2020-02-20\n"RECURRENCE ID" = "x"\nplace = "x"\n'
    )
    assert list_findings(text) == [
        f"2: name: {unknown} (unknown-key)",
        f'3: TIME ZONE: {unknown}. Did you mean "timezone"? (unknown-key)',
        f'4: uid-domain: {unknown}. Did you mean "uid_domain"? (unknown-key)',
        f"12: name: {unknown} (unknown-key)",
        f'15: RECURRENCE ID: {unknown}. Did you mean "recurrence_id"? (unknown-key)',
        f"16: place: {unknown} (unknown-key)",
    ]
