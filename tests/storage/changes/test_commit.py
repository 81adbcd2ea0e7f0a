"""Several files in one write: all of them changed, or none."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from ilocal.errors import RegistryError
from ilocal.model.dates import Year
from ilocal.model.event import Event
from ilocal.workspace import Registry
from tests.support.cli import Ilocal, make_environment
from tests.support.processes import find_leftovers, start_command, stop_at_failpoint, wait_for_result
from tests.support.traced_program import needs_strace, run_traced_program


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.toml"))}


def test_a_write_whose_sync_failed_does_not_keep_the_others_from_being_written(
    ilocal: Ilocal, years: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILOCAL_FAILPOINT", "folder:EIO")  # of the first file alone
    lines = '{"title": "a", "start": "2018"}\n{"title": "b", "start": "2019"}\n{"title": "c", "start": "2020"}\n'
    (years.parent / "new.jsonl").write_text(lines, encoding="utf-8")
    assert ilocal("-r", "years", "add", "--jsonl", "new.jsonl") == (
        6, "", "ilocal: years/2018.toml: saved, but not confirmed to be on disk: input/output error\n",
    )  # fmt: skip
    assert len(Registry(years)) == 24


@pytest.mark.long
@pytest.mark.promise("P8", "P9", "P12")
@needs_strace
@pytest.mark.parametrize("when", [1, 2, 3])
def test_a_signal_as_a_new_years_file_gets_its_name_waits_for_the_whole_write(
    process: Ilocal, two_years: Path, tmp_path: Path, when: int
) -> None:
    lines = [f'{{"id": "n{year}", "title": "Mới", "start": "{year}"}}\n' for year in (2022, 2023, 2024)]
    (tmp_path / "new.jsonl").write_text("".join(lines), encoding="utf-8")
    calls = "renameat2,link"
    inject = ("-f", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:signal=INT:when={when}")
    command = ("-r", "years", "add", "--jsonl", "new.jsonl")
    result = run_traced_program(command, tmp_path, make_environment(tmp_path), inject)
    assert result == (0, "n2022\nn2023\nn2024\n", "")
    assert sorted(read_folder(two_years)) == ["2019.toml", "2020.toml", "2022.toml", "2023.toml", "2024.toml"]
    assert process("-r", "years", "undo").code == 0
    assert sorted(read_folder(two_years)) == ["2019.toml", "2020.toml"]


@pytest.mark.promise("P8")
@pytest.mark.parametrize("place", ["made", "synced", "free"])
def test_where_the_second_of_new_files_cannot_be_made_the_first_one_goes(
    two_years: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    before = read_folder(two_years)
    monkeypatch.setenv("ILOCAL_FAILPOINT", f"{place}:ENOSPC@2")
    with pytest.raises(RegistryError, match="nothing was changed"), Registry(two_years).transaction() as draft:
        draft.add(Event("Mới", start=Year(2022)))
        draft.add(Event("Mới", start=Year(2023)))
    assert read_folder(two_years) == before
    assert find_leftovers(two_years) == []
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


@pytest.mark.process
@pytest.mark.promise("P8", "P9")
def test_where_the_second_file_does_not_fit_the_first_is_as_it_was(two_years: Path, tmp_path: Path) -> None:
    for path in two_years.iterdir():  # as large as a file may be, so that nothing of that size can be written any more
        path.write_text(path.read_text(encoding="utf-8").replace("Họp", "Họp" * 4000), encoding="utf-8")
    with (two_years / "2019.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[event]]\nid = "small"\ntitle = "Nhỏ"\n')
    limited = ("bash", "-c", 'ulimit -f 8; exec "$@"', "bash")
    with (two_years / "2020.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[event]]\nid = "tiny"\ntitle = "Bé"\n')
    before = read_folder(two_years)
    result = wait_for_result(
        start_command(tmp_path, "-r", "years", "remove", "e2019", "tiny", "--yes", wrapper=limited)
    )
    assert (result.code, result.out) == (3, "")
    assert result.err == "ilocal: years/2020.toml: file too large; nothing was changed\n"
    assert read_folder(two_years) == before
    assert find_leftovers(two_years) == []


@pytest.mark.promise("P7", "P8", "P9")
def test_what_cannot_be_put_back_is_said_and_can_be_undone(two_years: Path, process: Ilocal, tmp_path: Path) -> None:
    before = read_folder(two_years)
    with stop_at_failpoint("folder", tmp_path, "-r", "years", "edit", "e2019", "e2020", "--location", "Huế") as begun:
        with (two_years / "2019.toml").open("a", encoding="utf-8") as file:
            file.write("# đã ghi\n")
        (tmp_path / "other.toml").hardlink_to(two_years / "2020.toml")
    assert wait_for_result(begun) == (
        6, "",
        "ilocal: years/2019.toml: changed, and could not be restored when writing another file failed: years/2020.toml: replacing "
        "the file would break its 2 hard links; nothing was changed\nhint: to undo, run: ilocal undo\n",
    )  # fmt: skip
    assert read_folder(two_years)["2020.toml"] == before["2020.toml"]
    (tmp_path / "other.toml").unlink()
    assert process("-r", "years", "undo").code == 0
    assert read_folder(two_years) == before | {"2019.toml": before["2019.toml"] + "# đã ghi\n".encode()}
    assert find_leftovers(two_years) == []


@pytest.mark.long
@pytest.mark.promise("P12")
@pytest.mark.parametrize("place", ["synced", "exchanged"])
def test_what_a_killed_write_left_of_one_file_is_cleared_by_a_write_of_another(
    process: Ilocal, two_years: Path, place: str
) -> None:
    killed = process("-r", "years", "edit", "e2019", "--title", "X", env={"ILOCAL_FAILPOINT": f"{place}:kill"})
    assert killed.code == -9
    assert len(find_leftovers(two_years)) == 1
    assert process("-r", "years", "edit", "e2020", "--title", "Y").code == 0
    assert find_leftovers(two_years) == []


@pytest.mark.long
@pytest.mark.promise("P12")
def test_what_a_killed_write_left_of_a_file_that_never_was_is_cleared(process: Ilocal, two_years: Path) -> None:
    assert process("-r", "years", "add", "X", "2024", env={"ILOCAL_FAILPOINT": "synced:kill"}).code == -9
    assert len(find_leftovers(two_years)) == 1
    assert process("-r", "years", "edit", "e2020", "--title", "Y").code == 0
    assert find_leftovers(two_years) == []
