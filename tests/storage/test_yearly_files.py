"""A registry split into files by year and joined again: every byte of an event is kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given

from ilocal.model.query import Query
from ilocal.storage.toml.scanner import split_trailing_comments
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.cli import Ilocal
from tests.support.index import make_folder
from tests.support.paths import SHIPPED_REGISTRY
from tests.support.processes import find_leftovers


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.toml"))}


def list_blocks(workspace: Registry) -> Mapping[str, str]:
    """Return the text of every event, without what follows it."""
    return {
        event.id: split_trailing_comments(workspace.read_block(event.id))[0].rstrip("\r\n")
        for event in workspace.select(Query())
    }


@given(strategies.registry_texts())
def test_split_and_join_keep_every_byte_of_an_event(text: str) -> None:
    with make_folder() as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        one, folder, back = home / "events.toml", home / "years", home / "back.toml"
        one.write_bytes(text.encode())
        before = Registry(one)
        names = before.split(folder)
        assert names == sorted(read_folder(folder))
        Registry(folder).join(back)
        assert one.read_bytes() == text.encode()
        for after in (Registry(folder), Registry(back)):
            assert list_blocks(after) == list_blocks(before)
            by_id = Query(sort="id")
            assert list(after.select(by_id)) == list(before.select(by_id))
            assert after.info == before.info
            after.close()
        before.close()
        years = {event.start.year if event.start else None for event in before.select(Query())}
        assert len(set(names) - {"registry.toml"}) == len(years)


def test_an_event_goes_into_the_file_of_its_year(ilocal: Ilocal, years: Path) -> None:
    before = read_folder(years)
    assert list(before) == ["2018.toml", "2019.toml", "2020.toml", "registry.toml"]
    assert ilocal("-r", "years", "add", "Họp", "2019-05-05") == (0, "2019-hop\n", "")
    assert ilocal("-r", "years", "add", "Hội nghị", "2021") == (0, "2021-hoi-nghi\n", "")
    assert ilocal("-r", "years", "add", "Chưa rõ") == (0, "tba-chua-ro\n", "")
    after = read_folder(years)
    assert list(after) == ["2018.toml", "2019.toml", "2020.toml", "2021.toml", "registry.toml", "undated.toml"]
    assert {name for name in before if after[name] != before[name]} == {"2019.toml"}
    assert after["2019.toml"].startswith(before["2019.toml"])
    shown = ilocal("-r", "years", "list", "--year", "2021", "-f", "json", "--columns", "source_file,title")
    assert shown.code == 2 and "source_file" in shown.err
    assert (
        '"source_file": "years/2021.toml",\n  "source_line": 1'
        in ilocal("-r", "years", "show", "hoi-nghi", "-f", "json").out
    )


def test_split_and_join_never_write_over_anything(ilocal: Ilocal, years: Path, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_bytes(SHIPPED_REGISTRY.read_bytes())
    before = read_folder(years)
    assert ilocal("split", "years") == (
        5,
        "",
        "ilocal: years: this path already exists; nothing was changed\nhint: use a new folder\n",
    )
    assert ilocal("-r", "years", "join", "events.toml") == (
        5, "", "ilocal: events.toml: the file already exists; nothing was changed\n",
    )  # fmt: skip
    (tmp_path / "empty").mkdir()
    result = ilocal("split", "empty")
    assert (result.code, result.err.splitlines()[0]) == (0, "empty: created 4 files; use it with: ilocal -r empty")
    assert read_folder(tmp_path / "empty") == before == read_folder(years)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "events.toml", "years"]


def test_a_comment_above_an_event_goes_with_it_into_its_year(ilocal: Ilocal, tmp_path: Path) -> None:
    text = '[[event]]\ntitle = "a"\nstart = 2020-01-01\n\n# of b\n[[event]]\ntitle = "b"\nstart = 2019-01-01\n'
    (tmp_path / "events.toml").write_text(text, encoding="utf-8")
    ilocal("split", "years")
    assert read_folder(tmp_path / "years") == {
        "2019.toml": b'\n# of b\n[[event]]\ntitle = "b"\nstart = 2019-01-01\n',
        "2020.toml": b'[[event]]\ntitle = "a"\nstart = 2020-01-01\n\n',
    }
    removed = ilocal("-r", "years", "remove", "2019-b", "--yes")
    assert removed.out == '# of b\n[[event]]\ntitle = "b"\nstart = 2019-01-01\n'


def test_what_cannot_be_moved_into_one_file_is_named(ilocal: Ilocal, years: Path, tmp_path: Path) -> None:
    text = (years / "2020.toml").read_text(encoding="utf-8")
    (years / "2020.toml").write_text('note = "x"\n\n' + text, encoding="utf-8")
    assert ilocal("-r", "years", "join", "one.toml").err.startswith(
        "ilocal: years: the change would alter other events"
    )
    (years / "2020.toml").write_text('[aliases]\na = "b"\n\n' + text, encoding="utf-8")
    assert ilocal("-r", "years", "join", "one.toml").err == (
        "ilocal: years/registry.toml: [aliases] is also defined in years/2020.toml\nhint: move the whole table into one file first\n"
    )
    assert not (tmp_path / "one.toml").exists()


def test_a_file_name_that_is_no_text_is_refused(process: Ilocal, years: Path) -> None:
    (years / os.fsdecode(b"b\xff.toml")).write_text('[[event]]\ntitle = "a"\n', encoding="utf-8")
    assert process("-r", "years", "list") == (
        3, "", "ilocal: years/b\\udcff.toml: the name of a registry file must contain only printable characters\nhint: rename the file\n",
    )  # fmt: skip


@pytest.mark.long
@pytest.mark.promise("P2", "P12")
@pytest.mark.parametrize(
    ("place", "fault"),
    [
        pytest.param(place, fault, marks=[] if f"{place} {fault}" in ("mkdir int", "synced kill") else pytest.mark.long)
        for place in ("mkdir", "written", "synced", "free")
        for fault in ("kill", "int", "EIO")
    ],
)
def test_a_split_that_fails_leaves_no_folder_that_answers_as_if_whole(
    process: Ilocal, registry: Path, tmp_path: Path, place: str, fault: str
) -> None:
    result = process("split", "parts", env={"ILOCAL_FAILPOINT": f"{place}:{fault}"})
    if (place, fault) == ("free", "int"):  # signals are held by then
        assert result.code == 0
        return
    assert result.code == {"kill": -9, "int": 130, "EIO": 3}[fault]
    assert not (tmp_path / "parts").exists()
    assert len(find_leftovers(tmp_path)) == (fault == "kill")
    done = process("split", "parts")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("parts: created 4 files; use it with: ilocal -r parts\n")
    assert find_leftovers(tmp_path) == []
    assert process("-r", "parts", "list", "-f", "ids").out.count("\n") == 4


@pytest.mark.promise("P12")
def test_an_empty_folder_stays_empty_where_a_split_into_it_fails(
    process: Ilocal, registry: Path, tmp_path: Path
) -> None:
    (tmp_path / "parts").mkdir()
    assert process("split", "parts", env={"ILOCAL_FAILPOINT": "folder:EIO"}).code == 6
    assert sorted(read_folder(tmp_path / "parts")) == ["2019.toml", "2020.toml", "registry.toml", "undated.toml"]
    shutil.rmtree(tmp_path / "parts")
    (tmp_path / "parts").mkdir()
    assert process("split", "parts", env={"ILOCAL_FAILPOINT": "synced:ENOSPC"}).code == 3
    assert list((tmp_path / "parts").iterdir()) == []
