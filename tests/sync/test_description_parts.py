"""A description that was changed elsewhere goes back into summary, description and sections."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ilocal.formats.ics.to_vevent import format_vevent_description
from ilocal.model.event import Event, Section
from ilocal.sync.description_parts import place_description

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
        values = place_description(EVENT, TOLD, TOLD.replace(old, new))
        assert values is not None, old
        assert replace(EVENT, **values) == expected


def test_what_may_belong_to_several_parts_is_not_placed() -> None:
    assert place_description(EVENT, TOLD, "Viết lại hết.") is None
    assert place_description(EVENT, TOLD, TOLD.replace("Mục tiêu\n\n", "")) is None
    assert place_description(EVENT, "as it never was", TOLD) is None


def test_an_event_with_a_description_alone_takes_any_text() -> None:
    assert place_description(Event("A", description="x"), "x", "y\n\nz") == {"description": "y\n\nz"}


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
    values = place_description(event, old, text)
    if values is not None:
        told = format_vevent_description(replace(event, **values))
        assert [line for line in told.split() if line] == [line for line in text.split() if line]
