"""The registry's text: cut, read, and changed without touching another byte."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import date

import pytest
import tomli
from hypothesis import assume, given
from hypothesis import strategies as st

from ilocal import block, document
from ilocal.block import render
from ilocal.draft import Draft
from ilocal.errors import ConflictError, HandleError, IlocalError, RegistryError
from ilocal.event import Event, Section, Translation
from ilocal.handles import resolve
from ilocal.plain import from_plain
from ilocal.registry import read_block, unknown_inside
from ilocal.scan import comments
from tests.conftest import FOUR, SHIPPED, drafted, drawn_up, parsed
from tests.support import strategies


def tables(text: str) -> list[object]:
    return list(tomli.loads(text.removeprefix("\ufeff")).get("event", []))


def known(draft: Draft, id: str) -> Event:
    event = draft.get(id)
    assert event is not None
    return event


# ---------------------------------------------------------------------------------------------------------------- laws


@given(strategies.registry_texts())
def test_cut_text_is_the_text_and_says_the_same(text: str) -> None:
    found = document.read(text.encode())
    assert "".join(map(found.text, found.pieces)) == text.removeprefix("\ufeff")
    assert [piece.table for piece in found.pieces if piece.is_event] == tables(text)
    assert not found.locked


@given(strategies.registry_texts(), st.lists(strategies.any_events(), min_size=1, max_size=3))
def test_add_leaves_every_old_byte_and_remove_gives_them_back(text: str, events: list[Event]) -> None:
    draft = drafted(text)
    added = [draft.add(event) for event in events]
    new = drawn_up(draft)
    assert new.startswith(text)
    found = parsed(new)
    assert [found.events[event.id] for event in added] == added
    undone = drafted(new)
    for event in added:
        undone.remove(event.id)
    assert drawn_up(undone) == text


@given(strategies.registry_texts(least=1), strategies.any_events(), st.data())
def test_edit_changes_the_lines_of_one_event_and_no_other(text: str, other: Event, data: st.DataObject) -> None:
    registry = parsed(text)
    id = data.draw(st.sampled_from(sorted(registry.events)))
    before = registry.events[id]
    names = data.draw(st.lists(st.sampled_from(["title", "location", "topics", "description", "sections"]), min_size=1))
    if data.draw(st.booleans()):  # what recurs hangs together, and on the start
        names = [*names, "start", "end", "timezone", "rrule", "rdates", "exdates", "overrides", "uid"]
    after = replace(before, **{name: getattr(other, name) for name in names})
    draft = drafted(text)
    draft.put(id, after)
    try:
        new = drawn_up(draft)
    except RegistryError:  # a section that goes would take a key of its owner's with it
        assert {"sections", "overrides"} & {*names}
        assert any(unknown_inside(registry.origins[id].piece.table or {}))
        return
    assert parsed(new).events[id] == after
    document, piece = registry.origins[id]
    assert new.encode().startswith(document.data[: piece.start])
    assert new.encode().endswith(document.data[piece.end :])
    if "sections" not in names:
        assert not [found.group() for found in comments(document.text(piece)) if found.group().strip() not in new]


def test_an_empty_text_of_an_owners_key_can_be_put_where_there_was_none() -> None:
    text = '[[event]]\nid = "a"\ntitle = "A"\nstart = 2018-12-01\n\n[[event.override]]\nrecurrence_id = 2018-12-01\n'
    event = parsed(text).events["a"]
    draft = drafted(text)
    draft.put("a", replace(event, extra={"note": ""}, overrides=(replace(event.overrides[0], extra={"room": ""}),)))
    assert drawn_up(draft) == (
        '[[event]]\nid = "a"\ntitle = "A"\nstart = 2018-12-01\nnote = ""\n\n'
        '[[event.override]]\nrecurrence_id = 2018-12-01\nroom = ""\n'
    )


@given(strategies.registry_texts(least=1), st.data())
def test_remove_takes_one_event_and_keeps_the_comments_after_it(text: str, data: st.DataObject) -> None:
    registry = parsed(text)
    id = data.draw(st.sampled_from(sorted(registry.events)))
    draft = drafted(text)
    draft.remove(id)
    new = drawn_up(draft)
    gone = registry.origins[id].piece
    pieces = registry.sources[0].document.pieces
    left = [piece.table for piece in pieces if piece.is_event and piece is not gone]
    assert tables(new) == left
    assert text.count("# between") == new.count("# between")


@given(strategies.any_events())
def test_a_rendered_event_is_read_back(event: Event) -> None:
    text = render(event)
    assert from_plain(tomli.loads(text)["event"][0]) == event
    assert "".join(s.text for s in block.statements(text)) == text


# ------------------------------------------------------------------------------------------------------------ examples


def test_an_edit_shows_in_a_diff_as_its_own_lines() -> None:
    draft = drafted(FOUR)
    old = known(draft, "2020-khao-sat")
    draft.put(old.id, replace(old, end=date(2020, 3, 1), topics=("LĐTE", "CSR"), location="Huế"))
    diff = list(difflib.unified_diff(FOUR.split("\n"), drawn_up(draft).split("\n"), n=0, lineterm=""))[2:]
    assert diff == [
        "@@ -14,2 +14,3 @@",
        "-end = 2020-02-29  # the last day",
        '-topics = ["lao động trẻ em"]',
        "+end = 2020-03-01  # the last day",
        '+location = "Huế"',
        '+topics = ["LĐTE", "CSR"]',
    ]


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
        render(event)
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


def test_comments_stay_where_a_value_changes_or_goes() -> None:
    text = '[[event]]\n# top\ntitle   =   "T"  # the title\ntopics = [\n  "a", # first\n  "b",\n] # all\nend = 2020-02-21 # e\nstart = 2020-02-20\n'
    draft = drafted(text)
    (event,) = parsed(text).events.values()
    draft.put(event.id, replace(event, title="N # x", topics=("z",), end=None))
    assert drawn_up(draft) == (
        f'[[event]]\nid = "{event.id}"\n# top\ntitle   =   "N # x"  # the title\n# first\ntopics = ["z"]  # all\n# e\n'
        "start = 2020-02-20\n"
    )


def test_a_comment_right_above_an_event_goes_with_it() -> None:
    draft = drafted(FOUR)
    assert draft.remove("2020-hop").startswith("# Attached to the meeting.\n[[event]]\n")
    assert drawn_up(draft) == FOUR.replace(FOUR[FOUR.index("\n# Attached") : FOUR.index('\n[[event]]\nid = "2019')], "")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a.b.c\n[[event]]\n", "f.toml:1: not valid TOML: expected '=' after a key in a key/value pair"),
        (
            '[registry]\na=1\n\n[[event]]\ntitle="x"\n[registry]\n',
            "f.toml:6: not valid TOML: cannot declare ('registry',) twice",
        ),
        ("[registry\n", "f.toml:1: not valid TOML: expected ']' at the end of a table declaration"),
        ("event = 5\n", "f.toml: event must be a list of tables, each written as an [[event]] block"),
        ("x = " + "[" * 5000, "f.toml:1: not valid TOML: nested too deeply"),
    ],
)
def test_what_is_no_registry_is_refused_with_its_line(text: str, place: str) -> None:
    with pytest.raises(RegistryError) as error:
        parsed(text)
    assert error.value.message == place


BROKEN = """\
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


def test_a_broken_event_is_named_and_hides_no_other() -> None:
    registry = parsed(BROKEN)
    assert [event.title for event in registry.events.values()] == ["good", "first y"]
    assert [problem.at("f.toml") for problem in registry.problems] == [
        "f.toml:5: not valid TOML: illegal character '\\n'",
        "f.toml:8: title: an event needs a title",
        "f.toml:14: end: the end (2020-02-19) is before the start (2020-02-20)",
        'f.toml:19: status: unknown status "sure" (tentative, confirmed, cancelled, postponed)',
        'f.toml:26: id: "y" is already the id of the event in line 21',
    ]


def test_a_text_with_broken_toml_is_never_rewritten() -> None:
    with pytest.raises(RegistryError, match="f.toml:5: not valid TOML"):
        drafted(BROKEN)


@pytest.mark.parametrize(
    "text", ['event = [{ title = "x" }]\n', '[[event]]\ntitle = "a"\n[["e\\u0076ent"]]\ntitle = "b"\n']
)
def test_events_in_another_notation_are_read_but_not_changed(text: str) -> None:
    registry = parsed(text)
    assert [event.title for event in registry.events.values()] == [t["title"] for t in tables(text)]  # type: ignore[index]
    with pytest.raises(RegistryError, match="cannot be changed"):
        drafted(text)


def test_a_change_that_does_not_take_is_refused() -> None:
    draft = drafted('[[event]]\ntitle = "a"\ntranslations.en.title = "b"\n')
    draft.put("tba-a", replace(known(draft, "tba-a"), translations=(Translation("en", "c"),)))
    with pytest.raises(RegistryError, match="touch more than its event"):
        drawn_up(draft)


def test_a_hash_that_ends_a_string_is_no_comment() -> None:
    text = '[[event]]\ntitle = "A"\ndescription = """\nText\n#ILO #CSR"""\n[[event]]\ntitle = "B"\n'
    draft = drafted(text)
    assert list(parsed(text).events) == ["tba-a", "tba-b"]
    draft.remove("tba-a")
    assert drawn_up(draft) == '[[event]]\ntitle = "B"\n'


SPEAKER = """\
[[event]]
id = "a"
title = "A"

[[event.section]]
heading = "One"
[event.section.speaker]
name = "Lan"

[[event.section]]
heading = "Two"
room = "5"
"""


def test_tables_inside_a_section_stay_with_it() -> None:
    draft = drafted(SPEAKER)
    event = known(draft, "a")
    draft.put("a", replace(event, sections=(replace(event.sections[0], heading="One!"), event.sections[1])))
    assert drawn_up(draft) == SPEAKER.replace('"One"', '"One!"')
    draft = drafted(SPEAKER)
    draft.put("a", replace(event, sections=event.sections[1:]))
    with pytest.raises(RegistryError, match="touch more than its event"):
        drawn_up(draft)


def test_only_new_lines_take_the_line_end_of_the_file() -> None:
    text = '# a\r\n\r\n[[event]]\r\ntitle = "A"\nkind = "b"\n'
    draft = drafted(text)
    draft.put("tba-a", replace(known(draft, "tba-a"), location="Huế"))
    assert drawn_up(draft) == '# a\r\n\r\n[[event]]\r\nid = "tba-a"\r\ntitle = "A"\nlocation = "Huế"\r\nkind = "b"\n'


def test_a_nan_anywhere_stands_in_no_ones_way() -> None:
    draft = drafted('x = nan\n[[event]]\ntitle = "A"\ny = [nan]\n')
    draft.put("tba-a", replace(known(draft, "tba-a"), kind="k"))
    assert drawn_up(draft).endswith('kind = "k"\ny = [nan]\n')


@pytest.mark.parametrize("inside", ["[x] note\n" * 3000, "[[event]]\n" * 3000, "- [link](x)\n" * 3000])
def test_a_long_text_full_of_brackets_is_read_and_edited_in_one_go(inside: str) -> None:
    text = f'[[event]]\ntitle = "A"\ndescription = """\n{inside}"""\n\n[[event]]\ntitle = "B"\n'
    draft = drafted(text)
    assert list(parsed(text).events) == ["tba-a", "tba-b"]
    draft.put("tba-b", replace(known(draft, "tba-b"), kind="k"))
    draft.put("tba-a", replace(known(draft, "tba-a"), kind="k"))
    assert drawn_up(draft).count('kind = "k"') == 2


def test_a_forgotten_quote_costs_its_event_and_no_time() -> None:
    good = "".join(f'[[event]]\ntitle = "{n}"\ndescription = """\nText.\n"""\n' for n in range(2000))
    registry = parsed('[[event]]\ntitle = "x"\ndescription = """\nText.\n' + good)
    assert (len(registry.events), len(registry.problems)) == (2000, 1)


def test_an_event_without_an_id_gets_it_written_with_its_first_change() -> None:
    draft = drafted('[[event]]\ntitle = "A"\n')
    draft.put("tba-a", replace(known(draft, "tba-a"), kind="meeting"))
    assert drawn_up(draft) == '[[event]]\nid = "tba-a"\ntitle = "A"\nkind = "meeting"\n'


def test_ids_are_never_given_twice() -> None:
    text = '[[event]]\nid = "tba-a"\nstatus = "broken"\n\n[[event]]\ntitle = "A"\n'
    draft = drafted(text)
    assert list(parsed(text).events) == ["tba-a-2"]
    assert draft.add(Event("A")).id == "tba-a-3"
    with pytest.raises(ConflictError):
        draft.add(Event("B", id="tba-a"))


@pytest.mark.parametrize(
    "text", ["", "x = 1\n", '[[event]]\ntitle="a"\n[[event]]\ntitle="b"\n', "[[event]]\nstart=1\n", "[["]
)
def test_an_edited_block_is_exactly_one_event(text: str) -> None:
    with pytest.raises(IlocalError):
        read_block(text)


IDS = ["2020-khao-sat-cuoi-ki", "2019-khao-sat-cuoi-ki-cua-du-an", "2019-hop-bao", "2018-hop-bao", "A_1"]


@pytest.mark.parametrize(
    ("handle", "id"),
    [
        ("2019-hop-bao", "2019-hop-bao"), ("2019-h", "2019-hop-bao"), ("khao-sat-cuoi-ki", "2020-khao-sat-cuoi-ki"),
        ("khao-sat-cuoi-ki-c", "2019-khao-sat-cuoi-ki-cua-du-an"), ("du-an", "2019-khao-sat-cuoi-ki-cua-du-an"),
        ("Dự án", "2019-khao-sat-cuoi-ki-cua-du-an"), ("bao 2018", "2018-hop-bao"), ("A_1", "A_1"),
    ],
)  # fmt: skip
def test_a_handle_names_one_event(handle: str, id: str) -> None:
    assert resolve(handle, IDS) == id


def test_an_ambiguous_handle_lists_its_candidates() -> None:
    with pytest.raises(HandleError) as error:
        resolve("hop", IDS)
    assert error.value.message == '"hop" may mean 2 events'
    assert (error.value.hint, error.value.choices) == ("one of", ["2019-hop-bao", "2018-hop-bao"])
    for unknown in ("xyz", "", "…", "sat2"):
        with pytest.raises(HandleError, match="no event is called"):
            resolve(unknown, IDS)


def test_the_shipped_registry_has_the_21_events() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    registry = parsed(text)
    assert (len(registry.events), registry.problems) == (21, ())
    assert tables(text) == [piece.table for piece in registry.sources[0].document.pieces if piece.is_event]


@given(strategies.registry_texts(), st.text(max_size=20), st.integers(0, 500))
def test_any_damage_is_a_problem_or_an_error_and_never_an_exception(text: str, damage: str, at: int) -> None:
    broken = text[:at] + damage + text[at:]
    try:
        registry = parsed(broken)
    except RegistryError:
        return
    assume(registry.sources[0].document.pieces)
    assert all(problem.line >= 0 and problem.message for problem in registry.problems)
