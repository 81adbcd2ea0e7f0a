"""A folder as one registry: what its files say together, and what a change leaves alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal import files, swap
from ilocal.block import split_tail
from ilocal.dates import Year
from ilocal.errors import NotDurableError, RegistryError
from ilocal.event import Event
from ilocal.index import prepare
from ilocal.query import Query
from ilocal.registry import load
from ilocal.workspace import Workspace
from tests.conftest import SHIPPED, Ilocal, environment
from tests.index.test_index import BROKEN, fresh_folder
from tests.support import strategies
from tests.support.processes import ended, litter, needs_strace, start, stopped_at

NAMES = ["2019.toml", "2020.toml", "registry.toml", "undated.toml"]


def read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.toml"))}


def meant(folder: Path) -> object:
    """What the files of a folder mean."""
    try:
        registry = load([(str(folder / name), data) for name, data in read(folder).items()])
    except RegistryError as error:
        return error.message
    events = sorted(registry.events.values(), key=lambda event: event.id)
    places = [(event.source_file, event.source_line) for event in events]
    return events, places, registry.header, [problem.at("?") for problem in registry.problems]


def said(workspace: Workspace) -> object:
    """What the index says of it."""
    try:
        events = list(workspace._index.select(Query(sort="id")))
    except RegistryError as error:
        return error.message
    assert len(workspace) == len(events)
    places = [(event.source_file, event.source_line) for event in events]
    return events, places, workspace.header, [problem.at("?") for problem in workspace.problems]


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.one_of(st.none(), strategies.registry_texts())), min_size=2, max_size=8
    ),
    st.data(),
)
def test_a_folder_says_what_its_files_say_together(edits: list[tuple[str, str | None]], data: st.DataObject) -> None:
    with fresh_folder() as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patch.setattr(prepare, "PIECES", data.draw(st.integers(1, 3)))
        folder = home / "years"
        folder.mkdir()
        (folder / "2018.toml").write_text('[[event]]\ntitle = "khảo"\n', encoding="utf-8")
        for name, text in edits:
            (folder / name).unlink(missing_ok=True)
            if text is not None:
                extra = data.draw(st.sampled_from(["", *BROKEN]))
                (folder / name).write_bytes((text + "\n" + extra).encode())
            with closing(Workspace(folder)) as workspace:
                assert said(workspace) == meant(folder)


def blocks(workspace: Workspace) -> Mapping[str, str]:
    """The text of every event, without what follows it."""
    return {event.id: split_tail(workspace.block(event.id))[0].rstrip("\r\n") for event in workspace.select(Query())}


@given(strategies.registry_texts())
def test_split_and_join_keep_every_byte_of_an_event(text: str) -> None:
    with fresh_folder() as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        one, folder, back = home / "events.toml", home / "years", home / "back.toml"
        one.write_bytes(text.encode())
        before = Workspace(one)
        names = before.split(folder)
        assert names == sorted(read(folder))
        Workspace(folder).join(back)
        assert one.read_bytes() == text.encode()
        for after in (Workspace(folder), Workspace(back)):
            assert blocks(after) == blocks(before)
            by_id = Query(sort="id")
            assert list(after.select(by_id)) == list(before.select(by_id))
            assert after.header == before.header
            after.close()
        before.close()
        years = {event.start.year if event.start else None for event in before.select(Query())}
        assert len(set(names) - {"registry.toml"}) == len(years)


@pytest.fixture
def years(tmp_path: Path) -> Path:
    """The shipped registry as a folder."""
    Workspace(SHIPPED).split(tmp_path / "years")
    return tmp_path / "years"


def test_an_event_goes_into_the_file_of_its_year(ilocal: Ilocal, years: Path) -> None:
    before = read(years)
    assert list(before) == ["2018.toml", "2019.toml", "2020.toml", "registry.toml"]
    assert ilocal("-r", "years", "add", "Họp", "2019-05-05") == (0, "2019-hop\n", "")
    assert ilocal("-r", "years", "add", "Hội nghị", "2021") == (0, "2021-hoi-nghi\n", "")
    assert ilocal("-r", "years", "add", "Chưa rõ") == (0, "tba-chua-ro\n", "")
    after = read(years)
    assert list(after) == ["2018.toml", "2019.toml", "2020.toml", "2021.toml", "registry.toml", "undated.toml"]
    assert {name for name in before if after[name] != before[name]} == {"2019.toml"}
    assert after["2019.toml"].startswith(before["2019.toml"])
    shown = ilocal("-r", "years", "list", "--year", "2021", "-f", "json", "--columns", "source_file,title")
    assert shown.code == 2 and "source_file" in shown.err
    assert (
        '"source_file": "years/2021.toml",\n  "source_line": 1'
        in ilocal("-r", "years", "show", "hoi-nghi", "-f", "json").out
    )


def test_a_change_reads_and_writes_the_file_of_its_event_alone(years: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(years)
    assert len(workspace) == 21
    before = read(years)
    monkeypatch.setattr("ilocal.index._YOUNG", -1)
    opened: list[str] = []
    real = files.read

    def seen(path: Path) -> files.Snapshot:
        opened.append(path.name)
        return real(path)

    monkeypatch.setattr(files, "read", seen)
    (event,) = (event for event in workspace.select(Query()) if event.start and event.start.year == 2018)
    with workspace.changing() as draft:
        draft.remove(event.id)
    assert opened == ["2018.toml"]
    assert {name: data for name, data in read(years).items() if data != before[name]} == {"2018.toml": b""}
    assert len(workspace) == 20
    assert opened == ["2018.toml"]


def test_ids_are_one_of_a_kind_over_all_files(ilocal: Ilocal, years: Path) -> None:
    id = "2019-nhan-rong-phuong-phap-scream-trong-cac-hoat-dong-phong"
    assert ilocal("-r", "years", "add", "x", "2020-01-01", "--id", id).code == 5
    (years / "2022.toml").write_text(f'[[event]]\ntitle = "x"\nid = "{id}"\n', encoding="utf-8")
    line = load([("f", (years / "2019.toml").read_bytes())]).events[id].source_line
    message = f'years/2022.toml:3: id: "{id}" is already the id of the event in line {line} of years/2019.toml\n'
    assert ilocal("-r", "years", "list", "-n", "0") == (
        0,
        "",
        f"ilocal: warning: {message}Không có sự kiện nào khớp.\n",
    )
    tentative = "years/2020.toml:57: status: tentative, and its last day was 2020-01-01\n"
    assert ilocal("-r", "years", "check") == (3, message + tentative, "21 events, 1 error, 1 warning\n")


@pytest.mark.long
def test_processes_that_add_to_a_folder_at_once_all_do(years: Path) -> None:
    command = [sys.executable, "-m", "ilocal", "-r", str(years), "add"]
    running = [
        subprocess.Popen([*command, f"Việc {n}", f"20{20 + n % 3}-05-05"], env=environment(years.parent), stdout=-1)
        for n in range(6)
    ]
    ids = {process.communicate(timeout=60)[0].decode().strip() for process in running}
    assert len(ids) == 6
    assert len(Workspace(years)) == 27
    assert ids <= {event.id for event in Workspace(years).select(Query())}


def test_one_broken_file_is_named_and_left_alone(ilocal: Ilocal, years: Path) -> None:
    with (years / "2019.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[event]]\ntitle = "no quote\n')
    lines = (years / "2019.toml").read_text(encoding="utf-8").count("\n")
    message = f"years/2019.toml:{lines}: not valid TOML: illegal character '\\n'"
    assert message in ilocal("-r", "years", "list").err
    assert ilocal("-r", "years", "add", "a", "2019-01-01") == (
        3, "", f"ilocal: {message}\nhint: mend that first; nothing was changed\n",
    )  # fmt: skip
    assert ilocal("-r", "years", "add", "a", "2020-01-01").code == 0
    assert ilocal("-r", "years", "join", "one.toml").code == 3


def test_split_and_join_never_write_over_anything(ilocal: Ilocal, years: Path, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_bytes(SHIPPED.read_bytes())
    before = read(years)
    assert ilocal("split", "years") == (
        5,
        "",
        "ilocal: years: there is something already; nothing was changed\nhint: name a new folder\n",
    )
    assert ilocal("-r", "years", "join", "events.toml") == (
        5, "", "ilocal: events.toml: there is already a file; nothing was changed\n",
    )  # fmt: skip
    (tmp_path / "empty").mkdir()
    assert ilocal("split", "empty") == (0, "", "empty: 4 files made; use it with: ilocal -r empty\n")
    assert read(tmp_path / "empty") == before == read(years)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "events.toml", "years"]


def test_a_comment_above_an_event_goes_with_it_into_its_year(ilocal: Ilocal, tmp_path: Path) -> None:
    text = '[[event]]\ntitle = "a"\nstart = 2020-01-01\n\n# of b\n[[event]]\ntitle = "b"\nstart = 2019-01-01\n'
    (tmp_path / "events.toml").write_text(text, encoding="utf-8")
    ilocal("split", "years")
    assert read(tmp_path / "years") == {
        "2019.toml": b'\n# of b\n[[event]]\ntitle = "b"\nstart = 2019-01-01\n',
        "2020.toml": b'[[event]]\ntitle = "a"\nstart = 2020-01-01\n\n',
    }
    removed = ilocal("-r", "years", "remove", "2019-b", "--yes")
    assert removed.out == '# of b\n[[event]]\ntitle = "b"\nstart = 2019-01-01\n'


def test_a_file_that_would_become_a_part_of_the_registry_is_refused(ilocal: Ilocal, years: Path) -> None:
    for arguments in (("list", "-o", "years/export.toml"), ("join", "years/all.toml"), ("export", "years/a.toml")):
        code, out, err = ilocal("-r", "years", *arguments)
        assert (code, out, err.split(": ")[-1]) == (2, "", "write elsewhere\n")
    assert len(read(years)) == 4


def test_what_cannot_be_moved_into_one_file_is_named(ilocal: Ilocal, years: Path, tmp_path: Path) -> None:
    text = (years / "2020.toml").read_text(encoding="utf-8")
    (years / "2020.toml").write_text('note = "x"\n\n' + text, encoding="utf-8")
    assert ilocal("-r", "years", "join", "one.toml").err.startswith("ilocal: years: it would not say the same")
    (years / "2020.toml").write_text('[aliases]\na = "b"\n\n' + text, encoding="utf-8")
    assert ilocal("-r", "years", "join", "one.toml").err == (
        "ilocal: years/registry.toml: [aliases] stands in years/2020.toml too\nhint: put all of it into one file first\n"
    )
    assert not (tmp_path / "one.toml").exists()


def test_a_file_name_that_is_no_text_is_refused(process: Ilocal, years: Path) -> None:
    (years / os.fsdecode(b"b\xff.toml")).write_text('[[event]]\ntitle = "a"\n', encoding="utf-8")
    assert process("-r", "years", "list") == (
        3, "", "ilocal: years/b\\udcff.toml: a file of a registry has a plain name\nhint: rename it\n",
    )  # fmt: skip


def test_a_write_whose_sync_failed_does_not_keep_the_others_from_being_written(
    ilocal: Ilocal, years: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files._sync_folder
    failed: list[str] = []

    def fail_once(path: Path, shown: Path) -> None:
        if not failed:
            failed.append(path.name)
            raise NotDurableError(f"{shown}: saved, but not known to be on disk: input/output error")
        real(path, shown)

    monkeypatch.setattr(files, "_sync_folder", fail_once)
    lines = '{"title": "a", "start": "2018"}\n{"title": "b", "start": "2019"}\n{"title": "c", "start": "2020"}\n'
    (years.parent / "new.jsonl").write_text(lines, encoding="utf-8")
    assert ilocal("-r", "years", "add", "--jsonl", "new.jsonl") == (
        6, "", "ilocal: years/2018.toml: saved, but not known to be on disk: input/output error\n",
    )  # fmt: skip
    assert len(Workspace(years)) == 24


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A folder of two years, with an event in each."""
    folder = tmp_path / "years"
    folder.mkdir()
    for year in (2019, 2020):
        text = f'[[event]]\nid = "e{year}"\ntitle = "Họp"\nstart = {year}-02-20\n'
        (folder / f"{year}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.long
@pytest.mark.promise("P8", "P9", "P12")
@needs_strace
@pytest.mark.parametrize("when", [1, 2, 3])
def test_a_signal_as_a_new_years_file_gets_its_name_waits_for_the_whole_write(
    process: Ilocal, plain: Path, tmp_path: Path, when: int
) -> None:
    lines = [f'{{"id": "n{year}", "title": "Mới", "start": "{year}"}}\n' for year in (2022, 2023, 2024)]
    (tmp_path / "new.jsonl").write_text("".join(lines), encoding="utf-8")
    calls = "renameat2,link"
    inject = ("strace", "-f", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=INT:when={when}")
    assert ended(start(tmp_path, "-r", "years", "add", "--jsonl", "new.jsonl", wrapper=inject)) == (
        0, "n2022\nn2023\nn2024\n", "",
    )  # fmt: skip
    assert sorted(read(plain)) == ["2019.toml", "2020.toml", "2022.toml", "2023.toml", "2024.toml"]
    assert process("-r", "years", "undo").code == 0
    assert sorted(read(plain)) == ["2019.toml", "2020.toml"]


@pytest.mark.promise("P8")
@pytest.mark.parametrize("place", ["made", "synced", "free"])
def test_where_the_second_of_new_files_cannot_be_made_the_first_one_goes(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    before = read(plain)
    real, seen = swap.failpoint, []

    def second(name: str) -> None:
        seen.append(name)
        if name == place and seen.count(name) == 2:
            monkeypatch.setenv("ILOCAL_FAILPOINT", f"{place}:ENOSPC")
        real(name)

    monkeypatch.setattr(swap, "failpoint", second)
    with pytest.raises(RegistryError, match="nothing was changed"), Workspace(plain).changing() as draft:
        draft.add(Event("Mới", start=Year(2022)))
        draft.add(Event("Mới", start=Year(2023)))
    assert read(plain) == before
    assert litter(plain) == []
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


@pytest.mark.promise("P8", "P9")
def test_where_the_second_file_does_not_fit_the_first_is_as_it_was(plain: Path, tmp_path: Path) -> None:
    for path in plain.iterdir():  # as large as a file may be, so that nothing of that size can be written any more
        path.write_text(path.read_text(encoding="utf-8").replace("Họp", "Họp" * 4000), encoding="utf-8")
    with (plain / "2019.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[event]]\nid = "small"\ntitle = "Nhỏ"\n')
    limited = ("bash", "-c", 'ulimit -f 8; exec "$@"', "bash")
    with (plain / "2020.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[event]]\nid = "tiny"\ntitle = "Bé"\n')
    before = read(plain)
    result = ended(start(tmp_path, "-r", "years", "remove", "e2019", "tiny", "--yes", wrapper=limited))
    assert (result.code, result.out) == (3, "")
    assert result.err == "ilocal: years/2020.toml: file too large; nothing was changed\n"
    assert read(plain) == before
    assert litter(plain) == []


@pytest.mark.promise("P7", "P8", "P9")
def test_what_cannot_be_put_back_is_said_and_can_be_undone(plain: Path, process: Ilocal, tmp_path: Path) -> None:
    before = read(plain)
    with stopped_at("folder", tmp_path, "-r", "years", "edit", "e2019", "e2020", "--location", "Huế") as begun:
        with (plain / "2019.toml").open("a", encoding="utf-8") as file:
            file.write("# đã ghi\n")
        (tmp_path / "other.toml").hardlink_to(plain / "2020.toml")
    assert ended(begun) == (
        6, "",
        "ilocal: years/2019.toml: written, and could not be put back when more could not be written: years/2020.toml: has "
        "2 names (hard links), and would keep one; nothing was changed\nhint: take it back with: ilocal undo\n",
    )  # fmt: skip
    assert read(plain)["2020.toml"] == before["2020.toml"]
    (tmp_path / "other.toml").unlink()
    assert process("-r", "years", "undo").code == 0
    assert read(plain) == before | {"2019.toml": before["2019.toml"] + "# đã ghi\n".encode()}
    assert litter(plain) == []


@pytest.mark.long
@pytest.mark.promise("P12")
@pytest.mark.parametrize("place", ["synced", "exchanged"])
def test_what_a_killed_write_left_of_one_file_is_cleared_by_a_write_of_another(
    process: Ilocal, plain: Path, place: str
) -> None:
    killed = process("-r", "years", "edit", "e2019", "--title", "X", env={"ILOCAL_FAILPOINT": f"{place}:kill"})
    assert killed.code == -9
    assert len(litter(plain)) == 1
    assert process("-r", "years", "edit", "e2020", "--title", "Y").code == 0
    assert litter(plain) == []


@pytest.mark.long
@pytest.mark.promise("P12")
def test_what_a_killed_write_left_of_a_file_that_never_was_is_cleared(process: Ilocal, plain: Path) -> None:
    assert process("-r", "years", "add", "X", "2024", env={"ILOCAL_FAILPOINT": "synced:kill"}).code == -9
    assert len(litter(plain)) == 1
    assert process("-r", "years", "edit", "e2020", "--title", "Y").code == 0
    assert litter(plain) == []


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
def test_a_split_that_comes_to_nothing_leaves_no_folder_that_answers_as_if_it_were_whole(
    process: Ilocal, registry: Path, tmp_path: Path, place: str, fault: str
) -> None:
    result = process("split", "parts", env={"ILOCAL_FAILPOINT": f"{place}:{fault}"})
    if (place, fault) == ("free", "int"):  # signals are held by then
        assert result.code == 0
        return
    assert result.code == {"kill": -9, "int": 130, "EIO": 3}[fault]
    assert not (tmp_path / "parts").exists()
    assert len(litter(tmp_path)) == (fault == "kill")
    assert process("split", "parts") == (0, "", "parts: 4 files made; use it with: ilocal -r parts\n")
    assert litter(tmp_path) == []
    assert process("-r", "parts", "list", "-f", "ids").out.count("\n") == 4


@pytest.mark.promise("P12")
def test_an_empty_folder_stays_empty_where_a_split_into_it_fails(
    process: Ilocal, registry: Path, tmp_path: Path
) -> None:
    (tmp_path / "parts").mkdir()
    assert process("split", "parts", env={"ILOCAL_FAILPOINT": "folder:EIO"}).code == 6
    assert sorted(read(tmp_path / "parts")) == ["2019.toml", "2020.toml", "registry.toml", "undated.toml"]
    shutil.rmtree(tmp_path / "parts")
    (tmp_path / "parts").mkdir()
    assert process("split", "parts", env={"ILOCAL_FAILPOINT": "synced:ENOSPC"}).code == 3
    assert list((tmp_path / "parts").iterdir()) == []
