"""Registries that many tests use, and changes of one without a command."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import tomli

from ilocal.model.event import Event, Section
from ilocal.storage.loader import ParsedRegistry, load_registry
from ilocal.storage.memory_index import MemoryIndex
from ilocal.storage.transaction import Transaction
from ilocal.workspace import Registry
from tests.support.cli import Ilocal

FOUR_EVENTS_LISTED = """\
Tháng Hai 2020
  1. 2020/02/25 - 2020/02/29  Khảo sát cuối kì về lao động trẻ em
  2. 2020/02/20               Họp "Nhóm cố vấn CSR"

Tháng Mười Một 2019
  1. 2019/11                  Diễn đàn Lao động

Chưa có ngày
  1. Chưa có ngày             Hội nghị Thanh tra
"""

USER_CONFIG = """\
# Mine.
language = "vi"
columns = ["title", "when"]
week_start = "sunday"  # as at home
color = 'always'

# What stands out.
[styles]
date = "Bold magenta  on red"
"""


def parse_registry(text: str, file: str = "f.toml") -> ParsedRegistry:
    """Read a registry's text whole."""
    return load_registry([(file, text.encode())])


def open_transaction(text: str) -> Transaction:
    """Return a draft of changes to a registry with this text, `f.toml` in the home folder of the test."""
    path = Path(os.environ["HOME"]) / "f.toml"
    path.write_bytes(text.encode())
    return Transaction(MemoryIndex.load(path), {})


def render_transaction(draft: Transaction) -> str:
    """Return the new text of the single file that a transaction changes."""
    (change,) = draft.prepare_changes()
    assert change.data is not None
    return change.data.decode()


FOUR_EVENTS = """\
# Ours.
[registry]
title = "Sự kiện"
language = "vi"
timezone = "Asia/Ho_Chi_Minh"

[aliases]
"LĐTE" = "lao động trẻ em"

[[event]]
id = "2020-khao-sat"
title = "Khảo sát cuối kì về lao động trẻ em"
start = 2020-02-25
end = 2020-02-29  # the last day
topics = ["lao động trẻ em"]
description = "Phòng ngừa LĐTE."

# Attached to the meeting.
[[event]]
id = "2020-hop"
title = 'Họp "Nhóm cố vấn CSR"'
start = 2020-02-20
location = "Hà Nội"
topics = ["CSR", "thủy sản"]
status = "confirmed"
room = 12  # a key of our own

[[event]]
id = "2019-dien-dan"
title = "Diễn đàn Lao động"
start = "2019-11"
organizers = ["ILO", "Bộ LĐTBXH"]

[[event]]
id = "tba-hoi-nghi"
title = "Hội nghị Thanh tra"

[[event.section]]
heading = "Mục tiêu"
body = \"\"\"
- một
- hai\"\"\"
"""

VIETNAMESE_HEAD = '[registry]\nlanguage = "vi"\ntimezone = "Asia/Ho_Chi_Minh"\n\n'


def read_stored_events(ilocal: Ilocal) -> list[dict[str, object]]:
    """Return the events of the registry as plain data, each series once."""
    return [json.loads(line) for line in ilocal("list", "--once", "-f", "jsonl").out.splitlines()]


SURVEY_EVENT = Event(
    "Khảo sát cuối kì về thủy sản",
    id="a",
    start=date(2020, 2, 25),
    end=date(2020, 2, 29),
    topics=("LĐTE",),
    location="Khách sạn Melia, Hà Nội",
    description="Phòng ngừa lao động trẻ em; CSR/RBC.",
    sections=(Section("Mục tiêu", "- Bộ Luật 2019"),),
)

UNTIDY_REGISTRY = """\
# The events of the office.
[registry]
language = "vi"
title = 'Sự kiện'


# --- 2019 ---

# Moved from June.
[[event]] # an old one
topics = ["CSR",  'gỗ']   # as they said


# A page of the office.
room = 12
title = '''
Diễn đàn'''
# The day was changed.
start = 2019-11-27
id = "2019-dien-dan"
# location = "Huế"

# --- 2020 ---

[[event]]
description = \"\"\"
[[event]]
# no comment
title = "none"
\"\"\"
id = "2020-hop"
title = "Họp"
start = "2020-02"
# Where it is.
[event.venue]
floor = 2
[event.venue.room]
name = "A"
[[event.section]]
body = "b"
heading = "h"
speaker = "x"
# below the section

# above the translation
[event.translations.en]
description = "d"
title = "Meeting"
[[event.section]]
heading = "i"
[[event]]
title = "Chưa định"
id = "tba"
# about the aliases
[aliases]
"LĐTE" = "lao động trẻ em"
[[event]]
start = 2020-02-20
id = "2020-le"
title = "Lễ"
# the end
"""


def parse_event_tables(text: str) -> list[object]:
    return list(tomli.loads(text.removeprefix("\ufeff")).get("event", []))


def find_event(draft: Transaction, id: str) -> Event:
    event = draft.get(id)
    assert event is not None
    return event


def write_and_undo(path: Path) -> None:
    """Change a registry of FOUR_EVENTS twice, undo the second change, and check that the first one remains."""
    registry = Registry(path)
    with registry.transaction() as transaction:
        transaction.add(Event("Mới", start=date(2020, 3, 1)))
        transaction.remove("tba-hoi-nghi")
    with registry.transaction() as transaction:
        transaction.update("2020-hop", replace(find_event(transaction, "2020-hop"), location="Huế"))
    registry.undo(next(registry.undo_history()))
    events = parse_registry(path.read_text(encoding="utf-8")).events
    assert list(events) == ["2020-khao-sat", "2020-hop", "2019-dien-dan", "2020-moi"]
    assert events["2020-hop"].location == "Hà Nội"


BROKEN_REGISTRIES = """\
[[event]]
title = "good"

[[event]]
title = "no quote
start = 2020-02-20

[[event]]
start = 2020-02-20

[[event]]
title = "late"
start = 2020-02-20
end = 2020-02-19

[[event]]
id = "x"
title = "first"
status = "sure"

[[event]]
id = "y"
title = "first y"

[[event]]
id = "y"
title = "second y"
"""
