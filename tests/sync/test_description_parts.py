"""A description that was changed elsewhere goes back into summary, description and sections."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.formats.ics.to_vevent import format_vevent_description
from ilocal.model.event import Event, Section
from ilocal.sync.description_parts import place_synced_description
from tests.support.cli import Ilocal
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.registry import parse_registry

EVENT = Event(
    "Hội nghị",
    summary="Tóm tắt.",
    description="Đoạn một.\n\nĐoạn hai.",
    sections=(Section("Mục tiêu", "- một\n- hai"), Section("Chương trình", "Sáng: khai mạc")),
)
TOLD = format_vevent_description(EVENT)


def test_a_changed_line_goes_to_the_part_that_it_stood_in() -> None:
    edits = {
        ("- hai", "- ba"): replace(EVENT, sections=(Section("Mục tiêu", "- một\n- ba"), EVENT.sections[1])),
        ("Mục tiêu", "Mục đích"): replace(EVENT, sections=(Section("Mục đích", "- một\n- hai"), EVENT.sections[1])),
        ("Đoạn hai.", "Đoạn hai.\n\nĐoạn ba."): replace(EVENT, description="Đoạn một.\n\nĐoạn hai.\n\nĐoạn ba."),
        ("Tóm tắt.\n\n", ""): replace(EVENT, summary=""),
        ("khai mạc", "khai mạc\nChiều: bế mạc"): replace(
            EVENT, sections=(EVENT.sections[0], Section("Chương trình", "Sáng: khai mạc\nChiều: bế mạc"))
        ),
        ("\n\nMục tiêu\n\n- một\n- hai", ""): replace(EVENT, sections=EVENT.sections[1:]),
    }
    for (old, new), expected in edits.items():
        values = place_synced_description(EVENT, TOLD, TOLD.replace(old, new))
        assert values is not None, old
        assert replace(EVENT, **values) == expected


def test_what_may_belong_to_several_parts_is_not_placed() -> None:
    assert place_synced_description(EVENT, TOLD, "Viết lại hết.") is None
    assert place_synced_description(EVENT, TOLD, TOLD.replace("Mục tiêu\n\n", "")) is None
    assert place_synced_description(EVENT, "as it never was", TOLD) is None


def test_an_event_with_a_description_alone_takes_any_text() -> None:
    assert place_synced_description(Event("A", description="x"), "x", "y\n\nz") == {"description": "y\n\nz"}


LINES = st.lists(st.sampled_from(["một", "hai", "ba", "- bốn", ""]), max_size=6).map("\n".join)


@given(
    summary=LINES,
    description=LINES,
    bodies=st.lists(LINES, max_size=3),
    new=LINES,
    at=st.integers(0, 10),
    n=st.integers(0, 4),
)
def test_what_is_placed_tells_the_new_text_and_changes_no_other_part(
    summary: str, description: str, bodies: list[str], new: str, at: int, n: int
) -> None:
    sections = tuple(Section(f"Mục {number}", body) for number, body in enumerate(bodies))
    event = Event("A", summary=summary, description=description, sections=sections)
    old = format_vevent_description(event)
    lines = old.splitlines()
    text = "\n".join([*lines[:at], *new.splitlines(), *lines[at + n :]])
    values = place_synced_description(event, old, text)
    if values is not None:
        told = format_vevent_description(replace(event, **values))
        assert [line for line in told.split() if line] == [line for line in text.split() if line]


REGISTRY = """\
[[event]]
id = "2020-hoi-nghi"
title = "Hội nghị"
start = 2020-03-05
summary = "Tóm tắt."
description = "Đoạn một."

[[event.section]]
heading = "Mục tiêu"
body = "- một\\n- hai"
"""


def drop_our_properties(path: Path, old: str = "", new: str = "") -> None:
    """Leave a calendar file as another program writes it, with one text replaced."""
    lines = path.read_bytes().decode().replace("\r\n ", "").split("\r\n")
    text = "\r\n".join(line for line in lines if not line.startswith("X-"))
    path.write_bytes((text.replace(old, new) if old else text).encode())


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        ((), ("", "")),
        (("- hai", "- hai\\n- ba"), ('"- một\\n- hai"', '"""\n- một\n- hai\n- ba"""')),
        (("Đoạn một.", "Đoạn mới."), ("Đoạn một.", "Đoạn mới.")),
        (("SUMMARY:Hội nghị", "SUMMARY:Hội nghị lớn"), ('title = "Hội nghị"', 'title = "Hội nghị lớn"')),
    ],
)
def test_a_calendar_without_our_properties_does_not_double_the_sections(
    ilocal: Ilocal, tmp_path: Path, edit: tuple[str, ...], changed: tuple[str, str]
) -> None:
    path = tmp_path / "events.toml"
    path.write_text(REGISTRY, encoding="utf-8")
    ilocal("export", "a.ics")
    drop_our_properties(tmp_path / "a.ics", *edit)
    n = int(bool(edit))
    counts = f"0 new, {n} updated, {1 - n} unchanged, 0 rejected"
    assert ilocal("import", "a.ics", "--update").err.splitlines()[-1] == counts
    text = path.read_text(encoding="utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if not line.startswith(("updated =", "revision =")))
    assert kept == REGISTRY.replace(*changed)
    assert ilocal("import", "a.ics", "--update").err.splitlines()[-1] == "0 new, 0 updated, 1 unchanged, 0 rejected"


def test_a_text_that_cannot_be_taken_apart_is_there_once(ilocal: Ilocal, tmp_path: Path) -> None:
    path = tmp_path / "events.toml"
    path.write_text(REGISTRY, encoding="utf-8")
    ilocal("export", "a.ics")
    drop_our_properties(tmp_path / "a.ics", "Đoạn một.\\n\\nMục tiêu\\n", "Viết lại\\n")
    ilocal("import", "a.ics", "--update")
    (event,) = parse_registry(path.read_text(encoding="utf-8")).events.values()
    assert (event.summary, event.description, event.sections) == ("", "Tóm tắt.\n\nViết lại\n\n- một\n- hai", ())
    path.write_text(REGISTRY, encoding="utf-8")
    ilocal("export", "a.ics")
    drop_our_properties(tmp_path / "a.ics", "Tóm tắt.\\n\\nĐoạn một.\\n\\nMục tiêu\\n\\n- một\\n- hai", "Chỉ là mô tả.")
    ilocal("import", "a.ics", "--update")
    (event,) = parse_registry(path.read_text(encoding="utf-8")).events.values()
    assert (event.summary, event.description, len(event.sections)) == ("Tóm tắt.", "Chỉ là mô tả.", 1)


def test_the_shipped_events_are_unchanged_by_a_calendar_without_our_properties(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_bytes(SHIPPED_REGISTRY.read_bytes())
    ilocal("export", "a.ics")
    drop_our_properties(tmp_path / "a.ics")
    assert ilocal("import", "a.ics", "--update").code == 0
    assert (tmp_path / "events.toml").read_bytes() == SHIPPED_REGISTRY.read_bytes()
