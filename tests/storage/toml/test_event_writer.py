"""An event written as a person would write it, and read back."""

from __future__ import annotations

from datetime import date

import tomli
from hypothesis import given

from ilocal.model.event import Event, Section, Translation
from ilocal.model.serialization import event_from_dict
from ilocal.storage.toml import scanner
from ilocal.storage.toml.event_writer import format_event_block
from tests.support import strategies


@given(strategies.any_events())
def test_a_rendered_event_is_read_back(event: Event) -> None:
    text = format_event_block(event)
    assert event_from_dict(tomli.loads(text)["event"][0]) == event
    assert "".join(s.text for s in scanner.split_toml_statements(text)) == text


def test_a_written_event_looks_as_a_person_would_write_it() -> None:
    event = Event(
        'Họp "Nhóm cố vấn"',
        id="2020-hop",
        start=date(2020, 2, 20),
        topics=("CSR", "thủy sản"),
        description='Một.\n\nHai "ba" \\ \x1b',
        sections=(Section("Mục tiêu", "- một\n- hai"),),
        translations=(Translation("en", "Meeting"),),
        extra={"room": 12, "venue": {"floor": 2}},
    )
    assert (
        format_event_block(event)
        == """\
[[event]]
id = "2020-hop"
title = 'Họp "Nhóm cố vấn"'
start = 2020-02-20
topics = ["CSR", "thủy sản"]
description = \"\"\"
Một.

Hai \\"ba\\" \\\\ \\u001b\"\"\"
room = 12
venue = { floor = 2 }

[[event.section]]
heading = "Mục tiêu"
body = \"\"\"
- một
- hai\"\"\"

[event.translations.en]
title = "Meeting"
"""
    )
