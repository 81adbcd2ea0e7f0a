"""P7: every write can be taken back, an undo too, to the byte where nothing else was changed."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import tzset

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import RegistryError
from ilocal.model.event import Event
from ilocal.model.query import Query
from ilocal.storage.changes.undo_log import ChangeOrigin, UndoEntry, get_undo_folder
from ilocal.storage.changes.undo_stack import build_undo_stack
from ilocal.workspace import Registry
from tests.support.cli import Ilocal
from tests.support.registry import FOUR_EVENTS
from tests.support.strategies import events, registry_texts

pytestmark = pytest.mark.promise("P7")

NEW = '{"title": "Khảo sát", "start": "2020-03"}\n{"id": "2020-hop", "title": "Họp", "start": "2020-02-20"}\n'
WRITES = [
    ("add", "Mới", "2020-03-01"),
    ("edit", "2020-hop", "--title", "Khác", "--add-topic", "x", "--id", "2020-khac"),
    ("edit", "2019-dien-dan", "--unset", "organizers"),
    ("remove", "2020-khao-sat", "--yes"),
    ("remove", "--from", "2019", "--yes"),
    ("import", "new.jsonl", "--update"),
]


@pytest.mark.parametrize("write", WRITES, ids=[" ".join(write[:2]) for write in WRITES])
@pytest.mark.parametrize("form", ["as it is", "CRLF", "no last line end", "byte-order mark"])
def test_undo_gives_the_old_bytes_back_and_redo_the_new_ones(
    ilocal: Ilocal, registry: Path, tmp_path: Path, write: tuple[str, ...], form: str
) -> None:
    (tmp_path / "new.jsonl").write_text(NEW, encoding="utf-8")
    text = {
        "as it is": FOUR_EVENTS,
        "CRLF": FOUR_EVENTS.replace("\n", "\r\n"),
        "no last line end": FOUR_EVENTS.rstrip("\n"),
        "byte-order mark": "\ufeff" + FOUR_EVENTS,
    }[form]
    registry.write_bytes(text.encode())
    assert ilocal(*write).code == 0
    new = registry.read_bytes()
    assert new != text.encode()
    assert ilocal("undo").code == 0
    assert registry.read_bytes() == text.encode()
    assert ilocal("redo").code == 0
    assert registry.read_bytes() == new


@pytest.mark.parametrize("text", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_what_was_added_to_a_registry_without_any_text_can_be_undone(
    ilocal: Ilocal, registry: Path, text: bytes
) -> None:
    registry.write_bytes(text)
    assert ilocal("add", "Họp", "2020-03-01").code == 0
    assert ilocal("undo", "--list").out.endswith("  addition of Họp\n")
    assert ilocal("undo").code == 0
    assert registry.read_bytes() == text


def test_what_became_a_part_of_a_string_since_is_not_cut_out_of_it(ilocal: Ilocal, registry: Path) -> None:
    text = '[[event]]\nid = "a"\ntitle = "A"\nx = "12"\n\n[[event]]\nid = "c"\ntitle = "C"\n'
    registry.write_text(text, encoding="utf-8")
    assert ilocal("add", "B", "2020-03-01").code == 0
    # All that was added stands where it stood, to the byte, and is no event any more.
    edited = registry.read_text(encoding="utf-8").replace('x = "12"', 'x = """1') + '"""\n'
    registry.write_text(edited, encoding="utf-8")
    assert ilocal("undo").code != 0
    assert registry.read_text(encoding="utf-8") == edited


FIRST = '# top\n[[event]]\nid = "a"\ntitle = "A"\n# c\n[[event]]\nid = "b"\ntitle = "B"\n'
QUARTER = '[[event]]\nid = "z"\ntitle = "Z"\n{}\n\n[[event]]\nid = "a"\ntitle = "A"\n[[event]]\nid = "b"\ntitle = "B"\n'


@pytest.mark.parametrize("text", [FIRST, QUARTER.format("\n# Quý 1"), QUARTER.format("# t1\n\n# t2")])
def test_comments_around_what_was_removed_are_where_they_were(ilocal: Ilocal, registry: Path, text: str) -> None:
    registry.write_text(text, encoding="utf-8")
    assert ilocal("remove", "--yes", "a").code == 0
    assert ilocal("undo").code == 0
    assert registry.read_text(encoding="utf-8") == text


def list_changes(ilocal: Ilocal) -> list[tuple[str, str]]:
    """Return the number and the words of each change in `undo --list`."""
    lines = [line.strip().split("  ") for line in ilocal("undo", "--list").out.splitlines()]
    return [(number, what) for number, _time, what in lines]


def test_each_change_has_a_number_and_is_told_in_words(ilocal: Ilocal, registry: Path) -> None:
    for write in WRITES[:4]:
        assert ilocal(*write).code == 0
    assert list_changes(ilocal) == [
        ("4", "removal of Khảo sát cuối kì về lao động trẻ em"),
        ("3", "edit of Diễn đàn Lao động: organizers"),
        ("2", "edit of Khác: title, id, topics"),
        ("1", "addition of Mới"),
    ]
    assert ilocal("undo", "3").err == (
        '2019-dien-dan: Diễn đàn Lao động\n  organizers:\n  + ILO\n  + Bộ LĐTBXH\n'
        'Undid change 3: edit of Diễn đàn Lao động: organizers\n'
    )  # fmt: skip
    assert ilocal("redo", "--dry-run").err == (
        '2019-dien-dan: Diễn đàn Lao động\n  organizers:\n  - ILO\n  - Bộ LĐTBXH\n'
    )  # fmt: skip
    assert ilocal("undo", "1").err == "- 2020-moi: Mới\nUndid change 1: addition of Mới\n"
    assert ilocal("undo", "4").err == (
        "+ 2020-khao-sat: Khảo sát cuối kì về lao động trẻ em\n"
        "Undid change 4: removal of Khảo sát cuối kì về lao động trẻ em\n"
    )
    assert ilocal("undo", "2").code == 0
    assert registry.read_text(encoding="utf-8").count("[[event]]") == 4


def test_undo_steps_back_and_redo_forward_until_a_new_change(ilocal: Ilocal, registry: Path) -> None:
    texts = [registry.read_bytes()]
    for title in ("A", "B", "C"):
        assert ilocal("add", title).code == 0
        texts.append(registry.read_bytes())
    for n in (2, 1, 0):
        assert ilocal("undo").code == 0
        assert registry.read_bytes() == texts[n]
    assert ilocal("undo") == (
        5,
        "",
        "ilocal: all changes have already been undone; nothing was changed\nhint: to redo the change, run: ilocal redo\n",
    )
    for n in (1, 2):
        assert (
            ilocal("redo").err == f"+ tba-{'ab'[n - 1]}: {'AB'[n - 1]}\nRedid change {n}: addition of {'AB'[n - 1]}\n"
        )
        assert registry.read_bytes() == texts[n]
    assert list_changes(ilocal)[:5] == [
        ("8", "redo of change 2 (addition of B)"),
        ("7", "redo of change 1 (addition of A)"),
        ("6", "undo of change 1 (addition of A)"),
        ("5", "undo of change 2 (addition of B)"),
        ("4", "undo of change 3 (addition of C)"),
    ]
    assert ilocal("add", "D").code == 0
    assert ilocal("redo") == (
        5,
        "",
        "ilocal: there is nothing to redo; nothing was changed\nhint: ilocal undo --list\n",
    )
    assert ilocal("undo", "3").err == (
        "ilocal: change 3 has already been undone; nothing was changed\nhint: to make the change again, run: ilocal undo 4\n"
    )
    assert ilocal("undo", "4").err == "+ tba-c: C\nRedid change 3: addition of C\n"
    for title in ("C", "D", "B", "A"):
        assert ilocal("undo").err.endswith(f": addition of {title}\n")
    assert registry.read_bytes() == texts[0]


@given(st.lists(st.sampled_from(["write", "undo", "redo"]), max_size=14))
def test_undo_and_redo_walk_along_the_changes(steps: list[str]) -> None:
    """The model: the texts that were reached, and a place among them."""
    entries: list[UndoEntry] = []
    done: list[int] = []
    undone: list[int] = []
    for number, step in enumerate(steps, start=1):
        stack = build_undo_stack(entries)
        assert ([one.number for one in stack.done], [one.number for one in stack.undone]) == (done, undone)
        origin = ChangeOrigin("add")
        if step == "undo" and done:
            undone.append(done.pop())
            origin = ChangeOrigin("undo", undoes=stack.done[-1].number)
        elif step == "redo" and undone:
            done.append(undone.pop())
            origin = ChangeOrigin("redo", redoes=stack.undone[-1].number)
        else:
            done.append(number)
            undone.clear()
        entries.append(UndoEntry(number, datetime(2020, 2, 20, tzinfo=UTC), (), origin=origin))


def test_changes_are_listed_as_json_and_in_vietnamese(ilocal: Ilocal, registry: Path, tmp_path: Path) -> None:
    (tmp_path / "new.jsonl").write_text(NEW, encoding="utf-8")
    assert ilocal("import", "new.jsonl", "--update").code == 0
    assert ilocal("edit", "2020-khao-sat", "--location", "Huế").code == 0
    assert ilocal("undo").code == 0
    found = json.loads(ilocal("undo", "--list", "-f", "json").out)
    assert [
        {key: change.get(key) for key in ("number", "command", "details", "undoes", "is_undone")} for change in found
    ] == [
        {"number": 3, "command": "undo", "details": None, "undoes": 2, "is_undone": False},
        {"number": 2, "command": "edit", "details": None, "undoes": None, "is_undone": True},
        {"number": 1, "command": "import", "details": "new.jsonl", "undoes": None, "is_undone": False},
    ]
    assert found[1]["events"] == [
        {
            "change": "changed",
            "id": "2020-khao-sat",
            "title": "Khảo sát cuối kì về lao động trẻ em",
            "fields": ["location"],
        }
    ]
    printed = ilocal("--lang", "vi", "undo", "--list").out.splitlines()
    assert [line.split("  ")[2] for line in printed] == [
        "hoàn tác thay đổi số 2 (sửa Khảo sát cuối kì về lao động trẻ em: địa điểm)",
        "sửa Khảo sát cuối kì về lao động trẻ em: địa điểm (đã hoàn tác)",
        "nhập 2 sự kiện từ new.jsonl",
    ]
    assert ilocal("undo", "-f", "json").err == (
        "ilocal: --format can only be used with --list\nhint: ilocal undo --list -f json\n"
    )


def test_what_a_write_did_is_told_also_without_a_changed_field_or_an_id(ilocal: Ilocal, registry: Path) -> None:
    registry.write_text(
        '[[event]]\ntitle = "Cũ"\nstart = 2020-01-01\n\n[[event]]\ntitle = "Mới"\nstart = 2020-03-01\n',
        encoding="utf-8",
    )
    assert ilocal("fmt").code == 0
    told = "(only the layout)"
    assert list_changes(ilocal) == [("1", told)]
    assert ilocal("undo").err == f"{told}\nUndid change 1: {told}\n"
    registry.write_text(
        registry.read_text(encoding="utf-8").replace(
            'title = "Mới"\nstart = 2020-03-01', 'start = 2020-03-01\ntitle = "Mới"'
        )
    )
    assert ilocal("fmt").code == 0
    assert ilocal("undo").err == f"2020-moi: Mới {told}\nUndid change 3: fmt: edit of Mới {told}\n"


def test_the_change_of_ilocal_that_is_in_the_way_is_named(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("edit", "2020-hop", "--title", "Khác").code == 0
    assert ilocal("edit", "2020-hop", "--title", "Khác nữa").code == 0
    assert ilocal("undo", "1") == (
        5,
        "",
        'ilocal: "2020-hop" was changed again by change 2 (edit of Khác nữa: title); nothing was changed\n'
        "hint: to undo the later change first, run: ilocal undo 2\n",
    )
    assert ilocal("edit", "2020-hop", "--id", "hop").code == 0
    assert "change 3" in ilocal("undo", "1").err


@pytest.mark.parametrize(
    ("zone", "time"), [("Asia/Ho_Chi_Minh", "20/02/2020 07:30:00"), ("UTC", "20/02/2020 00:30:00 UTC+00:00")]
)
def test_changes_are_listed_by_the_clock_of_this_machine_with_its_zone_where_the_registry_has_another(
    ilocal: Ilocal, registry: Path, monkeypatch: pytest.MonkeyPatch, zone: str, time: str
) -> None:
    assert ilocal("edit", "2020-hop", "--title", "Khác").code == 0
    (log,) = get_undo_folder(registry).glob("*.json")
    log.write_text(re.sub('"when": "[^"]+"', '"when": "2020-02-20T00:30:00+00:00"', log.read_text("utf-8")), "utf-8")
    Path("mine.toml").write_text('date_format = "dmy"\n', encoding="utf-8")
    monkeypatch.setenv("ILOCAL_CONFIG", "mine.toml")
    monkeypatch.setenv("TZ", zone)
    tzset()
    try:
        assert ilocal("undo", "--list").out == f"1  {time}  edit of Khác: title\n"
    finally:
        monkeypatch.delenv("TZ")
        tzset()


def test_an_older_write_is_taken_back_among_newer_ones_and_hand_edits(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("remove", "2020-hop", "--yes").code == 0
    assert ilocal("add", "Mới", "2020-03-01").code == 0
    registry.write_text(registry.read_text(encoding="utf-8").replace("# Ours.", "# Ours, all."), encoding="utf-8")
    assert ilocal("undo", "1").code == 0
    # It stands where it stood, with its comments and its own keys.
    added = registry.read_text(encoding="utf-8").partition('\n[[event]]\nid = "2020-moi"')
    assert added[0] == FOUR_EVENTS.replace("# Ours.", "# Ours, all.")


def test_what_was_changed_since_is_not_undone(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("edit", "2020-hop", "--title", "Khác").code == 0
    text = registry.read_text(encoding="utf-8").replace("Khác", "Bằng tay")
    registry.write_text(text, encoding="utf-8")
    assert ilocal("undo") == (5, "", 'ilocal: "2020-hop" was edited by hand after that change; nothing was changed\n')
    assert registry.read_text(encoding="utf-8") == text


def test_undo_without_anything_to_undo_is_exit_5(ilocal: Ilocal, registry: Path) -> None:
    assert ilocal("undo") == (5, "", "ilocal: there is nothing to undo; nothing was changed\n")
    assert ilocal("undo", "--list") == (0, "", "")
    assert (
        ilocal("undo", "7").err
        == "ilocal: there is no change 7 in the history; nothing was changed\nhint: ilocal undo --list\n"
    )


def test_a_folder_is_as_it_was_also_where_a_file_was_new(ilocal: Ilocal, tmp_path: Path) -> None:
    (tmp_path / "years").mkdir()
    (tmp_path / "years" / "2020.toml").write_text(FOUR_EVENTS, encoding="utf-8")
    lines = '{"title": "A", "start": "2020-05"}\n{"title": "B", "start": "2021-05"}\n'
    (tmp_path / "new.jsonl").write_text(lines, encoding="utf-8")

    def texts() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (tmp_path / "years").iterdir()}

    before = texts()
    assert ilocal("-r", "years", "add", "--jsonl", "new.jsonl").code == 0
    after = texts()
    assert sorted(after) == ["2020.toml", "2021.toml"]
    assert ilocal("-r", "years", "undo").code == 0
    assert texts() == before
    assert ilocal("-r", "years", "redo").code == 0
    assert texts() == after


@given(
    text=registry_texts(),
    steps=st.lists(st.tuples(events(), st.sampled_from(["add", "remove", "both"]), st.integers(0, 9)), max_size=4),
)
def test_undoing_write_after_write_gives_the_bytes_back_that_were_there_before(
    text: str, steps: list[tuple[Event, str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("undo") / "events.toml"
    path.write_bytes(text.encode())
    workspace = Registry(path)
    texts = []
    for event, what, pick in steps:
        texts.append(path.read_bytes())
        with suppress(RegistryError), workspace.transaction() as draft:
            ids = [old.id for old in workspace.select(Query(collapse_series=True))]
            old = ids[pick % len(ids)] if ids else None
            if what != "remove" or old is None:
                draft.add(replace(event, id=""))
            if what != "add" and old is not None:
                draft.remove(old)
        if path.read_bytes() == texts[-1]:
            texts.pop()  # refused: the text is written in an unusual way
    done = list(workspace.undo_history())
    assert len(done) == len(texts)
    for write, before in zip(done, reversed(texts), strict=True):
        workspace.undo(write)
        assert path.read_bytes() == before
