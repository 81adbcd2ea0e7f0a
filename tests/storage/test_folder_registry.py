"""A folder as one registry: what its files say together, and what a change leaves alone."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilocal.errors import RegistryError
from ilocal.index import segments
from ilocal.model.query import Query
from ilocal.storage import files
from ilocal.storage.loader import load_registry
from ilocal.workspace import Registry
from tests.support import strategies
from tests.support.cli import Ilocal, make_environment
from tests.support.index import BROKEN_TEXTS, make_folder

NAMES = ["2019.toml", "2020.toml", "registry.toml", "undated.toml"]


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.toml"))}


def load_folder(folder: Path) -> object:
    """Return what the files of a folder mean: the events with their places, the header, and the problems."""
    try:
        registry = load_registry([(str(folder / name), data) for name, data in read_folder(folder).items()])
    except RegistryError as error:
        return error.message
    events = sorted(registry.events.values(), key=lambda event: event.id)
    places = [(event.source_file, event.source_line) for event in events]
    return events, places, registry.info, [problem.format_with_file("?") for problem in registry.diagnostics]


def describe_folder(workspace: Registry) -> object:
    """Return what a workspace says of a folder, in the form of `load_folder`."""
    try:
        events = list(workspace.select(Query(sort="id"))) if len(workspace) else []
    except RegistryError as error:
        return error.message
    assert len(workspace) == len(events)
    places = [(event.source_file, event.source_line) for event in events]
    return events, places, workspace.info, [problem.format_with_file("?") for problem in workspace.diagnostics]


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.one_of(st.none(), strategies.registry_texts())), min_size=2, max_size=8
    ),
    st.data(),
)
def test_a_folder_says_what_its_files_say_together(edits: list[tuple[str, str | None]], data: st.DataObject) -> None:
    with make_folder() as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patch.setattr(segments, "BLOCKS_PER_SEGMENT", data.draw(st.integers(1, 3)))
        folder = home / "years"
        folder.mkdir()
        (folder / "2018.toml").write_text('[[event]]\ntitle = "khảo"\n', encoding="utf-8")
        for name, text in edits:
            (folder / name).unlink(missing_ok=True)
            if text is not None:
                extra = data.draw(st.sampled_from(["", *BROKEN_TEXTS]))
                (folder / name).write_bytes((text + "\n" + extra).encode())
            with closing(Registry(folder)) as workspace:
                assert describe_folder(workspace) == load_folder(folder)


def test_a_change_reads_and_writes_the_file_of_its_event_alone(years: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Registry(years)
    assert len(workspace) == 21
    before = read_folder(years)
    monkeypatch.setattr(files, "RACY_WINDOW_NS", -1)
    opened: list[str] = []
    real = files.read_file

    def seen(path: Path) -> files.FileSnapshot:
        opened.append(path.name)
        return real(path)

    monkeypatch.setattr(files, "read_file", seen)
    (event,) = (event for event in workspace.select(Query()) if event.start and event.start.year == 2018)
    with workspace.transaction() as draft:
        draft.remove(event.id)
    assert opened == ["2018.toml"]
    assert {name: data for name, data in read_folder(years).items() if data != before[name]} == {"2018.toml": b""}
    assert len(workspace) == 20
    assert opened == ["2018.toml"]


def test_ids_are_one_of_a_kind_over_all_files(ilocal: Ilocal, years: Path) -> None:
    id = "2019-nhan-rong-phuong-phap-scream-trong-cac-hoat-dong-phong"
    assert ilocal("-r", "years", "add", "x", "2020-01-01", "--id", id).code == 5
    (years / "2022.toml").write_text(f'[[event]]\ntitle = "x"\nid = "{id}"\n', encoding="utf-8")
    line = load_registry([("f", (years / "2019.toml").read_bytes())]).events[id].source_line
    message = f'years/2022.toml:3: id: "{id}" is already the id of the event on line {line} of years/2019.toml\n'
    assert ilocal("-r", "years", "list", "-n", "0") == (
        0,
        "",
        f"ilocal: warning: {message}No events match.\n",
    )
    tentative = "years/2020.toml:61: status: still tentative, although the last day was 2020-01-01\n"
    assert ilocal("-r", "years", "check") == (3, message + tentative, "21 events, 1 error, 1 warning\n")


@pytest.mark.process
@pytest.mark.long
def test_processes_that_add_to_a_folder_at_once_all_do(years: Path) -> None:
    command = [sys.executable, "-m", "ilocal", "-r", str(years), "add"]
    running = [
        subprocess.Popen(
            [*command, f"Việc {n}", f"20{20 + n % 3}-05-05"], env=make_environment(years.parent), stdout=-1
        )
        for n in range(6)
    ]
    ids = {process.communicate(timeout=60)[0].decode().strip() for process in running}
    assert len(ids) == 6
    assert len(Registry(years)) == 27
    assert ids <= {event.id for event in Registry(years).select(Query())}


def test_one_broken_file_is_named_and_left_alone(ilocal: Ilocal, years: Path) -> None:
    with (years / "2019.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[event]]\ntitle = "no quote\n')
    lines = (years / "2019.toml").read_text(encoding="utf-8").count("\n")
    message = f'years/2019.toml:{lines}: title: the closing quote is missing: title = "no quote"'
    assert message in ilocal("-r", "years", "list").err
    assert ilocal("-r", "years", "add", "a", "2019-01-01") == (
        3, "", f"ilocal: {message}\nhint: fix this error first; nothing was changed\n",
    )  # fmt: skip
    assert ilocal("-r", "years", "add", "a", "2020-01-01").code == 0
    assert ilocal("-r", "years", "join", "one.toml").code == 3


def test_a_file_that_would_become_a_part_of_the_registry_is_refused(ilocal: Ilocal, years: Path) -> None:
    for arguments in (("list", "-o", "years/export.toml"), ("join", "years/all.toml"), ("export", "years/a.toml")):
        code, out, err = ilocal("-r", "years", *arguments)
        assert (code, out, err.split(": ")[-1]) == (2, "", "use a path outside the registry's folder\n")
    assert len(read_folder(years)) == 4
