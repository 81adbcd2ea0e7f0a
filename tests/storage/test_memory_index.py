"""A write is proved without a database: answers, errors and bytes are those of the index in SQLite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import IlocalError
from ilocal.index import database, segments
from ilocal.index.build import make_index_builder
from ilocal.index.index import Index
from ilocal.model.dates import Year
from ilocal.model.event import Event
from ilocal.storage import files
from ilocal.storage.changes.text_delta import (
    EventEdit,
    EventText,
    FileChange,
    TextDelta,
    list_event_edits,
    make_undo_text_delta,
)
from ilocal.storage.memory_index import MemoryIndex
from ilocal.storage.registry_index import RegistryIndex
from ilocal.storage.toml.event_writer import format_event_block
from ilocal.storage.transaction import Transaction
from tests.support import strategies
from tests.support.index import BROKEN_TEXTS, make_folder

Step = Callable[[Transaction], object]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
IDS = ("2020-hop", "tba-khao-sat", "x", "y", "tba-khao", "tba-ngan-gon", "tba-lao-dong", "tba-a", "new", "zz")
TITLES = ("Họp", "hop", "khảo", "ngắn gọn", "lao động", "a", "thẻ")

edited_texts = st.lists(
    st.one_of(
        strategies.events().map(format_event_block),
        st.sampled_from([*strategies.HAND_WRITTEN, *BROKEN_TEXTS]),
        st.tuples(st.sampled_from(IDS[:5]), st.sampled_from(TITLES)).map(
            lambda pair: f'[[event]]\nid = "{pair[0]}"\ntitle = "{pair[1]}"\nuid = "u@{pair[0]}"\n'
        ),
    ),
    max_size=6,
).map("".join)
texts = st.one_of(strategies.registry_texts(), edited_texts, st.sampled_from(["", "\ufeff", "\ufeff# c\n"]))
registries = st.one_of(
    st.fixed_dictionaries({"": texts}),
    st.dictionaries(st.sampled_from(["2019.toml", "2020.toml", "undated.toml"]), texts, min_size=1),
)


def open_sqlite_index(path: Path) -> Index:
    fill = make_index_builder(files.list_registry_files(path))
    return Index(database.create_in_memory_database(fill), path)


def write_registry(path: Path, texts: Mapping[str, str]) -> None:
    if "" not in texts:
        path.mkdir()
    for name, text in texts.items():
        (path / name if name else path).write_bytes(text.encode())


@st.composite
def steps(draw: st.DrawFn, file: str) -> Step:
    """Draw a question to a transaction of a registry that has such a file, or a change."""
    id, other, title = draw(st.sampled_from(IDS)), draw(st.sampled_from(IDS)), draw(st.sampled_from(TITLES))
    event = Event(title, start=draw(st.sampled_from([None, Year(2019), date(2020, 1, 3), date(2021, 5, 5)])))
    block = f'[[event]]\ntitle = "{title}"\nroom = 1  # c'
    choices: list[Step] = [
        lambda found: found.add(event),
        lambda found: found.add(replace(event, id=other)),
        lambda found: found.remove(id),
        lambda found: found.update(id, replace(found.get(id) or event, location="Huế")),
        lambda found: found.update(id, replace(found.get(id) or event, id=other)),
        lambda found: found.replace_block(id, block, NOW),
        lambda found: found.restore_lines(id, block),
        lambda found: found.reinsert(EventEdit(file, other, None, EventText(block, False), id)),
        lambda found: found.reformat(),
        lambda found: (found.find_by_title(title), found.find_by_uid(f"u@{id}"), found.find_duplicate(event)),
        lambda found: (found.read_toml_lines_of_event(id), found.find_unedited_toml_lines(id, EventText(block, False))),
    ]
    return draw(st.sampled_from(choices))


@st.composite
def changed_registries(draw: st.DrawFn) -> tuple[dict[str, str], list[Step]]:
    texts = draw(registries)
    return texts, draw(st.lists(steps(min(texts)), min_size=1, max_size=4))


def ask(action: Callable[[], object]) -> object:
    """Return what an action returns, or the error that it ends with."""
    try:
        return action()
    except (IlocalError, ValueError) as error:
        return type(error).__name__, str(error)


def describe_change(change: FileChange) -> object:
    return change.file.name, change.data, change.changed_range, list_event_edits(make_undo_text_delta(change))


def make_changes(index: RegistryIndex, steps: list[Step]) -> tuple[list[object], list[FileChange]]:
    """Return what each step answers, and the changes that they come to, or the error in their place."""
    changes: list[FileChange] = []

    def change_registry() -> object:
        transaction = Transaction(index, {})
        answers = [ask(lambda step=step: step(transaction)) for step in steps]  # type: ignore[misc]
        changes.extend([] if transaction.has_nothing_to_write else transaction.prepare_changes())
        return answers

    return [ask(change_registry)], changes


def answer_everything(index: RegistryIndex) -> object:
    return (
        [(id, index.get(id), index.is_id_taken(id), index.find_location(id)) for id in IDS],
        [(event.source_file, event.source_line) for id in IDS if (event := index.get(id))],
        [index.find_by_title(title) for title in TITLES],
        [index.find_by_uid(f"u@{id}") for id in IDS],
        [(name, index.find_write_blocker(name), index.list_text_outside_events(name)) for name in index.file_states],
        index.file_states,
        index.is_current(),
    )


@pytest.mark.promise("P14")
@given(registries)
def test_all_answers_are_those_of_the_index_in_sqlite(texts: dict[str, str]) -> None:
    with make_folder() as folder:
        path = folder / "registry"
        write_registry(path, texts)
        expected = ask(lambda: answer_everything(open_sqlite_index(path)))
        assert ask(lambda: answer_everything(MemoryIndex.load(path))) == expected


@pytest.mark.promise("P1", "P14")
@given(changed_registries())
def test_the_same_is_written_with_sqlite_and_without(drawn: tuple[dict[str, str], list[Step]]) -> None:
    texts, made = drawn
    with make_folder() as folder:
        path = folder / "registry"
        write_registry(path, texts)
        opened = ask(lambda: open_sqlite_index(path))
        if not isinstance(opened, Index):
            assert ask(lambda: MemoryIndex.load(path)) == opened
            return
        with closing(opened) as index:
            answers, changes = make_changes(index, made)
            again, also_changes = make_changes(MemoryIndex.load(path), made)
        assert again == answers
        assert [*map(describe_change, also_changes)] == [*map(describe_change, changes)]


@pytest.mark.promise("P1", "P14")
@given(changed_registries(), st.integers(1, 3), st.sampled_from(["", "\n# later\n"]))
def test_the_same_is_taken_back_with_sqlite_and_without(
    drawn: tuple[dict[str, str], list[Step]], size: int, later: str
) -> None:
    texts, made = drawn
    with make_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "BLOCKS_PER_SEGMENT", size)
        path = folder / "registry"
        write_registry(path, texts)
        opened = ask(lambda: MemoryIndex.load(path))
        if not isinstance(opened, MemoryIndex):
            return
        _, changes = make_changes(opened, made)
        for change in changes:
            if change.data is not None:
                change.file.path.write_bytes(change.data + later.encode())
        back = [make_revert_step(make_undo_text_delta(change)) for change in changes]
        with closing(open_sqlite_index(path)) as index:
            answers, reverted = make_changes(index, back)
        again, also_reverted = make_changes(MemoryIndex.load(path), back)
        assert again == answers
        assert [(change.file, change.data) for change in also_reverted] == [
            (change.file, change.data) for change in reverted
        ]
        if not later:
            assert {change.file.name: change.data for change in reverted} == {
                change.file.name: texts[change.file.name].encode() if change.file.name in texts else None
                for change in changes
            }


def make_revert_step(delta: TextDelta) -> Step:
    return lambda transaction: transaction.revert(delta)
