"""An index brought up to date says what a new one says, and reads no more than it must."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import RegistryError
from ilocal.index import database, segments
from ilocal.storage import files
from ilocal.storage.toml.event_writer import format_event_block
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.index import BROKEN_TEXTS, describe_registry, list_titles, load_meaning, make_folder
from tests.support.registry import FOUR_EVENTS, parse_registry

INLINE = ("event = [{title = 'y'}]\n", "event = [{title = 'y'}, {title = 'y', id = 'x'}, {title = 'z'}]\n", "")


@pytest.mark.promise("P14")
@given(strategies.registry_texts(), st.data())
def test_an_index_brought_up_to_date_says_what_a_new_one_says(text: str, data: st.DataObject) -> None:
    blocks = st.one_of(
        strategies.events().map(format_event_block), st.sampled_from([*strategies.HAND_WRITTEN, *BROKEN_TEXTS])
    )
    with make_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setattr(segments, "BLOCKS_PER_SEGMENT", data.draw(st.integers(1, 3)))
        registry = folder / "events.toml"
        for _ in range(data.draw(st.integers(2, 5))):
            registry.write_bytes(text.encode())
            assert describe_registry(registry) == load_meaning(registry, text)
            for query in data.draw(st.lists(strategies.queries(), max_size=2)):
                with suppress(RegistryError):
                    events = list(parse_registry(text).events.values())
                    assert list(Registry(registry).select(query)) == query.evaluate(events)
            lines = text.splitlines(keepends=True)
            first, last = sorted(data.draw(st.integers(0, len(lines))) for _ in range(2))
            kept = [] if data.draw(st.booleans()) else lines[first:last]
            text = "".join([*lines[:first], *data.draw(st.lists(blocks, max_size=3)), *kept, *lines[last:]])
            if data.draw(st.integers(0, 9)) == 0:
                text = data.draw(st.sampled_from(INLINE))


@pytest.mark.promise("P14")
def test_two_changes_that_leave_the_same_state_are_both_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text('[[event]]\ntitle = "a"\n', encoding="utf-8")
    assert list_titles(registry) == ["a"]
    stamp = files.read_file_state(registry)
    with registry.open("r+", encoding="utf-8") as file:
        file.write('[[event]]\ntitle = "b"\n')
    # As on a disk whose clock ticks slowly: not even the time of the change tells them apart.
    monkeypatch.setattr(files, "read_file_state", lambda _: stamp)
    assert list_titles(registry) == ["b"]


@pytest.mark.promise("P14")
def test_an_older_file_put_back_is_seen(tmp_path: Path) -> None:
    registry, old = tmp_path / "events.toml", tmp_path / "old.toml"
    old.write_text('[[event]]\ntitle = "old"\n', encoding="utf-8")
    os.utime(old, (1, 1))
    registry.write_text('[[event]]\ntitle = "new"\n', encoding="utf-8")
    assert list_titles(registry) == ["new"]
    old.rename(registry)
    assert list_titles(registry) == ["old"]


def refuse_call(*arguments: object, **options: object) -> None:
    raise AssertionError("this is not wanted")


def read_index_files(registry: Path) -> dict[str, tuple[int, bytes]]:
    """Return when each file of an index was written, and what is in it; SQLite's own shared memory left out."""
    folder = database.get_index_folder(registry)
    return {
        path.name: (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.iterdir()
        if path.suffix != ".sqlite-shm"
    }


def test_the_same_text_is_not_read_into_the_index_again(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR_EVENTS, encoding="utf-8")
    assert len(list_titles(registry)) == 4
    written = read_index_files(registry)
    assert len(list_titles(registry)) == 4
    assert read_index_files(registry) == written


def test_a_file_that_was_old_when_it_was_read_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "events.toml"
    registry.write_text(FOUR_EVENTS, encoding="utf-8")
    assert len(list_titles(registry)) == 4
    monkeypatch.setattr(files, "RACY_WINDOW_NS", -1)
    monkeypatch.setattr(files, "read_file", refuse_call)
    assert len(list_titles(registry)) == 4


@pytest.mark.promise("P14")
def test_a_change_long_after_the_index_was_made_is_seen_by_the_state_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "RACY_WINDOW_NS", -(10**18))  # nothing is young: contents are not compared
    registry = tmp_path / "events.toml"
    registry.write_text('[[event]]\ntitle = "a"\n', encoding="utf-8")
    assert list_titles(registry) == ["a"]
    registry.write_text('[[event]]\ntitle = "later"\n', encoding="utf-8")
    assert list_titles(registry) == ["later"]


def test_what_ends_a_string_that_was_left_open_far_above_is_seen(tmp_path: Path) -> None:
    registry = tmp_path / "events.toml"
    events = "".join(f'[[event]]\nid = "e{n}"\ntitle = "{n}"\n\n' for n in range(500))
    text = events.replace('title = "0"\n', 'title = "0"\ndescription = """\n', 1)
    for more in ("", '# """\n'):
        registry.write_text(text + more, encoding="utf-8")
        assert describe_registry(registry) == load_meaning(registry, text + more)


def test_a_comment_that_comes_to_stand_above_another_event_goes_with_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "BLOCKS_PER_SEGMENT", 1)
    registry = tmp_path / "events.toml"
    head, tail = '[[event]]\ntitle = "a"\n\n', '[[event]]\ntitle = "c"\n'
    registry.write_text(head + '# note\n[[event]]\ntitle = "b"\n' + tail, encoding="utf-8")
    assert list_titles(registry) == ["a", "b", "c"]
    registry.write_text(head + "# note\n" + tail, encoding="utf-8")
    assert Registry(registry).read_block("tba-c") == "# note\n" + tail
